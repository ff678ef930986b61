//! What objects name, to see whether it is there: a clone that lacks objects must not look clean.

use super::object::{Commit, EntryKind, TreeEntries, tag_target};
use super::object_id::{IdSet, ObjectId};
use super::pack::Packed;
use std::sync::Mutex;

/// The ids that commits and tags name; in a partial clone, also those that trees name.
#[derive(Default)]
pub(super) struct Links {
    named: Mutex<IdSet>,
}

impl Links {
    /// Adds what an object names; false when it is malformed.
    pub(super) fn add(&self, kind: Packed, raw: &[u8]) -> bool {
        let named: Option<Vec<ObjectId>> = match kind {
            Packed::Blob => return true,
            Packed::Tag => tag_target(raw).map(|target| vec![target]),
            Packed::Commit => Commit::parse(raw).map(|mut commit| {
                commit.parents.push(commit.tree);
                commit.parents
            }),
            Packed::Tree => entries(raw),
        };
        if let (Some(ids), Ok(mut all)) = (&named, self.named.lock()) {
            all.extend(ids);
        }
        named.is_some()
    }

    /// What is named and not `there`, sorted.
    pub(super) fn missing(&self, there: impl Fn(&ObjectId) -> bool) -> Vec<ObjectId> {
        let named = self
            .named
            .lock()
            .map(|mut named| std::mem::take(&mut *named));
        let named = named.unwrap_or_default().into_iter();
        let mut missing: Vec<ObjectId> = named.filter(|id| !there(id)).collect();
        missing.sort_unstable();
        missing
    }
}

/// What a tree names and the repository itself has to hold.
fn entries(raw: &[u8]) -> Option<Vec<ObjectId>> {
    let mut entries = TreeEntries::new(raw);
    let own = entries.by_ref().filter(|e| e.kind != EntryKind::Submodule);
    let ids = own.map(|e| e.id).collect();
    entries.is_whole().then_some(ids)
}
