//! A secret is found whole and by itself: whatever stands beside it, whatever follows, however long it is, and
//! none of it is in the line that is shown.

use crate::workspace::{Workspace, key, token};
use base64::Engine as _;

/// Columns of the findings in `a.js`.
fn places(workspace: &Workspace) -> Vec<String> {
    workspace.places(&["scan", "--no-config", "a.js"])
}

/// Text reports of `text`, as `a.js`, with these options.
fn shown(text: &str, options: &[&str]) -> String {
    let workspace = Workspace::new();
    workspace.file("a.js", text);
    workspace.run(&[&["scan", "--no-config", "-v", "a.js"], options].concat())
}

#[test]
fn keys_of_one_prefix_are_findings_of_their_own() {
    let workspace = Workspace::new();
    let [a, b, c] = [1, 2, 3].map(|seed| token(seed, 32));
    workspace.file(
        "a.js",
        format!("P=\"jvx_live_\"; a=P+\"{a}\"; b=P+\"{b}\"; c=P+\"{c}\"\n"),
    );
    let report = workspace.json(&["scan", "--format", "json"]);
    let keys = report["findings"].as_array().unwrap().iter();
    let keys: std::collections::BTreeSet<_> = keys.map(|f| f["fingerprint"].as_str()).collect();
    assert_eq!(keys.len(), 3, "{report}");
}

#[test]
fn keys_in_one_line_of_base64_are_findings_of_their_own() {
    let workspace = Workspace::new();
    let settings = format!("A={}\nB={}\n", key(16), key(17));
    let encoded = base64::engine::general_purpose::STANDARD.encode(settings);
    workspace.file("a.js", format!("env = '{encoded}'\n"));
    assert_eq!(
        places(&workspace),
        ["jourvex-key a.js:1:10", "jourvex-key a.js:1:69"]
    );
}

