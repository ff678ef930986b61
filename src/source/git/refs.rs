//! What refers to commits, and what it means for a key: a remote branch has published it, a local
//! branch has not, a reflog only remembers it.

use super::object_id::ObjectId;
use super::open::GitRepo;
use git2::{ObjectType, Repository};
use std::path::Path;

/// Marks a remote branch that reached something once and, unless its plain name is also there, no
/// longer does.
pub(super) const FORCED: &str = " (before a force push)";

/// How far what a ref reaches has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Others could have read it.
    Published,
    /// It is kept here and would be pushed.
    Local,
    /// Only a reflog still knows it.
    Remembered,
}

/// Something that refers to an object.
#[derive(Clone, Debug)]
pub(super) struct Tip {
    /// What people call it: `origin/main`, `tag v1.2`, `branch wip`, `stash@{0}`.
    pub(super) label: String,
    /// How far it reaches.
    pub(super) reach: Reach,
    /// What it names, and what that names in turn while it is a tag.
    pub(super) objects: Vec<ObjectId>,
}

/// Everything in `repo` that refers to objects: refs, HEAD of each work tree, `FETCH_HEAD` and
/// reflogs.
///
/// In a bare repository all refs count as published: somebody pushed them. Tags count as published
/// wherever a remote is set up, since nothing records which tags were pushed.
pub(super) fn tips(repo: &GitRepo, handle: &Repository) -> Vec<Tip> {
    let remotes = handle.remotes().is_ok_and(|r| !r.is_empty());
    let collector = Collector {
        handle,
        bare: handle.is_bare(),
        remotes,
    };
    let mut tips = collector.refs();
    tips.extend(collector.heads(repo));
    tips.extend(collector.fetched(repo));
    let mut logs = Vec::new();
    for folder in [repo.git_dir(), repo.common_dir()] {
        collector.reflogs(&folder.join("logs"), "", &mut logs);
    }
    for (name, folder) in work_trees(repo) {
        collector.reflogs(
            &folder.join("logs"),
            &format!("worktree {name} "),
            &mut logs,
        );
    }
    tips.extend(logs);
    tips
}

/// The names and git folders of linked work trees.
pub(super) fn work_trees(repo: &GitRepo) -> Vec<(String, std::path::PathBuf)> {
    let listed = std::fs::read_dir(repo.common_dir().join("worktrees"));
    let entries = listed.into_iter().flatten().flatten();
    entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), e.path()))
        .collect()
}

struct Collector<'r> {
    handle: &'r Repository,
    bare: bool,
    remotes: bool,
}

impl Collector<'_> {
    fn refs(&self) -> Vec<Tip> {
        let mut tips = Vec::new();
        for reference in self.handle.references().into_iter().flatten().flatten() {
            let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
            let symbolic = name.starts_with("refs/remotes/") && name.ends_with("/HEAD");
            // The stash is read from its reflog, which names every entry.
            if symbolic || name == "refs/stash" && self.has_stash_log() {
                continue;
            }
            let target = reference
                .target()
                .or_else(|| reference.resolve().ok()?.target());
            let target = target.and_then(|oid| ObjectId::try_from(oid).ok());
            if let Some(target) = target {
                tips.push(self.tip(label(&name), self.reach(&name), target));
            }
        }
        tips
    }

    fn has_stash_log(&self) -> bool {
        self.handle.commondir().join("logs/refs/stash").exists()
    }

    fn reach(&self, name: &str) -> Reach {
        const PUBLIC: [&str; 4] = [
            "refs/remotes/",
            "refs/pull/",
            "refs/merge-requests/",
            "refs/changes/",
        ];
        let public = PUBLIC.iter().any(|p| name.starts_with(p));
        let tag = self.remotes && name.starts_with("refs/tags/");
        let bare = self.bare && name != "refs/stash";
        if public || tag || bare {
            Reach::Published
        } else {
            Reach::Local
        }
    }

    /// HEAD here and in each linked work tree, for when it is detached.
    fn heads(&self, repo: &GitRepo) -> Vec<Tip> {
        let own = ("HEAD".to_owned(), repo.git_dir().join("HEAD"));
        let linked = work_trees(repo)
            .into_iter()
            .map(|(n, p)| (format!("worktree {n}"), p.join("HEAD")));
        let detached = |(label, path): (String, std::path::PathBuf)| {
            let text = std::fs::read(path).ok()?;
            Some(self.tip(label, Reach::Local, ObjectId::from_hex(text.trim_ascii())?))
        };
        std::iter::once(own)
            .chain(linked)
            .filter_map(detached)
            .collect()
    }

    fn fetched(&self, repo: &GitRepo) -> Vec<Tip> {
        let text = std::fs::read(repo.git_dir().join("FETCH_HEAD")).unwrap_or_default();
        let ids = text
            .split(|b| *b == b'\n')
            .filter_map(|line| ObjectId::from_hex(line.get(..40)?));
        ids.map(|id| self.tip("FETCH_HEAD".to_owned(), Reach::Published, id))
            .collect()
    }

    fn reflogs(&self, folder: &Path, of: &str, tips: &mut Vec<Tip>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.reflogs(&path, &format!("{of}{name}/"), tips),
                Ok(kind) if kind.is_file() => self.reflog(&path, &format!("{of}{name}"), tips),
                _ => {}
            }
        }
    }

    /// Both sides of each line. A remote branch's reflog tells what that branch once held: a force
    /// push does not make it unread.
    fn reflog(&self, path: &Path, name: &str, tips: &mut Vec<Tip>) {
        let text = std::fs::read(path).unwrap_or_default();
        let lines: Vec<&[u8]> = text
            .split(|b| *b == b'\n')
            .filter(|l| l.len() > 81)
            .collect();
        for (age, line) in lines.iter().rev().enumerate() {
            let (label, reach) = match name {
                "refs/stash" => (format!("stash@{{{age}}}"), Reach::Local),
                _ if name.starts_with("refs/remotes/") => {
                    (format!("{}{FORCED}", label(name)), Reach::Published)
                }
                _ => (format!("reflog of {}", label(name)), Reach::Remembered),
            };
            let old = Some(&line[..40]).filter(|_| name != "refs/stash");
            let ids = old
                .into_iter()
                .chain([&line[41..81]])
                .filter_map(ObjectId::from_hex);
            tips.extend(
                ids.filter(|id| !id.is_zero())
                    .map(|id| self.tip(label.clone(), reach, id)),
            );
        }
    }

    /// Follows tags to what they name.
    fn tip(&self, label: String, reach: Reach, target: ObjectId) -> Tip {
        let mut objects = vec![target];
        while let Some(next) = objects.last().and_then(|id| self.tagged(*id)) {
            if objects.contains(&next) {
                break;
            }
            objects.push(next);
        }
        Tip {
            label,
            reach,
            objects,
        }
    }

    fn tagged(&self, id: ObjectId) -> Option<ObjectId> {
        let odb = self.handle.odb().ok()?;
        let oid = id.to_git2().ok()?;
        let (_, kind) = odb.read_header(oid).ok()?;
        let tag = odb.read(oid).ok().filter(|_| kind == ObjectType::Tag)?;
        super::object::tag_target(tag.data())
    }
}

fn label(name: &str) -> String {
    let of = |prefix: &str| name.strip_prefix(prefix);
    match (of("refs/remotes/"), of("refs/tags/"), of("refs/heads/")) {
        (Some(remote), _, _) => remote.to_owned(),
        (_, Some(tag), _) => format!("tag {tag}"),
        (_, _, Some(branch)) => format!("branch {branch}"),
        _ => name.to_owned(),
    }
}
