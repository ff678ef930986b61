//! What is kept of trees and commits: each thread puts it on a shelf of its own.

use super::object::Commit;
use super::object_id::ObjectId;
use super::similar::Edge;
use std::collections::HashMap;

/// What one thread has read.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Names of entries, numbered.
    pub(super) names: HashMap<Vec<u8>, u32>,
    /// Entries of all trees, one tree after the other: number of the name, and object.
    pub(super) edges: Vec<Edge>,
    /// The trees, each with the end of its entries.
    pub(super) trees: Vec<(ObjectId, usize)>,
    /// The commits.
    pub(super) commits: Vec<(ObjectId, Commit)>,
}

impl Shelf {
    /// The number of a name.
    pub(super) fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = self.names.len() as u32;
        self.names.insert(name.to_vec(), next);
        next
    }
}
