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
