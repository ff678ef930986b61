//! Git LFS: commits and checkouts hold pointers, and what they stand for is read.

use crate::repo::{Repo, lfs_pointer, sha256};
use crate::workspace::key;

/// A repository with a pointer to a key in `app.env`, staged. Its object is in `storage`.
fn with_object(storage: &str) -> Repo {
    let repo = Repo::new();
    repo.write("app.env", lfs_pointer(&sha256(key(1).as_bytes())));
    repo.git("add app.env");
    repo.write(&object(storage), key(1));
    repo
}

/// Where the object is.
fn object(storage: &str) -> String {
    let id = sha256(key(1).as_bytes());
    format!("{storage}/objects/{}/{}/{id}", &id[..2], &id[2..4])
}

/// Exit code and places of a scan with these words.
fn found(repo: &Repo, words: &str) -> String {
    let scan = repo.scan(&format!("{words} --format json"));
    let places: Vec<String> = scan.places();
    let places = places.iter().filter_map(|place| place.split(' ').next());
    format!("{:?} {}", scan.exit.unwrap(), places.collect::<String>())
}

#[test]
fn the_content_behind_a_pointer_is_read_wherever_a_pointer_is() {
    let repo = with_object(".git/lfs");
    let words = [
        "scan",
        "scan app.env",
        "scan --no-ignore",
        "staged",
        "hook run pre-commit",
    ];
    for words in words {
        assert_eq!(found(&repo, words), "1 app.env", "{words}");
    }
    repo.commit("a");
    for words in ["range HEAD", "history --no-cache", "history", "history"] {
        assert_eq!(found(&repo, words), "1 app.env", "{words}");
    }
    repo.git("worktree add -q --detach ../linked");
    let linked = repo.scan_in(&repo.beside("linked"), "scan --format json");
    assert_eq!(linked.places(), ["app.env"]);
}

#[test]
fn objects_may_be_kept_elsewhere() {
    let repo = with_object("kept");
    repo.git("config lfs.storage ../kept");
    assert_eq!(found(&repo, "scan app.env"), "1 app.env");
    assert_eq!(found(&repo, "staged"), "1 app.env");
}

#[test]
fn an_object_that_is_not_here_is_counted_and_one_that_was_asked_for_is_a_fault() {
    let repo = with_object("elsewhere");
    std::fs::remove_dir_all(repo.path().join("elsewhere")).unwrap();
    insta::assert_snapshot!(repo.scan("scan -v").transcript(&repo.path()), @"
    exit 0
    --- stdout
    skipped: app.env: LFS object not here: git lfs fetch --all
    --- stderr
    No findings. Read 1 file, 126 bytes. Skipped: LFS object not here: git lfs fetch --all (1). Took [N] ms.
    ");
    insta::assert_snapshot!(repo.scan("scan app.env").transcript(&repo.path()), @"
    exit 2
    --- stdout
    not read: app.env: LFS object not here: git lfs fetch --all
    --- stderr
    No findings in what was read; 1 input was not read (app.env: LFS object not here: git lfs fetch --all). Read 1 file, 126 bytes. Took [N] ms.
    ");
    repo.commit("a");
    for words in ["range HEAD", "history", "history"] {
        let scan = repo.scan(words);
        assert_eq!(scan.exit, Some(0), "{words}");
        let counted = "LFS object not here: git lfs fetch --all (1)";
        assert!(scan.stderr.contains(counted), "{words}: {}", scan.stderr);
    }
    // An audit does not take it for read, once it was fetched.
    repo.write(&object(".git/lfs"), key(1));
    assert_eq!(found(&repo, "history"), "1 app.env");
}

#[test]
fn an_object_that_is_not_what_its_pointer_names_is_read_and_is_a_fault() {
    let repo = with_object(".git/lfs");
    repo.write(&object(".git/lfs"), key(2));
    let check = |words: &str| {
        let scan = repo.scan(&format!("{words} --format json"));
        assert_eq!((scan.exit, scan.places().len()), (Some(2), 1), "{words}");
        let faults = scan.faults();
        assert!(
            faults.contains("another than its pointer names"),
            "{words}: {faults}"
        );
    };
    ["scan", "scan app.env", "staged"]
        .into_iter()
        .for_each(check);
    repo.commit("a");
    ["range HEAD", "history", "history"]
        .into_iter()
        .for_each(check);
}
