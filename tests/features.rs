//! What the library does with the features it was built with: what it cannot read is never clean.
//!
//! `cargo test` asks it with all of them, `cargo test --no-default-features --test features` with none.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::write::{GzEncoder, ZlibEncoder};
use jvxleaks::{Outcome, RuleSet, Scanner};
use std::io::Write as _;
use std::process::Command;

fn scanner() -> Scanner {
    Scanner::new(RuleSet::builtin().unwrap()).unwrap()
}

/// A setting with a key that no repository holds.
fn setting() -> String {
    let body: String = (1_u64..7)
        .map(|n| format!("{:04x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48))
        .collect();
    format!("JOURVEX_KEY={}{body}\n", ["jvx", "live", ""].join("_"))
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zlib(text: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn faults(outcome: &Outcome) -> Vec<String> {
    let faults = outcome.faults.iter();
    faults.map(|f| format!("{}: {}", f.path, f.what)).collect()
}

#[test]
fn what_is_packed_is_found_or_told() {
    let packed = [
        ("a.gz", gzip(&setting())),
        ("a.zz", zlib(&setting())),
        (
            "a.tf",
            format!("user_data = \"{}\"\n", STANDARD.encode(gzip(&setting()))).into_bytes(),
        ),
    ];
    for (name, bytes) in packed {
        let outcome = scanner().scan_bytes(name, &bytes);
        let faults = faults(&outcome);
        let told = (outcome.findings.len(), faults.len());
        if cfg!(feature = "archives") {
            assert_eq!(told, (1, 0), "{name}: {faults:?}");
        } else {
            assert_eq!(told, (0, 1), "{name}: {faults:?}");
        }
    }
}

#[test]
fn an_archive_that_nothing_opens_is_told_by_its_kind() {
    // The record that ends a zip, and no member.
    let zip = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    let told = faults(&scanner().scan_bytes("a.zip", &zip)).join("\n");
    if cfg!(feature = "archives") {
        assert_eq!(told, "");
    } else {
        insta::assert_snapshot!(told, @"a.zip: zip archive, which cannot be read; unpack it and scan the folder");
    }
}

#[test]
fn what_is_no_archive_is_not_told() {
    for text in ["x = \"eJwords and more\"", "x^2 + y", "%PNG", "H4sI"] {
        let outcome = scanner().scan_bytes("a.txt", text.as_bytes());
        assert_eq!(faults(&outcome).join("\n"), "", "{text}");
    }
}

#[test]
fn what_an_ignore_file_hides_is_read_where_git_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut git = Command::new("git");
    git.args(["init", "--quiet"]).arg(folder.path());
    assert!(git.status().unwrap().success());
    std::fs::write(folder.path().join(".gitignore"), "hidden.env\n").unwrap();
    std::fs::write(folder.path().join("hidden.env"), setting()).unwrap();
    let outcome = scanner().scan_path(folder.path()).unwrap();
    let told = (outcome.findings.len(), outcome.stats.ignored);
    assert_eq!(
        told,
        if cfg!(feature = "git") {
            (0, 1)
        } else {
            (1, 0)
        }
    );
    assert_eq!(faults(&outcome).join("\n"), "");
}
