//! Installed hooks, started by git itself in real commits, merges and pushes.

use crate::repo::Repo;
use crate::workspace::key;

/// A repository with hooks, one commit, and a remote that lacks it.
fn with_hooks() -> Repo {
    let repo = Repo::new();
    repo.write("readme.txt", "x");
    repo.commit("first");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    let scan = repo.scan("hook install --pre-commit --pre-push --commit-msg");
    assert_eq!(scan.exit, Some(0), "{}", scan.stderr);
    repo
}

fn stopped(repo: &Repo, words: &[&str]) -> bool {
    let said = repo.refused(&repo.path(), words);
    if let Some(said) = &said {
        assert!(said.contains("jourvex-key"), "{words:?}: {said}");
    }
    said.is_some()
}

#[test]
fn a_staged_leak_stops_a_commit_in_every_way_to_make_one() {
    let repo = with_hooks();
    repo.write("readme.txt", key(1));
    assert!(stopped(&repo, &["commit", "-q", "-a", "-m", "all"]));
    assert!(stopped(
        &repo,
        &["commit", "-q", "-m", "path", "--", "readme.txt"]
    ));
    repo.git("add -A");
    repo.write("readme.txt", "hidden by an edit");
    assert!(stopped(&repo, &["commit", "-q", "-m", "staged"]));
    assert!(stopped(
        &repo,
        &["commit", "-q", "--amend", "-m", "amended"]
    ));
    repo.git("add -A");
    repo.write("readme.txt", key(2));
    assert!(!stopped(
        &repo,
        &["commit", "-q", "-m", "clean, whatever is on disk"]
    ));
    assert!(stopped(
        &repo,
        &["commit", "-q", "--allow-empty", "-m", &key(3)]
    ));
    repo.git("add -A");
    assert!(!stopped(
        &repo,
        &["commit", "-q", "--no-verify", "-m", "on purpose"]
    ));
    let skipped = repo
        .git_command(&repo.path(), &["commit", "-q", "--amend", "-m", "again"])
        .env("SKIP", "jvxleaks")
        .status();
    assert!(skipped.unwrap().success());
}

#[test]
fn a_merge_with_a_leak_of_its_own_is_stopped() {
    let repo = with_hooks();
    repo.git("checkout -q -b side");
    repo.write("side.txt", "x");
    repo.commit("side");
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    repo.git("merge -q --no-commit --no-ff side");
    repo.write("evil.txt", key(1));
    repo.git("add -A");
    assert!(stopped(&repo, &["commit", "-q", "-m", "merge"]));
    repo.git("merge --abort");
    repo.git("checkout -q side");
    repo.write("leak.txt", key(2));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.git("checkout -q main");
    assert!(stopped(
        &repo,
        &["merge", "-q", "side", "-m", "by git alone"]
    ));
}

#[test]
fn a_linked_work_tree_has_the_same_hooks() {
    let repo = with_hooks();
    let linked = repo.beside("linked");
    repo.git(&format!("worktree add -q {} -b wip", linked.display()));
    std::fs::write(linked.join("x.txt"), key(1)).unwrap();
    repo.git_in(&linked, "add -A");
    let said = repo.refused(&linked, &["commit", "-q", "-m", "leak"]);
    assert!(said.unwrap().contains("x.txt:1:1"));
    std::fs::write(linked.join("x.txt"), "clean").unwrap();
    let said = repo.refused(&linked, &["commit", "-q", "-a", "-m", "clean"]);
    assert_eq!(said, None);
}

#[test]
fn a_push_is_stopped_by_any_commit_of_any_branch() {
    let repo = with_hooks();
    let leak = |name: &str, seed| {
        repo.git("checkout -q main");
        repo.git(&format!("checkout -q -b {name}"));
        repo.write("leak.txt", key(seed));
        repo.git("add -A");
        repo.git("commit -q --no-verify -m leak");
    };
    repo.git("branch clean");
    leak("leaking", 1);
    assert!(stopped(
        &repo,
        &["push", "-q", "origin", "clean", "leaking"]
    ));
    assert!(!stopped(&repo, &["push", "-q", "origin", "main", "clean"]));
    leak("mended", 2);
    repo.git("rm -q leak.txt");
    repo.git("commit -q -m removed");
    assert!(stopped(&repo, &["push", "-q", "origin", "mended"]));
    assert!(!stopped(
        &repo,
        &["push", "-q", "origin", "--delete", "clean"]
    ));
    assert!(!stopped(
        &repo,
        &["push", "-q", "--no-verify", "origin", "leaking"]
    ));
    repo.git("checkout -q leaking");
    repo.git("commit -q --allow-empty -m more");
    assert!(
        !stopped(&repo, &["push", "-q", "origin", "leaking"]),
        "what is there is no news"
    );
}

