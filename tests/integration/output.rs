//! Formats, files and pipes.

use crate::repo::Repo;
use crate::workspace::{Workspace, key, token};
use insta::assert_snapshot;
use std::fs;

fn one_leak() -> Workspace {
    let here = Workspace::new();
    here.file("a.py", format!("import x\nK = '{}'\n", key(1)));
    here
}

#[test]
fn json_is_schema_1() {
    assert_snapshot!(one_leak().run(&["scan", "--format", "json"]), @r#"
    exit 1
    --- stdout
    {
      "schema": "jvxleaks/1",
      "tool": {
        "name": "jvxleaks",
        "version": "0.1.0"
      },
      "root": ".",
      "findings": [
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: read os.environ[\"JOURVEX_API_KEY\"]\nrotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once\nsilence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON",
          "path": "a.py",
          "line": 2,
          "column": 6,
          "end_line": 2,
          "end_column": 47,
          "secret": "jvx_live_zEGC...",
          "fingerprint": "649bd9f1fa20768fe9ad1fae7a267d94",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "file"
          },
          "derived_from": null,
          "fix": {
            "safe": true,
            "variable": "JOURVEX_API_KEY",
            "replacements": [
              {
                "offset": 0,
                "end_offset": 0,
                "line": 1,
                "column": 1,
                "end_line": 1,
                "end_column": 1,
                "text": "import os\n"
              },
              {
                "offset": 13,
                "end_offset": 56,
                "line": 2,
                "column": 5,
                "end_line": 2,
                "end_column": 48,
                "text": "os.environ[\"JOURVEX_API_KEY\"]"
              }
            ]
          }
        }
      ],
      "keys": [],
      "suppressed": [],
      "faults": [],
      "stats": {
        "files": 1,
        "bytes": 57,
        "commits": 0
      }
    }
    --- stderr
    "#);
}

