//! Other scanners among the same faults. What they did is kept in `peers.tsv`, so that the page needs none of them;
//! `PEERS=FOLDER UPDATE_REPORT=1 cargo test --test trust` measures again, with `gitleaks` and `kingfisher` of that
//! folder. What neither has (our settings, `hook`, `ci`) is not asked of them.
//!
//! Each runs twice: with a rule for the planted key, which tells whether it finds that, and with a
//! rule that nothing matches, which tells how it ends when the fault is all there is.

use super::call::{Call, Said};
use super::row::{HIDDEN, Injected, PLANTED, Row};
use crate::repo::Repo;
use crate::workspace::key;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A run that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(20);

/// How a run that hangs is written down, in the place of its exit code.
const HANGS: &str = "hangs";

/// The text of a rule for Jourvex keys, and of one that nothing matches.
const RULES: [&str; 2] = ["jvx_live_[A-Za-z0-9]{20,64}", "jvx_none_[A-Za-z0-9]{20,64}"];

/// Another scanner.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// The file of its rules, with `RULE` for the regex and `EXAMPLE` for what it matches.
    rules: (&'static str, &'static str),
    /// The words of its command lines; `RULES` is the file. None where it has no such mode.
    words: fn(&Asked) -> Vec<String>,
    /// What it says beside its findings, line by line.
    says: fn(&Said) -> Vec<String>,
}

pub(crate) const PEERS: [Peer; 2] = [
    Peer {
        name: "gitleaks",
        rules: (
            "rules.toml",
            "[[rules]]\nid = \"key\"\nregex = '''RULE'''\nkeywords = [\"jvx_\"]\n",
        ),
        words: |asked| {
            let options = "-c RULES --no-banner --no-color --max-archive-depth 3 -f json -r -";
            let each = |path: &String| format!("dir {options} {path}");
            match asked {
                Asked::Files(paths) => paths.iter().map(each).collect(),
                Asked::Input => vec![format!("stdin {options}")],
                Asked::Staged => vec![format!("git --pre-commit --staged {options} .")],
                Asked::Range(range) => vec![format!("git --log-opts={range} {options} .")],
                Asked::History(path) => vec![format!("git {options} {path}")],
            }
        },
        says: |said| {
            let lines = said.stderr.lines();
            // `10:17PM WRN leaks found: 1`
            let lines = lines.map(|line| line.split_once("M ").map_or(line, |(_, rest)| rest));
            let quiet = ["INF ", "DBG ", "WRN leaks found"];
            let loud = lines.filter(|line| !quiet.iter().any(|word| line.starts_with(word)));
            loud.map(str::to_owned).collect()
        },
    },
    Peer {
        name: "kingfisher",
        rules: (
            "rules.yml",
            "rules:\n  - name: Key\n    id: jvx.1\n    pattern: '(RULE)'\n    confidence: medium\n    examples: ['EXAMPLE']\n",
        ),
        words: |asked| {
            let options = "--no-validate --load-builtins false --rules-path RULES --format json --no-update-check";
            let words = match asked {
                Asked::Files(paths) => format!("--git-history none {}", paths.join(" ")),
                Asked::Input => "-".to_owned(),
                Asked::Staged => ". --staged".to_owned(),
                Asked::Range(range) => match range.split_once("..") {
                    Some((from, to)) => format!(". --since-commit {from} --branch {to}"),
                    None => format!(". --branch {range}"),
                },
                Asked::History(path) => path.clone(),
            };
            vec![format!("scan {words} {options}")]
        },
        says: |said| {
            let lines = said.stderr.lines().map(str::trim_start);
            // Its own cache, which it does without.
            let quiet = |line: &&str| {
                line.is_empty() || line.starts_with("INFO ") || line.contains("rule cache")
            };
            let loud = lines.filter(|line| !quiet(line)).map(str::to_owned);
            loud.chain(audit(&said.stdout)).collect()
        },
    },
];

/// What kingfisher's report says of the scan itself.
fn audit(stdout: &str) -> Vec<String> {
    let mut says = Vec::new();
    let reports = stdout
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    for report in reports.collect::<Vec<serde_json::Value>>() {
        let repositories = report["audit"]["repositories"].as_array().cloned();
        for repository in repositories.unwrap_or_default() {
            says.extend(repository["scan"]["error"].as_str().map(str::to_owned));
            if repository["git"]["shallow"] == true {
                says.push("shallow: true".to_owned());
            }
        }
    }
    says
}

