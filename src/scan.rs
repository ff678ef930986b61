//! Source x detector x policy -> outcome: the same for 1 or 64 threads.

use crate::detect::Detector;
use crate::model::{
    Blob, BlobPath, Detection, Dropped, Fault, LineIndex, Outcome, Position, Stats,
};
use crate::policy::{Policy, Verdict};
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
    let mut outcome = collector.finish();
    outcome.stats.commits = outcome.stats.commits.filter(|_| source.counts_commits());
    Ok(outcome)
}

/// What one blob gave.
pub(crate) struct Judged {
    /// What counts, what does not, and what is wrong with the silencing.
    pub(crate) verdict: Verdict,
    dropped: Vec<Dropped>,
    faults: Vec<Fault>,
}

/// Gathers results from all threads. The counters are all that a clean blob touches; the lock is
/// taken only for blobs that hit.
pub(crate) struct Collector<'a> {
    detector: &'a Detector,
    policy: &'a Policy,
    files: AtomicU64,
    bytes: AtomicU64,
    commits: AtomicU64,
    skipped: Mutex<BTreeMap<&'static str, u64>>,
    outcome: Mutex<Outcome>,
}

impl<'a> Collector<'a> {
    /// Nothing gathered yet.
    pub(crate) fn new(detector: &'a Detector, policy: &'a Policy) -> Self {
        Self {
            detector,
            policy,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            skipped: Mutex::default(),
            outcome: Mutex::default(),
        }
    }

    /// Takes in one event of a source.
    pub(crate) fn take(&self, event: Event<'_>) {
        match event {
            Event::Blob(blob) => self.blob(&blob),
            Event::Fault(fault) => self.with_outcome(|outcome| outcome.faults.push(fault)),
            Event::Skipped(kind) => self.skipped(kind),
            Event::Commit => {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn blob(&self, blob: &Blob<'_>) {
        if let Some(judged) = self.judge(blob) {
            self.keep(judged);
        }
    }

    /// What there is to say about a blob; nothing, about nearly all.
    pub(crate) fn judge(&self, blob: &Blob<'_>) -> Option<Judged> {
        if self.policy.excludes(blob) {
            self.skipped("excluded");
            return None;
        }
        self.files.fetch_add(1, Ordering::Relaxed);
        self.bytes
            .fetch_add(blob.bytes.len() as u64, Ordering::Relaxed);
        let detection = self.detector.detect(blob)?;
        let is_empty = detection.matches.is_empty()
            && detection.drops.is_empty()
            && detection.faults.is_empty();
        if is_empty && !self.policy.is_addressed_by(&detection.text) {
            return None;
        }
        let lines = LineIndex::new(&detection.text);
        let faults = detection.faults.iter();
        Some(Judged {
            verdict: self.policy.apply(blob, &detection, &lines),
            dropped: dropped(blob.path, &detection, &lines),
            faults: faults.map(|f| Fault::new(blob.path.clone(), f)).collect(),
        })
    }

    /// Adds what a blob gave to the outcome.
    pub(crate) fn keep(&self, judged: Judged) {
        self.with_outcome(|outcome| {
            outcome.findings.extend(judged.verdict.findings);
            outcome.suppressed.extend(judged.verdict.suppressed);
            outcome.warnings.extend(judged.verdict.warnings);
            outcome.dropped.extend(judged.dropped);
            outcome.faults.extend(judged.faults);
        });
    }

    fn skipped(&self, kind: &'static str) {
        *lock(&self.skipped).entry(kind).or_default() += 1;
    }

    fn with_outcome(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut lock(&self.outcome));
    }

    /// Everything gathered, sorted.
    pub(crate) fn finish(self) -> Outcome {
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
            commits: Some(self.commits.into_inner()),
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

/// A poisoned lock holds what was gathered before another thread panicked, which is still true.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
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
