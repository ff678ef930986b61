//! The program on files and repositories that were changed at random, as people, merges and broken disks change
//! them: it ends, with an exit code that it knows, within seconds, and shows nothing of a key.
//!
//! `PROPTEST_RNG_SEED=7 PROPTEST_CASES=2500 cargo test --release --test properties mutants` tries 50,000 files and
//! 2,500 repositories that are the same each time. Without these variables a change is held against a few, always
//! the same, so that it fails for what it did.

use crate::carriers;
use crate::draw::{BASE62, Draw};
use crate::dress::{ESCAPES, RUNS, STATEMENTS, utf16};
use crate::redaction::UNITS;
use crate::scanner::is_refused;
use aho_corasick::AhoCorasick;
use jvxleaks::rules::RuleSet;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;

/// Files of a case.
const FILES: usize = 20;

fn config() -> Config {
    let mut config = crate::few(40);
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config
}

/// The longest that any run may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Characters of a body that nothing printed may show in a row, behind the four that are shown.
const PIECE: usize = 8;

/// How many characters of a body are shown.
const SHOWN: usize = 4;

const FORMATS: [&str; 8] = [
    "text", "json", "jsonl", "sarif", "github", "markdown", "concise", "html",
];

/// What the program says of a file on which it failed.
const FAILED: &str = "the scanner failed";

/// What opens, closes, encodes or leads on somewhere.
const SIGNS: [&str; 44] = [
    "`",
    "\"",
    "'",
    "${",
    "}",
    "{{",
    "}}",
    "(",
    ")",
    "[",
    "]",
    "/*",
    "*/",
    "//",
    "#",
    "<!--",
    "-->",
    "<%",
    "%>",
    "\\",
    "\\\n",
    "%",
    "=",
    "==",
    "+",
    "+ \"",
    "\" +",
    ",",
    ";",
    ":",
    "<<EOF\n",
    "\0",
    "\u{feff}",
    "process.env[",
    "process.env[`X`]",
    "import.meta.env.",
    "//# sourceMappingURL=data:application/json;base64,",
    "=\r\n",
    "jvx_",
    "jvx_live_",
    "_evil_xvj",
    "X2xpdmVf",
    "Authorization: Bearer ",
    "'use client'",
];

/// Names that decide how a file is read.
const NAMES: [&str; 30] = [
    "a.js",
    "a.min.js",
    "a.js.map",
    "a.tsx",
    "page.tsx",
    "a.vue",
    "a.py",
    "a.rb",
    "a.go",
    "a.rs",
    "a.java",
    "a.kt",
    "a.cs",
    "a.php",
    "a.sh",
    "a.ps1",
    "a.yaml",
    "a.json",
    "a.toml",
    "a.ini",
    ".env",
    "Dockerfile",
    "Makefile",
    "a.ipynb",
    "a.md",
    "a.html",
    "a.eml",
    "a.sql",
    "a.http",
    "next.config.js",
];

/// Texts that people wrote: the examples of the rules, files of this project, and files with a place for a value.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut texts: Vec<String> = carriers::FILES
        .iter()
        .map(|(_, text)| (*text).to_owned())
        .collect();
    for rule in RuleSet::builtin().unwrap().iter() {
        let samples = rule.examples.iter().chain(&rule.counterexamples);
        texts.extend(samples.map(|sample| sample.text.clone()));
    }
    for name in [
        "README.md",
        "action.yml",
        "Cargo.toml",
        "src/scan.rs",
        "tests/properties/dress.rs",
    ] {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
        texts.push(text);
    }
    texts
});

/// A body that a key may have and that nothing else takes for words.
fn body(draw: &mut Draw) -> String {
    loop {
        let length = draw.between(24, 64);
        let body = draw.text(BASE62, length);
        if !is_refused(&format!("k = 'jvx_live_{body}'")) {
            return body;
        }
    }
}

/// A key in some form.
fn dressed(draw: &mut Draw, body: &str) -> String {
    let key = format!("jvx_live_{body}");
    match draw.below(4) {
        0 => key,
        1 => draw.pick(&ESCAPES).1(draw, &key),
        2 => draw.pick(&RUNS).1(draw, &key),
        _ => draw.pick(&STATEMENTS).2(draw, &key),
    }
}

/// A text as tokens: words, runs of blanks, and single signs.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 1,
        ' ' | '\t' => 2,
        _ => 0,
    };
    let mut last = 0;
    for c in text.chars() {
        let now = kind(c);
        match tokens.last_mut() {
            Some(token) if now != 0 && now == last => token.push(c),
            _ => tokens.push(c.to_string()),
        }
        last = now;
    }
    tokens
}

