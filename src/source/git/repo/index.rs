//! The index: what the next commit would hold. The only file that names gix-index.

use super::object::EntryKind;
use super::object_id::ObjectId;
use crate::source::remedy::with_remedy;
use gix_hash::Kind as Hash;
use gix_index::decode::Options;
use gix_index::entry::Flags;
use gix_index::extension::Tree;
use std::error::Error;
use std::io;
use std::path::Path;

/// An index, with the shared one that it may build on.
pub(in crate::source::git) struct Index(gix_index::File);

/// A path in the index. One in conflict has up to three entries.
#[derive(Clone, Copy, Debug)]
pub(in crate::source::git) struct IndexEntry<'i> {
    /// From the root of the work tree.
    pub(in crate::source::git) path: &'i [u8],
    /// The object.
    pub(in crate::source::git) id: ObjectId,
    /// What it stands for.
    pub(in crate::source::git) kind: Staging,
}

/// What an index entry stands for in the next commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::git) enum Staging {
    /// A file or symbolic link.
    Blob,
    /// A folder outside of a sparse checkout, as one entry.
    Folder,
    /// Nothing to read, and why.
    Skip(&'static str),
}

/// The commit of another repository.
const SUBMODULE: Staging = Staging::Skip("submodule");

/// A tree that the index knows a folder to be, from when it was last written: what git itself puts
/// into the next commit without looking at the folder's entries.
#[derive(Clone, Copy)]
pub(in crate::source::git) struct CachedTree<'i>(&'i Tree);

impl Index {
    /// The index in a file that a variable names.
    ///
    /// # Errors
    /// The cause and the next step, when it cannot be read.
    pub(super) fn named(path: &Path) -> Result<Self, String> {
        if !path.exists() {
            return Err("GIT_INDEX_FILE names a file that is not there; unset it".to_owned());
        }
        Self::at(path).map_err(unreadable)
    }

    /// The index of the work tree whose git folder this is.
    ///
    /// # Errors
    /// The cause and the next step, when it cannot be read.
    pub(in crate::source::git) fn in_folder(git_dir: &Path) -> Result<Self, String> {
        Self::at(&git_dir.join("index")).map_err(unreadable)
    }

    /// The index in this file; an empty one when there is none yet.
    ///
    /// # Errors
    /// The cause, when it cannot be read.
    pub(in crate::source::git) fn at(path: &Path) -> Result<Self, String> {
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return Err("it is not a regular file".to_owned());
        }
        let options = Options {
            thread_limit: Some(1),
            ..Options::default()
        };
        let read = gix_index::File::at_or_default(path, Hash::Sha1, false, options);
        read.map(Self).map_err(|error| {
            let text = error.to_string();
            let text = text.lines().next().unwrap_or_default();
            match system_error(&error) {
                Some(cause) => format!("{text}: {cause}"),
                None => text.to_owned(),
            }
        })
    }

    /// All entries, in the order of their paths.
    pub(in crate::source::git) fn entries(&self) -> impl Iterator<Item = IndexEntry<'_>> {
        self.0.entries().iter().filter_map(|entry| {
            Some(IndexEntry {
                path: entry.path(&self.0),
                id: ObjectId::from_bytes(entry.id.as_bytes())?,
                kind: kind(entry),
            })
        })
    }

    /// The file or link at a path that is in no conflict.
    pub(in crate::source::git) fn file(&self, path: &[u8]) -> Option<ObjectId> {
        let entry = self.0.entry_by_path(path.into())?;
        let is_blob = kind(entry) == Staging::Blob;
        ObjectId::from_bytes(entry.id.as_bytes()).filter(|_| is_blob)
    }

    /// The paths of its submodules.
    pub(super) fn submodules(&self) -> impl Iterator<Item = &[u8]> {
        let entries = self.entries();
        entries.filter_map(|entry| (entry.kind == SUBMODULE).then_some(entry.path))
    }

    /// The objects that it keeps from resolved conflicts, for `git checkout --merge` to bring back: until these are
    /// cleared, `git gc` deletes none of them.
    pub(in crate::source::git) fn resolved(&self) -> Vec<ObjectId> {
        let undo = self.0.resolve_undo();
        // gix-index knows that there are some, and gives none away.
        let bytes = undo.filter(|undo| !undo.is_empty());
        let bytes = bytes.and_then(|_| std::fs::read(self.0.path()).ok());
        bytes.map_or(Vec::new(), |bytes| undo_of(&bytes).unwrap_or_default())
    }

    /// The tree of everything, as far as it is known.
    pub(in crate::source::git) fn root(&self) -> Option<CachedTree<'_>> {
        self.0.tree().map(CachedTree)
    }
}

/// How the extension begins that keeps what was in conflict.
const UNDO: &[u8] = b"REUC";

/// Most extensions of one index; git knows eight.
const EXTENSIONS: usize = 16;