/// What a row asks for, in words that every scanner has.
pub(crate) enum Asked {
    Files(Vec<String>),
    Input,
    Staged,
    Range(String),
    History(String),
}

impl Asked {
    /// None for what only jvxleaks has.
    pub(crate) fn of(words: &str) -> Option<Self> {
        let mut words = words.split(' ');
        let mut command = words.next()?.to_owned();
        let mut paths = Vec::new();
        while let Some(word) = words.next() {
            match word {
                "-v" | "--no-cache" => {}
                // No scanner is asked for more threads than one can have here.
                "-j" if words.next().is_some_and(|n| n.len() < 4) => {}
                "run" if command == "hook" => command = format!("hook {}", words.next()?),
                "-" => return Some(Self::Input),
                _ if word.starts_with('-') => return None,
                _ => paths.push(word.to_owned()),
            }
        }
        let first = || paths.first().cloned().unwrap_or_else(|| ".".to_owned());
        match command.as_str() {
            "scan" if paths.is_empty() => Some(Self::Files(vec![".".to_owned()])),
            "scan" => Some(Self::Files(paths)),
            "staged" | "hook pre-commit" if paths.is_empty() => Some(Self::Staged),
            "range" => Some(Self::Range(first())),
            "history" => Some(Self::History(first())),
            _ => None,
        }
    }
}

/// How a scanner meets what keeps something from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It reads all the same.
    Reads,
    /// Its exit code tells.
    Fails,
    /// It ends with 0, and its output tells.
    Tells,
    /// It ends with 0 and says nothing.
    Silent,
    /// It does not end.
    Hangs,
}

/// What a scanner did among a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    /// The exit code when there is no key to find, or [`HANGS`].
    pub(crate) exit: String,
    /// Whether it found the planted key.
    pub(crate) found: bool,
    /// Whether it found what the fault hides, or, where all is hidden, the planted key: it read on.
    pub(crate) read: bool,
    /// What it said of the fault; empty for nothing.
    pub(crate) says: String,
}

impl Met {
    /// How it met the fault.
    pub(crate) fn way(&self) -> Way {
        match self {
            _ if self.exit == HANGS => Way::Hangs,
            _ if self.read => Way::Reads,
            _ if self.exit != "0" => Way::Fails,
            _ if !self.says.is_empty() => Way::Tells,
            _ => Way::Silent,
        }
    }

    /// A cell of the table.
    pub(crate) fn cell(&self, row: &Row) -> String {
        let found = match (row.found.is_empty(), self.found) {
            (true, _) => "",
            (false, true) => "found, ",
            (false, false) => "missed, ",
        };
        let told = match (self.read, self.says.is_empty()) {
            (true, _) => "read on",
            (false, true) => "silent",
            (false, false) => "told",
        };
        format!("{found}{told} ({})", self.exit)
    }
}

/// What was measured: the versions, and what each scanner did by fault and its name.
pub(crate) struct Measured {
    pub(crate) versions: String,
    pub(crate) met: BTreeMap<(String, String), Met>,
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trust/faults/peers.tsv")
}

impl Measured {
    /// What is kept.
    pub(crate) fn kept() -> Self {
        let text = std::fs::read_to_string(file()).unwrap_or_default();
        let versions = text.lines().next().unwrap_or_default();
        let lines = text.lines().skip(2).map(|line| line.split('\t').collect());
        let met = lines.map(|parts: Vec<&str>| {
            let met = Met {
                exit: parts[2].to_owned(),
                found: parts[3] == "found",
                read: parts[4] == "read",
                says: parts[5].to_owned(),
            };
            ((parts[0].to_owned(), parts[1].to_owned()), met)
        });
        Self {
            versions: versions.trim_start_matches("# ").to_owned(),
            met: met.collect(),
        }
    }

    /// What a scanner did on a row; none where it has no such mode.
    pub(crate) fn of(&self, row: &Row, peer: &Peer) -> Option<&Met> {
        self.met.get(&(row.fault.to_owned(), peer.name.to_owned()))
    }

