//! The sources of a project on disk.

use super::read::{FileContent, FileReader};
use crate::model::{BlobPath, ProjectFile};
use crate::source::project::{self, ProjectSources};
use ignore::{DirEntry, WalkBuilder};
use std::path::Path;

/// The sources of the project in `folder`; none where they are too many.
pub(super) fn sources(base: &Path, folder: &Path) -> Vec<ProjectFile> {
    let is_own = |entry: &DirEntry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let path = BlobPath::from_native(entry.path());
        entry.depth() == 0 || !is_folder || project::is_own(path.as_bytes())
    };
    let walk = WalkBuilder::new(base.join(folder))
        .max_depth(Some(project::DEEPEST))
        .require_git(false)
        .filter_entry(is_own)
        .build();
    let mut reader = FileReader::new(project::LONGEST);
    let mut sources = ProjectSources::default();
    for entry in walk.flatten() {
        let path = entry.path();
        let own = BlobPath::from_native(path.strip_prefix(base).unwrap_or(path));
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        if !is_file || !project::is_source(own.as_bytes()) {
            continue;
        }
        let Ok(FileContent::Bytes(bytes)) = reader.read(path) else {
            continue;
        };
        if !sources.add(own, bytes.to_vec()) {
            return Vec::new();
        }
    }
    sources.in_order()
}
