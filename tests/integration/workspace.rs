//! A folder to scan, and the scanner run in it with nothing of the tester's environment.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A temporary folder.
pub(crate) struct Workspace {
    folder: TempDir,
}

impl Workspace {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub(crate) fn file(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// `jvxleaks` with these words, ready to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::cargo_bin("jvxleaks").unwrap();
        command
            .current_dir(self.folder.path())
            .args(args)
            .env_clear();
        command
    }

    /// Runs `jvxleaks` and gives exit code and both outputs as one text.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        self.transcript(&mut self.command(args))
    }

    /// As [`Workspace::run`], with something on standard input.
    pub(crate) fn run_with_input(&self, args: &[&str], input: impl Into<Vec<u8>>) -> String {
        self.transcript(self.command(args).write_stdin(input))
    }

    /// Standard output parsed as JSON.
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let output = self.command(args).output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// `rule path:line:column` of every finding.
    pub(crate) fn places(&self, args: &[&str]) -> Vec<String> {
        let report = self.json(&[args, &["--format", "json"]].concat());
        let findings = report["findings"].as_array().unwrap().clone();
        let text = |f: &serde_json::Value| {
            let (rule, path) = (f["rule"].as_str().unwrap(), f["path"].as_str().unwrap());
            format!("{rule} {path}:{}:{}", f["line"], f["column"])
        };
        findings.iter().map(text).collect()
    }

    fn transcript(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = output
            .status
            .code()
            .map_or("signal".to_owned(), |c| c.to_string());
        let transcript = format!(
            "exit {code}\n--- stdout\n{}--- stderr\n{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        let folder = self.folder.path().to_string_lossy().into_owned();
        without_time(&transcript.replace(&folder, "[FOLDER]"))
    }
}

/// `Took 12 ms.` differs from run to run.
pub(crate) fn without_time(text: &str) -> String {
    let lines = text
        .split_inclusive('\n')
        .map(|line| match line.rfind(" Took ") {
            Some(at) if line.trim_end().ends_with(" ms.") => {
                format!("{} Took [N] ms.\n", &line[..at])
            }
            _ => line.to_owned(),
        });
    lines.collect()
}

/// A key that no one ever issued: `jvx_live_` and 32 characters that depend on `seed` alone.
pub(crate) fn key(seed: u64) -> String {
    format!("jvx_live_{}", token(seed, 32))
}

/// `length` letters and digits that look random and depend on `seed` alone.
pub(crate) fn token(seed: u64, length: usize) -> String {
    const ALPHABET: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(ALPHABET[(state >> 20) as usize % ALPHABET.len()])
    };
    (0..8).for_each(|_| {
        next();
    });
    (0..length).map(|_| next()).collect()
}
