//! What refs name: each must hold an id, and the object must be there. A ref that does not leads to
//! nothing, so what it led to would be passed over in silence; libgit2 skips such refs when it lists
//! them, so they are read here.

use super::super::audit::names::{SoughtName, SoughtNames};
use super::super::audit::unread::Unread;
use super::super::repo::object_id::{IsThere, ObjectId};
use super::super::repo::open::GitRepo;
use super::work_trees::work_trees;
use crate::model::{Origin, RefName};
use crate::source::remedy::with_remedy;
use crate::source::{Consumer, hand_on_name, is_sought};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Refs of one moment.
#[derive(Debug, Default)]
pub(in crate::source::git) struct RefTargets {
    /// The object of each ref, by the ref's name.
    ids: BTreeMap<RefName, ObjectId>,
    /// Refs that cannot be read or hold no id, with the cause.
    broken: Vec<(PathBuf, String)>,
}

impl RefTargets {
    /// All refs of `repo`, and its HEAD.
    pub(in crate::source::git) fn of(repo: &GitRepo) -> Self {
        let mut named = Self::default();
        named.packed(&repo.common_dir().join("packed-refs"));
        // A loose ref is newer than a packed one of its name.
        named.folder(&repo.common_dir().join("refs"), "refs");
        named.loose(&repo.git_dir().join("HEAD"), RefName::new("HEAD"));
        named
    }

    /// Each ref with what it names, in order of the names.
    pub(in crate::source::git) fn all(&self) -> impl Iterator<Item = (&RefName, ObjectId)> {
        self.ids.iter().map(|(name, id)| (name, *id))
    }

    /// Tells of refs that lead to nothing.
    pub(in crate::source::git) fn tell(&self, unread: &Unread) {
        for (path, why) in &self.broken {
            unread.file(path, why.clone());
        }
    }

    /// The names of refs that may hold a key: whoever may fetch lists them.
    pub(in crate::source::git) fn names(&self, consumer: &dyn Consumer) -> SoughtNames {
        let all = self.ids.iter();
        let all = all.map(|(name, target)| SoughtName::of_ref(name, *target));
        let sought = all.filter(|name| is_sought(name.text(), consumer));
        sought.filter_map(|name| Some((name.id()?, name))).collect()
    }

    /// What refs name and `is_there` denies.
    pub(in crate::source::git) fn missing(&self, is_there: IsThere<'_>) -> Vec<ObjectId> {
        let ids = self.ids.values().copied();
        ids.filter(|id| !is_there(*id)).collect()
    }

    /// Lines of an id and a name; `#` begins a head, `^` what a tag leads to.
    fn packed(&mut self, file: &Path) {
        let text = self.read(file).unwrap_or_default();
        let lines = text
            .strip_suffix(b"\n")
            .unwrap_or(&text)
            .split(|b| *b == b'\n');
        let lines = (1..).zip(lines).filter(|_| !text.is_empty());
        for (number, line) in
            lines.filter(|(_, line)| !line.starts_with(b"#") && !line.starts_with(b"^"))
        {
            let named = line
                .split_at_checked(40)
                .filter(|(_, name)| name.starts_with(b" "));
            let named = named.and_then(|(id, name)| Some((ObjectId::from_hex(id)?, name)));
            let Some((id, name)) = named else {
                let cause = format!(
                    "line {number} is no ref, so what it led to was not looked for; run `git fsck`"
                );
                self.broken.push((file.to_owned(), cause));
                continue;
            };
            let name = String::from_utf8_lossy(name.trim_ascii());
            self.ids.insert(RefName::new(name), id);
        }
    }

    fn read(&mut self, file: &Path) -> Option<Vec<u8>> {
        let read = std::fs::read(file);
        let read = read.map_err(|why| self.unless_absent(file, "read", &why));
        read.ok()
    }

    /// Notes why a file or folder does not tell what it holds. One that is not there holds nothing; it may have been deleted
    /// since its folder was listed.
    fn unless_absent(&mut self, path: &Path, what: &str, why: &io::Error) {
        if why.kind() != io::ErrorKind::NotFound {
            let cause = with_remedy(format!("cannot be {what}: {why}"), "");
            self.broken.push((path.to_owned(), cause));
        }
    }

