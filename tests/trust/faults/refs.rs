//! Faults of refs, of the index and of the repository as a whole.

use super::call::{Call, is_root};
use super::objects::clone_as;
use super::row::{Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::os::unix::fs::{PermissionsExt, chown};

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a range whose base is not there",
        how: "a name that no ref has",
        words: "range nosuch..HEAD",
        found: "",
        exit: 2,
        says: "nosuch: ",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a range whose tip is not there",
        how: "an id that no object has",
        words: "range base..0123456789012345678901234567890123456789",
        found: "",
        exit: 2,
        says: "0123456789012345678901234567890123456789",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a range that is an option of git",
        how: "an option where a revision belongs",
        words: "range --exec=written",
        found: "",
        exit: 2,
        says: "unexpected argument",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a range of two variables that are not set",
        how: "nothing on either side of the dots",
        words: "range ..",
        found: "",
        exit: 2,
        says: "`..`: this names no commit",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a symmetric range of two variables that are not set",
        how: "nothing on either side of three dots",
        words: "range ...",
        found: "",
        exit: 2,
        says: "`...`: this names no commit",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a range that leaves a shallow clone",
        how: "git clone --depth 1",
        words: "range -v HEAD",
        found: "COMMIT_MSG",
        exit: 2,
        says: "shallow",
        inject: |repo| {
            repo.commit(&key(1));
            clone_as(repo, "--depth 1");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "a range whose base a shallow clone lacks",
        how: "git clone --depth 1",
        words: "range -v HEAD~2..HEAD",
        found: "",
        exit: 2,
        says: "fetch",
        inject: |repo| {
            repo.commit(&key(1));
            clone_as(repo, "--depth 1");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "a history that ends at a shallow boundary",
        how: "git clone --depth 1",
        words: "history -v --no-cache",
        found: "COMMIT_MSG",
        exit: 2,
        says: "run `git fetch --unshallow`",
        inject: |repo| {
            repo.commit(&key(1));
            clone_as(repo, "--depth 1");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "a ref that is no id",
        how: "refs/heads/bad holds noise",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "refs/heads/bad: this ref holds no object id",
        inject: |repo| {
            repo.write(".git/refs/heads/bad", "noise\n");
            Call::plain()
        },
    },
    Row {
        fault: "a ref to what is not there",
        how: "refs/heads/bad names a missing commit",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: "0123456789012345678901234567890123456789",
        inject: |repo| {
            let id = "0123456789012345678901234567890123456789\n";
            repo.write(".git/refs/heads/bad", id);
            Call::plain()
        },
    },
    Row {
        fault: "a HEAD that is noise",
        how: ".git/HEAD is overwritten",
        words: "staged",
        found: "",
        exit: 2,
        says: "",
        inject: |repo| {
            repo.write(".git/HEAD", "noise\n");
            Call::plain()
        },
    },
    Row {
        fault: "a HEAD that names what is not there",
        how: ".git/HEAD is the id of no object",
        words: "staged -v",
        found: "",
        exit: 2,
        says: "0123456789012345678901234567890123456789",
        inject: |repo| {
            repo.write(".git/HEAD", "0123456789012345678901234567890123456789\n");
            Call::plain()
        },
    },
    Row {
        fault: "an index that is noise",
        how: ".git/index is overwritten",
        words: "staged",
        found: "",
        exit: 2,
        says: "the index cannot be read",
        inject: |repo| {
            repo.write(".git/index", "noise, and more of it than a head has\n");
            Call::plain()
        },
    },
    Row {
        fault: "an index that is noise, and an audit",
        how: ".git/index is overwritten",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: ".git: the index cannot be read",
        inject: |repo| {
            repo.write(".git/index", "noise, and more of it than a head has\n");
            Call::plain()
        },
    },
    Row {
        fault: "an index of another work tree that is noise",
        how: ".git/worktrees/linked/index is overwritten",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 2,
        says: ".git/worktrees/linked: the index cannot be read",
        inject: |repo| {
            repo.git("worktree add -q --detach ../linked");
            let noise = "noise, and more of it than a head has\n";
            repo.write(".git/worktrees/linked/index", noise);
            Call::plain()
        },
    },
    Row {
        fault: "an index with a wrong checksum",
        how: "its last byte is another",
        words: "staged",
        found: "",
        exit: 2,
        says: "the index cannot be read",
        inject: |repo| {
            repo.git("reset -q --soft base");
            let mut bytes = std::fs::read(repo.path().join(".git/index")).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            repo.write(".git/index", bytes);
            Call::plain()
        },
    },
    Row {
        fault: "an index in two parts",
        how: "git update-index --split-index",
        words: "staged",
        found: "staged.txt",
        exit: 1,
        says: "",
        inject: |repo| {
            split_index(repo);
            Call::plain()
        },
    },
    Row {
        fault: "an index whose other part is gone",
        how: "its sharedindex file is deleted",
        words: "staged",
        found: "",
        exit: 2,
        says: "index",
        inject: |repo| {
            split_index(repo);
            for file in std::fs::read_dir(repo.path().join(".git")).unwrap() {
                let file = file.unwrap();
                if file
                    .file_name()
                    .to_string_lossy()
                    .starts_with("sharedindex.")
                {
                    std::fs::remove_file(file.path()).unwrap();
                }
            }
            Call::plain()
        },
    },
    Row {
        fault: "an index that the environment names and that is not there",
        how: "GIT_INDEX_FILE",
        words: "staged",
        found: "",
        exit: 2,
        says: "GIT_INDEX_FILE names a file that is not there",
        inject: |_| Call::with("GIT_INDEX_FILE", "nowhere"),
    },
    Row {
        fault: "a repository that the environment names and that is not there",
        how: "GIT_DIR",
        words: "history",
        found: "",
        exit: 2,
        says: "not a git repository",
        inject: |_| Call::with("GIT_DIR", "/nowhere"),
    },
    Row {
        fault: "a folder that is no repository",
        how: "run outside of one",
        words: "staged",
        found: "",
        exit: 2,
        says: "not a git repository",
        inject: |_| Call::after("mkdir -p ../plain && cd ../plain"),
    },
    Row {
        fault: "a repository of another user",
        how: "its owner is changed",
        words: "history",
        found: "",
        exit: 2,
        says: "git config --global --add safe.directory [FOLDER]",
        inject: |repo| {
            if is_root(repo) {
                give_away(&repo.path());
                Call::plain()
            } else {
                Injected::No("only root can give files away")
            }
        },
    },
    Row {
        fault: "a repository of another user that the environment trusts",
        how: "its owner is changed, and GIT_CONFIG_COUNT sets safe.directory",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            if is_root(repo) {
                give_away(&repo.path());
                Injected::Run(Call {
                    env: vec![
                        ("GIT_CONFIG_COUNT", "1".into()),
                        ("GIT_CONFIG_KEY_0", "safe.directory".into()),
                        ("GIT_CONFIG_VALUE_0", "*".into()),
                    ],
                    ..Call::default()
                })
            } else {
                Injected::No("only root can give files away")
            }
        },
    },
    Row {
        fault: "an index of another user",
        how: "the owner of its repository is changed",
        words: "staged",
        found: "",
        exit: 2,
        says: "this repository belongs to another user",
        inject: |repo| {
            if is_root(repo) {
                give_away(&repo.path());
                Call::plain()
            } else {
                Injected::No("only root can give files away")
            }
        },
    },
    Row {
        fault: "a note of what was fetched that is none",
        how: "a folder in place of FETCH_HEAD",
        words: "history -v",
        found: "open.txt",
        exit: 2,
        says: "FETCH_HEAD: cannot be read",
        inject: |repo| {
            std::fs::create_dir(repo.path().join(".git/FETCH_HEAD")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "reflogs that may not be read",
        how: "mode 000, read by another user",
        words: "history -v",
        found: "open.txt",
        exit: 2,
        says: "logs: cannot be listed",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            let locked = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(repo.path().join(".git/logs"), locked).unwrap();
            Call::bound()
        },
    },
    Row {
        fault: "a git folder that may not be written",
        how: "mode 555, read by another user",
        words: "history -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            let readonly = std::fs::Permissions::from_mode(0o555);
            std::fs::set_permissions(repo.path().join(".git"), readonly).unwrap();
            Call::bound()
        },
    },
    Row {
        fault: "a git folder that may not be read",
        how: "mode 000, read by another user",
        words: "history -v",
        found: "",
        exit: 2,
        says: "",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            let locked = std::fs::Permissions::from_mode(0o000);
            std::fs::set_permissions(repo.path().join(".git"), locked).unwrap();
            Call::bound()
        },
    },
    Row {
        fault: "a configuration of git that is broken",
        how: "an open section in .git/config",
        words: "history",
        found: "",
        exit: 2,
        says: "cannot be opened",
        inject: |repo| {
            repo.write(".git/config", "[core\n");
            Call::plain()
        },
    },
    Row {
        fault: "a repository of a format to come",
        how: "core.repositoryFormatVersion is 9",
        words: "history",
        found: "",
        exit: 2,
        says: "cannot be opened",
        inject: |repo| {
            repo.git("config core.repositoryFormatVersion 9");
            Call::plain()
        },
    },
    Row {
        fault: "a file of the desktop among the refs",
        how: "refs/.DS_Store and refs/remotes/origin/.DS_Store",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            for folder in ["", "heads/", "remotes/origin/"] {
                repo.write(&format!(".git/refs/{folder}.DS_Store"), b"\0\0\0\x01Bud1");
            }
            Call::plain()
        },
    },
    Row {
        fault: "a repository that an older git made a partial clone",
        how: "extensions.partialClone names the remote",
        words: "range HEAD",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.git("config core.repositoryFormatVersion 1");
            repo.git("config extensions.partialClone origin");
            Call::plain()
        },
    },
    Row {
        fault: "a repository with an extension to come",
        how: "extensions.tomorrow",
        words: "range HEAD",
        found: "",
        exit: 2,
        says: "extensions.tomorrow",
        inject: |repo| {
            repo.git("config core.repositoryFormatVersion 1");
            repo.git("config extensions.tomorrow true");
            Call::plain()
        },
    },
    Row {
        fault: "ids of another kind, met by a scan of files",
        how: "git init --object-format=sha256",
        words: "scan ../other",
        found: "",
        exit: 2,
        says: "SHA-256 object ids are not supported",
        inject: |repo| {
            repo.git("init -q --object-format=sha256 ../other");
            repo.git_in(&repo.beside("other"), "commit -q --allow-empty -m x");
            Call::plain()
        },
    },
    Row {
        fault: "ids of another kind",
        how: "git init --object-format=sha256",
        words: "history ../other",
        found: "",
        exit: 2,
        says: "SHA-256 object ids are not supported; nothing was read",
        inject: |repo| {
            repo.git("init -q --object-format=sha256 ../other");
            Call::plain()
        },
    },
    Row {
        fault: "refs of another kind",
        how: "git init --ref-format=reftable",
        words: "history ../other",
        found: "",
        exit: 2,
        says: "the reftable format is not supported",
        inject: |repo| {
            if repo.try_git("init -q --ref-format=reftable ../other") {
                Call::plain()
            } else {
                Injected::No("this git knows no reftable")
            }
        },
    },
    Row {
        fault: "a repository without a commit",
        how: "git init, and a range of it",
        words: "range HEAD",
        found: "",
        exit: 2,
        says: "HEAD: ",
        inject: |repo| {
            repo.git("init -q ../clone");
            Call::after("cd ../clone")
        },
    },
    Row {
        fault: "clocks far off",
        how: "commits of the years 1970, 2106 and 5000",
        words: "history -v --no-cache",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: far_off,
    },
];

/// An index in two files, whose newer one stages `staged.txt` with a key.
fn split_index(repo: &Repo) {
    repo.git("update-index --split-index");
    repo.write("staged.txt", key(PLANTED));
    repo.git("add staged.txt");
}

fn far_off(repo: &Repo) -> Injected {
    for date in ["1 +0000", "4294967297 -1200", "95617584000 +1400"] {
        let raw = format!(
            "tree {}\nparent {}\nauthor A <a@b> {date}\ncommitter A <a@b> {date}\n\nfar\n",
            repo.git("rev-parse HEAD^{tree}"),
            repo.head()
        );
        let file = repo.beside("raw");
        std::fs::write(&file, raw).unwrap();
        let id = repo.git(&format!("hash-object -t commit -w {}", file.display()));
        repo.git(&format!("update-ref refs/heads/main {id}"));
    }
    Call::plain()
}

pub(crate) fn give_away(path: &std::path::Path) {
    chown(path, Some(65534), Some(65534)).unwrap();
    chown(path.join(".git"), Some(65534), Some(65534)).unwrap();
}
