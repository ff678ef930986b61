//! What a commit has at a path.

use super::pack::Packed;
use super::repo::object::{Commit, EntryKind, TreeEntries, join};
use super::repo::object_id::ObjectId;
use super::repo::single::{Objects, read_object};
use crate::model::BlobPath;

/// The kind of an entry in its mode, as in `stat`.
pub(super) const FORMAT: u32 = 0o170_000;
pub(super) const FILE: u32 = 0o100_000;
pub(super) const LINK: u32 = 0o120_000;
pub(super) const SUBMODULE: u32 = 0o160_000;
const FOLDER: u32 = 0o040_000;

/// What a tree has under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CommittedEntry {
    pub(super) id: ObjectId,
    pub(super) mode: u32,
}

/// What a commit has at a path; the root for an empty one.
///
/// # Errors
/// The cause, when the commit or a tree on the way cannot be read.
pub(super) fn entry(
    objects: &Objects,
    commit: ObjectId,
    path: &BlobPath,
) -> Result<Option<CommittedEntry>, String> {
    let raw = read_object(objects, commit, Packed::Commit)?;
    let root = Commit::parse(&raw).map(|commit| commit.tree);
    let id = root.ok_or_else(|| format!("object {commit} is no commit; run `git fsck`"))?;
    let mut at = CommittedEntry { id, mode: FOLDER };
    let names = path.as_bytes().split(|b| *b == b'/');
    for name in names.filter(|_| !path.as_bytes().is_empty()) {
        match at.mode & FORMAT {
            FOLDER => {}
            // Which files a submodule has is for its commit to say, and that may be another now.
            SUBMODULE => return Ok(Some(at)),
            _ => return Ok(None),
        }
        let raw = read_object(objects, at.id, Packed::Tree)?;
        let Some(found) = TreeEntries::new(&raw).find(|entry| entry.name == name) else {
            return Ok(None);
        };
        at = CommittedEntry {
            id: found.id,
            mode: found.mode,
        };
    }
    Ok(Some(at))
}

/// Most entries of trees that one listing looks at: a few trees that name each other many times stand for more files
/// than anybody has.
const MOST_ENTRIES: usize = 1 << 18;

/// The regular files below a folder of which this is the tree, without those in folders that `enters` denies by their
/// paths. What cannot be read is passed over: nobody asked for it.
pub(super) fn files_below(
    objects: &Objects,
    folder: &[u8],
    tree: ObjectId,
    enters: impl Fn(&[u8]) -> bool,
) -> Vec<(Vec<u8>, ObjectId)> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_vec(), tree)];
    let mut left = MOST_ENTRIES;
    while let Some((folder, tree)) = folders.pop() {
        let raw = read_object(objects, tree, Packed::Tree).unwrap_or_default();
        for entry in TreeEntries::new(&raw).take(left) {
            left -= 1;
            let path = join(&folder, entry.name);
            match entry.kind {
                EntryKind::Tree if enters(&path) => folders.push((path, entry.id)),
                EntryKind::Blob if entry.mode & FORMAT == FILE => files.push((path, entry.id)),
                _ => {}
            }
        }
    }
    files
}
