//! The steps that an audit prints, typed as they stand there: afterwards the next audit finds nothing.

use crate::name_steps;
use crate::repo::{Repo, Scan};
use crate::workspace::key;
use serde_json::Value;

/// The commands of the plan for all keys to amend, each alone on its line.
fn plan(text: &str) -> Vec<String> {
    let (_, plan) = text.split_once("AMEND ALL").unwrap();
    let lines = plan.lines().map(str::trim);
    let commands = lines.filter(|line| line.starts_with("git ") || line.starts_with("jvxleaks "));
    commands.map(str::to_owned).collect()
}

/// Marks each commit that the plan names as `edit`, in the list that a rebase opens.
fn marks(repo: &Repo, text: &str) -> String {
    let (_, list) = text.split_once("in the list that opens, ").unwrap();
    let (list, _) = list.split_once(" at ").unwrap_or((list, ""));
    let words: Vec<&str> = list.split_whitespace().collect();
    let marked = words.windows(2).filter(|pair| pair[0] == "mark");
    let edits = marked.map(|pair| format!("-e 's/^pick {}/edit {}/'", pair[1], pair[1]));
    let edits: Vec<String> = edits.collect();
    assert!(!edits.is_empty(), "{text}");
    let script = repo.beside("editor");
    let text = format!("#!/bin/sh\nsed -i {} \"$1\"\n", edits.join(" "));
    std::fs::write(&script, text).unwrap();
    format!("sh {}", script.display())
}

/// Runs a command of the plan; where it adds files, the keys are taken out of them first.
fn typed(repo: &Repo, editor: &str, command: &str) -> bool {
    let command = command.replace('\'', "");
    let words: Vec<&str> = command.split_whitespace().collect();
    if words[..2] == ["git", "add"] {
        for file in words.iter().skip(3) {
            let path = repo.path().join(file);
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.contains("jvx_live_"));
            let text: String = lines.map(|line| format!("{line}\n")).collect();
            std::fs::write(path, text).unwrap();
        }
    }
    let mut git = repo.git_command(&repo.path(), &words[1..]);
    git.env("GIT_SEQUENCE_EDITOR", editor)
        .env("GIT_EDITOR", "true");
    git.output().unwrap().status.success()
}

#[test]
fn the_plan_for_two_keys_takes_out_both() {
    let repo = Repo::new();
    repo.commit("root");
    let env = |name: &str, n| format!("TOP=1\n{name}={}\nEND=1\n", key(n));
    repo.write("a.txt", env("A", 1));
    repo.commit("first key");
    repo.write("readme.txt", "between");
    repo.commit("between");
    repo.write("b.txt", env("B", 2));
    repo.commit("second key");
    repo.write("readme.txt", "after");
    repo.commit("after");
    let audit = repo.scan("history --no-cache");
    assert!(audit.stderr.contains("2 to amend"), "{}", audit.stderr);
    assert_eq!(
        audit.stdout.matches("git rebase -i").count(),
        1,
        "{}",
        audit.stdout
    );
    let editor = marks(&repo, &audit.stdout);
    for command in plan(&audit.stdout) {
        // Nothing conflicts here, so that what is for a conflict has nothing to do.
        let is_for_conflict = command == "git add -u";
        if command.starts_with("git ") && !is_for_conflict {
            let done = typed(&repo, &editor, &command);
            assert!(done || command == "git rebase --continue", "{command}");
        }
    }
    let after = repo.scan("history --no-cache");
    assert_eq!(after.exit, Some(0), "{}", after.stdout);
    assert_eq!(repo.git("rev-list --count HEAD"), "5");
    assert_eq!(repo.git("status --porcelain"), "");
}

#[test]
fn a_conflict_at_the_commit_that_took_the_key_out_is_told() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("root");
    repo.write("a.txt", format!("KEY={}\n", key(1)));
    repo.commit("key");
    repo.write("a.txt", "KEY=\n");
    let removed = repo.commit("out again");
    let audit = repo.scan("history --no-cache").stdout;
    let told = format!(
        "on a conflict or an empty commit (at {}, which took it out)",
        &removed[..7]
    );
    let words = audit.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&told), "{audit}");
}

