//! Faults of what git and hook managers hand a hook, met by `hook run`.

use super::call::Call;
use super::files::{fifo, mode};
use super::objects::{clone_as, hidden, replace};
use super::row::{HIDDEN, Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::os::unix::fs::symlink;

const NOWHERE: &str = "0123456789012345678901234567890123456789";
const ZERO: &str = "0000000000000000000000000000000000000000";

/// What git runs before a commit.
pub(crate) const COMMIT: &str = "hook run pre-commit";
const PUSH: &str = "hook run pre-push origin ../remote";
const MESSAGE: &str = "hook run commit-msg MESSAGE";

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a commit of a file whose object is missing",
        how: "its object is deleted",
        words: COMMIT,
        found: "open.txt",
        exit: 2,
        says: "folder/hidden.txt: object",
        inject: |repo| {
            std::fs::remove_file(hidden(repo)).unwrap();
            staged(repo)
        },
    },
    Row {
        fault: "a commit of a file whose object is corrupt",
        how: "its object is noise",
        words: COMMIT,
        found: "open.txt",
        exit: 2,
        says: "is corrupt",
        inject: |repo| {
            replace(&hidden(repo), b"noise");
            staged(repo)
        },
    },
    Row {
        fault: "a commit under an index that is noise",
        how: ".git/index is overwritten",
        words: COMMIT,
        found: "",
        exit: 2,
        says: "the index cannot be read",
        inject: |repo| {
            repo.write(".git/index", "noise, and more of it than a head has\n");
            Call::plain()
        },
    },
    Row {
        fault: "a commit whose index another git holds",
        how: ".git/index.lock is there, half written",
        words: COMMIT,
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write(".git/index.lock", "DIRC");
            staged(repo)
        },
    },
    Row {
        fault: "a commit of an index of its own that is not there",
        how: "GIT_INDEX_FILE",
        words: COMMIT,
        found: "",
        exit: 2,
        says: "GIT_INDEX_FILE names a file that is not there",
        inject: |_| Call::with("GIT_INDEX_FILE", "nowhere"),
    },
    Row {
        fault: "a commit in the middle of a merge with conflicts",
        how: "the key is on one side of a conflict",
        words: COMMIT,
        found: "both.txt",
        exit: 1,
        says: "1 finding",
        inject: conflict,
    },
    Row {
        fault: "a named file that is not there",
        how: "pre-commit names a file that was deleted",
        words: "hook run pre-commit nowhere.txt open.txt",
        found: "open.txt",
        exit: 2,
        says: "nowhere.txt: no such file or folder",
        inject: staged,
    },
    Row {
        fault: "a named file that nobody writes to",
        how: "a FIFO that is not in the index",
        words: "hook run pre-commit pipe open.txt",
        found: "open.txt",
        exit: 2,
        says: "pipe: not a regular file",
        inject: |repo| {
            fifo(&repo.path().join("pipe"));
            staged(repo)
        },
    },
    Row {
        fault: "a named file that may not be read",
        how: "mode 000, not in the index, read by another user",
        words: "hook run pre-commit locked.txt open.txt",
        found: "open.txt",
        exit: 2,
        says: "locked.txt: cannot be read: Permission denied",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            repo.git("reset -q --soft base");
            repo.write("locked.txt", key(HIDDEN));
            mode(repo, "locked.txt", 0o000);
            Call::bound()
        },
    },
    Row {
        fault: "a range of pre-commit that is not there",
        how: "PRE_COMMIT_FROM_REF names a missing commit",
        words: COMMIT,
        found: "",
        exit: 2,
        says: NOWHERE,
        inject: |_| {
            Injected::Run(Call {
                env: vec![
                    ("PRE_COMMIT", "1".into()),
                    ("PRE_COMMIT_FROM_REF", NOWHERE.into()),
                    ("PRE_COMMIT_TO_REF", "HEAD".into()),
                ],
                ..Call::default()
            })
        },
    },
    Row {
        fault: "a hook outside of a repository",
        how: "run in another folder",
        words: COMMIT,
        found: "",
        exit: 2,
        says: "not a git repository",
        inject: |_| Call::after("mkdir -p ../plain && cd ../plain"),
    },
    Row {
        fault: "a push whose line is not git's",
        how: "a key on standard input, behind a good line",
        words: PUSH,
        found: "",
        exit: 2,
        says: "line 2 is not what git tells a pre-push hook",
        inject: |repo| {
            let line = format!("{}{}\n", line(&repo.head(), ZERO), key(HIDDEN));
            pushing(repo, line)
        },
    },
    Row {
        fault: "a push whose id is cut off",
        how: "39 digits",
        words: PUSH,
        found: "",
        exit: 2,
        says: "line 1 is not what git tells a pre-push hook",
        inject: |repo| pushing(repo, line(&repo.head()[1..], ZERO)),
    },
    Row {
        fault: "a push of 65 MiB of refs",
        how: "standard input is that long",
        words: PUSH,
        found: "",
        exit: 2,
        says: "standard input: this is no list of pushed refs",
        inject: |repo| {
            let list = pushing(repo, line(&repo.head(), ZERO));
            let file = std::fs::File::options()
                .append(true)
                .open(repo.beside("lines"));
            file.unwrap().set_len(65 << 20).unwrap();
            list
        },
    },
    Row {
        fault: "a push of 10,000 refs",
        how: "all of the same commit",
        words: PUSH,
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| pushing(repo, line(&repo.head(), ZERO).repeat(10_000)),
    },
    Row {
        fault: "a push whose refs are not handed on",
        how: "standard input is /dev/null",
        words: PUSH,
        found: "",
        exit: 2,
        says: "hand on all of its standard input",
        inject: |_| Call::after("exec < /dev/null"),
    },
    Row {
        fault: "a push without standard input",
        how: "it is closed",
        words: PUSH,
        found: "",
        exit: 2,
        says: "hand on all of its standard input",
        inject: |_| Call::after("exec <&-"),
    },
    Row {
        fault: "a push whose refs cannot be read",
        how: "standard input is a folder",
        words: PUSH,
        found: "",
        exit: 2,
        says: "standard input: cannot read which refs are pushed",
        inject: |_| Call::after("exec < ."),
    },
    Row {
        fault: "a push of what is not there",
        how: "the id of no object, behind a good line",
        words: PUSH,
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            let lines = line(&repo.head(), ZERO) + &line(NOWHERE, ZERO);
            pushing(repo, lines)
        },
    },
    Row {
        fault: "a push of a folder",
        how: "the id of a tree, behind a good line",
        words: PUSH,
        found: "open.txt",
        exit: 2,
        says: "names the tree ",
        inject: |repo| {
            let tree = repo.git("rev-parse HEAD^{tree}");
            pushing(repo, line(&repo.head(), ZERO) + &line(&tree, ZERO))
        },
    },
    Row {
        fault: "a push over what this clone has not fetched",
        how: "the remote's old id is of no object here",
        words: PUSH,
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| pushing(repo, line(&repo.head(), NOWHERE)),
    },
    Row {
        fault: "a push that also deletes a branch",
        how: "its new id is zeros",
        words: PUSH,
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            let old = repo.git("rev-parse base");
            let deleted = format!("(delete) {ZERO} refs/heads/old {old}\n");
            pushing(repo, deleted + &line(&repo.head(), ZERO))
        },
    },
    Row {
        fault: "a push to a remote without refs",
        how: "its name is an address, and nothing was fetched",
        words: "hook run pre-push https://nowhere.invalid/a https://nowhere.invalid/a",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| pushing(repo, line(&repo.head(), ZERO)),
    },
    Row {
        fault: "a push to a remote whose ref is noise",
        how: "refs/remotes/origin/main holds noise",
        words: PUSH,
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write(".git/refs/remotes/origin/main", "noise\n");
            pushing(repo, line(&repo.head(), ZERO))
        },
    },
    Row {
        fault: "a push of a file whose object is missing",
        how: "its object is deleted",
        words: PUSH,
        found: "open.txt",
        exit: 2,
        says: "is missing",
        inject: |repo| {
            std::fs::remove_file(hidden(repo)).unwrap();
            pushing(repo, line(&repo.head(), ZERO))
        },
    },
    Row {
        fault: "a push out of a shallow clone",
        how: "git clone --depth 1",
        words: PUSH,
        found: "COMMIT_MSG",
        exit: 2,
        says: "shallow",
        inject: |repo| {
            repo.commit(&key(PLANTED));
            clone_as(repo, "--depth 1");
            let clone = repo.beside("clone");
            repo.git_in(&clone, "update-ref -d refs/remotes/origin/main");
            std::fs::write(repo.beside("lines"), line(&repo.head(), ZERO)).unwrap();
            Call::after("exec < ../lines; cd ../clone")
        },
    },
    Row {
        fault: "a message that is not there",
        how: "the file is named and was never written",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "MESSAGE: the commit message cannot be read: No such file or directory",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a message that nobody writes to",
        how: "a FIFO",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "MESSAGE: the commit message cannot be read: not a regular file",
        inject: |repo| {
            fifo(&repo.path().join("MESSAGE"));
            Call::plain()
        },
    },
    Row {
        fault: "a message that never ends",
        how: "a link to /dev/zero",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "MESSAGE: the commit message cannot be read: not a regular file",
        inject: |repo| {
            symlink("/dev/zero", repo.path().join("MESSAGE")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a message behind a link",
        how: "a link to the file with the key",
        words: MESSAGE,
        found: "MESSAGE",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            symlink("open.txt", repo.path().join("MESSAGE")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a message that is a folder",
        how: "mkdir",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "MESSAGE: the commit message cannot be read: is a directory",
        inject: |repo| {
            std::fs::create_dir(repo.path().join("MESSAGE")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a message that may not be read",
        how: "mode 000, read by another user",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "MESSAGE: the commit message cannot be read: Permission denied",
        inject: |repo| {
            repo.git("config --global safe.directory *");
            repo.write("MESSAGE", key(HIDDEN));
            mode(repo, "MESSAGE", 0o000);
            Call::bound()
        },
    },
    Row {
        fault: "a message over the size limit",
        how: "--max-file-size",
        words: "hook run commit-msg MESSAGE --max-file-size 4K",
        found: "",
        exit: 2,
        says: "MESSAGE: larger than 4096 bytes",
        inject: |repo| {
            repo.write("MESSAGE", "x".repeat(5000) + &key(HIDDEN));
            Call::plain()
        },
    },
    Row {
        fault: "a message that is not UTF-8",
        how: "a line of Latin-1 above the key",
        words: MESSAGE,
        found: "MESSAGE",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            repo.write(
                "MESSAGE",
                [b"gr\xfc\xdfe\n", key(PLANTED).as_bytes()].concat(),
            );
            Call::plain()
        },
    },
    Row {
        fault: "a message under settings of git that are broken",
        how: "an open section in .git/config",
        words: MESSAGE,
        found: "",
        exit: 2,
        says: "cannot be opened",
        inject: |repo| {
            repo.write("MESSAGE", key(HIDDEN));
            repo.write(".git/config", "[core\n");
            Call::plain()
        },
    },
];

/// Takes the commits back into the index, so that `open.txt` and what came after it are staged.
fn staged(repo: &Repo) -> Injected {
    repo.git("reset -q --soft base");
    Call::plain()
}

/// One line of what git tells a `pre-push` hook.
fn line(new: &str, old: &str) -> String {
    format!("refs/heads/main {new} refs/heads/main {old}\n")
}

/// A run with these lines on standard input.
fn pushing(repo: &Repo, lines: String) -> Injected {
    std::fs::write(repo.beside("lines"), lines).unwrap();
    Call::after("exec < ../lines")
}

/// A merge that stopped, with the key on the other side.
fn conflict(repo: &Repo) -> Injected {
    repo.git("checkout -q -b other base");
    repo.write("both.txt", key(PLANTED));
    repo.commit("theirs");
    repo.git("checkout -q -B ours base");
    repo.write("both.txt", "ours\n");
    repo.commit("ours");
    assert!(!repo.try_git("merge -q other"));
    repo.write("both.txt", "solved\n");
    Call::plain()
}
