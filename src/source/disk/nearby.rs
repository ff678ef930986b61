//! Files of the work tree that tell what kind of file another is.

use super::read::{FileContent, FileReader};
use crate::model::{BlobPath, Nearby};
use std::path::{Component, Path, PathBuf};

/// A larger file is no page, manifest or package of a project, in bytes.
const LARGEST: u64 = 1 << 20;

/// The files below a folder.
#[derive(Debug)]
pub(in crate::source) struct FilesBelow {
    base: PathBuf,
}

impl FilesBelow {
    /// The files below `base`, which blob paths are relative to.
    pub(in crate::source) fn new(base: PathBuf) -> Self {
        Self { base }
    }
}

impl Nearby for FilesBelow {
    /// Never leaves the folder: no `..`, no absolute path, no symbolic link on the way.
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        let path = std::str::from_utf8(path.as_bytes()).ok()?;
        let path = Path::new(path);
        let is_plain = |part| matches!(part, Component::Normal(_));
        if !path.components().all(is_plain) {
            return None;
        }
        let whole = self.base.join(path);
        if !whole.symlink_metadata().ok()?.is_file() {
            return None;
        }
        let base = self.base.canonicalize().ok()?;
        if whole.canonicalize().ok()? != base.join(path) {
            return None;
        }
        match FileReader::new(LARGEST).read(&whole).ok()? {
            FileContent::Bytes(bytes) => Some(bytes.to_vec()),
            FileContent::Special | FileContent::TooLarge(_) => None,
        }
    }
}
