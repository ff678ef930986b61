//! What an audit could not read: named one by one up to a limit, then counted. Told at the end, since
//! an audit that a repack overtook is made again.

use super::super::repo::object::object_path;
use super::super::repo::object_id::{IdSet, ObjectId};
use crate::model::{BlobPath, Fault, lock};
use crate::source::{Consumer, Event};
use std::path::Path;
use std::sync::Mutex;

/// Unreadable objects that are named one by one; the rest is a number.
const NAMED: usize = 20;

/// What could not be read so far.
#[derive(Default)]
pub(in crate::source::git) struct Unread {
    faults: Mutex<Vec<Fault>>,
    objects: Mutex<IdSet>,
}

impl Unread {
    /// True while nothing was left unread.
    pub(in crate::source::git) fn is_empty(&self) -> bool {
        lock(&self.faults).is_empty()
    }

    /// An object; told once, however often it is met.
    pub(in crate::source::git) fn object(&self, id: ObjectId, what: String) {
        let mut objects = lock(&self.objects);
        if objects.insert(id) && objects.len() <= NAMED {
            self.path(object_path(id), what);
        }
    }

    /// An object whose bytes are not what its kind asks for.
    pub(in crate::source::git) fn malformed(&self, id: ObjectId) {
        self.object(id, format!("object {id} is malformed; run `git fsck`"));
    }

    /// A file or folder of the repository.
    pub(in crate::source::git) fn file(&self, path: &Path, what: String) {
        self.path(BlobPath::from_native(path), what);
    }

    fn path(&self, path: BlobPath, what: String) {
        lock(&self.faults).push(Fault::new(path, what));
    }

    /// Tells the consumer, and says whether everything was read.
    pub(in crate::source::git) fn finish(
        &self,
        repository: &Path,
        consumer: &dyn Consumer,
    ) -> bool {
        let objects = lock(&self.objects).len();
        if let Some(more @ 1..) = objects.checked_sub(NAMED) {
            let what = format!("{more} more objects could not be read; run `git fsck`");
            self.file(repository, what);
        }
        let faults = std::mem::take(&mut *lock(&self.faults));
        let complete = faults.is_empty();
        faults
            .into_iter()
            .for_each(|fault| consumer.take(Event::Fault(fault)));
        complete
    }
}
