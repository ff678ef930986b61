//! The floors of the building: a folder imports only from those before it in `FLOORS`, an outside
//! crate is named only where `CRATES` says, files, functions and folders stay small, and a type has a name of its own.
//!
//! `ARCHITECTURE.md` says why. The checks read the source as text, so that they need no build.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod circles;
mod code;
mod pages;

use circles::House;
use code::{own, root, sources};
use std::collections::BTreeMap;
use std::fs;

/// Folders of `src/`, lowest first, with the floors each may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("syntax", &["model"]),
    ("rules", &["model", "syntax"]),
    ("source", &["model", "syntax"]),
    ("decode", &["model", "syntax"]),
    ("detect", &["model", "syntax", "rules", "decode"]),
    ("policy", &["model"]),
    ("fix", &["model", "syntax"]),
    ("report", &["model"]),
    ("fleet", &["model", "report"]),
    ("redact", &["model", "rules", "decode", "detect", "policy"]),
    (
        "inspect.rs",
        &["model", "decode", "detect", "policy", "fix", "redact"],
    ),
    (
        "scan.rs",
        &[
            "model", "rules", "source", "decode", "detect", "policy", "fix", "report", "inspect",
        ],
    ),
    (
        "audit.rs",
        &[
            "model", "rules", "source", "decode", "detect", "policy", "report", "inspect", "scan",
        ],
    ),
    (
        "purge.rs",
        &[
            "model", "source", "decode", "detect", "policy", "inspect", "audit",
        ],
    ),
    ("verify.rs", &["model", "source"]),
    (
        "review.rs",
        &["model", "source", "detect", "policy", "scan"],
    ),
    (
        "scanner.rs",
        &[
            "model", "rules", "source", "detect", "policy", "redact", "scan",
        ],
    ),
    // The binary: it names the library as `jvxleaks`, and `crate` is only its own `cli`.
    ("cli", &["cli"]),
    ("main.rs", &["cli"]),
];

