//! Which hits an index holds: that of the work tree here, and those of the others.

use super::super::refs::work_trees::head_of;
use super::super::repo::index::Index;
use super::super::repo::object_id::{IdMap, ObjectId};
use super::super::repo::open::GitRepo;
use super::graph::{Graph, Node};
use super::tracing::Tracing;
use super::trail::{StagedAt, Trail};
use crate::model::{BlobPath, Fault};
use git2::Repository;
use std::path::PathBuf;

impl Tracing<'_> {
    /// Fills in which hits an index holds, which of them are staged in which work tree, and which are kept from a
    /// resolved conflict. The git folders are those of the other work trees. Gives the indexes that cannot be read.
    pub(super) fn indexed(
        &self,
        repo: &GitRepo,
        handle: &Repository,
        others: &[PathBuf],
        trails: &mut [Trail],
    ) -> Vec<Fault> {
        let numbers: IdMap<usize> = self.ids.iter().copied().zip(0..).collect();
        let own = (!handle.is_bare()).then(|| (repo.git_dir().to_owned(), repo.own_index(), None));
        let others = others.iter().zip(0..).map(|(git_dir, tree)| {
            let index = Index::in_folder(git_dir);
            (git_dir.clone(), index, Some(tree))
        });
        let mut unread = Vec::new();
        for (git_dir, index, tree) in own.into_iter().chain(others) {
            let index = match index {
                Ok(index) => index,
                Err(why) => {
                    unread.push(Fault::new(BlobPath::from_native(&git_dir), why));
                    continue;
                }
            };
            let head = head_of(handle, &git_dir).and_then(|id| root(self.graph, id));
            for id in index.resolved() {
                if let Some(hit) = numbers.get(&id) {
                    trails[*hit].resolved.push(tree);
                }
            }
            for entry in index.entries() {
                let Some(hit) = numbers.get(&entry.id) else {
                    continue;
                };
                let trail = &mut trails[*hit];
                let path = BlobPath::from_bytes(entry.path);
                trail.in_index = Some(path.clone());
                let there = head.and_then(|root| self.graph.at(root, entry.path));
                let before = there.and_then(|node| self.ids.get(node as usize)).copied();
                if before != Some(entry.id) {
                    trail.staged.push(StagedAt { tree, path, before });
                }
            }
        }
        unread
    }
}

/// The root tree of a commit, if it leads to a hit.
fn root(graph: &Graph, commit: ObjectId) -> Option<Node> {
    graph.commits[graph.commit(commit)? as usize].tree
}
