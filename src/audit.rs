//! Everything a repository ever held -> outcome: findings at each place, and what to do about each
//! distinct key. The same for 1 or 64 threads.

use crate::decode::archive::{self, Budget, Visitor};
use crate::detect::Detector;
use crate::inspect::{Inspected, Inspector};
use crate::model::{
    BlobPath, ExposedKey, Exposure, Finding, Fingerprint, Origin, Outcome, lock, unlock,
};
use crate::policy::{self, Policy};
use crate::scan::Collector;
use crate::source::{
    History, HitPlace, KeyHits, ObjectId, ObjectKind, ObjectsRead, Progress, Provenance, Scope,
    Seen, SourceError, Spot,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Reads all of `history` and reports what counts, sorted. With `seen`, what an earlier audit read
/// is not read again, and what this one read is added.
/// Counts objects at `progress`.
///
/// # Errors
/// When nothing could be read, or the scope names what is not there.
pub fn audit(
    history: &History,
    scope: &Scope,
    detector: &Detector,
    policy: &Policy,
    seen: Option<&mut Seen>,
    progress: &Progress,
) -> Result<Outcome, SourceError> {
    let nothing = |_: &HitPlace, _: &[u8], _: &Inspected| {};
    audit_with(history, scope, detector, policy, seen, progress, &nothing)
}

/// Is shown each place of a hit with its bytes and what there is to say about them.
pub(crate) type Shown<'l> = &'l (dyn Fn(&HitPlace, &[u8], &Inspected) + Sync);

/// As [`audit`], and shows each place to `also`.
pub(crate) fn audit_with(
    history: &History,
    scope: &Scope,
    detector: &Detector,
    policy: &Policy,
    seen: Option<&mut Seen>,
    progress: &Progress,
    also: Shown<'_>,
) -> Result<Outcome, SourceError> {
    let collector = Collector::new(detector, policy);
    let members = AtomicU64::new(0);
    let might_hit = |_: ObjectKind, _: ObjectId, bytes: &[u8]| {
        let mut opened = 0;
        let found = might_find(&collector.inspector, bytes, &mut opened);
        members.fetch_add(opened, Ordering::Relaxed);
        found
    };
    let hits = history.visit_objects(&might_hit, &collector, seen, progress)?;
    let provenance = history.provenance(&hits, scope)?;
    let places = Mutex::new(Vec::new());
    let look = |at: &HitPlace, bytes: &[u8]| {
        let judged = collector.judge(&at.blob(bytes));
        judged.iter().for_each(|judged| also(at, bytes, judged));
        lock(&places).extend(judged.map(|judged| (at.clone(), judged)));
    };
    history.visit_places(&provenance, &look, &collector);
    let mut held = Held::default();
    for judged in held.introduced(unlock(places)) {
        collector.keep(judged);
    }
    let mut outcome = collector.finish();
    outcome.keys = held.keys(&outcome.findings, &provenance);
    outcome.rewriting = policy::advise(&mut outcome.keys);
    policy::advise_findings(&mut outcome.findings, &outcome.keys);
    count(&mut outcome, hits.read);
    outcome.stats.members = members.into_inner();
    Ok(outcome)
}

/// True when [`Inspector::inspect`] has something to say about `bytes` at some path, whatever that is. Adds the
/// members of archives to `members`.
fn might_find(inspector: &Inspector<'_>, bytes: &[u8], members: &mut u64) -> bool {
    if archive::kinds(bytes) == [None, None] {
        return inspector.detector.might_find(bytes);
    }
    let mut glance = Glance {
        detector: inspector.detector,
        members: 0,
        hit: false,
    };
    let limits = inspector.limits.for_size(bytes.len());
    let budget = Budget::new(limits, bytes.len());
    archive::unpack(&BlobPath::default(), bytes, &budget, &mut glance);
    *members = glance.members;
    glance.hit
}

/// Asks whether an archive holds anything to speak of.
struct Glance<'d> {
    detector: &'d Detector,
    members: u64,
    hit: bool,
}

impl Visitor for Glance<'_> {
    fn wants(&mut self, _: &BlobPath) -> bool {
        self.members += 1;
        true
    }

    fn bytes(&mut self, _: &BlobPath, bytes: &[u8]) {
        self.hit = self.hit || self.detector.might_find(bytes);
    }

    fn skipped(&mut self, _: &BlobPath, _: &'static str) {
        self.hit = true;
    }

    fn fault(&mut self, _: BlobPath, _: String) {
        self.hit = true;
    }
}

/// Which keys each object holds, and where in it.
#[derive(Default)]
struct Held(BTreeMap<ObjectId, BTreeMap<Fingerprint, Spots>>);

/// A key in an object: whether it counts in some place, and the first one.
#[derive(Clone)]
struct Spots {
    counts: bool,
    first: Spot,
}