#[test]
fn every_command_of_a_report_stands_alone_on_its_line() {
    let repo = Repo::new();
    repo.commit("root");
    repo.write(".env", format!("A={}\n", key(1)));
    repo.commit("key");
    repo.commit("more");
    repo.write("b c.txt", key(2));
    repo.git("add -A");
    for format in ["text", "markdown"] {
        let report = repo
            .scan(&format!("history --no-cache --format {format}"))
            .stdout;
        let lines = report.lines().map(str::trim);
        let commands: Vec<&str> = lines.filter(|line| line.starts_with("git ")).collect();
        assert!(commands.len() > 4, "{report}");
        let mixed =
            |line: &&&str| line.contains(", ") || line.contains("; ") || line.contains("&&");
        assert_eq!(commands.iter().find(mixed), None, "{report}");
    }
}

#[test]
fn a_narrow_audit_lists_less_and_judges_by_the_whole_history() {
    let repo = Repo::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.write("a.txt", key(1));
    repo.commit("published");
    repo.git("push -q origin main");
    repo.git("rm -q a.txt");
    repo.commit("out again");
    repo.write("b.txt", format!("{}\nand more\n", key(1)));
    repo.commit("in again");
    let narrow = ["--max-commits 1", "--since 2023-11-17", "--branch main"];
    for option in narrow {
        let report = repo
            .scan(&format!("history --no-cache --format json {option}"))
            .json();
        let key = &report["keys"][0];
        assert_eq!(key["action"], "rotate", "{option}: {key}");
        assert_eq!(key["published"][0], "refs/remotes/origin/main", "{option}");
        let found = report["findings"].as_array().unwrap().len();
        assert_eq!(
            found,
            if option == "--branch main" { 2 } else { 1 },
            "{option}"
        );
    }
}

#[test]
fn what_is_to_be_checked_is_so_in_every_format() {
    let repo = Repo::new();
    let header = format!(
        "Authorization: Bearer {}",
        key(1).trim_start_matches("jvx_live_")
    );
    repo.write(
        "tests/a.http",
        format!("GET https://example.org\n{header}\n"),
    );
    repo.commit("test");
    let audit = |format: &str| repo.scan(&format!("history --no-cache --format {format}"));
    let json = audit("json").json();
    assert_eq!(json["keys"][0]["action"], "check", "{json}");
    let sarif: Value = audit("sarif").json();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["properties"]["action"], "check");
    assert!(audit("text").stderr.contains("(1 to check)"));
    assert!(audit("markdown").stdout.contains("**CHECK**"));
}

/// A repository with a key that was pushed, one that was not, one that nothing refers to, and a credential in a test.
fn one_of_each_action() -> Repo {
    let repo = Repo::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.write("a.py", key(1));
    repo.commit("pushed");
    repo.git("push -q origin main");
    repo.write("b.py", key(2));
    repo.commit("not pushed");
    let token = key(3).trim_start_matches("jvx_live_").to_owned();
    repo.write("tests/c.http", format!("Authorization: Bearer {token}\n"));
    repo.commit("a test");
    repo.write("d.py", key(4));
    repo.commit("taken back");
    repo.git("reset -q --hard HEAD^");
    repo.git("reflog expire --expire=now --all");
    repo
}

