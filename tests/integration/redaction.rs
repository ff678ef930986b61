//! No report, at any verbosity, shows a secret unless it is told to.

use crate::workspace::{Workspace, key, token};

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
