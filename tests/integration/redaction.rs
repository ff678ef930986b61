//! No report, at any verbosity, shows a secret unless it is told to.

use crate::repo::Repo;
use crate::workspace::{Workspace, key, token, without_time};

const FORMATS: [&str; 6] = ["text", "json", "jsonl", "sarif", "github", "markdown"];

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
    insta::assert_snapshot!(here.run(&["scan", "-v"]), @"");
    insta::assert_snapshot!(here.run(&["scan", "-f", "json"]), @"");
    insta::assert_snapshot!(here.run(&["scan", "-f", "github", "--max-file-size", "10"]), @"");
    insta::assert_snapshot!(here.run(&["scan", &name, &format!("{}/x", key(3))]), @"");
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
    insta::assert_snapshot!(said("staged"), @"");
    insta::assert_snapshot!(said("staged -f json"), @"");
    insta::assert_snapshot!(said("history --no-cache -q"), @"");
    insta::assert_snapshot!(said("history --no-cache -f json"), @"");
}

#[test]
fn a_key_on_the_command_line_is_masked() {
    let here = Workspace::new();
    let (a, b) = (key(1), key(2));
    insta::assert_snapshot!(here.run(&["scan", &format!("--{a}")]), @"");
    insta::assert_snapshot!(here.run(&[&a]), @"");
    insta::assert_snapshot!(here.run(&["range", &format!("{a}..{b}")]), @"");
    insta::assert_snapshot!(here.run(&["scan", "-f", &a, &b]), @"");
    insta::assert_snapshot!(here.run(&["explain", &format!("%6A{}", &a[1..])]), @"");
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
    insta::assert_snapshot!(here.run(&["scan", "--disable", "jourvex-key", "-q"]), @"");
}

#[test]
fn a_baseline_keeps_no_key_of_a_name() {
    let here = Workspace::new();
    here.file(format!("{}.txt", key(1)), key(2));
    here.run(&["baseline", "create"]);
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
