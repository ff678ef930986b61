//! A temporary repository, written by git itself in an environment of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

pub(crate) struct Repo {
    folder: TempDir,
    commits: std::cell::Cell<u32>,
}

impl Repo {
    /// An empty repository on branch `main`.
    pub(crate) fn new() -> Self {
        let repo = Self {
            folder: TempDir::new().unwrap(),
            commits: std::cell::Cell::new(0),
        };
        std::fs::create_dir(repo.path()).unwrap();
        repo.git("init -q -b main");
        repo
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// A path next to the repository, for clones and remotes.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `git` with words split at spaces, and gives its output.
    pub(crate) fn git(&self, words: &str) -> String {
        self.run(&self.path(), &words.split(' ').collect::<Vec<_>>())
    }

    pub(crate) fn git_in(&self, folder: &Path, words: &str) -> String {
        self.run(folder, &words.split(' ').collect::<Vec<_>>())
    }

    pub(crate) fn run(&self, folder: &Path, words: &[&str]) -> String {
        let output = self.git_command(folder, words).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {words:?}: {error}");
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }

    pub(crate) fn git_command(&self, folder: &Path, words: &[&str]) -> Command {
        let date = format!("{} +0000", 1_700_000_000 + 86_400 * self.commits.get());
        let mut command = Command::new("git");
        command
            .args(words)
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "A")
            .env("GIT_AUTHOR_EMAIL", "a@example.com")
            .env("GIT_COMMITTER_NAME", "C")
            .env("GIT_COMMITTER_EMAIL", "c@example.com")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date);
        command
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits all changes a day after the last commit, and gives the commit's id.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.commits.set(self.commits.get() + 1);
        self.git("add -A");
        self.run(
            &self.path(),
            &["commit", "-q", "--allow-empty", "-m", message],
        );
        self.head()
    }

    pub(crate) fn head(&self) -> String {
        self.git("rev-parse HEAD")
    }
}
