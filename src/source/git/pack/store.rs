//! The object folders of a repository: its own and those it borrows from, with their packs and
//! loose objects.

use super::super::audit::unread::Unread;
use super::super::repo::object_id::ObjectId;
use crate::source::remedy::with_remedy;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How many stores may borrow from one another in a row, as in git.
pub(in crate::source::git) const DEPTH: usize = 5;

/// What the object folders list at one moment.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Listing {
    /// Pack indexes.
    pub(in crate::source::git) packs: BTreeSet<PathBuf>,
    /// Packs beside which no index was listed.
    unindexed: Vec<PathBuf>,
    /// Objects in files of their own, with what tells a changed file.
    pub(in crate::source::git) loose: BTreeMap<ObjectId, FileStamp>,
    /// True when some pack was fetched from a remote that keeps part of the objects.
    pub(in crate::source::git) partial: bool,
    /// Folders that could not be listed.
    unreadable: Vec<(PathBuf, String)>,
}

impl Listing {
    /// Lists these object folders.
    pub(in crate::source::git) fn within(folders: &[PathBuf]) -> Self {
        let mut listing = Self::default();
        for folder in folders {
            listing.loose(folder);
            listing.packs(&folder.join("pack"));
        }
        listing
    }

    /// True when the folders list the same objects.
    pub(in crate::source::git) fn is_same(&self, other: &Self) -> bool {
        self.packs == other.packs && self.loose.keys().eq(other.loose.keys())
    }

    /// Shows `each` what tells one listing from another, wherever the folders are: names and sizes of packs, ids of loose
    /// objects. Gives the number of objects, of which the header of a pack tells.
    pub(in crate::source::git) fn count_into(&self, mut each: impl FnMut(&[u8])) -> u64 {
        let mut count = self.loose.len() as u64;
        for index in &self.packs {
            let pack = index.with_extension("pack");
            count += u64::from(objects_in(&pack).unwrap_or_default());
            each(pack.file_name().unwrap_or_default().as_encoded_bytes());
            each(&FileStamp::of(&pack).size.to_le_bytes());
        }
        self.loose.keys().for_each(|id| each(id.as_bytes()));
        count
    }

    /// How many bytes the packs have.
    pub(in crate::source::git) fn size_of_packs(&self) -> u64 {
        let packs = self.packs.iter().map(|index| index.with_extension("pack"));
        packs.map(|pack| FileStamp::of(&pack).size).sum()
    }

    /// Tells of folders that could not be listed, and of packs that have no index even now: git
    /// writes a pack first and then its index.
    pub(in crate::source::git) fn tell(&self, unread: &Unread) {
        for (path, why) in &self.unreadable {
            unread.file(path, with_remedy(format!("cannot be listed: {why}"), ""));
        }
        let alone = |pack: &&PathBuf| pack.exists() && !pack.with_extension("idx").exists();
        for path in self.unindexed.iter().filter(alone) {
            let what =
                "this pack has no index, so nothing in it was read; run `git index-pack` on it";
            unread.file(path, what.to_owned());
        }
    }

    fn packs(&mut self, folder: &Path) {
        let names = self.names(folder);
        let is_indexed = |pack: &PathBuf| names.contains(&pack.with_extension("idx"));
        for path in names.clone() {
            match path.extension().and_then(|e| e.to_str()) {
                Some("idx") => {
                    self.packs.insert(path);
                }
                Some("pack") if !is_indexed(&path) => self.unindexed.push(path),
                Some("promisor") => self.partial = true,
                _ => {}
            }
        }
    }

    fn loose(&mut self, folder: &Path) {
        for fan in self.names(folder) {
            let prefix = fan
                .file_name()
                .map(|n| n.to_string_lossy().into_owned())
                .unwrap_or_default();
            if prefix.len() != 2 || !prefix.bytes().all(|b| b.is_ascii_hexdigit()) {
                continue;
            }
            for path in self.names(&fan) {
                let rest = path
                    .file_name()
                    .map(|n| n.to_string_lossy())
                    .unwrap_or_default();
                if let Some(id) = ObjectId::from_hex(format!("{prefix}{rest}").as_bytes()) {
                    self.loose.insert(id, FileStamp::of(&path));
                }
            }
        }
    }

    fn names(&mut self, folder: &Path) -> Vec<PathBuf> {
        let listed = std::fs::read_dir(folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
        match listed {
            Ok(paths) => paths,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => {
                self.unreadable.push((folder.to_owned(), e.to_string()));
                Vec::new()
            }
        }
    }
}

/// The number behind `PACK` and the version, as the first 12 bytes have it
/// (<https://git-scm.com/docs/gitformat-pack>).
fn objects_in(pack: &Path) -> Option<u32> {
    let mut head = [0; 12];
    File::open(pack).ok()?.read_exact(&mut head).ok()?;
    let count = head.strip_prefix(b"PACK")?.last_chunk::<4>()?;
    Some(u32::from_be_bytes(*count))
}

/// Size and time of a file, in bytes and in nanoseconds since 1970; nothing of one that is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source::git) struct FileStamp {
    pub(in crate::source::git) size: u64,
    pub(in crate::source::git) changed: u128,
}

impl FileStamp {
    /// That of the file at `path`.
    pub(in crate::source::git) fn of(path: &Path) -> Self {
        let Ok(file) = std::fs::metadata(path) else {
            return Self::default();
        };
        let changed = file.modified().ok();
        let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        Self {
            size: file.len(),
            changed: changed.unwrap_or_default().as_nanos(),
        }
    }
}

/// The object folder of a repository and, through `info/alternates`, those it borrows from. Variables of the
/// environment name others where it `follows_environment`.
pub(in crate::source::git) fn folders(
    common_dir: &Path,
    follows_environment: bool,
) -> Vec<PathBuf> {
    let own = std::env::var_os("GIT_OBJECT_DIRECTORY").filter(|_| follows_environment);
    let mut found = Vec::new();
    let mut next = vec![common_dir.join("objects")];
    next.extend(own.map(PathBuf::from));
    if let Some(more) =
        std::env::var_os("GIT_ALTERNATE_OBJECT_DIRECTORIES").filter(|_| follows_environment)
    {
        next.extend(std::env::split_paths(&more));
    }
    for _ in 0..=DEPTH {
        let stores = std::mem::take(&mut next);
        for store in stores {
            next.extend(alternates(&store));
            let store = store.canonicalize().unwrap_or(store);
            if !found.contains(&store) {
                found.push(store);
            }
        }
    }
    found
}

/// The folders of objects that a folder of objects borrows from.
pub(in crate::source::git) fn alternates(store: &Path) -> Vec<PathBuf> {
    let listed = std::fs::read_to_string(store.join("info/alternates")).unwrap_or_default();
    let lines = listed
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines.map(|line| store.join(line)).collect()
}

/// True while both files of a pack are there.
pub(in crate::source::git) fn whole(index: &Path) -> bool {
    index.exists() && index.with_extension("pack").exists()
}
