//! Ranges of commits, through the binary.

use crate::repo::{Repo, Scan};
use crate::workspace::key;

fn places(repo: &Repo, spec: &str) -> Vec<String> {
    repo.scan(&format!("range {spec} --format json")).places()
}

#[test]
fn what_is_added_and_removed_again_is_found_and_messages_are_read() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("a.txt", key(1));
    let added = repo.commit("add");
    repo.git("rm -q a.txt");
    let removed = repo.commit(&format!("remove {}", key(2)));
    let expected = [format!("COMMIT_MSG {removed}"), format!("a.txt {added}")];
    assert_eq!(places(&repo, &format!("{base}..HEAD")), expected);
    assert_eq!(places(&repo, &format!("{base}...HEAD")), expected);
    assert_eq!(places(&repo, &added), expected[1..]);
    assert_eq!(places(&repo, "HEAD"), expected[..1]);
}

#[test]
fn a_merge_is_asked_what_it_adds_itself() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.git("checkout -q -b side");
    repo.write("side.txt", "x");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(3));
    let merge = repo.commit("merge");
    assert_eq!(
        places(&repo, &format!("{base}..main")),
        [format!("evil.txt {merge}")]
    );
}

#[test]
fn an_empty_range_is_clean_and_counts_no_commits() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.commit("first");
    let scan = repo.scan("range HEAD..HEAD");
    assert_eq!(scan.exit, Some(0));
    assert!(scan.stderr.contains("in 0 commits"), "{}", scan.stderr);
}

#[test]
fn what_a_remote_has_is_left_out() {
    let repo = Repo::new();
    repo.write("pushed.txt", key(1));
    repo.commit("pushed");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    repo.write("mine.txt", key(2));
    let mine = [format!("mine.txt {}", repo.commit("mine"))];
    assert_eq!(places(&repo, "--unpushed origin"), mine);
    assert_eq!(places(&repo, "HEAD --not --remotes=origin"), mine);
    assert_eq!(places(&repo, "HEAD --not --remotes"), mine);
    assert_eq!(places(&repo, "--unpushed other").len(), 2);
}

#[test]
fn a_shallow_boundary_is_a_fault_with_the_command_that_deepens() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.commit("new");
    let clone = repo.beside("shallow");
    let from = repo.path().display().to_string();
    repo.git(&format!(
        "clone -q --depth 1 file://{from} {}",
        clone.display()
    ));
    let scan = repo.scan_in(&clone, "range HEAD --format json");
    assert_eq!((scan.exit, scan.places().len()), (Some(2), 0));
    assert!(
        scan.faults().contains("git fetch --unshallow"),
        "{}",
        scan.faults()
    );
}

#[test]
fn revisions_that_name_nothing_are_errors() {
    let repo = Repo::new();
    repo.commit("base");
    let told = |spec: &str, what: &str| {
        let Scan { exit, stderr, .. } = repo.scan(&format!("range {spec}"));
        assert_eq!(exit, Some(2));
        assert!(stderr.contains(what), "{stderr}");
    };
    told("nowhere..HEAD", "nowhere: no such commit");
    told(&format!("{}..HEAD", "0".repeat(40)), "all zeros");
    told("HEAD --not", "--remotes");
    // `"$BASE..$HEAD"`, where the first variable is not set.
    for spec in ["..HEAD", "...HEAD", &format!("..{}", repo.head())] {
        told(spec, "names no start, as where a variable is not set");
    }
    assert_eq!(repo.scan("range HEAD..").exit, Some(0));
    let mut empty = repo.command(&repo.path(), "range");
    assert_eq!(empty.arg("").output().unwrap().status.code(), Some(2));
}