/// Some of what happens to a text that is edited in haste.
fn mutate(draw: &mut Draw, tokens: &mut Vec<String>) {
    for _ in 0..draw.between(0, 8) {
        let at = draw.below(tokens.len());
        match draw.below(9) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => {
                let other = draw.below(tokens.len());
                tokens.swap(at, other);
            }
            3 if draw.one_in(4) => tokens.truncate(at.max(1)),
            4 => tokens.insert(at, "\n".to_owned()),
            5 => {
                let (from, to) = (*draw.pick(&["\"", "'", "`"]), *draw.pick(&["\"", "'", "`"]));
                let quotes = tokens.iter_mut().filter(|token| *token == from);
                quotes.for_each(|token| to.clone_into(token));
            }
            6 => {
                let end = (at + draw.between(1, 40)).min(tokens.len());
                let again = vec![tokens[at..end].to_vec(); draw.between(1, 30)].concat();
                tokens.splice(at..at, again);
            }
            _ => tokens.insert(at, (*draw.pick(&SIGNS)).to_owned()),
        }
        if tokens.is_empty() {
            tokens.push(" ".to_owned());
        }
    }
}

/// A file, and the body of the key that was planted in it.
fn file(draw: &mut Draw) -> (Vec<u8>, String) {
    let body = body(draw);
    let key = dressed(draw, &body);
    let mut text = draw.pick(&TEXTS[..]).clone();
    if draw.one_in(3) {
        text += draw.pick(&TEXTS[..]).as_str();
    }
    let mut tokens = tokens(&text.replace("{}", " "));
    let at = draw.below(tokens.len());
    tokens.insert(at, key);
    mutate(draw, &mut tokens);
    let text = tokens.concat();
    let text = if draw.one_in(5) {
        text.replace('\n', "\r\n")
    } else {
        text
    };
    let mut bytes = if draw.one_in(8) {
        utf16(draw, &text)
    } else {
        text.into_bytes()
    };
    if draw.one_in(10) {
        let end = draw.below(bytes.len());
        bytes.truncate(end);
    }
    (bytes, body)
}

/// What no output may hold of some bodies: any piece, in any form that writes characters one by one.
fn forbidden(bodies: &[String]) -> AhoCorasick {
    let mut pieces = Vec::new();
    for body in bodies {
        let reversed: String = body.chars().rev().skip(SHOWN).collect();
        for (_, unit) in UNITS {
            let windows = body.as_bytes()[SHOWN..].windows(PIECE);
            pieces.extend(windows.map(|w| w.iter().map(|b| unit(*b)).collect::<String>()));
        }
        let windows = reversed.as_bytes().windows(PIECE);
        pieces.extend(windows.map(|w| String::from_utf8_lossy(w).into_owned()));
    }
    AhoCorasick::new(pieces).unwrap()
}

/// Runs the program and holds it to its promises.
fn holds(folder: &Path, words: &[&str], forbidden: &AhoCorasick) -> Result<(), TestCaseError> {
    let mut command = assert_cmd::Command::cargo_bin("jvxleaks").unwrap();
    let command = command.args(words).current_dir(folder).env_clear();
    let output = command.env("HOME", folder).timeout(LIMIT).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    let shown = forbidden.find(&printed).map(|found| {
        let around = found.start().saturating_sub(300)..(found.end() + 100).min(printed.len());
        String::from_utf8_lossy(&printed[around]).into_owned()
    });
    let kept = || format!("{words:?} in {}", keep(folder).display());
    prop_assert!(
        shown.is_none(),
        "{}: shows {}",
        kept(),
        shown.unwrap_or_default()
    );
    let code = output.status.code();
    prop_assert!(
        code.is_some_and(|code| (0..=2).contains(&code)),
        "{}: ends with {code:?}, or not within {LIMIT:?}",
        kept()
    );
    let failed = String::from_utf8_lossy(&printed).contains(FAILED);
    prop_assert!(!failed, "{}: {FAILED}", kept());
    Ok(())
}

/// A copy of a folder that outlives the test, for whoever looks into what failed.
fn keep(folder: &Path) -> PathBuf {
    let kept = TempDir::new().unwrap().keep();
    copy(folder, &kept);
    kept
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            drop(std::fs::copy(entry.path(), target));
        }
    }
}

/// A repository whose bodies are known, as it was before anything happened to it.
struct Template {
    folder: TempDir,
    bodies: Vec<String>,
}

