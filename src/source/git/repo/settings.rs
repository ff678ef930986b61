//! What git's configuration says about hooks and commit messages. It is read, never obeyed beyond
//! that: nothing that it names is run.

use super::ask::{self, NoAnswer, Question};
use super::open::GitRepo;
use super::reason;
use crate::source::SourceError;
use crate::source::message::{Cleanup, MessageFile};
use git2::Config;
use std::path::{Path, PathBuf};

/// The setting for the folder of hooks.
const HOOKS_PATH: &str = "core.hooksPath";

/// The folder in which git looks for hooks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HooksFolder {
    /// Where it is; it need not be there yet.
    pub path: PathBuf,
    /// True when a setting outside this repository names it, so that other repositories use it too.
    pub shared: bool,
}

impl GitRepo {
    /// The folder in which git looks for the hooks of this repository: `core.hooksPath`, relative to
    /// the root of the work tree, else `hooks` in the git folder that all work trees share. Git is
    /// asked, since the setting may come from the environment or hang on a condition.
    ///
    /// # Errors
    /// When git cannot be run, or does not understand its settings.
    pub fn hooks_folder(&self) -> Result<HooksFolder, SourceError> {
        let root = self.work_dir().unwrap_or(self.git_dir());
        let asked = || Question::within(root).of(self.git_dir());
        let told = asked().ask(&["rev-parse", "--git-path", "hooks"]);
        let told = told.map_err(|why| {
            self.error(format!("where git looks for hooks cannot be told: {why}; try `git rev-parse --git-path hooks`"))
        })?;
        let path = ask::path(&told).unwrap_or_default();
        let scope = asked().ask(&["config", "--show-scope", "--get", HOOKS_PATH]);
        let own: [&[u8]; 2] = [b"local\t", b"worktree\t"];
        let is_own = |told: &Vec<u8>| own.iter().any(|scope| told.starts_with(scope));
        Ok(HooksFolder {
            path: plain(&root.join(path)),
            shared: scope.is_ok_and(|told| !is_own(&told)),
        })
    }

    /// The message in `path`, the file that git gave a `commit-msg` hook. `edited` says that an
    /// editor was opened: only then does git take comment lines out by default
    /// (<https://git-scm.com/docs/git-commit#Documentation/git-commit.txt---cleanupmode>). Where its
    /// settings cannot be told, nothing counts as taken out.
    pub fn message_file(&self, path: PathBuf, edited: bool, max_size: u64) -> MessageFile {
        const NAMES: &str = "^(commit\\.cleanup|core\\.comment(char|string))$";
        let git = Question::within(self.git_dir()).of(self.git_dir());
        let told = match git.ask(&["config", "--null", "--get-regexp", NAMES]) {
            Ok(told) => Some(told),
            // None of them is set.
            Err(NoAnswer::Refused(Some(1))) => Some(Vec::new()),
            Err(_) => None,
        };
        let cleanup = told.map(|told| cleanup(&told, edited)).unwrap_or_default();
        MessageFile {
            path,
            cleanup,
            max_size,
        }
    }
}

/// What git leaves out under settings that it told as `name`, a line feed, the value and a zero byte.
/// The last one of a name counts, and `core.commentChar` is `core.commentString` by another name.
fn cleanup(told: &[u8], edited: bool) -> Cleanup {
    let (mut mode, mut mark) = (Vec::new(), b"#".to_vec());
    for setting in told.split(|b| *b == 0) {
        let at = setting.iter().position(|b| *b == b'\n');
        let (name, value) = setting.split_at(at.unwrap_or(setting.len()));
        let value = value.strip_prefix(b"\n").unwrap_or(value);
        match name {
            b"commit.cleanup" => mode = value.to_vec(),
            b"" => {}
            _ => mark = value.to_vec(),
        }
    }
    let kept: [&[u8]; 3] = [b"verbatim", b"whitespace", b"scissors"];
    Cleanup {
        edited,
        comments: !kept.contains(&&*mode),
        mark: Some(mark).filter(|mark| mark != b"auto"),
    }
}

/// The same path without `..` in what is there of it.
fn plain(path: &Path) -> PathBuf {
    let parent = path.parent().and_then(|parent| parent.canonicalize().ok());
    match (parent, path.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    }
}

/// The user's own git configuration, which counts for all repositories.
#[derive(Debug)]
pub struct UserSettings {
    file: PathBuf,
}

impl UserSettings {
    /// `GIT_CONFIG_GLOBAL`, else the file that is there, else `~/.gitconfig`.
    pub fn find() -> Option<Self> {
        let named = std::env::var_os("GIT_CONFIG_GLOBAL").map(PathBuf::from);
        let there = || Config::find_global().or_else(|_| Config::find_xdg()).ok();
        let home = || {
            let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
            home.map(|home| PathBuf::from(home).join(".gitconfig"))
        };
        let file = named.or_else(there).or_else(home)?;
        Some(Self { file })
    }

    /// The file itself.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The folder of hooks for all repositories.
    pub fn hooks_path(&self) -> Option<PathBuf> {
        Config::open(&self.file).ok()?.get_path(HOOKS_PATH).ok()
    }

    /// Makes git look for hooks in `folder`, or, with none, in each repository again.
    ///
    /// # Errors
    /// With the reason why the file cannot be written.
    pub fn set_hooks_path(&self, folder: Option<&Path>) -> Result<(), String> {
        let failed = |e: git2::Error| reason::of(&e).into_owned();
        let mut config = Config::open(&self.file).map_err(failed)?;
        match folder {
            Some(folder) => config.set_str(HOOKS_PATH, &folder.to_string_lossy()),
            None => config.remove(HOOKS_PATH),
        }
        .map_err(failed)
    }
}
