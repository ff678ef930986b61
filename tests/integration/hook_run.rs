//! `jvxleaks hook run`, as git, pre-commit and other callers start it.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use std::io::Write;
use std::process::Stdio;

const PRE_COMMIT: &str = "hook run pre-commit --format json";
const PRE_PUSH: &str = "hook run pre-push --format json";
const ZERO: &str = "0000000000000000000000000000000000000000";

fn with_input(repo: &Repo, words: &str, input: &str) -> Scan {
    let mut command = repo.command(&repo.path(), words);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Scan {
        exit: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

fn with_variables(repo: &Repo, words: &str, variables: &[(&str, &str)]) -> Scan {
    let mut command = repo.command(&repo.path(), words);
    Scan::of(command.envs(variables.iter().copied()))
}

#[test]
fn named_files_are_read_from_the_index_and_staged_ones_besides() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.write("clean.txt", "x");
    repo.commit("first");
    repo.write("old.txt", "hidden by an edit");
    repo.write("staged.txt", key(2));
    repo.git("add staged.txt");
    repo.write("clean.txt", key(3));
    let places = |words: &str| repo.scan(&format!("{PRE_COMMIT} {words}")).places();
    assert_eq!(places("old.txt clean.txt"), ["old.txt", "staged.txt"]);
    assert_eq!(places("-- clean.txt"), ["staged.txt"]);
    assert_eq!(places("."), ["old.txt", "staged.txt"]);
}

#[test]
fn a_named_file_that_is_not_in_the_index_is_read_from_disk() {
    let repo = Repo::new();
    repo.commit("first");
    repo.write("untracked.txt", key(1));
    repo.write(".gitignore", "ignored.txt\n");
    repo.write("ignored.txt", key(2));
    let scan = repo.scan(&format!("{PRE_COMMIT} untracked.txt ignored.txt"));
    assert_eq!(scan.places(), ["ignored.txt", "untracked.txt"]);
    let scan = repo.scan(&format!("{PRE_COMMIT} nowhere.txt untracked.txt"));
    assert_eq!(scan.exit, Some(2));
    let told = scan.transcript(&repo.path());
    assert!(
        told.contains("\"path\": \"untracked.txt\"")
            && told.contains("\"what\": \"no such file or folder;"),
        "{told}"
    );
}

#[test]
fn a_file_that_is_called_like_an_option_is_a_file() {
    let repo = Repo::new();
    repo.write("--exit-zero", key(1));
    repo.commit("first");
    let scan = repo.scan(&format!("{PRE_COMMIT} -- --exit-zero"));
    assert_eq!(
        (scan.exit, scan.places()),
        (Some(1), vec!["--exit-zero".to_owned()])
    );
}

#[test]
fn with_both_ends_of_pre_commit_every_commit_between_them_is_read() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.txt", key(1));
    let added = repo.commit("add");
    repo.git("rm -q a.txt");
    repo.write("b.txt", key(2));
    let second = repo.commit("remove");
    let ends = [
        ("PRE_COMMIT_FROM_REF", &*base),
        ("PRE_COMMIT_TO_REF", "HEAD"),
    ];
    let scan = with_variables(&repo, &format!("{PRE_COMMIT} b.txt"), &ends);
    let expected = [format!("a.txt {added}"), format!("b.txt {second}")];
    assert_eq!(scan.places(), expected, "each place once");
    let gone = [
        ("PRE_COMMIT_FROM_REF", "nowhere"),
        ("PRE_COMMIT_TO_REF", "HEAD"),
    ];
    let scan = with_variables(&repo, PRE_COMMIT, &gone);
    assert_eq!(scan.exit, Some(2), "{}", scan.stderr);
}

#[test]
fn every_ref_of_a_push_is_read() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.git("checkout -q -b one");
    let one = repo.commit("one");
    repo.git("checkout -q -b two main");
    repo.write("two.txt", key(2));
    let two = repo.commit("two");
    let lines = format!(
        "refs/heads/one {one} refs/heads/one {ZERO}\nrefs/heads/two {two} refs/heads/two {base}\n"
    );
    let push = |lines: &str| with_input(&repo, &format!("{PRE_PUSH} origin url"), lines);
    assert_eq!(push(&lines).places(), [format!("two.txt {two}")]);
    let known = format!("refs/heads/two {two} refs/heads/two {two}\n");
    assert_eq!(push(&known).exit, Some(0));
    let deleted = format!("(delete) {ZERO} refs/heads/two {two}\n");
    assert_eq!(push(&deleted).exit, Some(0));
    let forced = format!("refs/heads/two {two} refs/heads/two {}\n", "1".repeat(40));
    assert_eq!(push(&forced).places(), [format!("two.txt {two}")]);
    let unknown = push("something else\n");
    assert_eq!(unknown.exit, Some(2));
    assert!(
        unknown.stderr.contains("not what git tells"),
        "{}",
        unknown.stderr
    );
    let missing = push(&format!(
        "refs/heads/x {} refs/heads/x {ZERO}\n",
        "2".repeat(40)
    ));
    assert_eq!(missing.exit, Some(2));
}

