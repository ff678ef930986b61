//! Source x detector x policy -> outcome: the same for 1 or 64 threads.

use crate::decode::archive::Limits;
use crate::decode::image::{HEAD, ImageFiles, LARGEST_DOCUMENT};
use crate::decode::may_hold_key;
use crate::detect::Detector;
use crate::fix;
use crate::inspect::{Inspected, Inspector, demanded, locate};
use crate::model::{
    Blob, BlobPath, EXCLUDED, Failure, Fault, Finding, Nearby, Origin, Outcome, Stats, lock, unlock,
};
use crate::policy::Policy;
use crate::source::{Consumer, Event, ObjectId, Source, SourceError};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
    scan_telling(source, detector, policy, &|_| {})
}

/// As [`scan`], and tells findings as soon as they are made, in any order and from many threads.
///
/// # Errors
/// As there.
pub fn scan_telling(
    source: &dyn Source,
    detector: &Detector,
    policy: &Policy,
    found: TellFindings<'_>,
) -> Result<Outcome, SourceError> {
    let mut collector = Collector::new(detector, policy);
    collector.inspector = collector.inspector.among(source.nearby());
    collector.found = found;
    source.visit(&collector)?;
    let images = std::mem::take(&mut *lock(&collector.images));
    let mut outcome = collector.finish();
    for folder in images {
        let path = BlobPath::from_bytes([&folder, IMAGE_MARK].concat());
        let locating = || locate_in(&mut outcome, folder, source);
        if let Err(failure) = Failure::caught(locating) {
            outcome.faults.push(Fault::new(path, failure.to_string()));
        }
    }
    outcome.stats.commits = outcome.stats.commits.filter(|_| source.counts_commits());
    Ok(outcome)
}

/// Is told findings as soon as they are made.
pub type TellFindings<'f> = &'f (dyn Fn(&[Finding]) + Sync);

/// Gathers results from all threads. The counters are all that a clean blob touches; the lock is
/// taken only for blobs that hit.
pub(crate) struct Collector<'a> {
    /// What looks into blobs.
    pub(crate) inspector: Inspector<'a>,
    found: TellFindings<'a>,
    files: AtomicU64,
    bytes: AtomicU64,
    commits: AtomicU64,
    members: AtomicU64,
    ignored: AtomicU64,
    ignored_folders: AtomicU64,
    skipped: Mutex<BTreeMap<&'static str, u64>>,
    outcome: Mutex<Outcome>,
    /// The folders that hold images: `oci/`.
    images: Mutex<BTreeSet<Vec<u8>>>,
}

impl<'a> Collector<'a> {
    /// Nothing gathered yet.
    pub(crate) fn new(detector: &'a Detector, policy: &'a Policy) -> Self {
        Self {
            inspector: Inspector::new(detector, policy),
            found: &|_| {},
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            members: AtomicU64::new(0),
            ignored: AtomicU64::new(0),
            ignored_folders: AtomicU64::new(0),
            skipped: Mutex::default(),
            outcome: Mutex::default(),
            images: Mutex::default(),
        }
    }

    fn blob(&self, blob: &Blob<'_>) {
        if let Some(judged) = self.judge(blob) {
            self.keep(judged);
        }
    }

    fn name(&self, name: &Blob<'_>) {
        if !self.inspector.policy.excludes(name)
            && let Some(judged) = self.inspector.inspect(name)
        {
            self.keep(judged);
        }
    }

    /// A blob that was asked for by name: nothing excludes it, and what in it cannot be opened is a fault.
    fn named(&self, blob: &Blob<'_>) {
        self.meet_image(blob);
        self.file(blob.path, blob.bytes.len() as u64);
        if let Some(mut judged) = self.inspector.inspect(blob) {
            judged.demand_all();
            self.keep(judged);
        }
    }

    /// What there is to say about a blob; nothing, about nearly all.
    pub(crate) fn judge(&self, blob: &Blob<'_>) -> Option<Inspected> {
        let counts = self.counts(blob, blob.bytes.len() as u64);
        counts.then(|| self.inspector.inspect(blob)).flatten()
    }

