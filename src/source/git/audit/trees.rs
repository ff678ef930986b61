//! The second half of an audit: every tree once, when all hits are known. Tells which objects a
//! tree names that are not there, and keeps the entries that lead to a hit. Blobs are not decoded.

use super::super::pack::decoding::{Decoded, Visit, decode_trees};
use super::super::pack::similar::{Edge, Entries};
use super::super::pack::{Pack, Packed};
use super::super::progress::Progress;
use super::super::provenance::shelf::Shelf;
use super::super::repo::object::{Commit, EntryKind, TreeEntry};
use super::super::repo::object_id::{IdMap, IsThere, ObjectId};
use super::super::repo::open::GitRepo;
use super::super::repo::single::{Objects, kind_of, single};
use super::names::{SoughtName, SoughtNames};
use super::unread::Unread;
use crate::model::{Failure, lock, unlock};
use crate::source::{Consumer, is_sought};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// A thread takes no fewer loose objects than this at once.
pub(in crate::source::git) const FEW: usize = 64;

/// How many objects a thread remembers to be there: as many as two bytes tell apart.
const LATELY: usize = 1 << 16;

/// What all threads share.
pub(in crate::source::git) struct Trees<'a> {
    hits: IdMap<u32>,
    /// The first two bytes of all hits: most blobs are told apart without a look at the map.
    first: Vec<bool>,
    is_there: IsThere<'a>,
    unread: &'a Unread,
    consumer: &'a dyn Consumer,
    progress: &'a Progress,
    named: Mutex<SoughtNames>,
    missing: Mutex<BTreeSet<ObjectId>>,
    done: Mutex<Vec<Shelf>>,
    readers: AtomicUsize,
}

/// A tree that others are built on.
pub(super) struct KnownTrees {
    /// Whose shelf the names are on.
    reader: usize,
    entries: Entries,
}

/// What reading trees gave.
#[derive(Default)]
pub(in crate::source::git) struct TreesRead {
    /// Entries that lead to hits, if there are hits.
    pub(in crate::source::git) shelves: Vec<Shelf>,
    /// Objects that trees name and the repository does not hold.
    pub(in crate::source::git) missing: BTreeSet<ObjectId>,
    /// Names that may hold a key.
    pub(super) named: SoughtNames,
}

/// Reads trees on one thread, and gives its shelf away at its end. A clone starts with nothing.
pub(super) struct TreeReader<'t> {
    trees: &'t Trees<'t>,
    /// Tells it from other readers.
    number: usize,
    /// Objects that are there, each in a place that its id gives: the same few are named by one
    /// version of a folder after the other, and asking the packs takes far longer.
    lately: Vec<Option<ObjectId>>,
    /// By the number of a name that may hold a key, the edge that leads to the name itself.
    to_names: HashMap<u32, Edge>,
    shelf: Shelf,
}

impl<'a> Trees<'a> {
    /// Nothing read yet; entries that name `hits` will be kept.
    pub(in crate::source::git) fn new(
        hits: &[ObjectId],
        is_there: IsThere<'a>,
        unread: &'a Unread,
        consumer: &'a dyn Consumer,
        progress: &'a Progress,
    ) -> Self {
        let mut first = vec![false; 1 << 16];
        hits.iter().for_each(|id| first[prefix(*id)] = true);
        Self {
            hits: hits.iter().copied().zip(0..).collect(),
            first,
            is_there,
            unread,
            consumer,
            progress,
            named: Mutex::default(),
            missing: Mutex::default(),
            done: Mutex::default(),
            readers: AtomicUsize::new(0),
        }
    }

    /// Reads the trees of a pack, and with `commits` those too.
    ///
    /// # Errors
    /// When the pack is damaged.
    pub(in crate::source::git) fn pack(&self, pack: &Pack, commits: bool) -> Result<(), String> {
        decode_trees(pack, commits, self.reader())
    }

    /// Reads trees one by one, and with `commits` those too.
    pub(super) fn singles(&self, repo: &GitRepo, ids: Vec<ObjectId>, commits: bool) {
        let open = || (repo.objects().ok(), self.reader());
        let ids = ids.into_par_iter().with_min_len(FEW);
        ids.for_each_init(open, |(objects, reader), id| {
            let read = match objects {
                Some(objects) => wanted(objects, id, commits),
                None => Err("the repository could not be opened again".to_owned()),
            };
            match read {
                Ok(Some((kind, raw))) => drop(reader.visit(&Decoded::alone(kind, id, &raw), None)),
                Ok(None) => {}
                Err(what) => self.unread.object(id, what),
            }
        });
    }