/// The objects in the extension for resolved conflicts. Extensions stand behind the entries, one after the other up
/// to the checksum: a name that reads `REUC` does not lead there.
fn undo_of(bytes: &[u8]) -> Option<Vec<ObjectId>> {
    let end = bytes.len().checked_sub(Hash::Sha1.len_in_bytes())?;
    let body = |at: usize| {
        let size = bytes.get(at + UNDO.len()..at + 8)?.try_into().ok()?;
        let size = u32::from_be_bytes(size) as usize;
        let close = (at + 8).checked_add(size)?;
        bytes.get(at + 8..close.min(end + 1))
    };
    let leads_to_the_end = |at: &usize| {
        let mut at = *at;
        for _ in 0..EXTENSIONS {
            match body(at) {
                Some(body) if at + 8 + body.len() < end => at += 8 + body.len(),
                Some(body) => return at + 8 + body.len() == end,
                None => return false,
            }
        }
        false
    };
    let named = bytes.windows(UNDO.len()).enumerate().rev();
    let mut named = named.filter_map(|(at, word)| (word == UNDO).then_some(at));
    let mut rest = body(named.find(leads_to_the_end)?)?;
    let mut found = Vec::new();
    while !rest.is_empty() {
        // A path, three modes in octal digits, and an object for each that is not 0.
        let mut words = rest.splitn(5, |b| *b == 0);
        let modes: Vec<&[u8]> = words.by_ref().skip(1).take(3).collect();
        rest = words.next()?;
        for _ in modes.iter().filter(|mode| **mode != b"0") {
            let (id, more) = rest.split_at_checked(Hash::Sha1.len_in_bytes())?;
            found.extend(ObjectId::from_bytes(id));
            rest = more;
        }
    }
    Some(found)
}

fn unreadable(why: String) -> String {
    let what = format!("the index cannot be read: {why}");
    with_remedy(what, "`git read-tree HEAD` makes it anew from HEAD")
}

/// The paths of the files, links and submodules that the index in a git folder holds, and whether each is that of a
/// submodule. Git is not asked for leave: nothing is run, and a folder that belongs to someone else may be scanned.
///
/// # Errors
/// The cause, when the index cannot be read.
pub(in crate::source) fn tracked_paths(git_dir: &Path) -> Result<Vec<(Vec<u8>, bool)>, String> {
    let index = Index::at(&git_dir.join("index"))?;
    let tracked = index.entries().filter_map(|entry| match entry.kind {
        Staging::Blob => Some((entry.path.to_vec(), false)),
        SUBMODULE => Some((entry.path.to_vec(), true)),
        _ => None,
    });
    Ok(tracked.collect())
}

impl<'i> CachedTree<'i> {
    /// True when the folder has so many entries, and they make up `tree`.
    pub(in crate::source::git) fn is(self, tree: Option<ObjectId>, entries: usize) -> bool {
        let known = ObjectId::from_bytes(self.0.id.as_bytes());
        tree.is_some() && known == tree && self.0.num_entries.map(|n| n as usize) == Some(entries)
    }

    /// What is known of the folder `name` in it.
    pub(in crate::source::git) fn child(self, name: &[u8]) -> Option<Self> {
        let children = &self.0.children;
        let at = children.binary_search_by(|child| child.name.as_slice().cmp(name));
        at.ok().map(|at| Self(&children[at]))
    }
}

/// What the system said, where it is what failed.
fn system_error<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e io::Error> {
    let own = error.downcast_ref::<io::Error>();
    own.or_else(|| error.source().and_then(system_error))
}

fn kind(entry: &gix_index::Entry) -> Staging {
    if entry.flags.contains(Flags::INTENT_TO_ADD) {
        return Staging::Skip("intent-to-add");
    }
    match EntryKind::of(entry.mode.bits()) {
        EntryKind::Submodule => SUBMODULE,
        EntryKind::Tree => Staging::Folder,
        EntryKind::Blob => Staging::Blob,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_conflict_left_is_found_behind_names_that_read_like_it() {
        let id = [7; 20];
        let kept = [b"a b\x000\x00100644\x000\x00", &id[..]].concat();
        let size = (kept.len() as u32).to_be_bytes();
        let entries = b"DIRC a name with REUC in it, and more than that";
        let sum = [0; 20];
        let index = [entries, UNDO, &size, &kept, b"TREE\0\0\0\x01x", &sum].concat();
        assert_eq!(
            undo_of(&index),
            Some(vec![ObjectId::from_bytes(&id).unwrap()])
        );
        for damaged in [&index[..index.len() - 1], &index[..60], entries, b""] {
            assert_eq!(undo_of(damaged), None);
        }
        let short = [UNDO, &[0, 0, 0, 3], b"a\x001", &sum].concat();
        assert_eq!(undo_of(&short), None);
    }
}
