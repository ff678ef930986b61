//! No report, at any verbosity, shows a secret unless it is told to.

use crate::repo::Repo;
use crate::workspace::{Workspace, key, token, without_time};

const FORMATS: [&str; 8] = [
    "text", "json", "jsonl", "sarif", "github", "markdown", "concise", "html",
];

#[test]
fn no_format_shows_a_secret() {
    let here = Workspace::new();
    let secrets = [key(1), key(2), token(3, 40), token(4, 20)];
    let [first, second, bearer, password] = &secrets;
    here.file(
        "two.js",
        format!("const a = '{first}', b = '{second}', h = 'Bearer {bearer}';\n"),
    );
    here.file(
        "h.sh",
        format!("curl -u ops:{password} -H 'Authorization: Bearer {bearer}' # {first}\n"),
    );
    here.file(
        "esc.json",
        format!("{{\"a\":\"{{\\\"k\\\":\\\"{second}\\\"}}\"}}\n"),
    );
    for format in FORMATS {
        for verbosity in ["-v", "-q"] {
            let output = here
                .command(&["scan", verbosity, "-f", format])
                .output()
                .unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            for secret in &secrets {
                assert!(
                    !text.contains(secret.as_str()),
                    "{format} {verbosity}: {text}"
                );
                let body = &secret[secret.len() - 12..];
                assert!(!text.contains(body), "{format} {verbosity}: {text}");
            }
        }
    }
}

