//! What is done with each blob, commit and tag, in packs and out of them: it is searched, and what it
//! names is kept.

use super::super::pack::Packed;
use super::super::pack::claims::Claims;
use super::super::pack::decoding::{Decoded, Visit};
use super::super::pack::known_blobs::{BlobState, KnownBlobs};
use super::super::pointers;
use super::super::progress::Progress;
use super::super::repo::object::ObjectKind;
use super::super::repo::object_id::ObjectId;
use super::super::repo::single::{has_id, reported, text};
use super::links::Links;
use super::tally::Tally;
use super::unread::Unread;
use crate::model::{Failure, lock};
use crate::source::{Consumer, too_large};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What was read so far, by all threads.
pub(super) struct ObjectContent<'a> {
    might_hit: MightHit<'a>,
    consumer: &'a dyn Consumer,
    /// Longest blob that is searched, in bytes.
    longest: u64,
    /// Blobs that other repositories have too.
    known: Option<&'a KnownBlobs>,
    progress: &'a Progress,
    pub(in crate::source::git) hits: Mutex<BTreeMap<ObjectId, ObjectKind>>,
    pub(in crate::source::git) links: Links,
    pub(in crate::source::git) unread: Unread,
    pub(in crate::source::git) tally: Tally,
}

impl<'a> ObjectContent<'a> {
    /// Nothing read yet.
    pub(in crate::source::git) fn new(
        might_hit: MightHit<'a>,
        consumer: &'a dyn Consumer,
        longest: u64,
        known: Option<&'a KnownBlobs>,
        progress: &'a Progress,
    ) -> Self {
        Self {
            might_hit,
            consumer,
            longest,
            known,
            progress,
            hits: Mutex::default(),
            links: Links::default(),
            unread: Unread::default(),
            tally: Tally::default(),
        }
    }

    /// Looks at an object, of which only the seams are new when it is given any; true when there is
    /// no sign of a hit in it.
    pub(in crate::source::git) fn object(&self, object: &Decoded<'_>) -> bool {
        let Decoded { kind, id, raw, .. } = *object;
        if kind == Packed::Tree {
            return false; // Read when the hits are known.
        }
        // Decoded for the sake of what is built on it, or read in another repository meanwhile.
        if let Some(state) = self.recalled(id) {
            return state == BlobState::Signless;
        }
        self.progress.advance(1);
        match Failure::caught(|| self.links.add(kind, id, raw)) {
            Ok(true) => {}
            Ok(false) => self.unread.malformed(id),
            Err(failure) => self.unread.object(id, failure.to_string()),
        }
        if kind == Packed::Blob && raw.len() as u64 > self.longest {
            let size = Some(raw.len() as u64);
            self.unread.object(id, too_large(size, self.longest));
            return false;
        }
        let told = reported(kind);
        self.tally.read(told, raw.len() as u64);
        let looked = Failure::caught(|| {
            let seams = object.seams.filter(|_| kind == Packed::Blob);
            let has_sign = Decoded { seams, ..*object }.has_sign(self.consumer);
            let is_pointer = kind == Packed::Blob && pointers::is_pointer(raw);
            let is_hit = is_pointer || has_sign && (self.might_hit)(told, id, &text(kind, raw));
            (has_sign, is_hit)
        });
        let failed = looked.is_err();
        let (has_sign, is_hit) = looked.unwrap_or_else(|failure| {
            // As a hit it is looked at again at its places, where what else is in it can be reported.
            self.unread.object(id, failure.to_string());
            (true, true)
        });
        if is_hit {
            self.remember([(id, told)]);
        }
        if let (Some(known), Packed::Blob, false) = (self.known, kind, failed) {
            let state = match (has_sign, is_hit) {
                (_, true) => BlobState::Hit,
                (true, false) => BlobState::Harmless,
                (false, false) => BlobState::Signless,
            };
            if has_id(kind, id, raw) {
                known.learn(id, state);
            }
        }
        !has_sign
    }

    /// What is known of a blob that was read in another repository, which is a hit here if it was one there. One that is
    /// longer than what is read is not known.
    pub(super) fn recalled(&self, id: ObjectId) -> Option<BlobState> {
        let state = self.known?.get(id)?;
        self.progress.advance(1);
        self.tally.known(1);
        if state == BlobState::Hit {
            self.remember([(id, ObjectKind::Blob)]);
        }
        Some(state)
    }

    /// True for a blob that another repository has too.
    pub(super) fn is_known(&self, id: ObjectId) -> bool {
        self.known.is_some_and(|known| known.get(id).is_some())
    }

    /// Keeps hits.
    pub(in crate::source::git) fn remember(
        &self,
        hits: impl IntoIterator<Item = (ObjectId, ObjectKind)>,
    ) {
        lock(&self.hits).extend(hits);
    }

    /// Looks at what is in the pack with this number and is not read in another.
    pub(super) fn of_pack<'r>(&'r self, (claims, number): (&'r Claims, u32)) -> OfPack<'r> {
        OfPack {
            content: self,
            claims,
            number,
        }
    }
}

/// Looks at the objects of a pack. Kept of each: whether there is no sign of a hit in it, so that only
/// the seams of what is built on it need a look.
#[derive(Clone, Copy)]
pub(super) struct OfPack<'r> {
    content: &'r ObjectContent<'r>,
    claims: &'r Claims,
    number: u32,
}

impl Visit for OfPack<'_> {
    type Kept = bool;

    fn visit(&mut self, object: &Decoded<'_>, base: Option<&bool>) -> bool {
        if self.claims.is_of_another(object.id, self.number) {
            return false;
        }
        let seams = object.seams.filter(|_| base == Some(&true));
        self.content.object(&Decoded { seams, ..*object })
    }
}

/// Decides whether an object holds something to report, by its id and its bytes; of a commit or tag these are the
/// message. Called from many threads.
pub type MightHit<'m> = &'m (dyn Fn(ObjectKind, ObjectId, &[u8]) -> bool + Sync);
