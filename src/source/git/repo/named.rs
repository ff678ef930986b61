//! Paths that a caller names, looked up in the index in one pass over it.

use super::open::GitRepo;
use crate::model::BlobPath;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Paths relative to the current folder, as the index of `repo` spells them.
pub(in crate::source::git) fn spelled(repo: &GitRepo, paths: &[PathBuf]) -> Vec<Vec<u8>> {
    if paths.is_empty() {
        return Vec::new();
    }
    let here = std::env::current_dir().and_then(|p| p.canonicalize());
    let here = here.unwrap_or_default();
    let root = repo.work_dir().unwrap_or(Path::new(""));
    let relative = |path: &PathBuf| {
        let absolute = here.join(path.strip_prefix(".").unwrap_or(path));
        let inside = absolute.strip_prefix(root).unwrap_or(path);
        BlobPath::from_native(inside).as_bytes().to_vec()
    };
    paths.iter().map(relative).collect()
}

/// Names of files and folders as the index spells them, and whether each was met.
pub(in crate::source::git) struct NamedPaths(BTreeMap<Vec<u8>, bool>);

impl NamedPaths {
    /// Names of which none was met yet. An empty name is the whole index.
    pub(in crate::source::git) fn new(paths: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self(paths.into_iter().map(|path| (path, false)).collect())
    }

    /// True without any name.
    pub(in crate::source::git) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when `path` or a folder above it is named; remembers those names.
    pub(in crate::source::git) fn covers(&mut self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/');
        let ends = ends.map(|(at, _)| at).chain([0, path.len()]);
        let mut covered = false;
        for end in ends {
            if let Some(met) = self.0.get_mut(&path[..end]) {
                *met = true;
                covered = true;
            }
        }
        covered
    }

    /// The names that nothing was met for.
    pub(in crate::source::git) fn missing(self) -> impl Iterator<Item = Vec<u8>> {
        self.0
            .into_iter()
            .filter(|(_, met)| !met)
            .map(|(path, _)| path)
    }
}

#[cfg(test)]
mod tests {
    use super::NamedPaths;

    #[test]
    fn a_folder_covers_what_is_in_it_and_no_longer_name() {
        let mut named = NamedPaths::new([b"src".to_vec(), b"gone".to_vec()]);
        let covered = [&b"src/a/b.rs"[..], b"src", b"srcs/a", b"a/src"].map(|p| named.covers(p));
        assert_eq!(covered, [true, true, false, false]);
        assert_eq!(named.missing().collect::<Vec<_>>(), [b"gone".to_vec()]);
    }

    #[test]
    fn the_empty_name_covers_everything() {
        assert!(NamedPaths::new([Vec::new()]).covers(b"a/b"));
    }
}
