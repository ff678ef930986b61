//! Faults of the files by which a project or a user speaks to the scanner.

use super::call::Call;
use super::files::fifo;
use super::row::{HIDDEN, Injected, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::os::unix::fs::symlink;

pub(crate) const ROWS: &[Row] = &[
    Row {
        fault: "a configuration that is no TOML",
        how: "an open bracket",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml:1: ",
        inject: |repo| holding(repo, ".jvxleaks.toml", "fail-on = [\n"),
    },
    Row {
        fault: "a configuration with a word nobody knows",
        how: "a typing error",
        words: "staged",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml:1: unknown field",
        inject: |repo| holding(repo, ".jvxleaks.toml", "fail_on = \"low\"\n"),
    },
    Row {
        fault: "a configuration that holds a key where a name belongs",
        how: "a key as a field, a level and a rule",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml:1: ",
        inject: |repo| holding(repo, ".jvxleaks.toml", &format!("{} = 1\n", key(HIDDEN))),
    },
    Row {
        fault: "a level that holds a key",
        how: "fail-on is a key",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml:1: ",
        inject: |repo| {
            let text = format!("fail-on = \"{}\"\n", key(HIDDEN));
            holding(repo, ".jvxleaks.toml", &text)
        },
    },
    Row {
        fault: "a configuration of 17 MiB",
        how: "comments",
        words: "history",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml: larger than 16 MiB",
        inject: |repo| holding(repo, ".jvxleaks.toml", &"# x\n".repeat(17 << 18)),
    },
    Row {
        fault: "a configuration that is a link",
        how: "to a file outside of the tree",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml: it is a symbolic link",
        inject: |repo| {
            std::fs::write(repo.beside("other.toml"), "").unwrap();
            symlink("../other.toml", repo.path().join(".jvxleaks.toml")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a configuration that nobody writes to",
        how: "a FIFO",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml: not a regular file",
        inject: |repo| {
            fifo(&repo.path().join(".jvxleaks.toml"));
            Call::plain()
        },
    },
    Row {
        fault: "a configuration that is not UTF-8",
        how: "bytes of Latin-1",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks.toml: cannot be read",
        inject: |repo| {
            repo.write(".jvxleaks.toml", b"# \xe9\n");
            Call::plain()
        },
    },
    Row {
        fault: "a configuration that was asked for and is not there",
        how: "--config",
        words: "scan --config nowhere.toml",
        found: "",
        exit: 2,
        says: "nowhere.toml: cannot be read: No such file or directory",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a configuration that never ends",
        how: "--config /dev/zero",
        words: "scan --config /dev/zero",
        found: "",
        exit: 2,
        says: "/dev/zero: larger than 16 MiB",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a baseline that is noise",
        how: "one line of it",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks-baseline:1: ",
        inject: |repo| holding(repo, ".jvxleaks-baseline", "noise\n"),
    },
    Row {
        fault: "a baseline that holds a key",
        how: "a key in the place of a hash",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks-baseline:1: ",
        inject: |repo| holding(repo, ".jvxleaks-baseline", &(key(HIDDEN) + "\n")),
    },
    Row {
        fault: "a baseline of 17 MiB",
        how: "comments",
        words: "scan",
        found: "",
        exit: 2,
        says: ".jvxleaks-baseline: larger than 16 MiB",
        inject: |repo| holding(repo, ".jvxleaks-baseline", &"# x\n".repeat(17 << 18)),
    },
    Row {
        fault: "a baseline that is a link",
        how: "to a file outside of the tree",
        words: "staged",
        found: "",
        exit: 2,
        says: ".jvxleaks-baseline: it is a symbolic link",
        inject: |repo| {
            symlink("../nowhere", repo.path().join(".jvxleaks-baseline")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a baseline that was asked for and is not there",
        how: "--baseline",
        words: "range base..HEAD --baseline nowhere",
        found: "",
        exit: 2,
        says: "nowhere: no such baseline",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a foreign ignore file that is a link",
        how: ".gitleaksignore, to /dev/zero",
        words: "scan",
        found: "",
        exit: 2,
        says: ".gitleaksignore: it is a symbolic link",
        inject: |repo| {
            symlink("/dev/zero", repo.path().join(".gitleaksignore")).unwrap();
            Call::plain()
        },
    },
    Row {
        fault: "a rule whose regex explodes",
        how: "(x{1000}){1000}",
        words: "scan --rules rules.toml",
        found: "",
        exit: 2,
        says: "rules.toml:4: regex: Compiled regex exceeds size limit",
        inject: |repo| {
            let rule = "[[rules]]\nid = \"a\"\ndescription = \"a\"\nregex = \"(x{1000}){1000}\"\n";
            holding(repo, "rules.toml", rule)
        },
    },
    Row {
        fault: "a rule whose regex nests",
        how: "10,000 open groups",
        words: "scan --rules rules.toml",
        found: "",
        exit: 2,
        says: "rules.toml:4: regex: ",
        inject: |repo| {
            let (open, close) = ("(".repeat(10_000), ")".repeat(10_000));
            let rule =
                format!("[[rules]]\nid = \"a\"\ndescription = \"a\"\nregex = \"{open}x{close}\"\n");
            holding(repo, "rules.toml", &rule)
        },
    },
    Row {
        fault: "rules that nest",
        how: "100,000 open brackets of TOML",
        words: "scan --rules rules.toml",
        found: "",
        exit: 2,
        says: "rules.toml:1: ",
        inject: |repo| {
            holding(
                repo,
                "rules.toml",
                &format!("a = {}\n", "[".repeat(100_000)),
            )
        },
    },
    Row {
        fault: "rules that never end",
        how: "--rules /dev/zero",
        words: "scan --rules /dev/zero",
        found: "",
        exit: 2,
        says: "/dev/zero: cannot read the rule file: larger than 16 MiB",
        inject: |_| Call::plain(),
    },
    Row {
        fault: "a cache that is noise",
        how: "what an earlier audit left is overwritten",
        words: "history -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            let cache = repo.beside(".cache/jvxleaks");
            assert!(repo.scan("history -q").exit == Some(1));
            for entry in std::fs::read_dir(cache).unwrap() {
                std::fs::write(entry.unwrap().path(), b"\xff noise").unwrap();
            }
            Call::plain()
        },
    },
    Row {
        fault: "a cache that may not be written",
        how: "its folder is a file",
        words: "history -v",
        found: "open.txt",
        exit: 1,
        says: "1 finding",
        inject: |repo| {
            std::fs::write(repo.beside(".cache"), "").unwrap();
            Call::plain()
        },
    },
];

fn holding(repo: &Repo, name: &str, text: &str) -> Injected {
    repo.write(name, text);
    Call::plain()
}
