//! `jvxleaks ci` on events as GitHub writes them.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const ZERO: &str = "0000000000000000000000000000000000000000";

/// A repository whose `main` holds an old leak, and a clone of it as a job has one.
struct Job {
    repo: Repo,
    base: String,
    head: String,
}

impl Job {
    /// `topic` adds a leak and takes it out again.
    fn new() -> Self {
        let repo = Repo::new();
        repo.write("old.txt", key(1));
        let base = repo.commit("old leak");
        repo.git("checkout -q -b topic");
        repo.write("new.txt", key(2));
        repo.commit("leak");
        repo.git("rm -q new.txt");
        let head = repo.commit("out again");
        Self { repo, base, head }
    }

    /// As actions/checkout leaves it: remote branches, and HEAD at `commit`.
    fn clone(&self, words: &str, commit: &str) -> PathBuf {
        let folder = self
            .repo
            .beside(&format!("clone-{}", words.replace([' ', ':'], "")));
        let from = self.repo.path().display().to_string();
        let clone = format!("clone -q{words} file://{from} {}", folder.display());
        self.repo.git("config uploadpack.allowFilter true");
        self.repo.git(&clone);
        self.repo.git_in(&folder, &format!("checkout -q {commit}"));
        folder
    }

    fn run(&self, folder: &Path, name: &str, event: &Value, words: &str) -> Scan {
        let path = self.repo.beside("event.json");
        fs::write(&path, event.to_string()).unwrap();
        let mut command = self.repo.command(folder, format!("ci {words}").trim_end());
        command
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", name)
            .env("GITHUB_EVENT_PATH", path)
            .env("GITHUB_STEP_SUMMARY", self.repo.beside("summary.md"))
            .env("GITHUB_OUTPUT", self.repo.beside("output"));
        Scan::of(&mut command)
    }

    fn push(&self, branch: &str, before: &str, after: &str) -> Value {
        json!({"ref": format!("refs/heads/{branch}"), "before": before, "after": after,
            "created": before == ZERO, "deleted": after == ZERO, "forced": false,
            "repository": {"default_branch": "main"}})
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.repo.beside(name)).unwrap_or_default()
    }
}

/// The files that a report names, in order, each once.
fn named(scan: &Scan) -> Vec<&str> {
    let names = ["new.txt", "old.txt", "other.txt", "TAG_MSG"];
    let named = names.into_iter().filter(|name| scan.stdout.contains(name));
    named.collect()
}

#[test]
fn a_pull_request_is_its_own_commits_and_no_others() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    let event = json!({"pull_request": {"head": {"sha": job.head}, "base": {"sha": job.base}}});
    let scan = job.run(&folder, "pull_request", &event, "");
    let text = scan.transcript(&folder);
    let text = text
        .replace(&job.head, "[HEAD]")
        .replace(&job.base, "[BASE]");
    insta::assert_snapshot!(text, @"
    exit 1
    --- stdout
    pull_request: commits of [HEAD] that [BASE] lacks
    error[jourvex-key]: Live Jourvex API key
     --> new.txt:1:1
      |
    1 | jvx_live_mDSH...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit b532501 of 2023-11-16
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once
      = silence: it counts once committed: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    ::error file=new.txt,line=1,col=1,title=jourvex-key::Live Jourvex API key (jvx_live_mDSH...), in commit b532501 of 2023-11-16%0Ainstead: read JOURVEX_API_KEY from the environment of your server%0Arotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once%0Asilence: it counts once committed: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON
    --- stderr
    1 finding (1 error). Read 1 file in 2 commits, 230 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(job.read("summary.md").replace(&job.head, "[HEAD]").replace(&job.base, "[BASE]"), @"
    ## jvxleaks

    1 finding (1 error). Read 1 file in 2 commits, 230 bytes.

    | Severity | Rule | Places | What | Secret | Fingerprint | Do |
    | --- | --- | --- | --- | --- | --- | --- |
    | critical | `jourvex-key` | `new.txt:1:1 in commit b532501 of 2023-11-16` | Live Jourvex API key | `jvx_live_mDSH...` | `31613ce762ea8ec5ce042061e8db176b` | `instead: read JOURVEX_API_KEY from the environment of your server`<br>`rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once` |

    To silence a false alarm: `jvxleaks allow FINGERPRINT -- REASON`, and commit the entry. In a pull request it counts at once.

    pull_request: commits of [HEAD] that [BASE] lacks.
    ");
    let output = job.read("output");
    let lines: Vec<_> = output
        .lines()
        .filter(|l| !l.starts_with("jvxleaks_"))
        .collect();
    let values = lines.iter().map(|l| l.split("<<").next().unwrap());
    assert_eq!(
        values.collect::<Vec<_>>().join(" "),
        "exit-code 1 findings 1 errors 1 warnings 0 not-read 0 commits 2 files 1"
    );
    let quiet = job.run(&folder, "pull_request", &event, "-q");
    assert_eq!((&quiet.stdout, &*quiet.stderr), (&scan.stdout, ""));
}

#[test]
fn a_clone_without_the_commits_is_an_error_with_the_setting_to_change() {
    let job = Job::new();
    let event = json!({"pull_request": {"head": {"sha": job.head}, "base": {"sha": job.base}}});
    let shallow = job.clone(" --depth 1 --no-single-branch", &job.head);
    let push = job.push("topic", ZERO, &job.head);
    for (name, event) in [("pull_request", &event), ("push", &push)] {
        let scan = job.run(&shallow, name, event, "");
        assert_eq!(scan.exit, Some(2), "{name}");
        assert!(scan.stderr.contains("fetch-depth: 0"), "{}", scan.stderr);
    }
    let single = job.clone(" --single-branch --branch topic", &job.head);
    let scan = job.run(&single, "push", &push, "");
    assert_eq!(scan.exit, Some(2));
    assert!(scan.stderr.contains("fetch-depth: 0"), "{}", scan.stderr);
    let partial = job.clone(" --filter=blob:none", &job.head);
    let scan = job.run(&partial, "pull_request", &event, "");
    assert_eq!(scan.exit, Some(2));
    assert!(scan.stdout.contains("not read: new.txt"), "{}", scan.stdout);
    assert!(scan.stderr.contains("no `filter`"), "{}", scan.stderr);
}

#[test]
fn a_push_is_what_is_new_on_its_branch() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    let run = |event: &Value| job.run(&folder, "push", event, "");
    let known = run(&job.push("topic", &job.base, &job.head));
    assert_eq!((known.exit, named(&known)), (Some(1), vec!["new.txt"]));
    let new = run(&job.push("topic", ZERO, &job.head));
    assert_eq!((new.exit, named(&new)), (Some(1), vec!["new.txt"]));
    let nothing_new = run(&job.push("same", ZERO, &job.base));
    assert_eq!(nothing_new.exit, Some(0), "{}", nothing_new.stdout);
    let default = run(&job.push("main", ZERO, &job.base));
    assert_eq!((default.exit, named(&default)), (Some(1), vec!["old.txt"]));
    let deleted = run(&job.push("topic", &job.head, ZERO));
    assert_eq!(deleted.exit, Some(0));
    assert!(
        deleted.stdout.contains("nothing was published"),
        "{}",
        deleted.stdout
    );
}

