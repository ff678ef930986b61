//! What a push brought, decoded at once. Git keeps it in packs of its own until its hook has decided
//! (<https://git-scm.com/docs/git-receive-pack#_quarantine_environment>). Asking libgit2 for the objects of 10,000
//! commits one by one takes longer than all that git does for the push.

use super::super::repo::object_id::{IdMap, ObjectId};
use super::decoding::{Decoded, Visit, decode_all};
use super::store::Listing;
use super::{Pack, Packed};
use crate::model::{lock, unlock};
use crate::source::Consumer;
use crate::source::lfs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Most bytes of objects that are kept. What there is no room for is read from the pack when it is asked for.
const ROOM: usize = 256 << 20;

/// The objects of packs that no ref leads to yet.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Quarantine {
    /// Commits, trees and tags, and blobs in which there may be something: where they are kept.
    kept: IdMap<(Packed, Kept)>,
    /// The bytes of what is kept, of each thread.
    bytes: Vec<Vec<u8>>,
    /// How long the other blobs are, in bytes.
    signless: IdMap<u64>,
}

/// A part of the bytes that are kept.
#[derive(Clone, Copy, Debug)]
struct Kept {
    shelf: usize,
    start: usize,
    end: usize,
}

/// What a thread read.
#[derive(Default)]
struct QuarantineShelf {
    /// Objects one after the other: as many small pieces of memory would take longer than to decode them.
    bytes: Vec<u8>,
    /// Each with where it ends.
    kept: Vec<(ObjectId, Packed, usize)>,
    signless: Vec<(ObjectId, u64)>,
}

impl Quarantine {
    /// Decodes the packs in a folder of objects, of which blobs of at most `longest` bytes are looked at. A damaged pack
    /// is passed over: whoever asks for an object of it alone is told what is wrong.
    pub(in crate::source::git) fn within(
        folder: &Path,
        longest: u64,
        consumer: &dyn Consumer,
    ) -> Self {
        let mut quarantine = Self::default();
        let room = AtomicUsize::new(ROOM);
        for path in Listing::within(&[folder.to_owned()]).packs {
            let Ok(pack) = Pack::open(&path) else {
                continue;
            };
            let shelves = Mutex::default();
            let reader = QuarantineReader {
                longest,
                consumer,
                room: &room,
                shelves: &shelves,
                shelf: QuarantineShelf::default(),
            };
            if pack.is_indexed() && decode_all(&pack, reader).is_ok() {
                let shelves = unlock(shelves).into_iter();
                shelves.for_each(|shelf| quarantine.take(shelf));
            }
        }
        quarantine
    }

    fn take(&mut self, read: QuarantineShelf) {
        let shelf = self.bytes.len();
        let mut start = 0;
        for (id, kind, end) in read.kept {
            self.kept.insert(id, (kind, Kept { shelf, start, end }));
            start = end;
        }
        self.bytes.push(read.bytes);
        self.signless.extend(read.signless);
    }

    /// What an object is, and its bytes, if they were kept.
    pub(in crate::source::git) fn get(&self, id: ObjectId) -> Option<(Packed, &[u8])> {
        let (kind, Kept { shelf, start, end }) = *self.kept.get(&id)?;
        Some((kind, self.bytes.get(shelf)?.get(start..end)?))
    }

    /// How long a blob is in which there is no sign of anything, in bytes.
    pub(in crate::source::git) fn signless(&self, id: ObjectId) -> Option<u64> {
        self.signless.get(&id).copied()
    }
}

/// Reads objects on one thread, and gives its shelf away at its end. A clone starts with nothing.
struct QuarantineReader<'q> {
    longest: u64,
    consumer: &'q dyn Consumer,
    /// How many more bytes are kept.
    room: &'q AtomicUsize,
    shelves: &'q Mutex<Vec<QuarantineShelf>>,
    shelf: QuarantineShelf,
}

impl Visit for QuarantineReader<'_> {
    /// Whether there is no sign of anything in it.
    type Kept = bool;

    fn visit(&mut self, object: &Decoded<'_>, base: Option<&bool>) -> bool {
        let Decoded { kind, id, raw, .. } = *object;
        let seams = object.seams.filter(|_| base == Some(&true));
        let is_searched = kind == Packed::Blob && raw.len() as u64 <= self.longest;
        let is_signless = is_searched && !Decoded { seams, ..*object }.has_sign(self.consumer);
        // What is in a large file of Git LFS stands elsewhere.
        if is_signless && lfs::pointed_to(raw).is_none() {
            self.shelf.signless.push((id, raw.len() as u64));
        } else if kind != Packed::Blob || is_searched {
            self.keep(kind, id, raw);
        }
        is_signless
    }
}

impl QuarantineReader<'_> {
    fn keep(&mut self, kind: Packed, id: ObjectId, raw: &[u8]) {
        let taken = |room: usize| room.checked_sub(raw.len());
        if self.room.fetch_update(Relaxed, Relaxed, taken).is_ok() {
            self.shelf.bytes.extend_from_slice(raw);
            let end = self.shelf.bytes.len();
            self.shelf.kept.push((id, kind, end));
        }
    }
}

impl Clone for QuarantineReader<'_> {
    fn clone(&self) -> Self {
        Self {
            shelf: QuarantineShelf::default(),
            ..*self
        }
    }
}

impl Drop for QuarantineReader<'_> {
    fn drop(&mut self) {
        lock(self.shelves).push(std::mem::take(&mut self.shelf));
    }
}
