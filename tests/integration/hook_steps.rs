//! The steps of a refused commit or push, typed as they are printed: afterwards it goes through.

use crate::repo::Repo;
use crate::workspace::key;

/// A repository with hooks, and with a commit that a remote has.
fn with_hooks() -> Repo {
    let repo = Repo::new();
    repo.write("readme.txt", "x");
    repo.commit("first");
    let remote = repo.beside("remote.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
    repo.scan("hook install --pre-commit --pre-push --commit-msg");
    repo
}

fn commands(said: &str) -> Vec<&str> {
    let lines = said.lines().filter_map(|line| line.strip_prefix("    "));
    lines.filter(|line| line.starts_with("git ")).collect()
}

/// Has a shell run a command as it is printed, with `sequence` as the editor of the list that a rebase opens.
fn typed(repo: &Repo, command: &str, sequence: &str) -> bool {
    let words = ["-c", "alias.sh=!sh", "sh", "-c", command];
    let mut git = repo.git_command(&repo.path(), &words);
    git.env("GIT_SEQUENCE_EDITOR", sequence)
        .env("GIT_EDITOR", "true");
    git.output().unwrap().status.success()
}

#[test]
fn every_file_of_many_is_added_by_the_commands() {
    let repo = with_hooks();
    let files: Vec<String> = (0..30).map(|n| format!("f{n:02}.txt")).collect();
    files.iter().for_each(|file| repo.write(file, key(1)));
    repo.git("add -A");
    let commit = ["commit", "-q", "-m", "second"];
    let said = repo.refused(&repo.path(), &commit).unwrap();
    assert!(said.contains("f19.txt and 10 more files, then"), "{said}");
    files.iter().for_each(|file| repo.write(file, "clean"));
    for command in commands(&said) {
        assert!(typed(&repo, command, "true"), "{command}");
    }
    assert_eq!(repo.refused(&repo.path(), &commit), None);
}

#[test]
fn a_staged_file_whose_name_holds_a_key_is_renamed() {
    let repo = with_hooks();
    repo.write(&format!("sub dir/f-{}.txt", key(1)), "x");
    repo.git("add -A");
    let commit = ["commit", "-q", "-m", "second"];
    let said = repo.refused(&repo.path(), &commit).unwrap();
    assert!(!said.contains("git add"), "{said}");
    let found = commands(&said);
    let command = *found.first().unwrap();
    assert_eq!(found.len(), 1, "{said}");
    assert!(typed(&repo, command, "true"), "{command}");
    assert_eq!(repo.git("diff --cached --name-only"), "sub dir/NEW-NAME");
    assert_eq!(repo.refused(&repo.path(), &commit), None);
}

#[test]
fn a_file_in_a_folder_whose_name_holds_a_key_is_renamed_with_it() {
    let repo = with_hooks();
    let file = format!("f-{}/a.txt", key(1));
    repo.write(&file, key(2));
    repo.git("add -A");
    let commit = ["commit", "-q", "-m", "second"];
    let said = repo.refused(&repo.path(), &commit).unwrap();
    repo.write(&file, "clean");
    for command in commands(&said) {
        assert!(typed(&repo, command, "true"), "{command}: {said}");
    }
    assert_eq!(repo.git("diff --cached --name-only"), "NEW-NAME/a.txt");
    assert_eq!(repo.refused(&repo.path(), &commit), None);
}

/// Types the steps of a push of `main`, with each commit of the rebase marked as `edit`.
fn pushed_after_steps(repo: &Repo) {
    let push = ["push", "-q", "origin", "main"];
    let said = repo.refused(&repo.path(), &push).unwrap();
    let steps = said.split("if git stops on a conflict").next().unwrap();
    for command in commands(steps) {
        let done = typed(repo, command, "sed -i -e 0,/^pick/s//edit/");
        assert!(
            done || command == "git rebase --continue",
            "{command}: {said}"
        );
    }
    let said = repo.refused(&repo.path(), &push);
    assert_eq!(said, None);
}

#[test]
fn a_commit_that_brought_in_a_name_with_a_key_renames_it() {
    let repo = with_hooks();
    repo.write(&format!("f-{}.txt", key(1)), "x");
    repo.git("add -A");
    repo.git("commit -q --no-verify -m leak");
    repo.write("later.txt", "y");
    repo.git("add -A");
    repo.git("commit -q --no-verify -m later");
    repo.write("readme.txt", "changed and not committed");
    pushed_after_steps(&repo);
    assert_eq!(repo.git("status --porcelain"), " M readme.txt");
    let files = repo.git("ls-tree --name-only HEAD");
    assert_eq!(files, "NEW-NAME\nlater.txt\nreadme.txt");
}

#[test]
fn a_commit_by_an_author_whose_name_holds_a_key_gets_another() {
    for later in [false, true] {
        let repo = with_hooks();
        let author = format!("--author={} <a@example.com>", key(1));
        let words = [
            "commit",
            "-q",
            "--allow-empty",
            "--no-verify",
            "-m",
            "x",
            &author,
        ];
        repo.run(&repo.path(), &words);
        if later {
            repo.write("later.txt", "y");
            repo.git("add -A");
            repo.git("commit -q --no-verify -m later");
        }
        let said = repo.refused(&repo.path(), &["push", "-q", "origin", "main"]);
        let said = said.unwrap();
        assert!(!said.contains("reword"), "{said}");
        pushed_after_steps(&repo);
        assert!(!repo.git("log --format=%an").contains("jvx_"), "{said}");
    }
}

#[test]
fn a_branch_or_tag_whose_name_holds_a_key_is_renamed_and_no_commit_rewritten() {
    let repo = with_hooks();
    repo.write("more.txt", "y");
    repo.git("add -A");
    repo.git("commit -q -m more");
    let name = format!("fix-{}", key(1));
    for kind in ["branch", "tag"] {
        repo.git(&format!("{kind} {name}"));
        let head = repo.head();
        let pushed = match kind {
            "tag" => format!("refs/tags/{name}"),
            _ => format!("refs/heads/{name}"),
        };
        let said = repo.refused(&repo.path(), &["push", "-q", "origin", &pushed]);
        let said = said.unwrap();
        assert!(!said.contains("rewrite"), "{said}");
        assert!(!said.contains("git add"), "{said}");
        for command in commands(&said) {
            assert!(typed(&repo, command, "true"), "{command}: {said}");
        }
        assert_eq!(repo.head(), head);
        let refs = repo.git("for-each-ref --format=%(refname)");
        assert!(
            !refs.contains("jvx_") && refs.contains("/NEW-NAME"),
            "{refs}"
        );
        let new = pushed.replace(&name, "NEW-NAME");
        assert_eq!(
            repo.refused(&repo.path(), &["push", "-q", "origin", &new]),
            None
        );
    }
}

#[test]
fn a_refused_message_is_edited_in_any_folder() {
    let repo = with_hooks();
    repo.write("sub/readme.txt", "y");
    repo.git("add -A");
    let sub = repo.path().join("sub");
    let message = format!("Use {}", key(1));
    let said = repo
        .refused(&sub, &["commit", "-q", "-m", &message])
        .unwrap();
    let (_, command) = said.split_once("out of the message: ").unwrap();
    let command = command.lines().next().unwrap();
    let words = ["-c", &format!("alias.sh=!cd sub && {command}"), "sh"];
    let mut git = repo.git_command(&repo.path(), &words);
    git.env("GIT_EDITOR", "sed -i s/jvx_live_.*/KEY/");
    assert!(git.status().unwrap().success(), "{command}");
    assert_eq!(repo.git("log -1 --format=%s"), "Use KEY");
}
