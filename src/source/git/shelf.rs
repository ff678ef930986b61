//! What the second traversal keeps of commits and trees: each thread puts it on a shelf of its own.

use super::object::{Commit, EntryKind, TreeEntries};
use super::object_id::{IdMap, ObjectId};
use super::open::GitRepo;
use super::pack::Packed;
use git2::ObjectType;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What one thread has read.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// Names of entries, numbered.
    pub(super) names: HashMap<Vec<u8>, u32>,
    /// Entries of all trees, one tree after the other: number of the name, and object.
    pub(super) edges: Vec<(u32, ObjectId)>,
    /// The trees, each with the end of its entries.
    pub(super) trees: Vec<(ObjectId, usize)>,
    /// The commits.
    pub(super) commits: Vec<(ObjectId, Commit)>,
}

/// Parses objects into a shelf of its own, and gives the shelf away at its end. A clone starts
/// with an empty shelf.
#[derive(Debug)]
pub(super) struct Reader {
    hits: Arc<IdMap<u32>>,
    /// The first two bytes of all hits: most blobs are told apart without a look at the map.
    first: Arc<Vec<bool>>,
    done: Arc<Mutex<Vec<Shelf>>>,
    shelf: Shelf,
}

impl Clone for Reader {
    fn clone(&self) -> Self {
        Self {
            hits: Arc::clone(&self.hits),
            first: Arc::clone(&self.first),
            done: Arc::clone(&self.done),
            shelf: Shelf::default(),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Ok(mut done) = self.done.lock() {
            done.push(std::mem::take(&mut self.shelf));
        }
    }
}

impl Reader {
    /// A reader that keeps entries that name `hits`.
    pub(super) fn new(hits: &[ObjectId]) -> Self {
        let mut first = vec![false; 1 << 16];
        hits.iter().for_each(|id| first[prefix(*id)] = true);
        Self {
            hits: Arc::new(hits.iter().copied().zip(0..).collect()),
            first: Arc::new(first),
            done: Arc::default(),
            shelf: Shelf::default(),
        }
    }

    /// The shelves of all readers that are done.
    pub(super) fn shelves(&self) -> Vec<Shelf> {
        let done = self.done.lock().map(|mut done| std::mem::take(&mut *done));
        done.unwrap_or_default()
    }

    /// Keeps what is needed of one object.
    pub(super) fn object(&mut self, kind: Packed, id: ObjectId, raw: &[u8]) {
        match kind {
            Packed::Commit => self
                .shelf
                .commits
                .extend(Commit::parse(raw).map(|c| (id, c))),
            Packed::Tree => self.tree(id, raw),
            Packed::Blob | Packed::Tag => {}
        }
    }

    fn tree(&mut self, id: ObjectId, raw: &[u8]) {
        for entry in TreeEntries::new(raw) {
            let keep = match entry.kind {
                EntryKind::Tree => true,
                EntryKind::Blob => {
                    self.first[prefix(entry.id)] && self.hits.contains_key(&entry.id)
                }
                EntryKind::Submodule => false,
            };
            if keep {
                let name = self.shelf.name(entry.name);
                self.shelf.edges.push((name, entry.id));
            }
        }
        self.shelf.trees.push((id, self.shelf.edges.len()));
    }

    /// Reads objects one by one through libgit2.
    pub(super) fn singles(mut self, repo: &GitRepo, ids: impl Iterator<Item = ObjectId>) {
        let handle = repo.handle().ok();
        let Some(Ok(odb)) = handle.as_ref().map(git2::Repository::odb) else {
            return;
        };
        for id in ids {
            let Ok(oid) = id.to_git2() else { continue };
            let kind = match odb.read_header(oid) {
                Ok((_, ObjectType::Commit)) => Packed::Commit,
                Ok((_, ObjectType::Tree)) => Packed::Tree,
                _ => continue,
            };
            if let Ok(object) = odb.read(oid) {
                self.object(kind, id, object.data());
            }
        }
    }
}

impl Shelf {
    fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = self.names.len() as u32;
        self.names.insert(name.to_vec(), next);
        next
    }
}
fn prefix(id: ObjectId) -> usize {
    let bytes = id.as_bytes();
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}
