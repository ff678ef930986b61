//! All that refers to objects: refs, reflogs, HEAD of each work tree, `FETCH_HEAD`; and how far what each kind reaches
//! has got.

use super::super::pack::Packed;
use super::super::repo::object::tag_target;
use super::super::repo::object_id::{IdMap, ObjectId};
use super::super::repo::open::GitRepo;
use super::super::repo::single::{Objects, kind_of, single};
use super::work_trees::work_trees;
use crate::model::{RefKind, RefName};
use git2::{Reference, ReferenceType, Repository};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// How far what a ref reaches has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::source::git) enum RefReach {
    /// Others could have read it.
    Published,
    /// It is kept here and would be pushed.
    Local,
    /// Only a reflog still knows it.
    Remembered,
}

/// Something that refers to an object.
#[derive(Clone, Debug)]
pub(in crate::source::git) struct Tip {
    /// Its name.
    pub(in crate::source::git) name: RefName,
    /// How far it reaches.
    pub(in crate::source::git) reach: RefReach,
    /// For an entry of a remote branch's reflog, that branch: an entry says something new only of
    /// what the branch does not reach any more, and all of them together count as one.
    pub(in crate::source::git) once: Option<RefName>,
    /// What it names, and what that names in turn while it is a tag.
    pub(in crate::source::git) objects: Arc<[ObjectId]>,
}

/// All that refers to objects.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Tips {
    /// In no order.
    pub(in crate::source::git) all: Vec<Tip>,
    /// The branch that HEAD is on, and the default branches of remotes.
    pub(in crate::source::git) defaults: BTreeSet<RefName>,
    /// Whether nothing came here but by a push or a clone.
    pub(in crate::source::git) is_bare: bool,
}

/// Everything in `repo` that refers to objects: refs, HEAD of each work tree, `FETCH_HEAD` and
/// reflogs.
///
/// In a bare repository all refs count as published: somebody pushed them. Tags count as published
/// wherever a remote is set up, since nothing records which tags were pushed.
pub(in crate::source::git) fn tips(repo: &GitRepo, objects: &Objects) -> Tips {
    let handle = objects.handle();
    let remotes = handle.remotes().is_ok_and(|r| !r.is_empty());
    let fetched_to = fetched_to(handle);
    let mut collector = RefCollector {
        objects,
        bare: is_bare(repo, handle),
        remotes,
        gone: gone(handle, &fetched_to).unwrap_or_default(),
        fetched_to,
        tips: Tips::default(),
        remote_heads: BTreeMap::new(),
        peeled: RefCell::default(),
    };
    collector.refs();
    collector.detached(repo);
    collector.fetched(repo);
    // They are one but in a linked work tree.
    for folder in BTreeSet::from([repo.git_dir(), repo.common_dir()]) {
        collector.reflogs(&folder.join("logs"), "");
    }
    for (name, folder) in work_trees(repo) {
        collector.reflogs(&folder.join("logs"), &format!("worktrees/{name}/"));
    }
    collector.tips.is_bare = collector.bare;
    collector.tips
}

/// True for a bare repository, seen from itself or from a work tree of it: all its refs were pushed or cloned. Where people work
/// in work trees of a bare clone, and refs of the remote are kept apart, the others are their own.
fn is_bare(repo: &GitRepo, handle: &Repository) -> bool {
    let common = Repository::open_bare(repo.common_dir());
    let is_set = |own: &Repository| own.config().ok()?.get_bool("core.bare").ok();
    // Where nothing says so, git goes by the name of the folder.
    let is_named = || {
        let name = repo.common_dir().file_name();
        name.is_none_or(|name| name != ".git")
    };
    let is_bare = common.is_ok_and(|own| is_set(&own).unwrap_or_else(is_named));
    let has_remote_refs = || {
        let all = handle.references_glob("refs/remotes/*");
        all.is_ok_and(|mut all| all.next().is_some())
    };
    let is_worked_in = || !work_trees(repo).is_empty() && has_remote_refs();
    (handle.is_bare() || is_bare) && !is_worked_in()
}

