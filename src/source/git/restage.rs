//! What takes the place of a staged file, for a fix that its owner asked for.

use super::repo::object_id::ObjectId;
use super::repo::open::GitRepo;
use super::repo::reason;
use crate::model::BlobPath;
use git2::{ObjectType, Oid, Repository};
use std::path::Path;

impl GitRepo {
    /// The bytes that the index holds at a path.
    ///
    /// # Errors
    /// When it holds none, or they cannot be read.
    pub fn staged_blob(&self, path: &BlobPath) -> Result<Vec<u8>, String> {
        let id: ObjectId = self
            .own_index()?
            .file(path.as_bytes())
            .ok_or("the index does not hold it any more; scan again")?;
        let objects = self.objects().map_err(|e| e.to_string())?;
        self.blob(&objects, id)
    }

    /// Puts other bytes at a path of the index, if it still holds these there. Mode and conflicts stay as they are.
    ///
    /// # Errors
    /// When something else is staged meanwhile, the index is not the repository's own, or it cannot be written.
    pub fn restage(&self, path: &BlobPath, before: &[u8], after: &[u8]) -> Result<(), String> {
        let handle = self.handle().map_err(|e| e.to_string())?;
        if !self.has_own_index() {
            return Err(
                "GIT_INDEX_FILE names an index of its own; fix what is staged, then commit again"
                    .to_owned(),
            );
        }
        let said = |e: git2::Error| {
            format!(
                "the index cannot be written: {}; wait until no other git runs, and try again",
                reason::of(&e)
            )
        };
        put(&handle, &path.to_native(), before, after).map_err(said)?
    }

    /// Whether git keeps a file out of commits: it is ignored, and not tracked. The path is from the root of the work tree.
    ///
    /// # Errors
    /// When the repository cannot be read.
    pub fn ignores(&self, path: &Path) -> Result<bool, String> {
        let said = |e: git2::Error| reason::of(&e).into_owned();
        let handle = self.handle().map_err(|e| e.to_string())?;
        let is_tracked = handle.index().map_err(said)?.get_path(path, 0).is_some();
        Ok(!is_tracked && handle.is_path_ignored(path).map_err(said)?)
    }

    /// False where `GIT_INDEX_FILE` names another index than the one that libgit2 writes.
    fn has_own_index(&self) -> bool {
        let Some(named) = std::env::var_os("GIT_INDEX_FILE") else {
            return true;
        };
        let real = |path: &Path| path.canonicalize().ok();
        let from_root = self.work_dir().unwrap_or(Path::new("")).join(named);
        real(&from_root) == real(&self.git_dir().join("index"))
    }
}

fn put(
    handle: &Repository,
    path: &Path,
    before: &[u8],
    after: &[u8],
) -> Result<Result<(), String>, git2::Error> {
    let mut index = handle.index()?;
    let staged = index.get_path(path, 0);
    let before = Oid::hash_object(ObjectType::Blob, before)?;
    let Some(mut entry) = staged.filter(|entry| entry.id == before) else {
        let what = "something else is staged meanwhile; scan again";
        return Ok(Err(what.to_owned()));
    };
    entry.id = handle.blob(after)?;
    // Git looks at the file again, which may have another length and other ends of lines.
    entry.file_size = 0;
    entry.mtime = git2::IndexTime::new(0, 0);
    index.add(&entry)?;
    index.write()?;
    Ok(Ok(()))
}
