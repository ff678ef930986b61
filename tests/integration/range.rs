//! Ranges of commits, through the binary.

use crate::repo::{Repo, Scan};
use crate::workspace::key;

fn places(repo: &Repo, spec: &str) -> Vec<String> {
    repo.scan(&format!("range {spec} --format json")).places()
}

#[test]
fn what_is_added_and_removed_again_is_found_and_messages_are_read() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.txt", key(1));
    let added = repo.commit("add");
    repo.git("rm -q a.txt");
    let removed = repo.commit(&format!("remove {}", key(2)));
    let expected = [format!("COMMIT_MSG {removed}"), format!("a.txt {added}")];
    assert_eq!(places(&repo, &format!("{base}..HEAD")), expected);
    assert_eq!(places(&repo, &format!("{base}...HEAD")), expected);
    assert_eq!(places(&repo, &added), expected[1..]);
    assert_eq!(places(&repo, "HEAD"), expected[..1]);
}

#[test]
fn a_merge_is_asked_what_it_adds_itself() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.git("checkout -q -b side");
    repo.write("side.txt", "x");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(3));
    let merge = repo.commit("merge");
    assert_eq!(
        places(&repo, &format!("{base}..main")),
        [format!("evil.txt {merge}")]
    );
}

#[test]
fn an_empty_range_is_clean_and_counts_no_commits() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("first");
    let scan = repo.scan("range HEAD..HEAD");
    assert_eq!(scan.exit, Some(0));
    assert!(scan.stderr.contains("in 0 commits"), "{}", scan.stderr);
}

#[test]
fn what_a_remote_has_is_left_out() {
    let repo = Repo::new();
    repo.write("pushed.txt", key(1));
    repo.commit("pushed");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    repo.write("mine.txt", key(2));
    let mine = [format!("mine.txt {}", repo.commit("mine"))];
    assert_eq!(places(&repo, "--unpushed origin"), mine);
    assert_eq!(places(&repo, "HEAD --not --remotes=origin"), mine);
    assert_eq!(places(&repo, "HEAD --not --remotes"), mine);
    assert_eq!(places(&repo, "--unpushed other").len(), 2);
}

#[test]
fn a_shallow_boundary_is_a_fault_with_the_command_that_deepens() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.commit("new");
    let clone = repo.beside("shallow");
    let from = repo.path().display().to_string();
    repo.git(&format!(
        "clone -q --depth 1 file://{from} {}",
        clone.display()
    ));
    let scan = repo.scan_in(&clone, "range HEAD --format json");
    assert_eq!((scan.exit, scan.places().len()), (Some(2), 0));
    assert!(
        scan.faults().contains("git fetch --unshallow"),
        "{}",
        scan.faults()
    );
}

#[test]
fn revisions_that_name_nothing_are_errors() {
    let repo = Repo::new();
    repo.commit("base");
    let told = |spec: &str, what: &str| {
        let Scan { exit, stderr, .. } = repo.scan(&format!("range {spec}"));
        assert_eq!(exit, Some(2));
        assert!(stderr.contains(what), "{stderr}");
    };
    told("nowhere..HEAD", "nowhere: no such commit");
    told(&format!("{}..HEAD", "0".repeat(40)), "all zeros");
    told("HEAD --not", "--remotes");
}
