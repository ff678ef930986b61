//! What people know from other tools: variables for options, lists of paths, several reports, pages, git's words.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use insta::assert_snapshot;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

fn leaky() -> Repo {
    let repo = Repo::new();
    repo.write("a.py", format!("k = '{}'\n", key(1)));
    repo.write("b.txt", "nothing\n");
    repo.commit("one");
    repo
}

#[test]
fn every_option_has_a_variable_and_what_is_typed_counts_before_it() {
    let repo = leaky();
    let run = |words: &str, name: &str, value: &str| {
        Scan::of(repo.command(&repo.path(), words).env(name, value))
    };
    let by_variable = run("scan", "JVXLEAKS_FORMAT", "json");
    assert_eq!(by_variable.places(), ["a.py"]);
    assert_eq!(by_variable.exit, Some(1));
    let typed = run("scan --format jsonl", "JVXLEAKS_FORMAT", "json");
    assert!(typed.stdout.starts_with("{\"kind\""), "{}", typed.stdout);
    for (value, exit) in [("1", 0), ("true", 0), ("0", 1), ("no", 1), ("", 1)] {
        assert_eq!(
            run("scan -q", "JVXLEAKS_EXIT_ZERO", value).exit,
            Some(exit),
            "{value}"
        );
    }
    assert_eq!(run("scan", "JVXLEAKS_CONFIG", "").exit, Some(1));
    assert_eq!(run("staged", "JVXLEAKS_FAIL_ON", "sometimes").exit, Some(2));
    assert_snapshot!(run("scan", "JVXLEAKS_JOBS", "many").transcript(&repo.path()), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'many' for '--jobs <N>': invalid digit found in string

    For more information, try '--help'.

    The value is that of the variable JVXLEAKS_JOBS; change it, or unset it.
    ");
    assert_snapshot!(run("scan", "JVXLEAKS_EXIT_ZERO", "flase").transcript(&repo.path()), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'flase' for '--exit-zero': value was not a boolean

    For more information, try '--help'.

    The value is that of the variable JVXLEAKS_EXIT_ZERO; change it, or unset it.
    ");
    let typed = run("scan --jobs many", "JVXLEAKS_JOBS", "many");
    assert!(!typed.stderr.contains("JVXLEAKS_JOBS"), "{}", typed.stderr);
    let shown = run("scan", "JVXLEAKS_SHOW_SECRETS", "1");
    assert!(
        !shown.stdout.contains(&key(1)),
        "no variable prints secrets"
    );
    assert!(
        repo.scan("range --help")
            .stdout
            .contains("[env: JVXLEAKS_TRUST_HEAD_CONFIG]")
    );
}

#[test]
fn a_list_names_the_paths_to_scan() {
    let repo = leaky();
    repo.write("lines", "b.txt\r\na.py\n");
    repo.write("zeros", "a.py\0b.txt\0");
    repo.write("none", "");
    repo.write("@a.py", "its own name\n");
    for (list, expected) in [("@lines", 1), ("@zeros", 1), ("@none", 0), ("@a.py", 0)] {
        let scan = repo.scan(&format!("scan -f json {list}"));
        assert_eq!(scan.places().len(), expected, "{list}: {}", scan.stderr);
    }
    assert_snapshot!(repo.scan("scan @nowhere").transcript(&repo.path()), @r"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: cannot read the list of paths nowhere: No such file or directory (os error 2)
    ");
}

#[test]
fn standard_input_is_judged_by_the_name_that_it_is_given() {
    let repo = leaky();
    repo.write(".jvxleaks.toml", "[paths]\nexclude = ['generated/**']\n");
    let piped = |words: &str| {
        let mut command = repo.command(&repo.path(), words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut input = child.stdin.take().unwrap();
        input
            .write_all(format!("k = '{}'\n", key(1)).as_bytes())
            .unwrap();
        drop(input);
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    };
    let absolute = repo.path().join("web/a.test.ts").display().to_string();
    for (name, expected) in [
        ("web/a.test.ts", " --> web/a.test.ts:1:6"),
        (absolute.as_str(), " --> web/a.test.ts:1:6"),
        // What is named is read.
        ("generated/a.ts", " --> generated/a.ts:1:6"),
    ] {
        let said = piped(&format!("scan - --stdin-filename {name}"));
        assert_eq!(said.lines().nth(1).unwrap_or_default(), expected);
    }
    let refused = repo.scan("scan a.py --stdin-filename a.py");
    assert_eq!(refused.exit, Some(2));
}

#[test]
fn a_variable_that_no_option_has_is_told() {
    let repo = leaky();
    let said = |name: &str, value: &str| {
        let mut command = repo.command(&repo.path(), "scan --exit-zero");
        Scan::of(command.env(name, value)).stderr
    };
    for (name, value, told) in [
        (
            "JVXLEAKS_FAIL_NO",
            "low",
            "JVXLEAKS_FAIL_NO is set, and no option has that variable; did you mean JVXLEAKS_FAIL_ON?",
        ),
        (
            "JVXLEAKS_X",
            "1",
            "JVXLEAKS_X is set, and no option has that variable\n",
        ),
        (
            "JVXLEAKS_SHOW_SECRETS",
            "1",
            "JVXLEAKS_SHOW_SECRETS is set and not read; --show-secrets counts only where it is typed",
        ),
    ] {
        let said = said(name, value);
        assert!(
            said.starts_with(&format!("jvxleaks: warning: {told}")),
            "{said}"
        );
    }
    // Of another command, and set to nothing as by an input that is not given.
    for (name, value) in [("JVXLEAKS_CACHE_DIR", "a"), ("JVXLEAKS_X", "")] {
        assert!(!said(name, value).contains("warning:"), "{name}");
    }
}

#[test]
fn one_run_writes_as_many_reports_as_are_asked_for() {
    let repo = leaky();
    let scan = repo.scan("scan a.py --report sarif=out.sarif --report json=out.json");
    assert!(
        scan.stdout.starts_with("error[jourvex-key]"),
        "{}",
        scan.stdout
    );
    let sarif = fs::read_to_string(repo.path().join("out.sarif")).unwrap();
    // Only this format tells it, and a scan computes it only then.
    assert!(sarif.contains("primaryLocationLineHash"));
    let json = fs::read_to_string(repo.path().join("out.json")).unwrap();
    assert!(json.contains("\"fingerprint\""));
    assert!(!(sarif + &json).contains(&key(1)));
    let beside = repo.scan("scan a.py --report sarif=no/folder/a --report json=kept.json");
    assert_eq!(beside.exit, Some(2));
    assert!(beside.stdout.starts_with("error[jourvex-key]"));
    assert!(repo.path().join("kept.json").exists());
    for wrong in ["sarif", "sarif=", "tea=a"] {
        assert_eq!(
            repo.scan(&format!("scan --report {wrong}")).exit,
            Some(2),
            "{wrong}"
        );
    }
}

#[test]
fn no_report_takes_the_place_of_another_or_of_what_is_read() {
    let repo = leaky();
    repo.write("c.toml", "");
    let before = fs::read_to_string(repo.path().join("a.py")).unwrap();
    for words in [
        "scan --report json=a --report sarif=./a",
        "scan -o a --report json=a",
        "range HEAD -o a --report json=a",
        "history -o a --report json=a",
        "scan a.py -o a.py",
        "scan a.py --report json=./a.py",
        "scan -c c.toml -o c.toml",
    ] {
        let scan = repo.scan(words);
        assert_eq!(scan.exit, Some(2), "{words}: {}", scan.stdout);
        let said = "a report would take the place of";
        assert!(scan.stderr.contains(said), "{words}: {}", scan.stderr);
        assert!(!repo.path().join("a").exists(), "{words}");
    }
    let after = fs::read_to_string(repo.path().join("a.py")).unwrap();
    assert_eq!(after, before);
    let twice = repo.scan("scan a.py -o /dev/null --report json=/dev/null");
    assert_eq!(twice.exit, Some(1), "{}", twice.stderr);
}

#[test]
fn ranges_and_days_are_named_as_for_git() {
    let repo = leaky();
    repo.write("c.py", format!("k = '{}'\n", key(2)));
    repo.commit("two");
    repo.write("d.py", format!("k = '{}'\n", key(3)));
    repo.commit("three");
    let places = |words: &str| {
        let found = repo.scan(words).places().into_iter();
        let mut files: Vec<_> = found.map(|place| place[..4].to_owned()).collect();
        files.sort();
        files.join(" ")
    };
    assert_eq!(places("range -f json ^HEAD~2 HEAD"), "c.py d.py");
    assert_eq!(places("range -f json HEAD ^HEAD~1"), "d.py");
    assert_eq!(places("range -f json HEAD HEAD~2"), "a.py d.py");
    for wrong in ["^HEAD", "HEAD...HEAD~1 HEAD...HEAD~2"] {
        assert_eq!(
            repo.scan(&format!("range {wrong}")).exit,
            Some(2),
            "{wrong}"
        );
    }
    // The commits are of 2023.
    for (day, expected) in [
        ("2000-01-01", "a.py c.py d.py"),
        ("30.years.ago", "a.py c.py d.py"),
        ("yesterday", ""),
        ("2.weeks.ago", ""),
    ] {
        let words = format!("history --no-cache -f json --since {day}");
        assert_eq!(places(&words), expected, "{day}");
    }
    for wrong in ["yesterdoy", "2.weaks.ago", "99"] {
        let refused = repo.scan(&format!("history --no-cache --since {wrong}"));
        assert!(refused.stderr.contains("is no date"), "{}", refused.stderr);
    }
}

#[test]
fn what_audits_remember_is_removed_and_nothing_else() {
    let repo = leaky();
    let folder = repo.beside("remembered");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("mine.txt"), "mine").unwrap();
    let named = format!("--cache-dir {}", folder.display());
    let files = || fs::read_dir(&folder).unwrap().count();
    repo.scan(&format!("history {named}"));
    assert_eq!(files(), 2);
    let said = repo.scan(&format!("cache clean {named}")).stderr;
    assert!(said.contains("removed 1 file, "), "{said}");
    assert_eq!(files(), 1);
}

#[test]
fn every_command_has_a_page() {
    let repo = Repo::new();
    let page = repo.scan("man hook install").stdout;
    assert!(page.contains("jvxleaks\\-hook\\-install"), "{page}");
    repo.scan("man --folder pages");
    let page = fs::read_to_string(repo.path().join("pages/jvxleaks-history.1")).unwrap();
    assert!(page.contains("reachable\\-only"), "{page}");
    assert!(!repo.path().join("pages/jvxleaks-help.1").exists());
    assert_eq!(repo.scan("man hock").exit, Some(2));
}

#[test]
fn a_misspelled_rule_is_told_with_the_one_that_is_meant() {
    let repo = Repo::new();
    assert_snapshot!(repo.scan("scan --disable jourvex-kye").stderr, @"jvxleaks: error: no rule is called `jourvex-kye`; did you mean `jourvex-key`? (see `jvxleaks rules list`)");
}

#[cfg(unix)]
#[test]
fn standard_input_that_nobody_can_read_is_no_empty_text() {
    let repo = leaky();
    let program = assert_cmd::cargo::cargo_bin("jvxleaks");
    for (words, redirected) in [
        ("scan -", "<&-"),
        ("scan -", "0>out"),
        ("scan @-", "<&-"),
        ("scan @-", "0>out"),
    ] {
        let line = format!("{} {words} {redirected}", program.display());
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &line]).current_dir(repo.path());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words} {redirected}");
    }
    assert_eq!(repo.scan("scan - -q").exit, Some(0), "an empty one");
}

#[test]
fn a_list_as_powershell_writes_it_names_paths() {
    let repo = leaky();
    let text = "\u{feff}b.txt\r\na.py\r\n".encode_utf16();
    repo.write("list", text.flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    assert_eq!(repo.scan("scan -f json @list").places(), ["a.py"]);
}