#[test]
fn an_accepted_key_hides_nothing_between_its_pieces() {
    let workspace = Workspace::new();
    let [a, b] = [4, 5].map(|seed| token(seed, 32));
    let file = |between: &str| {
        let text = format!("const P=\"jvx_live_\";\n{between}\nconst a=P+\"{a}\";\n");
        workspace.file("a.js", text);
    };
    file("");
    workspace.run(&["baseline", "create", "--yes"]);
    file(&format!("const b=P+\"{b}\";"));
    insta::assert_snapshot!(workspace.run(&["scan", "-q"]), @r#"
    exit 1
    --- stdout
    error[jourvex-key]: Live Jourvex API key
     --> a.js:2:12
      |
    2 | const b=P+"NYUV...";
      |            ^^^^^^^ anyone who can read this file can use it
      |
      = found in joined string pieces
      = instead: read process.env.JOURVEX_API_KEY
      = rotate: Settings -> API Access, the key with prefix jvx_live_NYUV...; the old key dies at once, the new one is shown once
      = silence: put `// jvxleaks:allow jourvex-key -- reason` above the line, or: jvxleaks allow e7eb47a76c9bd45ff3cb0ceae90cba03 -- REASON

    --- stderr
    "#);
    file(&format!(
        "const db=\"postgres://app:{b}@db.example.org/x\";"
    ));
    insta::assert_snapshot!(workspace.run(&["scan", "-q"]), @r#"
    exit 1
    --- stdout
    error[url-password]: Password in a URL
     --> a.js:2:22
      |
    2 | const db="postgres://app:...@db.example.org/x";
      |                      ^^^^^^^ anyone who can read this file can use it
      |
      = instead: read process.env.PASSWORD
      = rotate: change the password, if this was ever pushed
      = silence: put `// jvxleaks:allow url-password -- reason` above the line, or: jvxleaks allow 31925cdde809e8f2d94abb9be78bba1b -- REASON

    --- stderr
    "#);
}

#[test]
fn a_comment_at_a_shared_prefix_accepts_no_key() {
    let workspace = Workspace::new();
    let allow = "// jvxleaks:allow jourvex-key -- revoked";
    let [a, b] = [6, 7].map(|seed| token(seed, 32));
    let text = format!("P=\"jvx_live_\"; {allow}\na=P+\"{a}\";\n");
    workspace.file("a.js", &text);
    assert_eq!(places(&workspace), [""; 0]);
    workspace.file("a.js", format!("{text}b=P+\"{b}\";\n"));
    assert_eq!(places(&workspace).len(), 2);
    workspace.file("a.js", format!("{text}b=P+\"{b}\"; {allow}\n"));
    assert_eq!(places(&workspace).len(), 1);
}

#[test]
fn a_whole_key_is_one_whatever_follows() {
    let workspace = Workspace::new();
    for text in [
        "**KEY**",
        "_KEY_*",
        "/* KEY*/",
        "KEY...",
        "KEY\u{2026}",
        "\"KEY$NEXT\"",
        "\"KEY%s\"",
        "KEY#%20x",
        "KEY{{x}}",
        "KEY<your-key>",
        "KEY\\d+",
    ] {
        workspace.file("a.js", format!("{}\n", text.replace("KEY", &key(8))));
        assert_eq!(places(&workspace).len(), 1, "{text}");
        let short = format!("jvx_live_{}", token(8, 12));
        workspace.file("a.js", format!("{}\n", text.replace("KEY", &short)));
        assert_eq!(places(&workspace), [""; 0], "{text}");
    }
}

#[test]
fn a_long_secret_is_found_whole() {
    let workspace = Workspace::new();
    let long = token(9, 1500);
    for text in [
        "k = \"jvx_live_LONG\"",
        "k = \"jvx_live_\" + \"LONG\"",
        "P = \"jvx_live_\"; k = P + \"LONG\"",
        "Authorization: Bearer LONG",
        "X-Api-Key: LONG",
        "postgres://app:LONG@db.example.org/x",
        "requests.get(u, auth=(\"app\", \"LONG\"))",
        "curl -u app:LONG https://example.org",
    ] {
        workspace.file("a.js", format!("{}\n", text.replace("LONG", &long)));
        let args = [
            "scan",
            "--no-config",
            "--show-secrets",
            "-f",
            "json",
            "a.js",
        ];
        let report = workspace.json(&args).to_string();
        assert!(report.contains(&long), "{text}: {report}");
    }
}

#[test]
fn an_excerpt_shows_nothing_that_may_be_a_secret() {
    let [a, b] = [10, 11].map(|seed| token(seed, 36));
    let short = token(12, 10);
    for (text, options) in [
        // Lost, dropped, and of rules that are off.
        (
            "a(\"jvx_live_{a}\",\"postgres://app:{b}@db.example.org/x\")",
            &["--disable", "url-password"][..],
        ),
        (
            "a(\"jvx_live_{a}\",\"postgres://app:{s}@db.example.org/x\")",
            &["--enable", "jourvex-key"],
        ),
        (
            "a(\"jvx_live_{a}\",{Authorization:\"Bearer {b}\"})",
            &["--disable", "authorization-header"],
        ),
        ("X-Api-Key: {b}|{a:\"jvx_live_{a}\"}", &[]),
        // Pieces before their prefix, in JSON, and of formats.
        (
            "f(p+b);var b=\"{b}\",p=\"jvx_live_\";k=\"jvx_live_{a}\"",
            &[],
        ),
        (
            "{\"n\":[\"\\\"jvx_live_\\\".concat(\\\"{b}\\\")\"],\"k\":\"jvx_live_{a}\"}",
            &[],
        ),
        (
            "[fmt(\"jvx_live_%s\",\"{a}\"),fmt(\"jvx_live_%s\",\"{b}\")]",
            &[],
        ),
        // Known to no rule.
        ("sign(\"{b}\",\"jvx_live_{a}\")", &[]),
        ("k=\"jvx_live_{a}\"+x,t={session:'{b}'}", &[]),
    ] {
        let text = text
            .replace("{a}", &a)
            .replace("{b}", &b)
            .replace("{s}", &short);
        let shown = shown(&text, options);
        assert!(shown.starts_with("exit 1"), "{text}: {shown}");
        for secret in [&a, &b, &short] {
            let parts = (4..secret.len() - 5).map(|at| &secret[at..at + 6]);
            for part in parts {
                assert!(!shown.contains(part), "{part} of {text}: {shown}");
            }
        }
    }
}

#[test]
fn names_and_words_around_a_secret_stay_readable() {
    let key = key(13);
    let line = format!(
        "const dashboardContainer = createClient('src/components/chart.ts', '{key}', retryCount)\n"
    );
    let shown = shown(&line, &[]);
    let (before, after) = line.split_once(&key).unwrap();
    assert!(
        shown.contains(before) && shown.contains(after.trim_end()),
        "{shown}"
    );
}

#[test]
fn a_literal_at_the_edge_of_an_excerpt_is_known_as_a_whole() {
    let other = token(14, 60);
    for gap in 60..90 {
        let text = format!(
            "x(\"{other}\"); {}k=\"{}\"; {}y(\"{other}\")\n",
            " ".repeat(gap),
            key(15),
            " ".repeat(gap)
        );
        let shown = shown(&text, &[]);
        let parts = (4..other.len() - 4).map(|at| &other[at..at + 5]);
        for part in parts {
            assert!(!shown.contains(part), "{gap}: {shown}");
        }
    }
}

/// As two files make where the first has no last line end, or a table of keys without blanks.
#[test]
fn keys_that_something_is_glued_to_are_found_each() {
    let (one, other) = (key(1), key(2));
    let xs = "x".repeat(36);
    for (text, count) in [
        (format!("K=jvx_live_{xs}-{one}"), 1),
        (format!("K=jvx_live_{xs}{one}"), 1),
        (format!("K={one}{other}"), 2),
        (format!("K={one}_{other}"), 2),
        (format!("K={one}{xs}"), 1),
        (
            format!("K={one}_placeholder_placeholder_placeholder_placeholder"),
            1,
        ),
    ] {
        let workspace = Workspace::new();
        workspace.file("a.js", &text);
        assert_eq!(
            places(&workspace).len(),
            count,
            "{}",
            text.replace(&one, "ONE")
        );
    }
}

#[test]
fn pieces_of_a_key_beside_it_are_in_no_line_that_is_shown() {
    let body = &key(1)[9..];
    let pieces = [&body[..12], &body[12..24], &body[24..]];
    let text = format!(
        "K = \"jvx_live_{body}\"; parts = {pieces:?}; sig = {}\n",
        &body[3..13]
    );
    let report = shown(&text, &[]);
    let is_told = |at: usize| report.contains(&body[at..at + 8]);
    assert!(!(0..body.len() - 8).any(is_told), "{report}");
}
