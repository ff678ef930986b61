//! Text that strangers wrote stays text: in no format, wherever it stands, does it steer a terminal, a
//! build runner or a page.

use crate::repo::Repo;
use crate::workspace::key;
use jvxleaks::report::Format;
use rayon::prelude::*;
use std::process::Command;

/// What a stranger may write, each with `owned` where it would take hold.
const TEXTS: &[&str] = &[
    "\x1b[2J\x1b]0;owned\x07",
    "\u{9b}31mowned\u{85}x",
    "\u{202e}owned\u{2066}\u{200b}\u{feff}",
    "x\n::error::owned",
    "x\r\n::set-output name=owned::x",
    "x%0A::error::owned",
    "##[error]owned ##vso[task.setvariable]owned",
    "x\u{2028}::warning::owned",
    "<script>owned<_script><img src=owned onerror=x>",
    "`x` | owned | x\n# owned",
    "[owned](https:owned) ![owned](https:owned) {0}",
    "=owned|' '!A0",
    "x,title=owned::owned",
    "\\\"owned\\u0022,\"owned\": \"",
];

/// A place for such text, and the words of the command that shows it.
type Carrier = (&'static str, fn(&Repo, &str) -> Option<&'static str>);

const CARRIERS: &[Carrier] = &[
    ("name of a file", |repo, text| {
        repo.write(&text.replace('/', "_"), key(1));
        Some("scan -v")
    }),
    ("name of a folder that is staged", |repo, text| {
        repo.write(&format!("{}/a.txt", text.replace('/', "_")), key(1));
        repo.git("add -A");
        Some("staged -v")
    }),
    ("line", |repo, text| {
        repo.write("a.txt", format!("{text} {} {text}\n", key(1)));
        Some("scan -v")
    }),
    ("message of a commit", |repo, text| {
        repo.commit(&format!("{text} {} {text}", key(1)));
        Some("range -v HEAD")
    }),
    ("name of an author", |repo, text| {
        let author = format!("{} <a@b>", text.replace(['<', '>', '\n', '\r'], " "));
        repo.write("a.txt", key(1));
        repo.git("add -A");
        let commit = ["commit", "-q", "--author", &author, "-m", "x"];
        repo.run(&repo.path(), &commit);
        Some("history -v --no-cache")
    }),
    ("name of a branch", |repo, text| {
        repo.write("a.txt", key(1));
        repo.commit("x");
        let branch = Command::new("git")
            .args(["-C", &repo.path().to_string_lossy(), "branch", "--", text])
            .output();
        // Git refuses most of them.
        branch
            .unwrap()
            .status
            .success()
            .then_some("history -v --no-cache")
    }),
    ("text of a tag", |repo, text| {
        repo.commit("x");
        let tag = format!("{text} {} {text}", key(1));
        repo.run(
            &repo.path(),
            &["tag", "--cleanup=verbatim", "-a", "v1", "-m", &tag],
        );
        Some("history -v --no-cache")
    }),
    ("name of a member of an archive", |repo, text| {
        let mut archive = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(key(1).len() as u64);
        let name = text.replace('/', "_");
        let added = archive.append_data(&mut header, name, key(1).as_bytes());
        added.unwrap();
        repo.write("a.tar", archive.into_inner().unwrap());
        Some("scan -v")
    }),
    ("description of a rule", |repo, text| {
        let text = toml::Value::String(text.to_owned());
        let rule = format!(
            "[[rules]]\nid = \"own\"\ndescription = {text}\nadvice = {text}\nreferences = [{text}]\n\
             regex = \"jvx_live_[a-zA-Z0-9]{{32}}\"\n"
        );
        repo.write("rules.toml", rule);
        repo.write("a.txt", key(1));
        Some("scan -v --rules rules.toml --enable own")
    }),
    ("id of a rule", |repo, text| {
        let text = toml::Value::String(text.to_owned());
        let rule = format!(
            "[[rules]]\nid = {text}\ndescription = \"x\"\nregex = \"jvx_live_[a-zA-Z0-9]{{32}}\"\n"
        );
        repo.write("rules.toml", rule);
        repo.write("a.txt", key(1));
        Some("scan -v --rules rules.toml")
    }),
    ("field of a configuration", |repo, text| {
        let text = toml::Value::String(text.to_owned());
        repo.write(".jvxleaks.toml", format!("{text} = 1\n"));
        Some("scan -v")
    }),
    ("reason of an allowance", |repo, text| {
        let text = text.replace(['\n', '\r'], " ");
        let allow = format!("# jvxleaks:allow jourvex-key -- {text}");
        repo.write("a.py", format!("{allow}\nk = '{}'\n{allow}\n", key(1)));
        repo.write("b.py", key(1));
        Some("scan -v")
    }),
    ("line of a baseline", |repo, text| {
        repo.write(".jvxleaks-baseline", format!("x {text}"));
        Some("scan -v")
    }),
    ("line of an ignore file", |repo, text| {
        repo.write(".gitignore", format!("[{text}\n"));
        repo.write("a.txt", key(1));
        Some("scan -v")
    }),
];

