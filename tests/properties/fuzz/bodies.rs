//! What each fuzz target does with its input: the targets of `tests/fuzz` under libFuzzer, the stable
//! test beside this file on inputs that proptest makes. It is here because a package within a package,
//! as `tests/fuzz` is, is not published with it.
//!
//! What holds for every input: no panic, also none that is caught, no hang, every position inside the input, and no report with
//! a planted key in it.

// The binary's own: text in, a task out.
#[allow(dead_code)]
#[path = "../../../src/cli/command/ci/event.rs"]
mod job;

// Texts that are nearly right.
#[path = "written.rs"]
mod written;

use jvxleaks::detect::Detector;
use jvxleaks::model::{Fault, Outcome};
use jvxleaks::policy::{Baseline, Config, IgnoreFile, Policy};
use jvxleaks::report::{Format, ReportOptions};
use jvxleaks::rules::RuleSet;
use jvxleaks::source::Memory;
use std::sync::LazyLock;

/// Runs one input.
pub(crate) type Body = fn(&[u8]);

/// All targets by name; `targets/` has a file for each.
pub(crate) const BODIES: &[(&str, Body)] = &[
    ("rule_file", rule_file),
    ("detector", detector),
    ("decoders", decoders),
    ("source_map", source_map),
    ("notebook", notebook),
    ("archive", archive),
    ("project_files", project_files),
    ("allow_comments", allow_comments),
    ("event", event),
    ("written", written),
];

/// A rule file of anyone's making: refused or taken, and then run.
pub(crate) fn rule_file(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let mut rules = RuleSet::builtin().unwrap_or_else(|e| unreachable!("{e}"));
    if rules.add_text("fuzz.toml", text).is_ok() {
        let detector = Detector::new(rules);
        let _ = scan_with(&detector, "a.txt", input);
    }
}

/// Any bytes under any kind of name.
pub(crate) fn detector(input: &[u8]) {
    const NAMES: [&str; 8] = [
        "a.txt",
        "src/a.tsx",
        "dist/a.min.js",
        "a.py",
        ".env",
        "vite.config.ts",
        "a.html",
        "README.md",
    ];
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let name = NAMES[usize::from(*first) % NAMES.len()];
    check(name, rest);
}

/// Bytes that the decoders take an interest in: a key, and each sign of an encoding, among the input.
pub(crate) fn decoders(input: &[u8]) {
    let signs: Vec<&[u8]> = jvxleaks::decode::literals().collect();
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let sign = signs[usize::from(*first) % signs.len()];
    let half = rest.len() / 2;
    let text = [b"jourvex ", &rest[..half], sign, &rest[half..]].concat();
    check("a.js", &text);
}

