//! The whole way from rules to reports, over a file in memory.

use jvxleaks::detect::Detector;
use jvxleaks::model::{Blob, Effort, Fault, Origin, Outcome, Reveal};
use jvxleaks::policy::{Baseline, Policy};
use jvxleaks::report::{Format, ReportOptions};
use jvxleaks::rules::RuleSet;
use jvxleaks::scan;
use jvxleaks::source::Memory;
use std::sync::LazyLock;

/// All built-in rules, with what the gate drops.
static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::new(RuleSet::builtin().unwrap()).keeping_drops());

/// All built-in rules, as most runs have them.
static QUIET: LazyLock<Detector> = LazyLock::new(|| Detector::new(RuleSet::builtin().unwrap()));

/// Scans a file; what the gate drops is in the outcome too.
pub(crate) fn scan(path: &str, bytes: &[u8]) -> Outcome {
    scan_with(&DETECTOR, &Policy::default(), path, bytes)
}

/// Scans a file for findings alone.
pub(crate) fn scan_quietly(path: &str, bytes: &[u8]) -> Outcome {
    scan_with(&QUIET, &Policy::default(), path, bytes)
}

/// Scans a file for findings that are not accepted yet.
pub(crate) fn scan_accepting(fingerprints: &[String], path: &str, bytes: &[u8]) -> Outcome {
    let lines = fingerprints
        .iter()
        .map(|id| format!("{id} accepted {path}\n"));
    let baseline = Baseline::parse("baseline", &lines.collect::<String>()).unwrap();
    let policy = Policy {
        baseline: Some(baseline),
        ..Policy::default()
    };
    scan_with(&QUIET, &policy, path, bytes)
}

fn scan_with(detector: &Detector, policy: &Policy, path: &str, bytes: &[u8]) -> Outcome {
    let source = Memory {
        path: path.into(),
        bytes,
    };
    let outcome = scan::scan(&source, detector, policy).unwrap();
    let failed = |fault: &&Fault| fault.what.contains("the scanner failed");
    let failed = outcome.faults.iter().find(failed);
    assert!(failed.is_none(), "{failed:?}");
    outcome
}

/// What it takes to search a file.
pub(crate) fn effort(path: &str, bytes: &[u8]) -> Effort {
    let blob = Blob {
        path: &path.into(),
        origin: &Origin::File,
        bytes,
    };
    let found = QUIET.detect(&blob);
    found.map(|found| found.effort).unwrap_or_default()
}

/// True when the gate takes a value for something else than a credential, wherever it stands: a
/// random value may look like words or a sequence by chance.
pub(crate) fn is_refused(line: &str) -> bool {
    scan("a.txt", line.as_bytes()).findings.is_empty()
}

/// What a test compares of a finding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) secret: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// All findings in a file.
pub(crate) fn found(path: &str, bytes: &[u8]) -> Vec<Found> {
    let outcome = scan(path, bytes);
    let findings = outcome.findings.iter();
    findings
        .map(|finding| Found {
            secret: String::from_utf8_lossy(finding.secret.expose()).into_owned(),
            line: finding.place.line,
            column: finding.place.column,
        })
        .collect()
}

/// An outcome in every format, in colours and without, wide and narrow.
pub(crate) fn reports(outcome: &Outcome) -> Vec<(String, String)> {
    let mut reports = Vec::new();
    for format in Format::ALL {
        for (verbose, color, width) in [(true, false, 200), (false, true, 60), (true, true, 20)] {
            let options = ReportOptions {
                reveal: Reveal::Redacted,
                verbose,
                color,
                width: Some(width),
                ..ReportOptions::default()
            };
            let mut out = Vec::new();
            format.write(outcome, &options, &mut out).unwrap();
            let name = format!("{format}, verbose {verbose}, width {width}");
            reports.push((name, String::from_utf8_lossy(&out).into_owned()));
        }
    }
    reports
}
