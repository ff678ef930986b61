//! What is kept of trees and commits: each thread puts it on a shelf of its own.

use super::super::pack::similar::Edge;
use super::super::repo::object::Commit;
use super::super::repo::object_id::ObjectId;
use std::collections::HashMap;

/// What one thread has read.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Shelf {
    /// Names of entries, numbered.
    pub(in crate::source::git) names: HashMap<Vec<u8>, u32>,
    /// Entries of all trees, one tree after the other: number of the name, and object.
    pub(in crate::source::git) edges: Vec<Edge>,
    /// The trees, each with the end of its entries.
    pub(in crate::source::git) trees: Vec<(ObjectId, usize)>,
    /// The commits.
    pub(in crate::source::git) commits: Vec<(ObjectId, Commit)>,
}

impl Shelf {
    /// The number of a name.
    pub(in crate::source::git) fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = self.names.len() as u32;
        self.names.insert(name.to_vec(), next);
        next
    }
}
