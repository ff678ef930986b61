//! Everything a repository ever held: every object of every pack and every loose object, whether
//! a ref reaches it or not. Step one reads each object once and remembers which ones hit; where
//! those were, and since when, is step two (`provenance`) and paid for only by hits.

use super::object::{Commit, ObjectKind, message, object_path, tag_target};
use super::object_id::{IdSet, ObjectId};
use super::open::{GitRepo, unreadable};
use super::pack::{Pack, Packed};
use super::seen::Seen;
use super::store::Listing;
use crate::model::{BlobPath, Fault};
use crate::source::{Event, Sink, SourceError};
use git2::{ObjectType, Odb, Repository};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Decides whether an object's bytes hold something to report. Called from many threads; for a
/// commit or tag the bytes are its message.
pub type Candidate<'c> = &'c (dyn Fn(ObjectKind, ObjectId, &[u8]) -> bool + Sync);

/// How often a repository that is being repacked meanwhile is listed again.
const ROUNDS: usize = 3;

/// Unreadable objects that are named one by one; the rest is a number.
const NAMED: usize = 20;

/// Longest single object that is read.
const LONGEST: usize = 2 << 30;

/// A thread takes no fewer loose objects than this at once.
const FEW: usize = 64;

/// A repository to audit.
#[derive(Clone, Debug)]
pub struct History {
    pub(super) repo: GitRepo,
}

/// The objects for which the candidate said yes, and how much was read to know it.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The objects, by id.
    pub objects: BTreeMap<ObjectId, ObjectKind>,
    /// How much was read.
    pub read: ObjectsRead,
}

/// How many objects were read, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ObjectsRead {
    /// Files.
    pub blobs: u64,
    /// Commits.
    pub commits: u64,
    /// Annotated tags.
    pub tags: u64,
    /// Bytes in all of them.
    pub bytes: u64,
    /// Packs and loose objects that an earlier run with the same rules had read already.
    pub known: u64,
}

impl History {
    /// The history of `repo`.
    pub fn new(repo: GitRepo) -> Self {
        Self { repo }
    }

    /// Asks `candidate` about every object once. What cannot be read is a fault at `sink`, and the
    /// rest is read all the same. With `seen`, what it knows is not read again.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn visit_objects(
        &self,
        candidate: Candidate<'_>,
        sink: Sink<'_>,
        seen: Option<&mut Seen>,
    ) -> Result<Hits, SourceError> {
        let handle = self.repo.handle()?;
        let failed = |e: git2::Error| self.repo.error(format!("cannot be read: {}", e.message()));
        let odb = handle.odb().map_err(failed)?;
        let reading = Reading::new(self, candidate, sink);
        let mut nothing = Seen::default();
        let seen = seen.unwrap_or(&mut nothing);
        // Loose objects are listed before packs are read: what is packed meanwhile keeps its id.
        let listing = Listing::of(&self.repo);
        let packs = reading.packs(&listing, &odb, seen);
        reading.loose(&listing, &packs, seen);
        reading.boundaries(&listing, &packs);
        reading.finish(&packs, seen)
    }

    /// The bytes that [`Candidate`] was shown for `id`.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn read(&self, id: ObjectId) -> Result<Vec<u8>, SourceError> {
        let handle = self.repo.handle()?;
        let read = handle
            .odb()
            .map_err(|e| e.message().to_owned())
            .and_then(|odb| single(&odb, id));
        let (kind, raw) = read.map_err(|what| self.repo.error(what))?;
        Ok(text(kind, &raw).1.to_vec())
    }
}

struct Reading<'a> {
    repo: &'a GitRepo,
    candidate: Candidate<'a>,
    sink: Sink<'a>,
    hits: Mutex<BTreeMap<ObjectId, ObjectKind>>,
    /// Objects that commits and tags name, to see whether they are there.
    named: Mutex<Vec<ObjectId>>,
    blobs: AtomicU64,
    commits: AtomicU64,
    tags: AtomicU64,
    bytes: AtomicU64,
    known: AtomicU64,
    unreadable: AtomicU64,
}