/// Code, mail and configuration that people write, with the changes that the input asks for: as it is, in
/// UTF-16, and, where it is this program's own configuration, in force.
pub(crate) fn written(input: &[u8]) {
    // Not the key that is planted and must not be shown: of this one changes may leave half, which is none.
    let other: String = key()
        .chars()
        .skip(9)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let (path, text) = written::text(input, &format!("{}{other}", &key()[..9]));
    check(path, text.as_bytes());
    let marked = format!("\u{feff}{text}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    hold(&wide, &scan_with(&DETECTOR, path, &wide));
    match path {
        ".jvxleaks.toml" => project_files(text.as_bytes()),
        "rules/own.toml" => rule_file(text.as_bytes()),
        _ => {}
    }
}

/// The input as the text of a map's source, and as the map.
pub(crate) fn source_map(input: &[u8]) {
    check("a.js.map", input);
    let source = String::from_utf8_lossy(input);
    let map = serde_json::json!({"version": 3, "sources": ["a.ts"], "sourcesContent": [source], "mappings": "AAAA"});
    check("a.js.map", map.to_string().as_bytes());
}

/// The input as a cell's source, and as the notebook.
pub(crate) fn notebook(input: &[u8]) {
    check("a.ipynb", input);
    let source = String::from_utf8_lossy(input);
    let notebook =
        serde_json::json!({"cells": [{"cell_type": "code", "source": [source], "outputs": []}]});
    check("a.ipynb", notebook.to_string().as_bytes());
}

/// The input behind the first bytes of each kind of archive.
pub(crate) fn archive(input: &[u8]) {
    const HEADS: [&[u8]; 6] = [
        b"",
        b"PK\x03\x04",
        b"\x1f\x8b\x08\0",
        b"BZh9",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
    ];
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let head = HEADS[usize::from(*first) % HEADS.len()];
    check("a.zip", &[head, rest].concat());
}

/// Configuration, baseline and ignore file: refused or taken, and then in force.
pub(crate) fn project_files(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let policy = Policy {
        config: Config::parse("fuzz.toml", text).unwrap_or_default(),
        baseline: Baseline::parse("fuzz", text).ok(),
        ignore_file: IgnoreFile::parse(text),
        ..Policy::default()
    };
    let _ = scan(&DETECTOR, &policy, "a.txt", key().as_bytes());
}

/// The input as a comment beside a finding and above it.
pub(crate) fn allow_comments(input: &[u8]) {
    let comment = [b"# jvxleaks:allow ", input].concat();
    let key = key();
    let text = [&comment[..], b"\nk = '", key.as_bytes(), b"' ", &comment].concat();
    check("a.py", &text);
}

/// The event of a job: as it is, and as the value of each field that is used.
pub(crate) fn event(input: &[u8]) {
    const NAMES: [&str; 8] = [
        "push",
        "pull_request",
        "merge_group",
        "schedule",
        "release",
        "pull_request_target",
        "issues",
        "",
    ];
    let (first, rest) = input.split_first().unwrap_or((&0, &[]));
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    judge(job::task(name, text));
    // Whatever stands in the place of an id or a branch must not be shown.
    let (key, id) = (key(), "1".repeat(40));
    for (id, value) in [(text, &key), (&id, &format!("{text}{key}"))] {
        let json = serde_json::json!({
            "ref": format!("refs/heads/{value}"), "before": id, "after": id, "forced": true,
            "repository": {"default_branch": value},
            "pull_request": {"head": {"sha": id}, "base": {"sha": value}},
            "merge_group": {"head_sha": value, "base_sha": id},
        });
        judge(job::task(name, &json.to_string()));
    }
}

/// A task names commits by ids alone; what is said of it, or in its place, is safe to print.
fn judge(task: Result<job::Task, job::EventRefusal>) {
    let said = match task {
        Err(refusal) => refusal,
        Ok(task) => {
            let commits = task.commits.iter();
            let ids = commits.flat_map(|commits| match &commits.before {
                job::EventBefore::Commit(before) => vec![&commits.head, before],
                job::EventBefore::Removed(commit) => vec![&commits.head, commit],
                job::EventBefore::Nothing | job::EventBefore::Branch(_) => vec![&commits.head],
            });
            for id in ids {
                let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
                assert!(id.len() == 40 && id.bytes().all(is_hex), "no id: {id}");
            }
            task.about
        }
    };
    assert!(!said.contains(&key()[13..]), "an event's text is shown");
    assert!(!said.contains(char::is_control), "a control character");
}

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| {
    let rules = RuleSet::builtin().unwrap_or_else(|e| unreachable!("{e}"));
    Detector::new(rules).keeping_drops()
});

/// A key that no one ever issued.
fn key() -> String {
    let turned = "Ue5AgYd3Lp8Js6HvNc4BzTf9wXm2kR7q";
    let body = turned.chars().rev();
    ["jvx", "live", ""].join("_").chars().chain(body).collect()
}

/// Scans the input, then the input with a key on its last line, and holds both to what must be.
fn check(path: &str, input: &[u8]) {
    hold(input, &scan_with(&DETECTOR, path, input));
    let planted = [input, b"\n\"", key().as_bytes(), b"\"\n"].concat();
    hold(&planted, &scan_with(&DETECTOR, path, &planted));
}

fn scan_with(detector: &Detector, path: &str, bytes: &[u8]) -> Outcome {
    scan(detector, &Policy::default(), path, bytes)
}

fn scan(detector: &Detector, policy: &Policy, path: &str, bytes: &[u8]) -> Outcome {
    let source = Memory {
        path: path.into(),
        bytes,
    };
    let outcome = jvxleaks::scan::scan(&source, detector, policy);
    outcome.unwrap_or_else(|e| unreachable!("{e}"))
}

fn hold(input: &[u8], outcome: &Outcome) {
    let lines = input.iter().filter(|b| **b == b'\n').count() + 1;
    for finding in &outcome.findings {
        let place = &finding.place;
        // A member of an archive, or a text in UTF-16, has lines of its own.
        let own = place.path.archive().is_none() && !input.contains(&0);
        assert!(place.line >= 1 && place.column >= 1, "{place:?}");
        assert!(!own || place.line <= lines, "{place:?} of {lines} lines");
    }
    let failed = |fault: &Fault| fault.what.contains("the scanner failed");
    assert!(!outcome.faults.iter().any(failed), "{:?}", outcome.faults);
    let key = key();
    for format in Format::ALL {
        let options = ReportOptions {
            verbose: true,
            ..ReportOptions::default()
        };
        let mut out = Vec::new();
        let written = format.write(outcome, &options, &mut out);
        assert!(written.is_ok());
        let report = String::from_utf8_lossy(&out);
        assert!(!report.contains(&key[13..]), "{format} shows a key");
    }
}
