//! Rules: listed, shown, checked, added, chosen.

use crate::workspace::{Workspace, token};
use insta::assert_snapshot;

const ACME: &str = r#"
[[rules]]
id = "acme-token"
description = "Acme token"
regex = 'acme_([A-Za-z0-9]{20})'
gate = "token"
examples = ['token = "acme_{alnum:20}"']
counterexamples = ['token = "acme_xxxxxxxxxxxxxxxxxxxx"']
"#;

#[test]
fn the_built_in_rules_prove_themselves() {
    let here = Workspace::new();
    let output = here.command(&["rules", "check"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.ends_with(" 0 failed\n"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn a_pattern_is_tried_where_one_of_the_words_stands_that_its_matches_hold() {
    let here = Workspace::new();
    let rule = r#"
[[rules]]
id = "acme-token"
description = "Acme token"
keywords = ["acme"]
gate = "token"
[[rules.patterns]]
start = ["acme"]
holds = ["SECRET=", "pass="]
regex = '(?i-u)acme [a-z ]{0,20}(?:secret|pass)=(?P<secret>[A-Za-z0-9]{20})'
"#;
    let many = "acme and nothing else\n".repeat(5000);
    here.file("rules/acme.toml", rule)
        .file("a.txt", format!("acme the secret={}\n", token(1, 20)))
        .file("b.txt", format!("{many}Acme Pass={}\n{many}", token(2, 20)))
        .file("c.txt", &many);
    assert_eq!(
        here.places(&[
            "scan",
            "--rules",
            "rules/acme.toml",
            "a.txt",
            "b.txt",
            "c.txt"
        ]),
        ["acme-token a.txt:1:17", "acme-token b.txt:5001:11"]
    );
}

#[test]
fn a_users_rule_without_keywords_takes_its_literals_from_its_regex() {
    let here = Workspace::new();
    here.file("acme.toml", ACME)
        .file("a.txt", format!("x acme_{} y\n", token(1, 20)));
    assert_eq!(
        here.places(&["scan", "--rules", "acme.toml"]),
        ["acme-token a.txt:1:8"]
    );
    assert_snapshot!(here.run(&["rules", "show", "acme-token", "--rules", "acme.toml"]), @r#"
    exit 0
    --- stdout
    # severity  high
    # gate      token
    # keywords  acme_ (taken from the rule)
    [[rules]]
    id = "acme-token"
    description = "Acme token"
    regex = 'acme_([A-Za-z0-9]{20})'
    gate = "token"
    examples = ['token = "acme_{alnum:20}"']
    counterexamples = ['token = "acme_xxxxxxxxxxxxxxxxxxxx"']
    --- stderr
    "#);
}

#[test]
fn what_is_shown_of_a_rule_is_a_file_of_that_rule() {
    let here = Workspace::new();
    let run = |words: &[&str]| {
        let output = here.command(words).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let list = run(&["rules", "list"]);
    let ids = list.lines().map(|line| line.split(' ').next().unwrap());
    let shown: Vec<String> = ids.map(|id| run(&["rules", "show", id])).collect();
    here.file("all.toml", shown.join("\n"));
    assert_eq!(
        run(&["rules", "check", "all.toml"]),
        run(&["rules", "check"])
    );
    let shown = run(&["rules", "show", "npm-token"]);
    assert!(
        shown.contains("fields = [\"_auth token = token\""),
        "{shown}"
    );
    assert!(
        shown.contains("advice = \"\"\"\nWrite `${NPM_TOKEN}`"),
        "{shown}"
    );
}

#[test]
fn a_rule_is_shown_as_its_file_has_it() {
    let here = Workspace::new();
    here.file(
        "two.toml",
        "# of both\n\n[[rules]]\nid = \"a\"\ndescription = \"A\"\n# why\nheaders = [\"acme-key\"]\n\
         [[rules.patterns]]\nregex = 'acme_([a-z]{9})'\n\n# of b\n[[rules]]\nid = \"b\"\n\
         description = \"B\"\nregex = 'bcme_([a-z]{9})'\n",
    );
    here.file(
        "inline.toml",
        "rules = [{ id = \"c\", description = \"C\", regex = 'ccme_([a-z]{9})' }]\n",
    );
    let show = |id| {
        let files = ["--rules", "two.toml", "--rules", "inline.toml"];
        here.run(&[&["rules", "show", id][..], &files].concat())
    };
    assert_snapshot!(["a", "b", "c"].map(show).join(""), @r#"
    exit 0
    --- stdout
    # severity  high
    # gate      none
    # keywords  acme-key, acme_ (taken from the rule)
    [[rules]]
    id = "a"
    description = "A"
    # why
    headers = ["acme-key"]
    [[rules.patterns]]
    regex = 'acme_([a-z]{9})'
    --- stderr
    exit 0
    --- stdout
    # severity  high
    # gate      none
    # keywords  bcme_ (taken from the rule)
    [[rules]]
    id = "b"
    description = "B"
    regex = 'bcme_([a-z]{9})'
    --- stderr
    exit 0
    --- stdout
    # severity  high
    # gate      none
    # keywords  ccme_ (taken from the rule)
    rules = [{ id = "c", description = "C", regex = 'ccme_([a-z]{9})' }]
    --- stderr
    "#);
}

#[test]
fn a_users_rule_without_literals_runs_over_everything_and_check_says_so() {
    let here = Workspace::new();
    here.file(
        "hex.toml",
        "[[rules]]\nid = \"hex\"\ndescription = \"Hex\"\nregex = '\\b[0-9a-f]{40}\\b'\n",
    );
    here.file("a.txt", "commit 0123456789abcdef0123456789abcdef01234567\n");
    assert_eq!(
        here.places(&["scan", "--rules", "hex.toml", "a.txt"]),
        ["hex a.txt:1:8"]
    );
    assert_snapshot!(here.run(&["rules", "check", "hex.toml", "--enable", "hex", "--rules", "hex.toml"]), @"
    exit 0
    --- stdout
    warning[hex]: has no examples, so nothing shows that it works
    warning[hex]: its regex has no literal of 3 letters or more and it names no keywords, so it runs over every byte of every file; name keywords to make it fast
    1 rules, 0 examples, 0 counterexamples: 0 failed
    --- stderr
    ");
}

#[test]
fn check_names_the_example_that_fails() {
    let here = Workspace::new();
    here.file(
        "bad.toml",
        ACME.replace("acme_{alnum:20}", "acme_{alnum:5}"),
    );
    assert_snapshot!(here.run(&["rules", "check", "bad.toml", "--enable", "acme-token", "--rules", "bad.toml"]), @r#"
    exit 1
    --- stdout
    error[acme-token]: the example `token = "acme_{alnum:5}"` should give one match of its rule and gives none
    1 rules, 1 examples, 1 counterexamples: 1 failed
    --- stderr
    "#);
}

#[test]
fn check_says_what_a_file_lacks() {
    let here = Workspace::new();
    for (text, told) in [
        (
            "",
            "a.toml: there are no rules in it; each begins with `[[rules]]`",
        ),
        (
            "# ours",
            "a.toml: there are no rules in it; each begins with `[[rules]]`",
        ),
        (
            "[[rules]]\nid = 'a'\nregex = 'a'",
            "missing field `description`",
        ),
        (
            "[[rules]]\nid = 'a'\ndescription = 'd'\nregex = 'abcd'\nexamples = ['abcd {lowr:20}']",
            "a.toml:2: `{lowr:20}` in an example is no placeholder, which are alnum, base64, base64url, hex, lower, \
             upper, letter; ",
        ),
    ] {
        here.file("a.toml", text);
        let said = here.run(&["rules", "check", "a.toml"]);
        assert!(said.starts_with("exit 2") && said.contains(told), "{said}");
    }
}

#[test]
fn explain_leaves_out_what_a_rule_does_not_say() {
    let here = Workspace::new();
    let rule = "[[rules]]\nid = 'acme'\ndescription = 'Acme token'\nregex = 'acme_([a-z]{20})'\n";
    here.file("one.toml", rule);
    let explained = here.run(&["explain", "acme", "--rules", "one.toml"]);
    let heads = ["What to do", "What it finds"];
    assert!(
        explained.contains("acme: Acme token (high)\n\n"),
        "{explained}"
    );
    assert!(
        !heads.iter().any(|head| explained.contains(head)),
        "{explained}"
    );
    assert!(!explained.contains("\n\n\n"), "{explained}");
    here.run(&["rules", "pages", "pages", "--rules", "one.toml"]);
    let page = std::fs::read_to_string(here.path("pages/acme.md")).unwrap();
    assert!(!heads.iter().any(|head| page.contains(head)), "{page}");
    here.file("one.toml", format!("{rule}advice = 'Revoke it.'\n"));
    let explained = here.run(&["explain", "acme", "--rules", "one.toml"]);
    assert!(
        explained.contains("What to do\n  Revoke it.\n"),
        "{explained}"
    );
}

#[test]
fn rules_are_chosen_by_name() {
    let here = Workspace::new();
    here.file("a.txt", format!("X-Api-Key: {}\n", token(1, 40)));
    assert_eq!(here.places(&["scan"]), ["api-key-header a.txt:1:12"]);
    assert!(
        here.places(&["scan", "--disable", "api-key-header"])
            .is_empty()
    );
    assert!(here.places(&["scan", "--enable", "jourvex-key"]).is_empty());
}

#[test]
fn a_rule_file_may_replace_a_built_in_rule_and_carry_allowlists() {
    let here = Workspace::new();
    let rule = "[[rules]]\nid = \"jourvex-key\"\ndescription = \"Ours\"\nregex = 'acme-[a-z0-9]{12}'\n\
                entropy = 2.0\npath = '\\.txt$'\n[[rules.allowlists]]\nstopwords = [\"sample\"]\n\
                [[rules.allowlists]]\nregexTarget = \"line\"\nregexes = ['ignore me']\n";
    here.file("r.toml", rule);
    here.file(
        "a.txt",
        "acme-a1b2c9d8e7f6\nacme-sample9d8e7f\nacme-q1w9e8r7t6y5 ignore me\nacme-aaaaaaaaaaaa\n",
    );
    here.file("a.md", "acme-a1b2c9d8e7f6\n");
    assert_eq!(
        here.places(&["scan", "--rules", "r.toml"]),
        ["jourvex-key a.txt:1:1"]
    );
}

#[test]
fn explain_says_what_is_found_and_what_is_harmless() {
    let here = Workspace::new();
    let text = here.run(&["explain", "jourvex-key"]);
    for part in [
        "exit 0",
        "What to do",
        "Settings -> API Access",
        "What it takes to be harmless",
        "sequences",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn completions_and_manual_come_from_the_options() {
    let here = Workspace::new();
    assert!(
        here.run(&["completions", "bash"])
            .contains("--max-file-size")
    );
    assert!(here.run(&["man"]).contains(".TH"));
}
