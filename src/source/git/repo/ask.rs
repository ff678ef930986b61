//! What only git itself can tell: its settings come from files, from conditions on the repository, from
//! the environment and from the command line of the git that called a hook.
//!
//! The only place that runs git, beside `mirror`, which clones. `git config` and `git rev-parse` start nothing that a repository
//! configures: no hook, alias, pager, filter or file system monitor.

use crate::model::BlobPath;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Variables that say which repository is meant, against a path that was named.
const REPOSITORY: [&str; 4] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
];

/// A question to git in a folder.
pub(in crate::source::git) struct Question(Command);

/// Why git gave no answer.
pub(in crate::source::git) enum NoAnswer {
    /// It could not be run, for this reason.
    NotRun(std::io::Error),
    /// It refused, with this exit code. Its words are not kept: they may quote a value of a setting.
    Refused(Option<i32>),
}

impl Question {
    /// One that is asked in `folder`.
    pub(in crate::source::git) fn within(folder: &Path) -> Self {
        let mut command = Command::new("git");
        command.arg("--no-pager").current_dir(folder);
        command.env("GIT_OPTIONAL_LOCKS", "0").stdin(Stdio::null());
        Self(command)
    }

    /// The same about the repository around its folder, whatever the environment says.
    pub(super) fn whatever_is_set(mut self) -> Self {
        for name in REPOSITORY {
            self.0.env_remove(name);
        }
        self
    }

    /// The same about the repository with this git folder.
    pub(in crate::source::git) fn of(mut self, git_dir: &Path) -> Self {
        self.0.env("GIT_DIR", git_dir);
        self
    }

    /// What git writes to standard output.
    pub(in crate::source::git) fn ask(mut self, words: &[&str]) -> Result<Vec<u8>, NoAnswer> {
        let output = self.0.args(words.iter().map(OsStr::new)).output();
        let output = output.map_err(NoAnswer::NotRun)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(NoAnswer::Refused(output.status.code()))
    }
}

/// The path that git said. Its name may hold a line break, and need not be UTF-8: only the last line break is git's.
/// `None` when it said nothing.
pub(in crate::source::git) fn path(said: &[u8]) -> Option<PathBuf> {
    let path = said.strip_suffix(b"\n").unwrap_or(said);
    (!path.is_empty()).then(|| BlobPath::from_bytes(path).to_native())
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotRun(why) => write!(f, "git cannot be run ({why})"),
            Self::Refused(Some(code)) => write!(f, "git ended with exit code {code}"),
            Self::Refused(None) => write!(f, "git was ended by a signal"),
        }
    }
}
