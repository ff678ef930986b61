//! Source x detector x policy -> outcome: the same for 1 or 64 threads.

use crate::decode::archive::{self, Budget, Found, Kind, Limits, Member};
use crate::detect::Detector;
use crate::model::{
    Blob, BlobPath, Derivation, Detection, Dropped, Fault, LineIndex, Match, Outcome, Position,
    Stats,
};
use crate::policy::Policy;
use crate::source::{Event, Source, SourceError};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads all of `source` and reports what counts, sorted.
///
/// # Errors
/// When nothing of the source could be read.
pub fn scan(
    source: &dyn Source,
    detector: &Detector,
    policy: &Policy,
) -> Result<Outcome, SourceError> {
    let collector = Collector::new(detector, policy);
    source.visit(&|event| collector.take(event))?;
    Ok(collector.finish())
}

/// Gathers results from all threads. The counters are all that a clean blob touches; the lock is
/// taken only for blobs that hit.
struct Collector<'a> {
    detector: &'a Detector,
    policy: &'a Policy,
    files: AtomicU64,
    bytes: AtomicU64,
    commits: AtomicU64,
    members: AtomicU64,
    limits: Limits,
    skipped: Mutex<BTreeMap<&'static str, u64>>,
    outcome: Mutex<Outcome>,
}

impl<'a> Collector<'a> {
    fn new(detector: &'a Detector, policy: &'a Policy) -> Self {
        Self {
            detector,
            policy,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            members: AtomicU64::new(0),
            limits: Limits::default(),
            skipped: Mutex::default(),
            outcome: Mutex::default(),
        }
    }

    fn take(&self, event: Event<'_>) {
        match event {
            Event::Blob(blob) => self.blob(&blob),
            Event::Fault(fault) => self.fault(fault.path, fault.what),
            Event::Skipped(kind) => self.skipped(kind),
            Event::Commit => {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn blob(&self, blob: &Blob<'_>) {
        if self.policy.excludes(blob) {
            return self.skipped("excluded");
        }
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes
            .fetch_add(blob.bytes.len() as u64, Ordering::Relaxed);
        let item = Item {
            blob: blob.clone(),
            own: blob.path,
            outer: None,
        };
        match archive::kind(blob.bytes) {
            None => self.search(&item),
            Some(kind) => {
                let budget = Budget::new(self.limits, blob.bytes.len());
                self.unpack(&item, kind, 1, &budget);
            }
        }
    }

    /// Looks into the members of an archive, then into what else its bytes hold.
    fn unpack(&self, item: &Item<'_>, kind: Kind, depth: usize, budget: &Budget) {
        let (bytes, name) = (item.blob.bytes, item.own.file_name());
        let mut stored = Vec::new();
        archive::read(kind, bytes, name, budget, &mut |found| match found {
            Found::Member(member) => {
                stored.extend(member.stored);
                self.member(item, member, depth, budget);
            }
            Found::Skipped(kind) => self.skipped(kind),
            Found::Fault(member, what) => self.fault(item.path_of(member), what),
        });
        let rest = archive::without(bytes, &stored);
        self.search(&item.holding(&rest));
    }

    fn member(&self, archive: &Item<'_>, member: Member<'_>, depth: usize, budget: &Budget) {
        let (path, own) = (
            archive.path_of(member.path),
            BlobPath::from_bytes(member.path),
        );
        let item = archive.member(&path, &own, member.bytes);
        let inside = item.inside();
        if self.policy.excludes(&item.blob) || self.policy.excludes(&inside) {
            return self.skipped("excluded");
        }
        self.members.fetch_add(1, Ordering::Relaxed);
        match archive::kind(member.bytes) {
            Some(kind) if depth < self.limits.depth => {
                self.unpack(&item, kind, depth + 1, budget);
            }
            inner => {
                if inner.is_some() {
                    self.fault(path.clone(), self.limits.depth_exceeded());
                }
                self.search(&item);
            }
        }
    }

    /// Searches the bytes of a file, or of a member of an archive.
    fn search(&self, item: &Item<'_>) {
        let blob = &item.blob;
        let Some(mut detection) = self.detector.detect(&item.inside()) else {
            return;
        };
        let is_empty = detection.matches.is_empty()
            && detection.drops.is_empty()
            && detection.faults.is_empty();
        if is_empty && !self.policy.is_addressed_by(&detection.text) {
            return;
        }
        if let Some(outer) = item.outer {
            let matches = detection.matches.iter_mut();
            matches.for_each(|matched| item.derive(matched, outer));
        }
        let lines = LineIndex::new(&detection.text);
        let verdict = self.policy.apply(blob, &detection, &lines);
        let dropped = dropped(blob.path, &detection, &lines);
        let faults = detection.faults.iter();
        let faults: Vec<_> = faults.map(|f| Fault::new(blob.path.clone(), f)).collect();
        self.with_outcome(|outcome| {
            outcome.findings.extend(verdict.findings);
            outcome.suppressed.extend(verdict.suppressed);
            outcome.warnings.extend(verdict.warnings);
            outcome.dropped.extend(dropped);
            outcome.faults.extend(faults);
        });
    }

    fn skipped(&self, kind: &'static str) {
        *lock(&self.skipped).entry(kind).or_default() += 1;
    }

    fn fault(&self, path: BlobPath, what: String) {
        self.with_outcome(|outcome| outcome.faults.push(Fault { path, what }));
    }

    fn with_outcome(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut lock(&self.outcome));
    }

    fn finish(self) -> Outcome {
        let mut outcome = self.outcome.into_inner().unwrap_or_else(|e| e.into_inner());
        outcome
            .findings
            .sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        outcome
            .suppressed
            .sort_by(|a, b| a.finding.sort_key().cmp(&b.finding.sort_key()));
        outcome.dropped.sort();
        outcome.faults.sort();
        outcome.faults.dedup();
        outcome
            .warnings
            .extend(self.policy.finish(outcome.faults.is_empty()));
        outcome.warnings.sort();
        outcome.warnings.dedup();
        outcome.stats = Stats {
            files: self.files.into_inner(),
            bytes: self.bytes.into_inner(),
            commits: self.commits.into_inner(),
            members: self.members.into_inner(),
            skipped: self.skipped.into_inner().unwrap_or_else(|e| e.into_inner()),
        };
        outcome.rules = self
            .detector
            .rules()
            .iter()
            .map(|r| r.info.clone())
            .collect();
        outcome
    }
}

/// Bytes to search: a file, or a member of an archive.
#[derive(Clone, Debug)]
struct Item<'a> {
    /// As reports name it: `outer.zip!/inner/config.env`.
    blob: Blob<'a>,
    /// The path that says what kind of file it is: a member's own, in its archive.
    own: &'a BlobPath,
    /// The file that holds the outermost archive.
    outer: Option<&'a BlobPath>,
}

impl<'a> Item<'a> {
    /// The same with other bytes.
    fn holding<'b>(&'b self, bytes: &'b [u8]) -> Item<'b> {
        let blob = Blob {
            bytes,
            ..self.blob.clone()
        };
        Item { blob, ..*self }
    }

