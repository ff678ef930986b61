//! Many repositories: a record of each whatever happens, and one list of keys whoever made the files.

use crate::repo::{Repo, Scan};
use crate::workspace::key;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A folder of repositories: an application, two forks of it of which one adds a key, one without keys, one that is broken.
struct Fleet {
    repo: Repo,
}

impl Fleet {
    fn new() -> Self {
        let fleet = Self { repo: Repo::new() };
        let repo = &fleet.repo;
        repo.write("src/app.js", format!("const a = \"{}\";\n", key(1)));
        repo.commit("first");
        repo.write("src/app.js", "const a = process.env.JOURVEX_API_KEY;\n");
        repo.write("readme.md", "Nothing here.\n");
        repo.commit("second");
        fs::create_dir(fleet.folder()).unwrap();
        for name in ["app", "fork-a", "team/fork-b"] {
            fs::create_dir_all(fleet.folder().join("team")).unwrap();
            let target = fleet.at(name);
            repo.git(&format!("clone -q --mirror . {}", target.display()));
        }
        repo.write("src/config.js", format!("const b = \"{}\";\n", key(2)));
        repo.commit("third");
        let fork = fleet.at("fork-a").display().to_string();
        repo.git(&format!("push -q {fork} HEAD:main"));
        repo.git(&format!("init -q --bare {}", fleet.at("empty").display()));
        let broken = fleet.at("broken");
        fs::create_dir_all(broken.join("objects")).unwrap();
        fs::create_dir_all(broken.join("refs")).unwrap();
        fleet
    }

    fn folder(&self) -> PathBuf {
        self.repo.beside("fleet")
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder().join(format!("{name}.git"))
    }

    fn run(&self, words: &str) -> Scan {
        self.repo.scan_in(&self.above(), words)
    }

    fn above(&self) -> PathBuf {
        self.folder().parent().unwrap().to_owned()
    }

    /// A file that a run wrote.
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.repo.beside(name)).unwrap()
    }

    fn told(&self, words: &str) -> String {
        self.run(words).transcript(&self.above())
    }
}

/// The records of a file, by their names.
fn records(text: &str) -> Vec<(String, Value)> {
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let records = lines.filter(|line| line["kind"] == "repository");
    records
        .map(|record| (record["name"].as_str().unwrap().to_owned(), record))
        .collect()
}

