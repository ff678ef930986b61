//! What git's configuration says about the files of a work tree. Only read: a folder that belongs to someone
//! else may be scanned, and nothing that it configures is run.

use crate::source::disk::tree_settings::TreeSettings;
use git2::{Config, ConfigLevel};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A larger file is no configuration, in bytes.
const LARGEST: u64 = 1 << 20;

/// The settings for the work tree with this git folder, which shares `common_dir` with others.
pub(in crate::source) fn tree_settings(git_dir: &Path, common_dir: &Path) -> TreeSettings {
    let Ok(mut config) = Config::new() else {
        return TreeSettings::default();
    };
    for (file, level) in of_the_user() {
        let _ = config.add_file(&file, level, true);
    }
    let own = [
        (common_dir.join("config"), ConfigLevel::Local),
        (git_dir.join("config.worktree"), ConfigLevel::Worktree),
    ];
    for (file, level) in own.iter().filter(|(file, _)| is_plain(file)) {
        let _ = config.add_file(file, *level, true);
    }
    let format = config.get_string("extensions.objectFormat");
    TreeSettings {
        excludes_file: config
            .get_path("core.excludesFile")
            .ok()
            .or_else(usual_excludes_file),
        ignores_case: config.get_bool("core.ignoreCase").unwrap_or_default(),
        lfs_storage: config.get_path("lfs.storage").ok(),
        is_sha256: format.is_ok_and(|format| format.eq_ignore_ascii_case("sha256")),
    }
}

/// The files that hold for all repositories, as git finds them.
fn of_the_user() -> Vec<(PathBuf, ConfigLevel)> {
    let named = env::var_os("GIT_CONFIG_GLOBAL").map(PathBuf::from);
    let system = match env::var_os("GIT_CONFIG_NOSYSTEM") {
        Some(_) => None,
        None => env::var_os("GIT_CONFIG_SYSTEM")
            .map(PathBuf::from)
            .or_else(|| Config::find_system().ok()),
    };
    let (xdg, global) = match named {
        Some(file) => (None, Some(file)),
        None => (Config::find_xdg().ok(), Config::find_global().ok()),
    };
    let files = [
        (system, ConfigLevel::System),
        (xdg, ConfigLevel::XDG),
        (global, ConfigLevel::Global),
    ];
    let files = files.into_iter();
    files
        .filter_map(|(file, level)| Some((file?, level)))
        .collect()
}

fn usual_excludes_file() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    let folder = set("XDG_CONFIG_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(set("HOME")?).join(".config"));
    Some(folder.or_else(home)?.join("git/ignore"))
}

/// True for an ordinary file that leads to no other: what it includes could be a FIFO, on which reading waits
/// for ever.
fn is_plain(file: &Path) -> bool {
    let small = fs::symlink_metadata(file).is_ok_and(|m| m.is_file() && m.len() <= LARGEST);
    small
        && fs::read(file).is_ok_and(|text| {
            !text
                .to_ascii_lowercase()
                .windows(8)
                .any(|w| w == b"[include")
        })
}
