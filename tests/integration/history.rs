//! One key per situation in one repository, audited through the binary: all found, each with path,
//! commit and what to do.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use base64::Engine;
use serde_json::Value;

/// What is expected of one key: a path, the commit that brought it, and what to do.
type Expected = (u64, &'static str, Option<String>, &'static str);

/// Builds the repository, and says what an audit must find in it.
fn situations(repo: &Repo) -> Vec<Expected> {
    let mut expected = Vec::new();
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    published(repo, &mut expected);
    repo.git("push -q origin main v1");
    local(repo, &mut expected);
    stashes(repo, &mut expected);
    repo.write("staged.txt", key(20));
    repo.git("add staged.txt");
    expected.push((20, "staged.txt", None, "amend"));
    expected
}

fn published(repo: &Repo, expected: &mut Vec<Expected>) {
    let mut add = |repo: &Repo, number, path: &'static str, content: &[u8]| {
        repo.write(path, content);
        let commit = repo.commit(path);
        expected.push((number, path, Some(commit), "rotate"));
    };
    let lines = |n: u32| (0..n).map(|i| format!("line {i}\n")).collect::<String>();
    add(repo, 1, "removed.txt", key(1).as_bytes());
    repo.git("rm -q removed.txt");
    repo.commit("remove");
    repo.write("before.txt", lines(50));
    repo.commit("before the rename");
    repo.git("mv before.txt after.txt");
    add(
        repo,
        2,
        "after.txt",
        format!("{}{}", lines(50), key(2)).as_bytes(),
    );
    repo.write(".gitattributes", "*.nodiff -diff\n");
    add(repo, 4, "quiet.nodiff", key(4).as_bytes());
    let utf16: Vec<u8> = key(5).encode_utf16().flat_map(u16::to_le_bytes).collect();
    add(repo, 5, "utf16.ps1", &[&[0xFF, 0xFE], &utf16[..]].concat());
    add(
        repo,
        6,
        "app.bin",
        &[b"\0\x01\x02\xFF", key(6).as_bytes(), b"\0\0"].concat(),
    );
    add(
        repo,
        17,
        "bundle.js",
        &[
            &vec![b'x'; 1_200_000][..],
            b";k='",
            key(17).as_bytes(),
            b"'",
        ]
        .concat(),
    );
    let encoded = base64::engine::general_purpose::STANDARD.encode(key(18));
    add(
        repo,
        18,
        "secret.yaml",
        format!("data:\n  key: {encoded}\n").as_bytes(),
    );
    add(
        repo,
        19,
        "windows.txt",
        format!("a\r\n{}\r\nb\r\n", key(19)).as_bytes(),
    );
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(key(16), repo.path().join("link")).unwrap();
        let commit = repo.commit("link");
        expected.push((16, "link", Some(commit), "rotate"));
    }
    let commit = repo.commit(&format!("say {}", key(7)));
    expected.push((7, "COMMIT_MSG", Some(commit), "rotate"));
    repo.run(&repo.path(), &["tag", "-a", "v1", "-m", &key(9)]);
    expected.push((9, "TAG_MSG", None, "rotate"));
    repo.git("checkout -q -b side");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(3));
    let merge = repo.commit("merge");
    expected.push((3, "evil.txt", Some(merge), "rotate"));
}

fn local(repo: &Repo, expected: &mut Vec<Expected>) {
    repo.run(&repo.path(), &["notes", "add", "-m", &key(8)]);
    let (noted, note) = (repo.head(), repo.git("rev-parse refs/notes/commits"));
    expected.push((8, Box::leak(noted.into_boxed_str()), Some(note), "amend"));
    repo.git("checkout -q -b doomed");
    repo.write("doomed.txt", key(10));
    let doomed = repo.commit("doomed");
    repo.git("checkout -q main");
    repo.git("branch -q -D doomed");
    expected.push((10, "doomed.txt", Some(doomed), "expire"));
    repo.write("reset.txt", key(11));
    let reset = repo.commit("reset away");
    repo.git("reset -q --hard HEAD^");
    expected.push((11, "reset.txt", Some(reset), "expire"));
    repo.git("checkout -q --orphan lonely");
    repo.write("lonely.txt", key(12));
    let lonely = repo.commit("lonely");
    repo.git("checkout -q main");
    expected.push((12, "lonely.txt", Some(lonely), "amend"));
    repo.write("dangling.txt", key(21));
    let blob = repo.git("hash-object -w dangling.txt");
    std::fs::remove_file(repo.path().join("dangling.txt")).unwrap();
    let path = Box::leak(format!("object {blob}").into_boxed_str());
    expected.push((21, path, None, "expire"));
}