#[test]
fn every_repository_has_a_record_whatever_happens() {
    let fleet = Fleet::new();
    insta::assert_snapshot!(fleet.told("fleet fleet -o all.jsonl"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: not read: broken.git: fleet/broken.git: not a git repository (nor is any folder above it); run inside one, or name one
    jvxleaks: 5 repositories, 1 of them not read whole. 2 keys, in 3 of them. Took [N] ms.
    jvxleaks: `jvxleaks merge all.jsonl` lists the keys
    ");
    let told = records(&fleet.text("all.jsonl"))
        .into_iter()
        .map(|(name, record)| {
            let keys = record["keys"].as_array().unwrap().iter();
            let keys: Vec<&str> = keys.map(|key| key["action"].as_str().unwrap()).collect();
            format!(
                "{name}: {} objects, keys {keys:?}, {} faults",
                record["objects"],
                record["faults"].as_array().unwrap().len()
            )
        });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r#"
            app.git: 9 objects, keys ["rotate"], 0 faults
            broken.git: 0 objects, keys [], 1 faults
            empty.git: 0 objects, keys [], 0 faults
            fork-a.git: 13 objects, keys ["rotate", "rotate"], 0 faults
            team/fork-b.git: 9 objects, keys ["rotate"], 0 faults
            "#);
    assert!(!fleet.repo.beside("all.jsonl.part").exists());
    for number in [1, 2] {
        assert!(!fleet.text("all.jsonl").contains(&key(number)[9..]));
    }
}

#[test]
fn one_list_tells_each_key_once() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet -o all.jsonl");
    insta::assert_snapshot!(fleet.told("merge all.jsonl"), @"
    exit 2
    --- stdout
    not read: broken.git: fleet/broken.git: not a git repository (nor is any folder above it); run inside one, or name one

    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 3 repositories
                 first seen 4315205 2023-11-15 src/app.js:1 in app.git
                 app.git: published: branch main; since 2023-11-15; removed in e57c7e6 on 2023-11-16
                 fork-a.git: published: branch main; since 2023-11-15; removed in e57c7e6 on 2023-11-16
                 team/fork-b.git: published: branch main; since 2023-11-15; removed in e57c7e6 on 2023-11-16
                 do: rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away

    ROTATE NOW   jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository
                 first seen 2bcac69 2023-11-17 src/config.js:1 in fork-a.git
                 fork-a.git: published: branch main; since 2023-11-17; still in HEAD
                 do: rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away

    2 keys: 2 to rotate now. 5 repositories, 1 of them not read whole.
    --- stderr
    ");
}

#[test]
fn shares_come_together_as_one_run_in_every_format() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet -o one.jsonl");
    for number in 1..=3 {
        fleet.run(&format!(
            "fleet fleet --shard {number}/3 -o {number}.jsonl --no-cache"
        ));
    }
    fleet.run("merge 3.jsonl 1.jsonl -f jsonl -o some.jsonl");
    for format in ["text", "json", "jsonl", "markdown", "sarif", "csv"] {
        let one = fleet.run(&format!("merge one.jsonl -f {format}"));
        assert_eq!(one.exit, Some(2));
        for files in [
            "1.jsonl 2.jsonl 3.jsonl",
            "3.jsonl 2.jsonl 1.jsonl 2.jsonl",
            "2.jsonl some.jsonl",
        ] {
            let shares = fleet.run(&format!("merge {files} -f {format}"));
            assert_eq!(shares.stdout, one.stdout, "{format} of {files}");
            assert_eq!(shares.exit, one.exit);
        }
    }
    assert_eq!(
        fleet.run("merge one.jsonl -f jsonl").stdout,
        fleet.text("one.jsonl")
    );
}

#[test]
fn a_run_prints_what_a_merge_of_its_file_says() {
    let fleet = Fleet::new();
    for format in ["text", "html", "csv"] {
        let run = fleet.run(&format!("fleet fleet -o all.jsonl -f {format}"));
        let merge = fleet.run(&format!("merge all.jsonl -f {format}"));
        assert!(
            run.stdout.len() > 500 && run.stdout == merge.stdout,
            "{format}"
        );
        assert!(!run.stderr.contains("jvxleaks merge"), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_repository_may_be_listed_by_its_git_folder_and_by_bytes_that_are_no_utf_8() {
    use std::os::unix::ffi::OsStrExt as _;
    let fleet = Fleet::new();
    let named = std::ffi::OsStr::from_bytes(b"fleet/caf\xe9.git");
    fs::rename(fleet.at("app"), fleet.above().join(named)).unwrap();
    let work = fleet.folder().join("work");
    fleet.repo.git(&format!("clone -q . {}", work.display()));
    let list = b"fleet/caf\xe9.git\nfleet/work/.git\nfleet/work\n";
    fs::write(fleet.repo.beside("list"), list).unwrap();
    fleet.run("fleet list -o all.jsonl");
    let names = records(&fleet.text("all.jsonl")).into_iter();
    let names: Vec<String> = names
        .map(|(name, record)| format!("{name}: {} keys", record["keys"].as_array().unwrap().len()))
        .collect();
    insta::assert_snapshot!(names.join("\n"), @"
    fleet/caf�.git~b3ccf729: 1 keys
    fleet/work: 2 keys
    ");
}

#[test]
fn what_is_not_in_the_files_is_told() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    fleet.run("fleet fleet --shard 1/2 -o 1.jsonl");
    fleet.run("fleet fleet --shard 2/2 -o 2.jsonl");
    fleet.run("fleet fleet --disable url-password -o other.jsonl");
    let whole = fleet.text("2.jsonl");
    fs::write(fleet.repo.beside("cut.jsonl"), &whole[..whole.len() - 30]).unwrap();
    fs::write(fleet.repo.beside("list"), "fleet/app.git\nfleet/gone.git\n").unwrap();
    let told = [
        "merge 1.jsonl 2.jsonl",
        "merge 1.jsonl",
        "merge 1.jsonl cut.jsonl",
        "merge 1.jsonl 2.jsonl other.jsonl",
        "merge 1.jsonl 2.jsonl --inventory list",
        "merge 1.jsonl none.jsonl list",
        "merge cut.jsonl -f jsonl",
    ];
    let told = told.map(|words| {
        let run = fleet.run(words);
        let unread = run
            .stdout
            .lines()
            .filter(|line| line.starts_with("not read"));
        let unread: Vec<&str> = unread.collect();
        format!(
            "{words}\nexit {}\n{}\n{}",
            run.exit.unwrap(),
            unread.join("\n"),
            run.stderr
        )
    });
    insta::assert_snapshot!(told.join("\n"), @"
    merge 1.jsonl 2.jsonl
    exit 1


    merge 1.jsonl
    exit 2
    not read: the list of 4 repositories: no file has its shares 2/2; name their files too

    merge 1.jsonl cut.jsonl
    exit 2
    not read: cut.jsonl: it is cut off; make it again with `jvxleaks fleet`

    merge 1.jsonl 2.jsonl other.jsonl
    exit 2
    not read: the files: they were made with different rules, options or limits; make them again with the same

    merge 1.jsonl 2.jsonl --inventory list
    exit 2
    not read: fleet/app.git: the inventory has it, and no file has a record of it; run `jvxleaks fleet` for it
    not read: fleet/gone.git: the inventory has it, and no file has a record of it; run `jvxleaks fleet` for it

    merge 1.jsonl none.jsonl list
    exit 2
    not read: list: it is no file of `jvxleaks fleet` or `merge --format jsonl`; name one that is
    not read: none.jsonl: cannot be read: No such file or directory (os error 2); check the path
    not read: the list of 4 repositories: no file has its shares 2/2; name their files too

    merge cut.jsonl -f jsonl
    exit 2

    jvxleaks: error: cut.jsonl: it is cut off; make it again with `jvxleaks fleet`; nothing was written, since its records would be missing
    ");
}

#[test]
fn a_run_that_was_ended_goes_on_where_it_was() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet -o one.jsonl --no-cache");
    let one = fleet.text("one.jsonl");
    let part = fleet.repo.beside("two.jsonl.part");
    for end in (0..one.len()).step_by(397) {
        fs::write(&part, &one[..end]).unwrap();
        let run = fleet.run("fleet fleet -o two.jsonl --no-cache");
        assert_eq!(run.exit, Some(2), "{}", run.stderr);
        assert_eq!(fleet.text("two.jsonl"), one, "after {end} bytes");
        fs::remove_file(fleet.repo.beside("two.jsonl")).unwrap();
    }
}

#[test]
fn a_repository_that_did_not_change_is_not_read_again_and_one_that_did_is() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet -o all.jsonl");
    // Its objects cannot be read any more; what they came to is known.
    let packs = |name: &str| fleet.at(name).join("objects/pack");
    let ruin = |name: &str| {
        for file in fs::read_dir(packs(name)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|end| end == "pack") {
                let mut permissions = fs::metadata(&path).unwrap().permissions();
                #[expect(clippy::permissions_set_readonly_false, reason = "a test's own file")]
                permissions.set_readonly(false);
                fs::set_permissions(&path, permissions).unwrap();
                let mut bytes = fs::read(&path).unwrap();
                bytes[12..].fill(0);
                fs::write(&path, bytes).unwrap();
            }
        }
    };
    fleet.repo.git("repack -q -a -d");
    for name in ["app", "team/fork-b"] {
        fleet.repo.git_in(&fleet.at(name), "repack -q -a -d");
    }
    fleet.run("fleet fleet -o all.jsonl");
    ruin("app");
    ruin("team/fork-b");
    // Git itself refuses to name an object that it cannot read.
    let tip = format!("{}\n", fleet.repo.git("rev-parse HEAD^"));
    fs::write(fleet.at("team/fork-b").join("refs/heads/new"), tip).unwrap();
    fleet.run("fleet fleet -o all.jsonl");
    let faults = records(&fleet.text("all.jsonl"))
        .into_iter()
        .map(|(name, record)| format!("{name}: {}", record["faults"] != serde_json::json!([])));
    insta::assert_snapshot!(faults.collect::<Vec<_>>().join("\n"), @"
    app.git: false
    broken.git: true
    empty.git: false
    fork-a.git: false
    team/fork-b.git: true
    ");
}

#[test]
fn a_shared_cache_changes_no_record_and_holds_no_name() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet -o one.jsonl --no-cache");
    for round in 1..=2 {
        for number in 1..=2 {
            let run = fleet.run(&format!(
                "fleet fleet --shard {number}/2 -o {round}-{number}.jsonl --object-cache blobs --cache-dir own{round}"
            ));
            assert_eq!(run.exit.unwrap_or(2) & 2, run.exit.unwrap() & 2);
        }
        let merged = fleet.run(&format!("merge {round}-1.jsonl {round}-2.jsonl -f jsonl"));
        assert_eq!(merged.stdout, fleet.text("one.jsonl"), "round {round}");
    }
    let files = fs::read_dir(fleet.repo.beside("blobs")).unwrap();
    let files: Vec<_> = files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    assert!(!files.is_empty());
    let holds =
        |text: &[u8], word: &str| text.windows(word.len()).any(|part| part == word.as_bytes());
    for word in ["app", "fork", "src", "jvx_live"] {
        assert!(!files.iter().any(|text| holds(text, word)), "{word}");
    }
}

#[test]
fn what_is_new_and_gone_since_an_earlier_report_is_told() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    fleet.run("fleet fleet -o old.jsonl");
    fs::remove_dir_all(fleet.at("fork-a")).unwrap();
    fleet
        .repo
        .write("src/more.js", format!("const c = \"{}\";\n", key(3)));
    fleet.repo.git("checkout -q -b more HEAD^");
    fleet.repo.commit("more");
    let app = fleet.at("app").display().to_string();
    fleet.repo.git(&format!("push -q {app} more"));
    fleet.run("fleet fleet -o new.jsonl");
    insta::assert_snapshot!(fleet.told("merge new.jsonl --since-report old.jsonl"), @"
    exit 2
    --- stdout
    not read: fork-a.git: the earlier report has keys of it, and it was not read whole since then; audit it again

    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 2 repositories   changed
                 first seen 4315205 2023-11-15 src/app.js:1 in app.git
                 app.git: published: branch main, branch more; since 2023-11-15; removed in e57c7e6 on 2023-11-16
                 team/fork-b.git: published: branch main; since 2023-11-15; removed in e57c7e6 on 2023-11-16
                 do: rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away

    ROTATE NOW   jourvex-key   jvx_live_TLsZ...   41ee19650aded98106b98c609ac8e6e5   in 1 repository   new
                 first seen 5b5acc2 2023-11-18 src/more.js:1 in app.git
                 app.git: published: branch more; since 2023-11-18
                 do: rotate it now at Settings -> API Access: the old key stops at once and the new one is shown only once, so be ready to set JOURVEX_API_KEY on the server and restart right away

    NOT READ     jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   not read again
                 first seen 2bcac69 2023-11-17 src/config.js:1 in fork-a.git
                 fork-a.git: published: branch main; since 2023-11-17; still in HEAD

    2 keys: 2 to rotate now (1 new, 1 changed, 1 not read again since then). 3 repositories.
    --- stderr
    ");
}

#[test]
fn a_list_has_paths_comments_and_addresses() {
    let fleet = Fleet::new();
    let app = fleet.at("app").display().to_string();
    let list = format!("# ours\nfleet/app.git\nfleet/none.git\nfleet\nfile://{app}\n");
    fs::write(fleet.repo.beside("list"), list).unwrap();
    // The name of an address of a folder is its path.
    let above = fleet.above().display().to_string();
    let named = |text: String| text.replace(&above[1..], "[FOLDER]");
    insta::assert_snapshot!(named(fleet.told("fleet list -o list.jsonl")), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: not read: fleet: fleet: not a git repository (nor is any folder above it); run inside one, or name one
    jvxleaks: not read: fleet/none.git: fleet/none.git: no such file or folder; name a repository, or run inside one
    jvxleaks: not read: [FOLDER]/fleet/app: it is listed by its address; give --clone-into DIR
    jvxleaks: 4 repositories, 3 of them not read whole. 1 key, in 1 of them. Took [N] ms.
    jvxleaks: `jvxleaks merge list.jsonl` lists the keys
    ");
    insta::assert_snapshot!(named(fleet.told("fleet list -o list.jsonl --clone-into clones")), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: not read: fleet: fleet: not a git repository (nor is any folder above it); run inside one, or name one
    jvxleaks: not read: fleet/none.git: fleet/none.git: no such file or folder; name a repository, or run inside one
    jvxleaks: 4 repositories, 2 of them not read whole. 1 key, in 2 of them. Took [N] ms.
    jvxleaks: `jvxleaks merge list.jsonl` lists the keys
    ");
    let names = records(&fleet.text("list.jsonl")).into_iter();
    let names = names.map(|(name, _)| named(name));
    insta::assert_snapshot!(names.collect::<Vec<_>>().join("\n"), @"
    fleet
    fleet/app.git
    fleet/none.git
    [FOLDER]/fleet/app
    ");
    // A second run fetches.
    fleet
        .repo
        .git(&format!("push -q {app} HEAD:refs/heads/third"));
    fleet.run("fleet list -o list.jsonl --clone-into clones");
    let keys = |text: &str| text.matches("\"fingerprint\"").count();
    assert_eq!(keys(&fleet.text("list.jsonl")), 4);
}

#[test]
fn an_address_with_a_password_is_not_read_and_not_repeated() {
    let fleet = Fleet::new();
    let list = format!("https://ops:{}@example.org/a.git\n", key(5));
    fs::write(fleet.repo.beside("list"), list).unwrap();
    insta::assert_snapshot!(fleet.told("fleet list -o list.jsonl"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: not read: example.org/a: list:1: the address holds a password; leave it to a credential helper of git, and take it out there
    jvxleaks: 1 repository, 1 of them not read whole. No keys. Took [N] ms.
    ");
}

#[test]
fn fingerprints_under_a_key_tell_strangers_nothing_and_come_together() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    fs::write(
        fleet.repo.beside("secret"),
        "0123456789abcdef0123456789abcdef\n",
    )
    .unwrap();
    fleet.run("fleet fleet -o plain.jsonl");
    fleet.run("fleet fleet --fingerprint-key secret -o keyed.jsonl");
    let ids = |name: &str| {
        let text = fleet.text(name);
        let parts = text.split("\"fingerprint\":\"").skip(1);
        let ids: std::collections::BTreeSet<String> =
            parts.map(|part| part[..32].to_owned()).collect();
        ids
    };
    assert_eq!(ids("keyed.jsonl").len(), 2);
    assert!(ids("keyed.jsonl").is_disjoint(&ids("plain.jsonl")));
    insta::assert_snapshot!(fleet.told("merge plain.jsonl keyed.jsonl").lines().take(4).collect::<Vec<_>>().join("\n"), @"
    exit 2
    --- stdout
    not read: the files: they were made with different fingerprint keys, so that one key may be listed twice; make them again with the same
    ");
}

#[test]
fn two_runs_do_not_write_one_file() {
    let fleet = Fleet::new();
    let part = fleet.repo.beside("all.jsonl.part");
    let file = fs::File::create(&part).unwrap();
    file.lock().unwrap();
    insta::assert_snapshot!(fleet.told("fleet fleet -o all.jsonl"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: all.jsonl.part: another run writes it; wait for that one, or choose another file with --output
    ");
}

#[test]
fn a_folder_in_a_repository_is_not_taken_for_that_one() {
    let fleet = Fleet::new();
    fs::create_dir(fleet.repo.path().join("inner")).unwrap();
    fs::write(fleet.repo.beside("list"), "work/inner\n").unwrap();
    insta::assert_snapshot!(fleet.told("fleet list -o list.jsonl"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: not read: work/inner: it is no repository, and lies in that at [FOLDER]/work; name that one, or take it out of the list
    jvxleaks: 1 repository, 1 of them not read whole. No keys. Took [N] ms.
    ");
}

#[test]
fn progress_is_a_line_for_each_repository() {
    let fleet = Fleet::new();
    let run = fleet.run("fleet fleet -o all.jsonl --progress json -j 1");
    let lines = run.stderr.lines().filter(|line| line.starts_with('{'));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    {"done":1,"faults":0,"keys":1,"of":5,"repository":"app.git"}
    {"done":2,"faults":1,"keys":0,"of":5,"repository":"broken.git"}
    {"done":3,"faults":0,"keys":0,"of":5,"repository":"empty.git"}
    {"done":4,"faults":0,"keys":2,"of":5,"repository":"fork-a.git"}
    {"done":5,"faults":0,"keys":1,"of":5,"repository":"team/fork-b.git"}
    "#);
}

#[test]
fn records_that_differ_are_told_and_lose_no_key() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    let list =
        |name: &str| fs::write(fleet.repo.beside("list"), format!("fleet/{name}.git\n")).unwrap();
    list("fork-a");
    fleet.run("fleet list -o new.jsonl");
    fs::remove_dir_all(fleet.at("fork-a")).unwrap();
    fs::rename(fleet.at("app"), fleet.at("fork-a")).unwrap();
    fleet.run("fleet list -o old.jsonl");
    let told = fleet.told("merge new.jsonl old.jsonl");
    assert_eq!(fleet.told("merge old.jsonl new.jsonl"), told);
    let told: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with(|c: char| !c.is_whitespace()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    exit 2
    --- stdout
    not read: fleet/fork-a.git: its records differ, by time or since two repositories are called so; leave out the files that are out of date, or audit them under one list
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 1 repository
    ROTATE NOW   jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository
    2 keys: 2 to rotate now. 1 repository.
    --- stderr
    ");
}

#[test]
fn a_key_is_gone_only_if_its_repositories_were_read_since_then() {
    let fleet = Fleet::new();
    fleet.run("fleet fleet/app.git fleet/fork-a.git -o old.jsonl");
    fleet.run("fleet fleet/app.git -o new.jsonl");
    fleet.run("fleet fleet/app.git fleet/fork-a.git --disable url-password -o other.jsonl");
    fs::write(fleet.at("fork-a").join("HEAD"), "ref: refs/heads/none\n").unwrap();
    fleet.run("fleet fleet/app.git fleet/fork-a.git -o same.jsonl");
    let told = ["new", "other", "same"].map(|name| {
        let run = fleet.run(&format!("merge {name}.jsonl --since-report old.jsonl"));
        let lines = run
            .stdout
            .lines()
            .filter(|line| line.starts_with(|c: char| !c.is_whitespace()));
        format!(
            "{name}: exit {}\n{}",
            run.exit.unwrap(),
            lines.collect::<Vec<_>>().join("\n")
        )
    });
    insta::assert_snapshot!(told.join("\n"), @"
    new: exit 2
    not read: fleet/fork-a.git: the earlier report has keys of it, and it was not read whole since then; audit it again
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 1 repository   changed
    NOT READ     jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   not read again
    1 key: 1 to rotate now (1 changed, 1 not read again since then). 1 repository.
    other: exit 2
    not read: the earlier report: it was made with other rules, options or fingerprint keys; compare what was made alike
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 2 repositories   unchanged
    ROTATE NOW   jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   unchanged
    2 keys: 2 to rotate now. 2 repositories.
    same: exit 1
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 2 repositories   unchanged
    ROTATE NOW   jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   changed
    2 keys: 2 to rotate now (1 changed since then). 2 repositories.
    ");
}

#[test]
fn a_key_that_was_pushed_over_between_two_runs_is_still_published() {
    let fleet = Fleet::new();
    let app = fleet.at("app").display().to_string();
    fs::write(fleet.repo.beside("list"), format!("file://{app}\n")).unwrap();
    let push = |what: &str| fleet.repo.git(&format!("push -q -f {app} {what}"));
    push("HEAD:main HEAD:refs/heads/side");
    let told = |step: &str| {
        fleet.run("fleet list --clone-into clones -o all.jsonl");
        let run = fleet.run("merge all.jsonl");
        let lines = run.stdout.lines().filter(|line| line.contains("published"));
        let lines = lines.map(|line| line[line.find("published").unwrap()..].to_owned());
        format!("{step}\n{}", lines.collect::<Vec<_>>().join("\n"))
    };
    let first = told("the key is on main and on side");
    push("HEAD~2:main :side");
    let second = told("main is pushed over, side is deleted");
    let third = told("nothing happens");
    push("HEAD:main");
    let fourth = told("main is as before");
    insta::assert_snapshot!([first, second, third, fourth].join("\n"), @"
    the key is on main and on side
    published: branch main, branch side; since 2023-11-15; removed in e57c7e6 on 2023-11-16
    published: branch main, branch side; since 2023-11-17; still in HEAD
    main is pushed over, side is deleted
    published: branch main, FETCH_HEAD; since 2023-11-15; still in HEAD
    published: FETCH_HEAD; since 2023-11-17
    nothing happens
    published: branch main, FETCH_HEAD; since 2023-11-15; still in HEAD
    published: FETCH_HEAD; since 2023-11-17
    main is as before
    published: branch main, FETCH_HEAD; since 2023-11-15; removed in e57c7e6 on 2023-11-16
    published: branch main; since 2023-11-17; still in HEAD
    ");
}

#[test]
fn what_a_remote_filled_or_a_server_was_given_is_published() {
    let fleet = Fleet::new();
    let git = |words: &str| fleet.repo.git(words);
    let at = |name: &str| fleet.above().join(name).display().to_string();
    let told = |name: &str| {
        let run = fleet.run(&format!("fleet {} -o {name}.jsonl", at(name)));
        assert_ne!(run.exit, Some(2), "{}", run.stderr);
        let text = fleet.text(&format!("{name}.jsonl"));
        let record = records(&text).remove(0).1;
        let key = |key: &Value| format!("{} {} {}", key["action"], key["published"], key["local"]);
        let keys = record["keys"].as_array().unwrap().iter().map(key);
        format!("{name}: {}", keys.collect::<Vec<_>>().join("; "))
    };
    let source = fleet.repo.path().display().to_string();
    git(&format!("clone -q --bare {source} {}", at("bare")));
    git(&format!(
        "-C {} worktree add -q {} main",
        at("bare"),
        at("tree")
    ));
    git(&format!("clone -q --bare {source} {}", at("unset")));
    git(&format!("-C {} config --unset core.bare", at("unset")));
    // A remote of which nothing but refs of its own is here.
    for (name, target) in [
        ("prefetch", "refs/prefetch/remotes/origin"),
        ("upstream", "refs/upstream"),
    ] {
        git(&format!("init -q {}", at(name)));
        git(&format!("-C {} remote add up {source}", at(name)));
        git(&format!(
            "-C {} config remote.up.fetch +refs/heads/*:{target}/*",
            at(name)
        ));
        git(&format!("-C {} fetch -q up", at(name)));
        fs::remove_file(fleet.above().join(name).join(".git/FETCH_HEAD")).unwrap();
    }
    git(&format!(
        "-C {} config --unset remote.up.fetch",
        at("prefetch")
    ));
    // A server on which the key was pushed over.
    git(&format!("init -q --bare {}", at("server")));
    git(&format!(
        "-C {} config core.logAllRefUpdates true",
        at("server")
    ));
    git(&format!("push -q {} HEAD:refs/heads/main", at("server")));
    git("checkout -q --orphan clean");
    git("rm -rfq .");
    fleet.repo.commit("clean");
    git(&format!("push -q -f {} HEAD:refs/heads/main", at("server")));
    let all = ["bare", "tree", "unset", "prefetch", "upstream", "server"].map(told);
    insta::assert_snapshot!(all.join("\n"), @r#"
    bare: "rotate" ["refs/heads/main"] []; "rotate" ["refs/heads/main"] []
    tree: "rotate" ["refs/heads/main"] []; "rotate" ["refs/heads/main"] []
    unset: "rotate" ["refs/heads/main"] []; "rotate" ["refs/heads/main"] []
    prefetch: "rotate" ["refs/prefetch/remotes/origin/main"] []; "rotate" ["refs/prefetch/remotes/origin/main"] []
    upstream: "rotate" ["refs/upstream/main"] []; "rotate" ["refs/upstream/main"] []
    server: "rotate" ["refs/heads/main@{1}"] []; "rotate" ["refs/heads/main@{1}"] []
    "#);
}

/// A clone with a key on a branch, and what was done with that branch.
#[test]
fn a_branch_is_published_as_far_as_git_knows() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.folder()).unwrap();
    let told = |(name, steps): (&str, &[&str])| {
        let folder = fleet.above().join(name);
        let shown = folder.display().to_string();
        let server = fleet
            .above()
            .join(format!("{name}.git"))
            .display()
            .to_string();
        let git = |words: &str| fleet.repo.git(words);
        git(&format!("init -q --bare {server}"));
        git(&format!("init -q -b main {shown}"));
        let here = |words: &str| git(&format!("-C {shown} {words}"));
        here(&format!("remote add origin {server}"));
        here("commit -q --allow-empty -m first");
        here("push -q -u origin main");
        here("switch -q -c feat");
        fs::write(folder.join("a.txt"), key(1)).unwrap();
        here("add -A");
        here("commit -q -m key");
        for step in steps {
            if let Some(words) = step.strip_prefix("server ") {
                git(&format!("-C {server} {words}"));
            } else if let Some(bytes) = step.strip_prefix("log ") {
                let log = folder.join(".git/logs/refs/remotes/origin/feat");
                fs::write(log, bytes).unwrap();
            } else {
                here(step);
            }
        }
        let run = fleet.run(&format!("history --no-cache {shown} -f concise"));
        let word = ["ROTATE NOW", "AMEND", "EXPIRE"];
        let word = word.iter().find(|word| run.stdout.contains(**word));
        format!("{name}: {} {}", run.exit.unwrap(), word.unwrap_or(&"-"))
    };
    let push = "push -q -u origin feat";
    let cases: [(&str, &[&str]); 8] = [
        ("never-pushed", &[]),
        ("pushed", &[push]),
        (
            "gone-at-the-remote",
            &[push, "server branch -q -D feat", "fetch -q --prune"],
        ),
        ("pulled-from-here", &["switch -q main", "pull -q . feat"]),
        (
            "fetched-as-a-request",
            &[
                "push -q origin feat:refs/pull/7/head",
                "branch -q -M feat mine",
                "switch -q main",
                "branch -q -D mine",
                "fetch -q origin refs/pull/7/head:pr7",
                "fetch -q",
            ],
        ),
        (
            "refspecs-of-every-kind",
            &[
                "config --add remote.origin.fetch ^refs/heads/x",
                "config --add remote.origin.fetch refs/pull/7/head",
            ],
        ),
        ("damaged-reflog", &[push, "log nonsense\n\n"]),
        ("reflog-being-written", &[push, "log nonsense"]),
    ];
    insta::assert_snapshot!(cases.map(told).join("\n"), @"
    never-pushed: 1 AMEND
    pushed: 1 ROTATE NOW
    gone-at-the-remote: 1 ROTATE NOW
    pulled-from-here: 1 AMEND
    fetched-as-a-request: 1 ROTATE NOW
    refspecs-of-every-kind: 1 AMEND
    damaged-reflog: 2 ROTATE NOW
    reflog-being-written: 1 ROTATE NOW
    ");
}

#[test]
fn what_was_pushed_away_from_a_server_is_still_published() {
    let fleet = Fleet::new();
    let fork = fleet.at("fork-a");
    let run = |step: &str| {
        let run = fleet.run(&format!("history --no-cache {} -f concise", fork.display()));
        format!("{step}: {}", run.stdout.matches("ROTATE NOW").count())
    };
    let before = run("before");
    fleet
        .repo
        .git(&format!("push -q -f {} HEAD~2:main", fork.display()));
    insta::assert_snapshot!([before, run("pushed over")].join("\n"), @"
    before: 2
    pushed over: 2
    ");
}

#[test]
fn what_a_project_hides_is_neither_gone_nor_lost() {
    let fleet = Fleet::new();
    let folder = fleet.above().join("own");
    let shown = folder.display();
    fleet.repo.git(&format!(
        "clone -q {} {shown}",
        fleet.at("fork-a").display()
    ));
    fleet.run("fleet own -o old.jsonl");
    let told = |config: &str| {
        fs::write(folder.join(".jvxleaks.toml"), config).unwrap();
        let run = fleet.run("fleet own -o new.jsonl");
        let merged = fleet.run("merge new.jsonl --since-report old.jsonl");
        let lines = merged.stdout.lines();
        let lines = lines.filter(|line| line.starts_with(|c: char| !c.is_whitespace()));
        let lines = lines.collect::<Vec<_>>().join("\n");
        format!("{config}exit {:?}, {:?}\n{lines}\n", run.exit, merged.exit)
    };
    let all = [
        "[rules]\ndisable = [\"jourvex-key\"]\n",
        "severity = \"critical\"\n[rules.\"jourvex-key\"]\nseverity = \"low\"\n",
        "bogus = 1\n",
    ];
    insta::assert_snapshot!(all.map(told).join("\n"), @r#"
    [rules]
    disable = ["jourvex-key"]
    exit Some(0), Some(2)
    not read: own: a key of it is told no more, and its own files accept, exclude or judge otherwise now; `jvxleaks history --no-config` there tells whether it is gone
    HIDDEN       jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 1 repository   hidden by its project
    HIDDEN       jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   hidden by its project
    No keys (2 hidden by its project since then). 1 repository. Rules of their own have own; --no-config reads them by the usual ones.

    severity = "critical"
    [rules."jourvex-key"]
    severity = "low"
    exit Some(0), Some(2)
    not read: own: a key of it is told no more, and its own files accept, exclude or judge otherwise now; `jvxleaks history --no-config` there tells whether it is gone
    HIDDEN       jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 1 repository   hidden by its project
    HIDDEN       jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   hidden by its project
    No keys (2 hidden by its project since then). 1 repository. Rules of their own have own; --no-config reads them by the usual ones.

    bogus = 1
    exit Some(2), Some(2)
    not read: own: the earlier report has keys of it, and it was not read whole since then; audit it again
    not read: own: own/.jvxleaks.toml:1: unknown field `bogus`, expected one of `severity`, `fail-on`, `foreign-allows`, `baseline`, `paths`, `rules`, `server`, `allow`; what it says was passed over
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 1 repository   unchanged
    ROTATE NOW   jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   unchanged
    2 keys: 2 to rotate now. 1 repository, 1 of them not read whole.
    "#);
    fs::remove_file(folder.join(".jvxleaks.toml")).unwrap();
    // The configuration asks for what the option says otherwise.
    fs::write(folder.join(".jvxleaks.toml"), "severity = \"critical\"\n").unwrap();
    fleet.run("fleet own -o level.jsonl");
    fleet.run("fleet own --severity low -o level.jsonl");
    let kept = fleet.text("level.jsonl");
    fleet.run("fleet own --severity low --no-cache -o level.jsonl");
    assert_eq!(kept, fleet.text("level.jsonl"));
}

#[test]
fn what_an_audit_skipped_is_told_of_many_too() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 1200\n",
        "ab".repeat(32)
    );
    fleet.repo.write("assets/keys.bin", pointer);
    fleet
        .repo
        .write("old.7z", b"7z\xbc\xaf\x27\x1c\x00\x04 and the rest of it");
    fleet.repo.commit("large");
    let app = fleet.at("app").display().to_string();
    fleet.repo.git(&format!("push -q {app} HEAD:main"));
    fleet.run("fleet fleet -o all.jsonl");
    let merged = fleet.run("merge all.jsonl");
    insta::assert_snapshot!(merged.stdout.lines().last().unwrap(), @"2 keys: 2 to rotate now. 4 repositories. Skipped: 7z archive (1), LFS object not here: git lfs fetch --all (1).");
}

#[test]
fn a_repository_that_an_inventory_has_no_more_is_not_asked_for() {
    let fleet = Fleet::new();
    fs::remove_dir_all(fleet.at("broken")).unwrap();
    fleet.run("fleet fleet -o old.jsonl");
    fs::remove_dir_all(fleet.at("fork-a")).unwrap();
    fleet.run("fleet fleet -o new.jsonl");
    let run = fleet.run("merge new.jsonl --since-report old.jsonl --inventory fleet");
    let lines = run.stdout.lines();
    let lines = lines.filter(|line| line.starts_with(|c: char| !c.is_whitespace()));
    let lines = lines.collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(format!("exit {}\n{lines}", run.exit.unwrap()), @"
    exit 1
    ROTATE NOW   jourvex-key   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94   in 2 repositories   changed
    NOT READ     jourvex-key   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b   in 1 repository   not read again
    1 key: 1 to rotate now (1 changed, 1 not read again since then). 3 repositories.
    ");
}

#[test]
fn repositories_are_found_in_the_folders_of_bare_ones_and_where_submodules_left_them() {
    let fleet = Fleet::new();
    let git = |words: &str| fleet.repo.git(words);
    let at = |name: &str| fleet.above().join(name).display().to_string();
    let app = fleet.at("app").display().to_string();
    git(&format!("clone -q --bare {app} {}", at("all/bare")));
    git(&format!("clone -q {app} {}", at("all/bare/main/vendored")));
    git(&format!("clone -q {app} {}", at("all/super")));
    git(&format!(
        "-C {} -c protocol.file.allow=always submodule add -q {app} sub",
        at("all/super")
    ));
    git(&format!("-C {} commit -qm sub", at("all/super")));
    let names = || {
        fleet.run("fleet all all -o all.jsonl");
        let names = records(&fleet.text("all.jsonl")).into_iter();
        names.map(|(name, _)| name).collect::<Vec<_>>().join("\n")
    };
    let before = names();
    git(&format!("-C {} submodule deinit -f sub", at("all/super")));
    insta::assert_snapshot!(format!("{before}\n--\n{}", names()), @"
    all/bare
    all/bare/main/vendored
    all/super
    all/super/sub
    --
    all/bare
    all/bare/main/vendored
    all/super
    all/super/.git/modules/sub
    ");
}

#[test]
fn repositories_within_others_are_read_too() {
    let fleet = Fleet::new();
    let inner = fleet.folder().join("outer/inner");
    let inner = inner.display();
    fleet.repo.git(&format!(
        "clone -q . {}",
        fleet.folder().join("outer").display()
    ));
    fleet.repo.git(&format!("clone -q . {inner}"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(fleet.repo.path(), fleet.folder().join("linked")).unwrap();
    fleet.run("fleet fleet -o all.jsonl");
    let names = records(&fleet.text("all.jsonl"))
        .into_iter()
        .map(|(name, _)| name);
    insta::assert_snapshot!(names.collect::<Vec<_>>().join(" "), @"app.git broken.git empty.git fork-a.git linked outer outer/inner team/fork-b.git");
}

#[test]
fn a_file_that_holds_no_records_is_not_replaced() {
    let fleet = Fleet::new();
    fs::write(fleet.repo.beside("notes.txt"), "mine\n").unwrap();
    insta::assert_snapshot!(fleet.told("fleet fleet/app.git -o notes.txt"), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: notes.txt: it is there and holds no records; choose another file with --output, or remove it
    ");
    assert_eq!(fleet.text("notes.txt"), "mine\n");
}

#[test]
fn a_mirror_that_cannot_be_fetched_is_read_as_it_is() {
    let fleet = Fleet::new();
    let app = fleet.at("app");
    fs::write(
        fleet.repo.beside("list"),
        format!("file://{}\n", app.display()),
    )
    .unwrap();
    fleet.run("fleet list --clone-into clones -o all.jsonl");
    fs::rename(&app, fleet.folder().join("moved")).unwrap();
    fleet.run("fleet list --clone-into clones -o all.jsonl");
    let record = records(&fleet.text("all.jsonl")).remove(0).1;
    let fault = record["faults"][0]["what"].as_str().unwrap();
    assert_eq!(record["keys"].as_array().unwrap().len(), 1);
    assert!(fault.starts_with("it cannot be fetched: fatal:"), "{fault}");
}

#[test]
fn a_damaged_index_of_a_pack_is_a_fault_of_its_repository_alone() {
    let fleet = Fleet::new();
    let fork = fleet.at("fork-a");
    fleet.repo.git(&format!("-C {} gc -q", fork.display()));
    let packs = fs::read_dir(fork.join("objects/pack")).unwrap();
    let mut packs = packs.map(|entry| entry.unwrap().path());
    let index = packs.find(|path| path.extension().is_some_and(|e| e == "idx"));
    let index = index.unwrap();
    let mut bytes = fs::read(&index).unwrap();
    // The place of an object, in front of the two checksums.
    let at = bytes.len() - 44;
    bytes[at] ^= 0x55;
    fs::remove_file(&index).unwrap();
    fs::write(&index, bytes).unwrap();
    assert_eq!(fleet.run("fleet fleet -o all.jsonl").exit, Some(2));
    let records = records(&fleet.text("all.jsonl"));
    assert_eq!(records.len(), 5);
    let faults = |name: &str| {
        let record = records.iter().find(|(own, _)| own == name).unwrap();
        record.1["faults"].to_string()
    };
    assert!(faults("fork-a.git").contains("this index is damaged"));
    assert_eq!(faults("app.git"), "[]");
}
