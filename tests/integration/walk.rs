//! What a scan of folders reads, leaves out and says of what it left out.

use crate::repo::Repo;
use crate::workspace::{Workspace, key};
use insta::assert_snapshot;
use std::path::Path;

/// A repository in `folder` that tracks an `.env` which its `.gitignore` hides.
fn tracking_hidden(repo: &Repo, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    repo.git_in(folder, "init -q");
    std::fs::write(folder.join(".gitignore"), ".env\nlogs\n").unwrap();
    std::fs::write(folder.join(".env"), key(1)).unwrap();
    repo.git_in(folder, "add -f .");
    repo.git_in(folder, "commit -q -m a");
    std::fs::create_dir(folder.join("logs")).unwrap();
    std::fs::write(folder.join("logs/a.log"), key(2)).unwrap();
}

#[test]
fn every_repository_that_is_entered_is_asked_what_it_tracks() {
    let repo = Repo::new();
    let clones = repo.beside("clones");
    tracking_hidden(&repo, &clones.join("one"));
    tracking_hidden(&repo, &clones.join("two"));
    let scan = repo.scan_in(&clones, "scan --format json");
    assert_eq!(scan.places(), ["one/.env", "two/.env"]);
    assert_eq!(scan.json()["stats"]["ignored_folders"], 2);

    tracking_hidden(&repo, &repo.path().join("vendor/nested"));
    let one = clones.join("one").to_string_lossy().into_owned();
    let words = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        &one,
        "sub",
    ];
    repo.run(&repo.path(), &words);
    repo.write(".gitignore", "/sub\n");
    repo.commit("a");
    repo.git("worktree add -q --detach linked");
    std::fs::write(repo.path().join("linked/.gitignore"), "*\n").unwrap();
    std::fs::write(repo.path().join("linked/k"), key(3)).unwrap();
    repo.git_in(&repo.path().join("linked"), "add -f k");
    let scan = repo.scan("scan --format json");
    assert_eq!(
        scan.places(),
        ["linked/k", "sub/.env", "vendor/nested/.env"]
    );
}

