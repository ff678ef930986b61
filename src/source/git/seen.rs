//! Which packs and loose objects an earlier audit with the same rules has read, and what hit in
//! them. Kept in the user's cache folder and never in the repository: a repository that was copied
//! from somewhere could bring a cache that says everything is clean.

use super::object::ObjectKind;
use super::object_id::ObjectId;
use super::pack::Pack;
use std::collections::BTreeMap;
use std::path::Path;

/// What earlier audits know. The seam for the cache only: nothing is stored yet, so every audit
/// reads everything.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    loose: BTreeMap<ObjectId, Option<ObjectKind>>,
}

impl Seen {
    /// The hits in a pack that is known.
    pub(super) fn pack(&self, _index: &Path) -> Option<Vec<(ObjectId, ObjectKind)>> {
        None
    }

    /// Whether a loose object is known, and the kind of the hit that it is.
    pub(super) fn loose(&self, id: ObjectId) -> Option<Option<ObjectKind>> {
        self.loose.get(&id).copied()
    }

    /// Takes over what a complete audit found; will be called only when nothing was unreadable.
    pub(super) fn learn(&mut self, _packs: &[Pack], _hits: &BTreeMap<ObjectId, ObjectKind>) {}
}
