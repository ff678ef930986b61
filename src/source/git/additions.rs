//! What a commit adds: the files that none of its parents has at the same path.

use super::pack::Packed;
use super::repo::object::{EntryKind, TreeEntries, TreeEntry, join};
use super::repo::object_id::{IdSet, ObjectId};
use super::repo::single::{Objects, read_object};
use crate::model::{BlobPath, Fault, Origin};
use crate::source::{Consumer, Event, hand_on_name};
use std::borrow::Cow;
use std::cmp::Ordering;

/// Folders nested deeper than this are not followed; git itself refuses to check them out.
const DEEPEST: usize = 1000;

/// Most entries of the trees of one commit that are compared. A few trees that name each other many times stand for
/// more places than anybody could read.
const MOST_ENTRIES: usize = 1 << 20;

/// Most places in one commit of files that it has elsewhere too: a finding is made of each, and they cost nothing.
const MOST_COPIES: usize = 1 << 16;

/// Collects the blobs of one commit that none of its parents has at the same path.
pub(super) struct Additions<'a> {
    objects: &'a Objects,
    consumer: &'a dyn Consumer,
    pub(super) blobs: Vec<(ObjectId, Vec<u8>)>,
    /// Of the names that are new: the commit.
    origin: &'a dyn Fn() -> Origin,
    /// How many more entries are read.
    left: usize,
    /// The files that were met.
    met: IdSet,
    /// How many places there were of files that were met.
    pub(super) copies: usize,
}

impl<'a> Additions<'a> {
    /// Nothing compared yet; `origin` is the commit.
    pub(super) fn new(
        objects: &'a Objects,
        consumer: &'a dyn Consumer,
        origin: &'a dyn Fn() -> Origin,
    ) -> Self {
        Self {
            objects,
            consumer,
            blobs: Vec::new(),
            origin,
            left: MOST_ENTRIES,
            met: IdSet::default(),
            copies: 0,
        }
    }

    /// Compares a folder with what the parents have there.
    pub(super) fn compare(&mut self, folder: &[u8], tree: ObjectId, parents: &[ObjectId]) {
        if parents.contains(&tree) {
            return;
        }
        if folder.iter().filter(|b| **b == b'/').count() > DEEPEST {
            return self.fault(
                folder,
                "folders are nested too deeply to be followed".to_owned(),
            );
        }
        let Some(raw) = self.tree(tree, folder) else {
            return;
        };
        let before: Vec<_> = parents
            .iter()
            .filter_map(|p| self.tree(*p, folder))
            .collect();
        let mut before: Vec<EntriesBefore<'_>> =
            before.iter().map(|raw| EntriesBefore::new(raw)).collect();
        let mut entries = TreeEntries::new(&raw);
        for entry in entries.by_ref() {
            let mut there = Vec::new();
            let mut is_known = false;
            for old in before.iter_mut().filter_map(|names| names.at(&entry)) {
                is_known = true;
                there.extend((old.kind == entry.kind).then_some(old.id));
            }
            if there.contains(&entry.id) {
                continue;
            }
            let path = join(folder, entry.name);
            if !is_known {
                hand_on_name(&path, self.origin, self.consumer);
            }
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            if self.left == 0 {
                let what = format!(
                    "this commit adds more than {MOST_ENTRIES} files and folders, of which the rest was not read"
                );
                return self.fault(&path, what);
            }
            match entry.kind {
                EntryKind::Tree => self.compare(&path, entry.id, &there),
                EntryKind::Blob => self.blob(entry.id, path),
                EntryKind::Submodule => self.consumer.take(Event::Skipped("submodule")),
            }
        }
        if !entries.is_whole() {
            self.fault(folder, format!("tree {tree} is malformed; run `git fsck`"));
        }
    }

    /// Keeps a file. Each place of it is looked at, since what is read and what is accepted goes by paths.
    fn blob(&mut self, id: ObjectId, path: Vec<u8>) {
        self.copies += usize::from(!self.met.insert(id));
        if self.copies > MOST_COPIES {
            if self.copies == MOST_COPIES + 1 {
                let what = format!(
                    "this commit adds more than {MOST_COPIES} copies of files, of which the rest was not looked at"
                );
                self.fault(&path, what);
            }
            return;
        }
        self.blobs.push((id, path));
    }

    fn fault(&self, folder: &[u8], what: String) {
        let fault = Fault::new(BlobPath::from_bytes(folder), what);
        self.consumer.take(Event::Fault(fault));
    }

    fn tree(&self, id: ObjectId, folder: &[u8]) -> Option<Cow<'a, [u8]>> {
        let raw = read_object(self.objects, id, Packed::Tree);
        raw.map_err(|what| self.fault(folder, what)).ok()
    }
}

/// The entries of a parent's folder, looked up in the order that git keeps them in. In a tree that keeps another order an
/// entry may be missed, and then what replaced it counts as added: more is read than was added, never less.
struct EntriesBefore<'t> {
    next: Option<TreeEntry<'t>>,
    rest: TreeEntries<'t>,
}

impl<'t> EntriesBefore<'t> {
    fn new(raw: &'t [u8]) -> Self {
        let mut rest = TreeEntries::new(raw);
        Self {
            next: rest.next(),
            rest,
        }
    }

    /// The entry with the name of this one, which comes behind those that were asked for before.
    fn at(&mut self, entry: &TreeEntry<'_>) -> Option<TreeEntry<'t>> {
        while let Some(next) = self.next {
            if next.name == entry.name {
                return Some(next);
            }
            if in_order(&next, entry) == Ordering::Greater {
                return None;
            }
            self.next = self.rest.next();
        }
        None
    }
}

/// The order of entries in a tree: that of their names, where a folder's ends in `/`.
fn in_order(one: &TreeEntry<'_>, other: &TreeEntry<'_>) -> Ordering {
    let shared = one.name.len().min(other.name.len());
    let next = |entry: &TreeEntry<'_>| match entry.name.get(shared) {
        Some(byte) => *byte,
        None if entry.kind == EntryKind::Tree => b'/',
        None => 0,
    };
    let both = one.name[..shared].cmp(&other.name[..shared]);
    both.then_with(|| next(one).cmp(&next(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_folder_had_is_found_by_its_name() {
        let tree = |names: &[&str]| -> Vec<u8> {
            let entry = |name: &&str| match name.strip_suffix('/') {
                Some(folder) => format!("40000 {folder}\0{}", "1".repeat(20)),
                None => format!("100644 {name}\0{}", "2".repeat(20)),
            };
            names
                .iter()
                .flat_map(|name| entry(name).into_bytes())
                .collect()
        };
        for (before, after, found) in [
            (
                &["a", "a.b", "a/", "b"][..],
                &["a", "a.b", "b"][..],
                "a a.b b",
            ),
            (&["a.b", "a/", "a0"], &["a.b", "a/", "a0"], "a.b a a0"),
            (&["b", "c", "d"], &["a", "c", "e"], "c"),
            (&["a"], &["a/"], "a"),
            (&[], &["a"], ""),
            (&["a", "b"], &["b", "a"], "b"),
        ] {
            let (before, after) = (tree(before), tree(after));
            let mut names = EntriesBefore::new(&before);
            let found_now = TreeEntries::new(&after).filter_map(|entry| names.at(&entry));
            let found_now = found_now.map(|entry| String::from_utf8_lossy(entry.name).into_owned());
            assert_eq!(found_now.collect::<Vec<_>>().join(" "), found);
        }
    }
}
