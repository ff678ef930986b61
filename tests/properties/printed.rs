//! Nothing that the program prints shows a credential, wherever it was planted: in files and in their names, in
//! names that git keeps, in the configuration and in git's, on the command line.
//!
//! A case makes a repository and asks a few questions of all that there are: running the program costs more
//! than drawing another key.

use crate::draw::{BASE62, Draw};
use crate::dress::{ESCAPES, RUNS, STATEMENTS};
use crate::redaction::shows_nothing;
use crate::scanner::is_refused;
use assert_cmd::Command;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// How many questions a case asks: each then comes up several times in 96 cases.
const QUESTIONS: usize = 6;

const COMMANDS: [&[&str]; 6] = [
    &["scan", "."],
    &["scan", "--disable", "jourvex-key", "--max-file-size", "60"],
    &["staged"],
    &["range", "HEAD"],
    &["history", "--no-cache"],
    &["hook", "run", "pre-commit"],
];

const VERBOSITIES: [&[&str]; 3] = [&[], &["-v"], &["-q"]];

const FORMATS: [&str; 7] = [
    "text", "json", "jsonl", "sarif", "github", "markdown", "concise",
];

/// A repository with a credential in all that has a name.
struct Site {
    folder: TempDir,
    /// A key in some dress, or another vendor's credential with what tells it.
    dressed: String,
}

