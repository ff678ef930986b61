//! What goes wrong is said in one line that names the path and the next step, with exit code 2.

use crate::repo::{Repo, Scan};
use crate::workspace::{Workspace, key};
use insta::assert_snapshot;

#[test]
fn a_missing_path() {
    assert_snapshot!(Workspace::new().run(&["scan", "nowhere"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nowhere: no such file or folder; check the path, or give `-` to read standard input
    ");
}

#[test]
fn missing_paths_take_nothing_with_them() {
    let here = Workspace::new();
    here.file("src/a.txt", key(1)).file("README.md", "no key");
    assert_snapshot!(here.run(&["scan", "-q", "README.md", "nowhere", "src", "a/b"]), @"
    exit 2
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> src/a.txt:1:1
      |
    1 | jvx_live_zEGC...
      | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    not read: a/b: no such file or folder; check the path, or give `-` to read standard input
    not read: nowhere: no such file or folder; check the path, or give `-` to read standard input
    --- stderr
    ");
    assert_snapshot!(here.run(&["scan", "README.md/b"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: README.md/b: no such file or folder; check the path, or give `-` to read standard input
    ");
    assert_snapshot!(here.run(&["scan", "nowhere", "a/b"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nowhere, a/b: no such file or folder; check the path, or give `-` to read standard input
    ");
}

#[test]
fn a_file_over_the_limit_makes_the_scan_incomplete() {
    let here = Workspace::new();
    here.file("big.txt", "x".repeat(5000))
        .file("small.txt", key(1));
    assert_snapshot!(here.run(&["scan", "--max-file-size", "4K"]), @"
    exit 2
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> small.txt:1:1
      |
    1 | jvx_live_zEGC...
      | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    not read: big.txt: larger than 4096 bytes (5000 bytes); raise --max-file-size to read it
    --- stderr
    1 finding (1 error). Read 1 file, 41 bytes. Not read: 1 input (big.txt: larger than 4096 bytes (5000 bytes); raise --max-file-size to read it). Took [N] ms.
    ");
}

#[test]
fn standard_input_over_the_limit() {
    let here = Workspace::new();
    let args = ["scan", "-", "--max-file-size", "4K"];
    assert_snapshot!(here.run_with_input(&args, "x".repeat(5000)), @"
    exit 2
    --- stdout
    not read: <stdin>: larger than 4096 bytes; raise --max-file-size to read it
    --- stderr
    No findings in what was read; 1 input was not read (<stdin>: larger than 4096 bytes; raise --max-file-size to read it). Read 0 files, 0 bytes. Took [N] ms.
    ");
}

#[test]
fn standard_input_goes_alone() {
    assert_snapshot!(Workspace::new().run(&["scan", "-", "src"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: `-` stands for standard input and goes alone; to scan a file of that name, give `./-`
    ");
}

#[test]
fn an_unknown_option_value_lists_the_known_ones() {
    assert_snapshot!(Workspace::new().run(&["scan", "--format", "xml"]), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'xml' for '--format <FORMAT>'
      [possible values: text, json, jsonl, sarif, github, markdown, concise, gitlab, gitlab-codequality, junit, csv, azure, rdjson, html]

      tip: a similar value exists: 'html'

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_rule_lists_the_known_ones() {
    assert_snapshot!(Workspace::new().run(&["scan", "--disable", "tea"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: no rule is called `tea`; the rules are api-key-header, environment-key, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, build-inlines-key, server-build-inlines-key, page-written-with-key, build-inlines-environment, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password (see `jvxleaks rules list`)
    ");
}

#[test]
fn rule_files_are_strict() {
    let here = Workspace::new();
    here.file(
        "typo.toml",
        "[[rules]]\nid = \"a\"\ndescription = \"\"\nregexp = \"x\"\n",
    );
    here.file(
        "regex.toml",
        "[[rules]]\nid = \"a\"\ndescription = \"\"\nregex = \"(x\"\n",
    );
    here.file(
        "huge.toml",
        "[[rules]]\nid = \"a\"\ndescription = \"\"\nregex = \"(x{1000}){1000}\"\n",
    );
    here.file(
        "level.toml",
        "[[rules]]\nid = \"a\"\ndescription = \"\"\nregex = \"x\"\nseverity = \"bad\"\n",
    );
    here.file("not.toml", "rules = [\n");
    let files = [
        "typo.toml",
        "regex.toml",
        "huge.toml",
        "level.toml",
        "not.toml",
        "absent.toml",
    ];
    let runs = files.map(|file| here.run(&["scan", "--rules", file]));
    assert_snapshot!(runs.concat(), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: typo.toml:4: unknown field `regexp`, expected one of `id`, `family`, `description`, `regex`, `keywords`, `exactKeywords`, `quietKeywords`, `headers`, `calls`, `fields`, `flags`, `records`, `schemes`, `constants`, `start`, `entropy`, `path`, `secretGroup`, `patterns`, `allowlists`, `severity`, `contexts`, `gate`, `prefix`, `advice`, `references`, `examples`, `counterexamples`
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: regex.toml:4: regex: unclosed group
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: huge.toml:4: regex: Compiled regex exceeds size limit of 10485760 bytes.
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: level.toml:5: `bad`: expected low, medium, high or critical
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: not.toml:1: unclosed array, expected `]`
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: absent.toml: cannot read the rule file: No such file or directory (os error 2)
    ");
}

#[test]
fn an_output_that_cannot_be_written() {
    let here = Workspace::new();
    here.file("folder/x", "");
    let runs = ["no/such/folder/r.json", "folder"].map(|o| here.run(&["scan", "-o", o]));
    assert_snapshot!(runs.concat(), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: no/such/folder/r.json: cannot write the report; choose another file: its folder is not there
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: folder: cannot write the report; choose another file: it is a folder
    ");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_does_not_hide_the_rest() {
    use std::os::unix::fs::PermissionsExt;
    let here = Workspace::new();
    here.file("locked.txt", key(1)).file("open.txt", key(2));
    std::fs::set_permissions(
        here.path("locked.txt"),
        std::fs::Permissions::from_mode(0o000),
    )
    .unwrap();
    if std::fs::read(here.path("locked.txt")).is_ok() {
        // Root reads everything; a link to itself is unreadable for everyone.
        std::fs::remove_file(here.path("locked.txt")).unwrap();
        std::os::unix::fs::symlink("locked.txt", here.path("locked.txt")).unwrap();
    }
    let output = here
        .command(&["scan", "locked.txt", "open.txt"])
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout.contains("open.txt:1:1"), "{stdout}");
    assert!(stdout.contains("locked.txt: cannot be read"), "{stdout}");
    assert!(stderr.contains("Not read: 1 input"), "{stderr}");
}

/// What a run says; nothing if it does not end by itself.
#[cfg(unix)]
fn ended(mut command: std::process::Command) -> Option<Scan> {
    use std::process::Stdio;
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    for _ in 0..3000 {
        if child.try_wait().unwrap().is_some() {
            let output = child.wait_with_output().unwrap();
            return Some(Scan {
                exit: output.status.code(),
                stdout: String::from_utf8(output.stdout).unwrap(),
                stderr: String::from_utf8(output.stderr).unwrap(),
            });
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.kill().unwrap();
    None
}

#[test]
#[cfg(unix)]
fn what_is_no_file_in_a_repository_is_never_waited_for() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("a");
    repo.git("branch x");
    for words in ["gc -q", "multi-pack-index write", "commit-graph write"] {
        repo.git(words);
    }
    repo.git("branch y");
    repo.write("b.txt", key(2));
    repo.commit("b");
    let git = repo.path().join(".git");
    let packs = std::fs::read_dir(git.join("objects/pack")).unwrap();
    let packs: Vec<_> = packs.map(|entry| entry.unwrap().path()).collect();
    let head = repo.head();
    let files = [
        "HEAD",
        "config",
        "commondir",
        "index",
        "info/grafts",
        "logs/HEAD",
        "objects/info/alternates",
        "objects/info/commit-graph",
        "packed-refs",
        "refs/heads/y",
        "shallow",
    ];
    let files = files.iter().map(|file| git.join(file)).chain(packs);
    let loose = git.join("objects").join(&head[..2]).join(&head[2..]);
    for (number, file) in files.chain([loose.clone()]).enumerate() {
        let kept = repo.beside("kept");
        let was_there = std::fs::rename(&file, &kept).is_ok();
        let _socket = match number % 4 {
            0 => Some(std::os::unix::net::UnixListener::bind(&file).unwrap()),
            _ => {
                let made = std::process::Command::new("mkfifo").arg(&file).status();
                assert!(made.unwrap().success());
                None
            }
        };
        for words in [
            "history --no-cache",
            "staged",
            "range HEAD",
            "range x..y",
            "hook run pre-commit",
        ] {
            let run = ended(repo.command(&repo.path(), words));
            assert!(run.is_some(), "{words} waits for {}", file.display());
            let run = run.unwrap();
            let name = if file == loose {
                head.clone()
            } else {
                file.file_name().unwrap().to_string_lossy().into_owned()
            };
            let told = format!("{words}: {name}: {}{}", run.stdout, run.stderr);
            // What `x` and `y` reach is in the pack.
            if file == loose && words == "range x..y" {
                continue;
            }
            assert_eq!(run.exit, Some(2), "{told}");
            let said = [run.stdout, run.stderr].concat();
            assert!(
                said.contains(&name) && said.contains("regular file"),
                "{told}"
            );
        }
        std::fs::remove_file(&file).unwrap();
        if was_there {
            std::fs::rename(&kept, &file).unwrap();
        }
    }
    assert_eq!(repo.scan("history").exit, Some(1));
}

#[test]
#[cfg(unix)]
fn what_a_configuration_includes_and_is_no_file_is_named_and_not_waited_for() {
    let repo = Repo::new();
    repo.commit("root");
    let made = std::process::Command::new("mkfifo")
        .arg(repo.path().join("pipe"))
        .status();
    assert!(made.unwrap().success());
    std::fs::create_dir(repo.path().join("folder")).unwrap();
    std::fs::write(repo.path().join("plain"), "[include]\n\tpath = pipe\n").unwrap();
    let config = repo.path().join(".git/config");
    let own = std::fs::read_to_string(&config).unwrap();
    for (name, section) in [
        ("pipe", "[include]\n\tpath = ../pipe"),
        (
            "folder",
            "[includeIf \"gitdir:/nowhere/\"] path = \"../folder\"",
        ),
        ("pipe", "[include]\n\tPATH = ../plain"),
    ] {
        std::fs::write(&config, format!("{own}{section}\n")).unwrap();
        for words in ["history --no-cache", "staged", "range HEAD", "hook install"] {
            let run = ended(repo.command(&repo.path(), words));
            let Scan { exit, stderr, .. } = run.unwrap();
            assert_eq!(exit, Some(2), "{words}: {stderr}");
            let line =
                format!("{name}: no file, and the configuration of this repository includes it");
            assert!(
                stderr.contains(&line) && stderr.lines().count() == 1,
                "{words}: {stderr}"
            );
        }
    }
    std::fs::write(&config, format!("{own}[include]\n\tpath = nowhere\n")).unwrap();
    assert_eq!(repo.scan("history --no-cache").exit, Some(0));
}

#[test]
#[cfg(unix)]
fn a_report_over_the_limit_of_files_is_an_error() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    let jvxleaks = repo.command(&repo.path(), "scan");
    let mut limited = std::process::Command::new("sh");
    limited.args([
        "-c",
        "ulimit -f 0; exec \"$0\" scan --format json > ../report",
    ]);
    limited.arg(jvxleaks.get_program()).current_dir(repo.path());
    assert_snapshot!(Scan::of(&mut limited).transcript(&repo.path()), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: standard output: cannot write the report: File too large (os error 27)
    ");
}
