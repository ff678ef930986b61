//! What git's configuration says about hooks and commit messages. It is read, never obeyed beyond
//! that: nothing that it names is run.

use super::open::GitRepo;
use super::reason;
use crate::source::message::Cleanup;
use crate::source::{SourceError, message::MessageFile};
use git2::{Config, ConfigLevel, ErrorCode};
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
    /// the root of the work tree, else `hooks` in the git folder that all work trees share.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn hooks_folder(&self) -> Result<HooksFolder, SourceError> {
        let config = self.settings()?;
        match config.get_path(HOOKS_PATH) {
            Ok(path) => {
                let entry = config.get_entry(HOOKS_PATH);
                let own = [ConfigLevel::Local, ConfigLevel::Worktree];
                let root = self.work_dir().unwrap_or(self.git_dir());
                Ok(HooksFolder {
                    path: root.join(path),
                    shared: entry.is_ok_and(|entry| !own.contains(&entry.level())),
                })
            }
            Err(e) if e.code() == ErrorCode::NotFound => Ok(HooksFolder {
                path: self.common_dir().join("hooks"),
                shared: false,
            }),
            Err(e) => {
                let why = reason::of(&e);
                Err(self.error(format!("{HOOKS_PATH} cannot be understood: {why}")))
            }
        }
    }

    /// The message in `path`, the file that git gave a `commit-msg` hook. `edited` says that an
    /// editor was opened: only then does git take comment lines out by default
    /// (<https://git-scm.com/docs/git-commit#Documentation/git-commit.txt---cleanupmode>).
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn message_file(
        &self,
        path: PathBuf,
        edited: bool,
        max_size: u64,
    ) -> Result<MessageFile, SourceError> {
        let config = self.settings()?;
        let text = |name: &str| config.get_string(name).ok();
        let mode = text("commit.cleanup").unwrap_or_default();
        let mark = text("core.commentString").or_else(|| text("core.commentChar"));
        let mark = mark.unwrap_or_else(|| "#".to_owned());
        let mark = Some(mark.into_bytes()).filter(|mark| mark != b"auto");
        let kept = ["verbatim", "whitespace", "scissors"].contains(&mode.as_str());
        let cleanup = Cleanup {
            below_scissors: edited,
            comments: mode == "strip" || edited && !kept && mark.is_some(),
            mark,
        };
        Ok(MessageFile {
            path,
            cleanup,
            max_size,
        })
    }

    fn settings(&self) -> Result<Config, SourceError> {
        let config = self.handle()?.config().and_then(|mut c| c.snapshot());
        config.map_err(|e| {
            let why = reason::of(&e);
            self.error(format!("git's configuration cannot be read: {why}"))
        })
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
