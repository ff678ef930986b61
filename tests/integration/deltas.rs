//! Versions that a pack stores as deltas: only where one differs from what it is built on is looked at.

use crate::repo::Repo;
use crate::workspace::{key, token};
use serde_json::Value;

/// So many bytes of a key are in a version that is no leak yet, or no longer.
const PARTS: std::ops::Range<usize> = 0..20;

/// A text that deltas well: lines that no other file has.
fn lines(file: usize, from: usize) -> String {
    let line = |n| {
        format!(
            "line {n} of {file}: {}\n",
            token((file * 1000 + n) as u64, 4)
        )
    };
    (from..from + 60).map(line).collect()
}

/// A file with the first bytes of its key at its beginning, in the middle or at its end.
fn version(file: usize, bytes: usize) -> String {
    let part = key(file as u64)[..bytes].to_owned();
    let (before, behind) = (lines(file, 0), lines(file, 60));
    match file % 3 {
        0 => format!("{part}\n{before}{behind}"),
        1 => format!("{before}k = {part}\n{behind}"),
        _ => format!("{before}{behind}{part}"),
    }
}

/// Path, line and column of each finding, and the commit that brought it.
fn places(repo: &Repo) -> Vec<String> {
    let report = repo.scan("history --no-cache --format json").json();
    let text = |value: &Value| value.to_string();
    let findings = report["findings"].as_array().unwrap().iter();
    let place = |f: &Value| {
        let parts = ["path", "line", "column", "origin"].map(|name| text(&f[name]));
        parts.join(" ")
    };
    findings.map(place).collect()
}

#[test]
fn a_key_is_found_wherever_a_delta_cuts_it() {
    let repo = Repo::new();
    let write = |bytes: &dyn Fn(usize) -> usize| {
        for file in PARTS {
            repo.write(&format!("{file}.txt"), version(file, bytes(file)));
        }
    };
    write(&|file| file);
    repo.commit("before");
    write(&|file| key(file as u64).len());
    repo.commit("keys");
    // Git builds on the longest version: here on one without a key.
    for file in PARTS {
        let longest = version(file, 0) + &lines(file, 120);
        repo.write(&format!("{file}.txt"), longest);
    }
    repo.commit("after");
    let loose = places(&repo);
    assert_eq!(loose.len(), PARTS.len(), "{loose:#?}");
    repo.git("repack -q -a -d -f --depth=50 --window=100");
    let packs = std::fs::read_dir(repo.path().join(".git/objects/pack")).unwrap();
    let mut paths = packs.map(|entry| entry.unwrap().path());
    let index = paths.find(|path| path.extension().is_some_and(|e| e == "idx"));
    let deltas = repo.git(&format!("verify-pack -v {}", index.unwrap().display()));
    assert!(deltas.contains("chain length = 1: "), "{deltas}");
    assert_eq!(places(&repo), loose);
}
