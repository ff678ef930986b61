//! `verify` of a program without network code. `tests/e2e/verify` asks a server.

use crate::workspace::Workspace;
use std::fs;

/// Nothing of the vendor's server is in the usual program, and it says so.
#[test]
#[cfg(not(feature = "net"))]
fn the_usual_program_sends_nothing() {
    let here = Workspace::new();
    here.file("keys.txt", crate::workspace::key(1));
    for words in [
        &["verify", "keys.txt"][..],
        &["verify", "--yes-send-keys", "keys.txt"],
    ] {
        let run = here.run(words);
        insta::allow_duplicates! {
            insta::assert_snapshot!(run, @"
            exit 2
            --- stdout
            --- stderr
            jvxleaks: error: this program was built without network code, and nothing was sent; build it with `cargo install --path . --features net`
            ");
        }
    }
}

#[test]
fn a_text_without_a_whole_key_is_refused() {
    let here = Workspace::new();
    here.file(
        "report.json",
        "{\"findings\": [{\"secret\": \"jvx_live_9fKq...\"}]}",
    );
    insta::assert_snapshot!(here.run(&["verify", "--yes-send-keys", "report.json"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: report.json: it holds no whole key of Jourvex; a report has them if it was made with --show-secrets
    ");
    insta::assert_snapshot!(here.run(&["verify", "--yes-send-keys", "nowhere.txt"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nowhere.txt: cannot be read: No such file or directory (os error 2); name another file
    ");
}

#[test]
fn the_page_about_rotating_is_in_the_program() {
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rotate.md")).unwrap();
    let here = Workspace::new();
    assert!(
        here.run(&["explain", "rotate"])
            .contains(page.lines().next().unwrap())
    );
}