#[test]
fn the_first_push_of_a_root_commit_is_read() {
    let repo = Repo::new();
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.write("root.txt", key(1));
    repo.commit("root");
    assert_eq!(repo.scan("hook install --pre-push").exit, Some(0));
    assert!(stopped(&repo, &["push", "-q", "origin", "main"]));
    assert!(stopped(
        &repo,
        &["push", "-q", &remote.to_string_lossy(), "main"]
    ));
}

/// A repository with the hook for pushes, whose remote `origin` has a commit with a key.
fn published() -> Repo {
    let repo = Repo::new();
    for name in ["old.git", "new.git"] {
        repo.git(&format!("init -q --bare -b main ../{name}"));
    }
    repo.git("remote add origin ../old.git");
    repo.commit("base");
    repo.write("leak.txt", key(1));
    repo.commit("leak");
    repo.git("push -q origin main");
    assert_eq!(repo.scan("hook install --pre-push").exit, Some(0));
    repo
}

#[test]
fn what_another_repository_had_is_read_before_it_is_pushed() {
    type Change = fn(&Repo);
    let changes: [(&str, Change); 6] = [
        ("another address", |repo| {
            repo.git("remote set-url origin ../new.git");
        }),
        ("another address for pushes", |repo| {
            repo.git("remote set-url --push origin ../new.git");
        }),
        ("made anew", |repo| {
            std::fs::remove_dir_all(repo.beside("old.git")).unwrap();
            repo.git("init -q --bare -b main ../old.git");
        }),
        ("scrubbed", |repo| {
            repo.git("push -q --no-verify -f origin main~:refs/heads/main");
            repo.git("update-ref refs/remotes/origin/main main");
        }),
        ("a name that begins another's", |repo| {
            repo.git("remote rename origin pub/priv");
            repo.git("remote add pub ../new.git");
            repo.git("config remote.pushDefault pub");
        }),
        ("the other name", |repo| {
            repo.git("remote add pub/priv ../new.git");
            repo.git("update-ref refs/remotes/origin/priv/main main");
            repo.git("remote rename origin pub");
            repo.git("config remote.pushDefault pub/priv");
        }),
    ];
    for (what, change) in changes {
        let repo = published();
        change(&repo);
        repo.git("config push.default current");
        assert!(stopped(&repo, &["push", "-q", "-f"]), "{what}");
    }
}

#[test]
fn a_new_branch_is_read_from_where_the_remote_ends() {
    let repo = published();
    repo.git("checkout -q -b topic");
    repo.commit("more");
    assert!(!stopped(&repo, &["push", "-q", "origin", "topic"]));
    repo.git("checkout -q -b other");
    repo.git("remote set-url origin ../old");
    assert!(
        !stopped(&repo, &["push", "-q", "origin", "other"]),
        "the same place"
    );
}

#[test]
fn a_new_branch_for_another_place_than_was_cloned_is_read_whole() {
    let repo = published();
    let clone = repo.beside("clone");
    repo.git("clone -q ../old.git ../clone");
    repo.git_in(&clone, "checkout -q -b topic");
    repo.git_in(&clone, "config push.default current");
    repo.scan_in(&clone, "hook install --pre-push");
    let new = repo.beside("new.git");
    repo.git_in(&clone, &format!("remote set-url origin {}", new.display()));
    assert!(
        repo.refused(&clone, &["push", "-q", "origin", "topic"])
            .is_some()
    );
    repo.git(&format!("push -q --no-verify {} main", new.display()));
    repo.git_in(&clone, "fetch -q");
    assert_eq!(
        repo.refused(&clone, &["push", "-q", "origin", "topic"]),
        None,
        "fetched since"
    );
}

#[test]
fn a_push_of_nothing_passes_whatever_other_branches_hold() {
    let repo = with_hooks();
    assert!(!stopped(&repo, &["push", "-q", "origin", "main"]));
    repo.git("checkout -q -b wip");
    repo.write("leak.txt", key(1));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    assert!(!stopped(&repo, &["push", "-q", "origin", "main"]));
}

