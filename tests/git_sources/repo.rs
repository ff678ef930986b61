//! A temporary repository, and what is written to it through git's standard input.

#[path = "../support/repo.rs"]
mod git_repo;

pub(crate) use git_repo::Repo;
use std::process::Command;

impl Repo {
    /// As [`Repo::git`], with these lines on standard input.
    pub(crate) fn feed(&self, words: &str, lines: &str) {
        self.fed(words, lines);
    }

    /// The same, and gives its output.
    pub(crate) fn fed(&self, words: &str, lines: &str) -> String {
        let input = self.beside("input");
        std::fs::write(&input, format!("{lines}\n")).unwrap();
        let output = Command::new("git")
            .args(words.split(' '))
            .current_dir(self.path())
            .stdin(std::fs::File::open(input).unwrap())
            .stderr(std::process::Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "git {words}");
        String::from_utf8(output.stdout)
            .unwrap()
            .trim_end()
            .to_owned()
    }
}
