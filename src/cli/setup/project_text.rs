//! Texts of a project: its configuration, baseline and ignore file.

use anyhow::Context as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A larger file is no configuration, baseline or ignore file, in bytes.
pub(super) const LARGEST: u64 = 16 << 20;

/// A file and its text.
#[derive(Debug)]
pub(in crate::cli) struct ProjectText {
    pub(in crate::cli) path: PathBuf,
    /// What errors and notes call it.
    pub(in crate::cli) name: String,
    pub(in crate::cli) text: String,
}

/// The folder that a file is in, in full.
pub(in crate::cli) fn folder_of(file: &Path) -> Option<PathBuf> {
    let parent = file.parent()?;
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    fs::canonicalize(parent).ok()
}

/// Reads a file; one that was named may be a link or a pipe, so the limit holds while reading.
///
/// # Errors
/// When it cannot be read, or is too large.
pub(in crate::cli) fn read(path: &Path) -> anyhow::Result<ProjectText> {
    let mut text = String::new();
    let file = File::open(path).with_context(|| cannot_read(path))?;
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    let size = read.with_context(|| cannot_read(path))? as u64;
    anyhow::ensure!(
        size <= LARGEST,
        "{}: larger than 16 MiB, so not what its name says",
        shown(path).display()
    );
    Ok(ProjectText {
        path: path.to_owned(),
        name: shown(path).display().to_string(),
        text,
    })
}

pub(super) fn cannot_read(path: &Path) -> String {
    format!("{}: cannot be read", shown(path).display())
}

/// A path as people would type it here.
pub(in crate::cli) fn shown(path: &Path) -> &Path {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    let below = here.ok().and_then(|here| path.strip_prefix(here).ok());
    below.unwrap_or(path)
}
