//! The paths of the command line, each once: `scan . src ./src/a.ts` reads nothing twice.

use super::super::SourceError;
use super::read::is_missing;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Where a walk begins.
#[derive(Debug, Default)]
pub(in crate::source) struct Roots {
    /// Folders, none of them twice.
    pub(in crate::source) folders: Vec<PathBuf>,
    /// All else, none of it twice.
    pub(in crate::source) files: Vec<PathBuf>,
    /// Those of both that are in one of the folders, as the walk of that folder would meet them.
    apart: HashSet<PathBuf>,
    /// Those at which there is nothing, as typed.
    pub(in crate::source) missing: Vec<PathBuf>,
}

impl Roots {
    /// The roots at `paths`. One that lies in another is named as it is met from there.
    ///
    /// # Errors
    /// When there is nothing at any of the paths.
    pub(in crate::source) fn of(paths: &[PathBuf]) -> Result<Self, SourceError> {
        let mut roots = Self::default();
        let mut typed = Vec::new();
        for path in paths {
            let is_folder = match std::fs::metadata(path) {
                Ok(metadata) => metadata.is_dir(),
                Err(e) if is_missing(&e) => {
                    roots.missing.push(path.clone());
                    continue;
                }
                Err(_) => false,
            };
            let real = path.canonicalize().unwrap_or_else(|_| path.clone());
            typed.push((real, path, is_folder));
        }
        if typed.is_empty() && !roots.missing.is_empty() {
            return Err(SourceError::Missing(roots.missing));
        }
        // Folders come before what is in them.
        typed.sort_by_key(|(real, ..)| real.components().count());
        let mut known: HashMap<PathBuf, PathBuf> = HashMap::new();
        for (real, path, is_folder) in typed {
            if known.contains_key(&real) {
                continue;
            }
            let above = real
                .ancestors()
                .find_map(|above| known.get_key_value(above));
            let inside =
                above.and_then(|(above, named)| Some(named.join(real.strip_prefix(above).ok()?)));
            let root = inside.clone().unwrap_or_else(|| path.clone());
            roots.apart.extend(inside);
            known.insert(real, root.clone());
            if is_folder {
                roots.folders.push(root);
            } else {
                roots.files.push(root);
            }
        }
        Ok(roots)
    }

    /// True for a path that is a root of its own, met on the walk of another.
    pub(super) fn has_apart(&self, path: &Path) -> bool {
        !self.apart.is_empty() && self.apart.contains(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_twice_or_lies_in_another_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(path("a/b")).unwrap();
        std::fs::write(path("a/b/c"), "").unwrap();
        std::fs::write(path("d"), "").unwrap();
        let named = ["a/b/c", "a/../a", "nowhere", "d/e", "a", "d", "./d", "a/b"].map(path);
        let roots = Roots::of(&named).unwrap();
        assert_eq!(roots.folders, ["a/../a", "a/../a/b"].map(path));
        assert_eq!(roots.files, ["d", "a/../a/b/c"].map(path));
        assert!(roots.has_apart(&path("a/../a/b")) && !roots.has_apart(&path("d")));
        assert_eq!(roots.missing, ["nowhere", "d/e"].map(path));
    }

    #[test]
    fn where_nothing_is_there_all_that_was_named_is_told() {
        let named = ["/nowhere/a", "/nowhere/b"].map(PathBuf::from);
        let error = Roots::of(&named).unwrap_err().to_string();
        assert!(
            error.starts_with("/nowhere/a, /nowhere/b: no such file or folder;"),
            "{error}"
        );
    }
}
