//! One pass over every object of a repository, each once: packs in delta order on all cores, loose
//! objects and damaged packs one by one.

use super::history::{Candidate, History, Hits, ObjectsRead};
use super::links::Links;
use super::object::{Commit, ObjectKind};
use super::object_id::{IdSet, ObjectId};
use super::open::GitRepo;
use super::pack::{Pack, Packed};
use super::seen::Seen;
use super::single::{single, text};
use super::store::Listing;
use super::unread::Unread;
use crate::source::{Event, Sink};
use git2::{Odb, Repository};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How often a repository that is being repacked meanwhile is listed again.
const ROUNDS: usize = 3;

/// A thread takes no fewer loose objects than this at once.
const FEW: usize = 64;

/// One pass over all objects.
pub(super) struct Reading<'a> {
    repo: &'a GitRepo,
    candidate: Candidate<'a>,
    sink: Sink<'a>,
    hits: Mutex<BTreeMap<ObjectId, ObjectKind>>,
    links: Links,
    /// Whether trees are read too, for what they name.
    trees: bool,
    unread: Unread<'a>,
    blobs: AtomicU64,
    commits: AtomicU64,
    tags: AtomicU64,
    bytes: AtomicU64,
    known: AtomicU64,
}

impl<'a> Reading<'a> {
    /// A pass that has read nothing yet; `trees` tells whether to look into trees too.
    pub(super) fn new(
        history: &'a History,
        candidate: Candidate<'a>,
        sink: Sink<'a>,
        trees: bool,
    ) -> Self {
        Self {
            repo: &history.repo,
            candidate,
            sink,
            hits: Mutex::default(),
            links: Links::default(),
            trees,
            unread: Unread::new(sink),
            blobs: AtomicU64::default(),
            commits: AtomicU64::default(),
            tags: AtomicU64::default(),
            bytes: AtomicU64::default(),
            known: AtomicU64::default(),
        }
    }

    /// Reads all packs; those that vanish because git repacks are looked for again.
    pub(super) fn packs(&self, listing: &Listing, odb: &Odb<'_>, seen: &Seen) -> Vec<Pack> {
        for (path, why) in &listing.unreadable {
            self.unread.file(path, format!("cannot be listed: {why}"));
        }
        let (mut packs, mut tried, mut claimed) = (Vec::new(), BTreeSet::new(), IdSet::default());
        let mut paths = listing.packs.clone();
        for round in 1..=ROUNDS {
            let several = tried.len() + paths.len() > 1;
            let mut vanished = false;
            for path in paths.difference(&tried.clone()) {
                match Pack::open(path) {
                    Ok(pack) => {
                        let known = self.pack(&pack, odb, seen, &claimed);
                        if several && !known {
                            claimed.extend(pack.ids());
                        }
                        packs.push(pack);
                    }
                    Err(_) if round < ROUNDS && !whole(path) => vanished = true,
                    Err(why) => self.unread.file(
                        path,
                        format!("this pack cannot be opened: {why}; run `git fsck`"),
                    ),
                }
                tried.insert(path.clone());
            }
            if !vanished {
                break;
            }
            paths = Listing::of(self.repo).packs;
        }
        packs
    }

    /// Reads a pack; true when an earlier audit has read it already.
    fn pack(&self, pack: &Pack, odb: &Odb<'_>, seen: &Seen, claimed: &IdSet) -> bool {
        if let Some(hits) = seen.pack(pack) {
            self.known.fetch_add(pack.len(), Relaxed);
            self.remember(hits);
            return true;
        }
        let decoded = pack.decode(
            |kind| self.trees || kind != Packed::Tree,
            |kind, id, raw| {
                if !claimed.contains(&id) {
                    self.object(kind, id, raw);
                }
            },
        );
        let Err(why) = decoded else {
            return false;
        };
        if whole(pack.path()) {
            let what = format!(
                "this pack is damaged ({why}); its objects were read one by one; run `git fsck`"
            );
            self.unread.file(pack.path(), what);
        }
        pack.ids()
            .filter(|id| !claimed.contains(id))
            .for_each(|id| self.single(odb, id));
        false
    }

