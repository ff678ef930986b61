//! What an audit could not read: named one by one up to a limit, then counted.

use super::object::object_path;
use super::object_id::{IdSet, ObjectId};
use crate::model::{BlobPath, Fault};
use crate::source::{Event, Sink};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Unreadable objects that are named one by one; the rest is a number.
const NAMED: usize = 20;

/// Tells a sink of what could not be read.
pub(super) struct Unread<'s> {
    sink: Sink<'s>,
    faults: AtomicU64,
    objects: Mutex<IdSet>,
}

impl<'s> Unread<'s> {
    /// Nothing unread yet.
    pub(super) fn new(sink: Sink<'s>) -> Self {
        Self {
            sink,
            faults: AtomicU64::default(),
            objects: Mutex::default(),
        }
    }

    /// An object; told once, however often it is met.
    pub(super) fn object(&self, id: ObjectId, what: String) {
        let mut objects = self.objects.lock().unwrap_or_else(|e| e.into_inner());
        if objects.insert(id) && objects.len() <= NAMED {
            self.path(object_path(id), what);
        }
    }

    /// An object whose bytes are not what its kind asks for.
    pub(super) fn malformed(&self, id: ObjectId) {
        self.object(id, format!("object {id} is malformed; run `git fsck`"));
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
        let objects = self.objects.lock().map_or(0, |objects| objects.len());
        if let Some(more @ 1..) = objects.checked_sub(NAMED) {
            let what = format!("{more} more objects could not be read; run `git fsck`");
            self.file(repository, what);
        }
        self.faults.load(Relaxed) == 0
    }
}