fn stashes(repo: &Repo, expected: &mut Vec<Expected>) {
    repo.write("index.txt", key(14));
    repo.git("add index.txt");
    repo.write("after.txt", key(13));
    repo.write("untracked.txt", key(15));
    repo.git("stash push -q --include-untracked");
    let stash = |rev: &str| Some(repo.git(&format!("rev-parse {rev}")));
    expected.push((13, "after.txt", stash("stash@{0}"), "amend"));
    expected.push((14, "index.txt", stash("stash@{0}^2"), "amend"));
    expected.push((15, "untracked.txt", stash("stash@{0}^3"), "amend"));
}

/// The findings of one key.
fn of_key<'r>(report: &'r Value, list: &str, number: u64) -> Vec<&'r Value> {
    let whole = key(number);
    let all = report[list].as_array().unwrap();
    let by =
        |v: &&Value| v["secret"] == whole.as_str() || v["prefix"] == format!("{}...", &whole[..13]);
    all.iter().filter(by).collect()
}

fn assert_all_found(scan: &Scan, expected: &[Expected]) {
    assert_eq!(scan.exit, Some(1), "{}", scan.stderr);
    let report = scan.json();
    for (number, path, commit, action) in expected {
        let commit = commit.as_deref().map_or(Value::Null, Value::from);
        let found = of_key(&report, "findings", *number);
        let there = |f: &&Value| f["path"] == *path && f["origin"]["commit"] == commit;
        assert!(
            found.iter().any(there),
            "{number} {path} {commit}: {found:#?}"
        );
        let keys = of_key(&report, "keys", *number);
        assert_eq!(keys.len(), 1, "{number} {path}");
        assert_eq!(keys[0]["action"], *action, "{number} {path}: {}", keys[0]);
    }
    assert_eq!(report["keys"].as_array().unwrap().len(), expected.len());
    assert_eq!(report["faults"], Value::Array(Vec::new()));
}

const AUDIT: &str = "history --format json --show-secrets --no-cache";

#[test]
fn every_situation_is_found_with_path_commit_and_verdict() {
    let repo = Repo::new();
    let expected = situations(&repo);
    assert_eq!(expected.len(), 21);
    let loose = repo.scan(AUDIT);
    assert_all_found(&loose, &expected);
    repo.git("repack -q -a -d -k");
    let packed = repo.scan(AUDIT);
    assert_eq!(packed.stdout, loose.stdout);
    for jobs in [1, 8] {
        assert_eq!(
            repo.scan(&format!("{AUDIT} -j {jobs}")).stdout,
            loose.stdout
        );
    }
    let from_outside = repo.scan_in(&repo.beside(""), &format!("{AUDIT} work"));
    let root = from_outside
        .stdout
        .replacen("\"root\": \"work\"", "\"root\": \".\"", 1);
    let way = r#"at the root of the repository, where paths begin\n  cd \"$(git -C work rev-parse --show-toplevel)\"\n"#;
    assert!(root.contains(way));
    assert_eq!(root.replace(way, ""), loose.stdout);
}