    /// Measures, when `PEERS` names a folder with the scanners, and keeps it when asked to.
    pub(crate) fn measure(rows: &[&Row]) {
        let Some(folder) = std::env::var_os("PEERS").map(PathBuf::from) else {
            eprintln!("not run: PEERS names no folder with other scanners");
            return;
        };
        let versions = PEERS.map(|peer| {
            let version = if peer.name == "gitleaks" {
                "version"
            } else {
                "--version"
            };
            let mut command = std::process::Command::new(folder.join(peer.name));
            let said = command.arg(version).output().unwrap().stdout;
            let said = String::from_utf8(said).unwrap();
            format!(
                "{} {}",
                peer.name,
                said.trim().trim_start_matches(peer.name).trim()
            )
        });
        let mut text = format!(
            "# {}\nfault\tscanner\texit without a key\tplanted key\twhat the fault hides\tsays\n",
            versions.join(", ")
        );
        for row in rows {
            for peer in &PEERS {
                if let Some(met) = meet(row, peer, &folder) {
                    let found = if met.found { "found" } else { "missed" };
                    let read = if met.read { "read" } else { "" };
                    let _ = writeln!(
                        text,
                        "{}\t{}\t{}\t{found}\t{read}\t{}",
                        row.fault, peer.name, met.exit, met.says
                    );
                }
            }
        }
        if std::env::var_os("UPDATE_REPORT").is_some() {
            std::fs::write(file(), text).unwrap();
        }
    }
}

fn meet(row: &Row, peer: &Peer, folder: &Path) -> Option<Met> {
    let asked = Asked::of(row.words)?;
    let [with, without] = RULES.map(|rule| {
        let repo = super::row::site();
        let Injected::Run(call) = (row.inject)(&repo) else {
            return None;
        };
        let is_ours = call
            .env
            .iter()
            .any(|(name, _)| name.starts_with("PRE_COMMIT"));
        if is_ours || call.meanwhile.is_some() {
            return None;
        }
        Some(run(&call, &repo, peer, folder, &asked, rule))
    });
    let (with, without) = (with?, without?);
    let output = format!("{}{}", with.stdout, with.stderr);
    let found = output.contains(&key(PLANTED));
    Some(Met {
        exit: match without.exit {
            Some(code) => code.to_string(),
            None => HANGS.to_owned(),
        },
        found,
        read: output.contains(&key(HIDDEN)) || row.found.is_empty() && found,
        says: without.says,
    })
}

struct Heard {
    exit: Option<i32>,
    stdout: String,
    stderr: String,
    says: String,
}

fn run(call: &Call, repo: &Repo, peer: &Peer, folder: &Path, asked: &Asked, rule: &str) -> Heard {
    let rules = repo.beside(peer.rules.0);
    let example = rule.replace("[A-Za-z0-9]{20,64}", "aBcDeFgHiJkLmNoPqRsTuVwXyZ12");
    let text = peer
        .rules
        .1
        .replace("RULE", rule)
        .replace("EXAMPLE", &example);
    std::fs::write(&rules, text).unwrap();
    let mut heard = Heard {
        exit: Some(0),
        stdout: String::new(),
        stderr: String::new(),
        says: String::new(),
    };
    let mut lines = Vec::new();
    for words in (peer.words)(asked) {
        let words = words.replace("RULES", &rules.display().to_string());
        let path = ("PATH", PathBuf::from(std::env::var_os("PATH").unwrap()));
        let (exit, said) = call.run_other(repo, &folder.join(peer.name), &words, path, LONGEST);
        heard.exit = heard.exit.and_then(|before| Some(before.max(exit?)));
        lines.extend((peer.says)(&said));
        heard.stdout += &said.stdout;
        heard.stderr += &said.stderr;
    }
    heard.says = told(repo, &lines);
    heard
}

/// The first words of it, in one line, without the folder of the run and without keys.
fn told(repo: &Repo, lines: &[String]) -> String {
    let folder = repo.beside("").display().to_string();
    let text = lines
        .join(" / ")
        .replace(folder.trim_end_matches('/'), "[ABOVE]");
    let text = [1, 2]
        .map(key)
        .iter()
        .fold(text, |text, key| text.replace(key, "[KEY]"));
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().take(160).collect()
}