impl Site {
    fn new(dressed: String, key: &str) -> Self {
        let site = Self {
            folder: tempfile::tempdir().unwrap(),
            dressed,
        };
        site.git(&["init", "-q", "-b", "main"]);
        site.plant(&site.dressed, key);
        // A URL without its slashes is none.
        if !site.dressed.contains("://") {
            site.plant(&format!("{}/in.txt", site.dressed.replace('/', "_")), key);
        }
        site.plant(
            "carried.js",
            &format!("// jourvex\nconst k = '{}';\n", site.dressed),
        );
        site.plant("bare.txt", &format!("jourvex {}\n", site.dressed));
        site.plant(
            "allowed.txt",
            &format!("k = {key} # jvxleaks:allow -- {}\n", site.dressed),
        );
        site.plant("broken.gz", "\x1f\u{8b}\x08");
        #[cfg(unix)]
        let _ = std::os::unix::fs::symlink(&site.dressed, site.path().join("link"));
        site.git(&["add", "-A"]);
        let author = format!("user.name={}", site.dressed);
        let (author, message) = (author.as_str(), site.dressed.as_str());
        site.git(&["-c", author, "commit", "-q", "-m", message]);
        // What git forbids in a name of a ref is left out.
        site.git(&["branch", "--", message]);
        site.git(&["tag", "-a", "-m", message, "--", message]);
        site.git(&[
            "update-ref",
            &format!("refs/remotes/origin/{message}"),
            "HEAD",
        ]);
        site.plant("staged.txt", key);
        site.plant(&format!("s{}", site.dressed), key);
        site.git(&["add", "-A"]);
        site
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A file, unless the file system has no such name.
    fn plant(&self, name: &str, content: &str) {
        let path = self.path().join(name.trim_start_matches('/'));
        let made = path.parent().map(std::fs::create_dir_all);
        if made.is_some_and(|made| made.is_ok()) {
            let _ = std::fs::write(path, content);
        }
    }

    fn git(&self, words: &[&str]) -> String {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
        git.args(words).current_dir(self.path());
        git.env("HOME", self.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        let output = git.output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::cargo_bin("jvxleaks").unwrap();
        command.current_dir(self.path()).args(words).env_clear();
        command
    }

    /// All that a run prints.
    fn run(&self, words: &[&str]) -> String {
        printed(&mut self.command(words))
    }

    /// A file that a run wrote beside the repository, if it did.
    fn beside(&self) -> PathBuf {
        self.path().join(".git/written")
    }
}

fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let both = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// A key of which most dresses are short enough for a name.
fn key(draw: &mut Draw) -> String {
    let key = draw.key();
    let length = key.len().min(9 + draw.between(20, 36));
    key[..length].to_owned()
}

fn dressed(draw: &mut Draw, key: &str) -> String {
    match draw.below(5) {
        0 => key.to_owned(),
        1 | 2 => draw.pick(&ESCAPES).1(draw, key),
        3 => draw.pick(&RUNS).1(draw, key),
        _ => draw.pick(&STATEMENTS).2(draw, key),
    }
}

/// How a credential of another vendor may stand in a name, an argument or a reason.
const OTHERS: [&str; 6] = [
    "Authorization: Bearer {}",
    "X-Api-Key: {}",
    "https://deploy:{}@git.example.org",
    "curl -u ops:{} api.example.org",
    "probe --bearer-token {}",
    "{\"Authorization\":\"Token {}\"}",
];

/// A site with a credential of another vendor, and its body.
fn site_of_another(draw: &mut Draw) -> Option<(Site, String)> {
    let length = draw.between(20, 44);
    let token = draw.text(BASE62, length);
    let dressed = draw.pick(&OTHERS).replace("{}", &token);
    (!is_refused(&dressed)).then(|| (Site::new(dressed.clone(), &dressed), token))
}

fn site(seed: u64) -> Option<(Site, String)> {
    let draw = &mut Draw::new(seed);
    if draw.one_in(4) {
        return site_of_another(draw);
    }
    let key = key(draw);
    let dressed = dressed(draw, &key);
    let odd = is_refused(&format!("k = '{key}'"));
    (!odd).then(|| {
        (
            Site::new(dressed, &key),
            key["jvx_live_".len()..].to_owned(),
        )
    })
}

/// One thing that is asked of the program in a repository.
#[derive(Debug, Clone, Copy)]
enum Question {
    /// A command that reads, with a verbosity and a format.
    Report([usize; 3]),
    /// A report that is written to a file.
    Written(usize),
    /// A job of GitHub Actions.
    Job,
    /// A command line that is wrong.
    Mistake(usize),
    /// A configuration that is wrong.
    Configuration(usize),
    /// A configuration of git that is wrong.
    Setting(usize),
    /// What is written for the user.
    Files,
}

/// Every question.
fn questions() -> Vec<Question> {
    let mut all = vec![Question::Job, Question::Files];
    for command in 0..COMMANDS.len() {
        for verbosity in 0..VERBOSITIES.len() {
            all.extend(
                (0..FORMATS.len()).map(|format| Question::Report([command, verbosity, format])),
            );
        }
    }
    all.extend((0..FORMATS.len()).map(Question::Written));
    all.extend((0..MISTAKES).map(Question::Mistake));
    all.extend((0..CONFIGURATIONS).map(Question::Configuration));
    all.extend((0..SETTINGS.len()).map(Question::Setting));
    all
}

impl Question {
    fn ask(self, site: &Site, body: &str) -> Result<(), TestCaseError> {
        match self {
            Self::Report(which) => report(which, site, body),
            Self::Written(format) => written(FORMATS[format], site, body),
            Self::Job => job(site, body),
            Self::Mistake(number) => mistake(number, site, body),
            Self::Configuration(number) => configuration(number, site, body),
            Self::Setting(number) => setting(SETTINGS[number], site, body),
            Self::Files => files(site, body),
        }
    }
}

fn report(which: [usize; 3], site: &Site, body: &str) -> Result<(), TestCaseError> {
    let [command, verbosity, format] = which;
    let (command, verbosity) = (COMMANDS[command], VERBOSITIES[verbosity]);
    let words = [command, verbosity, &["-f", FORMATS[format]]].concat();
    shows_nothing(&site.dressed, &site.run(&words), body)
}

fn written(format: &str, site: &Site, body: &str) -> Result<(), TestCaseError> {
    let file = site.beside();
    let name = file.to_string_lossy();
    let words = ["scan", "-v", "-f", format, "-o", &name];
    shows_nothing(&site.dressed, &site.run(&words), body)?;
    let written = std::fs::read_to_string(&file).unwrap();
    shows_nothing(&site.dressed, &written, body)?;
    let documents: Vec<&str> = match format {
        "jsonl" => written.lines().collect(),
        "json" | "sarif" => vec![&written],
        _ => Vec::new(),
    };
    for document in documents {
        let parsed = serde_json::from_str::<serde_json::Value>(document);
        prop_assert!(parsed.is_ok(), "{format}: {parsed:?}");
    }
    Ok(())
}

/// A job of GitHub Actions that pushed a branch with the key in its name.
fn job(site: &Site, body: &str) -> Result<(), TestCaseError> {
    let (head, zero) = (site.git(&["rev-parse", "HEAD"]), "0".repeat(40));
    let event = serde_json::json!({
        "ref": format!("refs/heads/{}", site.dressed),
        "before": zero,
        "after": head,
        "repository": { "default_branch": site.dressed },
    });
    let (file, told) = (
        site.path().join(".git/event"),
        site.path().join(".git/told"),
    );
    std::fs::write(&file, event.to_string()).unwrap();
    let sarif = site.beside().to_string_lossy().into_owned();
    let mut command = site.command(&["ci", "--sarif", &sarif]);
    command.env("GITHUB_EVENT_NAME", "push");
    command.env("GITHUB_EVENT_PATH", &file);
    command.env("GITHUB_STEP_SUMMARY", &told);
    command.env("GITHUB_OUTPUT", &told);
    shows_nothing(&site.dressed, &printed(&mut command), body)?;
    for file in [told, site.beside()] {
        let text = std::fs::read(file).unwrap_or_default();
        shows_nothing(&site.dressed, &String::from_utf8_lossy(&text), body)?;
    }
    Ok(())
}

/// How many command lines [`mistake`] knows.
const MISTAKES: usize = 19;

/// Words that no command takes, and names of what is not there.
fn mistake(number: usize, site: &Site, body: &str) -> Result<(), TestCaseError> {
    let key = site.dressed.as_str();
    let (long, range) = (format!("--{key}"), format!("{key}..HEAD"));
    let lines: [&[&str]; MISTAKES] = [
        &[key],
        &["scan", &long],
        &["scan", "--format", key],
        &["scan", key, "nowhere"],
        &["scan", "nowhere", key],
        &["scan", "--max-file-size", key],
        &["scan", "--max-file-size", "10", key],
        &["scan", "--config", key],
        &["scan", "--rules", key],
        &["scan", "--baseline", key],
        &["scan", "--disable", key],
        &["scan", "-q", "-o", "nowhere/x", "--fail-on", key],
        &["range", &range],
        &["history", key],
        &["history", "--since", key, "--branch", key],
        &["explain", key],
        &["hook", "run", "commit-msg", key],
        &["hook", "run", "pre-push", key, key],
        &["scan", "--jobs", key],
    ];
    shows_nothing(key, &site.run(lines[number]), body)
}

/// How many configurations [`configuration`] knows.
const CONFIGURATIONS: usize = 9;

/// Configurations with the key where something else belongs.
fn configuration(number: usize, site: &Site, body: &str) -> Result<(), TestCaseError> {
    let text = toml::Value::String(site.dressed.clone()).to_string();
    let configs: [String; CONFIGURATIONS] = [
        format!("{text} = 1\n"),
        format!("fail-on = {text}\n"),
        format!("disable = [{text}]\n"),
        format!("[rules]\ndisable = [{text}]\n"),
        format!("baseline = {text}\n"),
        format!("[paths]\nexclude = [{text}, '[']\n"),
        format!("[[allow]]\nfingerprint = {text}\nreason = {text}\n"),
        format!("[[allow]]\npaths = ['nowhere']\nreason = {text}\n"),
        format!("{text}\n"),
    ];
    let config = &configs[number];
    site.plant(".jvxleaks.toml", config);
    shows_nothing(config, &site.run(&["scan", "-v"]), body)?;
    std::fs::remove_file(site.path().join(".jvxleaks.toml")).unwrap();
    Ok(())
}

/// Settings of git that are numbers, truth values or of a few words.
const SETTINGS: [&str; 5] = [
    "repositoryformatversion",
    "bare",
    "ignorecase",
    "filemode",
    "autocrlf",
];

fn setting(name: &str, site: &Site, body: &str) -> Result<(), TestCaseError> {
    let config = site.path().join(".git/config");
    let before = std::fs::read_to_string(&config).unwrap();
    let value = site.dressed.replace('\\', "\\\\").replace('"', "\\\"");
    let value = value.replace('\n', "\\n");
    std::fs::write(&config, format!("{before}[core]\n\t{name} = \"{value}\"\n")).unwrap();
    for words in [&["staged"][..], &["history"], &["range", "HEAD"], &["scan"]] {
        shows_nothing(&site.dressed, &site.run(words), body)?;
    }
    std::fs::write(&config, before).unwrap();
    Ok(())
}

/// What is written for the user.
fn files(site: &Site, body: &str) -> Result<(), TestCaseError> {
    shows_nothing(
        &site.dressed,
        &site.run(&["baseline", "create", "--yes"]),
        body,
    )?;
    let text = std::fs::read(site.path().join(".jvxleaks-baseline")).unwrap();
    shows_nothing(&site.dressed, &String::from_utf8_lossy(&text), body)?;
    shows_nothing(&site.dressed, &site.run(&["scan", "-v"]), body)?;
    site.git(&["config", "core.hooksPath", &site.dressed]);
    shows_nothing(&site.dressed, &site.run(&["hook", "install"]), body)
}

/// A site that the seed draws, asked these questions.
fn prints_nothing(seed: u64, asked: &[Question]) -> Result<(), TestCaseError> {
    let Some((site, body)) = site(seed) else {
        return Ok(());
    };
    for question in asked {
        question
            .ask(&site, &body)
            .map_err(|error| TestCaseError::fail(format!("{question:?}: {error}")))?;
    }
    Ok(())
}

/// A name on lines of its own, base64 in lines, a name that advice quotes for a shell, one behind a letter,
/// the half of a key that is none without the other, and a statement that a message goes on from. Each is asked
/// a quarter of the questions, so that all of them are asked by two or three.
#[test]
fn what_once_showed_a_key_shows_none() {
    const SHARES: usize = 4;
    let seeds = [
        8_121_718_847_739_660_516,
        162_923_008_039_412_288,
        5_668_974_941_393_885_795,
        5_830_361_957_396_122_138,
        12_405_148_465_477_047_564,
        13_337_936_944_131_928_501,
        12_438_216_490_169_374_565,
        5_316_548_575_190_229_311,
        5_649_545_321_589_325_274,
        6_113_438_080_495_132_508,
        16_415_695_627_380_322_117,
    ];
    let all = questions();
    for (number, seed) in seeds.into_iter().enumerate() {
        let asked = all.iter().skip(number % SHARES).step_by(SHARES);
        let asked: Vec<Question> = asked.copied().collect();
        prints_nothing(seed, &asked).unwrap();
    }
}

proptest! {
    #![proptest_config(crate::few(96))]

    #[test]
    fn nothing_printed_shows_a_key(seed: u64) {
        let (all, draw) = (questions(), &mut Draw::new(!seed));
        let asked: Vec<Question> = (0..QUESTIONS).map(|_| *draw.pick(&all)).collect();
        prints_nothing(seed, &asked)?;
    }
}
