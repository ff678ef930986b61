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

    /// The paths of its submodules.
    pub(super) fn submodules(&self) -> impl Iterator<Item = &[u8]> {
        let entries = self.entries();
        entries.filter_map(|entry| (entry.kind == SUBMODULE).then_some(entry.path))
    }

    /// The tree of everything, as far as it is known.
    pub(in crate::source::git) fn root(&self) -> Option<CachedTree<'_>> {
        self.0.tree().map(CachedTree)
    }
}

fn unreadable(why: String) -> String {
    let what = format!("the index cannot be read: {why}");
    with_remedy(what, "`git reset` makes it anew from HEAD")
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