#[test]
fn what_is_ignored_is_counted() {
    let repo = Repo::new();
    repo.write(".gitignore", "*.log\nnode_modules/\n/{a,b}\n");
    repo.write("a.log", key(1));
    repo.write("src/b.log", key(2));
    repo.write("src/node_modules/c/d.js", key(3));
    repo.write("a", "read\n");
    assert_snapshot!(repo.scan("scan").transcript(&repo.path()), @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 2 files, 32 bytes. 3 ignored (1 folder); --no-ignore reads them. Took [N] ms.
    ");
    let stats = repo.scan("scan --format json").json()["stats"].to_string();
    assert_snapshot!(stats, @r#"{"bytes":32,"commits":0,"files":2,"ignored":3,"ignored_folders":1}"#);
}

#[test]
fn a_folder_of_which_nothing_is_read_is_a_fault() {
    let repo = Repo::new();
    repo.write(".gitignore", "*\n");
    repo.write("a.env", key(1));
    assert_snapshot!(repo.scan("scan").transcript(&repo.path()), @"
    exit 2
    --- stdout
    not read: .: nothing was read: an ignore file hides all that is in it; add --no-ignore to read it
    --- stderr
    No findings in what was read; 1 input was not read (.: nothing was read: an ignore file hides all that is in it; add --no-ignore to read it). Read 0 files, 0 bytes. 2 ignored; --no-ignore reads them. Took [N] ms.
    ");
    let here = Workspace::new();
    here.file(".jvxleaks.toml", "[paths]\nexclude = ['vendor/']\n");
    here.file("vendor/a.js", key(1));
    assert_snapshot!(here.run(&["scan", "vendor"]), @"
    exit 2
    --- stdout
    not read: vendor: nothing was read: the configuration excludes all that is in it; name files, or add --no-config
    --- stderr
    No findings in what was read; 1 input was not read (vendor: nothing was read: the configuration excludes all that is in it; name files, or add --no-config). Read 0 files, 0 bytes. Skipped: excluded (1). Took [N] ms.
    ");
}

#[test]
fn a_named_file_is_read_whatever_hides_or_excludes_it() {
    let here = Workspace::new();
    here.file(".git/HEAD", "ref: refs/heads/main\n");
    here.file(".gitignore", "*.env\n").file(
        ".jvxleaks.toml",
        "[paths]\nexclude = ['vendor/', '*.env']\n",
    );
    here.file("vendor/a.js", key(1)).file("b.env", key(2));
    let places = here.places(&["scan", "vendor/a.js", "b.env"]);
    assert_eq!(
        places,
        ["jourvex-key b.env:1:1", "jourvex-key vendor/a.js:1:1"]
    );
}

#[test]
fn what_is_excluded_is_not_opened() {
    let here = Workspace::new();
    here.file(".jvxleaks.toml", "[paths]\nexclude = ['vendor/']\n");
    here.file("vendor/big.bin", "x".repeat(5000));
    let told = here.run(&["scan", "--max-file-size", "4K"]);
    assert_snapshot!(told, @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 1 file, 30 bytes. Skipped: excluded (1). Took [N] ms.
    ");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let (fifo, closed) = ("vendor/fifo", "vendor/closed");
        let made = std::process::Command::new("mkfifo")
            .arg(here.path(fifo))
            .status();
        assert!(made.unwrap().success());
        here.file(closed, key(1));
        let nobody = std::fs::Permissions::from_mode(0o000);
        std::fs::set_permissions(here.path(closed), nobody).unwrap();
        let three = told.replace("excluded (1)", "excluded (3)");
        assert_eq!(here.run(&["scan", "--max-file-size", "4K"]), three);
    }
}

#[test]
fn paths_that_overlap_are_read_once() {
    let here = Workspace::new();
    here.file("src/a.py", key(1)).file("b.py", key(2));
    here.file(".git/HEAD", "ref: refs/heads/main\n");
    here.file(".gitignore", "out\n").file("out/c.py", key(3));
    let report = here.json(&[
        "scan", "--format", "json", ".", "src", "./src", "src/a.py", "out",
    ]);
    assert_eq!(report["stats"]["files"], 4);
    let places = here.places(&["scan", "src", ".", "out"]);
    let places = places.join(" ").replace("jourvex-key ", "");
    assert_eq!(places, "b.py:1:1 out/c.py:1:1 src/a.py:1:1");
}

#[test]
fn a_bare_repository_is_pointed_to_its_history() {
    let repo = Repo::new();
    repo.git("init -q --bare mirrors/a.git");
    let told = "a git folder, whose commits are packed and not read by `scan`; `jvxleaks history` with this path reads them";
    for (path, words) in [("mirrors/a.git", "scan"), (".", "scan .git")] {
        let scan = repo.scan_in(&repo.path().join(path), words);
        assert!(scan.stdout.contains(told), "{words}: {}", scan.stdout);
    }
    let scan = repo.scan("scan");
    assert!(
        scan.stdout.contains(&format!("mirrors/a.git: {told}")),
        "{}",
        scan.stdout
    );
}

#[test]
fn longer_object_ids_are_refused_by_their_name() {
    let repo = Repo::new();
    repo.git("init -q --object-format=sha256 other");
    repo.write("other/a.py", key(1));
    let scan = repo.scan("scan other --format json");
    assert_eq!(
        (scan.exit, scan.places()),
        (Some(2), vec!["a.py".to_owned()])
    );
    assert!(scan.faults().contains("SHA-256"), "{}", scan.faults());
}

#[test]
#[cfg(unix)]
fn the_users_own_ignore_file_counts_be_it_a_link_or_not() {
    let repo = Repo::new();
    repo.write("a.log", key(1));
    repo.write("b.bak", key(2));
    std::fs::write(repo.beside("ours"), "*.log\n").unwrap();
    std::os::unix::fs::symlink("ours", repo.beside("linked")).unwrap();
    std::fs::write(
        repo.beside(".gitconfig"),
        "[core]\n\texcludesFile = ~/linked\n",
    )
    .unwrap();
    let places = || repo.scan("scan --format json").places();
    assert_eq!(places(), ["b.bak"]);
    std::fs::write(repo.beside(".gitconfig"), "").unwrap();
    std::fs::create_dir_all(repo.beside(".config/git")).unwrap();
    std::fs::write(repo.beside(".config/git/ignore"), "*.bak\n").unwrap();
    assert_eq!(places(), ["a.log"]);
    std::fs::remove_dir_all(repo.beside(".config/git")).unwrap();
    std::fs::write(
        repo.beside(".config/git"),
        "a file, as some program left it",
    )
    .unwrap();
    assert_eq!(places(), ["a.log", "b.bak"]);
    assert_eq!(
        repo.scan("scan").exit,
        Some(1),
        "and nothing is told of it, as by git"
    );
}

#[test]
fn a_submodule_that_is_not_checked_out_is_told() {
    let repo = Repo::new();
    let inner = repo.beside("inner");
    std::fs::create_dir(&inner).unwrap();
    repo.git_in(&inner, "init -q -b main");
    std::fs::write(inner.join("a.py"), key(1)).unwrap();
    repo.git_in(&inner, "add .");
    repo.git_in(&inner, "commit -q -m a");
    let local = "-c protocol.file.allow=always submodule --quiet";
    repo.git(&format!("{local} add ../inner libs/a;b"));
    repo.commit("a");
    repo.git("clone -q ../work ../clone");
    let clone = repo.beside("clone");
    let run = |folder: &str, words| {
        let scan = repo.scan_in(&clone.join(folder), words);
        scan.transcript(&clone.canonicalize().unwrap())
    };
    std::fs::create_dir(clone.join("empty")).unwrap();
    let told = [
        run("", "scan -v"),
        run("", "scan libs/a;b"),
        run("", "scan libs"),
        run("libs", "scan a;b"),
        run("libs/a;b", "scan"),
        run("", "history libs/a;b"),
        run("", "scan empty"),
    ];
    assert_snapshot!(told.join("\n"), @"
    exit 0
    --- stdout
    skipped: libs/a;b: submodule not checked out
    --- stderr
    No findings. Read 1 file, 58 bytes. Skipped: submodule not checked out (1). Took [N] ms.

    exit 2
    --- stdout
    not read: libs/a;b: a submodule that is not checked out; run `git submodule update --init 'libs/a;b'`
    --- stderr
    No findings in what was read; 1 input was not read (libs/a;b: a submodule that is not checked out; run `git submodule update --init 'libs/a;b'`). Read 0 files, 0 bytes. Took [N] ms.

    exit 2
    --- stdout
    not read: libs: nothing was read: the submodules in it are not checked out; run `git submodule update --init` there
    --- stderr
    No findings in what was read; 1 input was not read (libs: nothing was read: the submodules in it are not checked out; run `git submodule update --init` there). Read 0 files, 0 bytes. Skipped: submodule not checked out (1). Took [N] ms.

    exit 2
    --- stdout
    not read: a;b: a submodule that is not checked out; run `git -C [FOLDER] submodule update --init 'libs/a;b'`
    --- stderr
    No findings in what was read; 1 input was not read (a;b: a submodule that is not checked out; run `git -C [FOLDER] submodule update --init 'libs/a;b'`). Read 0 files, 0 bytes. Took [N] ms.

    exit 2
    --- stdout
    not read: .: a submodule that is not checked out; run `git -C [FOLDER] submodule update --init 'libs/a;b'`
    --- stderr
    No findings in what was read; 1 input was not read (.: a submodule that is not checked out; run `git -C [FOLDER] submodule update --init 'libs/a;b'`). Read 0 files, 0 bytes. Took [N] ms.

    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: libs/a;b: a submodule that is not checked out; run `git submodule update --init 'libs/a;b'`

    exit 0
    --- stdout
    --- stderr
    No findings. Read 0 files, 0 bytes. Took [N] ms.
    ");
    // The step that was told, in the folder where it was told.
    repo.git_in(
        &clone.join("libs"),
        &format!("-C {} {local} update --init libs/a;b", clone.display()),
    );
    assert_eq!(
        repo.scan_in(&clone, "scan --format json").places(),
        ["libs/a;b/a.py"]
    );
    assert_eq!(
        repo.scan_in(&clone, "history --format json libs/a;b").exit,
        Some(1)
    );
}

#[test]
fn steps_for_several_folders_elsewhere_are_said_to_be_for_those() {
    let repo = Repo::new();
    repo.write("a/x.txt", key(1));
    repo.write("b/y.txt", key(2));
    let (elsewhere, loose) = (repo.beside("elsewhere"), repo.beside("loose"));
    for folder in [&elsewhere, &loose] {
        std::fs::create_dir(folder).unwrap();
    }
    std::fs::write(loose.join("z.txt"), key(3)).unwrap();
    let said = |words: &str| repo.scan_in(&elsewhere, &format!("scan {words}")).stdout;
    let (root, loose) = [repo.path(), loose]
        .map(|path| path.canonicalize().unwrap())
        .into();
    let one = format!(
        "steps and commands are for {}: type them there",
        root.display()
    );
    let two = said("../work/a ../work/b");
    assert!(two.contains(&one), "{two}");
    let files = said("../work/a/x.txt ../work/b/y.txt");
    assert!(files.contains(&one), "{files}");
    let (first, second) = (loose.display(), root.display());
    let all = format!("for {first} and {second}: type them in the one that has the file");
    let both = said("../work/a ../loose");
    assert!(both.contains(&all), "{both}");
    let here = repo.scan("scan a b").stdout;
    assert!(!here.contains("type them"), "{here}");
}