#[test]
fn the_text_of_a_tag_that_a_merge_carries_is_read() {
    let repo = Repo::new();
    let first = repo.commit("first");
    let tree = repo.git("rev-parse HEAD^{tree}");
    let who = "A <a@example.com> 1700000000 +0000";
    let raw = format!(
        "tree {tree}\nparent {first}\nauthor {who}\ncommitter {who}\nmergetag object {first}\n type commit\n tag v1\n \
         tagger {who}\n \n {}\nx-note {}\n\nMerge tag v1\n",
        key(1),
        key(2)
    );
    std::fs::write(repo.beside("raw"), raw).unwrap();
    let id = repo.git("hash-object -t commit -w ../raw");
    repo.git(&format!("update-ref refs/heads/main {id}"));
    let place = format!("COMMIT_MSG {id}");
    for words in ["range HEAD", "history --no-cache"] {
        let scan = repo.scan(&format!("{words} --format json"));
        assert_eq!(scan.places(), [&*place, &*place], "{words}");
    }
}

#[test]
fn names_of_commits_are_those_of_git() {
    let repo = Repo::new();
    repo.commit("base");
    repo.git("tag -a v1 -m one");
    repo.write("one.txt", key(1));
    let one = repo.commit("one");
    repo.git("checkout -q -b side");
    repo.write("two.txt", key(2));
    let two = repo.commit("two");
    repo.git("checkout -q main");
    repo.git("merge -q --no-ff --no-edit side");
    let places = |spec: &str| repo.scan(&format!("range {spec} --format json")).places();
    let (first, second) = (format!("one.txt {one}"), format!("two.txt {two}"));
    for spec in [
        "v1..HEAD",
        "v1^0..@",
        "HEAD~2..",
        "v1^{commit}..main",
        ":/base..HEAD",
    ] {
        assert_eq!(places(spec), [&*first, &*second], "{spec}");
    }
    for spec in [
        "HEAD^..HEAD^2",
        "main~1..side^{}",
        "HEAD~..refs/heads/side",
        "HEAD^2",
    ] {
        assert_eq!(places(spec), [&*second], "{spec}");
    }
    assert_eq!(places(&format!("{}~..{}", &one[..7], &one[..9])), [&*first]);
    assert_eq!(places("HEAD@{0}^1"), [&*first]);
    assert_eq!(places("..side^"), [] as [&str; 0], "of HEAD it is known");
    for spec in [
        "HEAD~9",
        "HEAD^3",
        "HEAD^{tree}",
        "HEAD:one.txt",
        "nowhere",
        "^",
        "HEAD~x",
    ] {
        assert_eq!(repo.scan(&format!("range {spec}")).exit, Some(2), "{spec}");
    }
}

#[test]
fn the_text_of_a_tag_that_ends_a_range_is_read() {
    let repo = Repo::new();
    repo.commit("base");
    let base = repo.head();
    repo.commit("next");
    repo.run(
        &repo.path(),
        &["tag", "-a", "v1", "-m", &format!("use {}", key(1))],
    );
    for spec in [
        format!("{base}..v1"),
        "v1".to_owned(),
        "--unpushed origin v1".to_owned(),
    ] {
        assert_eq!(repo.scan(&format!("range {spec}")).exit, Some(1), "{spec}");
    }
    assert_eq!(repo.scan(&format!("range {base}..HEAD")).exit, Some(0));
}

#[test]
fn the_step_of_a_partial_clone_brings_what_is_missing() {
    let repo = Repo::new();
    repo.write("a.py", key(1));
    repo.commit("a");
    repo.git("config uploadpack.allowFilter true");
    let (from, to) = (repo.path(), repo.beside("partial"));
    let clone = format!(
        "clone -q --no-checkout --filter=blob:none file://{} ../partial",
        from.display()
    );
    repo.git(&clone);
    let scan = repo.scan_in(&to, "range HEAD --format json");
    assert_eq!(scan.exit, Some(2), "{}", scan.stdout);
    let step = "git fetch --refetch --no-filter";
    assert!(scan.faults().contains(step), "{}", scan.faults());
    repo.git_in(&to, &step["git ".len()..]);
    assert_eq!(repo.scan_in(&to, "range HEAD").exit, Some(1));
}

