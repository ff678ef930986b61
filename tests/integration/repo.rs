//! A temporary repository, and the scanner run in it.

#[path = "../support/repo.rs"]
mod git_repo;

use crate::workspace::without_time;
use assert_cmd::cargo::cargo_bin;
pub(crate) use git_repo::Repo;
use serde_json::Value;
use std::path::Path;
use std::process::Command;

impl Repo {
    /// As [`Repo::git`], for what may fail; tells whether it did not.
    pub(crate) fn try_git(&self, words: &str) -> bool {
        let words: Vec<_> = words.split(' ').collect();
        let output = self.git_command(&self.path(), &words).output();
        output.unwrap().status.success()
    }

    /// Runs `git` in a folder, and gives what it said if it failed.
    pub(crate) fn refused(&self, folder: &Path, words: &[&str]) -> Option<String> {
        let output = self.git_command(folder, words).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (!output.status.success()).then(|| String::from_utf8(said).unwrap())
    }

    /// `jvxleaks` with words split at spaces, ready to run in `folder`.
    pub(crate) fn command(&self, folder: &Path, words: &str) -> Command {
        let mut command = Command::new(cargo_bin("jvxleaks"));
        command
            .args(words.split(' '))
            .current_dir(folder)
            .env_clear()
            .env("HOME", self.path().parent().unwrap());
        command
    }

    /// Runs `jvxleaks` in the work tree.
    pub(crate) fn scan(&self, words: &str) -> Scan {
        Scan::of(&mut self.command(&self.path(), words))
    }

    pub(crate) fn scan_in(&self, folder: &Path, words: &str) -> Scan {
        Scan::of(&mut self.command(folder, words))
    }
}

/// What Git LFS commits in place of the object with this id.
pub(crate) fn lfs_pointer(id: &str) -> String {
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{id}\nsize 1\n")
}

/// The SHA-256 of bytes, as the pointer of Git LFS names them.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a run of `jvxleaks` said.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scan {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self {
            exit: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The report of `--format json`.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_default()
    }

    /// `path commit` of every finding of a text report's JSON; the commit is empty where none is.
    pub(crate) fn places(&self) -> Vec<String> {
        let report = self.json();
        let findings = report["findings"].as_array().cloned().unwrap_or_default();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let place = |f: &Value| format!("{} {}", text(&f["path"]), text(&f["origin"]["commit"]));
        findings
            .iter()
            .map(place)
            .map(|p| p.trim_end().to_owned())
            .collect()
    }

    /// Exit code and both outputs as one text, without the time it took and without `folder`.
    pub(crate) fn transcript(&self, folder: &Path) -> String {
        let code = self.exit.map_or("signal".to_owned(), |c| c.to_string());
        let Self { stdout, stderr, .. } = self;
        let text = format!("exit {code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
        without_time(&text.replace(&*folder.to_string_lossy(), "[FOLDER]"))
    }

    /// All that was not read.
    pub(crate) fn faults(&self) -> String {
        self.json()["faults"].to_string()
    }
}
