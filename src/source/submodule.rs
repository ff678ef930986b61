//! Submodules that were not checked out: folders with nothing in them, in place of a whole repository.

use crate::model::shell_word;
use std::path::Path;

/// What a summary calls one.
pub(super) const NOT_HERE: &str = "submodule not checked out";

/// Why nothing of one could be read, and the step that brings the files of the submodule at `path` in the work tree at `root`.
pub(super) fn not_checked_out(root: &Path, path: &[u8]) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let is_here = here.is_ok_and(|here| root.canonicalize().is_ok_and(|root| root == here));
    let elsewhere = if is_here {
        String::new()
    } else {
        format!("-C {} ", shell_word(root.as_os_str().as_encoded_bytes()))
    };
    let path = shell_word(path);
    format!(
        "a submodule that is not checked out; run `git {elsewhere}submodule update --init {path}`"
    )
}