/// The refs that the remotes' settings fetch to, as patterns: `refs/upstream/*`. `^refs/heads/a` leaves out, and
/// `refs/pull/7/head` is kept under no name.
fn fetched_to(handle: &Repository) -> Vec<String> {
    let names = handle.remotes().ok();
    let names = names.iter().flatten().flatten().flatten();
    let remotes = names.filter_map(|name| handle.find_remote(name).ok());
    let mut all = Vec::new();
    for remote in remotes {
        let specs = remote.fetch_refspecs().ok();
        let specs = specs.iter().flatten().flatten().flatten();
        let targets = specs.filter_map(|spec| spec.split_once(':'));
        let targets = targets.map(|(_, target)| target.to_owned());
        all.extend(targets.filter(|target| !target.is_empty()));
    }
    all
}

/// Branches that a remote had under their names and has no more: `git branch -vv` says `[origin/a: gone]` of them.
fn gone(handle: &Repository, fetched_to: &[String]) -> Result<BTreeSet<String>, git2::Error> {
    let (mut merged, mut remote) = (BTreeMap::new(), BTreeSet::new());
    handle
        .config()?
        .entries(Some("branch\\..*"))?
        .for_each(|entry| {
            let (Ok(name), Ok(value)) = (entry.name(), entry.value()) else {
                return;
            };
            let name = name
                .strip_prefix("branch.")
                .and_then(|rest| rest.rsplit_once('.'));
            match name {
                Some((branch, "merge")) => drop(merged.insert(branch.to_owned(), value.to_owned())),
                Some((branch, "remote")) if value != "." => drop(remote.insert(branch.to_owned())),
                _ => {}
            }
        })?;
    let is_there = |branch: &str| {
        let kept = fetched_to
            .iter()
            .map(|pattern| pattern.replacen('*', branch, 1));
        kept.into_iter()
            .any(|name| handle.find_reference(&name).is_ok())
    };
    let named = merged
        .into_iter()
        .filter(|(branch, merge)| *merge == format!("refs/heads/{branch}"));
    let gone = named.filter(|(branch, _)| remote.contains(branch) && !is_there(branch));
    Ok(gone.map(|(_, name)| name).collect())
}

/// The branch that HEAD is on.
pub(in crate::source::git) fn current(handle: &Repository) -> Option<RefName> {
    stands_for(&handle.find_reference("HEAD").ok()?)
}

fn stands_for(reference: &Reference<'_>) -> Option<RefName> {
    reference.symbolic_target().ok()?.map(RefName::new)
}

/// The branch on which each entry of the stash was made, as git notes it: `WIP on main: 3f2a9c1 Add a file`, or, with a
/// text, `On main: try this`.
pub(in crate::source::git) fn stashed_on(handle: &Repository) -> Vec<(RefName, RefName)> {
    let text = std::fs::read(handle.commondir().join("logs").join(STASH)).unwrap_or_default();
    let lines = text.split(|b| *b == b'\n').filter(|line| line.len() > 81);
    let mut lines: Vec<&[u8]> = lines.collect();
    lines.reverse();
    let entries = lines.into_iter().enumerate().filter_map(|(age, line)| {
        let noted = String::from_utf8_lossy(line.splitn(2, |b| *b == b'\t').nth(1)?).into_owned();
        let on = noted
            .strip_prefix("WIP on ")
            .or(noted.strip_prefix("On "))?;
        // No name of a branch has a colon in it, and `(no branch)` is none.
        let branch = on.split_once(": ")?.0;
        let branch = RefName::new(format!("refs/heads/{branch}"));
        Some((RefName::new(STASH).entry(age), branch))
    });
    let is_there = |branch: &RefName| handle.find_reference(branch.as_str()).is_ok();
    entries.filter(|(_, branch)| is_there(branch)).collect()
}

/// The ref that keeps the newest entry of the stash; the others are in its reflog.
const STASH: &str = "refs/stash";

struct RefCollector<'r> {
    objects: &'r Objects,
    bare: bool,
    remotes: bool,
    /// What [`fetched_to`] gives.
    fetched_to: Vec<String>,
    /// What [`gone`] gives.
    gone: BTreeSet<String>,
    tips: Tips,
    /// What `refs/remotes/origin/HEAD` and its like stand for.
    remote_heads: BTreeMap<RefName, RefName>,
    /// What was followed already: many refs name the same object.
    peeled: RefCell<IdMap<Arc<[ObjectId]>>>,
}

