//! Objects of a pack in the order of their deltas, on all cores: each base once, then everything
//! built on it, while it is at hand.
//!
//! What a version copies from its base was looked at there. So whoever visits an object is shown where
//! it differs from its base, and may keep of it what makes looking at its versions easy.

use super::super::repo::object_id::ObjectId;
use super::chains::{Chains, needed};
use super::delta::{self, Seam, around};
use super::inflate::Inflate;
use super::{Pack, Packed, Slot};
use crate::model::{Failure, lock, unlock};
use crate::source::Consumer;
use rayon::Scope;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// Roots are handed to a thread until so many objects hang on them.
const TASK: u32 = 1024;

/// Longest buffer that is kept for the next object, in bytes.
const KEPT: usize = 8 << 20;

/// An object, whole.
#[derive(Clone, Copy)]
pub(in crate::source::git) struct Decoded<'a> {
    pub(in crate::source::git) kind: Packed,
    pub(in crate::source::git) id: ObjectId,
    pub(in crate::source::git) raw: &'a [u8],
    /// Where it differs from the one that it is built on, if it is built on one.
    pub(in crate::source::git) seams: Option<&'a [Seam]>,
    /// Others are built on it.
    pub(in crate::source::git) is_base: bool,
}

impl<'a> Decoded<'a> {
    /// One that was read alone.
    pub(in crate::source::git) fn alone(kind: Packed, id: ObjectId, raw: &'a [u8]) -> Self {
        Self {
            kind,
            id,
            raw,
            seams: None,
            is_base: false,
        }
    }

    /// True when `consumer` sees a sign in it. Where it is built on another, that one has none, so that only the seams
    /// need a look.
    pub(in crate::source::git) fn has_sign(&self, consumer: &dyn Consumer) -> bool {
        match self.seams {
            Some(seams) => around(seams, consumer.reach(), self.raw.len())
                .any(|part| consumer.has_sign(&self.raw[part])),
            None => consumer.has_sign(self.raw),
        }
    }
}

/// Looks at objects on one thread; another gets a clone.
pub(in crate::source::git) trait Visit: Clone + Send {
    /// What is kept of an object until all that is built on it has been visited.
    type Kept: Send + Sync;

    /// Looks at an object, with what was kept of the one it is built on.
    fn visit(&mut self, object: &Decoded<'_>, base: Option<&Self::Kept>) -> Self::Kept;
}

/// Decodes every blob, commit and tag of a pack and shows it to `visit`, of which each thread has a clone:
/// what it keeps, it keeps per thread. Left out is what `is_known`, unless something is built on it that is not; it is
/// asked of each once.
///
/// # Errors
/// When the pack is damaged. Objects that were decoded before have been visited by then.
pub(in crate::source::git) fn decode_content(
    pack: &Pack,
    is_known: impl Fn(&Slot) -> bool,
    visit: impl Visit,
) -> Result<(), String> {
    let slots = pack.slots()?;
    let is_wanted = |slot: &Slot| slot.kind != Packed::Tree && !is_known(slot);
    let needed = needed(slots, is_wanted);
    decode(
        pack,
        slots,
        &Chains::new(slots, |number, _| needed[number as usize]),
        visit,
    )
}

/// As [`decode_content`], for trees, and `with_commits` for commits too.
///
/// # Errors
/// As there.
pub(in crate::source::git) fn decode_trees(
    pack: &Pack,
    with_commits: bool,
    visit: impl Visit,
) -> Result<(), String> {
    let wanted = |kind| kind == Packed::Tree || with_commits && kind == Packed::Commit;
    decode_some(pack, wanted, visit)
}

/// As [`decode_content`], for objects of every kind.
///
/// # Errors
/// As there.
pub(in crate::source::git) fn decode_all(pack: &Pack, visit: impl Visit) -> Result<(), String> {
    decode_some(pack, |_| true, visit)
}

fn decode_some(
    pack: &Pack,
    wanted: impl Fn(Packed) -> bool,
    visit: impl Visit,
) -> Result<(), String> {
    let slots = pack.slots()?;
    let chains = Chains::new(slots, |_, slot| wanted(slot.kind));
    decode(pack, slots, &chains, visit)
}

/// Decodes the objects of `chains` and shows each to a clone of `visit`.
///
/// # Errors
/// When one cannot be decoded. Others have been visited by then.
fn decode(pack: &Pack, slots: &[Slot], chains: &Chains, visit: impl Visit) -> Result<(), String> {
    let decoding = Decoding {
        chains,
        pack,
        slots,
        workers: Mutex::new((visit, Vec::new())),
        stopped: AtomicBool::new(false),
        failed: Mutex::default(),
    };
    rayon::scope(|scope| {
        let mut rest = chains.roots();
        while !rest.is_empty() {
            let roots = rest.split_off(..decoding.fit(rest)).unwrap_or_default();
            let decoding = &decoding;
            scope.spawn(move |scope| decoding.task(scope, roots, None));
        }
    });
    match unlock(decoding.failed) {
        Some(why) => Err(why),
        None => Ok(()),
    }
}

/// A pack that is being decoded.
struct Decoding<'d, V> {
    chains: &'d Chains,
    pack: &'d Pack,
    slots: &'d [Slot],
    /// What is cloned for each thread, and the workers that no thread has.
    workers: Mutex<(V, Vec<Worker<V>>)>,
    stopped: AtomicBool,
    failed: Mutex<Option<String>>,
}