    /// How reports name a member of this archive.
    fn path_of(&self, member: &[u8]) -> BlobPath {
        BlobPath::from_bytes([self.blob.path.as_bytes(), b"!/", member].concat())
    }

    fn member<'b>(&'b self, path: &'b BlobPath, own: &'b BlobPath, bytes: &'b [u8]) -> Item<'b> {
        let origin = self.blob.origin;
        Item {
            blob: Blob {
                path,
                origin,
                bytes,
            },
            own,
            outer: self.outer.or(Some(self.blob.path)),
        }
    }

    /// The blob under its own path, as the detector sees it.
    fn inside(&self) -> Blob<'a> {
        Blob {
            path: self.own,
            ..self.blob.clone()
        }
    }

    /// Says that a match was in an archive, or in which archive the source map was that leads on.
    fn derive(&self, matched: &mut Match, outer: &BlobPath) {
        match &mut matched.derivation {
            Some(derivation) => {
                let archive = self.blob.path.as_bytes();
                let archive = &archive[..archive.len() - self.own.as_bytes().len()];
                let path = [archive, derivation.path.as_bytes()].concat();
                derivation.path = BlobPath::from_bytes(path);
            }
            none => {
                *none = Some(Derivation {
                    kind: "archive",
                    path: outer.clone(),
                    line: 1,
                    column: 1,
                });
            }
        }
    }
}

/// A poisoned lock holds what was gathered before another thread panicked, which is still true.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
}

fn dropped(path: &BlobPath, detection: &Detection<'_>, lines: &LineIndex) -> Vec<Dropped> {
    let place = |offset| -> Position { lines.position(offset) };
    let drops = detection.drops.iter();
    drops
        .map(|drop| {
            let Position { line, column } = place(drop.span.start);
            Dropped {
                path: path.clone(),
                line,
                column,
                rule: drop.rule.id.clone(),
                reason: drop.reason.to_string(),
            }
        })
        .collect()
}