    /// The same, and which files beside the refs do not tell what was published: whoever reads one later passes over what
    /// it may not read.
    pub(in crate::source::git) fn and_beside(mut self, repo: &GitRepo) -> Self {
        const FILES: [&str; 4] = ["HEAD", "config", "config.worktree", "shallow"];
        let own = [repo.git_dir().to_owned(), repo.common_dir().to_owned()];
        let linked = work_trees(repo).into_iter().map(|(_, folder)| folder);
        for folder in BTreeSet::from(own).into_iter().chain(linked) {
            for name in FILES {
                self.read(&folder.join(name));
            }
            self.lines(&folder.join("FETCH_HEAD"), |line| {
                line.len() > 40 && is_id(&line[..40])
            });
            self.logs_below(&folder.join("logs"));
        }
        let linked = repo.common_dir().join("worktrees");
        if let Err(why) = std::fs::read_dir(&linked) {
            self.unless_absent(&linked, "listed", &why);
        }
        self
    }

    fn logs_below(&mut self, folder: &Path) {
        let listed = std::fs::read_dir(folder);
        let listed = listed.map_err(|why| self.unless_absent(folder, "listed", &why));
        for entry in listed.into_iter().flatten().flatten() {
            let path = entry.path();
            let is_ref = is_ref_name(&entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.logs_below(&path),
                _ if is_ref => self.lines(&path, |line| {
                    line.len() > 81 && is_id(&line[..40]) && is_id(&line[41..81])
                }),
                _ => {}
            }
        }
    }

    /// Notes a file of which a line is none that git writes, as a system that went down leaves them. The last one may be being
    /// written now.
    fn lines(&mut self, file: &Path, is_one: impl Fn(&[u8]) -> bool) {
        let text = self.read(file).unwrap_or_default();
        let end = memchr::memrchr(b'\n', &text).unwrap_or_default();
        let mut lines = text[..end]
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty());
        if text.contains(&0) || !lines.all(is_one) {
            let cause = "a line of it is none that git writes, and what it told was passed over; restore it from a copy of the repository";
            self.broken.push((file.to_owned(), cause.to_owned()));
        }
    }

    fn folder(&mut self, folder: &Path, name: &str) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(why) => return self.unless_absent(folder, "listed", &why),
        };
        for entry in entries.flatten() {
            let own = entry.file_name();
            let name = format!("{name}/{}", own.to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&entry.path(), &name),
                Ok(kind) if kind.is_file() && is_ref_name(&own.to_string_lossy()) => {
                    self.loose(&entry.path(), RefName::new(name));
                }
                _ => {}
            }
        }
    }

    fn loose(&mut self, file: &Path, name: RefName) {
        let Some(text) = self.read(file) else {
            return;
        };
        match ObjectId::from_hex(text.trim_ascii()) {
            Some(id) => {
                self.ids.insert(name, id);
            }
            None if text.starts_with(b"ref:") => {}
            None => {
                let cause = "this ref holds no object id, so what it led to was not looked for; run `git fsck`";
                self.broken.push((file.to_owned(), cause.to_owned()));
            }
        }
    }
}

/// Hands on the name of a ref.
pub(in crate::source::git) fn hand_on_ref(
    name: &RefName,
    target: ObjectId,
    consumer: &dyn Consumer,
) {
    let origin = || Origin::Commit {
        commit: target.to_string(),
        author_date: String::new(),
        refs: [name.clone()].into(),
    };
    hand_on_name(name.as_str().as_bytes(), origin, consumer);
}

fn is_id(hex: &[u8]) -> bool {
    ObjectId::from_hex(hex).is_some()
}

/// False for what no part of a ref's name may be, as `.DS_Store` and `main.lock`: git passes it over too
/// (<https://git-scm.com/docs/git-check-ref-format>).
fn is_ref_name(part: &str) -> bool {
    !(part.starts_with('.') || part.ends_with(".lock"))
}
