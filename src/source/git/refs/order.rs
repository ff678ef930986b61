//! A few commits in the order in which a rebase meets them.

use super::super::pack::Packed;
use super::super::repo::object::{Commit, TreeEntries};
use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use super::super::repo::single::{Objects, read_object};
use super::branches::holds;
use super::revision;
use super::target::RefTarget;
use super::{tips, work_trees};
use crate::model::{Below, BlobPath, OtherTree, RefName, Refs};
use crate::source::SourceError;

/// Of more commits the others are left out: each is compared with each.
const MOST: usize = 20;

/// Most branches that are not pushed and that are asked for a commit.
const BRANCHES: usize = 50;

/// A commit among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// Full object id in hex.
    pub commit: String,
    /// How many parents it has.
    pub parents: usize,
    /// Where HEAD is.
    pub below: Below,
    /// Branches that hold it, first those that are pushed, and pushed tags.
    pub refs: Refs,
}

impl GitRepo {
    /// The first 20 of these commits, each behind those that it descends from. One that cannot be read is left
    /// out. Refs that are `pushed` are named before others.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn in_order(
        &self,
        commits: &[String],
        pushed: &[RefName],
    ) -> Result<Vec<Ordered>, SourceError> {
        let objects = self.objects()?;
        let refs = named(&objects, pushed);
        let ids = commits
            .iter()
            .filter_map(|hex| ObjectId::from_hex(hex.as_bytes()));
        let ids: Vec<ObjectId> = ids.take(MOST).collect();
        let head = revision::commit(&objects, "HEAD").ok();
        let age = |id: &ObjectId| {
            ids.iter()
                .filter(|other| holds(&objects, *id, **other))
                .count()
        };
        let mut aged: Vec<(usize, ObjectId)> = ids.iter().map(|id| (age(id), *id)).collect();
        aged.sort();
        let ordered = aged.iter().filter_map(|(_, id)| {
            let below = below(&objects, head, *id);
            // What HEAD reaches is mended there, whatever other branch has it too.
            let refs = match below {
                Below::Elsewhere => &refs,
                _ => &refs[..refs.len().min(pushed.len())],
            };
            Some(Ordered {
                commit: id.to_string(),
                parents: parents(&objects, *id)?,
                below,
                refs: reaching(&objects, refs, *id),
            })
        });
        Ok(ordered.collect())
    }

    /// The commit at HEAD, in hex, and the branch that it is on.
    pub fn head(&self) -> (Option<String>, Option<RefName>) {
        let Ok(objects) = self.objects() else {
            return (None, None);
        };
        let commit = revision::commit(&objects, "HEAD").ok();
        let branch = tips::current(objects.handle());
        (commit.map(|id| id.to_string()), branch)
    }

    /// True when a file of a commit has these bytes in it.
    pub fn has_text(&self, commit: &str, path: &BlobPath, text: &[u8]) -> bool {
        let held = || {
            let objects = self.objects().ok()?;
            let id = revision::commit(&objects, commit).ok()?;
            let raw = read_object(&objects, id, Packed::Commit).ok()?;
            let mut at = Commit::parse(&raw)?.tree;
            for name in path.as_bytes().split(|b| *b == b'/') {
                let raw = read_object(&objects, at, Packed::Tree).ok()?;
                at = TreeEntries::new(&raw).find(|entry| entry.name == name)?.id;
            }
            let bytes = self.blob(&objects, at).ok()?;
            memchr::memmem::find(&bytes, text)
        };
        held().is_some()
    }

    /// The work trees besides this one.
    pub fn other_trees(&self) -> Vec<OtherTree> {
        let Ok(objects) = self.objects() else {
            return Vec::new();
        };
        let trees = work_trees::other_trees(self, objects.handle()).into_iter();
        trees.map(|(tree, _)| tree).collect()
    }

    /// True when there is a commit at HEAD.
    pub fn has_head(&self) -> bool {
        self.has_commit("HEAD").unwrap_or(false)
    }
}

/// The pushed branches and tags, then the other branches; of a repository with very many not all.
fn named(objects: &Objects, pushed: &[RefName]) -> Vec<(RefName, ObjectId)> {
    let handle = objects.handle();
    let branches = handle.references_glob("refs/heads/*");
    let branches = branches.into_iter().flatten().flatten();
    let branches =
        branches.map(|branch| RefName::new(String::from_utf8_lossy(branch.name_bytes())));
    let others = branches
        .filter(|name| !pushed.contains(name))
        .take(BRANCHES);
    let names = pushed.iter().cloned().chain(others);
    let of = |name: RefName| {
        let id = handle.refname_to_id(name.as_str()).ok()?;
        let commit = RefTarget::of(objects, ObjectId::try_from(id).ok()?).commit()?;
        Some((name, commit))
    };
    names.filter_map(of).collect()
}

fn reaching(objects: &Objects, refs: &[(RefName, ObjectId)], id: ObjectId) -> Refs {
    let reaching = refs
        .iter()
        .filter(|(_, tip)| *tip == id || holds(objects, *tip, id));
    let reaching: Vec<RefName> = reaching.map(|(name, _)| name.clone()).collect();
    let count = reaching.len();
    Refs::new(reaching, count)
}

fn parents(objects: &Objects, id: ObjectId) -> Option<usize> {
    let raw = read_object(objects, id, Packed::Commit).ok()?;
    Commit::parse(&raw).map(|commit| commit.parents.len())
}

fn below(objects: &Objects, head: Option<ObjectId>, id: ObjectId) -> Below {
    match head {
        Some(head) if head == id => Below::Head,
        Some(head) if holds(objects, head, id) => Below::Descendant,
        _ => Below::Elsewhere,
    }
}
