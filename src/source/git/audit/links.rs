//! What commits and tags name, to see whether it is there: a repository that lacks objects must not
//! look clean. What trees name is seen to where they are read.

use super::super::pack::Packed;
use super::super::repo::object::{Commit, tag_target};
use super::super::repo::object_id::{IsThere, ObjectId};
use crate::model::{lock, unlock};
use rayon::prelude::*;
use std::sync::Mutex;

/// The commits that were read, and what tags name.
#[derive(Default)]
pub(super) struct Links {
    commits: Mutex<Vec<(ObjectId, Commit)>>,
    tagged: Mutex<Vec<ObjectId>>,
}

impl Links {
    /// Keeps what a commit or tag names; false when it is malformed.
    pub(in crate::source::git) fn add(&self, kind: Packed, id: ObjectId, raw: &[u8]) -> bool {
        let kept = match kind {
            Packed::Blob | Packed::Tree => Some(()),
            Packed::Commit => {
                Commit::parse(raw).map(|commit| lock(&self.commits).push((id, commit)))
            }
            Packed::Tag => tag_target(raw).map(|target| lock(&self.tagged).push(target)),
        };
        kept.is_some()
    }

    /// What is named and the repository does not hold.
    pub(super) fn to_nothing(&self, is_there: IsThere<'_>) -> Vec<ObjectId> {
        let (commits, tagged) = (lock(&self.commits), lock(&self.tagged));
        let named = commits.par_iter().flat_map_iter(|(_, commit)| {
            let parents = commit.parents.iter().copied();
            parents.chain([commit.tree])
        });
        let mut missing: Vec<ObjectId> = named.filter(|id| !is_there(*id)).collect();
        missing.extend(tagged.iter().copied().filter(|id| !is_there(*id)));
        missing
    }

    /// The commits.
    pub(super) fn into_commits(self) -> Vec<(ObjectId, Commit)> {
        unlock(self.commits)
    }
}
