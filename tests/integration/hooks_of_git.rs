//! Installed hooks, started by git itself in real commits, merges and pushes.

use crate::repo::Repo;
use crate::workspace::key;

/// A repository with hooks, one commit, and a remote that lacks it.
fn with_hooks() -> Repo {
    let repo = Repo::new();
    repo.write("readme.txt", "x");
    repo.commit("first");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    let scan = repo.scan("hook install --pre-commit --pre-push --commit-msg");
    assert_eq!(scan.exit, Some(0), "{}", scan.stderr);
    repo
}

fn stopped(repo: &Repo, words: &[&str]) -> bool {
    let said = repo.refused(&repo.path(), words);
    if let Some(said) = &said {
        assert!(said.contains("jourvex-key"), "{words:?}: {said}");
    }
    said.is_some()
}

#[test]
fn a_staged_leak_stops_a_commit_in_every_way_to_make_one() {
    let repo = with_hooks();
    repo.write("readme.txt", key(1));
    assert!(stopped(&repo, &["commit", "-q", "-a", "-m", "all"]));
    assert!(stopped(
        &repo,
        &["commit", "-q", "-m", "path", "--", "readme.txt"]
    ));
    repo.git("add -A");
    repo.write("readme.txt", "hidden by an edit");
    assert!(stopped(&repo, &["commit", "-q", "-m", "staged"]));
    assert!(stopped(
        &repo,
        &["commit", "-q", "--amend", "-m", "amended"]
    ));
    repo.git("add -A");
    repo.write("readme.txt", key(2));
    assert!(!stopped(
        &repo,
        &["commit", "-q", "-m", "clean, whatever is on disk"]
    ));
    assert!(stopped(
        &repo,
        &["commit", "-q", "--allow-empty", "-m", &key(3)]
    ));
    repo.git("add -A");
    assert!(!stopped(
        &repo,
        &["commit", "-q", "--no-verify", "-m", "on purpose"]
    ));
    let skipped = repo
        .git_command(&repo.path(), &["commit", "-q", "--amend", "-m", "again"])
        .env("SKIP", "jvxleaks")
        .status();
    assert!(skipped.unwrap().success());
}

#[test]
fn a_merge_with_a_leak_of_its_own_is_stopped() {
    let repo = with_hooks();
    repo.git("checkout -q -b side");
    repo.write("side.txt", "x");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(1));
    repo.git("add -A");
    assert!(stopped(&repo, &["commit", "-q", "-m", "merge"]));
    repo.git("merge --abort");
    repo.git("checkout -q side");
    repo.write("leak.txt", key(2));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.git("checkout -q main");
    assert!(stopped(
        &repo,
        &["merge", "-q", "side", "-m", "by git alone"]
    ));
}

#[test]
fn a_linked_work_tree_has_the_same_hooks() {
    let repo = with_hooks();
    let linked = repo.beside("linked");
    repo.git(&format!("worktree add -q {} -b wip", linked.display()));
    std::fs::write(linked.join("x.txt"), key(1)).unwrap();
    repo.git_in(&linked, "add -A");
    let said = repo.refused(&linked, &["commit", "-q", "-m", "leak"]);
    assert!(said.unwrap().contains("x.txt:1:1"));
    std::fs::write(linked.join("x.txt"), "clean").unwrap();
    let said = repo.refused(&linked, &["commit", "-q", "-a", "-m", "clean"]);
    assert_eq!(said, None);
}

#[test]
fn a_push_is_stopped_by_any_commit_of_any_branch() {
    let repo = with_hooks();
    let leak = |name: &str, seed| {
        repo.git("checkout -q main");
        repo.git(&format!("checkout -q -b {name}"));
        repo.write("leak.txt", key(seed));
        repo.git("add -A");
        repo.git("commit -q --no-verify -m leak");
    };
    repo.git("branch clean");
    leak("leaking", 1);
    assert!(stopped(
        &repo,
        &["push", "-q", "origin", "clean", "leaking"]
    ));
    assert!(!stopped(&repo, &["push", "-q", "origin", "main", "clean"]));
    leak("mended", 2);
    repo.git("rm -q leak.txt");
    repo.git("commit -q -m removed");
    assert!(stopped(&repo, &["push", "-q", "origin", "mended"]));
    assert!(!stopped(
        &repo,
        &["push", "-q", "origin", "--delete", "clean"]
    ));
    assert!(!stopped(
        &repo,
        &["push", "-q", "--no-verify", "origin", "leaking"]
    ));
    repo.git("checkout -q leaking");
    repo.git("commit -q --allow-empty -m more");
    assert!(
        !stopped(&repo, &["push", "-q", "origin", "leaking"]),
        "what is there is no news"
    );
}

#[test]
fn the_first_push_of_a_root_commit_is_read() {
    let repo = Repo::new();
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.write("root.txt", key(1));
    repo.commit("root");
    assert_eq!(repo.scan("hook install --pre-push").exit, Some(0));
    assert!(stopped(&repo, &["push", "-q", "origin", "main"]));
    assert!(stopped(
        &repo,
        &["push", "-q", &remote.to_string_lossy(), "main"]
    ));
}