/// An editor that puts a comment line with a key on top of the message, and more below it.
fn editor(repo: &Repo, below: &str) -> String {
    let (top, end) = (repo.beside("top"), repo.beside("end"));
    std::fs::write(&top, format!("subject\n\n# {}\n", key(1))).unwrap();
    std::fs::write(&end, below).unwrap();
    let script = repo.beside("editor");
    let text = format!(
        "#!/bin/sh\ncat '{}' \"$1\" '{}' > '{}.new' && cat '{}.new' > \"$1\"\n",
        top.display(),
        end.display(),
        script.display(),
        script.display()
    );
    std::fs::write(&script, text).unwrap();
    format!("sh {}", script.display())
}

#[test]
fn a_message_is_read_as_git_stores_it_in_every_way_to_clean_it_up() {
    let repo = with_hooks();
    let stopped = |words: &str, below: &str| {
        let words: Vec<&str> = words.split(' ').chain(["--allow-empty"]).collect();
        let mut command = repo.git_command(&repo.path(), &words);
        let output = command
            .env("EDITOR", editor(&repo, below))
            .output()
            .unwrap();
        !output.status.success()
    };
    let stored = || repo.git("log -1 --format=%B").contains(&key(1));
    for (words, is_stored) in [
        ("commit -q", false),
        ("commit -q -v", false),
        ("commit -q --cleanup=strip", false),
        ("commit -q --cleanup=verbatim", true),
        ("commit -q --cleanup=whitespace", true),
        ("commit -q --cleanup=scissors", true),
        ("-c commit.cleanup=verbatim commit -q", true),
        ("-c commit.cleanup=scissors commit -q -v", true),
        ("-c core.commentChar=; commit -q", true),
        ("-c core.commentString=# commit -q", false),
    ] {
        assert_eq!(stopped(words, ""), is_stored, "{words}");
        if !is_stored {
            assert!(!stored(), "{words}");
        }
    }
    let typed = format!(
        "# ------------------------ >8 ------------------------\n# Do not touch\n- {}\n",
        key(2)
    );
    assert!(stopped("commit -q", &typed), "typed scissors");
}

#[test]
fn steps_can_be_typed_in_the_folder_where_the_commit_was() {
    let repo = with_hooks();
    repo.write("sub/b.txt", key(1));
    repo.git("add sub");
    let sub = repo.path().join("sub");
    let said = repo.refused(&sub, &["commit", "-m", "second"]).unwrap();
    assert!(said.contains("--> b.txt:1:1"), "{said}");
    let step = "add -- b.txt";
    assert!(said.contains(&format!("\n    git {step}\n")), "{said}");
    repo.write("sub/b.txt", "clean");
    repo.git_in(&sub, step);
    assert_eq!(repo.refused(&sub, &["commit", "-q", "-m", "second"]), None);
}

#[test]
fn a_refused_message_is_taken_out_as_it_says() {
    let repo = with_hooks();
    repo.write("readme.txt", "y");
    let words = ["commit", "-a", "-m", &format!("Use {}", key(1))];
    let said = repo.refused(&repo.path(), &words).unwrap();
    assert!(
        said.contains(
            "message: git commit --edit --file=\"$(git rev-parse --absolute-git-dir)/COMMIT_EDITMSG\""
        ),
        "{said}"
    );
    assert!(!said.contains("above the line"), "{said}");
}