#[test]
fn every_line_and_annotation_of_an_audit_says_what_to_do() {
    let repo = one_of_each_action();
    let audit = |format: &str| repo.scan(&format!("history --no-cache -q --format {format}"));
    let without_commit = |line: &str| {
        let (before, after) = line.split_once(" in commit ").unwrap();
        format!("{before} in commit COMMIT{}", &after[7..])
    };
    let concise = audit("concise").stdout;
    let concise: Vec<_> = concise.lines().map(without_commit).collect();
    insta::assert_snapshot!(concise.join("\n"), @"
    a.py:1:1: critical[jourvex-key] ROTATE NOW: Live Jourvex API key in commit COMMIT of 2023-11-15 649bd9f1fa20768fe9ad1fae7a267d94
    b.py:1:1: critical[jourvex-key] AMEND: Live Jourvex API key in commit COMMIT of 2023-11-16 31613ce762ea8ec5ce042061e8db176b
    d.py:1:1: critical[jourvex-key] EXPIRE: Live Jourvex API key in commit COMMIT of 2023-11-18 cc36d412d65fc2394a1b9ef80c29f141
    tests/c.http:1:23: medium[authorization-header] CHECK: Hardcoded credential in an Authorization header in a test in commit COMMIT of 2023-11-17 159cf9bbfb06dacd3381631e0a418978
    ");
    let annotations = audit("github").stdout;
    let annotations: Vec<_> = annotations.lines().map(without_commit).collect();
    insta::assert_snapshot!(annotations.join("\n").replace("%0A", "\n  "), @r#"
    ::error file=a.py,line=1,col=1,title=jourvex-key::ROTATE NOW: Live Jourvex API key (jvx_live_zEGC...), in commit COMMIT of 2023-11-15 (origin/main, branch main)
      published: origin/main   exposed since 2023-11-15, still in HEAD
      instead: read os.environ["JOURVEX_API_KEY"]
      rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
    ::error file=b.py,line=1,col=1,title=jourvex-key::AMEND: Live Jourvex API key (jvx_live_mDSH...), in commit COMMIT of 2023-11-16 (branch main)
      local only: branch main, not on any remote   since 2023-11-16, still in HEAD
      instead: read os.environ["JOURVEX_API_KEY"]
      rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_mDSH...
      silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON
    ::error file=d.py,line=1,col=1,title=jourvex-key::EXPIRE: Live Jourvex API key (jvx_live_dCXb...), in commit COMMIT of 2023-11-18
      unreachable: no branch or tag holds it   since 2023-11-18
      instead: read os.environ["JOURVEX_API_KEY"]
      rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_dCXb...
      silence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON
    ::warning file=tests/c.http,line=1,col=23,title=authorization-header::CHECK: Hardcoded credential in an Authorization header in a test (TLsZ...), in commit COMMIT of 2023-11-17 (branch main)
      local only: branch main, not on any remote   since 2023-11-17, still in HEAD
      instead: read {{$processEnv API_TOKEN}}
      rotate: revoke it at its issuer and make a new one, if this was ever pushed
      silence: jvxleaks allow 159cf9bbfb06dacd3381631e0a418978 -- REASON
    "#);
}

#[test]
fn an_alert_of_an_audit_says_what_to_do_and_by_what_name_to_accept_it() {
    let repo = one_of_each_action();
    let sarif = repo.scan("history --no-cache --format sarif").json();
    let results = sarif["runs"][0]["results"].as_array().unwrap().iter();
    let told = results.map(|result| {
        let text = result["message"]["text"].as_str().unwrap();
        let (what, rest) = text.split_once(" It is in commit ").unwrap();
        let rest = &rest[7..];
        format!("{what} ...{rest} {}", result["properties"]["fingerprint"])
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
    Live Jourvex API key (jvx_live_zEGC...). ... of 2023-11-15 (origin/main, branch main). ROTATE NOW: published: origin/main, exposed since 2023-11-15, still in HEAD. "649bd9f1fa20768fe9ad1fae7a267d94"
    Live Jourvex API key (jvx_live_mDSH...). ... of 2023-11-16 (branch main). AMEND: local only: branch main, not on any remote, since 2023-11-16, still in HEAD. "31613ce762ea8ec5ce042061e8db176b"
    Live Jourvex API key (jvx_live_dCXb...). ... of 2023-11-18. EXPIRE: unreachable: no branch or tag holds it, since 2023-11-18. "cc36d412d65fc2394a1b9ef80c29f141"
    Hardcoded credential in an Authorization header in a test (TLsZ...). ... of 2023-11-17 (branch main). CHECK: local only: branch main, not on any remote, since 2023-11-17, still in HEAD. "159cf9bbfb06dacd3381631e0a418978"
    "#);
}

#[test]
fn a_key_that_was_never_pushed_is_to_be_rotated_in_no_format() {
    let repo = one_of_each_action();
    let report = repo.scan("history --no-cache --format json").json();
    let advice = |path: &str| {
        let mut findings = report["findings"].as_array().unwrap().iter();
        let finding = findings.find(|finding| finding["path"] == path).unwrap();
        let advice = finding["advice"].as_str().unwrap().to_owned();
        advice
            .lines()
            .find(|line| line.starts_with("rotate: "))
            .unwrap()
            .to_owned()
    };
    let rotate = ["a.py", "b.py", "d.py"].map(advice);
    insta::assert_snapshot!(rotate.join("\n"), @"
    rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
    rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_mDSH...
    rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_dCXb...
    ");
}

#[test]
fn a_key_that_another_branch_still_holds_is_not_called_removed() {
    let repo = Repo::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.write("app.env", format!("KEY={}\n", key(1)));
    repo.commit("key");
    repo.git("checkout -q -b feat/x");
    repo.commit("more");
    repo.git("checkout -q main");
    repo.git("rm -q app.env");
    repo.commit("out again");
    repo.git("push -q origin main feat/x");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(!audit.contains("removed in"), "{audit}");
    assert!(audit.contains("still on branch feat/x"), "{audit}");
    assert!(
        audit.contains("then remove it from app.env:1 on feat/x"),
        "{audit}"
    );
    repo.git("checkout -q feat/x");
    repo.git("rm -q app.env");
    repo.commit("out there too");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(audit.contains("removed in"), "{audit}");
}

#[test]
fn a_tag_that_was_never_pushed_publishes_nothing_for_certain() {
    let repo = Repo::new();
    repo.commit("root");
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    repo.git("checkout -q --detach");
    repo.write("a.txt", key(1));
    repo.commit("key");
    repo.git("tag t1");
    repo.git("checkout -q main");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(!audit.contains("published: tag t1"), "{audit}");
    assert!(
        audit.contains("\n               git ls-remote origin refs/tags/t1\n"),
        "{audit}"
    );
    repo.git(&format!("remote add backup {}", remote.display()));
    let asked = repo.scan("history --no-cache").stdout;
    let each = ["backup", "origin"];
    let each = each.map(|remote| format!("               git ls-remote {remote} refs/tags/t1\n"));
    assert!(asked.contains(&each.concat()), "{asked}");
    repo.git("push -q origin t1");
    repo.git("push -q origin t1^{}:refs/heads/t");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(audit.contains("published: "), "{audit}");
}

#[test]
fn statistics_of_a_history_are_the_counts_alone() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("key");
    let counted = repo.scan("history --no-cache --statistics").stdout;
    insta::assert_snapshot!(counted, @"
    findings  secrets  rule
           1        1  jourvex-key

    findings  secrets  kind of file
           1        1  source
    ");
    let concise = repo.scan("history --no-cache --format concise").stdout;
    let commit = repo.head();
    insta::assert_snapshot!(concise.replace(&commit[..7], "COMMIT"), @"a.txt:1:1: critical[jourvex-key] AMEND: Live Jourvex API key in commit COMMIT of 2023-11-15 649bd9f1fa20768fe9ad1fae7a267d94");
}

#[test]
fn who_rewrites_a_part_is_told_that_more_keys_may_be_there() {
    let repo = Repo::new();
    repo.commit("root");
    repo.write("sub/a.txt", key(1));
    repo.commit("key");
    let sub = repo.path().join("sub");
    let told = |folder: &std::path::Path, options: &str| {
        let scan = repo.scan_in(folder, &format!("history --no-cache{options}"));
        let notes = scan
            .stdout
            .lines()
            .filter(|line| line.starts_with("note: "));
        notes.map(|note| format!("{note}\n")).collect::<String>()
    };
    assert_eq!(told(&repo.path(), ""), "");
    assert_eq!(told(&sub, ""), "");
    assert!(told(&repo.path(), " --max-commits 1").contains("there may be more keys to amend"));
}

/// What an editor does to the list that a rebase opens: every commit that the report names stops.
fn marking(repo: &Repo, report: &str) -> String {
    let words: Vec<&str> = report.split_whitespace().collect();
    let marked = words.windows(4).filter(|w| w[0] == "mark" && w[2] == "as");
    let edits = marked.map(|w| format!("-e 's/^pick {}/edit {}/'", w[1], w[1]));
    let edits: std::collections::BTreeSet<String> = edits.collect();
    assert!(!edits.is_empty(), "{report}");
    let script = repo.beside("editor");
    let edits: Vec<String> = edits.into_iter().collect();
    let text = format!("#!/bin/sh\nsed -i {} \"$1\"\n", edits.join(" "));
    std::fs::write(&script, text).unwrap();
    format!("sh {}", script.display())
}

/// The commands of a report, each alone on its line.
fn commands(report: &str) -> Vec<String> {
    let lines = report.lines().map(str::trim);
    let starts = ["git ", "jvxleaks ", "cd "];
    let commands = lines.filter(|line| starts.iter().any(|start| line.starts_with(start)));
    let commands = commands.filter(|line| !line.contains("REASON"));
    commands.map(str::to_owned).collect()
}

/// Takes every key out of the text files below a folder.
fn without_keys(folder: &std::path::Path) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if entry.file_name() == ".git" {
            continue;
        }
        if path.is_dir() {
            without_keys(&path);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| !line.contains("jvx_live_"));
        let clean: String = lines.map(|line| format!("{line}\n")).collect();
        if clean != text {
            std::fs::write(path, clean).unwrap();
        }
    }
}

/// Types the commands of a report one after the other, starting in `folder`, as a shell takes them. Before files are
/// added, keys are taken out of the work tree. A conflict is resolved by the file as the later commit has it.
fn type_all(repo: &Repo, folder: &std::path::Path, report: &str) {
    let editor = marking(repo, report);
    let (mut here, mut before) = (folder.to_owned(), folder.to_owned());
    for command in commands(report) {
        if let Some(to) = command.strip_prefix("cd ") {
            let to = if to == "-" { before } else { here.join(to) };
            before = std::mem::replace(&mut here, to);
            assert!(here.is_dir(), "{command}");
            continue;
        }
        if let Some(words) = command.strip_prefix("jvxleaks ") {
            let scan = repo.scan_in(&here, words);
            assert_eq!(scan.exit, Some(0), "{command}: {}", scan.stdout);
            continue;
        }
        let words: Vec<&str> = command.split_whitespace().skip(1).collect();
        let git = |words: &[&str]| {
            let mut git = repo.git_command(&here, words);
            git.env("GIT_SEQUENCE_EDITOR", &editor)
                .env("GIT_EDITOR", "true");
            let output = git.output().unwrap();
            (
                output.status.success(),
                String::from_utf8(output.stderr).unwrap(),
            )
        };
        match words[..] {
            ["add", ..] => without_keys(&here),
            // What is for a conflict, where there was none.
            ["rebase", "--continue"] if git(&["rebase", "--show-current-patch"]).0 => {}
            ["rebase", "--continue"] => continue,
            _ => {}
        }
        let (done, said) = git(&words);
        let stops = words[0] == "rebase" && said.contains("CONFLICT");
        if said.contains("CONFLICT") || said.contains("could not apply") {
            git(&["checkout", "-q", "--theirs", "--", "."]);
        }
        assert!(
            done || stops || said.contains("could not apply"),
            "{command}: {said}"
        );
    }
}

fn clean(repo: &Repo) {
    let after = repo.scan("history --no-cache");
    assert_eq!(after.exit, Some(0), "{}", after.stdout);
}

#[test]
fn what_the_index_keeps_of_a_conflict_is_cleared_by_the_steps() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("root");
    repo.write("a.txt", format!("one\nKEY={}\n", key(1)));
    repo.commit("key");
    repo.write("a.txt", "one\nKEY=\nmore\n");
    repo.commit("out again");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(
        audit.contains("git update-index --clear-resolve-undo"),
        "{audit}"
    );
    type_all(&repo, &repo.path(), &audit);
    assert_eq!(repo.git("show HEAD:a.txt"), "one\nKEY=\nmore");
    clean(&repo);
}

#[test]
fn what_only_a_resolved_conflict_keeps_is_said_to_be_in_the_index() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("root");
    repo.git("checkout -q -b side");
    repo.write("a.txt", format!("KEY={}\n", key(1)));
    repo.commit("key");
    repo.git("checkout -q main");
    repo.write("a.txt", "two\n");
    repo.commit("two");
    assert!(!repo.try_git("merge -q side"));
    repo.write("a.txt", "two\n");
    repo.git("add a.txt");
    repo.git("commit -q -m merged");
    repo.git("reset -q --soft HEAD~");
    repo.git("branch -q -D side");
    repo.git("reflog expire --expire=now --all");
    assert!(repo.git("ls-files --resolve-undo").contains("a.txt"));
    repo.git("gc -q --prune=now");
    let audit = repo.scan("history --no-cache").stdout;
    let words = audit.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("which no commit holds (the index, from a resolved conflict)"),
        "{audit}"
    );
    assert!(
        words.contains("the index keeps it from a resolved conflict"),
        "{audit}"
    );
    for command in commands(&audit) {
        repo.git(command.strip_prefix("git ").unwrap());
    }
    clean(&repo);
}

