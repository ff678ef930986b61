//! Everything a repository ever held: every object of every pack and every loose object, whether
//! a ref reaches it or not. Step one reads each object once and remembers which ones hit; where
//! those were, and since when, is step two (`provenance`) and paid for only by hits.

use super::super::pack::store::Listing;
use super::super::provenance::graph::Graph;
use super::super::refs::ref_targets::RefTargets;
use super::super::repo::object::ObjectKind;
use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use super::super::repo::single::{single, text};
use super::reading::{ObjectPass, ROUNDS};
use super::seen::Seen;
use crate::source::{Event, Progress, Sink, SourceError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Decides which objects hold something to report. Called from many threads.
pub trait ObjectFilter: Sync {
    /// True when `bytes` do; for a commit or tag these are its message.
    fn is_candidate(&self, kind: ObjectKind, id: ObjectId, bytes: &[u8]) -> bool;

    /// False when there is no sign in `bytes` of what makes candidates. Then no text is one in which
    /// all bytes farther than [`ObjectFilter::reach`] from its own stand as they do here.
    fn has_sign(&self, _bytes: &[u8]) -> bool {
        true
    }

    /// How much of the text around it decides whether a byte is a sign, in bytes.
    fn reach(&self) -> usize {
        0
    }
}

impl<F: Fn(ObjectKind, ObjectId, &[u8]) -> bool + Sync> ObjectFilter for F {
    fn is_candidate(&self, kind: ObjectKind, id: ObjectId, bytes: &[u8]) -> bool {
        self(kind, id, bytes)
    }
}

/// A repository to audit.
#[derive(Clone, Debug)]
pub struct History {
    pub(in crate::source::git) repo: GitRepo,
}

/// The objects for which the candidate said yes, and how much was read to know it.
#[derive(Debug, Default)]
pub struct ObjectHits {
    /// The objects, by id.
    pub objects: BTreeMap<ObjectId, ObjectKind>,
    /// How much was read.
    pub read: ObjectsRead,
    /// The commits, and the trees that lead to the objects.
    pub(in crate::source::git) graph: Arc<Graph>,
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

impl History {
    /// The history of `repo`.
    pub fn new(repo: GitRepo) -> Self {
        Self { repo }
    }

    /// Asks `candidate` about every object once. What cannot be read is a fault at `sink`, and the
    /// rest is read all the same. With `seen`, what it knows is not read again. Counts at `progress`.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn visit_objects(
        &self,
        candidate: &dyn ObjectFilter,
        sink: Sink<'_>,
        seen: Option<&mut Seen>,
        progress: &Progress,
    ) -> Result<ObjectHits, SourceError> {
        let mut nothing = Seen::default();
        let seen = seen.unwrap_or(&mut nothing);
        let mut round = 1;
        loop {
            let is_last = round >= ROUNDS;
            if let Some(hits) = self.pass(candidate, sink, seen, progress, is_last)? {
                return Ok(hits);
            }
            round += 1;
        }
    }

    /// One pass over all objects; `None` when git repacked them meanwhile and some were missed, and
    /// it is not the last that is made.
    fn pass(
        &self,
        candidate: &dyn ObjectFilter,
        sink: Sink<'_>,
        seen: &mut Seen,
        progress: &Progress,
        is_last: bool,
    ) -> Result<Option<ObjectHits>, SourceError> {
        let objects = self.repo.objects()?;
        // Refs are read before objects are listed: what a ref names meanwhile is not missed.
        let targets = RefTargets::of(&self.repo);
        // Loose objects are listed before packs are read: what is packed meanwhile keeps its id.
        let listing = Listing::of(&self.repo);
        seen.forget_unless_in(&listing);
        // What was told once must be told again by the next audit, so it is not kept then.
        let is_clean = AtomicBool::new(true);
        let watched = |event: Event<'_>| {
            if let Event::Fault(_) | Event::Skipped(_) = &event {
                is_clean.store(false, Ordering::Relaxed);
            }
            sink(event);
        };
        let reading = ObjectPass::new(self, candidate, &watched, progress);
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
        let (hits, complete) = reading.finish((graph, trees));
        if complete && is_clean.into_inner() && !is_known {
            seen.learn(&listing, &packs, &hits.objects, &hits.graph);
        }
        Ok(Some(hits))
    }

    /// The bytes that a [`ObjectFilter`] was shown for `id`.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn read(&self, id: ObjectId) -> Result<Vec<u8>, SourceError> {
        let read = single(&self.repo.objects()?, id);
        let (kind, raw) = read.map_err(|what| self.repo.error(what))?;
        Ok(text(kind, &raw).into_owned())
    }
}