/// The steps of a refused push, as they are printed.
fn steps_of(repo: &Repo, words: &[&str]) -> String {
    let said = repo.refused(&repo.path(), words).unwrap();
    let (_, steps) = said.split_once("rewrite it:\n").unwrap();
    let lines = steps.lines().take_while(|line| line.starts_with("  "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_branch_that_is_pushed_by_name_is_switched_to() {
    let repo = with_hooks();
    repo.git("checkout -q -b feat/x");
    repo.write("leak.txt", key(1));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.git("checkout -q main");
    let steps = steps_of(&repo, &["push", "-q", "origin", "feat/x"]);
    assert!(
        steps.starts_with("  on branch feat/x\n    git switch feat/x\n"),
        "{steps}"
    );
}

#[test]
fn a_tag_on_no_branch_is_made_anew() {
    let repo = with_hooks();
    repo.git("checkout -q --detach");
    repo.write("leak.txt", key(1));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.git("tag t1");
    repo.git("checkout -q main");
    let steps = steps_of(&repo, &["push", "-q", "origin", "t1"]);
    assert!(steps.contains("    git switch --detach t1\n"), "{steps}");
    assert!(steps.contains("    git tag -f t1\n"), "{steps}");
    assert!(!steps.contains("the branch that is pushed"), "{steps}");
}

#[test]
fn who_commits_on_top_of_a_commit_with_the_key_is_told_at_once() {
    let repo = with_hooks();
    repo.write("a.py", key(1));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.write("a.py", format!("{}\nmore\n", key(1)));
    let commit = ["commit", "-q", "-a", "-m", "more"];
    let said = repo.refused(&repo.path(), &commit).unwrap();
    assert!(said.contains("HEAD holds it too"), "{said}");
    assert!(said.contains("\n    jvxleaks history\n"), "{said}");
    repo.write("b.py", key(2));
    repo.git("checkout -q a.py");
    repo.git("add -A");
    let said = repo.refused(&repo.path(), &["commit", "-q", "-m", "new"]);
    assert!(!said.unwrap().contains("HEAD holds"));
}

#[test]
fn who_merges_a_commit_with_the_key_is_told_that_it_holds_it() {
    let repo = with_hooks();
    repo.git("checkout -q -b side");
    repo.write("side.txt", key(1));
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    let side = repo.head();
    repo.git("checkout -q main");
    repo.write("main.txt", "x");
    repo.commit("main");
    let told = format!("the merged commit {} holds it too", &side[..7]);
    let said = repo.refused(&repo.path(), &["merge", "-q", "side", "-m", "merge"]);
    let said = said.unwrap();
    assert!(said.contains(&told), "{said}");
    assert!(
        said.contains("\n    git merge --abort\n    jvxleaks history\n"),
        "{said}"
    );
    let said = repo
        .refused(&repo.path(), &["commit", "-q", "-m", "merge"])
        .unwrap();
    assert!(said.contains(&told), "{said}");
    repo.git("merge --abort");
    let audit = repo.scan("history --no-cache").stdout;
    assert!(audit.contains("git switch side"), "{audit}");
}

#[test]
fn a_refused_message_is_reworded_where_the_rebase_stops() {
    let repo = with_hooks();
    let message = format!("Use {}", key(1));
    repo.write("a.txt", "x");
    repo.git("add -A");
    repo.run(
        &repo.path(),
        &["commit", "-q", "--no-verify", "-m", &message],
    );
    let mut rebase = repo.git_command(&repo.path(), &["rebase", "-q", "-i", "HEAD^"]);
    rebase
        .env("GIT_SEQUENCE_EDITOR", "sed -i s/^pick/reword/")
        .env("GIT_EDITOR", "true");
    let output = rebase.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("nothing was committed"), "{said}");
    let steps = said
        .lines()
        .filter_map(|line| line.strip_prefix("    git "));
    let steps: Vec<&str> = steps.collect();
    let told = ["commit --amend --allow-empty", "rebase --continue"];
    assert_eq!(steps, told, "{said}");
    for step in steps {
        let words: Vec<&str> = step.split(' ').collect();
        let mut git = repo.git_command(&repo.path(), &words);
        git.env("GIT_EDITOR", "sed -i s/jvx_live_.*/KEY/");
        assert!(git.status().unwrap().success(), "{step}");
    }
    assert_eq!(repo.git("log -1 --format=%s"), "Use KEY");
    let refused = ["commit", "-q", "--allow-empty", "-m", &message];
    let said = repo.refused(&repo.path(), &refused).unwrap();
    assert!(said.contains("nothing was committed\n"), "{said}");
}

#[test]
fn a_configuration_that_cannot_be_read_ends_with_what_it_means_for_the_commit() {
    let repo = Repo::new();
    repo.scan("hook install");
    repo.write(".jvxleaks.toml", "[rules]\ndisabel = ['bearer-token']\n");
    repo.git("add -A");
    let said = repo.refused(&repo.path(), &["commit", "-q", "-m", "x"]);
    insta::assert_snapshot!(said.unwrap(), @"
    jvxleaks: error: .jvxleaks.toml:2: unknown field `disabel`, expected `enable`, `disable`, `files`, or a table for a rule; did you mean `disable`?
    jvxleaks: nothing was committed
    ");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("commit -q --no-verify -m x");
    let said = repo.refused(&repo.path(), &["push", "-q", "origin", "main"]);
    let said = said.unwrap();
    assert!(said.contains("\njvxleaks: nothing was pushed\n"), "{said}");
}