#[test]
fn hostile_text_stays_text() {
    // A carrier after the other would leave cores idle at the end of the run.
    let wrong: Vec<String> = CARRIERS.par_iter().flat_map_iter(steering).collect();
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// What steers when it is carried so, with the outputs.
fn steering((place, carry): &Carrier) -> Vec<String> {
    let mut wrong = Vec::new();
    for text in TEXTS {
        let repo = Repo::new();
        let Some(words) = carry(&repo, text) else {
            continue;
        };
        for format in Format::ALL {
            let scan = repo.scan(&format!("{words} --format {}", format.name()));
            let faults = steered(format.name(), &scan.stdout, &scan.stderr);
            wrong.extend(faults.map(|why| {
                format!(
                    "{place}, {text:?}, {format}: {why}\n{}{}",
                    scan.stdout, scan.stderr
                )
            }));
            assert!(
                matches!(scan.exit, Some(1 | 2)),
                "{place}, {text:?}: {scan:?}"
            );
        }
    }
    wrong
}

/// How an output steers what shows it, if it does.
fn steered(format: &str, stdout: &str, stderr: &str) -> Option<String> {
    let both = format!("{stdout}\n{stderr}");
    let hidden = both.chars().find(|c| is_hidden(*c));
    if let Some(hidden) = hidden {
        return Some(format!("holds {hidden:?}"));
    }
    let mut lines = both.lines();
    let other = |line: &str| {
        // The command of a finding is the one that a line of this format may be.
        let own = line.strip_prefix("##vso[task.logissue type=");
        let rest = own.filter(|_| format == "azure").unwrap_or(line);
        rest.contains("##[") || rest.contains("##vso[")
    };
    if lines.any(|line| is_command(format, line) || other(line)) {
        return Some("commands a runner".to_owned());
    }
    let said = match format {
        "markdown" => markdown(stdout),
        "sarif" => sarif(stdout),
        "json" => whole(stdout),
        "jsonl" => stdout.lines().find_map(whole),
        _ => None,
    };
    said.map(str::to_owned)
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A line that a runner obeys, other than those of our own.
fn is_command(format: &str, line: &str) -> bool {
    let line = line.trim_start();
    let own = ["::error ", "::warning ", "::notice "];
    let own = format == "github" && own.iter().any(|head| line.starts_with(head));
    let properties = line.split("::").nth(1).unwrap_or_default();
    let titles = properties
        .split([',', ' '])
        .filter(|p| p.starts_with("title="))
        .count();
    line.starts_with("::") && !(own && titles == 1)
}

fn markdown(page: &str) -> Option<&'static str> {
    let bare = |line: &str| {
        let escaped = line.replace("\\\\", "").replace("\\|", "");
        escaped.matches('|').count()
    };
    let rows: Vec<usize> = page
        .lines()
        .filter(|l| l.starts_with("| "))
        .map(bare)
        .collect();
    // Code spans hold no markup; what is outside of them must not.
    let outside: String = page.split('`').step_by(2).collect();
    match () {
        () if outside.contains("<script") || outside.contains("<img") => Some("holds HTML"),
        () if outside.replace("\\[", "").contains("[owned](") => Some("holds a link"),
        () if page.lines().any(|l| l.starts_with("# owned")) => Some("holds a heading"),
        () if rows
            .windows(2)
            .any(|pair| pair[0] != pair[1] && pair[0] > 8) =>
        {
            Some("breaks a table")
        }
        () => None,
    }
}

/// Viewers make links of `[text](target)` in messages, and put arguments in the place of `{0}`
/// (SARIF 2.1.0, 3.11.5 and 3.11.6).
fn sarif(report: &str) -> Option<&'static str> {
    if report.is_empty() {
        return None;
    }
    let Ok(report) = serde_json::from_str::<serde_json::Value>(report) else {
        return Some("is no JSON");
    };
    let results = report["runs"][0]["results"].as_array();
    let mut messages = results.into_iter().flatten();
    let linked = |result: &serde_json::Value| {
        let text = result["message"]["text"].as_str().unwrap_or_default();
        text.contains("[owned](") && !text.contains("\\[owned")
    };
    messages.any(linked).then_some("links from a message")
}

fn whole(json: &str) -> Option<&'static str> {
    let parsed = serde_json::from_str::<serde_json::Value>(json);
    (!json.is_empty() && parsed.is_err()).then_some("is no JSON")
}