#[test]
fn of_two_branches_that_are_pushed_together_neither_leaves_it_to_the_other() {
    let job = Job::new();
    job.repo.git("branch twin topic");
    let folder = job.clone("", &job.head);
    for branch in ["topic", "twin"] {
        let scan = job.run(&folder, "push", &job.push(branch, ZERO, &job.head), "");
        assert_eq!(named(&scan), ["new.txt"], "{branch}");
    }
}

#[test]
fn what_a_forced_push_removed_need_not_be_there() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    let mut event = job.push("topic", &"1".repeat(40), &job.head);
    let scan = job.run(&folder, "push", &event, "");
    assert_eq!(scan.exit, Some(2), "not forced: the clone lacks it");
    event["forced"] = true.into();
    let scan = job.run(&folder, "push", &event, "");
    assert_eq!((scan.exit, named(&scan)), (Some(1), vec!["new.txt"]));
}

#[test]
fn a_tag_is_its_text_and_all_files() {
    let job = Job::new();
    job.repo
        .run(&job.repo.path(), &["tag", "-a", "v1", "-m", &key(5)]);
    let tag = job.repo.git("rev-parse v1");
    let folder = job.clone("", "v1");
    let mut event = job.push("x", ZERO, &tag);
    event["ref"] = "refs/tags/v1".into();
    let scan = job.run(&folder, "push", &event, "");
    assert_eq!(named(&scan), ["old.txt", "TAG_MSG"]);
}

#[test]
fn events_without_commits_read_all_files() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    for name in ["schedule", "workflow_dispatch", "release"] {
        let scan = job.run(&folder, name, &json!({}), "");
        assert_eq!(
            (scan.exit, named(&scan)),
            (Some(1), vec!["old.txt"]),
            "{name}"
        );
    }
    let group = json!({"merge_group": {"head_sha": job.head, "base_sha": job.base}});
    let scan = job.run(&folder, "merge_group", &group, "");
    assert_eq!(named(&scan), ["new.txt"]);
}

#[test]
fn files_around_a_file_tell_its_kind_as_in_a_scan() {
    let job = Job::new();
    let package = r#"{"dependencies": {"vue": "3"}}"#;
    job.repo.write("vue/package.json", package);
    job.repo
        .write("vue/src/a.js", "const k = env.JOURVEX_API_KEY;\n");
    let head = job.repo.commit("a client");
    let folder = job.clone("", &head);
    let scan = job.run(&folder, "schedule", &json!({}), "");
    let found = "file=vue/src/a.js,line=1,col=15,title=browser-key-reference";
    assert!(scan.stdout.contains(found), "{}", scan.stdout);
}