    /// Reads all loose objects that are in no pack.
    pub(super) fn loose(&self, listing: &Listing, packs: &[Pack], seen: &Seen) {
        let packed = |id: &ObjectId| packs.iter().any(|p| p.contains(*id));
        let alone = listing.loose.iter().copied().filter(|id| !packed(id));
        let (known, new): (Vec<ObjectId>, Vec<ObjectId>) = alone.partition(|id| seen.loose(*id));
        self.known.fetch_add(known.len() as u64, Relaxed);
        self.remember(known.into_iter().filter_map(|id| Some((id, seen.hit(id)?))));
        let each = |handle: &mut Option<Repository>, id: ObjectId| match handle
            .as_ref()
            .map(Repository::odb)
        {
            Some(Ok(odb)) => self.single(&odb, id),
            _ => self
                .unread
                .object(id, "the repository could not be opened again".to_owned()),
        };
        new.into_par_iter()
            .with_min_len(FEW)
            .for_each_init(|| self.repo.handle().ok(), each);
    }

    fn single(&self, odb: &Odb<'_>, id: ObjectId) {
        match single(odb, id) {
            Ok((kind, raw)) => self.object(kind, id, &raw),
            Err(what) => self.unread.object(id, what),
        }
    }

    fn object(&self, kind: Packed, id: ObjectId, raw: &[u8]) {
        if (kind != Packed::Tree || self.trees) && !self.links.add(kind, raw) {
            let what = format!("object {id} is malformed; run `git fsck`");
            self.unread.object(id, what);
        }
        if kind == Packed::Tree {
            return;
        }
        let (kind, text) = text(kind, raw);
        match kind {
            ObjectKind::Blob => self.blobs.fetch_add(1, Relaxed),
            ObjectKind::Commit => self.commits.fetch_add(1, Relaxed),
            ObjectKind::Tag => self.tags.fetch_add(1, Relaxed),
        };
        self.bytes.fetch_add(raw.len() as u64, Relaxed);
        if (self.candidate)(kind, id, text) {
            self.remember([(id, kind)]);
        }
    }

    /// Says where the history ends before its beginning, and what it should hold and does not.
    pub(super) fn boundaries(&self, listing: &Listing, packs: &[Pack]) {
        let shallow = self.repo.shallow();
        let skipped = || Event::Skipped("history before a shallow boundary");
        shallow.iter().for_each(|_| (self.sink)(skipped()));
        let beyond = match shallow.is_empty() {
            true => IdSet::default(),
            false => self.beyond(&shallow),
        };
        let missing = self.links.missing(|id| {
            listing.loose.contains(id)
                || packs.iter().any(|p| p.contains(*id))
                || beyond.contains(id)
        });
        if listing.partial && !missing.is_empty() {
            let left = missing.len();
            let what = format!(
                "a partial clone left {left} objects at its remote, which were not read; get them with `git fetch --refetch --no-filter`"
            );
            return self.unread.file(self.repo.git_dir(), what);
        }
        for id in missing {
            let what = format!(
                "object {id} is missing; fetch it with `git fetch --refetch`, or run `git fsck`"
            );
            self.unread.object(id, what);
        }
    }

    /// The parents of the commits at which a shallow clone ends.
    fn beyond(&self, shallow: &[ObjectId]) -> IdSet {
        let handle = self.repo.handle().ok();
        let Some(Ok(odb)) = handle.as_ref().map(Repository::odb) else {
            return IdSet::default();
        };
        let raw = shallow.iter().filter_map(|id| single(&odb, *id).ok());
        let commits = raw.filter_map(|(_, raw)| Commit::parse(&raw));
        commits.flat_map(|commit| commit.parents).collect()
    }

    /// What hit. Only an audit that read everything teaches `seen` what need not be read again.
    pub(super) fn finish(self, listing: &Listing, packs: &[Pack], seen: &mut Seen) -> Hits {
        let complete = self.unread.finish(self.repo.git_dir());
        let read = ObjectsRead {
            blobs: self.blobs.into_inner(),
            commits: self.commits.into_inner(),
            tags: self.tags.into_inner(),
            bytes: self.bytes.into_inner(),
            known: self.known.into_inner(),
        };
        let objects = self.hits.into_inner().unwrap_or_default();
        if complete {
            seen.learn(listing, packs, &objects);
        }
        Hits { objects, read }
    }

    fn remember(&self, hits: impl IntoIterator<Item = (ObjectId, ObjectKind)>) {
        if let Ok(mut all) = self.hits.lock() {
            all.extend(hits);
        }
    }
}

/// True while both files of a pack are there.
fn whole(index: &Path) -> bool {
    index.exists() && index.with_extension("pack").exists()
}
