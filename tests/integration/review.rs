//! Commits under review do not decide about themselves: whose configuration, baseline and ignore
//! file count in `range` and `ci`, and what a change may accept at once.

use crate::archives::zip;
use crate::repo::{Repo, Scan, lfs_pointer, sha256};
use crate::workspace::key;
use serde_json::{Value, json};
use std::fs;

const ZERO: &str = "0000000000000000000000000000000000000000";
const EXCLUDE: &str = "[paths]\nexclude = ['a.js']\n";

/// `main` with one commit, and `topic` checked out to bring a key in `a.js`.
fn repo() -> Repo {
    let repo = Repo::new();
    repo.write("README.md", "hello\n");
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.write("a.js", line(1));
    repo
}

fn line(n: u64) -> String {
    format!("k = '{}'\n", key(n))
}

fn fingerprint(repo: &Repo) -> String {
    let report = repo.scan("scan a.js --no-config --format json").json();
    let id = &report["findings"][0]["fingerprint"];
    id.as_str().unwrap().to_owned()
}

fn allow(repo: &Repo) -> String {
    let id = fingerprint(repo);
    format!("[[allow]]\nfingerprint = '{id}'\nreason = 'a dead key'\n")
}

/// `jvxleaks ci` on an event.
fn ci(repo: &Repo, name: &str, event: &Value, words: &str) -> Scan {
    let path = repo.beside("event.json");
    fs::write(&path, event.to_string()).unwrap();
    let _ = fs::remove_file(repo.beside("summary.md"));
    let mut command = repo.command(&repo.path(), format!("ci {words}").trim_end());
    command
        .env("GITHUB_EVENT_NAME", name)
        .env("GITHUB_EVENT_PATH", path)
        .env("GITHUB_STEP_SUMMARY", repo.beside("summary.md"));
    Scan::of(&mut command)
}

fn pull_request(repo: &Repo) -> Value {
    let (head, base) = (repo.git("rev-parse topic"), repo.git("rev-parse main"));
    json!({"pull_request": {"head": {"sha": head}, "base": {"sha": base}}})
}

fn push(repo: &Repo, branch: &str, before: &str) -> Value {
    json!({"ref": format!("refs/heads/{branch}"), "before": before, "after": repo.head(),
        "repository": {"default_branch": "main"}})
}

#[test]
fn no_file_that_a_change_brings_silences_it() {
    for (file, text) in [
        (".jvxleaks.toml", EXCLUDE),
        (
            ".jvxleaks.toml",
            "[rules]\ndisable = ['jourvex-key', 'browser-bundle-key']\n",
        ),
        (".jvxleaks.toml", "[rules]\nenable = ['npm-token']\n"),
        (".jvxleaks.toml", "baseline = 'known'\n"),
        (".jvxleaks-baseline", ""),
        (
            ".gitleaksignore",
            "a.js:jourvex-key:1\na.js:browser-bundle-key:1\n",
        ),
    ] {
        let repo = repo();
        let known = format!("{} jourvex-key a.js\n", fingerprint(&repo));
        repo.write(file, if text.is_empty() { &known } else { text });
        repo.write("known", &known);
        repo.commit("leak");
        for scan in [
            repo.scan("range main..topic"),
            repo.scan("range main...topic"),
            repo.scan("range HEAD"),
            ci(&repo, "pull_request", &pull_request(&repo), ""),
        ] {
            assert_eq!(scan.exit, Some(1), "{text}: {}{}", scan.stdout, scan.stderr);
            let note = format!("note: {file}: these commits change it; until they are merged");
            assert!(scan.stdout.contains(&note), "{}", scan.stdout);
        }
        for scan in [
            repo.scan("range main..topic --trust-head-config"),
            ci(
                &repo,
                "pull_request",
                &pull_request(&repo),
                "--trust-head-config",
            ),
        ] {
            assert_eq!(scan.exit, Some(0), "{text}: {}{}", scan.stdout, scan.stderr);
            assert!(!scan.stdout.contains("note:"), "{}", scan.stdout);
        }
    }
}

