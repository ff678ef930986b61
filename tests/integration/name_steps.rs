//! Keys in names that an audit finds: told as others are, and the steps work as they are typed.

use crate::repo::Repo;
use crate::workspace::key;
use insta::assert_snapshot;

/// A remote that has `main`.
fn with_remote(repo: &Repo) {
    let remote = repo.beside("origin.git");
    repo.git(&format!("init -q --bare {}", remote.display()));
    repo.git(&format!("remote add origin {}", remote.display()));
    repo.git("push -q origin main");
}

/// Types all commands of git in the steps of an audit into a shell, with the commits marked that they say to mark.
/// Before each of them, `done` does what the words above it say.
pub(crate) fn typed(repo: &Repo, done: impl Fn(&str)) {
    let said = repo.scan("history --no-cache -q").stdout;
    // Of a tag that a remote may have, the steps for one that it has.
    let said = said
        .split_once("otherwise:")
        .map_or(&*said, |(_, then)| then);
    let words: Vec<&str> = said.split_whitespace().collect();
    let marks = words.windows(2).filter(|pair| pair[0] == "mark");
    let marks = marks.map(|pair| format!(" -e 's/^pick {}/edit {}/'", pair[1], pair[1]));
    let sequence = format!("sed -i -e ''{}", marks.collect::<String>());
    let commands = said.lines().map(str::trim);
    for command in commands.filter(|line| line.starts_with("git ")) {
        done(command);
        let words = ["-c", "alias.sh=!sh", "sh", "-c", command];
        let mut git = repo.git_command(&repo.path(), &words);
        git.env("GIT_SEQUENCE_EDITOR", &sequence)
            .env("GIT_EDITOR", "true");
        let output = git.output().unwrap();
        let may_fail = command == "git rebase --continue";
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() || may_fail,
            "{command}: {error}{said}"
        );
    }
}

/// Nothing that a clone or its remote lists has a key in its name any more, nor has an object.
fn is_clean(repo: &Repo) {
    let after = repo.scan("history --no-cache");
    assert_eq!(after.exit, Some(0), "{}", after.stdout);
    let listed = repo.git("for-each-ref --format=%(refname)") + &repo.git("ls-tree -r HEAD");
    assert!(!listed.contains("jvx_"), "{listed}");
    if repo.beside("origin.git").exists() {
        let listed = repo.git("ls-remote origin");
        assert!(!listed.contains("jvx_"), "{listed}");
    }
}

/// A name that a later commit changed, and a branch that is called by the key.
fn renamed_later() -> Repo {
    let repo = Repo::new();
    repo.commit("root");
    let file = format!("{}.txt", key(1));
    repo.write(&file, "");
    repo.commit("add");
    repo.git(&format!("mv {file} b.txt"));
    repo.commit("rename");
    repo.git(&format!("branch b-{}", key(1)));
    repo
}