/// What a thread works with.
struct Worker<V> {
    visit: V,
    inflate: Inflate,
    delta: Vec<u8>,
    seams: Vec<Seam>,
    spare: Vec<Vec<u8>>,
}

/// An object that others are built on.
struct DeltaBase<K> {
    raw: Vec<u8>,
    kept: K,
}

/// A base, and which of those built on it comes next.
struct Open<K> {
    base: Arc<DeltaBase<K>>,
    next: Range<usize>,
}

impl<'d, V: Visit + 'd> Decoding<'d, V> {
    /// How many of the roots make a task.
    fn fit(&self, roots: &[u32]) -> usize {
        let mut weight = 0;
        let fits = |root: &&u32| {
            let fits = weight < TASK;
            weight += self.chains.weight(**root);
            fits
        };
        roots.iter().take_while(fits).count()
    }

    /// Decodes some objects, and all that hangs on them.
    fn task(&'d self, scope: &Scope<'d>, objects: &[u32], base: Option<Arc<DeltaBase<V::Kept>>>) {
        let mut worker = self.worker();
        for number in objects {
            let subtree = || self.subtree(scope, &mut worker, *number, base.as_deref());
            let done = Failure::caught(subtree).unwrap_or_else(|failure| Err(failure.to_string()));
            if let Err(why) = done {
                self.stopped.store(true, Relaxed);
                lock(&self.failed).get_or_insert(why);
            }
        }
        lock(&self.workers).1.push(worker);
    }

    fn worker(&self) -> Worker<V> {
        let mut workers = lock(&self.workers);
        workers.1.pop().unwrap_or_else(|| Worker {
            visit: workers.0.clone(),
            inflate: Inflate::new(),
            delta: Vec::new(),
            seams: Vec::new(),
            spare: Vec::new(),
        })
    }

    fn subtree(
        &'d self,
        scope: &Scope<'d>,
        worker: &mut Worker<V>,
        number: u32,
        base: Option<&DeltaBase<V::Kept>>,
    ) -> Result<(), String> {
        let mut open = Vec::new();
        open.extend(self.object(worker, number, base)?);
        while let Some(Open { base, next }) = open.last_mut() {
            let (at, base) = (next.start, base.clone());
            next.start += 1;
            let number = &self.chains.built()[at..=at];
            if next.start == next.end {
                open.pop();
            } else if self.chains.weight(number[0]) > TASK {
                scope.spawn(move |scope| self.task(scope, number, Some(base)));
                continue;
            }
            open.extend(self.object(worker, number[0], Some(&base))?);
            if let Ok(base) = Arc::try_unwrap(base) {
                worker.keep(base.raw);
            }
        }
        Ok(())
    }

    /// Decodes and visits an object; a base when others are built on it.
    fn object(
        &self,
        worker: &mut Worker<V>,
        number: u32,
        base: Option<&DeltaBase<V::Kept>>,
    ) -> Result<Option<Open<V::Kept>>, String> {
        if self.stopped.load(Relaxed) {
            return Ok(None);
        }
        let slot = &self.slots[number as usize];
        let mut raw = worker.spare.pop().unwrap_or_default();
        let next = self.chains.range(number);
        let mut object = Decoded {
            kind: slot.kind,
            id: slot.id,
            raw: &[],
            seams: None,
            is_base: next.start < next.end,
        };
        match base {
            None => self.pack.inflate(slot, &mut worker.inflate, &mut raw)?,
            Some(base) => {
                let (inflate, delta) = (&mut worker.inflate, &mut worker.delta);
                self.pack.inflate(slot, inflate, delta)?;
                delta::apply(&base.raw, delta, Pack::LONGEST, &mut raw, &mut worker.seams)?;
                object.seams = Some(&worker.seams);
            }
        }
        object.raw = &raw;
        let kept = worker.visit.visit(&object, base.map(|base| &base.kept));
        if !object.is_base {
            worker.keep(raw);
            return Ok(None);
        }
        let base = Arc::new(DeltaBase { raw, kept });
        Ok(Some(Open { base, next }))
    }
}

impl<V> Worker<V> {
    /// Keeps a buffer for the next object.
    fn keep(&mut self, buffer: Vec<u8>) {
        if buffer.capacity() <= KEPT {
            self.spare.push(buffer);
        }
    }
}