impl Template {
    fn new(number: u64) -> Self {
        let draw = &mut Draw::new(number);
        let mut template = Self {
            folder: TempDir::new().unwrap(),
            bodies: Vec::new(),
        };
        template.git(&["init", "-q", "-b", "main"]);
        for commit in 0..6 {
            for file in 0..3 {
                let key = template.key(draw);
                template.write(
                    &format!("d{file}/f{}.txt", commit % 3),
                    &format!("{}k = \"{key}\"\n", "x\n".repeat(40)),
                );
            }
            template.git(&["add", "-A"]);
            let message = format!("c{commit} {}", template.key(draw));
            template.git(&["commit", "-q", "-m", &message]);
            if commit == 3 {
                template.git(&["branch", "side", "HEAD~1"]);
                if number.is_multiple_of(2) {
                    template.git(&["gc", "-q"]);
                }
            }
        }
        let message = template.key(draw);
        template.git(&["tag", "-a", "-m", &message, "v1"]);
        template.git(&["update-ref", "refs/remotes/origin/main", "HEAD~2"]);
        let key = template.key(draw);
        template.write("staged.env", &format!("JOURVEX_API_KEY={key}\n"));
        template.git(&["add", "-A"]);
        template
    }

    fn key(&mut self, draw: &mut Draw) -> String {
        let body = body(draw);
        self.bodies.push(body.clone());
        format!("jvx_live_{body}")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn git(&self, words: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
        git.args(words).current_dir(self.folder.path());
        git.env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1");
        assert!(git.output().unwrap().status.success(), "git {words:?}");
    }
}

/// One with a pack, one without.
static TEMPLATES: LazyLock<[Template; 2]> = LazyLock::new(|| [Template::new(0), Template::new(1)]);

/// All files below a folder, in order.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(files_of(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Does to a file what a full disk, a crash, a bad cable or a careless script does.
fn break_one(draw: &mut Draw, files: &[PathBuf]) {
    let file = draw.pick(files);
    let Ok(mut bytes) = std::fs::read(file) else {
        return;
    };
    // Objects are written without the right to write.
    let _ = std::fs::remove_file(file);
    let at = draw.below(bytes.len().max(1));
    match draw.below(7) {
        0 => return,
        1 => bytes.truncate(at),
        2 => bytes.clear(),
        3 => drop(bytes.splice(0..0, (*draw.pick(&SIGNS)).bytes())),
        4 => bytes.extend_from_within(at..),
        5 => {
            if let Ok(other) = std::fs::read(draw.pick(files)) {
                bytes = other;
            }
        }
        _ => {
            for _ in 0..draw.between(1, 4) {
                let at = draw.below(bytes.len().max(1));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = draw.number() as u8;
                }
            }
        }
    }
    let _ = std::fs::write(file, bytes);
}

const COMMANDS: [&[&str]; 8] = [
    &["scan", "."],
    &["staged"],
    &["range", "HEAD"],
    &["range", "side..main"],
    &["range", "origin/main..HEAD"],
    &["history", "--no-cache"],
    &["history"],
    &["hook", "run", "pre-commit"],
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn mutants_of_files_end_and_show_nothing(seed: u64) {
        let draw = &mut Draw::new(seed);
        let folder = TempDir::new().unwrap();
        let mut bodies = Vec::new();
        for number in 0..FILES {
            let (bytes, body) = file(draw);
            let name = *draw.pick(&NAMES);
            let place = folder.path().join(format!("{number}"));
            std::fs::create_dir(&place).unwrap();
            std::fs::write(place.join(name), bytes).unwrap();
            bodies.push(body);
        }
        let format = *draw.pick(&FORMATS);
        holds(folder.path(), &["scan", "-v", "-f", format, "."], &forbidden(&bodies))?;
    }

    #[test]
    fn mutants_of_repositories_end_and_show_nothing(seed: u64) {
        let draw = &mut Draw::new(seed);
        let template = draw.pick(&*TEMPLATES);
        let folder = TempDir::new().unwrap();
        copy(template.folder.path(), folder.path());
        let inside = if draw.one_in(4) { folder.path().to_owned() } else { folder.path().join(".git") };
        for _ in 0..draw.between(1, 3) {
            break_one(draw, &files_of(&inside));
        }
        let words = [*draw.pick(&COMMANDS), &["-v", "-f", *draw.pick(&FORMATS)]].concat();
        holds(folder.path(), &words, &forbidden(&template.bodies))?;
    }
}