    /// Counts a blob of `size` bytes; false when the configuration excludes it.
    fn counts(&self, blob: &Blob<'_>, size: u64) -> bool {
        let counts = !self.inspector.policy.excludes(blob);
        match counts {
            // Texts of commits and tags are no files.
            true if blob.origin.is_message() => self.add(0, size),
            true => {
                self.meet_image(blob);
                self.file(blob.path, size);
            }
            false => self.skipped(EXCLUDED),
        }
        counts
    }

    /// Counts a file that is read.
    fn file(&self, path: &BlobPath, size: u64) {
        self.add(1, size);
        self.inspector.policy.meet(path);
    }

    /// Notes where an image lies in a folder, by the file that marks one.
    fn meet_image(&self, blob: &Blob<'_>) {
        let path = blob.path.as_bytes();
        let folder = path.strip_suffix(IMAGE_MARK);
        let folder = folder.filter(|folder| folder.is_empty() || folder.ends_with(b"/"));
        if let Some(folder) = folder.filter(|_| *blob.origin == Origin::File) {
            lock(&self.images).insert(folder.to_vec());
        }
    }

    fn add(&self, files: u64, size: u64) {
        self.files.fetch_add(files, Ordering::Relaxed);
        self.bytes.fetch_add(size, Ordering::Relaxed);
    }

    /// Adds what a blob gave to the outcome.
    pub(crate) fn keep(&self, judged: Inspected) {
        self.members.fetch_add(judged.members, Ordering::Relaxed);
        (self.found)(&judged.verdict.findings);
        for ((_, kind), count) in &judged.skipped {
            *lock(&self.skipped).entry(kind).or_default() += count;
        }
        self.with_outcome(|outcome| {
            outcome.passed_over.extend(judged.passed_over());
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
        let mut outcome = unlock(self.outcome);
        outcome.sort_findings();
        fix::number(&mut outcome.findings);
        outcome
            .suppressed
            .sort_by(|a, b| a.finding.sort_key().cmp(&b.finding.sort_key()));
        outcome.dropped.sort();
        outcome.faults.sort();
        outcome.faults.dedup();
        outcome.passed_over.sort();
        outcome
            .warnings
            .extend(self.inspector.policy.finish(outcome.faults.is_empty()));
        outcome.warnings.sort();
        outcome.warnings.dedup();
        outcome.stats = Stats {
            files: self.files.into_inner(),
            bytes: self.bytes.into_inner(),
            commits: Some(self.commits.into_inner()),
            members: self.members.into_inner(),
            known: 0,
            known_since: None,
            ignored: self.ignored.into_inner(),
            ignored_folders: self.ignored_folders.into_inner(),
            skipped: unlock(self.skipped),
        };
        outcome.rules = self
            .inspector
            .detector
            .rules()
            .iter()
            .map(|r| r.info.clone())
            .collect();
        outcome
    }
}

impl Consumer for Collector<'_> {
    fn take(&self, event: Event<'_>) {
        match event {
            Event::Blob(blob) => self.blob(&blob),
            Event::Named(blob) => self.named(&blob),
            Event::Name(blob) => self.name(&blob),
            Event::Signless(path, _) if self.inspector.policy.excludes_path(path) => {
                self.skipped(EXCLUDED);
            }
            Event::Signless(path, size) => self.file(path, size),
            Event::Fault(fault) => self.with_outcome(|outcome| outcome.faults.push(fault)),
            Event::Skipped(kind) => self.skipped(kind),
            Event::PassedOver(path, kind) if self.inspector.wants(&path) => {
                self.skipped(kind);
                self.with_outcome(|outcome| outcome.passed_over.push(Fault::new(path, kind)));
            }
            // Counted as excluded when it was handed out.
            Event::PassedOver(..) => {}
            Event::Ignored { files, folders } => {
                self.ignored.fetch_add(files + folders, Ordering::Relaxed);
                self.ignored_folders.fetch_add(folders, Ordering::Relaxed);
            }
            Event::Note(note) => self.with_outcome(|outcome| outcome.warnings.push(note)),
            Event::Commit => {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
            Event::Order(commits) => self.with_outcome(|outcome| learn_ages(outcome, commits)),
        }
    }

    fn wants(&self, path: &BlobPath) -> bool {
        self.inspector.wants(path)
    }

    fn wants_name(&self, name: &[u8]) -> bool {
        may_hold_key(name)
    }

    fn has_sign(&self, bytes: &[u8]) -> bool {
        self.inspector.has_sign(bytes)
    }

    fn reach(&self) -> usize {
        self.inspector.reach()
    }
}

/// The file that marks the folder of an [OCI layout](https://github.com/opencontainers/image-spec).
const IMAGE_MARK: &[u8] = b"oci-layout";

/// Says of findings in an image that lies in a folder where in it they are.
fn locate_in(outcome: &mut Outcome, folder: Vec<u8>, source: &dyn Source) {
    let name = folder.strip_suffix(b"/").unwrap_or_default();
    let is_named = source.names_folder(&BlobPath::from_bytes(name));
    let nearby = source.nearby();
    let image = FolderImage { folder, nearby };
    if is_named {
        demand_blobs(outcome, &image.path(b"blobs/"));
    }
    let suppressed = outcome.suppressed.iter_mut().map(|by| &mut by.finding);
    let findings = outcome.findings.iter_mut().chain(suppressed);
    for (layer, kind) in locate(&image, &image.folder, findings) {
        let path = image.path(&layer);
        if is_named {
            outcome.faults.push(Fault::new(path, demanded(kind, 1)));
            continue;
        }
        *outcome.stats.skipped.entry(kind).or_default() += 1;
        outcome.passed_over.push(Fault::new(path, kind));
    }
    outcome.passed_over.sort();
    outcome.faults.sort();
}

/// Makes what could not be read of the blobs of an image a fault: the image was asked for by name.
fn demand_blobs(outcome: &mut Outcome, blobs: &BlobPath) {
    let is_blob = |fault: &mut Fault| fault.path.as_bytes().starts_with(blobs.as_bytes());
    for fault in outcome.passed_over.extract_if(.., is_blob) {
        // `broken archive member (3)`
        let (kind, count) = match fault.what.rsplit_once(" (") {
            Some((kind, count)) => (kind, count.trim_end_matches(')').parse().unwrap_or(1)),
            None => (&*fault.what, 1),
        };
        if let Some(skipped) = outcome.stats.skipped.get_mut(kind) {
            *skipped = skipped.saturating_sub(count);
        }
        let what = demanded(kind, count);
        outcome.faults.push(Fault::new(fault.path, what));
    }
    outcome.stats.skipped.retain(|_, count| *count > 0);
}

/// An image in a folder.
struct FolderImage<'n> {
    /// What the paths of its files begin with.
    folder: Vec<u8>,
    nearby: &'n dyn Nearby,
}

impl FolderImage<'_> {
    fn path(&self, name: &[u8]) -> BlobPath {
        BlobPath::from_bytes([&self.folder, name].concat())
    }
}

