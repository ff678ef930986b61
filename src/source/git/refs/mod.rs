//! What refers to commits, and what it means for a key: a remote branch has published it, a local
//! branch has not, a reflog only remembers it.

pub(super) mod address;
pub(super) mod ancestry;
pub(super) mod branches;
pub(super) mod order;
pub(super) mod reached;
pub(super) mod ref_targets;
pub(super) mod remotes;
pub(super) mod revision;
pub(super) mod target;

use super::pack::Packed;
use super::repo::object::tag_target;
use super::repo::object_id::{IdMap, ObjectId};
use super::repo::open::GitRepo;
use super::repo::single::{Objects, kind_of, single};
use crate::model::{BlobPath, OtherTree, RefKind, RefName};
use git2::{Reference, ReferenceType, Repository};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How far what a ref reaches has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RefReach {
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
    /// Its name.
    pub(super) name: RefName,
    /// How far it reaches.
    pub(super) reach: RefReach,
    /// For an entry of a remote branch's reflog, that branch: an entry says something new only of
    /// what the branch does not reach any more, and all of them together count as one.
    pub(super) once: Option<RefName>,
    /// What it names, and what that names in turn while it is a tag.
    pub(super) objects: Arc<[ObjectId]>,
}

/// All that refers to objects.
#[derive(Debug, Default)]
pub(super) struct Tips {
    /// In no order.
    pub(super) all: Vec<Tip>,
    /// The branch that HEAD is on, and the default branches of remotes.
    pub(super) defaults: BTreeSet<RefName>,
}

/// Everything in `repo` that refers to objects: refs, HEAD of each work tree, `FETCH_HEAD` and
/// reflogs.
///
/// In a bare repository all refs count as published: somebody pushed them. Tags count as published
/// wherever a remote is set up, since nothing records which tags were pushed.
pub(super) fn tips(repo: &GitRepo, objects: &Objects) -> Tips {
    let handle = objects.handle();
    let remotes = handle.remotes().is_ok_and(|r| !r.is_empty());
    let mut collector = RefCollector {
        objects,
        bare: handle.is_bare(),
        remotes,
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
    collector.tips
}

/// The names and git folders of linked work trees.
pub(super) fn work_trees(repo: &GitRepo) -> Vec<(String, PathBuf)> {
    let listed = std::fs::read_dir(repo.common_dir().join("worktrees"));
    let entries = listed.into_iter().flatten().flatten();
    entries
        .map(|e| (e.file_name().to_string_lossy().into_owned(), e.path()))
        .collect()
}

/// The work trees besides the one here, each with its git folder: linked ones, and the main one seen from a linked one.
pub(super) fn other_trees(repo: &GitRepo, handle: &Repository) -> Vec<(OtherTree, PathBuf)> {
    let here = repo.work_dir().map(BlobPath::from_native);
    let linked = work_trees(repo).into_iter().map(|(name, git_dir)| {
        let folder = std::fs::read_to_string(git_dir.join("gitdir")).unwrap_or_default();
        let folder = git_dir.join(folder.trim_end());
        (name, git_dir, folder)
    });
    let main = repo.common_dir().to_owned();
    let main = (String::new(), main.clone(), main);
    let all = std::iter::once(main).chain(linked);
    let others = all.filter(|(_, git_dir, folder)| {
        let is_own = std::fs::canonicalize(git_dir).is_ok_and(|own| own == repo.git_dir());
        git_dir.is_dir() && !is_own && folder.ends_with(".git")
    });
    let told = others.map(|(name, git_dir, folder)| {
        let folder = folder.parent().unwrap_or(&folder);
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let folder = BlobPath::from_native(&folder);
        let tree = OtherTree {
            name,
            folder: match &here {
                Some(here) => folder.relative_to(here),
                None => folder,
            },
            branch: branch_at(&git_dir),
            has_head: head_of(handle, &git_dir).is_some(),
            ..OtherTree::default()
        };
        (tree, git_dir)
    });
    told.collect()
}

/// The branch that the HEAD in a git folder is on.
fn branch_at(git_dir: &Path) -> Option<RefName> {
    let text = std::fs::read_to_string(git_dir.join("HEAD")).ok()?;
    let name = text.strip_prefix("ref:")?.trim();
    Some(RefName::new(name))
}

/// The commit at the HEAD of a work tree, whose git folder is given.
pub(super) fn head_of(handle: &Repository, git_dir: &Path) -> Option<ObjectId> {
    let text = std::fs::read(git_dir.join("HEAD")).ok()?;
    let text = text.trim_ascii();
    let Some(name) = text.strip_prefix(b"ref:") else {
        return ObjectId::from_hex(text);
    };
    let name = std::str::from_utf8(name.trim_ascii()).ok()?;
    ObjectId::try_from(handle.refname_to_id(name).ok()?).ok()
}

/// The branch that HEAD is on.
pub(super) fn current(handle: &Repository) -> Option<RefName> {
    stands_for(&handle.find_reference("HEAD").ok()?)
}

fn stands_for(reference: &Reference<'_>) -> Option<RefName> {
    reference.symbolic_target().ok()?.map(RefName::new)
}

/// The ref that keeps the newest entry of the stash; the others are in its reflog.
const STASH: &str = "refs/stash";

struct RefCollector<'r> {
    objects: &'r Objects,
    bare: bool,
    remotes: bool,
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
        const PUBLIC: [&str; 4] = [
            "refs/remotes/",
            "refs/pull/",
            "refs/merge-requests/",
            "refs/changes/",
        ];
        let public = PUBLIC.iter().any(|p| name.starts_with(p));
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
            if let Some(id) = ObjectId::from_hex(text.trim_ascii()) {
                self.add(RefName::new(name), RefReach::Local, id);
            }
        }
    }

    fn fetched(&mut self, repo: &GitRepo) {
        let text = std::fs::read(repo.git_dir().join("FETCH_HEAD")).unwrap_or_default();
        let ids = text
            .split(|b| *b == b'\n')
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
            RefKind::Remote(_) => {
                let branch = self.remote_heads.get(log).unwrap_or(log).clone();
                (RefReach::Published, Some(branch))
            }
            _ => (RefReach::Remembered, None),
        };
        for (age, line) in lines.iter().rev().enumerate() {
            let new = ObjectId::from_hex(&line[41..81]).map(|id| (age, id));
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

/// True for `refs/remotes/origin/HEAD`, which stands for the default branch there.
fn is_remote_head(reference: &Reference<'_>, name: &RefName) -> bool {
    let symbolic = reference.kind() == Some(ReferenceType::Symbolic);
    symbolic && matches!(name.kind(), RefKind::Remote(_)) && name.as_str().ends_with("/HEAD")
}
