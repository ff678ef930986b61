//! Files that git tracks although an ignore file hides them. An `.env` that was added by force, or
//! before `.gitignore` named it, is published with every push.

use super::git::tracked_files;
use crate::model::{BlobPath, Fault};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

/// What git tracks below the folders of a walk, and what the walk has met.
#[derive(Debug, Default)]
pub(super) struct Tracked {
    /// Each with the folder, made canonical, that it has to be in.
    files: Vec<(PathBuf, PathBuf)>,
    met: Mutex<Vec<u64>>,
    /// Why git could not be asked.
    pub(super) faults: Vec<Fault>,
}

impl Tracked {
    /// The files that git tracks below `folders`, spelled as a walk from these would spell them.
    pub(super) fn below(folders: &[&PathBuf]) -> Self {
        let mut tracked = Self::default();
        for folder in folders {
            let Some((canonical, work_dir, inside)) = work_dir(folder) else {
                continue;
            };
            match tracked_files(&work_dir) {
                Ok(paths) => {
                    let paths = paths.iter().map(BlobPath::to_native);
                    let paths = paths.filter(|path| is_plain(path));
                    let below =
                        paths.filter_map(|path| Some(path.strip_prefix(&inside).ok()?.to_owned()));
                    tracked
                        .files
                        .extend(below.map(|path| (folder.join(path), canonical.clone())));
                }
                Err(why) => {
                    let what = format!(
                        "the index cannot be read ({why}), so files that git tracks and .gitignore hides were not looked for; add --no-ignore to read all files"
                    );
                    tracked
                        .faults
                        .push(Fault::new(BlobPath::from_native(&work_dir), what));
                }
            }
        }
        tracked
    }

    /// True when nothing is tracked: the walk need not keep account of what it meets.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Notes what one thread of the walk has met.
    pub(super) fn note(&self, met: Vec<u64>) {
        self.met
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .extend(met);
    }

    /// The files that the walk has not met.
    pub(super) fn hidden(self) -> Vec<PathBuf> {
        let mut met = self.met.into_inner().unwrap_or_else(|e| e.into_inner());
        met.sort_unstable();
        let unmet = |file: &Path| met.binary_search(&mark(file)).is_err();
        let files = self.files.into_iter();
        let hidden = files.filter(|(file, folder)| unmet(file) && is_in(file, folder));
        let mut files: Vec<PathBuf> = hidden.map(|(file, _)| file).collect();
        files.sort();
        files.dedup();
        files
    }
}

/// What stands for a path in the account of a walk.
pub(super) fn mark(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

/// False for what no index that git wrote holds: a copied repository could bring any.
fn is_plain(path: &Path) -> bool {
    let plain = |part: Component<'_>| match part {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    };
    path.components().all(plain)
}

/// False when a symbolic link on the way leads out of the folder.
fn is_in(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().and_then(|parent| parent.canonicalize().ok());
    parent.is_some_and(|parent| parent.starts_with(folder))
}

/// A folder made canonical, the work tree that it is in, and where in it.
fn work_dir(folder: &Path) -> Option<(PathBuf, PathBuf, PathBuf)> {
    let folder = folder.canonicalize().ok()?;
    let work_dir = folder.ancestors().find(|dir| dir.join(".git").exists())?;
    let inside = folder.strip_prefix(work_dir).ok()?.to_owned();
    let work_dir = work_dir.to_owned();
    Some((folder, work_dir, inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_git_would_not_write_is_left_alone() {
        for plain in ["a", "a/b.txt", ".env", "a/..b"] {
            assert!(is_plain(Path::new(plain)), "{plain}");
        }
        for odd in ["../a", "a/../../b", "/etc/x", ".git/config", "a/.GIT/x"] {
            assert!(!is_plain(Path::new(odd)), "{odd}");
        }
    }
}