impl ImageFiles for FolderImage<'_> {
    fn document(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let document = self.nearby.read_large(&self.path(name), LARGEST_DOCUMENT);
        document.map(Cow::Owned)
    }

    fn holds(&self, name: &[u8]) -> bool {
        self.nearby.holds(&self.path(name))
    }

    fn head(&self, name: &[u8]) -> Option<Cow<'_, [u8]>> {
        let head = self.nearby.head(&self.path(name), HEAD as u64);
        head.map(Cow::Owned)
    }

    fn has_blobs(&self) -> bool {
        true
    }

    fn layers(&self, names: &BTreeSet<Vec<u8>>, see: &mut dyn FnMut(&[u8], &[u8])) {
        for name in names {
            let path = self.path(name);
            if let Some(layer) = self.nearby.read_large(&path, Limits::default().member) {
                see(name, &layer);
            }
        }
    }
}

/// Notes the ages of those of the commits that something was found in.
fn learn_ages(outcome: &mut Outcome, oldest_first: &[ObjectId]) {
    let suppressed = outcome.suppressed.iter().map(|s| &s.finding);
    let findings = outcome.findings.iter().chain(suppressed);
    let hit = findings.filter_map(|f| ObjectId::from_hex(f.origin.commit()?.0.as_bytes()));
    let hit: BTreeSet<ObjectId> = hit.collect();
    if hit.is_empty() {
        return;
    }
    let known = outcome.ages.len();
    let ages = oldest_first.iter();
    let ages = ages.filter(|id| hit.contains(id)).zip(known..);
    for (id, age) in ages {
        outcome.ages.entry(id.to_string()).or_insert(age);
    }
}