#[test]
fn secrets_are_shown_when_asked_for() {
    let here = Workspace::new();
    here.file("a.txt", key(1));
    let output = here.command(&["scan", "--show-secrets"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains(&key(1)));
}

#[test]
fn no_piece_of_a_split_token_is_shown() {
    let here = Workspace::new();
    let pieces = [token(5, 24), token(6, 24), token(7, 24), token(8, 24)];
    let [a, b, c, d] = &pieces;
    here.file(
        "a.js",
        format!("h = {{ Authorization: \"Bearer {a}\" + \"{b}\" }};\n"),
    );
    here.file("a.php", format!("h('X-Api-Key', '{c}' . '{d}');\n"));
    for format in FORMATS {
        let output = here
            .command(&["scan", "-v", "-f", format])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        for piece in &pieces {
            assert!(!text.contains(&piece[12..]), "{format}: {text}");
        }
    }
}

#[test]
fn what_is_left_of_a_key_that_broke_is_not_shown() {
    let here = Workspace::new();
    let key = key(1);
    let (head, tail) = key.split_at(key.len() - 12);
    let is_broken_by = |b: &u8| !b.is_ascii_alphanumeric() && !b"_- \t\n\r\x0c\"'`".contains(b);
    for byte in (0..=u8::MAX).filter(is_broken_by) {
        let line = [
            b"k = \"",
            head.as_bytes(),
            &[byte],
            tail.as_bytes(),
            b"\";\n",
        ];
        here.file(format!("{byte}.ini"), line.concat());
    }
    here.file("cut.rb", format!("k = ['{key}', '{tail}"));
    for format in FORMATS {
        let output = here.command(&["scan", "-f", format]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("0.ini"), "{format}: {text}");
        assert!(!text.contains(&tail[4..]), "{format}: {text}");
    }
}

#[test]
fn a_word_beside_a_token_is_no_part_of_it() {
    let here = Workspace::new();
    let line = format!(
        "curl -H \"Authorization: Bearer {}\" \"https://api.example.org\"\n",
        token(9, 40)
    );
    here.file("a.sh", line);
    let output = here.command(&["scan", "-q"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("https://api.example.org"));
}

#[test]
fn a_key_in_the_name_of_a_file_is_masked() {
    let here = Workspace::new();
    let name = format!("keys/{}.txt", key(1));
    here.file(&name, format!("k = '{}'\n", key(2)));
    here.file(format!("{name}.gz"), b"\x1f\x8b\x08");
    insta::assert_snapshot!(here.run(&["scan", "-v"]), @"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> keys/jvx_live_zEGC....txt:1:6
      |
    1 | k = 'jvx_live_mDSH...'
      |      ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON
      = more: jvxleaks explain jourvex-key

    error[jourvex-key]: Live Jourvex API key
     --> keys/jvx_live_zEGC....txt!/(name):1:1
      |
    1 | jvx_live_zEGC...
      | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the name of keys/jvx_live_zEGC....txt
     --> keys/jvx_live_zEGC....txt.gz!/(name):1:1
      |
    1 | jvx_live_zEGC...
      | ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = in the name of keys/jvx_live_zEGC....txt.gz
      = instead: give it another name: whoever lists what is there reads this one
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
      = more: jvxleaks explain jourvex-key

    skipped: keys/jvx_live_zEGC....txt.gz: broken archive member
    --- stderr
    3 findings (3 errors). Read 2 files, 51 bytes. Skipped: broken archive member (1). Took [N] ms.
    ");
    insta::assert_snapshot!(here.run(&["scan", "-f", "json"]), @r#"
    exit 1
    --- stdout
    {
      "schema": "jvxleaks/1",
      "tool": {
        "name": "jvxleaks",
        "version": "0.1.0"
      },
      "root": ".",
      "findings": [
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: read JOURVEX_API_KEY from the environment of your server\nrotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once\nsilence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON",
          "path": "keys/jvx_live_zEGC....txt",
          "line": 1,
          "column": 6,
          "end_line": 1,
          "end_column": 47,
          "secret": "jvx_live_mDSH...",
          "fingerprint": "31613ce762ea8ec5ce042061e8db176b",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "file"
          },
          "derived_from": null,
          "not_fixed": "the file is in no language that edits are made for"
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: give it another name: whoever lists what is there reads this one\nrotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once\nsilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON",
          "path": "keys/jvx_live_zEGC....txt!/(name)",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_zEGC...",
          "fingerprint": "649bd9f1fa20768fe9ad1fae7a267d94",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "file"
          },
          "derived_from": {
            "kind": "name",
            "path": "keys/jvx_live_zEGC....txt",
            "line": 1,
            "column": 1
          }
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: give it another name: whoever lists what is there reads this one\nrotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once\nsilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON",
          "path": "keys/jvx_live_zEGC....txt.gz!/(name)",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_zEGC...",
          "fingerprint": "649bd9f1fa20768fe9ad1fae7a267d94",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "file"
          },
          "derived_from": {
            "kind": "name",
            "path": "keys/jvx_live_zEGC....txt.gz",
            "line": 1,
            "column": 1
          }
        }
      ],
      "keys": [],
      "suppressed": [],
      "faults": [],
      "skipped": [
        {
          "path": "keys/jvx_live_zEGC....txt.gz",
          "what": "broken archive member"
        }
      ],
      "stats": {
        "files": 2,
        "bytes": 51,
        "commits": 0
      }
    }
    --- stderr
    "#);
    insta::assert_snapshot!(here.run(&["scan", "-f", "github", "--max-file-size", "10"]), @"
    exit 2
    --- stdout
    ::error title=jvxleaks::not read: keys/jvx_live_zEGC....txt: larger than 10 bytes (48 bytes); raise --max-file-size to read it
    ::error file=keys/jvx_live_zEGC....txt,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_zEGC...) in keys/jvx_live_zEGC....txt!/(name):1:1%0Ainstead: give it another name: whoever lists what is there reads this one%0Arotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
    ::error file=keys/jvx_live_zEGC....txt.gz,line=1,title=jourvex-key::Live Jourvex API key (jvx_live_zEGC...) in keys/jvx_live_zEGC....txt.gz!/(name):1:1%0Ainstead: give it another name: whoever lists what is there reads this one%0Arotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once%0Asilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON
    --- stderr
    ");
    insta::assert_snapshot!(here.run(&["scan", &name, &format!("{}/x", key(3))]), @"
    exit 2
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> keys/jvx_live_zEGC....txt:1:6
      |
    1 | k = 'jvx_live_mDSH...'
      |      ^^^^^^^^^^^^^^^^ anyone who can read this file can use it
      |
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    not read: jvx_live_TLsZ.../x: no such file or folder; check the path, or give `-` to read standard input
    --- stderr
    1 finding (1 error). Read 1 file, 48 bytes. Not read: 1 input (jvx_live_TLsZ.../x: no such file or folder; check the path, or give `-` to read standard input). Took [N] ms.
    ");
    let whole = here.run(&["scan", "--show-secrets"]);
    assert!(whole.contains(&name), "{whole}");
    let shared = here.run(&["scan", "--show-secrets", "-f", "markdown"]);
    assert!(!shared.contains(&key(1)), "{shared}");
}

#[test]
fn a_key_in_a_name_that_git_keeps_is_masked() {
    let repo = Repo::new();
    let branch = format!("fix/{}", key(1));
    repo.git(&format!("checkout -q -b {branch}"));
    repo.write(&format!("{}.txt", key(2)), key(3));
    repo.commit("c");
    repo.write(&format!("b/{}.txt", key(2)), key(4));
    repo.git("add -A");
    let said = |words: &str| {
        let output = repo.command(&repo.path(), words).output().unwrap();
        let both = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&both).into_owned();
        let text = without_time(&text).replace(&repo.head(), "[COMMIT]");
        text.replace(&repo.head()[..7], "[COMMIT]")
    };
    insta::assert_snapshot!(said(&format!("range {}..HEAD", key(5))), @"jvxleaks: error: jvx_live_NYUV...: no such commit here; check the spelling, or fetch it (in CI: `fetch-depth: 0`, elsewhere `git fetch --unshallow`)");
    insta::assert_snapshot!(said("staged"), @"
    error[jourvex-key]: Live Jourvex API key
     --> b/jvx_live_mDSH....txt:1:1
      |
    1 | jvx_live_dCXb...
      | ^^^^^^^^^^^^^^^^ a commit would hand this to everyone who can read it
      |
      = staged for the next commit
      = instead: read JOURVEX_API_KEY from the environment of your server
      = rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_dCXb...
      = silence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> b/jvx_live_mDSH....txt!/(name):1:1
      |
    1 | jvx_live_mDSH...
      | ^^^^^^^^^^^^^^^^ a commit would hand this to everyone who can read it
      |
      = staged for the next commit
      = in the name of b/jvx_live_mDSH....txt
      = instead: give it another name: whoever lists what is there reads this one
      = rotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_mDSH...
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    2 findings (2 errors). Read 1 file, 41 bytes. Took [N] ms.
    ");
    insta::assert_snapshot!(said("staged -f json"), @r#"
    {
      "schema": "jvxleaks/1",
      "tool": {
        "name": "jvxleaks",
        "version": "0.1.0"
      },
      "root": ".",
      "findings": [
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: read JOURVEX_API_KEY from the environment of your server\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_dCXb...\nsilence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON",
          "path": "b/jvx_live_mDSH....txt",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_dCXb...",
          "fingerprint": "cc36d412d65fc2394a1b9ef80c29f141",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "index"
          },
          "derived_from": null,
          "not_fixed": "the file is in no language that edits are made for"
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: give it another name: whoever lists what is there reads this one\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_mDSH...\nsilence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON",
          "path": "b/jvx_live_mDSH....txt!/(name)",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_mDSH...",
          "fingerprint": "31613ce762ea8ec5ce042061e8db176b",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "index"
          },
          "derived_from": {
            "kind": "name",
            "path": "b/jvx_live_mDSH....txt",
            "line": 1,
            "column": 1
          }
        }
      ],
      "keys": [],
      "suppressed": [],
      "faults": [],
      "stats": {
        "files": 1,
        "bytes": 41,
        "commits": 0
      }
    }
    "#);
    insta::assert_snapshot!(said("history --no-cache -q"), @r#"
    error[jourvex-key]: Live Jourvex API key
     --> b/jvx_live_mDSH....txt:1:1
      |
    1 | jvx_live_dCXb...
      | ^^^^^^^^^^^^^^^^ a commit would hand this to everyone who can read it
      |
      = staged for the next commit
      = silence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> jvx_live_mDSH....txt:1:1
      |
    1 | jvx_live_TLsZ...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit [COMMIT] of 2023-11-15 (branch fix/jvx_live_zEGC...)
      = silence: jvxleaks allow 41ee19650aded98106b98c609ac8e6e5 -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> jvx_live_mDSH....txt!/(name):1:1
      |
    1 | jvx_live_mDSH...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit [COMMIT] of 2023-11-15 (branch fix/jvx_live_zEGC...)
      = in the name of jvx_live_mDSH....txt
      = silence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON

    error[jourvex-key]: Live Jourvex API key
     --> refs/heads/fix/jvx_live_zEGC...!/(name):1:1
      |
    1 | jvx_live_zEGC...
      | ^^^^^^^^^^^^^^^^ anyone who can read the history can use it
      |
      = in commit [COMMIT] (branch fix/jvx_live_zEGC...)
      = in the name of refs/heads/fix/jvx_live_zEGC...
      = silence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON

    AMEND        jourvex-key at jvx_live_mDSH....txt!/(name):1   jvx_live_mDSH...   31613ce762ea8ec5ce042061e8db176b
      local only: branch fix/jvx_live_zEGC..., not on any remote   since 2023-11-15, still in HEAD
      first      [COMMIT]  2023-11-15  jvx_live_mDSH....txt!/(name):1   last  HEAD  jvx_live_mDSH....txt!/(name):1   1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key at jvx_live_mDSH....txt:1   jvx_live_TLsZ...   41ee19650aded98106b98c609ac8e6e5
      local only: branch fix/jvx_live_zEGC..., not on any remote   since 2023-11-15, still in HEAD
      first      [COMMIT]  2023-11-15  jvx_live_mDSH....txt:1   last  HEAD  jvx_live_mDSH....txt:1   1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key in the name of branch fix/jvx_live_zEGC...   jvx_live_zEGC...   649bd9f1fa20768fe9ad1fae7a267d94
      local only: branch fix/jvx_live_zEGC..., not on any remote
      1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND        jourvex-key at b/jvx_live_mDSH....txt   jvx_live_dCXb...   cc36d412d65fc2394a1b9ef80c29f141
      local only, not on any remote   staged
      1 place
      do         take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys
                 no remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access

    AMEND ALL    4 keys, in one rewrite
      do         take the keys out of b/jvx_live_mDSH....txt, then
                   git add -- b/jvx_live_mDSH*.txt
                 take the keys out of jvx_live_mDSH....txt, then
                   git add -- jvx_live_mDSH*.txt
                 take the keys out of the name jvx_live_mDSH....txt, with a name for NEW-NAME (`*` stands for what is not shown)
                   git mv -- jvx_live_mDSH*.txt NEW-NAME
                   git commit --amend --no-edit
                 give branch fix/jvx_live_zEGC... another name, in place of NEW-NAME
                   git branch -m "$(git for-each-ref --format='%(refname:lstrip=2)' 'refs/heads/fix/jvx_live_zEGC*')" NEW-NAME
                 the old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes
                   git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all
                   git gc --prune=now
    "#);
    insta::assert_snapshot!(said("history --no-cache -f json"), @r#"
    {
      "schema": "jvxleaks/1",
      "tool": {
        "name": "jvxleaks",
        "version": "0.1.0"
      },
      "root": ".",
      "findings": [
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: read JOURVEX_API_KEY from the environment of your server\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_dCXb...\nsilence: jvxleaks allow cc36d412d65fc2394a1b9ef80c29f141 -- REASON",
          "path": "b/jvx_live_mDSH....txt",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_dCXb...",
          "fingerprint": "cc36d412d65fc2394a1b9ef80c29f141",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "index"
          },
          "derived_from": null,
          "not_fixed": "the file is in no language that edits are made for"
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: read JOURVEX_API_KEY from the environment of your server\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_TLsZ...\nsilence: jvxleaks allow 41ee19650aded98106b98c609ac8e6e5 -- REASON",
          "path": "jvx_live_mDSH....txt",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_TLsZ...",
          "fingerprint": "41ee19650aded98106b98c609ac8e6e5",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "commit",
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "refs": [
              "refs/heads/fix/jvx_live_zEGC..."
            ],
            "refs_count": 1
          },
          "derived_from": null
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: give it another name: whoever lists what is there reads this one\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_mDSH...\nsilence: jvxleaks allow 31613ce762ea8ec5ce042061e8db176b -- REASON",
          "path": "jvx_live_mDSH....txt!/(name)",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_mDSH...",
          "fingerprint": "31613ce762ea8ec5ce042061e8db176b",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "commit",
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "refs": [
              "refs/heads/fix/jvx_live_zEGC..."
            ],
            "refs_count": 1
          },
          "derived_from": {
            "kind": "name",
            "path": "jvx_live_mDSH....txt",
            "line": 1,
            "column": 1
          }
        },
        {
          "rule": "jourvex-key",
          "severity": "critical",
          "message": "Live Jourvex API key",
          "advice": "instead: give it another name: whoever lists what is there reads this one\nrotate: only if it was pushed or shared before: Settings -> API Access, the key with prefix jvx_live_zEGC...\nsilence: jvxleaks allow 649bd9f1fa20768fe9ad1fae7a267d94 -- REASON",
          "path": "refs/heads/fix/jvx_live_zEGC...!/(name)",
          "line": 1,
          "column": 1,
          "end_line": 1,
          "end_column": 42,
          "secret": "jvx_live_zEGC...",
          "fingerprint": "649bd9f1fa20768fe9ad1fae7a267d94",
          "context": "source",
          "exposure": null,
          "origin": {
            "kind": "commit",
            "commit": "[COMMIT]",
            "author_date": "",
            "refs": [
              "refs/heads/fix/jvx_live_zEGC..."
            ],
            "refs_count": 1
          },
          "derived_from": {
            "kind": "name",
            "path": "refs/heads/fix/jvx_live_zEGC...",
            "line": 1,
            "column": 1
          }
        }
      ],
      "keys": [
        {
          "prefix": "jvx_live_mDSH...",
          "rule": "jourvex-key",
          "severity": "critical",
          "fingerprint": "31613ce762ea8ec5ce042061e8db176b",
          "action": "amend",
          "first_seen": {
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "path": "jvx_live_mDSH....txt!/(name)",
            "line": 1
          },
          "last_seen": {
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "path": "jvx_live_mDSH....txt!/(name)",
            "line": 1
          },
          "removed_in": null,
          "in_head": true,
          "in_index": false,
          "published": [],
          "published_count": 0,
          "local": [
            "refs/heads/fix/jvx_live_zEGC..."
          ],
          "local_count": 1,
          "places": 1,
          "advice": "take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys\nno remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access"
        },
        {
          "prefix": "jvx_live_TLsZ...",
          "rule": "jourvex-key",
          "severity": "critical",
          "fingerprint": "41ee19650aded98106b98c609ac8e6e5",
          "action": "amend",
          "first_seen": {
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "path": "jvx_live_mDSH....txt",
            "line": 1
          },
          "last_seen": {
            "commit": "[COMMIT]",
            "author_date": "2023-11-15T22:13:20Z",
            "path": "jvx_live_mDSH....txt",
            "line": 1
          },
          "removed_in": null,
          "in_head": true,
          "in_index": true,
          "published": [],
          "published_count": 0,
          "local": [
            "refs/heads/fix/jvx_live_zEGC..."
          ],
          "local_count": 1,
          "places": 1,
          "advice": "take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys\nno remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access"
        },
        {
          "prefix": "jvx_live_zEGC...",
          "rule": "jourvex-key",
          "severity": "critical",
          "fingerprint": "649bd9f1fa20768fe9ad1fae7a267d94",
          "action": "amend",
          "first_seen": null,
          "last_seen": null,
          "removed_in": null,
          "in_head": false,
          "in_index": false,
          "published": [],
          "published_count": 0,
          "local": [
            "refs/heads/fix/jvx_live_zEGC..."
          ],
          "local_count": 1,
          "places": 1,
          "advice": "take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys\nno remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access"
        },
        {
          "prefix": "jvx_live_dCXb...",
          "rule": "jourvex-key",
          "severity": "critical",
          "fingerprint": "cc36d412d65fc2394a1b9ef80c29f141",
          "action": "amend",
          "first_seen": null,
          "last_seen": null,
          "removed_in": null,
          "in_head": false,
          "in_index": true,
          "published": [],
          "published_count": 0,
          "local": [],
          "local_count": 0,
          "places": 1,
          "advice": "take it out with the 3 other keys to amend, in one rewrite: its steps stand below all keys\nno remote is known to have it: if it was sent anywhere all the same, rotate it at Settings -> API Access"
        }
      ],
      "rewriting": "take the keys out of b/jvx_live_mDSH....txt, then\n  git add -- b/jvx_live_mDSH*.txt\ntake the keys out of jvx_live_mDSH....txt, then\n  git add -- jvx_live_mDSH*.txt\ntake the keys out of the name jvx_live_mDSH....txt, with a name for NEW-NAME (`*` stands for what is not shown)\n  git mv -- jvx_live_mDSH*.txt NEW-NAME\n  git commit --amend --no-edit\ngive branch fix/jvx_live_zEGC... another name, in place of NEW-NAME\n  git branch -m \"$(git for-each-ref --format='%(refname:lstrip=2)' 'refs/heads/fix/jvx_live_zEGC*')\" NEW-NAME\nthe old commits stay on this disk until both have run, which empties the reflogs of branches and keeps stashes\n  git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all\n  git gc --prune=now",
      "suppressed": [],
      "faults": [],
      "stats": {
        "files": 2,
        "bytes": 218,
        "commits": 1
      }
    }
    "#);
}