#[test]
fn a_branch_of_another_work_tree_is_rewritten_there() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("root");
    repo.git("worktree add -q ../linked -b w");
    let linked = repo.beside("linked");
    std::fs::write(linked.join("key.txt"), format!("{}\nrest\n", key(1))).unwrap();
    repo.git_in(&linked, "add -A");
    repo.git_in(&linked, "commit -q -m key");
    std::fs::write(linked.join("a.txt"), "two\n").unwrap();
    repo.git_in(&linked, "commit -q -a -m more");
    let audit = repo.scan("history --no-cache").stdout;
    let lines: Vec<&str> = audit.lines().map(str::trim).collect();
    assert!(lines.contains(&"cd ../linked"), "{audit}");
    assert!(
        lines
            .iter()
            .any(|l| l.starts_with("jvxleaks range ") && l.ends_with("^..w")),
        "{audit}"
    );
    type_all(&repo, &repo.path(), &audit);
    assert_eq!(repo.git("rev-list --count w"), "3");
    clean(&repo);
    // The same seen from the linked work tree, of the branch that the main one is on.
    repo.write("b.txt", format!("{}\nrest\n", key(2)));
    repo.commit("another key");
    repo.commit("more");
    let audit = repo.scan_in(&linked, "history --no-cache").stdout;
    assert!(audit.contains("  cd ../work\n"), "{audit}");
    type_all(&repo, &linked, &audit);
    clean(&repo);
}

