//! One blob -> what counts in it, the members of archives included.

use crate::decode::archive::{self, Budget, Limits, Visitor};
use crate::decode::image::{self, ImageFiles, ImageSpot, StoredImage};
use crate::detect::Detector;
use crate::fix;
use crate::model::{
    Alone, Blob, BlobPath, Derivation, Detection, Dropped, EXCLUDED, Failure, Fault, Finding,
    LineIndex, Match, Nearby, Position,
};
use crate::policy::{self, Policy, Verdict};
use crate::redact;
use std::collections::{BTreeMap, BTreeSet};

/// Looks into blobs, from any number of threads.
pub(crate) struct Inspector<'a> {
    /// Finds matches.
    pub(crate) detector: &'a Detector,
    /// Says which of them count.
    pub(crate) policy: &'a Policy,
    nearby: &'a dyn Nearby,
    /// How much of an archive is read.
    pub(crate) limits: Limits,
}

/// What one blob gave.
#[derive(Default)]
pub(crate) struct Inspected {
    /// What counts, what does not, and what is wrong with the silencing.
    pub(crate) verdict: Verdict,
    /// What the gate refused.
    pub(crate) dropped: Vec<Dropped>,
    /// What could not be read.
    pub(crate) faults: Vec<Fault>,
    /// What in archives was passed over, by archive and kind, and how often.
    pub(crate) skipped: BTreeMap<(BlobPath, &'static str), u64>,
    /// How many members of archives were looked into.
    pub(crate) members: u64,
}

impl<'a> Inspector<'a> {
    /// One that keeps to the usual limits on archives.
    pub(crate) fn new(detector: &'a Detector, policy: &'a Policy) -> Self {
        Self {
            detector,
            policy,
            nearby: &Alone,
            limits: Limits::default(),
        }
    }

    /// The same, which asks the files around a blob too.
    pub(crate) fn among(mut self, nearby: &'a dyn Nearby) -> Self {
        self.nearby = nearby;
        self
    }

    /// What there is to say about a blob; nothing, about nearly all.
    pub(crate) fn inspect(&self, blob: &Blob<'_>) -> Option<Inspected> {
        let mut inspected = Inspected::default();
        if archive::kinds(blob.bytes) == [None, None] {
            return self.look(blob, &mut inspected).then_some(inspected);
        }
        let size = blob.bytes.len();
        let budget = Budget::new(self.limits.for_size(size), size);
        let mut opening = Opening {
            inspector: self,
            blob,
            inspected: &mut inspected,
            images: BTreeSet::new(),
        };
        let unpack = || archive::unpack(blob.path, blob.bytes, &budget, &mut opening);
        if let Err(failure) = Failure::caught(unpack) {
            inspected.failed(blob.path, &failure);
        }
        Some(inspected)
    }

    /// As [`Inspector::search`], of which a bug is a fault of this blob alone.
    fn look(&self, blob: &Blob<'_>, inspected: &mut Inspected) -> bool {
        let searched = Failure::caught(|| self.search(blob, inspected));
        searched.unwrap_or_else(|failure| {
            inspected.failed(blob.path, &failure);
            true
        })
    }

    /// Searches bytes; false when there is nothing to say about them.
    fn search(&self, blob: &Blob<'_>, inspected: &mut Inspected) -> bool {
        // Around what an archive holds are its other members.
        let nearby = match blob.path.archive() {
            None => self.nearby,
            Some(_) => &Alone,
        };
        let Some(mut detection) = self.detector.detect_among(blob, nearby) else {
            return false;
        };
        let is_empty = detection.matches.is_empty()
            && detection.drops.is_empty()
            && detection.faults.is_empty();
        if is_empty && !self.policy.is_addressed_by(&detection.text) {
            return false;
        }
        derive(blob.path, &mut detection.matches);
        if !detection.matches.is_empty() && !self.detector.rules().has_all_built_in() {
            let all = redact::cover(&detection.text);
            detection.cover = std::mem::take(&mut detection.cover).and(all);
        }
        let lines = LineIndex::new(&detection.text);
        let faults = detection.faults.iter();
        inspected
            .faults
            .extend(faults.map(|f| Fault::new(blob.path.clone(), f)));
        inspected
            .dropped
            .extend(dropped(blob.path, &detection, &lines));
        let mut verdict = self.policy.apply(blob, &detection, &lines);
        if self.policy.edits && blob.origin.is_file() && blob.path.archive().is_none() {
            fix::attach(blob, &detection, &lines, &mut verdict.findings);
        }
        inspected.verdict.findings.extend(verdict.findings);
        inspected.verdict.suppressed.extend(verdict.suppressed);
        inspected.verdict.warnings.extend(verdict.warnings);
        true
    }

    /// False when the configuration excludes what is at `path`.
    pub(crate) fn wants(&self, path: &BlobPath) -> bool {
        !self.policy.excludes_path(path)
    }

    /// False when nothing is in a text of which `bytes` are a part, for all that they show.
    pub(crate) fn has_sign(&self, bytes: &[u8]) -> bool {
        archive::has_sign(bytes) || self.detector.has_sign(bytes)
    }

    /// How much of the text around it [`Inspector::has_sign`] must see to judge a byte.
    pub(crate) fn reach(&self) -> usize {
        self.detector.reach().max(archive::MARKED)
    }
}

impl Inspected {
    /// Notes that this program failed on a blob.
    fn failed(&mut self, path: &BlobPath, failure: &Failure) {
        let fault = Fault::new(path.clone(), failure.to_string());
        self.faults.push(fault);
    }

