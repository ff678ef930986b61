//! One row of the matrix, and how it is held to what it says.

use super::call::{Call, Said};
use crate::repo::Repo;
use crate::workspace::key;
use jvxleaks::model::Outcome;
use jvxleaks::report::{Format, ReportOptions};
use std::path::Path;

/// One fault, how it is injected, and what must come of it.
pub(crate) struct Row {
    /// The fault, in words.
    pub(crate) fault: &'static str,
    /// How it is injected.
    pub(crate) how: &'static str,
    /// The words of the command line.
    pub(crate) words: &'static str,
    /// Where the key stands that must be found all the same; empty where nothing can be read.
    pub(crate) found: &'static str,
    /// The exit code; 128 and the signal's number for a run that a signal ended.
    pub(crate) exit: i32,
    /// What standard output or standard error must hold; `[FOLDER]` is the folder of the run.
    pub(crate) says: &'static str,
    /// Injects it.
    pub(crate) inject: fn(&Repo) -> Injected,
}

/// A fault in its place.
pub(crate) enum Injected {
    /// Runs of the program meet it.
    Run(Call),
    /// It was injected while the library read, with this result.
    Read(Box<Outcome>),
    /// It cannot be injected here, for this reason.
    No(&'static str),
}

/// The key that each row plants, and the one that a fault hides or that stands out of reach.
pub(crate) const PLANTED: u64 = 1;
pub(crate) const HIDDEN: u64 = 2;

/// Holds every row to what it says.
pub(crate) fn hold(rows: &[Row]) {
    let wrong: Vec<String> = rows.iter().flat_map(Row::check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

impl Row {
    /// What is wrong with this row.
    fn check(&self) -> Vec<String> {
        let repo = site();
        match (self.inject)(&repo) {
            Injected::No(why) => {
                eprintln!("not run: {}: {why}", self.fault);
                Vec::new()
            }
            Injected::Read(outcome) => Format::ALL
                .iter()
                .flat_map(|format| self.judge(&repo, format.name(), &report(&outcome, format)))
                .collect(),
            Injected::Run(call) => call
                .formats(self.words)
                .iter()
                .flat_map(|format| {
                    let said = call.run(&repo, self.words, format.name());
                    [
                        self.judge(&repo, format.name(), &said),
                        self.leftovers(&repo, &call),
                    ]
                    .concat()
                })
                .collect(),
        }
    }

    fn judge(&self, repo: &Repo, format: &str, said: &Said) -> Vec<String> {
        let mut wrong = Vec::new();
        let both = format!("{}{}", said.stdout, said.stderr);
        if said.exit != self.exit {
            wrong.push(format!("exit {} and not {}", said.exit, self.exit));
        }
        // Formats write in their own ways; what is said is held to the words of the plain one.
        let folder = repo.path().to_string_lossy().into_owned();
        if format == "text" && !both.replace(&folder, "[FOLDER]").contains(self.says) {
            wrong.push(format!("does not say `{}`", self.says));
        }
        let shown = &key(PLANTED)["jvx_live_".len()..][..4];
        // SARIF writes paths as URIs.
        let is_there = both.contains(self.found) || format == "sarif";
        // A line of a concise report names the rule and no part of the key.
        let is_told = both.contains(shown) || format == "concise" && both.contains("[jourvex-key]");
        if !(self.found.is_empty() || is_there && is_told) {
            wrong.push(format!("does not find the key in {}", self.found));
        }
        for secret in [PLANTED, HIDDEN].map(key) {
            if both.contains(&secret[secret.len() - 12..]) {
                wrong.push("shows a key".to_owned());
            }
        }
        if both.contains("panicked") {
            wrong.push("panics".to_owned());
        }
        let told = |what: String| format!("{} ({format}): {what}\n{both}", self.fault);
        wrong.into_iter().map(told).collect()
    }

    /// Temporary files, and a report that was to stay and did not.
    fn leftovers(&self, repo: &Repo, call: &Call) -> Vec<String> {
        let mut wrong = temporary(&repo.beside(""));
        if let Some(kept) = call.kept
            && std::fs::read(repo.path().join(kept)).unwrap() != b"old"
        {
            wrong.push(format!("{kept} was touched"));
        }
        let told = |what: String| format!("{}: {what}", self.fault);
        wrong.into_iter().map(told).collect()
    }
}

/// A repository with one commit, tagged `base`, and one more that brings `open.txt` with a key.
pub(crate) fn site() -> Repo {
    let repo = Repo::new();
    repo.write("README.md", "hello\n");
    repo.commit("base");
    repo.git("tag base");
    repo.write("open.txt", key(PLANTED));
    repo.commit("open");
    repo
}

fn report(outcome: &Outcome, format: &Format) -> Said {
    let mut out = Vec::new();
    let options = ReportOptions {
        verbose: true,
        ..ReportOptions::default()
    };
    format.write(outcome, &options, &mut out).unwrap();
    let exit = match (outcome.faults.is_empty(), outcome.findings.is_empty()) {
        (false, _) => 2,
        (true, false) => 1,
        (true, true) => 0,
    };
    let stderr = jvxleaks::report::text::summary(outcome);
    let stdout = String::from_utf8_lossy(&out).into_owned();
    Said {
        exit,
        stdout,
        stderr,
    }
}

/// Files that a run should have taken away.
fn temporary(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        match is_folder {
            true => found.extend(temporary(&entry.path())),
            false if name.starts_with(".jvxleaks-") && name.ends_with(".tmp") => {
                found.push(format!("{name} was left"));
            }
            false => {}
        }
    }
    found
}
