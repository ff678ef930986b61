//! Everything a repository ever held: every object of every pack and every loose object, whether
//! a ref reaches it or not. Step one reads each object once and remembers which ones hit; where
//! those were, and since when, is step two (`provenance`) and paid for only by hits.

use super::super::pack::known_blobs::KnownBlobs;
use super::super::pack::store::Listing;
use super::super::progress::Progress;
use super::super::refs::ref_targets::RefTargets;
use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use super::super::repo::single::{single, text};
use super::content::MightHit;
use super::reading::{ObjectHits, ObjectPass, ROUNDS};
use super::seen::Seen;
use crate::model::BlobPath;
use crate::source::{Consumer, Event, SourceError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A repository to audit.
#[derive(Clone, Debug)]
pub struct History {
    pub(in crate::source::git) repo: GitRepo,
    known: Option<Arc<KnownBlobs>>,
}

impl History {
    /// The history of `repo`.
    pub fn new(repo: GitRepo) -> Self {
        Self { repo, known: None }
    }

    /// The same, of which blobs that other repositories have too are not read again; it learns those that it reads.
    #[must_use]
    pub fn among(mut self, known: Arc<KnownBlobs>) -> Self {
        self.known = Some(known);
        self
    }

    /// Asks `might_hit` about every object once, but of those in which `consumer` sees no sign. What cannot be read is a fault at `consumer`, and the
    /// rest is read all the same. With `seen`, what it knows is not read again. Counts at `progress`.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn visit_objects(
        &self,
        might_hit: MightHit<'_>,
        consumer: &dyn Consumer,
        seen: Option<&mut Seen>,
        progress: &Progress,
    ) -> Result<ObjectHits, SourceError> {
        let mut nothing = Seen::default();
        let seen = seen.unwrap_or(&mut nothing);
        let mut round = 1;
        loop {
            let is_last = round >= ROUNDS;
            if let Some(hits) = self.pass(might_hit, consumer, seen, progress, is_last)? {
                return Ok(hits);
            }
            round += 1;
        }
    }

    /// One pass over all objects; `None` when git repacked them meanwhile and some were missed, and
    /// it is not the last that is made.
    fn pass(
        &self,
        might_hit: MightHit<'_>,
        consumer: &dyn Consumer,
        seen: &mut Seen,
        progress: &Progress,
        is_last: bool,
    ) -> Result<Option<ObjectHits>, SourceError> {
        self.repo.check_indexes()?;
        let objects = self.repo.objects()?;
        // Refs are read before objects are listed: what a ref names meanwhile is not missed.
        let targets = RefTargets::of(&self.repo).and_beside(&self.repo);
        // Loose objects are listed before packs are read: what is packed meanwhile keeps its id.
        let listing = Listing::within(&self.repo.object_folders());
        seen.forget_unless_in(&listing);
        // What was told once must be told again by the next audit, so it is not kept then.
        let watched = Watched {
            consumer,
            is_clean: AtomicBool::new(true),
        };
        let known = self.known.as_deref();
        let reading = ObjectPass::new(&self.repo, might_hit, &watched, known, progress);
        let packs = reading.packs(&listing, &objects, seen);
        reading.loose(&listing, &packs, seen);
        let graph = seen.graph(&listing, &packs, &objects);
        let is_known = graph.is_some();
        let (trees, missing) =
            reading.trees_and_missing(&listing, &packs, seen, &targets, graph.as_ref());
        if !is_last && reading.is_overtaken(&missing, &listing) {
            return Ok(None);
        }
        reading.boundaries(&listing, missing, &targets);
        let (mut hits, complete) = reading.finish((graph, trees));
        let is_clean = watched.is_clean.into_inner() && hits.names.is_empty();
        if complete && is_clean && !is_known {
            seen.learn(&listing, &packs, &hits.objects, &hits.graph);
        }
        hits.names.extend(targets.names(consumer));
        Ok(Some(hits))
    }

    /// The bytes that a [`MightHit`] was shown for `id`.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn read(&self, id: ObjectId) -> Result<Vec<u8>, SourceError> {
        let read = single(&self.repo.objects()?, id);
        let (kind, raw) = read.map_err(|what| self.repo.error(what))?;
        Ok(text(kind, &raw).into_owned())
    }
}

/// Notes whether anything was told that the next audit must tell again.
struct Watched<'c> {
    consumer: &'c dyn Consumer,
    is_clean: AtomicBool,
}

impl Consumer for Watched<'_> {
    fn take(&self, event: Event<'_>) {
        if let Event::Fault(_) | Event::Skipped(_) = &event {
            self.is_clean.store(false, Ordering::Relaxed);
        }
        self.consumer.take(event);
    }

    fn wants(&self, path: &BlobPath) -> bool {
        self.consumer.wants(path)
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        self.consumer.wants_name(name)
    }

    fn has_sign(&self, bytes: &[u8]) -> bool {
        self.consumer.has_sign(bytes)
    }

    fn reach(&self) -> usize {
        self.consumer.reach()
    }
}