    /// A reader for one thread.
    fn reader(&self) -> TreeReader<'_> {
        TreeReader {
            trees: self,
            number: self.readers.fetch_add(1, Relaxed),
            lately: vec![None; LATELY],
            to_names: HashMap::new(),
            shelf: Shelf::default(),
        }
    }

    /// What all readers read; to be asked when they are gone.
    pub(in crate::source::git) fn finish(self) -> TreesRead {
        TreesRead {
            shelves: unlock(self.done),
            missing: unlock(self.missing),
            named: unlock(self.named),
        }
    }

    /// Keeps a name that may hold a key with the least of the trees that have it, and gives the edge that leads to it.
    fn to_name(&self, name: &[u8], tree: ObjectId, shelf: &mut Shelf) -> Option<Edge> {
        let sought = SoughtName::of_entry(name, tree);
        let id = sought.id()?;
        let edge = (shelf.name(&sought.edge()), id);
        let mut named = lock(&self.named);
        let known = named.entry(id).or_insert(sought);
        known.holder = known.holder.min(tree);
        Some(edge)
    }

    fn leads_to_hit(&self, entry: &TreeEntry<'_>) -> bool {
        match entry.kind {
            EntryKind::Tree => !self.hits.is_empty(),
            EntryKind::Blob => self.first[prefix(entry.id)] && self.hits.contains_key(&entry.id),
            EntryKind::Submodule => false,
        }
    }

    fn check(&self, entry: &TreeEntry<'_>, lately: &mut [Option<ObjectId>]) {
        let known = &mut lately[place(entry.id)];
        // The commit of a submodule is in another repository.
        if *known == Some(entry.id) || entry.kind == EntryKind::Submodule {
            return;
        }
        if (self.is_there)(entry.id) {
            *known = Some(entry.id);
        } else {
            lock(&self.missing).insert(entry.id);
        }
    }
}

impl Visit for TreeReader<'_> {
    type Kept = Option<KnownTrees>;

    fn visit(
        &mut self,
        object: &Decoded<'_>,
        base: Option<&Option<KnownTrees>>,
    ) -> Option<KnownTrees> {
        match object.kind {
            Packed::Tree => {
                let base = base.and_then(Option::as_ref);
                let read = Failure::caught(|| self.tree(object, base));
                read.unwrap_or_else(|failure| {
                    self.trees.unread.object(object.id, failure.to_string());
                    None
                })
            }
            Packed::Commit => {
                let commit = Commit::parse(object.raw).map(|commit| (object.id, commit));
                self.shelf.commits.extend(commit);
                None
            }
            Packed::Blob | Packed::Tag => None,
        }
    }
}

impl TreeReader<'_> {
    /// Keeps what is needed of a tree.
    fn tree(&mut self, object: &Decoded<'_>, base: Option<&KnownTrees>) -> Option<KnownTrees> {
        let Self {
            trees,
            number,
            lately,
            to_names,
            shelf,
        } = self;
        let fresh = |entry: TreeEntry<'_>| -> Option<Edge> {
            trees.check(&entry, lately);
            let own = is_sought(entry.name, trees.consumer)
                .then(|| trees.to_name(entry.name, object.id, shelf));
            let own = own.flatten();
            let leads = own.is_some() || trees.leads_to_hit(&entry);
            let edge = leads.then(|| (shelf.name(entry.name), entry.id))?;
            to_names.extend(own.map(|own| (edge.0, own)));
            Some(edge)
        };
        trees.progress.advance(1);
        let base = base.filter(|base| base.reader == *number);
        let base = base.map(|base| &base.entries).zip(object.seams);
        let Some(entries) = Entries::read(object.raw, base, fresh) else {
            trees.unread.malformed(object.id);
            return None;
        };
        if !trees.hits.is_empty() {
            for edge in entries.edges() {
                shelf.edges.push(edge);
                shelf.edges.extend(to_names.get(&edge.0));
            }
            shelf.trees.push((object.id, shelf.edges.len()));
        }
        let reader = *number;
        Some(KnownTrees { reader, entries })
    }
}

impl Clone for TreeReader<'_> {
    fn clone(&self) -> Self {
        self.trees.reader()
    }
}

impl Drop for TreeReader<'_> {
    fn drop(&mut self) {
        lock(&self.trees.done).push(std::mem::take(&mut self.shelf));
    }
}

/// An object, if it is a tree, or with `commits` a commit.
fn wanted(
    objects: &Objects,
    id: ObjectId,
    commits: bool,
) -> Result<Option<(Packed, Vec<u8>)>, String> {
    match kind_of(objects, id)? {
        Packed::Tree => single(objects, id).map(Some),
        Packed::Commit if commits => single(objects, id).map(Some),
        _ => Ok(None),
    }
}

/// Where an id is remembered: by two bytes that no index of a pack is split by.
fn place(id: ObjectId) -> usize {
    let bytes = id.as_bytes();
    usize::from(bytes[18]) << 8 | usize::from(bytes[19])
}

fn prefix(id: ObjectId) -> usize {
    let bytes = id.as_bytes();
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}
