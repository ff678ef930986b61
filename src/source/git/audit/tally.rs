//! How much was read, counted from all threads.

use super::super::repo::object::ObjectKind;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Objects and bytes so far.
#[derive(Default)]
pub(super) struct Tally {
    blobs: AtomicU64,
    commits: AtomicU64,
    tags: AtomicU64,
    bytes: AtomicU64,
    known: AtomicU64,
}

impl Tally {
    /// One object more, of so many bytes.
    pub(in crate::source::git) fn read(&self, kind: ObjectKind, bytes: u64) {
        let objects = match kind {
            ObjectKind::Blob => &self.blobs,
            ObjectKind::Commit => &self.commits,
            ObjectKind::Tag => &self.tags,
            ObjectKind::Name => return,
        };
        objects.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    /// Objects that an earlier audit read.
    pub(in crate::source::git) fn known(&self, objects: u64) {
        self.known.fetch_add(objects, Relaxed);
    }

    /// All of it.
    pub(super) fn total(&self) -> ObjectsRead {
        ObjectsRead {
            blobs: self.blobs.load(Relaxed),
            commits: self.commits.load(Relaxed),
            tags: self.tags.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            known: self.known.load(Relaxed),
        }
    }
}

/// How many objects were read, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectsRead {
    /// Files.
    pub blobs: u64,
    /// Commits.
    pub commits: u64,
    /// Annotated tags.
    pub tags: u64,
    /// Bytes in all of them.
    pub bytes: u64,
    /// Objects that an earlier run with the same rules had read already.
    pub known: u64,
}
