//! Whether the ignore files of a folder may be read.
//!
//! Git reads a `.gitignore` only if it is a regular file; behind a link or in a FIFO there may be text
//! without end, or none that ever comes. A folder with such a file is read as if it had none.

use std::path::Path;

/// A larger file holds no patterns, in bytes.
const LARGEST: u64 = 16 << 20;

/// True when `folder` has no `.gitignore` and no exclude file of git but ordinary ones.
pub(super) fn are_plain(folder: &Path) -> bool {
    is_plain(&folder.join(".gitignore"))
}

/// The same of a folder where a walk begins, and of all above it, whose files hold for it too.
pub(super) fn are_plain_above(folder: &Path) -> bool {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let plain = |f: &Path| are_plain(f) && is_plain(&f.join(".git/info/exclude"));
    folder.ancestors().all(plain)
}

fn is_plain(file: &Path) -> bool {
    std::fs::symlink_metadata(file).map_or(true, |m| m.is_file() && m.len() <= LARGEST)
}
