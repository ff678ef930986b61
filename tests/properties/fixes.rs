//! A fix takes its credentials out and nothing else, and leaves nothing that it could have fixed.

use crate::draw::Draw;
use crate::dress::STATEMENTS;
use crate::keys::accepted_key;
use jvxleaks::detect::Detector;
use jvxleaks::fix::{Edit, Editor, applied};
use jvxleaks::model::{Blob, BlobPath, Origin};
use jvxleaks::rules::RuleSet;
use memchr::memmem;
use proptest::prelude::*;
use std::sync::LazyLock;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(RuleSet::builtin().unwrap()));

/// Ends of names of files.
const LANGUAGES: [&str; 18] = [
    "py", "js", "ts", "go", "rb", "php", "java", "kt", "scala", "cs", "swift", "rs", "ex", "ps1",
    "sh", "tsx", "yml", "c",
];

/// Lines of programs, with a key in the place of `KEY`.
const LINES: [&str; 24] = [
    "key = \"KEY\"",
    "const key = 'KEY';",
    "let key: &str = \"KEY\";",
    "var key = `KEY`",
    "headers = { \"Authorization\": \"Bearer KEY\" }",
    "req.setHeader('Authorization', 'Bearer KEY', 1)",
    "call(\"a\", \"KEY\" , b)",
    "call(f(\"KEY\"), [\"KEY\", 'KEY'])",
    "# key = \"KEY\"",
    "// \"KEY\"",
    "url = \"https://a.example/?key=KEY&n=1\"",
    "\"\"\"KEY\"\"\"",
    "key = \"KEY\" + rest",
    "KEY=KEY",
    "export K=\"KEY\"; echo 'KEY' \"KEY\"",
    "curl -H 'X-Api-Key: KEY' -H \"X-Api-Key: KEY\"",
    "cat <<'END'",
    "import os, sys",
    "import (",
    "package main",
    "from __future__ import annotations",
    "'unclosed",
    "f(key=\"KEY\", other=\"x\")",
    "private $key = \"KEY\"; public function f($a = 'KEY') {}",
];

fn program(draw: &mut Draw) -> Option<String> {
    let mut text = String::new();
    for _ in 0..draw.between(1, 8) {
        let key = accepted_key(draw)?;
        if draw.one_in(4) {
            text += &draw.pick(&STATEMENTS).2(draw, &key);
        } else {
            text += &draw.pick(&LINES).replace("KEY", &key);
        }
        text += *draw.pick(&["\n", "\n\n", "\r\n", "\n    ", "; ", ",\n"]);
    }
    Some(text)
}

/// The edits of a program.
fn edits(path: &BlobPath, text: &[u8]) -> Vec<(Edit, Vec<u8>)> {
    let blob = Blob {
        path,
        origin: &Origin::File,
        bytes: text,
    };
    let found = DETECTOR.detect(&blob);
    let editor = Editor::new(path, text);
    let matches = found.iter().flat_map(|found| &found.matches);
    let made = matches
        .filter_map(|matched| Some((editor.edit(matched).ok()?, matched.secret.expose().to_vec())));
    let mut made: Vec<(Edit, Vec<u8>)> = made.collect();
    made.dedup_by_key(|(edit, _)| edit.span);
    made
}

/// The text with edits made, if these take out each credential once and nothing else.
fn fixed(text: &[u8], made: &[(Edit, Vec<u8>)]) -> Result<Vec<u8>, TestCaseError> {
    let only: Vec<Edit> = made.iter().map(|(edit, _)| edit.clone()).collect();
    let after = applied(text, &only);
    let shown = String::from_utf8_lossy(text);
    let count = |text: &[u8], key: &[u8]| memmem::find_iter(text, key).count();
    for (_, key) in made {
        let gone = made.iter().filter(|(_, own)| own == key).count();
        prop_assert_eq!(count(&after, key) + gone, count(text, key), "{}", shown);
    }
    let added: usize = only.iter().map(|edit| edit.replacement.len()).sum();
    let removed: usize = only.iter().map(|edit| edit.span.len()).sum();
    let imports = only.iter().filter_map(|edit| edit.import.as_ref());
    let imports = imports.map(|import| import.text.len()).max().unwrap_or(0);
    prop_assert_eq!(
        after.len() + removed,
        text.len() + added + imports,
        "{}",
        shown
    );
    Ok(after)
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_fix_takes_out_what_it_fixes_and_leaves_nothing_to_fix(seed: u64) {
        let draw = &mut Draw::new(seed);
        let path = BlobPath::from(format!("src/a.{}", draw.pick(&LANGUAGES)).as_str());
        let Some(text) = program(draw) else {
            return Ok(());
        };
        let mut text = text.into_bytes();
        // What is fixed may have kept a quote beside it from being one, in a text that no language has.
        for _ in 0..4 {
            let made = edits(&path, &text);
            if made.is_empty() {
                return Ok(());
            }
            text = fixed(&text, &made)?;
        }
        prop_assert!(false, "{}", String::from_utf8_lossy(&text));
    }
}
