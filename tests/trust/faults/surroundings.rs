//! Faults of what a process has around it: limits, environment, current folder.

use super::call::Call;
use super::row::{Injected, Row};

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "one file beside the folder that lists it",
        how: "ulimit -n 5",
        words: "scan -v -j 1",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::after("ulimit -n 5"),
    },
    Row {
        fault: "no more files for a history",
        how: "ulimit -n 4",
        words: "history -v --no-cache",
        found: "",
        exit: 2,
        says: "allow more open files (`ulimit -n 1024`), or scan with fewer threads",
        inject: |repo| {
            repo.git("repack -q -a -d");
            Call::after("ulimit -n 4")
        },
    },
    Row {
        fault: "no more files for a deep tree",
        how: "ulimit -n 5, eight threads",
        words: "scan -v -j 8",
        found: "",
        exit: 2,
        says: "Too many open files (os error 24); allow more open files (`ulimit -n 1024`)",
        inject: |repo| {
            for n in 0..200 {
                repo.write(&format!("{n}/a/b/c/d.txt"), "x\n".repeat(20_000));
            }
            Call::after("ulimit -n 4")
        },
    },
    Row {
        fault: "more threads than there can be",
        how: "-j 5000",
        words: "scan -v -j 5000",
        found: "",
        exit: 2,
        says: "5000 is not in 0..=256",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "no folder for temporary files",
        how: "TMPDIR names what is not there",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::with("TMPDIR", "/nowhere"),
    },
    Row {
        fault: "no home",
        how: "HOME is not set",
        words: "history -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::with("HOME", ""),
    },
    Row {
        fault: "a home that is not there",
        how: "HOME=/nowhere/at/all",
        words: "history -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::with("HOME", "/nowhere/at/all"),
    },
    Row {
        fault: "a locale without letters",
        how: "LC_ALL=C, and a name beyond ASCII",
        words: "scan -v",
        found: "größe.txt",
        exit: 1,
        says: "2 findings",
        inject: |repo| {
            repo.write("größe.txt", crate::workspace::key(super::row::PLANTED));
            Call::with("LC_ALL", "C")
        },
    },
    Row {
        fault: "no programs",
        how: "PATH is empty, so there is no git",
        words: "range -v base..HEAD",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::with("PATH", "/nowhere"),
    },
    Row {
        fault: "a current folder that is gone",
        how: "deleted under the shell",
        words: "scan",
        found: "",
        exit: 2,
        says: "the current folder",
        inject: |_| Call::after("mkdir -p gone && cd gone && rmdir ../gone"),
    },
    Row {
        fault: "files of the years 1901 and 2446",
        how: "touch -d",
        words: "scan -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            let touch = |date: &str, name: &str| {
                let mut touch = std::process::Command::new("touch");
                touch.args(["-d", date, name]).current_dir(repo.path());
                touch.status().is_ok_and(|status| status.success())
            };
            if touch("1901-12-14", "open.txt") && touch("2446-01-01", "README.md") {
                Call::plain()
            } else {
                Injected::No("touch sets no such dates here")
            }
        },
    },
];
