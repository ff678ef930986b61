//! Whether the ignore files of a folder may be read.
//!
//! Git reads a `.gitignore` only if it is a regular file; behind a link or in a FIFO there may be text
//! without end, or none that ever comes. A folder with such a file is read as if it had none. The
//! same holds for the exclude file of a repository, in whatever folder that begins, and for the files that
//! lead to it.

use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A larger file holds no patterns, in bytes.
const LARGEST: u64 = 16 << 20;

/// A larger file names no folder, in bytes; paths are shorter.
const LARGEST_POINTER: u64 = 64 << 10;

/// True when `folder` has no `.gitignore` and no exclude file of git but ordinary ones.
pub(super) fn are_plain(folder: &Path) -> bool {
    is_plain(&folder.join(".gitignore"), LARGEST) && is_plain_repository(&folder.join(".git"))
}

/// The same of a folder where a walk begins, and of all above it, whose files hold for it too.
pub(super) fn are_plain_above(folder: &Path) -> bool {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    folder.ancestors().all(are_plain)
}

/// True when the way from `.git` to an exclude file leads over nothing but ordinary files.
///
/// In a linked work tree or a submodule `.git` is a file that names a folder, whose `commondir` names
/// the one with the exclude file. The walk takes the names as they are, so they are taken so here.
fn is_plain_repository(git: &Path) -> bool {
    let Ok(metadata) = std::fs::metadata(git) else {
        return true;
    };
    if !metadata.is_file() {
        return is_plain(&git.join("info/exclude"), LARGEST);
    }
    if metadata.len() > LARGEST_POINTER {
        return false;
    }
    let Some(folder) =
        pointer(git).and_then(|line| Some(PathBuf::from(line.strip_prefix("gitdir: ")?)))
    else {
        return true;
    };
    let file = folder.join("commondir");
    if !is_plain(&file, LARGEST_POINTER) {
        return false;
    }
    let common = pointer(&file).map(|line| match line.starts_with('.') {
        true => folder.join(line),
        false => PathBuf::from(line),
    });
    common.is_none_or(|common| is_plain(&common.join("info/exclude"), LARGEST))
}

/// The first line of a file that is known to be ordinary.
fn pointer(file: &Path) -> Option<String> {
    let file = File::open(file).ok()?.take(LARGEST_POINTER);
    BufReader::new(file).lines().next()?.ok()
}

/// True for an ordinary file of at most `largest` bytes, and for none; not for a link to one.
fn is_plain(file: &Path, largest: u64) -> bool {
    let plain = |m: Metadata| m.is_file() && m.len() <= largest;
    match std::fs::symlink_metadata(file) {
        Ok(metadata) => plain(metadata),
        Err(_) => true,
    }
}
