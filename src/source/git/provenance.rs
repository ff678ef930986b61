//! Where each hit was, since when, and who could have seen it.
//!
//! A commit introduces a blob at a path when the blob is under its tree at that path and under
//! none of its parents' trees at that path; it removes one when all of its parents have it and it
//! has not. Whatever holds a blob descends from a commit that introduced it, so a ref reaches a
//! holder exactly when it reaches an introducer.

use super::history::{History, Hits};
use super::index::Index;
use super::object_id::{IdMap, ObjectId};
use super::open::GitRepo;
use super::refs::{tips, work_trees};
use super::scope::Scope;
use super::tracing::Tracing;
use super::trail::Trail;
use crate::model::BlobPath;
use crate::source::SourceError;
use std::collections::BTreeMap;

/// The trail of every hit.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// By the hit's id.
    pub trails: BTreeMap<ObjectId, Trail>,
    /// The commit at HEAD.
    pub head: Option<ObjectId>,
}

impl History {
    /// Finds out where `hits` were. With a `scope` that does not take in the whole repository,
    /// only hits that a commit of the scope introduced are kept.
    ///
    /// # Errors
    /// When the repository cannot be read, or the scope names what is not there.
    pub fn provenance(&self, hits: &Hits, scope: &Scope) -> Result<Provenance, SourceError> {
        let handle = self.repo.handle()?;
        scope.check(&self.repo, &handle)?;
        if hits.objects.is_empty() {
            return Ok(Provenance::default());
        }
        let ids: Vec<ObjectId> = hits.objects.keys().copied().collect();
        let graph = hits.graph.as_ref();
        let tips = tips(&self.repo, &handle);
        let mut trails: Vec<Trail> = hits
            .objects
            .values()
            .map(|kind| Trail::new(*kind))
            .collect();
        let tracing = Tracing { graph, ids: &ids };
        tracing.changes(&mut trails);
        let head = head(&handle);
        tracing.holders(&mut trails, head);
        tracing.reached(&mut trails, &tips);
        indexed(&self.repo, &handle, &ids, &mut trails)?;
        let chosen = scope.commits(&self.repo, &handle, graph, &tips)?;
        let mut trails: BTreeMap<ObjectId, Trail> = ids.into_iter().zip(trails).collect();
        if let Some(chosen) = chosen {
            trails.retain(|_, trail| trail.keep(&chosen));
        }
        Ok(Provenance { trails, head })
    }
}
fn head(handle: &git2::Repository) -> Option<ObjectId> {
    ObjectId::try_from(handle.refname_to_id("HEAD").ok()?).ok()
}

/// Fills in which hits an index holds, here or in a linked work tree.
fn indexed(
    repo: &GitRepo,
    handle: &git2::Repository,
    ids: &[ObjectId],
    trails: &mut [Trail],
) -> Result<(), SourceError> {
    let numbers: IdMap<usize> = ids.iter().copied().zip(0..).collect();
    let own = (!handle.is_bare()).then(|| Index::of(repo)).transpose()?;
    let others = work_trees(repo)
        .into_iter()
        .filter_map(|(_, path)| Index::at(&path.join("index")).ok());
    for index in own.into_iter().chain(others) {
        for entry in index.entries() {
            if let Some(hit) = numbers.get(&entry.id) {
                trails[*hit].in_index = Some(BlobPath::from_bytes(entry.path));
            }
        }
    }
    Ok(())
}