#[test]
fn a_key_on_the_command_line_is_masked() {
    let here = Workspace::new();
    let (a, b) = (key(1), key(2));
    insta::assert_snapshot!(here.run(&["scan", &format!("--{a}")]), @"
    exit 2
    --- stdout
    --- stderr
    error: unexpected argument '--jvx_live_zEGC...' found

      tip: to pass '--jvx_live_zEGC...' as a value, use '-- --jvx_live_zEGC...'

    Usage: jvxleaks scan [OPTIONS] [PATH]...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(here.run(&[&a]), @"
    exit 2
    --- stdout
    --- stderr
    error: unrecognized subcommand 'jvx_live_zEGC...'

    Usage: jvxleaks <COMMAND>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(here.run(&["scan", "-f", &a, &b]), @"
    exit 2
    --- stdout
    --- stderr
    error: invalid value 'jvx_live_zEGC...' for '--format <FORMAT>'
      [possible values: text, json, jsonl, sarif, github, markdown, concise, gitlab, gitlab-codequality, junit, csv, azure, rdjson, html]

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(here.run(&["explain", &format!("%6A{}", &a[1..])]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: no rule is called `jvx_live_zEGC...`; the rules are api-key-header, environment-key, client-key, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, build-inlines-key, server-build-inlines-key, page-written-with-key, build-inlines-environment, key-handed-to-browser, header-constant, password-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password (see `jvxleaks rules list`)
    ");
}

#[test]
fn a_broken_key_is_masked_in_errors_and_names() {
    let here = Workspace::new();
    let key = key(1);
    for (gap, at) in [(" ", 11), ("\n", 20), (" ", 30), ("\u{fffd}", 20)] {
        let broken = format!("{}{gap}{}", &key[..at], &key[at..]);
        here.file(format!("{broken}.zip"), b"PK\x03\x04\x99\x01random bytes");
        let file = format!("{broken}.zip");
        for words in [
            &["scan", &*broken][..],
            &["scan", &broken, "."],
            &["scan", &file],
            &["scan", "-v"],
            &["explain", &broken],
            &["scan", "-f", &broken],
            &["scan", "-c", &broken],
            &[&broken],
        ] {
            let said = here.run(words);
            assert!(!said.contains(&key[at..][..9]), "{words:?}: {said}");
            assert!(at < 20 || !said.contains(&key[13..at]), "{words:?}: {said}");
        }
    }
}

#[test]
fn a_key_that_no_rule_reports_is_in_no_excerpt() {
    let here = Workspace::new();
    let line = format!(
        "curl -H 'Authorization: Bearer {}' # {} ",
        token(3, 40),
        "x".repeat(20)
    );
    here.file("a.sh", format!("{line}{}\n", key(1)));
    for format in FORMATS {
        let text = here.run(&["scan", "--disable", "jourvex-key", "-f", format]);
        assert!(!text.contains(&key(1)[14..24]), "{text}");
    }
    insta::assert_snapshot!(here.run(&["scan", "--disable", "jourvex-key", "-q"]), @r#"
    exit 1
    --- stdout
    error[authorization-header]: Hardcoded credential in an Authorization header
     --> a.sh:1:32
      |
    1 | curl -H 'Authorization: Bearer TLsZ...' # xxxxxxxxxxxxxxxxxxxx jvx_live_zEGC...
      |                                ^^^^^^^ anyone who can read this file can use it
      |
      = instead: read "$API_TOKEN" (double quotes)
      = rotate: revoke it at its issuer and make a new one, if this was ever pushed
      = silence: put `# jvxleaks:allow authorization-header -- reason` above the line, or: jvxleaks allow 74a9cb34802ebfce7745c0ffd5b12656 --disable jourvex-key -- REASON

    --- stderr
    "#);
}

#[test]
fn a_baseline_keeps_no_key_of_a_name() {
    let here = Workspace::new();
    here.file(format!("{}.txt", key(1)), key(2));
    here.run(&["baseline", "create", "--yes"]);
    let baseline = std::fs::read_to_string(here.path(".jvxleaks-baseline")).unwrap();
    assert!(!baseline.contains(&key(1)[14..]), "{baseline}");
    assert!(
        baseline.contains(&format!("jourvex-key {}....txt", &key(1)[..13])),
        "{baseline}"
    );
    assert!(here.run(&["scan"]).starts_with("exit 0"));
}

#[test]
fn what_the_program_says_of_itself_stays_as_it_is() {
    let here = Workspace::new();
    let explained = here.run(&["explain", "jourvex-key"]);
    for written in [
        "jvx_live_{base64url:43}",
        "jvx_live_aBcDeFgHiJkLmNoPqRsTuVwXyZ...",
        "jvx_live_${KEY_BODY}",
    ] {
        assert!(explained.contains(written), "{explained}");
    }
    let shown = here.run(&["rules", "show", "jourvex-key"]);
    assert!(shown.contains("(?-u)jvx_live_[A-Za-z0-9_-]+"), "{shown}");
}

#[test]
fn a_password_of_a_url_is_in_no_error() {
    let repo = Repo::new();
    repo.write("a", "x");
    repo.commit("c");
    for password in [token(5, 24).as_str(), "correct-horse"] {
        let url = format!("https://deploy:{password}@git.example.org/x.git");
        for words in [
            vec!["history", &url],
            vec!["range", &format!("{url}..HEAD")],
            vec!["scan", &url],
            vec!["scan", "--config", &url],
            vec![url.as_str()],
            vec!["hook", "run", "pre-push", "origin", &url],
        ] {
            let here = repo.path();
            let output = repo.command(&here, &words.join(" ")).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!said.contains(&password[4..]), "{said}");
        }
    }
}

#[test]
fn a_value_of_gits_configuration_is_in_no_error() {
    let repo = Repo::new();
    repo.write("a", "x");
    repo.commit("c");
    let config = repo.path().join(".git/config");
    let value = token(5, 24);
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(
        &config,
        format!("{text}[core]\nrepositoryformatversion = {value}\n"),
    )
    .unwrap();
    let output = repo.command(&repo.path(), "staged").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("failed to parse a value as"), "{said}");
    assert!(!said.contains(&value[4..12]), "{said}");
}

#[test]
fn a_token_in_a_reason_and_the_words_of_a_comment_are_not_shown() {
    let here = Workspace::new();
    let bearer = token(6, 40);
    here.file(
        "a.js",
        format!(
            "const k = '{}'; // jvxleaks:allow jourvex-key -- {{\"Authorization\":\"Bearer {bearer}\"}}\n",
            key(1)
        ),
    );
    here.file(
        "b.js",
        format!("// jvxleaks:allow jourvex-key, {}, off -- x\n", key(2)),
    );
    for format in FORMATS {
        let said = here.run(&["scan", "-v", "-f", format]);
        assert!(!said.contains(&bearer[4..12]), "{said}");
        assert!(!said.contains(&key(2)[..14]), "{said}");
    }
    let said = here.run(&["scan", "b.js"]);
    let note = "b.js:1: the allow comment names 2 of 3 rules that are not there; see `jvxleaks rules list`";
    assert!(said.contains(note), "{said}");
}

#[test]
fn a_credential_in_a_name_of_a_source_is_masked_before_the_name_is_cleaned() {
    let here = Workspace::new();
    let (named, carried) = (key(3), key(4));
    let escaped: String = named.bytes().map(|b| format!("\\\\u{b:04x}")).collect();
    for source in [
        format!("webpack://app/./{escaped}"),
        format!("https://ops:{}@example.org//src/a.js", &named[9..]),
        format!("jvx_live_{}/../{}/a.js", &named[9..24], &named[24..]),
    ] {
        here.file(
            "dist/a.js.map",
            format!(r#"{{"version":3,"sources":["{source}"],"sourcesContent":["k = '{carried}'"],"mappings":""}}"#),
        );
        for format in FORMATS {
            let said = here.run(&["scan", "-v", "-f", format]);
            assert!(said.starts_with("exit 1"), "{said}");
            let shown = said.replace("...", "");
            let pieces = named.as_bytes()[13..].windows(8);
            for piece in pieces {
                let plain = String::from_utf8_lossy(piece);
                let hex: String = piece.iter().map(|b| format!("u{b:04x}")).collect();
                let hidden = [plain.as_ref(), &hex, &hex.replace('u', "/u")];
                let is_path = |line: &&str| !line.contains(" | ");
                let mut lines = shown.lines().filter(is_path);
                assert!(
                    lines.all(|line| hidden.iter().all(|h| !line.contains(h))),
                    "{said}"
                );
            }
        }
    }
}
