//! Keys in the names of files, folders and refs: whoever lists them reads the key.

use crate::repo::Repo;
use crate::workspace::key;
use insta::assert_snapshot;

#[test]
fn names_are_read_as_texts_of_their_own() {
    let repo = Repo::new();
    repo.write("README.md", "hello\n");
    repo.commit("base");
    let file = format!("src/{}.json", key(2));
    repo.write(&format!("backup-{}/notes.txt", key(1)), "nothing\n");
    repo.write(&file, "{}\n");
    assert_snapshot!(repo.scan("scan").transcript(&repo.path()), @"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> backup-jvx_live_zEGC...!/(name):1:8
      |
    1 | ...jvx_live_zEGC...
      |    ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the name of backup-jvx_live_zEGC...
      = instead: give it another name: whoever lists what is there reads this one
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> src/jvx_live_mDSH....json!/(name):1:1
      |
    1 | jvx_live_mDSH...
      | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the name of src/jvx_live_mDSH....json
      = instead: give it another name: whoever lists what is there reads this one
      = rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    --- stderr
    2 findings (2 errors). Read 3 files, 17 bytes. Took [N] ms.
    ");
    repo.git("add -A");
    let places = |words: &str| {
        let places = repo.scan(&format!("{words} --format json")).places();
        let head = repo.head();
        places.join("\n").replace(&head, "[HEAD]")
    };
    assert_snapshot!(places("staged"), @"
    backup-jvx_live_zEGC...!/(name)
    src/jvx_live_mDSH....json!/(name)
    ");
    repo.commit("leak");
    assert_snapshot!(places("range HEAD"), @"
    backup-jvx_live_zEGC...!/(name) [HEAD]
    src/jvx_live_mDSH....json!/(name) [HEAD]
    ");
    // The name is an old one.
    repo.write(&file, "{\"a\": 1}\n");
    repo.commit("edit");
    assert_eq!(places("range HEAD"), "");
    repo.git(&format!("branch fix/{}", key(3)));
    repo.git(&format!("tag {}", key(4)));
    assert_snapshot!(repo.scan("history --no-cache -q").transcript(&repo.path()).replace(&repo.head()[..7], "[HEAD]"), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> backup-jvx_live_zEGC...!/(name):1:8
      |
    1 | ...jvx_live_zEGC...
      |    ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit a8d552d of 2023-11-16 (branch main, branch fix/jvx_live_TLsZ..., tag jvx_live_dCXb...)
      = in the name of backup-jvx_live_zEGC...
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> refs/heads/fix/jvx_live_TLsZ...!/(name):1:1
      |
    1 | jvx_live_TLsZ...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit [HEAD] (branch fix/jvx_live_TLsZ...)
      = in the name of refs/heads/fix/jvx_live_TLsZ...
      = silence: jvxleaks allow 41ee19650aded98106b98c609ac8e6e5 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> refs/tags/jvx_live_dCXb...!/(name):1:1
      |
    1 | jvx_live_dCXb...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit [HEAD] (tag jvx_live_dCXb...)
      = in the name of refs/tags/jvx_live_dCXb...
      = silence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> src/jvx_live_mDSH....json!/(name):1:1
      |
    1 | jvx_live_mDSH...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit a8d552d of 2023-11-16 (branch main, branch fix/jvx_live_TLsZ..., tag jvx_live_dCXb...)
      = in the name of src/jvx_live_mDSH....json
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    AMEND        jourvex-key at src/jvx_live_mDSH....json!/(name):1   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b
      local only: branch main, branch fix/jvx_live_TLsZ..., tag jvx_live_dCXb..., not on any remote   since 2023-11-16, still in HEAD
      first      a8d552d  2023-11-16  src/jvx_live_mDSH....json!/(name):1   last  HEAD  src/jvx_live_mDSH....json!/(name):1   1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key at backup-jvx_live_zEGC...!/(name):1   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94
      local only: branch main, branch fix/jvx_live_TLsZ..., tag jvx_live_dCXb..., not on any remote   since 2023-11-16, still in HEAD
      first      a8d552d  2023-11-16  backup-jvx_live_zEGC...!/(name):1   last  HEAD  backup-jvx_live_zEGC...!/(name):1   1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key in the name of branch fix/jvx_live_TLsZ...   jvx_live_TLsZ...   41ee19650aded98106b98c609ac8e6e5
      local only: branch fix/jvx_live_TLsZ..., not on any remote
      1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key in the name of tag jvx_live_dCXb...   jvx_live_dCXb...   cc36d412d65fc2394a1b9ef80c29f141
      local only: tag jvx_live_dCXb..., not on any remote
      1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND ALL    4 keys, in one rewrite
      do         rewrite the commits from the oldest of these on
                   git rebase -i --rebase-merges --autostash a8d552d^
                 in the list that opens, mark a8d552d as `edit`
                 at a8d552d: take the keys out of the name src/jvx_live_mDSH....json, with a name for NEW-NAME (`*` stands for what is not shown)
                   git mv -- src/jvx_live_mDSH*.json src/NEW-NAME
                 at a8d552d: take the keys out of the name backup-jvx_live_zEGC..., with a name for NEW-NAME (`*` stands for what is not shown)
                   git mv -- backup-jvx_live_zEGC* NEW-NAME
                   git rebase --continue
                 if git stops on a conflict or an empty commit, leave the files as that commit wants them, without the keys, then
                   git add -u
                   git rebase --continue
                 at the end, this finds nothing
                   jvxleaks range a8d552d^..HEAD
                 give branch fix/jvx_live_TLsZ... another name, in place of NEW-NAME
                   git branch -m "$(git for-each-ref --format='%(refname:lstrip=2)' 'refs/heads/fix/jvx_live_TLsZ*')" NEW-NAME
                 give tag jvx_live_dCXb... another name, in place of NEW-NAME, with -a if it has a text
                   git tag NEW-NAME "$(git for-each-ref --format='%(refname:lstrip=2)' 'refs/tags/jvx_live_dCXb*')"^{}
                   git tag -d "$(git for-each-ref --format='%(refname:lstrip=2)' 'refs/tags/jvx_live_dCXb*')"
                 the index keeps what was in conflict until this has run
                   git update-index --clear-resolve-undo
                 the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
                   git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
                   git gc --prune=now

    --- stderr
    "#);
}

#[test]
fn a_name_that_is_excluded_or_accepted_is_not_told() {
    let repo = Repo::new();
    repo.write(&format!("old/{}.txt", key(1)), "");
    let found = repo.scan("scan --format json").json();
    let id = found["findings"][0]["fingerprint"].as_str().unwrap();
    let entry = format!("[[allow]]\nfingerprint = '{id}'\nreason = 'a dead key'\n");
    for text in ["[paths]\nexclude = ['old/']\n", &entry] {
        repo.write(".jvxleaks.toml", text);
        assert_eq!(repo.scan("scan").exit, Some(0), "{text}");
    }
}

#[test]
fn an_audit_reads_names_that_any_commit_had_with_the_commit_that_brought_them_in() {
    let repo = Repo::new();
    repo.write("README.md", "hello\n");
    repo.commit("base");
    let old = format!("a/{}/notes.txt", key(1));
    repo.write(&old, "nothing\n");
    repo.commit("add");
    let added = repo.head();
    repo.write("README.md", "hello again\n");
    repo.commit("edit");
    repo.git(&format!("mv {old} a/notes.txt"));
    repo.commit("rename");
    let places = |words: &str| {
        let places = repo
            .scan(&format!("history --format json {words}"))
            .places();
        places.join("\n").replace(&added, "[ADD]")
    };
    let told = "a/jvx_live_zEGC...!/(name) [ADD]";
    assert_eq!(places("--no-cache"), told);
    // What is known from an earlier audit is told again.
    assert_eq!([places("-q"), places("-q")], [told, told]);
    assert_eq!(repo.scan("history").exit, Some(1));
}