#[test]
fn the_commit_that_brought_a_key_in_is_named_first_and_who_tells_the_steps() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("z.py", format!("k = '{}'\n", key(1)));
    let brought = repo.commit("brings it in");
    for n in 0..8 {
        repo.write("z.py", format!("k = '{}'\nn = {n}\n", key(1)));
        repo.commit("keeps it");
    }
    repo.write("a.py", format!("k = '{}'\n", key(1)));
    let copied = repo.commit("copies it");
    repo.write("empty.toml", "");
    let scan = repo.scan(&format!("range {base}..HEAD --rules empty.toml"));
    assert!(scan.stdout.contains(" --> z.py:1:6\n"), "{}", scan.stdout);
    let first = scan.stdout.find(&format!("= in commit {}", &brought[..7]));
    assert!(first.is_some(), "{}", scan.stdout);
    let note = "\nnote: `jvxleaks history --rules empty.toml` says of each key how far it got, and how it is taken out of the commits\n";
    assert!(scan.stdout.contains(note), "{}", scan.stdout);
    let table = repo.scan(&format!("range {base}..HEAD --format markdown"));
    let first = format!("| `z.py:1:6 in commit {} of ", &brought[..7]);
    assert!(table.stdout.contains(&first), "{}", table.stdout);
    let concise = repo
        .scan(&format!("range {base}..HEAD --format concise"))
        .stdout;
    let ids = repo.git(&format!("rev-list --reverse {base}..{copied}^"));
    let lines = concise.lines().filter(|line| line.starts_with("z.py"));
    let told: Vec<&str> = lines
        .map(|line| &line.split_once(" in commit ").unwrap().1[..7])
        .collect();
    let ids: Vec<&str> = ids.lines().map(|id| &id[..7]).collect();
    assert_eq!(told, ids);
    let clean = repo.scan("range HEAD..HEAD");
    assert!(!clean.stdout.contains("note: "), "{}", clean.stdout);
}

/// What a file reads and another one answers with; a third hides it. The files around are those that the next commit, the end
/// of the range or what is pushed would have, not those of the work tree.
#[test]
fn a_value_is_followed_into_what_is_around_in_the_index_and_at_the_end_of_a_range() {
    let repo = Repo::new();
    let base = repo.commit("base");
    repo.write("package.json", "{\"dependencies\": {\"express\": \"4\"}}");
    repo.write(
        "src/settings.js",
        "exports.settings = { k: process.env.JOURVEX_API_KEY };\n",
    );
    repo.write(
        "src/rest.js",
        "const s = require('./settings');\napp.get('/x', (req, res) => res.json(s.settings.port));\n",
    );
    let staged = |expected: &[&str]| {
        repo.git("add -A");
        assert_eq!(repo.scan("staged --format json").places(), expected);
    };
    staged(&[]);
    repo.commit("settings");
    assert_eq!(places(&repo, &format!("{base}..HEAD")), [] as [String; 0]);
    repo.write(
        "src/rest.js",
        "const s = require('./settings');\napp.get('/x', (req, res) => res.json(s.settings));\n",
    );
    repo.write(
        "src/settings.js",
        "exports.settings = { k: process.env.JOURVEX_API_KEY, port: 1 };\n",
    );
    staged(&["src/settings.js"]);
    repo.commit("answer");
    std::fs::remove_file(repo.path().join("src/rest.js")).unwrap();
    assert_eq!(places(&repo, &format!("{base}..HEAD")).len(), 2);
    let lines = repo.scan(&format!("range {base}..HEAD --format concise"));
    assert!(
        lines.stdout.contains("src/settings.js:1:"),
        "{}",
        lines.stdout
    );
    repo.commit("take the answer out again");
    assert_eq!(places(&repo, &format!("{base}..HEAD")), [] as [String; 0]);
}
