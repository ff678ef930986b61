//! Files that git tracks although an ignore file hides them. An `.env` that was added by force, or
//! before `.gitignore` named it, is published with every push.

use super::super::git::tracked_paths;
use std::path::Path;

/// What git tracks in a work tree: each path, and whether it is that of a submodule.
#[derive(Debug, Default)]
pub(super) struct Tracked(Vec<(Vec<u8>, bool)>);

impl Tracked {
    /// What the index in a git folder holds.
    ///
    /// # Errors
    /// The cause, when it cannot be read.
    pub(in crate::source) fn of(git_dir: &Path) -> Result<Self, String> {
        let mut paths = tracked_paths(git_dir)?;
        paths.sort_unstable();
        Ok(Self(paths))
    }

    /// True for the path of a tracked file, link or submodule.
    pub(in crate::source) fn holds(&self, path: &[u8]) -> bool {
        self.at(path).is_some()
    }

    /// True for the path of a submodule.
    pub(super) fn is_submodule(&self, path: &[u8]) -> bool {
        self.at(path).is_some_and(|(_, is_submodule)| *is_submodule)
    }

    fn at(&self, path: &[u8]) -> Option<&(Vec<u8>, bool)> {
        let found = self
            .0
            .binary_search_by(|(tracked, _)| tracked.as_slice().cmp(path));
        self.0.get(found.ok()?)
    }

    /// True for the path of a folder with something tracked in it.
    pub(super) fn holds_below(&self, folder: &[u8]) -> bool {
        let inside = [folder, b"/"].concat();
        let first = self.0.partition_point(|(tracked, _)| *tracked < inside);
        let first = self.0.get(first);
        first.is_some_and(|(tracked, _)| tracked.starts_with(&inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_asked_for_by_its_whole_name() {
        let tracked = ["a-b/c", "a/b/c", "ab"].map(|path| (path.into(), path == "ab"));
        let tracked = Tracked(tracked.to_vec());
        for (path, holds, below) in [
            ("a", false, true),
            ("a/b", false, true),
            ("a/b/c", true, false),
            ("ab", true, false),
            ("a-", false, false),
            ("b", false, false),
        ] {
            assert_eq!(tracked.holds(path.as_bytes()), holds, "{path}");
            assert_eq!(tracked.holds_below(path.as_bytes()), below, "{path}/");
            assert_eq!(
                tracked.is_submodule(path.as_bytes()),
                path == "ab",
                "{path}"
            );
        }
    }
}