#[test]
fn a_key_in_names_is_a_key_to_amend() {
    let repo = renamed_later();
    let [added, head] = ["HEAD^", "HEAD"].map(|at| repo.git(&format!("rev-parse {at}")));
    let audit = |format: &str| {
        let scan = repo.scan(&format!("history --no-cache --format {format}"));
        assert!(!scan.stdout.contains(&key(1)[13..17]), "{}", scan.stdout);
        let text = scan.stdout.replace(&added[..7], "[ADDED]");
        text.replace(&head[..7], "[HEAD]")
    };
    let text = audit("text");
    let (_, keys) = text.split_once("AMEND").unwrap();
    assert_snapshot!(keys.lines().take(9).map(str::trim).collect::<Vec<_>>().join("\n"), @"
    jourvex-key at jvx_live_zEGC....txt!/(name):1   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94
    local only: branch main, branch b-jvx_live_zEGC..., not on any remote   since 2023-11-16, removed in [HEAD] on 2023-11-17
    first      [ADDED]  2023-11-16  jvx_live_zEGC....txt!/(name):1   last  [ADDED]  2023-11-16  jvx_live_zEGC....txt!/(name):1   2 places
    do         rewrite the commits from the oldest of these on
    git rebase -i --rebase-merges --autostash [ADDED]^
    in the list that opens, mark [ADDED] as `edit`
    at [ADDED]: take the key out of the name jvx_live_zEGC....txt, with a name for NEW-NAME (`*` stands for what is not shown)
    git mv -- jvx_live_zEGC*.txt NEW-NAME
    git rebase --continue
    ");
    let markdown = audit("markdown");
    let (_, row) = markdown.split_once("| **AMEND** |").unwrap();
    assert_snapshot!(row.lines().next().unwrap(), @" `local only: branch main, branch b-jvx_live_zEGC..., not on any remote` | `since 2023-11-16, removed in [HEAD] on 2023-11-17` | 2 | `649bd9f1fa20768fe9ad1fae7a267d94` |");
    let json = repo.scan("history --no-cache --format json").json();
    assert_eq!(json["keys"][0]["action"], "amend");
    assert_eq!(json["keys"][0]["first_seen"]["commit"], *added);
    assert_eq!(json["keys"][0]["removed_in"]["commit"], *head);
    assert_snapshot!(json["keys"][0]["local"], @r#"["refs/heads/main","refs/heads/b-jvx_live_zEGC..."]"#);
    assert_snapshot!(json["findings"][0]["origin"]["refs"], @r#"["refs/heads/main","refs/heads/b-jvx_live_zEGC..."]"#);
    let sarif = repo.scan("history --no-cache --format sarif").json();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["properties"]["action"], "amend");
    let message = result["message"]["text"].as_str().unwrap();
    let message = message
        .replace(&added[..7], "[ADDED]")
        .replace(&head[..7], "[HEAD]");
    assert_snapshot!(message, @"Live Jourvex API key (jvx_live_zEGC...). It is in commit [ADDED] of 2023-11-16 (branch main, branch b-jvx_live_zEGC...). AMEND: local only: branch main, branch b-jvx_live_zEGC..., not on any remote, since 2023-11-16, removed in [HEAD] on 2023-11-17. The same secret is [also here](1).");
    audit("sarif");
    audit("json");
}

#[test]
fn steps_for_names_take_them_out_of_commits_and_branches() {
    let repo = renamed_later();
    typed(&repo, |_| {});
    is_clean(&repo);
    let branches = repo.git("for-each-ref --format=%(refname:short)");
    assert_eq!(branches, "NEW-NAME\nmain");
}

#[test]
fn a_conflict_with_the_commit_that_changed_the_name_is_solved_as_told() {
    let repo = Repo::new();
    repo.commit("root");
    let folder = format!("sub dir/{}", key(1));
    repo.write(&format!("{folder}/a.txt"), "one\ntwo\nthree\n");
    repo.commit("add");
    repo.run(&repo.path(), &["mv", &folder, "b"]);
    repo.commit("rename");
    repo.write("later.txt", "x");
    repo.commit("later");
    typed(&repo, |command| {
        if command == "git add -u" {
            let _ = std::fs::remove_dir_all(repo.path().join("sub dir"));
        }
    });
    is_clean(&repo);
    assert_eq!(
        repo.git("ls-tree -r --name-only HEAD"),
        "b/a.txt\nlater.txt"
    );
}

#[test]
fn a_published_name_is_told_with_its_refs_and_changed_where_it_still_is() {
    let repo = Repo::new();
    repo.write(&format!("a/{}.txt", key(1)), "x");
    repo.commit("add");
    with_remote(&repo);
    let json = repo.scan("history --no-cache --format json").json();
    assert_eq!(json["keys"][0]["action"], "rotate");
    assert_eq!(json["keys"][0]["published"][0], "refs/remotes/origin/main");
    assert_eq!(json["keys"][0]["in_head"], true);
    typed(&repo, |_| {});
    assert_eq!(
        repo.git("diff --cached --name-only --no-renames --diff-filter=A"),
        "a/NEW-NAME"
    );
}

#[test]
fn a_key_in_the_name_of_a_ref_has_steps_that_change_it_here_and_at_the_remote() {
    let name = format!("fix/{}", key(1));
    for kind in ["branch", "tag"] {
        for is_pushed in [false, true] {
            let repo = Repo::new();
            repo.commit("root");
            if is_pushed {
                with_remote(&repo);
            }
            repo.git(&format!("{kind} {name}"));
            if is_pushed {
                let kind = if kind == "tag" { "tags" } else { "heads" };
                repo.git(&format!("push -q origin refs/{kind}/{name}"));
            }
            let json = repo.scan("history --no-cache --format json").json();
            let action = if is_pushed { "rotate" } else { "amend" };
            assert_eq!(json["keys"][0]["action"], action, "{kind}");
            let side = if is_pushed { "published" } else { "local" };
            assert_eq!(json["keys"][0][side].as_array().unwrap().len(), 1, "{kind}");
            let head = repo.head();
            typed(&repo, |_| {});
            is_clean(&repo);
            assert_eq!(repo.head(), head);
            let refs = repo.git("for-each-ref --format=%(refname)");
            assert!(refs.contains("NEW-NAME"), "{refs}");
        }
    }
}

#[test]
fn a_ref_that_is_only_called_so_is_neither_rewritten_nor_deleted() {
    let repo = Repo::new();
    repo.commit("root");
    repo.git(&format!("tag v1-{}", key(1)));
    repo.git(&format!("branch b-{}", key(1)));
    repo.write("a.txt", key(1));
    repo.commit("leak");
    let said = repo.scan("history --no-cache -q").stdout;
    assert!(
        !said.contains("holds it too") && !said.contains("tag again"),
        "{said}"
    );
    assert!(
        said.contains("git branch -m") && said.contains("git tag NEW-NAME"),
        "{said}"
    );
}