    /// Makes what was passed over a fault: it was asked for by name.
    pub(crate) fn demand_all(&mut self) {
        let skipped = std::mem::take(&mut self.skipped);
        for ((path, kind), count) in skipped {
            match kind {
                EXCLUDED => {
                    self.skipped.insert((path, kind), count);
                }
                _ => {
                    self.faults.push(Fault::new(path, demanded(kind, count)));
                }
            }
        }
    }

    /// What was passed over, in words.
    pub(crate) fn passed_over(&self) -> impl Iterator<Item = Fault> {
        let skipped = self.skipped.iter();
        skipped.map(|((path, kind), count)| Fault::new(path.clone(), times(kind, *count)))
    }
}

/// What to say of something that was asked for and passed over, and what can be done.
pub(crate) fn demanded(kind: &str, count: u64) -> String {
    let (what, advice) = (times(kind, count), archive::advice(kind));
    format!("{what}, which cannot be read; {advice}")
}

/// `broken archive`, `encrypted archive member (3)`.
fn times(kind: &str, count: u64) -> String {
    match count {
        1 => kind.to_owned(),
        _ => format!("{kind} ({count})"),
    }
}

/// Inspects what is in an archive.
struct Opening<'o, 'i> {
    inspector: &'i Inspector<'i>,
    blob: &'o Blob<'o>,
    inspected: &'o mut Inspected,
    /// What the paths in archives begin with that look like images.
    images: BTreeSet<Vec<u8>>,
}

impl Visitor for Opening<'_, '_> {
    fn wants(&mut self, path: &BlobPath) -> bool {
        let member = Blob {
            path,
            ..self.blob.clone()
        };
        if let Some(own) = path
            .in_archive()
            .filter(|own| image::is_mark(own.as_bytes()))
        {
            let path = path.as_bytes();
            self.images
                .insert(path[..path.len() - own.as_bytes().len()].to_vec());
        }
        // An archive that is excluded and read all the same was asked for by name.
        let policy = self.inspector.policy;
        let excluded = policy.excludes(&member) && !policy.excludes(self.blob);
        if excluded {
            self.skipped(path, EXCLUDED);
        } else {
            self.inspected.members += 1;
        }
        !excluded
    }

    fn bytes(&mut self, path: &BlobPath, bytes: &[u8]) {
        let blob = Blob {
            path,
            origin: self.blob.origin,
            bytes,
        };
        self.inspector.policy.meet(path);
        self.inspector.look(&blob, self.inspected);
    }

    fn skipped(&mut self, path: &BlobPath, kind: &'static str) {
        let key = (path.clone(), kind);
        *self.inspected.skipped.entry(key).or_default() += 1;
    }

    fn fault(&mut self, path: BlobPath, what: String) {
        self.inspected.faults.push(Fault { path, what });
    }

    fn done(&mut self, path: &BlobPath, bytes: &[u8]) {
        let below = [path.as_bytes(), b"!/"].concat();
        if !self.images.remove(&below) {
            return;
        }
        let limits = self.inspector.limits.for_size(bytes.len());
        let Some(files) = StoredImage::new(bytes, limits) else {
            return;
        };
        let verdict = &mut self.inspected.verdict;
        let suppressed = verdict.suppressed.iter_mut().map(|by| &mut by.finding);
        let findings = verdict.findings.iter_mut().chain(suppressed);
        for (layer, kind) in locate(&files, &below, findings) {
            self.skipped(&path.member(&layer), kind);
        }
    }
}

/// Says of findings where in the image they are whose files have paths that begin with `below`. Returns the layers
/// that cannot be read, and why.
pub(crate) fn locate<'f>(
    files: &dyn ImageFiles,
    below: &[u8],
    findings: impl Iterator<Item = &'f mut Finding>,
) -> Vec<(Vec<u8>, &'static str)> {
    let mut inside: Vec<&mut Finding> = findings
        .filter(|finding| finding.place.path.as_bytes().starts_with(below))
        .collect();
    let spots = inside.iter().map(|finding| ImageSpot {
        path: &finding.place.path.as_bytes()[below.len()..],
        line: finding.place.line,
        column: finding.place.column,
    });
    let spots: Vec<ImageSpot<'_>> = spots.collect();
    let located = image::located(files, &spots);
    for (finding, place) in inside.iter_mut().zip(located.places) {
        if place.is_some() {
            finding.image = place;
            // What is written to a file of an image makes it another one.
            finding.edit = finding
                .edit
                .take()
                .map(|_| Err("it is in an image, which is to be built anew"));
            policy::advise_image(finding);
        }
    }
    located.unread
}

/// Says of matches in a member which archive it was in, or where in it the source map was that
/// leads on.
fn derive(path: &BlobPath, matches: &mut [Match]) {
    let (Some(file), Some(own)) = (path.archive(), path.in_archive()) else {
        return;
    };
    let archive = &path.as_bytes()[..path.as_bytes().len() - own.as_bytes().len()];
    for matched in matches {
        match &mut matched.derivation {
            Some(derivation) => {
                let path = [archive, derivation.path.as_bytes()].concat();
                derivation.path = BlobPath::from_bytes(path);
            }
            none => {
                *none = Some(Derivation {
                    kind: if path.is_name() { "name" } else { "archive" },
                    path: file.clone(),
                    line: 1,
                    column: 1,
                });
            }
        }
    }
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
