//! The program is clean by its own measure, without any list of exceptions.

use crate::workspace::Workspace;
use std::path::Path;

#[test]
fn the_program_finds_nothing_in_itself() {
    let program = assert_cmd::cargo::cargo_bin("jvxleaks");
    let said = Workspace::new().run(&["scan", "-v", &program.to_string_lossy()]);
    assert!(said.starts_with("exit 0"), "{said}");
    assert!(!said.contains("suppressed"), "{said}");
}

#[test]
fn the_sources_of_the_program_are_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paths = [
        "rules",
        "src",
        "tests",
        "README.md",
        "docs",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ];
    let paths = paths.map(|path| root.join(path).to_string_lossy().into_owned());
    let mut words = vec!["scan"];
    words.extend(paths.iter().map(String::as_str));
    let output = Workspace::new().command(&words).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(0), "{said}");
    // Neither a finding that was silenced, nor a note on a comment that silences nothing.
    assert!(said.starts_with("No findings. Read "), "{said}");
}