impl RefCollector<'_> {
    fn refs(&mut self) {
        let references = self.objects.handle().references();
        for reference in references.into_iter().flatten().flatten() {
            let name = RefName::new(String::from_utf8_lossy(reference.name_bytes()));
            if is_remote_head(&reference, &name) {
                let target = stands_for(&reference);
                self.remote_heads
                    .extend(target.map(|target| (name, target)));
                continue;
            }
            // The stash is read from its reflog, which names every entry.
            if name.as_str() == STASH && self.has_stash_log() {
                continue;
            }
            let target = reference
                .target()
                .or_else(|| reference.resolve().ok()?.target());
            if let Some(target) = target.and_then(|oid| ObjectId::try_from(oid).ok()) {
                let reach = self.reach(&name);
                self.add(name, reach, target);
            }
        }
        let remote = self.remote_heads.values().cloned();
        self.tips.defaults = remote.collect();
        if self.remote_heads.is_empty() {
            self.guess_default();
        }
        self.tips.defaults.extend(current(self.objects.handle()));
    }

    /// `git remote add` and `git fetch` leave no HEAD of the remote, as `git clone` does.
    fn guess_default(&mut self) {
        let usual = |tip: &&Tip| match tip.name.kind() {
            RefKind::Remote(name) => name.ends_with("/main") || name.ends_with("/master"),
            _ => false,
        };
        let usual = self.tips.all.iter().filter(usual);
        self.tips.defaults.extend(usual.map(|tip| tip.name.clone()));
    }

    fn has_stash_log(&self) -> bool {
        self.objects
            .handle()
            .commondir()
            .join("logs")
            .join(STASH)
            .exists()
    }

    fn reach(&self, name: &RefName) -> RefReach {
        let name = name.as_str();
        const PUBLIC: [&str; 5] = [
            "refs/remotes/",
            // Of `git maintenance`.
            "refs/prefetch/",
            "refs/pull/",
            "refs/merge-requests/",
            "refs/changes/",
        ];
        let is_fetched = |pattern: &String| match pattern.split_once('*') {
            Some((before, behind)) => name.starts_with(before) && name.ends_with(behind),
            None => name == pattern,
        };
        let public = PUBLIC.iter().any(|p| name.starts_with(p))
            || self.fetched_to.iter().any(is_fetched)
            || self.gone.contains(name);
        let tag = self.remotes && name.starts_with("refs/tags/");
        let bare = self.bare && name != STASH;
        if public || tag || bare {
            RefReach::Published
        } else {
            RefReach::Local
        }
    }

    /// HEAD here and in each linked work tree, where it is detached.
    fn detached(&mut self, repo: &GitRepo) {
        let own = ("HEAD".to_owned(), repo.git_dir().join("HEAD"));
        let linked = work_trees(repo)
            .into_iter()
            .map(|(name, path)| (format!("worktrees/{name}/HEAD"), path.join("HEAD")));
        for (name, path) in std::iter::once(own).chain(linked) {
            let text = std::fs::read(path).unwrap_or_default();
            let reach = if self.bare {
                RefReach::Published
            } else {
                RefReach::Local
            };
            if let Some(id) = ObjectId::from_hex(text.trim_ascii()) {
                self.add(RefName::new(name), reach, id);
            }
        }
    }

    fn fetched(&mut self, repo: &GitRepo) {
        let own = [repo.git_dir().to_owned(), repo.common_dir().to_owned()];
        let linked = work_trees(repo).into_iter().map(|(_, folder)| folder);
        let folders: BTreeSet<_> = own.into_iter().chain(linked).collect();
        let texts = folders
            .iter()
            .map(|folder| std::fs::read(folder.join("FETCH_HEAD")));
        let text = texts
            .map(Result::unwrap_or_default)
            .collect::<Vec<_>>()
            .join(&b'\n');
        let ids = text
            .split(|b| *b == b'\n')
            // From a branch of its own: `git pull . feature`.
            .filter(|line| !line.ends_with(b" of ."))
            .filter_map(|line| ObjectId::from_hex(line.get(..40)?));
        let name = RefName::new("FETCH_HEAD");
        for id in ids {
            let objects = self.peel(id);
            self.tips.all.push(Tip {
                name: name.clone(),
                reach: RefReach::Published,
                // It has a line for each branch that was fetched.
                once: Some(name.clone()),
                objects,
            });
        }
    }

    fn reflogs(&mut self, folder: &Path, of: &str) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.reflogs(&path, &format!("{of}{name}/")),
                Ok(kind) if kind.is_file() => {
                    self.reflog(&path, &RefName::new(format!("{of}{name}")));
                }
                _ => {}
            }
        }
    }

    /// Both sides of each line. A remote branch's reflog tells what that branch once held: a force
    /// push does not make it unread. A clone begins the reflog of `origin/HEAD`, which stands for
    /// a branch: what that still reaches is nothing that only the past knew.
    fn reflog(&mut self, path: &Path, log: &RefName) {
        let text = std::fs::read(path).unwrap_or_default();
        let lines: Vec<&[u8]> = text
            .split(|b| *b == b'\n')
            .filter(|l| l.len() > 81)
            .collect();
        let (reach, once) = match log.kind() {
            _ if log.as_str() == STASH => (RefReach::Local, None),
            // A server's own, that was pushed over.
            RefKind::Branch(_) | RefKind::Tag(_) if self.bare => {
                (RefReach::Published, Some(log.clone()))
            }
            RefKind::Remote(_) => {
                let branch = self.remote_heads.get(log).unwrap_or(log).clone();
                (RefReach::Published, Some(branch))
            }
            _ => (RefReach::Remembered, None),
        };
        for (age, line) in lines.iter().rev().enumerate() {
            let new = ObjectId::from_hex(&line[41..81]).map(|id| (age, id));
            if let Some((age, id)) =
                new.filter(|_| reach == RefReach::Remembered && is_fetched(line))
            {
                let objects = self.peel(id);
                self.tips.all.push(Tip {
                    name: log.entry(age),
                    reach: RefReach::Published,
                    once: None,
                    objects,
                });
            }
            let old = ObjectId::from_hex(&line[..40]).filter(|_| log.as_str() != STASH);
            let sides = new.into_iter().chain(old.map(|id| (age + 1, id)));
            for (age, id) in sides.filter(|(_, id)| !id.is_zero()) {
                let name = match reach {
                    // That of an old state here is never told.
                    RefReach::Remembered => log.clone(),
                    _ => log.entry(age),
                };
                let objects = self.peel(id);
                self.tips.all.push(Tip {
                    name,
                    reach,
                    once: once.clone(),
                    objects,
                });
            }
        }
    }

    fn add(&mut self, name: RefName, reach: RefReach, target: ObjectId) {
        let objects = self.peel(target);
        self.tips.all.push(Tip {
            name,
            reach,
            once: None,
            objects,
        });
    }

    /// Follows tags to what they name.
    fn peel(&self, target: ObjectId) -> Arc<[ObjectId]> {
        let peeled = &mut *self.peeled.borrow_mut();
        let follow = || {
            let mut objects = vec![target];
            while let Some(next) = objects.last().and_then(|id| self.tagged(*id)) {
                if objects.contains(&next) {
                    break;
                }
                objects.push(next);
            }
            objects.into()
        };
        peeled.entry(target).or_insert_with(follow).clone()
    }

    fn tagged(&self, id: ObjectId) -> Option<ObjectId> {
        let kind = kind_of(self.objects, id).ok()?;
        let tag = (kind == Packed::Tag).then(|| single(self.objects, id).ok());
        tag_target(&tag??.1)
    }
}

/// True for a line of a reflog that says that what a branch got came from a remote:
/// `fetch origin refs/pull/7/head:pr7: storing head`.
fn is_fetched(line: &[u8]) -> bool {
    let said = line.splitn(2, |b| *b == b'\t').nth(1).unwrap_or_default();
    let words = said
        .strip_prefix(b"fetch ")
        .map(|rest| rest.split(|b| *b == b' '));
    words.is_some_and(|mut words| !words.any(|word| word == b"."))
}

/// True for `refs/remotes/origin/HEAD`, which stands for the default branch there.
fn is_remote_head(reference: &Reference<'_>, name: &RefName) -> bool {
    let symbolic = reference.kind() == Some(ReferenceType::Symbolic);
    symbolic && matches!(name.kind(), RefKind::Remote(_)) && name.as_str().ends_with("/HEAD")
}