#[test]
fn what_another_work_tree_has_staged_is_taken_out_there() {
    let repo = Repo::new();
    repo.commit("root");
    repo.git("worktree add -q ../linked -b w");
    let linked = repo.beside("linked");
    std::fs::write(linked.join("key.txt"), format!("first\n{}\n", key(1))).unwrap();
    repo.git_in(&linked, "add -A");
    let audit = repo.scan("history --no-cache").stdout;
    let words = audit.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("staged in the work tree ../linked, at key.txt:2"),
        "{audit}"
    );
    let commands = commands(&audit);
    assert_eq!(commands, ["git -C ../linked restore --staged -- key.txt"]);
    repo.git(commands[0].strip_prefix("git ").unwrap());
    let after = repo.scan("history --no-cache").stdout;
    assert!(after.contains("EXPIRE"), "{after}");
    repo.git("gc -q --prune=now");
    clean(&repo);
}

#[test]
fn what_a_branch_held_once_it_does_not_hold_still() {
    let repo = Repo::new();
    repo.commit("root");
    repo.write("a.txt", key(1));
    repo.commit("key");
    repo.git("reset -q --hard HEAD^");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(audit.contains("no branch or tag holds it"), "{audit}");
    assert!(!audit.contains("still on"), "{audit}");
}

