//! The folder that hooks are put into, and how the scripts there find what they need.

use super::script::First;
use crate::cli::user_folder::user_folder;
use anyhow::Context as _;
use jvxleaks::redact;
use jvxleaks::source::{GitRepo, UserSettings};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// A folder of hooks.
#[derive(Debug)]
pub(super) struct Folder {
    /// Where it is; it need not be there yet.
    pub(super) path: PathBuf,
    /// What a script runs before it scans.
    pub(super) first: First,
    /// The program, for scripts that stay on this machine.
    pub(super) program: Option<PathBuf>,
    /// True when other repositories use it too.
    pub(super) shared: bool,
    /// The configuration that must name the folder, if it does not yet.
    pub(super) unnamed_in: Option<UserSettings>,
}

impl Folder {
    /// Where git looks for the hooks of the repository that was asked for, or else of the one around the current folder.
    ///
    /// # Errors
    /// When there is no repository, or its configuration cannot be read.
    pub(super) fn of_repository(asked: Option<&Path>) -> anyhow::Result<Self> {
        let repo = GitRepo::open(asked)?;
        let hooks = repo.hooks_folder()?;
        // A folder of the work tree is committed, and the path of a program is one machine's.
        let committed =
            |root: &Path| hooks.path.starts_with(root) && !hooks.path.starts_with(repo.git_dir());
        let committed = repo.work_dir().is_some_and(committed);
        Ok(Self {
            first: first(&hooks.path),
            program: program().filter(|_| !committed),
            shared: hooks.shared,
            path: hooks.path,
            unnamed_in: None,
        })
    }

    /// Where git looks for the hooks of all repositories of this user: the folder that
    /// `core.hooksPath` names, else one of our own.
    ///
    /// # Errors
    /// When the user has no configuration and no home for one.
    pub(super) fn of_user() -> anyhow::Result<Self> {
        let no_home = "cannot tell where your git configuration is; set HOME or GIT_CONFIG_GLOBAL";
        let settings = UserSettings::find().context(no_home)?;
        let (path, unnamed_in) = match settings.hooks_path() {
            Some(path) => (path, None),
            None => (own().context(no_home)?, Some(settings)),
        };
        Ok(Self {
            first: first(&path),
            program: program(),
            shared: true,
            path,
            unnamed_in,
        })
    }

    /// True for our own folder, where nobody else puts hooks.
    pub(super) fn is_own(&self) -> bool {
        self.first == First::OfRepository
    }
}

fn first(path: &Path) -> First {
    if own().is_some_and(|own| own == path) {
        First::OfRepository
    } else {
        First::Renamed
    }
}

/// Where this program is; none where a folder's name holds a key, which no script repeats: it looks for
/// the program on `PATH` then.
fn program() -> Option<PathBuf> {
    let path = std::env::current_exe().ok()?;
    let holds_key = matches!(redact::text(&path.to_string_lossy()), Cow::Owned(_));
    (!holds_key).then_some(path)
}

/// `$XDG_CONFIG_HOME/jvxleaks/hooks`, or what stands for it on this system.
fn own() -> Option<PathBuf> {
    let own = user_folder("XDG_CONFIG_HOME", ".config", "APPDATA");
    own.map(|own| own.join("hooks"))
}
