//! Repositories that were made to harm whoever reads them: nothing of theirs is run, nothing outside
//! of them is shown, and they end.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use std::os::unix::fs::PermissionsExt;

/// Settings whose value is a program that some git command runs.
const PROGRAMS: &[&str] = &[
    "core.fsmonitor",
    "core.sshCommand",
    "core.pager",
    "core.editor",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.textconv",
    "diff.evil.command",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "credential.helper",
    "gpg.program",
    "uploadpack.packObjectsHook",
    "sequence.editor",
    "pager.log",
    "alias.log",
    "alias.diff",
];

const HOOKS: &[&str] = &[
    "pre-commit",
    "post-checkout",
    "post-index-change",
    "fsmonitor-watchman",
    "reference-transaction",
];

/// Commands that read a repository, each with the number of findings in [`leaking`].
const COMMANDS: &[&str] = &["scan", "staged", "range base..HEAD", "history --no-cache"];

/// A key committed after `base`, and one staged.
fn leaking() -> Repo {
    let repo = Repo::new();
    repo.commit("base");
    repo.git("tag base");
    repo.write("a.txt", key(1));
    repo.commit("a");
    repo.write("b.txt", key(2));
    repo.git("add b.txt");
    repo
}

fn found(repo: &Repo, words: &str) -> Scan {
    let scan = repo.scan(&format!("{words} --format json"));
    assert_eq!(scan.exit, Some(1), "{words}: {scan:?}");
    assert!(!scan.places().is_empty(), "{words}: {scan:?}");
    scan
}

#[test]
fn no_program_that_a_repository_names_is_run() {
    let repo = leaking();
    repo.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    repo.git("add .gitattributes");
    let (ran, program) = (repo.beside("ran"), repo.beside("program"));
    std::fs::write(&program, format!("#!/bin/sh\ntouch '{}'\n", ran.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = repo.beside("hooks");
    std::fs::create_dir(&hooks).unwrap();
    for hook in HOOKS {
        std::fs::copy(&program, hooks.join(hook)).unwrap();
        std::fs::copy(&program, repo.path().join(".git/hooks").join(hook)).unwrap();
    }
    let program = program.to_string_lossy().into_owned();
    let included = repo.beside("included");
    let mut text = format!("[core]\n\thooksPath = {}\n", hooks.display());
    for name in PROGRAMS {
        let (section, rest) = name.split_once('.').unwrap();
        text += &match rest.split_once('.') {
            Some((part, name)) => format!("[{section} \"{part}\"]\n\t{name} = {program}\n"),
            None => format!("[{section}]\n\t{rest} = {program}\n"),
        };
    }
    std::fs::write(&included, &text).unwrap();
    let config = std::fs::read_to_string(repo.path().join(".git/config")).unwrap();
    let include = format!("[include]\n\tpath = {}\n", included.display());
    repo.write(".git/config", format!("{config}{include}{text}"));
    for words in COMMANDS {
        found(&repo, words);
        assert!(!ran.exists(), "{words} ran what the repository names");
    }
}

#[test]
fn a_missing_object_is_not_fetched_from_a_remote_that_runs_a_program() {
    let repo = leaking();
    let ran = repo.beside("ran");
    let blob = repo.git("rev-parse HEAD:a.txt");
    let (fan, rest) = blob.split_at(2);
    std::fs::remove_file(repo.path().join(".git/objects").join(fan).join(rest)).unwrap();
    repo.git("config remote.origin.promisor true");
    repo.git("config extensions.partialClone origin");
    repo.run(
        &repo.path(),
        &[
            "config",
            "remote.origin.url",
            &format!("ext::touch {}", ran.display()),
        ],
    );
    for words in ["range base..HEAD", "history --no-cache"] {
        let scan = repo.scan(&format!("{words} --format json"));
        assert_eq!(scan.exit, Some(2), "{scan:?}");
        assert!(!ran.exists(), "{words} fetched");
    }
}

#[test]
fn a_work_tree_elsewhere_is_not_read() {
    let repo = leaking();
    let elsewhere = repo.beside("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    std::fs::write(elsewhere.join("private.txt"), key(9)).unwrap();
    repo.git(&format!("config core.worktree {}", elsewhere.display()));
    let private = &key(9)[9..13];
    for words in COMMANDS {
        let scan = found(&repo, words);
        assert!(!scan.stdout.contains(private), "{words}: {scan:?}");
    }
}

#[test]
fn stores_that_borrow_from_one_another_end() {
    let repo = leaking();
    let other = repo.beside("other");
    repo.git(&format!("init -q {}", other.display()));
    let objects = |of: &std::path::Path| of.join(".git/objects").display().to_string();
    repo.write(
        ".git/objects/info/alternates",
        format!(
            "{}\n{}\n/\n/nowhere\n",
            objects(&other),
            objects(&repo.path())
        ),
    );
    let back = other.join(".git/objects/info/alternates");
    std::fs::write(back, format!("{}\n", objects(&repo.path()))).unwrap();
    for words in COMMANDS {
        found(&repo, words);
    }
}

#[test]
fn names_in_trees_lead_nowhere() {
    for name in [
        "..", ".git", ".", "a/b", "../../x", "", "a\\b", "C:", "/etc/x",
    ] {
        let repo = leaking();
        let blob = repo.git("rev-parse HEAD:a.txt");
        let id: Vec<u8> = (0..20)
            .map(|n| u8::from_str_radix(&blob[2 * n..2 * n + 2], 16).unwrap())
            .collect();
        let raw = [b"100644 ", name.as_bytes(), b"\0", &id[..]].concat();
        std::fs::write(repo.beside("raw"), raw).unwrap();
        let tree = format!(
            "hash-object -t tree --literally -w {}",
            repo.beside("raw").display()
        );
        let tree = repo.git(&tree);
        let commit = repo.git(&format!("commit-tree -p base -m x {tree}"));
        repo.git(&format!("update-ref refs/heads/odd {commit}"));
        for words in ["range base..odd", "history --no-cache"] {
            let scan = repo.scan(&format!("{words} --format json"));
            assert!(
                matches!(scan.exit, Some(1 | 2)),
                "{name:?}, {words}: {scan:?}"
            );
            assert!(
                !scan.places().is_empty() || scan.exit == Some(2),
                "{name:?}, {words}: {scan:?}"
            );
        }
    }
}

#[test]
fn nesting_without_end_is_read() {
    let repo = Repo::new();
    let deep = |open: &str| format!("{}\"{}\"", open.repeat(200_000), key(1));
    repo.write("a.ipynb", deep("{\"cells\":["));
    repo.write("a.js.map", deep("{\"sections\":[{\"map\":"));
    repo.write("b.js.map", deep("["));
    repo.write("a.json", deep("{\"a\":"));
    repo.write("a.tsx", format!("'use client'\n{}", deep("f({a:[")));
    repo.write("a.html", deep("<script>{"));
    let scan = found(&repo, "scan");
    assert_eq!(scan.places().len(), 6, "{scan:?}");
}
