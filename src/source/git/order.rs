//! A few commits in the order in which a rebase meets them.

use super::branches::holds;
use super::object::Commit;
use super::object_id::ObjectId;
use super::open::GitRepo;
use super::pack::Packed;
use super::revision;
use super::single::{Objects, read_object};
use crate::model::Below;
use crate::source::SourceError;

/// Of more commits the others are left out: each is compared with each.
const MOST: usize = 20;

/// A commit among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    /// Full object id in hex.
    pub commit: String,
    /// How many parents it has.
    pub parents: usize,
    /// Where HEAD is.
    pub below: Below,
}

impl GitRepo {
    /// The first 20 of these commits, each behind those that it descends from. One that cannot be read is left
    /// out.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn in_order(&self, commits: &[String]) -> Result<Vec<Ordered>, SourceError> {
        let objects = self.objects()?;
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
            Some(Ordered {
                commit: id.to_string(),
                parents: parents(&objects, *id)?,
                below: below(&objects, head, *id),
            })
        });
        Ok(ordered.collect())
    }

    /// True when there is a commit at HEAD.
    pub fn has_head(&self) -> bool {
        self.has_commit("HEAD").unwrap_or(false)
    }
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
