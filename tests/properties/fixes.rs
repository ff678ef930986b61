//! A fix takes its credentials out and nothing else, and leaves nothing that it could have fixed.

use crate::draw::Draw;
use crate::dress::STATEMENTS;
use crate::keys::accepted_key;
use jvxleaks::detect::Detector;
use jvxleaks::fix::Editor;
use jvxleaks::model::{Blob, BlobPath, Edit, LineIndex, Origin};
use jvxleaks::rules::RuleSet;
use memchr::memmem;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(RuleSet::builtin().unwrap()));

/// Names of files.
const FILES: [&str; 34] = [
    "src/a.py",
    "src/a.js",
    "src/a.ts",
    "src/a.go",
    "src/a.rb",
    "src/a.php",
    "src/a.java",
    "src/a.kt",
    "src/a.scala",
    "src/a.cs",
    "src/a.swift",
    "src/a.rs",
    "src/a.ex",
    "src/a.ps1",
    "src/a.sh",
    "src/a.tsx",
    "src/a.yml",
    "src/a.c",
    ".github/workflows/a.yml",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    "compose.yaml",
    "application.yml",
    "application.properties",
    "application.conf",
    "config/services.yaml",
    "serverless.yml",
    ".npmrc",
    "pom.xml",
    "main.tf",
    "Dockerfile",
    ".env",
    "k8s.yaml",
    "a.ipynb",
];

/// Lines of programs, with a key in the place of `KEY`.
const LINES: [&str; 40] = [
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
    "key: KEY",
    "key: 'KEY' # KEY",
    "- \"KEY=KEY\"",
    "env: {token: KEY, other: \"KEY\"}",
    "run: |",
    "script:",
    "RUN curl -H \"X-Api-Key: KEY\" \\",
    "ENV KEY=KEY",
    "ARG KEY=\"KEY\" B=KEY",
    "<a>KEY</a><!-- <b>KEY</b> -->",
    "variable \"a\" {",
    "default = \"KEY\"",
    "}",
    "a = <<EOT",
    "apiVersion: v1\nkind: Pod\nenv:\n  - name: KEY\n    value: KEY",
    "EOT",
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
    let Some(found) = found else {
        return Vec::new();
    };
    let lines = LineIndex::new(text);
    let editor = Editor::new(&blob, &found, &lines);
    let made = found
        .matches
        .iter()
        .filter_map(|matched| Some((editor.edit(matched).ok()?, matched.secret.expose().to_vec())));
    let mut made: Vec<(Edit, Vec<u8>)> = made.collect();
    made.dedup_by(|(edit, _), (other, _)| edit.replacements == other.replacements);
    made
}

/// The text with edits made, if these take out each credential once and nothing else.
fn fixed(text: &[u8], made: &[(Edit, Vec<u8>)]) -> Result<Vec<u8>, TestCaseError> {
    let after = Edit::applied(text, made.iter().map(|(edit, _)| edit));
    let shown = String::from_utf8_lossy(text);
    let count = |text: &[u8], key: &[u8]| memmem::find_iter(text, key).count();
    for (_, key) in made {
        let gone = made.iter().filter(|(_, own)| own == key).count();
        // A value that goes may hold its credential twice.
        prop_assert!(count(&after, key) + gone <= count(text, key), "{}", shown);
    }
    let changes: BTreeSet<_> = made.iter().flat_map(|(edit, _)| edit.changes()).collect();
    let spans: Vec<_> = changes.iter().map(|(span, _)| *span).collect();
    let apart = spans.windows(2).all(|two| two[0].end <= two[1].start);
    prop_assert!(apart, "{}", shown);
    let added: usize = changes.iter().map(|(_, text)| text.len()).sum();
    let removed: usize = spans.iter().map(|span| span.len()).sum();
    prop_assert_eq!(after.len() + removed, text.len() + added, "{}", shown);
    Ok(after)
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_fix_takes_out_what_it_fixes_and_leaves_nothing_to_fix(seed: u64) {
        let draw = &mut Draw::new(seed);
        let path = BlobPath::from(*draw.pick(&FILES));
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
