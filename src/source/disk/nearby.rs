//! Files of the work tree that tell what kind of file another is.

use super::project::sources;
use super::read::{FileContent, FileReader};
use crate::model::{BlobPath, Nearby, ProjectFile, lock};
use crate::source::project;
use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A larger file is no page, manifest or package of a project, in bytes.
const LARGEST: u64 = 1 << 20;

/// The files below a folder.
#[derive(Debug)]
pub(in crate::source) struct FilesBelow {
    base: PathBuf,
    /// Projects by their folders, as far as somebody asked.
    projects: Mutex<HashMap<PathBuf, Arc<[ProjectFile]>>>,
}

impl FilesBelow {
    /// The files below `base`, which blob paths are relative to.
    pub(in crate::source) fn new(base: PathBuf) -> Self {
        Self {
            base,
            projects: Mutex::default(),
        }
    }
}

impl Nearby for FilesBelow {
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        self.read_large(path, LARGEST)
    }

    fn read_large(&self, path: &BlobPath, limit: u64) -> Option<Vec<u8>> {
        match FileReader::new(limit).read(&self.found(path)?).ok()? {
            FileContent::Bytes(bytes) => Some(bytes.to_vec()),
            FileContent::Special | FileContent::TooLarge(_) => None,
        }
    }

    fn head(&self, path: &BlobPath, length: u64) -> Option<Vec<u8>> {
        let mut head = Vec::new();
        let file = File::open(self.found(path)?).ok()?;
        file.take(length).read_to_end(&mut head).ok()?;
        Some(head)
    }

    fn holds(&self, path: &BlobPath) -> bool {
        self.found(path).is_some()
    }

    fn project(&self, path: &BlobPath) -> Arc<[ProjectFile]> {
        let is_there = |path: &[u8]| {
            self.base
                .join(BlobPath::from_bytes(path).to_native())
                .exists()
        };
        let folder = BlobPath::from_bytes(project::folder(path.as_bytes(), is_there)).to_native();
        // Whoever asks for the same one waits.
        let mut projects = lock(&self.projects);
        let files = projects
            .entry(folder.clone())
            .or_insert_with(|| sources(&self.base, &folder).into());
        Arc::clone(files)
    }
}

impl FilesBelow {
    /// A file. Never leaves the folder: no `..`, no absolute path, no symbolic link on the way.
    fn found(&self, path: &BlobPath) -> Option<PathBuf> {
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
        Some(whole)
    }
}