#[test]
fn the_text_ends_with_what_to_rotate() {
    let repo = Repo::new();
    situations(&repo);
    let scan = repo.scan("history --no-cache");
    let places = ["error[", "ROTATE NOW   jourvex-key at ", "AMEND", "EXPIRE"];
    let places = places.map(|word| scan.stdout.find(word).unwrap());
    assert!(places.is_sorted(), "{}", scan.stdout);
    assert!(
        scan.stderr
            .contains("21 distinct keys (12 to rotate, 6 to amend, 3 to expire)"),
        "{}",
        scan.stderr
    );
    assert!(scan.stderr.contains(" commits, "), "{}", scan.stderr);
}

#[test]
fn a_file_that_is_edited_and_keeps_its_key_is_one_place() {
    let repo = Repo::new();
    let mut first = None;
    for n in 0..5 {
        repo.write("a.txt", format!("line {n}\n{}\n", key(1)));
        first = first.or(Some(repo.commit("edit")));
    }
    let scan = repo.scan(AUDIT);
    assert_eq!(scan.places(), [format!("a.txt {}", first.unwrap())]);
    assert_eq!(scan.json()["keys"][0]["places"], 1);
    assert_eq!(scan.json()["stats"]["commits"], 5);
}

#[test]
fn an_unchanged_repository_is_not_read_twice() {
    let repo = Repo::new();
    let expected = situations(&repo);
    let audit = "history --format json --show-secrets -o out.json";
    let run = || {
        let scan = repo.scan(audit);
        let stdout = std::fs::read_to_string(repo.path().join("out.json")).unwrap();
        Scan { stdout, ..scan }
    };
    let first = run();
    assert_all_found(&first, &expected);
    let second = run();
    assert_all_found(&second, &expected);
    assert_eq!(second.json()["keys"], first.json()["keys"]);
    assert_eq!(second.json()["findings"], first.json()["findings"]);
    assert_eq!(second.json()["stats"]["bytes"], 0);
    let told = " by the same rules.";
    assert!(second.stderr.contains(told), "{}", second.stderr);
    assert!(
        !second.stderr.contains("Read 0") && !second.stderr.contains("Skipped"),
        "{}",
        second.stderr
    );
    repo.write("new.txt", key(30));
    repo.commit("new");
    let third = run();
    assert_eq!(of_key(&third.json(), "keys", 30).len(), 1);
    assert_eq!(third.json()["stats"]["commits"], 1);
    let rules = repo.scan("history --format json --disable jourvex-key");
    assert_ne!(rules.json()["stats"]["bytes"], 0, "other rules read anew");
    let folder = repo.beside(".cache/jvxleaks");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
    let text = std::fs::read_to_string(file.path()).unwrap();
    assert!(!text.contains("jvx_live_"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&file.path())), (0o700, 0o600));
    }
    std::fs::write(file.path(), "damaged").unwrap();
    assert_ne!(run().json()["stats"]["bytes"], 0);
}