#[test]
fn the_other_formats_have_the_same_finding() {
    let here = one_leak();
    assert_snapshot!(here.run(&["scan", "--format", "github"]), @r#"
    exit 1
    --- stdout
    ::error file=a.py,line=2,col=6,title=jourvex-key::Live Jourvex API key (jvx_live_zEGC...)%0Ainstead: read os.environ["JOURVEX_API_KEY"]%0Arotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once%0Asilence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
    --- stderr
    "#);
    assert_snapshot!(here.run(&["scan", "--format", "markdown"]), @r#"
    exit 1
    --- stdout
    ## jvxleaks

    1 finding (1 error). Read 1 file, 57 bytes.

    | Severity | Rule | Places | What | Secret | Fingerprint | Do |
    | --- | --- | --- | --- | --- | --- | --- |
    | critical | `jourvex-key` | `a.py:2:6` | Live Jourvex API key | `jvx_live_zEGC...` | `649bd9f1fa20768fe9ad1fae7a267d94` | `instead: read os.environ["JOURVEX_API_KEY"]`<br>`rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once` |

    To silence a false alarm: `jvxleaks allow FINGERPRINT -- REASON`, and commit the entry. In a pull request it counts at once.
    --- stderr
    "#);
    let sarif = here.json(&["scan", "--format", "sarif"]);
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "jourvex-key");
    assert_eq!(
        result["locations"][0]["physicalLocation"]["region"]["startLine"],
        2
    );
}

/// What identifies each result of a SARIF report: its URI and GitHub's hash.
fn sarif_places(report: &serde_json::Value) -> Vec<String> {
    let results = report["runs"][0]["results"].as_array().unwrap();
    let text = |result: &serde_json::Value| {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        let hash = &result["partialFingerprints"]["primaryLocationLineHash"];
        let suppressions = &result["suppressions"];
        format!("{} {hash} {suppressions}", place["uri"])
    };
    results.iter().map(text).collect()
}

#[test]
fn sarif_names_files_from_the_root_of_the_repository_and_their_lines_as_github_does() {
    let repo = Repo::new();
    let line = format!("k = '{}'\n", key(1));
    repo.write("src/a.py", &line);
    repo.write("src/b.py", format!("\n\n\t{line}"));
    let from = |folder: &str, words: &str| {
        let words = format!("{words} --format sarif");
        let output = repo.command(&repo.path().join(folder), &words).output();
        sarif_places(&serde_json::from_slice(&output.unwrap().stdout).unwrap())
    };
    let all = from("", "scan");
    assert_snapshot!(all.join("\n"), @r#"
    "src/a.py" "f30d5fcdcb4c37cf:1" null
    "src/b.py" "f30d5fcdcb4c37cf:1" null
    "#);
    assert_eq!(from("src", "scan"), all);
    assert_eq!(from("src", "scan ../src/a.py b.py"), all);
    assert_eq!(from("", "scan src"), all);
    repo.git("add -A");
    assert_eq!(from("src", "staged"), all);
    let whole = format!("scan {}", repo.path().display());
    assert_eq!(from("", &whole), all);
}

/// Where `report` says that findings are, without what else it says.
fn arrows(report: &str) -> Vec<String> {
    let lines = report.lines().filter_map(|line| line.split_once("--> "));
    lines.map(|(_, place)| place.to_owned()).collect()
}

#[test]
fn text_names_files_from_the_current_folder_whatever_was_typed() {
    let repo = Repo::new();
    for (number, path) in [(1, "a/config.yml"), (2, "b/c/config.yml")] {
        repo.write(path, format!("k: {}\n", key(number)));
    }
    let whole = repo.path().display().to_string();
    let from = |folder: &str, words: &str| {
        let words = words.replace("ROOT", &whole);
        let output = repo.command(&repo.path().join(folder), &words).output();
        arrows(&String::from_utf8(output.unwrap().stdout).unwrap()).join(" ")
    };
    let both = "a/config.yml:1:4 b/c/config.yml:1:4";
    for words in [
        "scan",
        "scan .",
        "scan a b",
        "scan ROOT",
        "scan ROOT/a ROOT/b",
    ] {
        assert_eq!(from("", words), both, "{words}");
    }
    for words in ["scan a", "scan ./a/", "scan ROOT/a", "scan a/config.yml"] {
        assert_eq!(from("", words), "a/config.yml:1:4", "{words}");
    }
    let from_below = "../../a/config.yml:1:4 config.yml:1:4";
    assert_eq!(from("b/c", "scan ../.."), from_below);
    assert_eq!(from("b/c", "scan ../../a"), "../../a/config.yml:1:4");
    repo.git("add -A");
    assert_eq!(from("b/c", "staged"), from_below);
    repo.commit("all");
    assert_eq!(from("b/c", "range HEAD"), both);
}

#[test]
fn annotations_name_files_from_the_root_of_the_repository_and_json_its_root() {
    let repo = Repo::new();
    repo.write("a/config.yml", format!("k: {}\n", key(1)));
    let from = |folder: &str, words: &str| {
        let output = repo.command(&repo.path().join(folder), words).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    for (folder, words) in [
        ("", "scan"),
        ("", "scan a"),
        ("a", "scan"),
        ("a", "scan config.yml"),
    ] {
        let text = from(folder, &format!("{words} -f github"));
        assert!(
            text.starts_with("::error file=a/config.yml,line=1,"),
            "{folder} {words}: {text}"
        );
    }
    let root = |folder: &str, words: &str| {
        let text = from(folder, &format!("{words} -f json"));
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        format!("{} {}", report["root"], report["findings"][0]["path"])
    };
    assert_snapshot!([root("", "scan"), root("", "scan a"), root("a", "scan .."), root("a", "scan")].join("\n"), @r#"
    "." "a/config.yml"
    "a" "config.yml"
    ".." "a/config.yml"
    "." "config.yml"
    "#);
}

#[test]
fn sarif_has_suppressed_findings_on_request() {
    let here = one_leak();
    here.file(
        "b.py",
        format!("# jvxleaks:allow jourvex-key -- demo\nk = '{}'\n", key(3)),
    );
    let without = here.json(&["scan", "--format", "sarif"]);
    assert_snapshot!(sarif_places(&without).join("\n"), @r#""a.py" "bdc4055645256c2f:1" null"#);
    let with = here.json(&["scan", "--format", "sarif", "--sarif-include-suppressed"]);
    assert_snapshot!(sarif_places(&with).join("\n"), @r#"
    "a.py" "bdc4055645256c2f:1" []
    "b.py" "46fd71a1fccafac8:1" [{"justification":"demo","kind":"inSource"}]
    "#);
}

#[test]
fn a_report_file_is_replaced_only_when_the_report_is_whole() {
    let here = one_leak();
    here.file("r.json", "old");
    let output = here
        .command(&["scan", "a.py", "-f", "json", "-o", "r.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(
        fs::read_to_string(here.path("r.json"))
            .unwrap()
            .contains("jvxleaks/1")
    );
    let names: Vec<_> = fs::read_dir(here.path("."))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    let failed = here
        .command(&["scan", "absent", "-f", "json", "-o", "r.json"])
        .output()
        .unwrap();
    assert_eq!(failed.status.code(), Some(2));
    assert!(
        fs::read_to_string(here.path("r.json"))
            .unwrap()
            .contains("a.py")
    );
}

#[test]
fn colour_is_for_terminals() {
    let here = one_leak();
    let output = |args: &[&str]| here.command(args).output().unwrap().stdout;
    assert!(!output(&["scan"]).contains(&0x1B));
    assert!(output(&["scan", "--color", "always"]).contains(&0x1B));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly_and_keeps_the_verdict() {
    use std::process::{Command, Stdio};
    let here = Workspace::new();
    for n in 0..400 {
        here.file(format!("f{n}.txt"), key(n));
    }
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("jvxleaks"))
        .args(["scan"])
        .arg(here.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        !stderr.contains("error:") && !stderr.contains("panic"),
        "{stderr}"
    );
}

#[cfg(unix)]
#[test]
fn whoever_reads_what_is_generated_may_stop_at_any_time() {
    use std::process::{Command, Stdio};
    for words in [
        "completions bash",
        "completions zsh",
        "completions fish",
        "completions elvish",
        "completions powershell",
        "man",
        "rules list",
        "rules show jourvex-key",
        "--help",
        "--version",
    ] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("jvxleaks"))
            .args(words.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""), "{words}");
    }
}

#[test]
fn quiet_leaves_only_the_findings() {
    let here = one_leak();
    let output = here.command(&["scan", "-q"]).output().unwrap();
    assert!(output.stderr.is_empty());
    assert!(!output.stdout.is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_an_error() {
    let here = Workspace::new();
    for words in [
        &["--help"][..],
        &["--version"],
        &["scan", "--help"],
        &["help", "scan"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = std::process::Command::new(assert_cmd::cargo::cargo_bin("jvxleaks"))
            .current_dir(here.path(""))
            .args(words)
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("standard output: No space left"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn pages_do_not_follow_links_in_their_folder() {
    for (words, page) in [
        (&["rules", "pages", "to"][..], "to/jourvex-key.md"),
        (&["rules", "pages", "to"], "to/README.md"),
        (&["man", "--folder", "to"], "to/jvxleaks-scan.1"),
    ] {
        let here = Workspace::new();
        here.file("mine", "mine").file("to/a", "");
        std::os::unix::fs::symlink(here.path("mine"), here.path(page)).unwrap();
        let said = here.run(words);
        assert!(
            said.starts_with("exit 2") && said.contains("is a symbolic link"),
            "{said}"
        );
        assert_eq!(fs::read_to_string(here.path("mine")).unwrap(), "mine");
        fs::remove_file(here.path(page)).unwrap();
        assert!(here.run(words).starts_with("exit 0"));
        assert!(here.path(page).exists());
    }
}

#[test]
fn the_page_of_every_command_is_of_one_program() {
    let workspace = Workspace::new();
    let output = workspace
        .command(&["man", "hook", "install"])
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(
        page.contains(".TH jvxleaks-hook-install 1  \"jvxleaks "),
        "{page}"
    );
}

#[test]
fn a_ticket_shows_a_placeholder_as_it_is_to_be_written() {
    let here = Workspace::new();
    let password = format!("k4_{}", token(2, 9));
    here.file(
        "docs/a<b>|`c.md",
        format!("curl -u anna:{password} https://trips.internal.org/\n"),
    );
    let report = here.run(&["scan", "--format", "markdown"]);
    let row = report.lines().find(|line| line.contains("docs/")).unwrap();
    assert!(
        row.contains("`instead: write a placeholder: <password>`"),
        "{row}"
    );
    assert!(row.contains(r"`` docs/a<b>\x7c`c.md:1:9 ``"), "{row}");
}