#[test]
fn what_is_precise_counts_at_once_and_is_listed_for_the_reviewer() {
    let repo = repo();
    let entry = allow(&repo);
    repo.write(".jvxleaks.toml", format!("{entry}{EXCLUDE}"));
    repo.write(
        "b.py",
        format!("k = '{}' # jvxleaks:allow jourvex-key -- revoked\n", key(2)),
    );
    repo.commit("leaks");
    repo.write(
        "b.py",
        format!(
            "\nk = '{}' # jvxleaks:allow jourvex-key -- revoked\n",
            key(2)
        ),
    );
    repo.commit("further down");
    let scan = repo.scan("range main..topic --no-config");
    assert!(
        !scan.stdout.contains("silence: jvxleaks"),
        "{}",
        scan.stdout
    );
    let step = "silence: it counts once committed: jvxleaks allow ";
    assert!(scan.stdout.contains(step), "{}", scan.stdout);
    let scan = repo.scan("range main..topic");
    let base = repo.git("rev-parse --short=7 main");
    let text = scan.transcript(&repo.path()).replace(&base, "[BASE]");
    insta::assert_snapshot!(text, @"
    exit 0
    --- stdout
    accepted by this change: a.js:1:6 jourvex-key: by the configuration (a dead key)
    accepted by this change: b.py:1:6 jourvex-key: by `jvxleaks:allow` (revoked)
    note: .jvxleaks.toml: these commits change it; what its new [[allow]] entries accept counts here already; until they are merged all else counts as it is in [BASE] (--trust-head-config takes it as it is here)
    --- stderr
    No findings. 3 suppressed. Read 4 files in 2 commits, 526 bytes. Took [N] ms.
    ");
    let scan = ci(&repo, "pull_request", &pull_request(&repo), "");
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
    let summary = fs::read_to_string(repo.beside("summary.md")).unwrap();
    let summary = summary
        .replace(&base, "[BASE]")
        .replace(&repo.head(), "[HEAD]")
        .replace(&repo.git("rev-parse main")[7..], "");
    insta::assert_snapshot!(summary, @"
    ## jvxleaks

    No findings. 3 suppressed. Read 4 files in 2 commits, 526 bytes.

    | Accepted by this change | Rule | By | Reason |
    | --- | --- | --- | --- |
    | `a.js:1:6` | `jourvex-key` | `the configuration` | a dead key |
    | `b.py:1:6` | `jourvex-key` | `jvxleaks:allow` | revoked |

    | Note |
    | --- |
    | `.jvxleaks.toml: these commits change it; what its new [[allow]] entries accept counts here already; until they are merged all else counts as it is in [BASE] (--trust-head-config takes it as it is here)` |

    pull_request: commits of [HEAD] that [BASE] lacks.
    ");
}

#[test]
fn what_was_accepted_before_the_change_is_not_listed_as_accepted_by_it() {
    let repo = Repo::new();
    let allowed = format!("k = '{}' # jvxleaks:allow jourvex-key -- revoked\n", key(2));
    repo.write("b.py", &allowed);
    repo.write("a.js", line(1));
    repo.write(".jvxleaks.toml", allow(&repo));
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.write("a.js", format!("\n{}", line(1)));
    repo.write("b.py", format!("import os\n{allowed}"));
    repo.commit("edit");
    let scan = repo.scan("range main..topic");
    assert_eq!((scan.exit, scan.stdout.as_str()), (Some(0), ""));
    assert!(scan.stderr.contains("2 suppressed"), "{}", scan.stderr);
}

#[test]
fn the_base_goes_on_counting_where_a_change_takes_its_word_back() {
    let repo = Repo::new();
    repo.write(".jvxleaks.toml", EXCLUDE);
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.write("a.js", line(1));
    repo.git("rm -q .jvxleaks.toml");
    repo.commit("leak");
    let scan = repo.scan("range main..topic");
    assert_eq!(scan.exit, Some(0), "{}", scan.stdout);
    assert!(
        scan.stdout
            .contains(".jvxleaks.toml: these commits change it"),
        "{}",
        scan.stdout
    );
}

#[test]
fn an_exception_that_the_base_withdrew_is_not_new_in_an_old_branch() {
    let repo = Repo::new();
    repo.write("a.js", line(1));
    let entry = allow(&repo);
    repo.write(".jvxleaks.toml", &entry);
    fs::remove_file(repo.path().join("a.js")).unwrap();
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.write("a.js", line(1));
    repo.write(".jvxleaks.toml", format!("# more\n{entry}"));
    repo.commit("leak");
    repo.git("checkout -q main");
    repo.write(".jvxleaks.toml", "");
    repo.commit("withdrawn");
    let scan = repo.scan("range main..topic");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
}

#[test]
fn a_file_named_by_an_option_is_the_bases_if_it_is_the_repositorys() {
    let repo = repo();
    repo.write("ci/leaks.toml", EXCLUDE);
    repo.write(
        "ci/known",
        format!("{} jourvex-key a.js\n", fingerprint(&repo)),
    );
    let rule = "[[rules]]\nid = 'ID'\ndescription = 'x'\nregex = 'n[e]ver'\n";
    let rules = ["jourvex-key", "browser-bundle-key"].map(|id| rule.replace("ID", id));
    repo.write("ci/rules.toml", rules.concat());
    repo.commit("leak");
    let outside = repo.beside("outside.toml");
    fs::write(&outside, EXCLUDE).unwrap();
    repo.write("untracked.toml", EXCLUDE);
    for words in [
        "-c ci/leaks.toml",
        "--baseline ci/known",
        "--rules ci/rules.toml",
    ] {
        let scan = repo.scan(&format!("range main..topic {words}"));
        assert_eq!(
            scan.exit,
            Some(1),
            "{words}: {}{}",
            scan.stdout,
            scan.stderr
        );
        assert!(scan.stdout.contains("note: ci/"), "{}", scan.stdout);
        let scan = ci(&repo, "pull_request", &pull_request(&repo), words);
        assert_eq!(
            scan.exit,
            Some(1),
            "{words}: {}{}",
            scan.stdout,
            scan.stderr
        );
        let scan = repo.scan(&format!("range main..topic {words} --trust-head-config"));
        assert_eq!(
            scan.exit,
            Some(0),
            "{words}: {}{}",
            scan.stdout,
            scan.stderr
        );
    }
    for file in [outside.to_str().unwrap(), "untracked.toml"] {
        let scan = repo.scan(&format!("range main..topic -c {file}"));
        assert_eq!(scan.exit, Some(0), "{file}: {}{}", scan.stdout, scan.stderr);
    }
}

#[test]
fn an_earlier_push_of_the_same_branch_decides_nothing() {
    let repo = repo();
    fs::remove_file(repo.path().join("a.js")).unwrap();
    repo.write(".jvxleaks.toml", EXCLUDE);
    let earlier = repo.commit("first the configuration");
    repo.write("a.js", line(1));
    repo.commit("then the leak");
    let scan = ci(&repo, "push", &push(&repo, "topic", &earlier), "");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
    let scan = ci(&repo, "push", &push(&repo, "topic", ZERO), "");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
    let group = json!({"merge_group": {"head_sha": repo.head(), "base_sha": earlier}});
    let scan = ci(&repo, "merge_group", &group, "");
    assert_eq!(
        scan.exit,
        Some(0),
        "what is in the queue was approved: {}",
        scan.stdout
    );
}

#[test]
fn of_the_default_branch_what_was_there_before_counts() {
    let repo = Repo::new();
    repo.write(".jvxleaks.toml", EXCLUDE);
    let before = repo.commit("configuration");
    repo.write("a.js", line(1));
    repo.commit("leak");
    let scan = ci(&repo, "push", &push(&repo, "main", &before), "");
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
    let scan = ci(&repo, "push", &push(&repo, "main", ZERO), "");
    assert_eq!(scan.exit, Some(1), "nothing was there: {}", scan.stdout);
    let note = "note: .jvxleaks.toml: these commits bring it; it counts from the next ones on";
    assert!(scan.stdout.contains(note), "{}", scan.stdout);
    let scan = ci(&repo, "schedule", &json!({}), "");
    assert_eq!(scan.exit, Some(0), "the checkout decides: {}", scan.stdout);
}

#[test]
fn a_pushed_branch_without_the_default_branch_is_an_error() {
    let repo = repo();
    let base = repo.git("rev-parse main");
    repo.commit("leak");
    repo.git("branch -q -D main");
    let scan = ci(&repo, "push", &push(&repo, "topic", &base), "");
    assert_eq!(scan.exit, Some(2), "{}", scan.stdout);
    assert!(
        scan.stderr.contains("lacks the default branch"),
        "{}",
        scan.stderr
    );
    assert!(scan.stderr.contains("fetch-depth: 0"), "{}", scan.stderr);
}

#[test]
fn the_first_commit_has_nothing_before_it() {
    let repo = Repo::new();
    repo.write("a.js", line(1));
    repo.write(".jvxleaks.toml", EXCLUDE);
    repo.commit("first");
    let scan = repo.scan("range HEAD");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
    repo.write("a.js", format!("\n{}", line(1)));
    repo.commit("second");
    assert_eq!(repo.scan("range HEAD").exit, Some(0));
}

#[test]
fn what_a_push_would_publish_starts_from_what_the_remote_has() {
    let repo = repo();
    repo.git(&format!(
        "init -q --bare {}",
        repo.beside("remote.git").display()
    ));
    repo.git(&format!(
        "remote add origin {}",
        repo.beside("remote.git").display()
    ));
    repo.git("push -q origin main");
    repo.write(".jvxleaks.toml", EXCLUDE);
    repo.commit("leak");
    assert_eq!(repo.scan("range --unpushed origin").exit, Some(1));
    repo.git("push -q origin topic");
    repo.write("a.js", line(2));
    repo.commit("another");
    assert_eq!(repo.scan("range --unpushed origin").exit, Some(0));
}

#[test]
fn a_broken_configuration_of_a_change_is_a_fault_and_hides_nothing() {
    let repo = repo();
    repo.write(".jvxleaks.toml", "fail-on = [\n");
    repo.commit("leak");
    let scan = repo.scan("range main..topic --format json");
    assert_eq!((scan.exit, scan.places().len()), (Some(2), 1));
    let fault = scan.faults();
    assert!(fault.contains(".jvxleaks.toml"), "{fault}");
    assert!(fault.contains("repair it before it is merged"), "{fault}");
}

#[test]
fn a_configuration_in_no_commit_is_told_of() {
    let repo = repo();
    repo.commit("leak");
    repo.write(".jvxleaks.toml", EXCLUDE);
    let scan = repo.scan("range main..topic");
    assert_eq!(scan.exit, Some(1), "{}", scan.stdout);
    let note = "note: .jvxleaks.toml: these commits start without it, so it does not count here";
    assert!(scan.stdout.contains(note), "{}", scan.stdout);
    assert_eq!(repo.scan("range main..topic --no-config").exit, Some(1));
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_to_another_configuration() {
    let repo = Repo::new();
    repo.write("ci/leaks.toml", "severity = 'low'\n");
    repo.commit("base");
    repo.git("checkout -q -b topic");
    repo.write("a.js", line(1));
    repo.git("rm -q -r ci");
    repo.write("other/leaks.toml", EXCLUDE);
    std::os::unix::fs::symlink("other", repo.path().join("ci")).unwrap();
    repo.commit("leak");
    let scan = repo.scan("range main..topic -c ci/leaks.toml");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
}

#[test]
fn hooks_go_by_the_work_tree() {
    let repo = repo();
    repo.write(".jvxleaks.toml", EXCLUDE);
    repo.git("add -A");
    assert_eq!(repo.scan("hook run pre-commit").exit, Some(0));
    assert_eq!(repo.scan("staged").exit, Some(0));
}

#[test]
fn an_allow_comment_that_no_diff_shows_does_not_count() {
    let repo = repo();
    fs::remove_file(repo.path().join("a.js")).unwrap();
    let allowed = |n| format!("k = '{}' # jvxleaks:allow jourvex-key -- revoked\n", key(n));
    repo.write("a.zip", zip(&[("a.py", allowed(1).as_bytes())]));
    repo.write("b.py", format!("{}x = '\0'\n", allowed(2)));
    let object = allowed(3);
    let id = sha256(object.as_bytes());
    let (folder, sub) = (&id[..2], &id[2..4]);
    repo.write("c.py", lfs_pointer(&id));
    repo.write(&format!(".git/lfs/objects/{folder}/{sub}/{id}"), &object);
    repo.write("d.py", allowed(4));
    repo.write(".gitattributes", "*.ts binary\nlib/*.mjs -diff\n");
    repo.write("e.ts", allowed(5).replace('#', "//"));
    repo.write("lib/f.mjs", allowed(6).replace('#', "//"));
    repo.commit("leaks");
    let scan = repo.scan("range main..topic --format json");
    let places = scan.places();
    let files: Vec<_> = places.iter().filter_map(|p| p.split(' ').next()).collect();
    let hidden = ["a.zip!/a.py", "b.py", "c.py", "e.ts", "lib/f.mjs"];
    assert_eq!(files, hidden, "{}", scan.stdout);
    let scan = ci(&repo, "pull_request", &pull_request(&repo), "");
    assert_eq!(scan.exit, Some(1), "{}{}", scan.stdout, scan.stderr);
    let note = "note: a.zip!/a.py:1: the allow comment does not count here, since no diff shows";
    assert!(scan.stdout.contains(note), "{}", scan.stdout);
    let scan = repo.scan("range main..topic --trust-head-config");
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
    // What was accepted before goes on to be.
    repo.git("checkout -q main");
    repo.git("merge -q topic");
    repo.git("checkout -q -b next");
    repo.write(
        "a.zip",
        zip(&[("a.py", allowed(1).as_bytes()), ("b", b"b")]),
    );
    repo.commit("edit");
    let scan = repo.scan("range main..next");
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
}

#[test]
fn a_comment_that_the_final_diff_lacks_does_not_count() {
    let allowed = |n| format!("k = '{}' # jvxleaks:allow jourvex-key -- revoked\n", key(n));
    // It comes and goes; a file that is renamed keeps it.
    let repo = repo();
    fs::remove_file(repo.path().join("a.js")).unwrap();
    repo.write("a.py", allowed(1));
    repo.write("b.py", allowed(2));
    repo.commit("come");
    repo.write("a.py", "");
    repo.git("mv b.py c.py");
    repo.commit("go");
    let scan = repo.scan("range main..topic --format json");
    let places = scan.places();
    assert_eq!(places.len(), 1, "{}", scan.stdout);
    assert!(places[0].starts_with("a.py "), "{places:?}");
    // In the text of a commit.
    repo.git("checkout -q main");
    repo.git("checkout -q -b told");
    repo.commit(&format!("a\n\n{}", allowed(3)));
    assert_eq!(repo.scan("range main..told").exit, Some(1));
    let trusting = repo.scan("range main..told --trust-head-config");
    assert_eq!(trusting.exit, Some(0), "{}", trusting.stdout);
}

#[test]
fn attributes_are_those_of_the_head() {
    let repo = repo();
    let allowed = format!(
        "k = '{}' // jvxleaks:allow jourvex-key -- revoked\n",
        key(1)
    );
    repo.write("lib/a.js", allowed);
    fs::remove_file(repo.path().join("a.js")).unwrap();
    repo.write(".gitattributes", "*.js binary\n");
    repo.commit("hidden");
    repo.git("checkout -q main");
    assert_eq!(repo.scan("range main..topic").exit, Some(1));
    repo.git("checkout -q topic");
    repo.write("lib/.gitattributes", "*.js diff\n");
    repo.commit("shown");
    repo.write("lib/.gitattributes", "*.js -diff\n");
    let scan = repo.scan("range main..topic");
    assert_eq!(scan.exit, Some(0), "{}", scan.stdout);
}

#[test]
fn an_entry_of_a_configuration_that_no_diff_shows_does_not_count() {
    let repo = repo();
    repo.write(".jvxleaks.toml", allow(&repo));
    repo.write(".gitattributes", ".jvxleaks.toml -diff\n");
    repo.commit("hidden");
    let scan = repo.scan("range main..topic");
    assert_eq!(scan.exit, Some(1), "{}", scan.stdout);
    let note = "note: .jvxleaks.toml: these commits change it; until they are merged it counts as";
    assert!(scan.stdout.contains(note), "{}", scan.stdout);
}

#[test]
fn the_sarif_file_of_a_job_tells_what_the_change_accepts() {
    let repo = repo();
    repo.write(
        "old.py",
        format!("k = '{}' # jvxleaks:allow jourvex-key -- old\n", key(5)),
    );
    repo.git("add old.py");
    repo.git("commit -q -m old");
    repo.git("branch -f main topic");
    repo.write(
        "a.js",
        format!(
            "k = '{}' // jvxleaks:allow jourvex-key -- revoked\n",
            key(1)
        ),
    );
    repo.commit("leak");
    repo.write(
        "built.py",
        format!("k = '{}' # jvxleaks:allow jourvex-key -- built\n", key(6)),
    );
    let file = repo.beside("out.sarif");
    let words = format!("--sarif {}", file.display());
    let scan = ci(&repo, "pull_request", &pull_request(&repo), &words);
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
    let notice =
        "::notice file=a.js,line=1,col=6,title=jvxleaks::accepted by this change: a.js:1:6";
    assert!(scan.stdout.contains(notice), "{}", scan.stdout);
    let log = fs::read_to_string(file).unwrap();
    assert!(
        log.contains("Accepted by this change: a.js:1:6 jourvex-key"),
        "{log}"
    );
    assert!(
        !log.contains("old.py") && !log.contains("built.py"),
        "{log}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_from_outside_leads_to_the_bases_file() {
    use std::os::unix::fs::symlink;
    let repo = repo();
    repo.write("ci/leaks.toml", EXCLUDE);
    symlink("leaks.toml", repo.path().join("ci/again.toml")).unwrap();
    repo.commit("leak");
    // A link of the repository is not followed, and named.
    let links = [("one", "ci/leaks.toml", 1), ("two", "ci/again.toml", 2)];
    for (link, target, exit) in links {
        let link = repo.beside(link);
        symlink(repo.path().join(target), &link).unwrap();
        let scan = repo.scan(&format!("range main..topic -c {}", link.display()));
        assert_eq!(
            scan.exit,
            Some(exit),
            "{target}: {}{}",
            scan.stdout,
            scan.stderr
        );
    }
    // A link whose own end is outside is nobody's to change.
    fs::write(repo.beside("end.toml"), EXCLUDE).unwrap();
    symlink(repo.beside("end.toml"), repo.beside("three")).unwrap();
    let scan = repo.scan(&format!(
        "range main..topic -c {}",
        repo.beside("three").display()
    ));
    assert_eq!(scan.exit, Some(0), "{}{}", scan.stdout, scan.stderr);
}

#[test]
fn an_allow_comment_of_a_later_commit_does_not_count_and_it_is_said_what_does() {
    let repo = repo();
    let leak = repo.commit("leak");
    let id = fingerprint(&repo);
    repo.write(
        "a.js",
        format!("// jvxleaks:allow jourvex-key -- a dead key\n{}", line(1)),
    );
    repo.commit("comment");
    let scan = repo.scan("range main..topic");
    let note = format!(
        "note: a.js:1: the allow comment of a later commit does not count for {}, which stays without it; type \
         `jvxleaks allow {id} -- REASON`\n",
        &leak[..7]
    );
    assert_eq!(scan.exit, Some(1));
    assert!(scan.stdout.contains(&note), "{}", scan.stdout);
    assert!(
        scan.stdout
            .contains("silence: it counts once committed: jvxleaks allow")
    );
    // What it says to type does.
    repo.scan(&format!("allow --yes {id} -- dead"));
    repo.commit("entry");
    assert_eq!(repo.scan("range main..topic").exit, Some(0));
    let single = repo.scan(&format!("range {leak}"));
    let says = "silence: it counts in a range that ends at the commit of the entry: jvxleaks allow";
    assert!(single.stdout.contains(says), "{}", single.stdout);
    assert!(!single.stdout.contains("later commit"), "{}", single.stdout);
}
