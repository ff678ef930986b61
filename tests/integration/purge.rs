//! Plans for taking keys out of a history, through the binary. `tests/e2e/purge` carries one out.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use std::fs;

/// A repository with a key in two files and in a message, of which one file is binary.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("a.py", format!("k = '{}'\n", key(1)));
    repo.write(
        "split.js",
        format!("const k = 'jvx_live_' + '{}';\n", &key(2)[9..]),
    );
    repo.write("b.bin", format!("k = {}\0", key(3)));
    repo.git("add -A");
    repo.commit(&format!("deploy with {}", key(4)));
    repo
}

fn plan(repo: &Repo, more: &str) -> Scan {
    let file = repo.beside("plan.txt").display().to_string();
    repo.scan(&format!("purge-plan -o {file}{more}"))
}

fn shown(repo: &Repo, text: &str) -> String {
    let beside = repo.beside("").display().to_string();
    text.replace(beside.trim_end_matches('/'), "ABOVE")
}

#[test]
fn a_plan_has_every_form_and_says_what_to_type() {
    let repo = repo();
    let plan = plan(&repo, "");
    assert_eq!(plan.exit, Some(0), "{}", plan.stderr);
    let ids = regex_free_ids(&plan.stdout);
    insta::assert_snapshot!(shown(&repo, &ids), @r#"
    1. Make these useless first. A rewrite reaches no copy that somebody has already.
       jvx_live_mDSH...: in commits here, and not known to be published; rotate it at Settings -> API Access
       jvx_live_TLsZ...: in commits here, and not known to be published; rotate it at Settings -> API Access
       jvx_live_zEGC...: in commits here, and not known to be published; rotate it at Settings -> API Access
       jvx_live_dCXb...: in commits here, and not known to be published; rotate it at Settings -> API Access
    2. Rewrite a fresh copy.
         git clone --mirror -o origin --no-local . ABOVE/work-purge.git
         git -C ABOVE/work-purge.git filter-repo --force --replace-text ABOVE/plan.txt --replace-message ABOVE/plan.txt --strip-blobs-with-ids ABOVE/plan.txt.blobs --sensitive-data-removal --no-fetch
       This must say "No findings". If it does not, plan again for the copy.
         jvxleaks history --no-cache ABOVE/work-purge.git
    3. These are packed or no text, and are left out as a whole. Put them back without the key.
       b.bin (ID)
    4. No remote is set up here. Clone ABOVE/work-purge.git, work on there, and delete this repository.
    5. Delete what holds the keys, and the copies once their servers have them.
         rm ABOVE/plan.txt ABOVE/plan.txt.blobs
    "#);
    insta::assert_snapshot!(shown(&repo, &plan.stderr), @"ABOVE/plan.txt, ABOVE/plan.txt.blobs: secrets in plain text, for your eyes alone; the last step deletes them");
    let file = repo.beside("plan.txt");
    let written = fs::read_to_string(&file).unwrap();
    let mut lines: Vec<&str> = written.lines().collect();
    lines.sort_unstable();
    let mut wanted = [
        format!("literal:{}==>REMOVED", key(1)),
        format!("literal:{}==>REMOVED", &key(2)[9..]),
        format!("literal:{}==>REMOVED", key(4)),
    ];
    wanted.sort();
    assert_eq!(lines, wanted);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for number in 1..5 {
        assert!(!plan.stdout.contains(&key(number)[13..22]));
    }
}

/// The text with the short ids of blobs, which differ from run to run, as `ID`.
fn regex_free_ids(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(" (") {
        Some((start, _)) if line.starts_with("   ") && line.ends_with(')') => {
            format!("{start} (ID)")
        }
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_file_is_refused_where_git_could_get_it_and_where_one_is() {
    let repo = repo();
    for (file, said) in [
        ("plan.txt", "inside a repository"),
        (".git/plan.txt", "inside a repository"),
        ("nowhere/plan.txt", "its folder is not there"),
    ] {
        let refused = repo.scan(&format!("purge-plan -o {file}"));
        assert_eq!(refused.exit, Some(2), "{file}");
        assert!(refused.stderr.contains(said), "{}", refused.stderr);
    }
    assert_eq!(plan(&repo, "").exit, Some(0));
    let again = plan(&repo, "");
    assert_eq!(again.exit, Some(2));
    assert!(
        again.stderr.contains("there is such a file already"),
        "{}",
        again.stderr
    );
    let other = plan(&repo, " --replacement ==>");
    assert!(
        other.stderr.contains("choose 1 to 32 letters"),
        "{}",
        other.stderr
    );
}

#[test]
fn without_a_key_nothing_is_written() {
    let repo = Repo::new();
    repo.write(
        "a.py",
        format!("k = '{}' # jvxleaks:allow jourvex-key -- rotated\n", key(1)),
    );
    repo.git("add -A");
    repo.commit("accepted");
    let plan = plan(&repo, "");
    assert_eq!(plan.exit, Some(0), "{}", plan.stderr);
    assert_eq!(plan.stdout, "");
    assert!(
        plan.stderr.contains("nothing was written"),
        "{}",
        plan.stderr
    );
    assert!(!repo.beside("plan.txt").exists());
}

#[test]
fn what_was_not_read_is_told_and_the_plan_made_all_the_same() {
    let repo = repo();
    repo.write("large.txt", "x".repeat(5000));
    repo.git("add -A");
    repo.commit("large");
    let plan = plan(&repo, " --max-file-size 4K");
    assert_eq!(plan.exit, Some(2), "{}", plan.stderr);
    assert!(plan.stderr.contains("not read"), "{}", plan.stderr);
    assert!(plan.stdout.contains("git filter-repo"), "{}", plan.stdout);
}