#[test]
fn a_second_branch_with_the_same_commit_is_rewritten_as_well() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("root");
    repo.write("key.txt", format!("{}\nrest\n", key(1)));
    repo.commit("key");
    repo.git("branch old");
    repo.write("a.txt", "two\n");
    repo.commit("more");
    repo.git("checkout -q old");
    repo.write("a.txt", "three\n");
    repo.commit("on old");
    repo.git("checkout -q main");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(!audit.contains("branch -D"), "{audit}");
    type_all(&repo, &repo.path(), &audit);
    for branch in ["main", "old"] {
        assert_eq!(repo.git(&format!("rev-list --count {branch}")), "3");
        assert_eq!(repo.git(&format!("show {branch}:key.txt")), "rest");
    }
    clean(&repo);
}

#[test]
fn steps_lead_to_the_root_before_they_name_files() {
    let repo = Repo::new();
    repo.write("pkg/src/a.py", "one\n");
    repo.commit("root");
    repo.write("pkg/src/a.py", format!("one\nKEY={}\n", key(1)));
    repo.commit("key");
    repo.commit("more");
    let sub = repo.path().join("pkg");
    let audit = repo.scan_in(&sub, "history --no-cache").stdout;
    let to_root = commands(&audit)[0].clone();
    assert_eq!(to_root, "cd \"$(git rev-parse --show-toplevel)\"");
    let folder = repo.path().to_string_lossy().into_owned();
    let ticket = repo
        .scan_in(&sub, "history --no-cache --format markdown")
        .stdout;
    assert!(!ticket.contains(&folder), "{ticket}");
    assert!(
        ticket.find(&to_root) < ticket.find("git rebase"),
        "{ticket}"
    );
    let outside = repo
        .scan_in(&repo.beside(""), "history --no-cache work")
        .stdout;
    assert!(
        outside.contains("  cd \"$(git -C work rev-parse --show-toplevel)\"\n"),
        "{outside}"
    );
    let audit = audit.replace(&to_root, "cd ..");
    type_all(&repo, &sub, &audit);
    clean(&repo);
    assert!(!repo.scan("history --no-cache").stdout.contains("cd "));
}

