//! `jvxleaks allow`: what it finds, asks and writes, and that the words of a report can be followed.

use crate::repo::{Repo, Scan};
use crate::workspace::{Workspace, key, token};
use insta::assert_snapshot;

fn config(workspace: &Workspace) -> String {
    std::fs::read_to_string(workspace.path(".jvxleaks.toml")).unwrap()
}

/// A source with a credential of another vendor.
fn header(seed: u64) -> String {
    format!(
        "h = {{\"Authorization\": \"Bearer {}\"}}\n",
        token(seed, 40)
    )
}

#[test]
fn a_place_becomes_an_entry_and_the_rest_of_the_file_stays() {
    let workspace = Workspace::new();
    workspace
        .file("src/a.py", header(1) + &header(2))
        .file(".jvxleaks.toml", "# ours\nfail-on = 'low'   # all\n");
    assert_snapshot!(workspace.run(&["allow", "src/a.py:1", "--", "a", "demo account"]), @r#"
    exit 0
    --- stdout
    [[allow]]
    fingerprint = "ecbbb4334ad7a2f2e6a0b3990cf89e88" # authorization-header in src/a.py
    reason = "a demo account"
    --- stderr
    jvxleaks: .jvxleaks.toml: added; it counts at once
    "#);
    assert_snapshot!(config(&workspace), @r#"
    # ours
    fail-on = 'low'   # all

    [[allow]]
    fingerprint = "ecbbb4334ad7a2f2e6a0b3990cf89e88" # authorization-header in src/a.py
    reason = "a demo account"
    "#);
    assert_eq!(
        workspace.places(&["scan"]),
        ["authorization-header src/a.py:2:31"]
    );
    assert_snapshot!(workspace.run(&["allow", "./src/a.py:1:31", "--", "again"]), @"
    exit 0
    --- stdout
    --- stderr
    jvxleaks: .jvxleaks.toml:4: there is an entry for it already; nothing was changed
    ");
}

#[test]
fn a_fingerprint_is_looked_for_and_the_file_is_made() {
    let workspace = Workspace::new();
    workspace.file("src/a.py", header(1));
    let report = workspace.json(&["scan", "--format", "json"]);
    let id = report["findings"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_ascii_uppercase();
    let told = workspace.run(&["allow", &id, "--", "a demo account"]);
    assert!(told.starts_with("exit 0"), "{told}");
    assert!(workspace.places(&["scan"]).is_empty());
    assert_snapshot!(workspace.run(&["allow", &"ab".repeat(16), "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: no finding has the fingerprint abababababababababababababababab, neither in the files here nor staged nor in the history; copy it from a report
    ");
}

#[test]
fn a_jourvex_key_needs_a_yes() {
    let workspace = Workspace::new();
    workspace.file("a.py", format!("k = '{}'\n", key(1)));
    assert_snapshot!(workspace.run(&["allow", "a.py:1", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: the Jourvex key jvx_live_zEGC... works for whoever reads it until it is rotated at Settings -> API Access; if it is dead or meant to be public, give --yes as the first option
    ");
    assert!(!workspace.path(".jvxleaks.toml").exists());
    assert_snapshot!(workspace.run(&["allow", "--yes", "a.py:1", "--", "a dead key"]), @r#"
    exit 0
    --- stdout
    [[allow]]
    fingerprint = "649bd9f1fa20768fe9ad1fae7a267d94" # jourvex-key in a.py
    reason = "a dead key"
    --- stderr
    jvxleaks: .jvxleaks.toml: added; it counts at once
    "#);
    assert!(workspace.places(&["scan"]).is_empty());
}

#[test]
fn several_findings_on_a_line_are_listed() {
    let workspace = Workspace::new();
    workspace.file("a.py", format!("k = ['{}', '{}']\n", key(1), key(2)));
    assert_snapshot!(workspace.run(&["allow", "a.py:1", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: 2 findings are meant; name one of them by its fingerprint:
      649bd9f1fa20768fe9ad1fae7a267d94 jourvex-key jvx_live_zEGC... at a.py:1:7
      31613ce762ea8ec5ce042061e8db176b jourvex-key jvx_live_mDSH... at a.py:1:52
    ");
    let one = workspace.run(&["allow", "a.py:1:7", "--yes", "--", "why"]);
    assert!(one.starts_with("exit 0"), "{one}");
    assert_eq!(workspace.places(&["scan"]).len(), 1);
}

#[test]
fn what_cannot_be_done_is_told() {
    let workspace = Workspace::new();
    workspace
        .file("a.py", header(1))
        .file("b.toml", "allow = []\n");
    assert_snapshot!(workspace.run(&["allow", "a.py:2", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: a.py:2: no finding stands there; `jvxleaks scan` and `jvxleaks history` print the places
    ");
    assert_snapshot!(workspace.run(&["allow", "nowhere.py:1", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nowhere.py:1: no finding stands there; `jvxleaks scan` and `jvxleaks history` print the places
    ");
    assert_snapshot!(workspace.run(&["allow", "hunter2", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: this is neither a fingerprint, which has 32 hexadecimal digits, nor PATH:LINE; copy one of them from a report
    ");
    assert_snapshot!(workspace.run(&["allow", "a.py:1"]), @"
    exit 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      <REASON>...

    Usage: jvxleaks allow [OPTIONS] <FINGERPRINT|PATH:LINE|--last> -- <REASON>...

    For more information, try '--help'.
    ");
    assert_snapshot!(workspace.run(&["allow", "a.py:1", "--", " "]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: the reason is empty; say behind `--` why the finding may stay
    ");
    assert_snapshot!(workspace.run(&["allow", "a.py:1", "--", &key(3)]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: the reason holds what looks like a credential, and the configuration is public; say it without
    ");
    assert_snapshot!(workspace.run(&["allow", "--last", "--", "why"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: --last is about commits and pushes, and here is no git repository; name the finding
    ");
    assert_snapshot!(workspace.run(&["allow", "a.py:1", "-c", "b.toml", "--", "why"]), @r#"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: b.toml: not changed, since with a new entry at its end line 3 is wrong: duplicate key; write it into `allow` by hand: { fingerprint = "ecbbb4334ad7a2f2e6a0b3990cf89e88", reason = "why" }
    "#);
}

#[test]
fn a_file_that_git_ignores_is_found() {
    let repo = Repo::new();
    repo.write(".gitignore", ".env\n");
    repo.write(".env", format!("K={}\n", key(1)));
    let told = repo.scan("allow .env:1 --yes -- dead");
    assert_eq!(told.exit, Some(0), "{}", told.stderr);
    assert_eq!(repo.scan("scan .env -f json").places().len(), 0);
    repo.write(".env", header(2));
    follow(&repo, &repo.scan("scan .env"));
}

#[test]
fn the_last_refused_commit_or_push_is_taken() {
    let repo = Repo::new();
    repo.commit("first");
    assert_snapshot!(repo.scan("allow --last -- demo").transcript(&repo.path()), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nothing that is staged or not pushed yet is refused; name the finding by its fingerprint or as PATH:LINE
    ");
    repo.write("a.py", header(1));
    repo.git("add a.py");
    let told = repo.scan_in(&repo.path(), "allow --last -- demo");
    assert_snapshot!(told.transcript(&repo.path()), @r#"
    exit 0
    --- stdout
    [[allow]]
    fingerprint = "ecbbb4334ad7a2f2e6a0b3990cf89e88" # authorization-header in a.py
    reason = "demo"
    --- stderr
    jvxleaks: .jvxleaks.toml: added; scan, staged and history count it at once. Stage it before you commit, since pre-commit hides what is not staged, and range and ci count what is committed:
      git add -- .jvxleaks.toml
    "#);
    assert_eq!(repo.scan("hook run pre-commit").exit, Some(0));
    // As `git commit -a` leaves it when it is refused.
    repo.commit("with the entry");
    repo.write("mine.py", header(4));
    assert_eq!(repo.scan("allow --last -- demo").exit, Some(2));
    repo.write("a.py", header(3));
    let told = repo.scan("allow --last -- demo");
    assert_eq!(told.exit, Some(0));
    assert!(told.stdout.contains("in a.py"), "{}", told.stdout);
    std::fs::remove_file(repo.path().join("mine.py")).unwrap();
    repo.write("b.py", header(2));
    repo.commit("second");
    repo.git("rm -q b.py");
    repo.commit("third");
    assert_eq!(repo.scan("allow --last -- demo").exit, Some(0));
    assert_eq!(
        repo.scan("range --unpushed origin --trust-head-config")
            .exit,
        Some(0)
    );
}

#[test]
fn an_entry_is_not_written_among_the_files_of_git() {
    let repo = Repo::new();
    repo.write("a.py", header(1));
    repo.commit("key");
    let bare = repo.beside("bare.git");
    repo.git(&format!("clone -q --bare . {}", bare.display()));
    let told = repo.scan_in(&bare, "allow --last -- demo");
    assert_eq!(told.exit, Some(2));
    let why = "this repository is bare: an entry would stand among the files of git, where no commit has it; \
               run this in a clone or a work tree";
    assert!(told.stderr.contains(why), "{}", told.stderr);
    assert!(!bare.join(".jvxleaks.toml").exists());
}

#[test]
fn an_entry_is_written_at_the_root_whatever_the_current_folder() {
    let repo = Repo::new();
    repo.write("src/deep/a.py", header(1));
    let told = repo.scan_in(&repo.path().join("src"), "allow deep/a.py:1 -- demo");
    assert_snapshot!(told.transcript(&repo.path()), @r#"
    exit 0
    --- stdout
    [[allow]]
    fingerprint = "ecbbb4334ad7a2f2e6a0b3990cf89e88" # authorization-header in src/deep/a.py
    reason = "demo"
    --- stderr
    jvxleaks: [FOLDER]/.jvxleaks.toml: added; scan, staged and history count it at once. Stage it before you commit, since pre-commit hides what is not staged, and range and ci count what is committed:
      git add -- [FOLDER]/.jvxleaks.toml
    "#);
    assert_eq!(repo.scan("scan -f json").places().len(), 0);
}

#[test]
fn a_finding_of_the_history_is_found_by_fingerprint_and_by_place() {
    let repo = Repo::new();
    repo.write("src/a.py", header(1));
    repo.write("src/b.py", header(2));
    repo.commit("add");
    repo.git("rm -q src/a.py src/b.py");
    repo.commit("remove");
    let report = repo.scan("history -f json").json();
    let id = report["findings"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(repo.scan(&format!("allow {id} -- demo")).exit, Some(0));
    assert_eq!(repo.scan("allow src/b.py:1 -- demo").exit, Some(0));
    assert_eq!(repo.scan("history -f json").places().len(), 0);
}

/// The command that a report prints under its first finding, without the program's name.
fn advised(report: &Scan) -> String {
    let text = format!("{}{}", report.stdout, report.stderr);
    let words = text.split("jvxleaks allow ").nth(1).unwrap();
    format!("allow {}", words.lines().next().unwrap())
}

/// Runs what a report advises, with a reason, which must do what it says.
fn follow(repo: &Repo, report: &Scan) {
    assert_eq!(report.exit, Some(1), "{report:?}");
    let done = repo.scan(&advised(report).replace("REASON", "known"));
    assert_eq!(done.exit, Some(0), "{done:?}");
}

#[test]
fn a_refused_commit_is_silenced_by_what_it_prints() {
    let repo = Repo::new();
    repo.commit("first");
    repo.write("a.py", header(1));
    repo.git("add a.py");
    let refused = repo.scan("hook run pre-commit");
    assert_snapshot!(refused.transcript(&repo.path()), @r#"
    exit 1
    --- stdout
    error[authorization-header]: Hardcoded credential in an Authorization header
     --> a.py:1:31
      |
    1 | h = {"Authorization": "Bearer zEGC..."}
      |                               ^^^^^^^ a commit would hand this to everyone who can read it
      |
      = staged for the next commit
      = instead: read os.environ["API_TOKEN"]
      = rotate: revoke it at its issuer and make a new one, if this was ever pushed
      = silence: put `# jvxleaks:allow authorization-header -- reason` above the line, or: jvxleaks allow ecbbb4334ad7a2f2e6a0b3990cf89e88 -- REASON

    --- stderr
    1 finding (1 error). Read 1 file, 73 bytes. Took [N] ms.
    jvxleaks: nothing was committed; to take it out:
      take the key out of a.py, then
        git add -- a.py
    jvxleaks: to skip this once: SKIP=jvxleaks git commit ..., or git commit --no-verify
    "#);
    follow(&repo, &refused);
    assert_eq!(repo.scan("hook run pre-commit").exit, Some(0));
}

#[test]
fn a_key_that_was_not_committed_needs_no_rotation() {
    let repo = Repo::new();
    repo.write("a.py", format!("k = '{}'\n", key(1)));
    repo.git("add a.py");
    let refused = repo.scan("hook run pre-commit");
    assert_snapshot!(refused.transcript(&repo.path()), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> a.py:1:6
      |
    1 | k = 'jvx_live_zEGC...'
      |      ^^^^^^^^^^^^^^^^ a commit would hand this to everyone who can read it
      |
      = staged for the next commit
      = instead: read os.environ["JOURVEX_API_KEY"]
      = rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_zEGC...
      = silence: put `# jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    --- stderr
    1 finding (1 error). Read 1 file, 48 bytes. Took [N] ms.
    jvxleaks: nothing was committed; to take it out:
      take the key out of a.py, then
        git add -- a.py
    jvxleaks: to skip this once: SKIP=jvxleaks git commit ..., or git commit --no-verify
    "#);
    repo.git("rm -q --cached -- a.py");
    assert_eq!(repo.scan("hook run pre-commit").exit, Some(0));
}

#[test]
fn a_refused_push_is_silenced_by_what_it_prints() {
    let repo = Repo::new();
    repo.write("a.py", header(1));
    repo.commit("add");
    repo.write("a.py", "");
    repo.commit("remove");
    let push = || {
        let head = repo.head();
        let zero = "0".repeat(40);
        let mut command = repo.command(&repo.path(), "hook run pre-push origin url");
        let pushed = format!("refs/heads/main {head} refs/heads/main {zero}\n");
        let file = repo.beside("pushed");
        std::fs::write(&file, pushed).unwrap();
        Scan::of(command.stdin(std::fs::File::open(file).unwrap()))
    };
    let refused = push();
    assert_snapshot!(refused.transcript(&repo.path()), @r#"
    exit 1
    --- stdout
    error[authorization-header]: Hardcoded credential in an Authorization header
     --> a.py:1:31
      |
    1 | h = {"Authorization": "Bearer zEGC..."}
      |                               ^^^^^^^ anyone who can read the history can use it
      |
      = in commit 60d3b46 of 2023-11-15
      = instead: read os.environ["API_TOKEN"]
      = rotate: revoke it at its issuer and make a new one, if this was ever pushed
      = silence: jvxleaks allow ecbbb4334ad7a2f2e6a0b3990cf89e88 -- REASON

    --- stderr
    1 finding (1 error). Read 2 files in 2 commits, 258 bytes. Took [N] ms.
    jvxleaks: nothing was pushed; a push sends every commit, also what a later one took out, so rewrite it:
      rewrite the commits from the oldest of these on
        git rebase -i --rebase-merges --autostash --root
      in the list that opens, mark 60d3b46 as `edit`
      at 60d3b46: take the key out of a.py, then
        git add -- a.py
        git rebase --continue
      if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
        git add -u
        git rebase --continue
      at the end, this finds nothing
        jvxleaks history --branch HEAD
    jvxleaks: to skip this once: SKIP=jvxleaks git push ..., or git push --no-verify
    "#);
    follow(&repo, &refused);
    assert_eq!(push().exit, Some(0));
    let told = repo.scan("scan");
    assert!(!told.stdout.contains("silences nothing"), "{told:?}");
    let told = repo.scan("history");
    assert!(!told.stdout.contains("silences nothing"), "{told:?}");
}

#[test]
fn a_refused_push_says_how_the_last_commits_are_rewritten() {
    let repo = Repo::new();
    repo.commit("first");
    repo.write("a.py", header(1));
    repo.commit("second");
    let steps = |repo: &Repo| {
        let head = repo.head();
        let mut command = repo.command(&repo.path(), "hook run pre-push origin url -q");
        let file = repo.beside("pushed");
        let pushed = format!(
            "refs/heads/main {head} refs/heads/main {}\n",
            "0".repeat(40)
        );
        std::fs::write(&file, pushed).unwrap();
        Scan::of(command.stdin(std::fs::File::open(file).unwrap())).stderr
    };
    assert_snapshot!(steps(&repo), @"
    jvxleaks: nothing was pushed; a push sends every commit, also what a later one took out, so rewrite it:
      take the key out of a.py, then
        git add -- a.py
        git commit --amend --no-edit
    jvxleaks: to skip this once: SKIP=jvxleaks git push ..., or git push --no-verify
    ");
    repo.write("b.py", header(2));
    repo.commit(&format!("third {}", key(4)));
    assert_snapshot!(steps(&repo), @"
    jvxleaks: nothing was pushed; a push sends every commit, also what a later one took out, so rewrite it:
      rewrite the commits from the oldest of these on
        git rebase -i --rebase-merges --autostash 0195504^
      in the list that opens, mark 0195504 as `edit` and mark a9ca907 as `edit`
      at 0195504: take the key out of a.py, then
        git add -- a.py
        git rebase --continue
      at a9ca907: take the key out of b.py, then
        git add -- b.py
      and take the key out of the message too, with
        git commit --amend --allow-empty
        git rebase --continue
      if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
        git add -u
        git rebase --continue
      at the end, this finds nothing
        jvxleaks range 0195504^..HEAD
    jvxleaks: to skip this once: SKIP=jvxleaks git push ..., or git push --no-verify
    ");
}

#[test]
fn a_pull_request_is_silenced_by_what_its_check_prints() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.git("checkout -q -b change");
    repo.write("a.py", header(1));
    repo.commit("add");
    repo.write("a.py", "");
    repo.commit("remove");
    let range = format!("range {base}..HEAD");
    follow(&repo, &repo.scan(&range));
    repo.commit("allow");
    let told = repo.scan(&range);
    assert_eq!(told.exit, Some(0), "{told:?}");
    assert!(told.stdout.contains("accepted by this change"), "{told:?}");
    repo.git("checkout -q main");
    repo.git("merge -q change");
    assert_eq!(repo.scan("history").exit, Some(0));
}

#[test]
fn an_audit_is_silenced_by_what_it_prints() {
    let repo = Repo::new();
    repo.write(
        "dist/app.min.js",
        format!("setBearerAuth(\"{}\")", token(5, 40)),
    );
    repo.commit("add");
    repo.git("rm -q dist/app.min.js");
    repo.run(&repo.path(), &["commit", "-q", "-m", "remove"]);
    follow(&repo, &repo.scan("history"));
    assert_eq!(repo.scan("history").exit, Some(0));
}

#[test]
fn only_an_audit_calls_an_entry_stale_in_a_repository() {
    let repo = Repo::new();
    repo.write("a.py", header(1));
    repo.commit("add");
    let unknown = "ab".repeat(16);
    let entry = format!("[[allow]]\nfingerprint = '{unknown}'\nreason = 'gone'\n");
    repo.write(".jvxleaks.toml", entry);
    let report = repo.scan("scan -f json").json();
    let id = report["findings"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned();
    repo.scan(&format!("allow {id} -- demo"));
    repo.write("b.py", header(2));
    let report = repo.scan("scan b.py -f json").json();
    let id = report["findings"][0]["fingerprint"]
        .as_str()
        .unwrap()
        .to_owned();
    repo.scan(&format!("allow {id} -- not committed yet"));
    assert_snapshot!(repo.scan("scan").transcript(&repo.path()), @"
    exit 0
    --- stdout
    --- stderr
    No findings. 2 suppressed. Read 3 files, 448 bytes. Took [N] ms.
    ");
    assert_snapshot!(repo.scan("history --no-cache").transcript(&repo.path()), @"
    exit 0
    --- stdout
    note: .jvxleaks.toml:1: the [[allow]] entry silences nothing; remove it
    --- stderr
    No findings. 1 suppressed. Read 1 file in 1 commit, 211 bytes. Took [N] ms.
    ");
}

#[test]
fn what_stands_for_a_reason_is_none() {
    let repo = Repo::new();
    repo.write("a.py", format!("k = '{}'\n", key(1)));
    let refused = repo.scan("allow a.py:1 --yes -- REASON");
    assert_eq!(refused.exit, Some(2));
    assert!(
        refused.stderr.contains("`REASON` stands for the reason"),
        "{refused:?}"
    );
}

#[test]
fn a_reason_that_does_not_stand_behind_the_sign_is_told_where_it_belongs() {
    let repo = Repo::new();
    let refused = repo.scan("allow a.py:1 known key");
    assert_eq!(refused.exit, Some(2));
    let hint = "The reason stands behind `--`: jvxleaks allow FINGERPRINT -- REASON";
    assert!(refused.stderr.contains(hint), "{refused:?}");
    assert!(
        !repo
            .scan("allow --nonsense a.py:1 -- known")
            .stderr
            .contains(hint)
    );
}

/// The command that a report ends with, with a reason in it.
fn printed(report: &str) -> String {
    let line = report
        .lines()
        .find(|line| line.contains("jvxleaks allow "))
        .unwrap();
    let (_, command) = line.split_once("jvxleaks allow ").unwrap();
    format!("allow --yes {}", command.replace("REASON", "it is dead"))
}

#[test]
fn the_command_of_a_report_works_as_it_is_printed() {
    let repo = Repo::new();
    repo.write(
        "ours.toml",
        "[[rules]]\nid = 'our-key'\ndescription = 'Our key'\nregex = 'our_[a-z0-9]{20}'\n",
    );
    repo.write("a.txt", "our_k3v9x2m7q4w8z1t6p5s0");
    repo.write(".jvxleaks.toml", "[paths]\nexclude = ['vendor/']\n");
    repo.write("vendor/b.txt", key(1));
    repo.commit("a");
    for words in ["scan --rules ours.toml a.txt -v", "scan vendor/b.txt"] {
        let report = repo.scan(words);
        assert_eq!(report.exit, Some(1), "{words}: {}", report.stderr);
        let command = printed(&report.stdout);
        let done = repo.scan(&command);
        assert_eq!(done.exit, Some(0), "{command}: {}", done.stderr);
        assert_eq!(repo.scan(words).exit, Some(0), "{words}");
        let explain = "more: jvxleaks explain our-key --rules ours.toml";
        let is_told = report.stdout.contains(explain);
        assert_eq!(is_told, words.contains("-v"), "{}", report.stdout);
    }
    let outside = repo.beside("outside");
    std::fs::create_dir(&outside).unwrap();
    repo.write("c.txt", key(2));
    repo.commit("c");
    let told = |report: &str| {
        let root = repo.path().canonicalize().unwrap().display().to_string();
        let mut lines = report.lines();
        lines.any(|line| line.contains("type them ") && line.contains(&root))
            || report.contains("root: cd \"$(git -C ../work rev-parse --show-toplevel)\"")
    };
    let inside = repo.path().join("vendor");
    for (folder, words, is_told) in [
        (&outside, "scan ../work", true),
        (&outside, "history ../work", true),
        (&inside, "scan ..", false),
    ] {
        let report = repo.scan_in(folder, words);
        assert_eq!(told(&report.stdout), is_told, "{words}: {}", report.stdout);
    }
}

#[test]
fn a_place_without_a_finding_is_repeated_as_it_was_typed() {
    let workspace = Workspace::new();
    workspace.file("a.py", header(1));
    for place in ["a.py:1:99", "a.py:2"] {
        let said = workspace.run(&["allow", place, "--", "why not"]);
        let wanted = format!("jvxleaks: error: {place}: no finding stands there; ");
        assert!(said.contains(&wanted), "{said}");
    }
}

#[test]
fn a_rule_that_a_comment_misspells_is_named() {
    let workspace = Workspace::new();
    workspace.file("a.py", "# jvxleaks:allow api-key-hedaer -- why\nk = 1\n");
    let said = workspace.run(&["scan"]);
    let wanted =
        "names a rule that is not there; did you mean `api-key-header`? see `jvxleaks rules list`";
    assert!(said.contains(wanted), "{said}");
}