impl<'a> Reading<'a> {
    fn new(history: &'a History, candidate: Candidate<'a>, sink: Sink<'a>) -> Self {
        Self {
            repo: &history.repo,
            candidate,
            sink,
            hits: Mutex::default(),
            named: Mutex::default(),
            blobs: AtomicU64::default(),
            commits: AtomicU64::default(),
            tags: AtomicU64::default(),
            bytes: AtomicU64::default(),
            known: AtomicU64::default(),
            unreadable: AtomicU64::default(),
        }
    }

    /// Reads all packs; those that vanish because git repacks are looked for again.
    fn packs(&self, listing: &Listing, odb: &Odb<'_>, seen: &Seen) -> Vec<Pack> {
        for (path, why) in &listing.unreadable {
            self.fault(
                BlobPath::from_native(path),
                format!("cannot be listed: {why}"),
            );
        }
        let (mut packs, mut tried, mut claimed) = (Vec::new(), BTreeSet::new(), IdSet::default());
        let mut paths = listing.packs.clone();
        for round in 1..=ROUNDS {
            let several = tried.len() + paths.len() > 1;
            let mut vanished = false;
            for path in paths.difference(&tried.clone()) {
                match Pack::open(path) {
                    Ok(pack) => {
                        self.pack(&pack, odb, seen, &claimed);
                        if several {
                            claimed.extend(pack.ids());
                        }
                        packs.push(pack);
                    }
                    Err(_) if round < ROUNDS && !whole(path) => vanished = true,
                    Err(why) => self.fault(
                        BlobPath::from_native(path),
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

    fn pack(&self, pack: &Pack, odb: &Odb<'_>, seen: &Seen, claimed: &IdSet) {
        if let Some(hits) = seen.pack(pack.path()) {
            self.known.fetch_add(1, Relaxed);
            return self.remember(hits);
        }
        let decoded = pack.decode(
            |kind| kind != Packed::Tree,
            |kind, id, raw| {
                if !claimed.contains(&id) {
                    self.object(kind, id, raw);
                }
            },
        );
        let Err(why) = decoded else {
            return;
        };
        if whole(pack.path()) {
            let what = format!(
                "this pack is damaged ({why}); its objects were read one by one; run `git fsck`"
            );
            self.fault(BlobPath::from_native(pack.path()), what);
        }
        pack.ids()
            .filter(|id| !claimed.contains(id))
            .for_each(|id| self.single(odb, id));
    }

    fn loose(&self, listing: &Listing, packs: &[Pack], seen: &Seen) {
        let packed = |id: &ObjectId| packs.iter().any(|p| p.contains(*id));
        let alone = listing.loose.iter().copied().filter(|id| !packed(id));
        let (known, new): (Vec<ObjectId>, Vec<ObjectId>) =
            alone.partition(|id| seen.loose(*id).is_some());
        self.known.fetch_add(known.len() as u64, Relaxed);
        self.remember(
            known
                .into_iter()
                .filter_map(|id| Some((id, seen.loose(id).flatten()?))),
        );
        let each = |handle: &mut Option<Repository>, id: ObjectId| match handle
            .as_ref()
            .map(Repository::odb)
        {
            Some(Ok(odb)) => self.single(&odb, id),
            _ => self.unread(id, "the repository could not be opened again".to_owned()),
        };
        new.into_par_iter()
            .with_min_len(FEW)
            .for_each_init(|| self.repo.handle().ok(), each);
    }

    fn single(&self, odb: &Odb<'_>, id: ObjectId) {
        match single(odb, id) {
            Ok((kind, raw)) => self.object(kind, id, &raw),
            Err(what) => self.unread(id, what),
        }
    }

    fn object(&self, kind: Packed, id: ObjectId, raw: &[u8]) {
        let (kind, text) = match kind {
            Packed::Tree => return,
            kind => text(kind, raw),
        };
        match kind {
            ObjectKind::Blob => self.blobs.fetch_add(1, Relaxed),
            ObjectKind::Commit => self.commits.fetch_add(1, Relaxed),
            ObjectKind::Tag => self.tags.fetch_add(1, Relaxed),
        };
        self.bytes.fetch_add(raw.len() as u64, Relaxed);
        self.links(kind, id, raw);
        if (self.candidate)(kind, id, text) {
            self.remember([(id, kind)]);
        }
    }

    fn links(&self, kind: ObjectKind, id: ObjectId, raw: &[u8]) {
        let named = match kind {
            ObjectKind::Blob => return,
            ObjectKind::Tag => tag_target(raw).map(|target| vec![target]),
            ObjectKind::Commit => Commit::parse(raw).map(|mut commit| {
                commit.parents.push(commit.tree);
                commit.parents
            }),
        };
        match (named, self.named.lock()) {
            (Some(ids), Ok(mut named)) => named.extend(ids),
            (None, _) => self.unread(id, format!("object {id} is malformed; run `git fsck`")),
            _ => {}
        }
    }

    /// Says where the history ends before its beginning.
    fn boundaries(&self, listing: &Listing, packs: &[Pack]) {
        let shallow = self.repo.shallow();
        shallow
            .iter()
            .for_each(|_| (self.sink)(Event::Skipped("history before a shallow boundary")));
        let mut named = self
            .named
            .lock()
            .map(|mut n| std::mem::take(&mut *n))
            .unwrap_or_default();
        named.sort_unstable();
        named.dedup();
        let there =
            |id: &ObjectId| listing.loose.contains(id) || packs.iter().any(|p| p.contains(*id));
        let missing: Vec<_> = named.into_par_iter().filter(|id| !there(id)).collect();
        let beyond = if shallow.is_empty() {
            IdSet::default()
        } else {
            self.beyond(&shallow)
        };
        for id in missing.into_iter().filter(|id| !beyond.contains(id)) {
            match listing.partial {
                true => (self.sink)(Event::Skipped("object that a partial clone left at its remote")),
                false => self.unread(id, format!("object {id} is missing; fetch it with `git fetch --refetch`, or run `git fsck`")),
            }
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

    fn finish(self, packs: &[Pack], seen: &mut Seen) -> Result<Hits, SourceError> {
        let broken = self.unreadable.load(Relaxed);
        if let Some(more) = broken.checked_sub(NAMED as u64).filter(|more| *more > 0) {
            let what = format!("{more} more objects could not be read; run `git fsck`");
            self.fault(BlobPath::from_native(self.repo.git_dir()), what);
        }
        let read = ObjectsRead {
            blobs: self.blobs.into_inner(),
            commits: self.commits.into_inner(),
            tags: self.tags.into_inner(),
            bytes: self.bytes.into_inner(),
            known: self.known.into_inner(),
        };
        let objects = self.hits.into_inner().unwrap_or_default();
        if broken == 0 {
            seen.learn(packs, &objects);
        }
        Ok(Hits { objects, read })
    }

    fn remember(&self, hits: impl IntoIterator<Item = (ObjectId, ObjectKind)>) {
        if let Ok(mut all) = self.hits.lock() {
            all.extend(hits);
        }
    }

    fn unread(&self, id: ObjectId, what: String) {
        if self.unreadable.fetch_add(1, Relaxed) < NAMED as u64 {
            self.fault(object_path(id), what);
        }
    }

    fn fault(&self, path: BlobPath, what: String) {
        (self.sink)(Event::Fault(Fault::new(path, what)));
    }
}

/// True while both files of a pack are there.
fn whole(index: &Path) -> bool {
    index.exists() && index.with_extension("pack").exists()
}

/// One object through libgit2, which checks its hash.
fn single(odb: &Odb<'_>, id: ObjectId) -> Result<(Packed, Vec<u8>), String> {
    let why = |e: git2::Error| unreadable(id, &e);
    let oid = id.to_git2().map_err(why)?;
    let (size, kind) = odb.read_header(oid).map_err(why)?;
    let kind = match kind {
        ObjectType::Blob => Packed::Blob,
        ObjectType::Commit => Packed::Commit,
        ObjectType::Tag => Packed::Tag,
        _ => return Ok((Packed::Tree, Vec::new())),
    };
    if size > LONGEST {
        return Err(format!("object {id} is larger than 2 GiB and was not read"));
    }
    let object = odb.read(oid).map_err(why)?;
    Ok((kind, object.data().to_vec()))
}

/// What a person wrote into an object.
fn text(kind: Packed, raw: &[u8]) -> (ObjectKind, &[u8]) {
    match kind {
        Packed::Commit => (ObjectKind::Commit, message(raw)),
        Packed::Tag => (ObjectKind::Tag, message(raw)),
        Packed::Blob | Packed::Tree => (ObjectKind::Blob, raw),
    }
}
