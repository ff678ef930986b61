//! The library, as another program calls it. A change of what is named here breaks its callers.

use crate::workspace::key;
use jvxleaks::report::{Format, ReportOptions};
use jvxleaks::{Fault, Finding, Outcome, RuleSet, Scanner, ScannerError, SourceError};
use std::path::Path;

fn scanner() -> Scanner {
    Scanner::new(RuleSet::builtin().unwrap()).unwrap()
}

#[test]
fn what_callers_name_has_the_types_that_they_know() {
    let _: fn(RuleSet) -> Result<Scanner, ScannerError> = Scanner::new;
    let _: fn(&Scanner, &'static str, &[u8]) -> Outcome = Scanner::scan_bytes;
    let _: fn(&Scanner, &'static Path) -> Result<Outcome, SourceError> = Scanner::scan_path;
    let _: fn(&Outcome) -> &Vec<Finding> = |outcome| &outcome.findings;
    let _: fn(&Outcome) -> &Vec<Fault> = |outcome| &outcome.faults;
    let shared: fn(Scanner) -> Box<dyn Send + Sync> = |scanner| Box::new(scanner);
    drop(shared(scanner()));
}

#[test]
fn what_the_library_shows_is_this_alone() {
    let source = include_str!("../../src/lib.rs").replace("#[doc(hidden)]\n", "#[doc(hidden)] ");
    let shown: Vec<&str> = source
        .lines()
        .filter(|line| line.starts_with("pub "))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r"
    pub mod model;
    pub mod report;
    pub mod rules;
    pub use model::{Fault, Finding, Outcome};
    pub use rules::RuleSet;
    pub use scanner::{Scanner, ScannerError};
    pub use source::SourceError;
    ");
}

#[test]
fn bytes_are_scanned_without_a_file() {
    let outcome = scanner().scan_bytes("a.py", format!("K = '{}'\n", key(1)).as_bytes());
    let finding = &outcome.findings[0];
    assert_eq!(&*finding.rule.id, "jourvex-key");
    assert_eq!(finding.secret.expose(), key(1).as_bytes());
    assert_eq!((outcome.findings.len(), outcome.errors()), (1, 1));
}

#[test]
fn no_text_of_an_outcome_shows_a_key() {
    let text = format!("K = '{}' # {}\n", key(1), key(1));
    let outcome = scanner().scan_bytes(format!("{}.py", key(1)), text.as_bytes());
    let body = &key(1)["jvx_live_".len() + 4..];
    assert!(!format!("{outcome:?}").contains(body));
    for format in Format::ALL {
        let mut written = Vec::new();
        let options = ReportOptions::default();
        format.write(&outcome, &options, &mut written).unwrap();
        assert!(!String::from_utf8_lossy(&written).contains(body));
    }
}

#[test]
fn what_cannot_be_read_in_bytes_is_a_fault() {
    let outcome = scanner().scan_bytes("a.gz", b"\x1f\x8b\x08");
    let faults: Vec<&str> = outcome.faults.iter().map(|fault| &*fault.what).collect();
    insta::assert_snapshot!(faults.join("\n"), @"broken archive member, which cannot be read; unpack it and scan the folder");
}

#[test]
fn a_folder_is_scanned_as_git_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    file("a.py", &format!("K = '{}'\n", key(1)));
    file("clean.py", "K = os.environ['KEY']\n");
    let outcome = scanner().scan_path(folder.path()).unwrap();
    assert_eq!((outcome.findings.len(), outcome.stats.files), (1, 2));
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let error = scanner().scan_path("nowhere").unwrap_err();
    insta::assert_snapshot!(error, @"nowhere: no such file or folder; check the path, or give `-` to read standard input");
}

#[test]
fn a_scanner_without_rules_is_refused() {
    let error = Scanner::new(RuleSet::default()).unwrap_err();
    insta::assert_snapshot!(error, @"the set has no rule; begin with `RuleSet::builtin()`, or enable one");
}
