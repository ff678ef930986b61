//! What an audit could not read: named one by one up to a limit, then counted.

use super::object::object_path;
use super::object_id::ObjectId;
use crate::model::{BlobPath, Fault};
use crate::source::{Event, Sink};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Unreadable objects that are named one by one; the rest is a number.
const NAMED: u64 = 20;

/// Tells a sink of what could not be read.
pub(super) struct Unread<'s> {
    sink: Sink<'s>,
    faults: AtomicU64,
    objects: AtomicU64,
}

impl<'s> Unread<'s> {
    /// Nothing unread yet.
    pub(super) fn new(sink: Sink<'s>) -> Self {
        let (faults, objects) = Default::default();
        Self {
            sink,
            faults,
            objects,
        }
    }

    /// An object.
    pub(super) fn object(&self, id: ObjectId, what: String) {
        if self.objects.fetch_add(1, Relaxed) < NAMED {
            self.path(object_path(id), what);
        }
    }

    /// A file or folder of the repository.
    pub(super) fn file(&self, path: &Path, what: String) {
        self.path(BlobPath::from_native(path), what);
    }

    fn path(&self, path: BlobPath, what: String) {
        self.faults.fetch_add(1, Relaxed);
        (self.sink)(Event::Fault(Fault::new(path, what)));
    }

    /// Says how many objects were not named, and whether everything was read.
    pub(super) fn finish(&self, repository: &Path) -> bool {
        if let Some(more @ 1..) = self.objects.load(Relaxed).checked_sub(NAMED) {
            let what = format!("{more} more objects could not be read; run `git fsck`");
            self.file(repository, what);
        }
        self.faults.load(Relaxed) == 0
    }
}