#[test]
fn commands_of_an_audit_work_with_the_rules_and_the_configuration_of_the_run() {
    let repo = one_of_each_action();
    let rule = "[[rules]]\nid = 'acme'\ndescription = 'Acme'\nregex = 'acme_([A-Za-z0-9]{20})'\n";
    repo.write("our rules.toml", rule);
    repo.write("other.toml", "");
    let token = key(5).trim_start_matches("jvx_live_")[..20].to_owned();
    repo.write("tests/e.txt", format!("acme_{token}\n"));
    repo.commit("ours");
    let options = " --rules 'our rules.toml' --config other.toml";
    let audit = |format: &str| {
        let words = ["--rules", "our rules.toml"];
        let mut command = repo.command(&repo.path(), "history --no-cache");
        command
            .args(words)
            .args(["--config", "other.toml", "--format", format]);
        Scan::of(&mut command).stdout
    };
    for format in ["text", "markdown", "json"] {
        let report = audit(format);
        let lines = report.lines().flat_map(|line| line.split("\\n"));
        let commands = lines.filter(|line| {
            ["jvxleaks allow ", "jvxleaks range ", "jvxleaks history "]
                .iter()
                .any(|command| line.contains(command))
        });
        // Words between commands name one without its options.
        let commands = commands.filter(|line| !line.contains("jvxleaks history again"));
        let commands: Vec<&str> = commands.collect();
        assert!(commands.len() > 2, "{format}: {report}");
        assert!(
            commands.iter().all(|line| line.contains(options)),
            "{commands:#?}"
        );
    }
    let log: Value = serde_json::from_str(&audit("sarif")).unwrap();
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let ours = rules.iter().find(|rule| rule["id"] == "acme").unwrap();
    let help = ours["help"]["text"].as_str().unwrap();
    assert!(
        help.ends_with("More: jvxleaks explain acme --rules 'our rules.toml'"),
        "{help}"
    );
}

#[test]
fn stashes_of_one_file_are_brought_back_one_by_one_on_the_branch_they_were_made_on() {
    let repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.commit("root");
    repo.write("k.env", format!("TOP=1\nKEY={}\n", key(1)));
    repo.commit("key");
    repo.git("switch -q -c feat");
    repo.write("a.txt", "of feat\n");
    repo.commit("on feat");
    repo.git("switch -q main");
    for text in ["one\n", "two\n"] {
        repo.write("a.txt", text);
        repo.write("new.txt", text);
        repo.git("stash -q -u");
    }
    name_steps::typed(&repo, |command| {
        if command == "git add -- k.env" {
            repo.write("k.env", "TOP=1\n");
        }
    });
    let after = repo.scan("history --no-cache");
    assert_eq!(after.exit, Some(0), "{}", after.stdout);
    assert_eq!(repo.git("stash list --format=%gd"), "stash@{0}");
    assert_eq!(repo.git("show stash@{0}:a.txt"), "one");
    assert_eq!(repo.git("branch --show-current"), "main");
    let text = std::fs::read_to_string(repo.path().join("new.txt")).unwrap();
    assert_eq!(text, "two\n");
}

#[test]
fn a_stash_of_another_branch_is_brought_back_there() {
    let repo = Repo::new();
    repo.write("a.txt", "x\n");
    repo.commit("root");
    repo.git("switch -q -c feat");
    repo.write("k.env", format!("TOP=1\nKEY={}\n", key(1)));
    repo.write("a.txt", "of feat\n");
    repo.commit("key");
    repo.write("a.txt", "stashed\n");
    repo.git("stash -q");
    repo.git("switch -q -c topic");
    repo.write("a.txt", "of topic\n");
    repo.commit("on topic");
    repo.git("switch -q main");
    name_steps::typed(&repo, |command| {
        if command == "git add -- k.env" {
            repo.write("k.env", "TOP=1\n");
        }
    });
    let after = repo.scan("history --no-cache");
    assert_eq!(after.exit, Some(0), "{}", after.stdout);
    assert_eq!(repo.git("branch --show-current"), "feat");
    assert_eq!(repo.git("diff --name-only"), "a.txt");
}