#[test]
fn what_cannot_be_read_safely_or_at_all_is_refused() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    let event = json!({"pull_request": {"head": {"sha": job.head}, "base": {"sha": job.base}}});
    let scan = job.run(&folder, "pull_request_target", &event, "");
    assert_eq!(scan.exit, Some(2));
    assert!(
        scan.stderr.contains("use `on: pull_request`"),
        "{}",
        scan.stderr
    );
    let scan = job.repo.scan_in(&folder, "ci");
    assert_eq!(scan.exit, Some(2));
    assert!(
        scan.stderr.contains("this is no job of GitHub"),
        "{}",
        scan.stderr
    );
}

#[test]
fn the_sarif_file_is_about_the_whole_tree_and_the_verdict_about_the_event() {
    let job = Job::new();
    job.repo.git("branch clean main");
    let folder = job.clone("", &job.head);
    let sarif = job.repo.beside("out.sarif");
    let event = job.push("clean", ZERO, &job.base);
    let scan = job.run(
        &folder,
        "push",
        &event,
        &format!("--sarif {}", sarif.display()),
    );
    assert_eq!(scan.exit, Some(0), "{}", scan.stderr);
    let document: Value = serde_json::from_slice(&fs::read(&sarif).unwrap()).unwrap();
    let place = &document["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "old.txt");
    let config = job.repo.beside("c.toml");
    fs::write(&config, "").unwrap();
    let words = format!("-c {0} --sarif {0}", config.display());
    let scan = job.run(&folder, "push", &event, &words);
    assert_eq!(scan.exit, Some(2), "{}", scan.stderr);
    assert_eq!(fs::read_to_string(config).unwrap(), "");
}

#[test]
fn text_of_strangers_stays_text() {
    let job = Job::new();
    let folder = job.clone("", &job.head);
    let name = "x\n::error::owned";
    let path = job.repo.path().join(name);
    fs::write(path, key(7)).unwrap();
    job.repo
        .commit("\n::set-output name=x::y\n::stop-commands::z");
    let head = job.repo.head();
    job.repo.git_in(&folder, "fetch -q origin topic");
    let mut event = job.push("x", &job.base, &head);
    event["ref"] = "refs/heads/$(touch owned)\n::error::owned".into();
    let scan = job.run(&folder, "push", &event, "");
    assert_eq!(scan.exit, Some(1), "{}", scan.stderr);
    let commands = scan
        .stdout
        .lines()
        .filter(|l| l.trim_start().starts_with("::"));
    let unlike = |line: &&str| !line.starts_with("::error file=");
    assert_eq!(commands.filter(unlike).collect::<Vec<_>>(), [] as [&str; 0]);
}

/// What `action.yml` takes, gives and needs, as the beginnings of the rows of a table.
fn rows_of_action(action: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut permissions = Vec::new();
    let mut kind = "";
    for line in action.lines() {
        let is_name = line.starts_with("  ") && !line.starts_with("   ");
        match line {
            "inputs:" => kind = "input",
            "outputs:" => kind = "output",
            "runs:" => break,
            _ if line.starts_with('#') => {
                let code = line.split('`').skip(1).step_by(2);
                let needed =
                    code.filter(|code| code.ends_with(": read") || code.ends_with(": write"));
                permissions.extend(needed.map(|code| format!("| permission | `{code}` | |")));
            }
            _ if kind.is_empty() => {}
            _ if is_name => {
                let name = line.trim().trim_end_matches(':');
                rows.push(format!("| {kind} | `{name}` | |"));
            }
            _ => {
                let default = line.trim().strip_prefix("default: ");
                let default = default.map(|value| value.trim_matches('"'));
                let given = default.filter(|value| !value.is_empty());
                if let (Some(value), Some(row)) = (given, rows.last_mut()) {
                    *row = format!("{}`{value}` |", row.trim_end_matches('|'));
                }
            }
        }
    }
    [rows, permissions].concat()
}

#[test]
fn the_page_of_the_action_has_all_that_it_takes_gives_and_needs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let action = fs::read_to_string(root.join("action.yml")).unwrap();
    let page = fs::read_to_string(root.join("docs/github-actions.md")).unwrap();
    let kinds = ["| input |", "| output |", "| permission |"];
    let told = page
        .lines()
        .filter(|line| kinds.iter().any(|kind| line.starts_with(kind)));
    let told: Vec<&str> = told.collect();
    let wanted = rows_of_action(&action);
    assert!(wanted.len() > 15, "{wanted:#?}");
    assert_eq!(told.len(), wanted.len(), "{wanted:#?}");
    for (told, wanted) in told.iter().zip(&wanted) {
        assert!(told.starts_with(wanted.as_str()), "{told}\n{wanted}");
    }
}
