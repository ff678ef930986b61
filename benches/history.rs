//! How fast the history of a repository is read, against a bare gix-pack traversal that only
//! counts bytes: `cargo bench --bench history -- REPO`. Prints seconds, best of the runs, and the
//! ratio to the floor.

use gix_utils::progress::Discard;
use jvxleaks::audit::audit;
use jvxleaks::detect::Detector;
use jvxleaks::policy::Policy;
use jvxleaks::rules::RuleSet;
use jvxleaks::source::{
    Event, GitRepo, History, MightHit, ObjectKind, Progress, Scope, Source, Staged,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Instant;

const RUNS: usize = 5;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    // Cargo adds `--bench` of its own.
    let Some(path) = std::env::args().skip(1).find(|a| !a.starts_with('-')) else {
        return writeln!(
            out,
            "history: give a repository to read, as in `cargo bench --bench history -- REPO`"
        );
    };
    let path = PathBuf::from(path);
    if std::env::args().any(|a| a == "--audit-only") {
        return writeln!(out, "{} bytes", whole(&path)); // For a look at the memory it takes.
    }
    if std::env::args().any(|a| a == "--staged") {
        let (seconds, blobs) = best(|| staged(&path));
        return writeln!(
            out,
            "staged           {:.2} ms  {blobs} blobs",
            seconds * 1000.0
        );
    }
    let floor = best(|| floor(&path));
    let whole = best(|| whole(&path));
    writeln!(out, "bare traversal   {:.3} s  {} bytes", floor.0, floor.1)?;
    writeln!(
        out,
        "whole audit      {:.3} s  {} bytes  {:.2} x the traversal",
        whole.0,
        whole.1,
        whole.0 / floor.0
    )?;
    for wanted in [1, 100, 10_000] {
        let (seconds, hits, places) = provenance(&path, wanted);
        writeln!(
            out,
            "provenance       {seconds:.3} s  {hits} hits  {places} places"
        )?;
    }
    Ok(())
}

fn best(run: impl Fn() -> u64) -> (f64, u64) {
    let mut best = (f64::MAX, 0);
    for _ in 0..RUNS {
        let start = Instant::now();
        let bytes = run();
        best = (start.elapsed().as_secs_f64().min(best.0), bytes);
    }
    best
}

/// Decodes every object of every pack, and does nothing with it.
fn floor(repo: &Path) -> u64 {
    let bytes = AtomicU64::new(0);
    let packs = [repo.join("objects/pack"), repo.join(".git/objects/pack")];
    for entry in packs.iter().flat_map(std::fs::read_dir).flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "idx") {
            continue;
        }
        let index = gix_pack::index::File::at(&path, gix_hash::Kind::Sha1);
        let data = gix_pack::data::File::at(path.with_extension("pack"), gix_hash::Kind::Sha1);
        if let (Ok(index), Ok(data)) = (index, data) {
            let count = |_,
                         raw: &[u8],
                         _: &gix_pack::index::Entry,
                         _: &dyn gix_utils::progress::Progress| {
                bytes.fetch_add(raw.len() as u64, Relaxed);
                Ok(())
            };
            let check = gix_pack::index::traverse::SafetyCheck::SkipFileAndObjectChecksumVerificationAndNoAbortOnDecodeError;
            let options = gix_pack::index::traverse::with_index::Options {
                check,
                ..Default::default()
            };
            let _ = index.traverse_with_index(
                &data,
                count,
                &mut Discard,
                &AtomicBool::new(false),
                options,
            );
        }
    }
    bytes.into_inner()
}

/// Reads what is staged in a work tree.
fn staged(repo: &Path) -> u64 {
    let blobs = AtomicU64::new(0);
    let count = |event: Event<'_>| {
        blobs.fetch_add(u64::from(matches!(event, Event::Blob(_))), Relaxed);
    };
    if let Ok(repo) = GitRepo::open(Some(repo)) {
        let _ = Staged::new(repo).visit(&count);
    }
    blobs.into_inner()
}

/// A whole audit with the built-in rules, as `jvxleaks history --no-cache` makes it.
fn whole(repo: &Path) -> u64 {
    let detector = Detector::new(RuleSet::builtin().unwrap_or_default());
    let history = GitRepo::open(Some(repo)).map(History::new).ok();
    let outcome = history.and_then(|history| {
        let (scope, policy, progress) = <(Scope, Policy, Progress)>::default();
        audit(&history, &scope, &detector, &policy, None, &progress).ok()
    });
    outcome.map_or(0, |outcome| outcome.stats.bytes)
}

/// The time that provenance takes for about `wanted` blobs, picked by their ids.
fn provenance(repo: &Path, wanted: u64) -> (f64, usize, usize) {
    let blobs = AtomicU64::new(0);
    let picked = |kind: ObjectKind, id: jvxleaks::source::ObjectId, _: &[u8]| {
        let number = id.as_bytes()[..4]
            .iter()
            .fold(0, |n: u64, b| n << 8 | u64::from(*b));
        kind == ObjectKind::Blob
            && number % 100_000 < wanted
            && blobs.fetch_add(1, Relaxed) < wanted
    };
    let Some((history, hits)) = read(repo, &picked) else {
        return (0.0, 0, 0);
    };
    let start = Instant::now();
    let trails = history
        .provenance(&hits, &Scope::default())
        .map(|p| p.trails)
        .unwrap_or_default();
    let seconds = start.elapsed().as_secs_f64();
    let places: BTreeMap<_, usize> = trails
        .iter()
        .map(|(id, t)| (id, t.introduced.len()))
        .collect();
    (seconds, places.len(), places.values().sum())
}

fn read(repo: &Path, might_hit: MightHit<'_>) -> Option<(History, jvxleaks::source::ObjectHits)> {
    let history = History::new(GitRepo::open(Some(repo)).ok()?);
    let hits = history
        .visit_objects(might_hit, &|_: Event<'_>| {}, None, &Progress::default())
        .ok()?;
    Some((history, hits))
}
