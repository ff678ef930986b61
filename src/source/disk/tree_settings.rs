//! What git's configuration says about the files of a work tree.

use std::path::PathBuf;

/// Settings of the user and of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::source) struct TreeSettings {
    /// `core.excludesFile`: patterns of files to ignore in every repository. Relative to the work tree.
    pub(in crate::source) excludes_file: Option<PathBuf>,
    /// `core.ignoreCase`: whether `A` and `a` are one file here.
    pub(in crate::source) ignores_case: bool,
    /// `lfs.storage`: where Git LFS keeps its objects. Relative to the git folder.
    pub(in crate::source) lfs_storage: Option<PathBuf>,
    /// Whether object ids are longer than elsewhere.
    pub(in crate::source) is_sha256: bool,
}
