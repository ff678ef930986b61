//! The index, through the binary.

use crate::repo::{Repo, Scan};
use crate::workspace::key;

const STAGED: &str = "staged --format json";

#[test]
fn the_index_counts_and_not_the_work_tree() {
    let repo = Repo::new();
    repo.write("deep/er/new.txt", key(2));
    repo.write("hidden.txt", key(3));
    repo.git("add -A");
    assert_eq!(repo.scan(STAGED).places().len(), 2, "no commit yet");
    repo.write("hidden.txt", "clean again");
    repo.write("untracked.txt", key(4));
    let found = ["deep/er/new.txt", "hidden.txt"];
    assert_eq!(repo.scan(STAGED).places(), found);
    assert_eq!(
        repo.scan_in(&repo.path().join("deep"), STAGED).places(),
        found
    );
    repo.git("add -A");
    repo.commit("all");
    assert_eq!(repo.scan(STAGED).exit, Some(0));
    repo.git("mv deep/er/new.txt moved.txt");
    assert_eq!(repo.scan(STAGED).places(), ["moved.txt"]);
}

#[test]
fn another_index_is_honoured() {
    let repo = Repo::new();
    repo.commit("first");
    repo.write("a.txt", key(1));
    repo.git("add a.txt");
    std::fs::copy(repo.path().join(".git/index"), repo.path().join("other")).unwrap();
    repo.git("rm -q --cached a.txt");
    assert_eq!(repo.scan(STAGED).exit, Some(0));
    for name in ["other", "./other"] {
        let mut command = repo.command(&repo.path(), STAGED);
        let scan = Scan::of(command.env("GIT_INDEX_FILE", name));
        assert_eq!(scan.places(), ["a.txt"], "{name}");
    }
    let linked = repo.beside("linked");
    repo.git(&format!("worktree add -q {} -b wip", linked.display()));
    std::fs::write(linked.join("x.txt"), key(5)).unwrap();
    repo.git_in(&linked, "add -A");
    assert_eq!(repo.scan_in(&linked, STAGED).places(), ["x.txt"]);
}

#[test]
fn a_conflict_is_read_on_all_sides() {
    let repo = Repo::new();
    repo.write("f.txt", "base");
    repo.commit("base");
    repo.git("checkout -q -b other");
    repo.write("f.txt", key(1));
    repo.commit("theirs");
    repo.git("checkout -q main");
    repo.write("f.txt", "ours");
    repo.commit("ours");
    assert!(!repo.try_git("merge -q other"));
    assert_eq!(repo.scan(STAGED).places(), ["f.txt"]);
}

#[test]
fn what_is_passed_over_is_said() {
    let repo = Repo::new();
    let commit = repo.commit("first");
    repo.write("later.txt", key(1));
    repo.git("add -N later.txt");
    repo.git(&format!(
        "update-index --add --cacheinfo 160000,{commit},sub"
    ));
    let scan = repo.scan("staged");
    assert_eq!(scan.exit, Some(0));
    assert!(
        scan.stderr
            .contains("Skipped: intent-to-add (1), submodule (1)"),
        "{}",
        scan.stderr
    );
}

#[test]
fn the_configuration_at_the_root_is_in_force_everywhere() {
    let repo = Repo::new();
    repo.write(".jvxleaks.toml", "[paths]\nexclude = ['gen/**']\n");
    repo.write("gen/a.txt", key(1));
    repo.write("src/b.txt", key(2));
    repo.git("add -A");
    assert_eq!(
        repo.scan_in(&repo.path().join("src"), STAGED).places(),
        ["src/b.txt"]
    );
}

#[test]
fn what_is_excluded_is_read_neither_from_the_index_nor_from_commits() {
    let repo = Repo::new();
    repo.write(".jvxleaks.toml", "[paths]\nexclude = ['gen/']\n");
    repo.commit("configuration");
    repo.write("gen/large.txt", "x".repeat(5000));
    repo.write("gen/gone.txt", key(1));
    repo.write("src/b.txt", key(2));
    repo.commit("keys");
    let gone = repo.git("rev-parse HEAD:gen/gone.txt");
    let (folder, name) = gone.split_at(2);
    std::fs::remove_file(repo.path().join(".git/objects").join(folder).join(name)).unwrap();
    let check = |words: &str| {
        let scan = repo.scan(&format!("{words} --max-file-size 4K"));
        assert_eq!(scan.exit, Some(1), "{words}: {}", scan.stderr);
        assert!(!scan.stdout.contains("gen/"), "{words}: {}", scan.stdout);
        let told = &scan.stderr;
        assert!(told.contains("Skipped: excluded (2)"), "{words}: {told}");
    };
    check("range HEAD^..HEAD");
    repo.git("reset -q --soft HEAD^");
    check("staged");
}

#[test]
fn not_a_repository_is_an_error() {
    let repo = Repo::new();
    let scan = repo.scan_in(&repo.beside(""), "staged");
    assert_eq!(scan.exit, Some(2));
    assert!(
        scan.stderr.contains("not a git repository"),
        "{}",
        scan.stderr
    );
}
