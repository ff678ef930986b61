//! Faults of what is written to, and signals while it is.

use super::call::Call;
use super::row::{Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a full disk under standard output",
        how: "/dev/full",
        words: "scan",
        found: "",
        exit: 2,
        says: "standard output: cannot write the report: No space left on device",
        inject: |_| Call::after("exec > /dev/full"),
    },
    Row {
        fault: "a full disk under standard output, with nothing to report",
        how: "/dev/full",
        words: "scan --format json README.md",
        found: "",
        exit: 2,
        says: "No space left on device",
        inject: |_| Call::after("set -- scan -f json README.md; exec > /dev/full"),
    },
    Row {
        fault: "a full disk under the report",
        how: "-o /dev/full",
        words: "scan -o /dev/full",
        found: "",
        exit: 2,
        says: "/dev/full: cannot write the report",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a full disk under a report that is to be replaced",
        how: "no file may grow past a block (ulimit -f 1)",
        words: "scan -o report",
        found: "",
        exit: 2,
        says: "report: cannot write the report",
        inject: |repo| {
            for n in 0..40 {
                repo.write(&format!("leaks/{n}.txt"), key(1000 + n));
            }
            old(repo);
            Injected::Run(Call {
                before: "trap '' XFSZ; ulimit -f 1",
                kept: Some("report"),
                ..Call::default()
            })
        },
    },
    Row {
        fault: "a full disk under the messages",
        how: "/dev/full as standard error",
        words: "scan",
        found: "open.txt",
        exit: 1,
        says: "1 | jvx_live_",
        inject: |_| Call::after("exec 2> /dev/full"),
    },
    Row {
        fault: "a folder that may not be written",
        how: "-o in it, as another user",
        words: "scan -o report",
        found: "",
        exit: 2,
        says: "report: cannot write the report",
        inject: |repo| {
            old(repo);
            let readonly = std::fs::Permissions::from_mode(0o555);
            std::fs::set_permissions(repo.path(), readonly).unwrap();
            Injected::Run(Call {
                bound: true,
                kept: Some("report"),
                ..Call::default()
            })
        },
    },
    Row {
        fault: "standard output that is closed",
        how: ">&-",
        words: "scan",
        found: "",
        exit: 1,
        says: "1 finding",
        inject: |_| Call::after("exec >&-"),
    },
    Row {
        fault: "a reader who has seen enough",
        how: "a pipe that nobody reads",
        words: "scan",
        found: "",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            let pipe = repo.beside("pipe");
            super::files::fifo(&pipe);
            // Open for reading and writing, then only for writing: the next write is to nobody.
            Call::after("exec 3<> ../pipe > ../pipe 3<&-")
        },
    },
    Row {
        fault: "SIGINT while reading",
        how: "sent while standard input is open",
        words: "scan - -o report",
        found: "",
        exit: 130,
        says: "",
        inject: |repo| interrupted(repo, |_, child| after_a_while(child, "-INT")),
    },
    Row {
        fault: "SIGTERM while reading",
        how: "sent while standard input is open",
        words: "scan - -o report",
        found: "",
        exit: 143,
        says: "",
        inject: |repo| interrupted(repo, |_, child| after_a_while(child, "-TERM")),
    },
    Row {
        fault: "SIGINT while writing the report",
        how: "sent when the temporary file is there",
        words: "scan leaks -v -o report",
        found: "",
        exit: 130,
        says: "",
        inject: |repo| {
            many(repo);
            interrupted(repo, |repo, child| while_writing(repo, child, "-INT"))
        },
    },
    Row {
        fault: "SIGTERM while writing the report",
        how: "sent when the temporary file is there",
        words: "scan leaks -v -o report",
        found: "",
        exit: 143,
        says: "",
        inject: |repo| {
            many(repo);
            interrupted(repo, |repo, child| while_writing(repo, child, "-TERM"))
        },
    },
];

fn old(repo: &Repo) {
    repo.write("report", "old");
}

fn interrupted(repo: &Repo, meanwhile: fn(&Repo, &Child)) -> Injected {
    if ignores_interrupts() {
        return Injected::No("SIGINT is ignored here, as in a background job");
    }
    old(repo);
    Injected::Run(Call {
        meanwhile: Some(meanwhile),
        kept: Some("report"),
        ..Call::default()
    })
}

/// Whether these tests, and what they start, ignore SIGINT: a shell sees to that for `command &`.
fn ignores_interrupts() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 0b10 != 0)
}

/// So many findings that writing them takes a while, with `-v`, which shows every place.
fn many(repo: &Repo) {
    let text = format!("{}\n", key(PLANTED)).repeat(20_000);
    repo.write("leaks/many.txt", text);
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let status = Command::new("kill").args([name, &id]).status();
    assert!(status.unwrap().success());
}

fn after_a_while(child: &Child, name: &str) {
    std::thread::sleep(Duration::from_millis(300));
    signal(child, name);
}

/// Waits for the temporary file. A run that is quicker than the look for it ends as it would.
fn while_writing(repo: &Repo, child: &Child, name: &str) {
    let started = Instant::now();
    let is_there = || {
        let mut entries = std::fs::read_dir(repo.path()).unwrap().flatten();
        entries.any(|e| e.file_name().to_string_lossy().starts_with(".jvxleaks-"))
    };
    while !is_there() && started.elapsed() < Duration::from_secs(60) {
        std::hint::spin_loop();
    }
    signal(child, name);
}
