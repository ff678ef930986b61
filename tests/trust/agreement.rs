//! The same answer always: for any number of threads, on every run, however the folder is named, and
//! whichever way the same content is read.

use crate::repo::{Repo, Scan};
use crate::workspace::{key, token};
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::collections::BTreeSet;

fn leaks() -> Repo {
    let repo = Repo::new();
    for n in 0..120 {
        let text = format!(
            "a = '{}'\nAuthorization: Bearer {}\n",
            key(n % 40),
            token(n + 500, 40)
        );
        repo.write(&format!("src/{}/{n}.py", n % 7), text);
    }
    repo.write("locked", "x".repeat(5000));
    repo.commit("all");
    repo
}

#[test]
fn neither_threads_nor_repetition_change_a_byte() {
    let repo = leaks();
    for words in [
        "scan -f json --max-file-size 4K",
        "scan -v -f sarif",
        "range -f jsonl HEAD",
        "history --no-cache -f markdown",
    ] {
        let first = repo.scan(&format!("{words} -j 1"));
        for jobs in ["-j 1", "-j 3", "-j 64", "-j 64"] {
            let again = repo.scan(&format!("{words} {jobs}"));
            assert!(!first.stdout.is_empty());
            assert_eq!(first.exit, again.exit, "{words} {jobs}");
            assert_eq!(first.stdout, again.stdout, "{words} {jobs}");
        }
    }
}

#[test]
fn a_folder_is_the_same_by_any_name() {
    let repo = leaks();
    let folder = repo.path();
    let inside = repo.scan_in(&folder.join("src/3"), "scan -f json .");
    assert_eq!(inside.exit, Some(1));
    let absolute = folder.join("src/3").display().to_string();
    let outside = std::path::Path::new("/");
    for (from, name) in [
        (folder.as_path(), "src/3"),
        (&folder, "./src/3/"),
        (&folder, "src/../src/3"),
        (outside, absolute.as_str()),
    ] {
        let named = repo.scan_in(from, &format!("scan -f json {name}"));
        assert_eq!(without_root(&inside), without_root(&named), "{name}");
    }
}

/// The report, without the name of the folder as it was typed.
fn without_root(scan: &Scan) -> serde_json::Value {
    let mut report = scan.json();
    report.as_object_mut().unwrap().remove("root");
    report
}

/// Fingerprint and path of every finding.
fn set(scan: &Scan) -> BTreeSet<(String, String)> {
    let report = scan.json();
    let findings = report["findings"]
        .as_array()
        .unwrap_or_else(|| panic!("{scan:?}"));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let pair = |f: &serde_json::Value| (text(&f["fingerprint"]), text(&f["path"]));
    findings.iter().map(pair).collect()
}

/// What a commit does: adds secrets to a file, or copies a file.
#[derive(Clone, Debug)]
enum Step {
    Write {
        file: usize,
        seeds: Vec<u64>,
        dress: usize,
    },
    Copy {
        from: usize,
        to: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let write = (
        0..NAMES.len(),
        prop::collection::vec(0..20u64, 0..4),
        0..4usize,
    )
        .prop_map(|(file, seeds, dress)| Step::Write { file, seeds, dress });
    let copied = (0..NAMES.len(), 0..NAMES.len()).prop_map(|(from, to)| Step::Copy { from, to });
    prop::collection::vec(prop_oneof![4 => write, 1 => copied], 1..8)
}

const NAMES: [&str; 8] = [
    "a.py",
    "src/client.ts",
    "src/deep/er/b.env",
    "README.md",
    "dist/app.min.js",
    "größe.txt",
    "tests/c.rs",
    "public/index.html",
];

/// Text with these secrets; what a file holds once it keeps, so that the last tree holds all.
fn text(seeds: &[u64], dress: usize) -> String {
    let one = |seed: &u64| match dress {
        0 => format!("k = \"{}\"\n", key(*seed)),
        1 => format!("Authorization: Bearer {}\n", token(*seed + 300, 40)),
        2 => format!("k = \"jvx_\" + \"{}\";\n", &key(*seed)[4..]),
        _ => format!("url: https://ops:{}@example.org/\n", token(*seed + 600, 24)),
    };
    seeds.iter().map(one).collect()
}

fn build(repo: &Repo, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Write { file, seeds, dress } => {
                let file = NAMES[*file];
                let before = std::fs::read_to_string(repo.path().join(file)).unwrap_or_default();
                repo.write(file, before + &text(seeds, *dress));
            }
            Step::Copy { from, to } if from != to => {
                let (from, to) = (repo.path().join(NAMES[*from]), repo.path().join(NAMES[*to]));
                if from.exists() && !to.exists() {
                    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
                    std::fs::copy(from, to).unwrap();
                }
            }
            Step::Copy { .. } => {}
        }
        repo.commit("step");
    }
}

proptest! {
    #![proptest_config(Config { cases: cases(), failure_persistence: None, ..Config::default() })]

    #[test]
    fn tree_index_range_and_history_agree(steps in steps()) {
        let repo = Repo::new();
        repo.commit("base");
        repo.git("tag base");
        build(&repo, &steps);
        let tree = set(&repo.scan("scan -f json"));
        prop_assert_eq!(&set(&repo.scan("range -f json base..HEAD")), &tree, "range");
        prop_assert_eq!(&set(&repo.scan("history --no-cache -f json")), &tree, "history");
        repo.git("update-ref -d HEAD");
        prop_assert_eq!(&set(&repo.scan("staged -f json")), &tree, "staged");
    }
}

/// Each case makes a repository, so there are few; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(24)
}