#[test]
fn a_corrupt_object_is_named_and_the_rest_is_read() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.write("b.txt", "broken soon");
    repo.commit("both");
    let id = repo.git("rev-parse HEAD:b.txt");
    let file = repo
        .path()
        .join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "no zlib").unwrap();
    let scan = repo.scan(AUDIT);
    assert_eq!(scan.exit, Some(2));
    assert!(scan.faults().contains(&id), "{}", scan.faults());
    assert_eq!(scan.json()["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn a_blob_over_the_size_limit_is_a_fault_and_the_rest_is_read() {
    let repo = Repo::new();
    repo.write("a.txt", key(1));
    repo.write("large.txt", format!("{}{}", "-".repeat(2000), key(2)));
    repo.git("add -A");
    let told = |scan: Scan| {
        assert_eq!(scan.exit, Some(2), "{scan:?}");
        assert!(
            scan.faults().contains("larger than 1024 bytes")
                && scan.faults().contains("--max-file-size"),
            "{}",
            scan.faults()
        );
        assert_eq!(scan.json()["findings"].as_array().unwrap().len(), 1);
    };
    told(repo.scan("staged --max-file-size 1K --format json"));
    repo.commit("large");
    told(repo.scan("range HEAD --max-file-size 1K --format json"));
    for _ in 0..2 {
        told(repo.scan("history --max-file-size 1K --format json"));
        repo.git("repack -q -a -d");
    }
    // What was read under another limit is not known under this one.
    assert_eq!(repo.scan("history --max-file-size 3K").exit, Some(1));
    told(repo.scan("history --max-file-size 1K --format json"));
}

/// The lines of a key's block, with the ids of commits as `COMMIT`.
fn block(repo: &Repo) -> String {
    let scan = repo.scan("history --no-cache");
    assert_eq!(scan.exit, Some(1), "{}", scan.stderr);
    let is_key = |line: &str| {
        ["ROTATE", "AMEND", "EXPIRE", "CHECK"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let lines = scan.stdout.lines().skip_while(|line| !is_key(line));
    let mut block = lines.collect::<Vec<_>>().join("\n");
    for id in repo.git("rev-list --all").lines() {
        block = block.replace(&id[..7], "COMMIT");
    }
    block
}

#[test]
fn an_audit_of_many_findings_is_a_short_text() {
    let repo = Repo::new();
    for file in 0..10 {
        let lines = (0..50).map(|line| {
            format!(
                "{}KEY{line} = '{}'\n",
                "x;".repeat(300),
                key((file * 50 + line) % 60)
            )
        });
        repo.write(&format!("src/{file}.py"), lines.collect::<String>());
    }
    repo.commit("keys");
    let scan = repo.scan("history --no-cache");
    assert_eq!(scan.exit, Some(1), "{}", scan.stderr);
    let lines: Vec<_> = scan.stdout.lines().collect();
    assert!(lines.len() < 300, "{} lines", lines.len());
    assert!(
        lines.iter().all(|line| line.len() <= 400),
        "{}",
        scan.stdout
    );
    assert!(
        scan.stderr
            .starts_with("500 findings (500 errors). 60 distinct keys"),
        "{}",
        scan.stderr
    );
    let all = repo.scan("history --no-cache -v");
    assert_eq!(all.stdout.matches("--> src/").count(), 500);
    let concise = repo.scan("history --no-cache --format concise");
    assert_eq!(concise.stdout.lines().count(), 500);
    let few = repo.scan("history --no-cache --max-findings 2");
    assert!(
        few.stdout
            .contains("and 58 more secrets, by --max-findings"),
        "{}",
        few.stdout
    );
    let counted = repo.scan("scan --statistics");
    insta::assert_snapshot!(counted.stdout, @"
    findings  secrets  rule
         500       60  jourvex-key

    findings  secrets  kind of file
         500       60  source
    ");
    let refused = repo.scan("scan --statistics --format json");
    assert_eq!(refused.exit, Some(2));
    insta::assert_snapshot!(refused.stderr, @"jvxleaks: error: --statistics counts in text and concise reports; choose one of these as --format");
}

#[test]
fn a_password_is_not_rotated_at_jourvex() {
    let repo = Repo::new();
    let url = ["https://deploy:", "kQ7vR2mXw9Lp", "@git.example.org/r.git"].concat();
    repo.write("deploy.txt", format!("clone {url}\n"));
    repo.commit("deploy");
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    insta::assert_snapshot!(block(&repo), @"
    ROTATE NOW   url-password at deploy.txt:1   depl...   e8c9f969a87e1d313690d2e271e5f29d
      published: origin/main   exposed since 2023-11-15, still in HEAD
      first      COMMIT  2023-11-15  deploy.txt:1   last  HEAD  deploy.txt:1   1 place
      do         change the password at the service it is for (url-password: Password in a URL)
                 Keep the password out of the URL: read it from the environment or a secret store and pass it separately.
                 then remove the literal from deploy.txt:1, read it from the environment there, and commit
    ");
}

#[test]
fn a_key_that_stays_while_its_file_is_edited_is_taken_out_of_one_commit() {
    let repo = Repo::new();
    repo.commit("root");
    for n in 0..4 {
        repo.write("a b.env", format!("version {n}\nKEY={}\n", key(1)));
        repo.commit("edit");
    }
    repo.write("copy.env", format!("KEY={}\n", key(1)));
    repo.commit("copy");
    insta::assert_snapshot!(block(&repo), @"
    AMEND        jourvex-key at a b.env:2   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94
      local only: branch main, not on any remote   since 2023-11-16, still in HEAD
      first      COMMIT  2023-11-16  a b.env:2   last  HEAD  a b.env:2   2 places
      do         rewrite the commits from the oldest of these on
                   git rebase -i --rebase-merges --autostash COMMIT^
                 in the list that opens, mark COMMIT as `edit` and mark COMMIT as `edit`
                 at COMMIT: take the key out of 'a b.env', then
                   git add -- 'a b.env'
                   git rebase --continue
                 at COMMIT: take the key out of copy.env, then
                   git add -- copy.env
                   git rebase --continue
                 if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the key, then
                   git add -u
                   git rebase --continue
                 at the end, this finds nothing
                   jvxleaks range COMMIT^..HEAD
                 the index keeps what was in conflict until this has run
                   git update-index --clear-resolve-undo
                 the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
                   git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
                   git gc --prune=now
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access
    ");
}

#[test]
fn of_many_refs_a_few_are_named_and_all_are_counted() {
    let repo = Repo::new();
    repo.write("a.env", format!("KEY={}\n", key(1)));
    repo.commit("key");
    let head = repo.head();
    let create = |n: u32| format!("{head} refs/tags/v{n}\n");
    let refs: String = (0..3000).map(create).collect();
    let header = "# pack-refs with: peeled fully-peeled sorted \n";
    std::fs::write(
        repo.path().join(".git/packed-refs"),
        format!("{header}{refs}"),
    )
    .unwrap();
    for format in ["text", "markdown", "github", "sarif"] {
        let scan = repo.scan(&format!("history --no-cache --format {format}"));
        let longest = scan.stdout.lines().map(str::len).max().unwrap();
        let limit = if format == "sarif" { 60_000 } else { 1000 };
        let limit = if format == "text" { 400 } else { limit };
        assert!(longest < limit, "{format}: a line of {longest}");
    }
    let report = repo.scan(AUDIT).json();
    let (origin, key) = (&report["findings"][0]["origin"], &report["keys"][0]);
    assert_eq!(origin["refs"].as_array().unwrap().len(), 10);
    assert_eq!(origin["refs"][0], "refs/heads/main");
    assert_eq!(origin["refs_count"], 3001);
    assert_eq!(
        (&key["local_count"], &key["published_count"]),
        (&3001.into(), &0.into())
    );
    insta::assert_snapshot!(block(&repo).lines().nth(1).unwrap(), @"  local only: branch main, tag v0, tag v1 and 2,998 more, not on any remote   since 2023-11-15, still in HEAD");
}

#[test]
fn a_partial_clone_says_how_much_it_lacks() {
    let repo = Repo::new();
    repo.write("a.txt", "one");
    repo.commit("one");
    repo.write("a.txt", "two");
    repo.commit("two");
    repo.git("config uploadpack.allowFilter true");
    let clone = repo.beside("partial.git");
    let from = repo.path().display().to_string();
    repo.git(&format!(
        "clone -q --bare --filter=blob:none file://{from} {}",
        clone.display()
    ));
    for _ in 0..2 {
        let scan = repo.scan_in(&clone, "history --format json");
        assert_eq!(scan.exit, Some(2), "{scan:?}");
        assert!(
            scan.faults().contains("left 2 objects at its remote"),
            "{}",
            scan.faults()
        );
    }
    let refetch = "fetch -q --refetch --no-filter origin +refs/heads/*:refs/heads/*";
    repo.git_in(&clone, refetch);
    assert_eq!(repo.scan_in(&clone, "history").exit, Some(0));
}

#[test]
fn what_cannot_be_audited_is_refused_with_the_next_step() {
    let repo = Repo::new();
    let told = |scan: Scan, what: &str| {
        assert_eq!(scan.exit, Some(2));
        assert!(scan.stderr.contains(what), "{}", scan.stderr);
    };
    told(
        repo.scan_in(&repo.beside(""), "history"),
        "not a git repository",
    );
    told(repo.scan("history nowhere"), "no such file or folder");
    told(
        repo.scan("history --branch nowhere --no-cache"),
        "no such commit",
    );
    told(
        repo.scan("history --since soon --no-cache"),
        "error: --since: `soon` is no date; write it as 2026-01-31",
    );
    told(repo.scan("history nowhere"), "name a repository");
    told(repo.scan("history --max-commits 0"), "0 is not in 1..");
    let other = repo.beside("sha256");
    repo.git(&format!(
        "init -q --object-format=sha256 {}",
        other.display()
    ));
    told(repo.scan_in(&other, "history"), "SHA-256");
}

#[test]
fn nothing_is_dated_from_where_a_shallow_clone_ends() {
    let repo = Repo::new();
    repo.write("old.txt", key(1));
    repo.commit("old");
    repo.commit("boundary");
    repo.write("new.txt", key(2));
    let new = repo.commit("new");
    let clone = repo.beside("shallow");
    let from = format!("file://{}", repo.path().display());
    repo.git(&format!("clone -q --depth 2 {from} {}", clone.display()));
    for cached in ["", " --no-progress"] {
        let scan = repo.scan_in(&clone, &format!("history --format json{cached}"));
        assert_eq!(scan.exit, Some(2));
        assert!(scan.faults().contains("git fetch --unshallow"), "{scan:?}");
        let report = scan.json();
        let keys = report["keys"].as_array().unwrap().iter();
        let mut first: Vec<&Value> = keys.map(|key| &key["first_seen"]["commit"]).collect();
        first.sort_by_key(|commit| commit.is_null());
        assert_eq!(first, [&Value::from(new.clone()), &Value::Null]);
    }
}

#[test]
fn forgetting_what_only_reflogs_hold_keeps_stashes() {
    let repo = Repo::new();
    repo.write("a.txt", "one\n");
    repo.commit("first");
    for text in ["two\n", "three\n"] {
        repo.write("a.txt", text);
        repo.git("stash -q");
    }
    repo.write("a.txt", key(1));
    repo.commit("leak");
    repo.git("reset -q --hard HEAD~1");
    let told = repo.scan("history --no-cache").stdout;
    let lines = told.lines().map(str::trim);
    let commands = lines.filter_map(|line| line.strip_prefix("git "));
    let commands: Vec<&str> = commands.collect();
    assert_eq!(commands.len(), 2, "{told}");
    for command in commands {
        repo.git(command);
    }
    assert_eq!(repo.scan("history --no-cache").exit, Some(0));
    assert_eq!(repo.git("stash list").lines().count(), 2);
}

/// As a rebase of all commits leaves it in a reflog.
#[test]
fn the_tree_without_entries_need_not_be_stored() {
    let repo = Repo::new();
    repo.commit("first");
    let commit = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
                  author A <a@example.org> 1700000000 +0000\n\
                  committer A <a@example.org> 1700000000 +0000\n\nempty\n";
    repo.write("commit", commit);
    let id = repo.git("hash-object -t commit -w --literally commit");
    repo.git(&format!("update-ref refs/heads/empty {}", id.trim()));
    let audit = repo.scan("history --no-cache");
    assert_eq!(audit.exit, Some(0), "{}{}", audit.stdout, audit.stderr);
}

#[test]
fn a_key_that_is_silenced_is_not_removed_there() {
    let repo = Repo::new();
    let line = |comment: &str| format!("k = '{}'{comment}\n", key(1));
    repo.write("a.py", line(""));
    repo.commit("key");
    repo.write("a.py", line("  # jvxleaks:allow jourvex-key -- revoked"));
    repo.commit("silenced");
    let removed = || {
        let report = repo.scan(AUDIT).json();
        report["keys"][0]["removed_in"]["commit"].clone()
    };
    assert_eq!(removed(), Value::Null);
    repo.git("rm -q a.py");
    let commit = repo.commit("removed");
    assert_eq!(removed(), commit.as_str());
}

#[test]
fn a_key_in_the_text_of_a_tag_has_a_place_and_a_date() {
    let repo = Repo::new();
    repo.commit("root");
    let text = format!("subject\n\n{}", key(1));
    repo.run(&repo.path(), &["tag", "-a", "v1", "-m", &text]);
    let tag = repo.git("rev-parse --short=7 v1");
    let text = block(&repo).replace(&tag, "TAG");
    insta::assert_snapshot!(text.lines().take(3).collect::<Vec<_>>().join("\n"), @"
    AMEND        jourvex-key at TAG_MSG:3   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94
      local only: tag v1, not on any remote   since 2023-11-15
      first      TAG  2023-11-15  TAG_MSG:3   1 place
    ");
    let report = repo.scan("history --no-cache --format markdown").stdout;
    let rows = report.lines().filter(|line| line.contains("TAG_MSG"));
    let rows: Vec<_> = rows.map(|row| row.replace(&tag, "TAG")).collect();
    insta::assert_snapshot!(rows.join("\n"), @"
    | `jourvex-key at TAG_MSG:3` `jvx_live_zEGC...` | **AMEND** | `local only: tag v1, not on any remote` | `since 2023-11-15` | 1 | `649bd9f1fa20768fe9ad1fae7a267d94` |
    **AMEND** `jourvex-key at TAG_MSG:3` `jvx_live_zEGC...`
    | critical | `jourvex-key` | `TAG_MSG:3:1 in the message of tag object TAG of 2023-11-15` | Live Jourvex API key | `jvx_live_zEGC...` | `649bd9f1fa20768fe9ad1fae7a267d94` |
    ");
    let report = repo.scan(AUDIT).json();
    assert_eq!(
        report["findings"][0]["origin"]["tag_date"],
        "2023-11-15T22:13:20Z"
    );
}

#[test]
fn an_entry_of_the_stash_is_one_ref() {
    let repo = Repo::new();
    repo.write("a.txt", "a");
    repo.commit("root");
    repo.write("a.txt", key(1));
    repo.git("stash -q");
    let report = repo.scan(AUDIT).json();
    let refs = &report["findings"][0]["origin"]["refs"];
    assert_eq!(refs.to_string(), r#"["refs/stash@{0}"]"#);
}

#[test]
fn the_list_of_keys_is_cut_as_findings_are() {
    let repo = Repo::new();
    for n in 1..=5 {
        repo.write(&format!("a{n}.py"), format!("k = '{}'\n", key(n)));
    }
    repo.commit("keys");
    let text = repo.scan("history --no-cache --max-findings 2").stdout;
    assert_eq!(text.matches("AMEND   ").count(), 2, "{text}");
    assert!(
        text.contains("and 3 more keys, by --max-findings"),
        "{text}"
    );
    let table = repo
        .scan("history --no-cache --max-findings 2 -f markdown")
        .stdout;
    assert_eq!(table.matches("| **AMEND** |").count(), 2, "{table}");
    assert_eq!(
        table
            .matches("3 more rows left out by --max-findings")
            .count(),
        2
    );
}

#[test]
fn paths_of_a_rule_that_match_no_file_of_the_work_tree_are_told() {
    let repo = Repo::new();
    repo.write("src/a.js", "");
    let config = |paths: &str| {
        repo.write(
            ".jvxleaks.toml",
            format!("[rules.bearer-token]\npaths = ['{paths}']\n"),
        );
        repo.scan("history --no-cache").stdout
    };
    repo.commit("root");
    insta::assert_snapshot!(config("srcx/"), @"note: .jvxleaks.toml:1: `paths` of `bearer-token` match no file of the work tree, and none of a commit in which anything was found; correct or remove them");
    assert_eq!(config("src/"), "");
    // A file of an old commit in which something was found is one that is meant.
    repo.write("old/k.js", format!("setBearerAuth('{}')\n", &key(1)[9..]));
    repo.commit("old");
    repo.git("rm -q old/k.js");
    assert!(!config("old/").contains("note:"));
}