impl Held {
    /// Learns what objects hold, and drops what a place has only because its commit kept it: a
    /// file that is edited and keeps its key introduces nothing. What the scope leaves out is learnt and dropped.
    fn introduced(&mut self, mut places: Vec<(HitPlace, Inspected)>) -> Vec<Inspected> {
        for (at, judged) in &places {
            let verdict = &judged.verdict;
            verdict
                .findings
                .iter()
                .for_each(|f| self.learn(at.object, f, true));
            verdict
                .suppressed
                .iter()
                .for_each(|s| self.learn(at.object, &s.finding, false));
        }
        for (at, judged) in &mut places {
            let verdict = &mut judged.verdict;
            verdict
                .findings
                .retain(|f| !self.any_holds(&at.replaced, f));
            verdict
                .suppressed
                .retain(|s| !self.any_holds(&at.replaced, &s.finding));
        }
        let chosen = places.into_iter().filter(|(at, _)| at.is_chosen);
        chosen.map(|(_, judged)| judged).collect()
    }

    fn learn(&mut self, object: ObjectId, finding: &Finding, counts: bool) {
        let held = self.0.entry(object).or_default();
        let place = &finding.place;
        let spot = Spot {
            // A name is a hit of its own, and has the whole of its path.
            inside: if place.path.is_name() {
                Vec::new()
            } else {
                place.path.inside_file().to_vec()
            },
            line: place.line,
        };
        let first = spot.clone();
        let spots = held
            .entry(finding.fingerprint.clone())
            .or_insert(Spots { counts, first });
        spots.counts |= counts;
        if spot < spots.first {
            spots.first = spot;
        }
    }

    fn any_holds(&self, objects: &[ObjectId], finding: &Finding) -> bool {
        let holds = |id| {
            self.0
                .get(id)
                .is_some_and(|held| held.contains_key(&finding.fingerprint))
        };
        objects.iter().any(holds)
    }

    /// One entry for each distinct key that some finding is about, most urgent first.
    fn keys(&self, findings: &[Finding], provenance: &Provenance) -> Vec<ExposedKey> {
        let mut objects: BTreeMap<&Fingerprint, KeyHits> = BTreeMap::new();
        for (object, held) in &self.0 {
            for (fingerprint, spots) in held {
                let hits = objects.entry(fingerprint).or_default();
                if spots.counts {
                    hits.objects.push((*object, spots.first.clone()));
                } else {
                    hits.accepted.push((*object, spots.first.clone()));
                }
            }
        }
        let distinct = distinct(findings);
        let hits = distinct.keys().map(|id| objects.remove(id));
        let hits: Vec<KeyHits> = hits.map(Option::unwrap_or_default).collect();
        let exposures = provenance.exposures(&hits);
        let told = distinct.values().zip(exposures);
        let told = told.filter_map(|(key, exposure)| Some(key.exposed(exposure?)));
        let mut keys: Vec<ExposedKey> = told.collect();
        keys.sort_by(|a, b| urgency(a).cmp(&urgency(b)));
        keys
    }
}

/// What findings tell of a distinct key.
struct Distinct<'f> {
    /// The most severe, and of these the first.
    worst: &'f Finding,
    /// Where it was introduced.
    places: BTreeSet<(&'f BlobPath, &'f Origin)>,
}

impl Distinct<'_> {
    fn exposed(&self, exposure: Exposure) -> ExposedKey {
        let worst = self.worst;
        ExposedKey {
            rule: worst.rule.clone(),
            severity: worst.severity,
            secret: worst.secret.clone(),
            fingerprint: worst.fingerprint.clone(),
            places: self.places.len(),
            advice: Vec::new(),
            liveness: None,
            exposure,
        }
    }
}

/// The distinct keys of findings.
fn distinct(findings: &[Finding]) -> BTreeMap<&Fingerprint, Distinct<'_>> {
    let mut keys: BTreeMap<&Fingerprint, Distinct<'_>> = BTreeMap::new();
    for finding in findings.iter().filter(|f| !f.secret.is_public()) {
        let entry = keys.entry(&finding.fingerprint);
        let key = entry.or_insert_with(|| Distinct {
            worst: finding,
            places: BTreeSet::new(),
        });
        if finding.severity > key.worst.severity {
            key.worst = finding;
        }
        key.places.insert((&finding.place.path, &finding.origin));
    }
    keys
}

/// Published first; of these the most severe; among equals, what was exposed longest.
fn urgency(key: &ExposedKey) -> impl Ord + '_ {
    let since = key.exposure.first_seen.as_ref();
    let since = since.map(|at| at.date.as_str());
    let severity = Reverse(key.severity);
    (
        key.action(),
        severity,
        since.is_none(),
        since,
        &key.fingerprint,
    )
}

/// How much was read of the repository, not how much was looked at again for provenance.
fn count(outcome: &mut Outcome, read: ObjectsRead) {
    let stats = &mut outcome.stats;
    stats.files = read.blobs;
    stats.bytes = read.bytes;
    stats.commits = Some(read.commits);
    stats.known = read.known;
}