/// Outside crates and the only places that may name them.
const CRATES: &[(&str, &[&str])] = &[
    (
        "aho_corasick",
        &[
            "detect/prefilter/literals.rs",
            "rules/name_set.rs",
            "syntax/call.rs",
            "decode/sign/table.rs",
        ],
    ),
    (
        "annotate_snippets",
        &["report/text/drawing.rs", "report/text/keys.rs"],
    ),
    ("anstream", &["cli"]),
    ("anyhow", &["cli"]),
    ("brotli_decompressor", &["decode/archive/crates"]),
    ("bzip2", &["decode/archive/crates", "decode/archive/tests"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("crc32fast", &["source/git/pack/mod.rs"]),
    ("csv", &["report/exchange/csv.rs", "fleet/report"]),
    (
        "flate2",
        &[
            "decode/archive/crates",
            "decode/archive/tests",
            "decode/encoded/inflate.rs",
        ],
    ),
    (
        "foldhash",
        &[
            "decode/sign/sampled.rs",
            "detect/names",
            "redact/bodies.rs",
            "rules/name_set.rs",
        ],
    ),
    ("git2", &["source/git"]),
    (
        "gix_glob",
        &["source/disk/ignore_rules.rs", "source/disk/work_tree.rs"],
    ),
    (
        "gix_hash",
        &["source/git/repo/index.rs", "source/git/pack/mod.rs"],
    ),
    ("gix_ignore", &["source/disk/ignore_rules.rs"]),
    ("gix_index", &["source/git/repo/index.rs"]),
    ("gix_pack", &["source/git/pack/mod.rs"]),
    ("hmac", &["fleet/keyed.rs"]),
    ("html5gum", &["source/site/links/page.rs"]),
    (
        "globset",
        &["policy/config/path_set.rs", "source/package/npm_rule.rs"],
    ),
    (
        "ignore",
        &[
            "source/disk/walk.rs",
            "source/disk/project.rs",
            "source/package",
        ],
    ),
    ("indicatif", &["cli"]),
    (
        "jiff",
        &["cli", "policy", "report/html/timeline.rs", "source/git"],
    ),
    ("libdeflater", &["source/git/pack/inflate.rs"]),
    (
        "lzma_rust2",
        &["decode/archive/crates", "decode/archive/tests"],
    ),
    ("maud", &["report/html"]),
    ("pbkdf2", &["policy"]),
    (
        "percent_encoding",
        &["report/html/link.rs", "report/sarif/place.rs"],
    ),
    ("quick_junit", &["report/exchange/junit.rs"]),
    (
        "rayon",
        &["source", "cli/args/threads.rs", "policy/fingerprints.rs"],
    ),
    ("regex", &["rules", "detect"]),
    ("regex_syntax", &["rules"]),
    ("similar", &["cli/command/fixing/file_fix.rs"]),
    ("ruzstd", &["decode/archive/crates", "decode/archive/tests"]),
    (
        "rustix",
        &[
            "source/disk/opener.rs",
            "source/disk/read.rs",
            "source/stdin.rs",
        ],
    ),
    (
        "schemars",
        &[
            "policy/config/mod.rs",
            "policy/config/syntax.rs",
            "rules/syntax.rs",
        ],
    ),
    (
        "serde_sarif",
        &[
            "report/sarif/mod.rs",
            "report/sarif/fix.rs",
            "report/sarif/history.rs",
            "report/sarif/rule.rs",
            "report/sarif/suppression.rs",
            "fleet/report/sarif.rs",
        ],
    ),
    ("signal_hook", &["cli/interrupt.rs"]),
    ("tar", &["decode/archive/crates", "decode/archive/tests"]),
    // In the tests of `source`.
    (
        "tempfile",
        &[
            "cli",
            "source/disk/opener.rs",
            "source/disk/roots.rs",
            "source/skimmer.rs",
        ],
    ),
    ("terminal_size", &["cli"]),
    ("toml", &["rules", "policy", "source/package"]),
    ("ureq", &["source/site/http.rs", "verify.rs"]),
    // `decode` has a module that is called so.
    ("url", &["decode", "source/site"]),
    ("zip", &["decode/archive/crates", "decode/archive/tests"]),
];

/// Most lines of a file, its tests not counted.
const LONGEST: usize = 500;

/// Most lines of a function.
const LONGEST_FUNCTION: usize = 60;

/// Most files beside each other in a folder.
const MOST_FILES: usize = 12;

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let floor = floor_of(&file);
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
            if floor != "lib.rs" {
                wrong.push(format!("{file}: no floor is called {floor}"));
            }
            continue;
        };
        for used in names_after(&text, "crate::") {
            if used != floor && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{file}: {floor} must not import {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_import_one_another_without_a_circle() {
    let circles = House::new(&sources()).circles();
    let said: Vec<&str> = circles.iter().map(|(_, said)| said.as_str()).collect();
    assert!(said.is_empty(), "a circle:\n{}", said.join("\na circle:\n"));
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (name, places) in CRATES {
            let used = names(&text).any(|n| n == *name);
            if used && !places.iter().any(|place| file.starts_with(place)) {
                wrong.push(format!("{file}: {name} belongs to {}", places.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stays_in_one_place() {
    let allowed = |(file, text): (String, String)| text.contains("unsafe_code").then_some(file);
    let allowed: Vec<String> = sources().into_iter().filter_map(allowed).collect();
    assert_eq!(
        allowed,
        ["source/git/repo/open.rs"],
        "a setting of libgit2 is static"
    );
}

#[test]
fn the_model_needs_nothing_but_the_standard_library() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap();
    let dependencies = section.lines().take_while(|line| !line.starts_with('['));
    let dependencies = dependencies.filter_map(|line| line.split(' ').next());
    let dependencies: Vec<String> = dependencies.map(|d| d.replace('-', "_")).collect();
    for (file, text) in sources() {
        if file.starts_with("model/") {
            let found = dependencies
                .iter()
                .find(|d| !d.is_empty() && text.contains(&format!("{d}::")));
            assert!(found.is_none(), "{file} names {}", found.unwrap());
        }
    }
}

#[test]
fn files_stay_short() {
    let own_lines = |text: &str| own(text).lines().count();
    let long = sources()
        .into_iter()
        .map(|(file, text)| (file, own_lines(&text)));
    let long: Vec<_> = long.filter(|(_, lines)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "{long:?} is asking to be two things");
}

#[test]
fn functions_stay_short() {
    let mut long = Vec::new();
    for (file, text) in sources() {
        let lines: Vec<&str> = own(&text).lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            let indent = &line[..line.len() - code.len()];
            let is_function = code.starts_with("fn ") || code.contains(" fn ");
            let is_one = is_function && !code.starts_with("//") && !line.ends_with(';');
            let close = format!("{indent}}}");
            let length = lines[at..].iter().position(|line| *line == close);
            if is_one && length.is_some_and(|length| length + 1 > LONGEST_FUNCTION) {
                long.push(format!("{file}: {code}"));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn folders_hold_few_files() {
    let mut files: BTreeMap<String, usize> = BTreeMap::new();
    for file in sources().into_keys() {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        *files.entry(folder.to_owned()).or_default() += 1;
    }
    files.retain(|_, count| *count > MOST_FILES);
    assert!(files.is_empty(), "{files:?} are asking for folders");
}

#[test]
fn a_type_has_a_name_of_its_own() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (file, text) in sources() {
        for line in own(&text).lines() {
            // A type of a trait is indented, and stands for what each of its types has.
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let is_one = |word: &&str| ["struct", "enum", "trait", "type"].contains(word);
            let is_head = line.starts_with("pub") || line.split(' ').next().iter().any(is_one);
            if is_head && words.any(|word| is_one(&word)) {
                let name = words.next().unwrap_or_default();
                places
                    .entry(name.to_owned())
                    .or_default()
                    .push(file.clone());
            }
        }
    }
    // One name for two systems, each in a module of its own.
    places.remove("Opener");
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn pages_for_developers_name_files_that_are_there() {
    let files = sources().into_keys().collect();
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let unknown = pages::unknown_paths(page, &files);
        assert!(unknown.is_empty(), "{page} names {unknown:?}");
    }
}

#[test]
fn files_say_what_they_are() {
    let silent = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "));
    let silent: Vec<_> = silent.map(|(file, _)| file).collect();
    assert!(silent.is_empty(), "{silent:?} begin without a word");
}

#[test]
fn no_file_is_a_drawer() {
    const DRAWERS: [&str; 6] = ["util", "utils", "helper", "helpers", "manager", "misc"];
    let is_drawer = |file: &str| {
        file.split(['/', '.', '_'])
            .any(|part| DRAWERS.contains(&part))
    };
    let drawers: Vec<_> = sources()
        .into_keys()
        .filter(|file| is_drawer(file))
        .collect();
    assert!(drawers.is_empty(), "{drawers:?}");
}

fn floor_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file)
}

/// Identifiers that stand in front of `::`, comments left out.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| {
        line.match_indices("::")
            .map(move |(at, _)| last_name(&line[..at]))
    })
}

fn last_name(before: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = before.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
    // `source::ignore::` is a path into this crate, `ignore::` is the outside crate.
    if before[..start].ends_with("::") {
        ""
    } else {
        &before[start..]
    }
}

/// What follows each `prefix`, and each name of `use crate::{a::..., b::...}`.
fn names_after(text: &str, prefix: &str) -> Vec<String> {
    let mut found = Vec::new();
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        let list = rest
            .strip_prefix('{')
            .and_then(|list| list.split('}').next());
        for part in list
            .unwrap_or(rest)
            .split(if list.is_some() { "," } else { "\0" })
        {
            let name: String = part
                .trim_start()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.push(name);
        }
    }
    found.retain(|name| !name.is_empty());
    found
}