#[test]
fn without_a_ref_on_standard_input_everything_is_read_that_the_remote_lacks() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.git("remote add origin url");
    repo.git("update-ref refs/remotes/origin/main HEAD");
    let push = || with_input(&repo, &format!("{PRE_PUSH} origin url"), "");
    assert_eq!(push().exit, Some(0), "{}", push().stderr);
    repo.git("checkout -q -b side");
    repo.write("side.txt", key(2));
    let side = repo.commit("side");
    repo.git("checkout -q main");
    let scan = push();
    assert_eq!(scan.places(), [format!("side.txt {side}")]);
    assert!(scan.stderr.contains("`use_stdin: true`"), "{}", scan.stderr);
    let other = with_input(&repo, &format!("{PRE_PUSH} origin other"), "");
    assert_eq!(other.places().len(), 2, "of another place nothing is known");
}

#[test]
fn tags_are_read_with_their_text_and_whatever_they_name() {
    let repo = Repo::new();
    repo.write("file.txt", key(1));
    let commit = repo.commit("first");
    repo.run(&repo.path(), &["tag", "-a", "v1", "-m", &key(2)]);
    let blob = repo.git("rev-parse HEAD:file.txt");
    repo.git(&format!("tag blob {blob}"));
    repo.git("tag tree HEAD^{tree}");
    let tag = |name: &str| {
        let id = repo.git(&format!("rev-parse {name}"));
        let line = format!("refs/tags/{name} {id} refs/tags/{name} {ZERO}\n");
        with_input(&repo, &format!("{PRE_PUSH} origin url"), &line)
    };
    assert_eq!(
        tag("v1").places(),
        ["TAG_MSG".to_owned(), format!("file.txt {commit}")]
    );
    assert_eq!(tag("blob").places(), ["refs/tags/blob"]);
    let id = repo.git("rev-parse blob");
    let line = format!("refs/tags/blob {id} refs/tags/blob {ZERO}\n");
    let words = format!("{PRE_PUSH} --max-file-size 20 origin url");
    assert_eq!(with_input(&repo, &words, &line).exit, Some(2), "too long");
    let tree = tag("tree");
    assert_eq!(tree.exit, Some(2));
    assert!(
        tree.faults().contains("push a commit with that tree"),
        "{}",
        tree.faults()
    );
}

#[test]
fn called_by_pre_commit_a_push_is_what_the_remote_lacks() {
    let repo = Repo::new();
    repo.write("root.txt", key(1));
    let root = repo.commit("root");
    let push = |variables: &[(&str, &str)]| with_variables(&repo, PRE_PUSH, variables).places();
    let remote = ("PRE_COMMIT_REMOTE_NAME", "origin");
    assert_eq!(
        push(&[remote]),
        [format!("root.txt {root}")],
        "the first push of a root commit"
    );
    repo.git("update-ref refs/remotes/origin/main HEAD");
    repo.write("gone.txt", key(2));
    let added = repo.commit("add");
    repo.git("rm -q gone.txt");
    repo.commit("remove");
    let found = [format!("gone.txt {added}")];
    assert_eq!(push(&[remote, ("PRE_COMMIT_TO_REF", "HEAD")]), found);
    assert_eq!(push(&[]), found, "by hand");
    repo.git("update-ref refs/remotes/origin/topic HEAD");
    let ends = [
        ("PRE_COMMIT_FROM_REF", &*root),
        ("PRE_COMMIT_TO_REF", "HEAD"),
    ];
    assert_eq!(
        push(&ends),
        found,
        "in a job, where a remote branch holds what is tested"
    );
    repo.git("remote add origin url");
    repo.git("update-ref -d refs/remotes/origin/topic");
    let to = |url| [remote, ("PRE_COMMIT_REMOTE_URL", url)];
    assert_eq!(push(&to("url")), found);
    assert_eq!(push(&to("other")).len(), 2, "another place");
    repo.git("update-ref refs/remotes/origin/main HEAD");
    let branch = ("PRE_COMMIT_REMOTE_BRANCH", "refs/heads/main");
    let stale = [remote, branch, ends[0], ends[1]];
    assert_eq!(push(&stale), found, "the branch was moved at the remote");
}

#[test]
fn a_message_is_read_as_git_is_going_to_store_it() {
    let repo = Repo::new();
    repo.commit("first");
    let scissors = "# ------------------------ >8 ------------------------\n# Do not touch\n";
    let patch = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n";
    repo.write(
        ".git/MSG",
        format!("subject\n# {}\n{scissors}{patch}-{}\n", key(1), key(2)),
    );
    let message = |variables: &[(&str, &str)]| {
        let scan = with_variables(
            &repo,
            "hook run commit-msg .git/MSG --format json",
            variables,
        );
        let findings = scan.json()["findings"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        findings
            .iter()
            .map(|f| f["line"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(message(&[]), [] as [&str; 0]);
    assert_eq!(
        message(&[("GIT_EDITOR", ":")]),
        ["2", "9"],
        "with -m nothing is taken out"
    );
    repo.git("config commit.cleanup verbatim");
    assert_eq!(message(&[]), ["2"], "comments stay");
    let scan = repo.scan("hook run commit-msg nowhere");
    assert_eq!(scan.exit, Some(2));
}

#[test]
fn skipping_is_said() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.git("add -A");
    let skip = |skip| with_variables(&repo, "hook run pre-commit", &[("SKIP", skip)]);
    let scan = skip("other, jvxleaks");
    insta::assert_snapshot!(scan.transcript(&repo.path()), @"
    exit 0
    --- stdout
    --- stderr
    jvxleaks: skipped, because SKIP names it; nothing was checked
    ");
    assert_eq!(skip("jvxleaks-push").exit, Some(1));
    let stopped = skip("").stderr;
    assert!(
        stopped.contains("to skip this once: SKIP=jvxleaks git commit"),
        "{stopped}"
    );
}
