//! What the next commit would hold: blobs of the index that HEAD does not have at their path.
//!
//! The work tree is never looked at, not even by a `stat`: what is published is the index, and
//! filters (git-crypt, LFS, line endings) make the file on disk differ from it.

use super::nearby::FilesInGit;
use super::pack::Packed;
use super::pointers;
use super::repo::index::{CachedTree, Index, IndexEntry, Staging};
use super::repo::named::{NamedPaths, spelled};
use super::repo::object::{Commit, EntryKind, TreeEntries, join};
use super::repo::object_id::ObjectId;
use super::repo::open::GitRepo;
use super::repo::reason;
use super::repo::single::{Objects, read_object};
use crate::model::{Blob, BlobPath, Fault, Nearby, Origin};
use crate::source::{Consumer, Event, Source, SourceError, hand_on_name, is_wanted};
use git2::ErrorCode;
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// A path whose folder is longer than this, in bytes, is none that git checks out.
const DEEPEST: usize = 4096;

/// From this many changed blobs on, they are read on all cores.
const WORTH_THREADS: usize = 64;

/// Blobs of the index that differ from HEAD, and those at paths that the caller names.
#[derive(Clone, Debug)]
pub struct Staged {
    repo: GitRepo,
    paths: Vec<PathBuf>,
    nearby: Arc<FilesInGit>,
}

impl Staged {
    /// All that is staged in `repo`.
    pub fn new(repo: GitRepo) -> Self {
        let nearby = Arc::new(FilesInGit::of(&repo));
        let paths = Vec::new();
        Self {
            repo,
            paths,
            nearby,
        }
    }

    /// Reads the index also at `paths`, changed or not: files or folders, relative to the current
    /// folder. A path that the index lacks is a fault.
    pub fn also(mut self, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        self.paths.extend(paths);
        self
    }

    /// Those of the named paths that the index lacks, as they were named.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn lacking(&self) -> Result<Vec<PathBuf>, SourceError> {
        let index = self.repo.index()?;
        let names = spelled(&self.repo, &self.paths);
        let lacking = Changes::default().name(&index, NamedPaths::new(names.clone()));
        let lacking: BTreeSet<&[u8]> = lacking.iter().map(BlobPath::as_bytes).collect();
        let named = self.paths.iter().zip(&names);
        let lacking = named.filter(|(_, name)| lacking.contains(name.as_slice()));
        Ok(lacking.map(|(path, _)| path.clone()).collect())
    }
}

impl Source for Staged {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let objects = self.repo.objects()?;
        let index = self.repo.index()?;
        let head = head_tree(&self.repo, &objects)?;
        let mut comparison = Comparison {
            head: Folders::new(&objects, head),
            changes: Changes::default(),
            consumer,
        };
        let entries: Vec<_> = index.entries().collect();
        comparison.folder(b"", &entries, index.root());
        let mut staged = comparison.changes;
        for path in staged.name(&index, NamedPaths::new(spelled(&self.repo, &self.paths))) {
            let what = "not in the index; `git add` it first, or use `jvxleaks scan`";
            consumer.take(Event::Fault(Fault::new(path, what)));
        }
        staged.read(&self.repo, &objects, consumer);
        Ok(())
    }

    fn nearby(&self) -> &dyn Nearby {
        &*self.nearby
    }
}

/// What is to be read: blob ids by path. A path in conflict has up to three.
#[derive(Default)]
struct Changes(BTreeSet<(Vec<u8>, ObjectId)>);

impl Changes {
    /// Adds the blobs at the paths the caller names; gives the names that the index lacks.
    fn name(&mut self, index: &Index, mut named: NamedPaths) -> Vec<BlobPath> {
        if named.is_empty() {
            return Vec::new();
        }
        for entry in index.entries() {
            if named.covers(entry.path) && entry.kind == Staging::Blob {
                self.0.insert((entry.path.to_vec(), entry.id));
            }
        }
        named.missing().map(BlobPath::from_bytes).collect()
    }

    fn read(&self, repo: &GitRepo, objects: &Objects, consumer: &dyn Consumer) {
        if self.0.len() < WORTH_THREADS {
            self.0
                .iter()
                .for_each(|(path, id)| hand_out(repo, objects, path, *id, consumer));
            return;
        }
        let each = |objects: &mut Option<Objects>, (path, id): &(Vec<u8>, ObjectId)| match objects {
            Some(objects) => hand_out(repo, objects, path, *id, consumer),
            None => fault(
                path,
                "the repository could not be opened again".to_owned(),
                consumer,
            ),
        };
        let changed: Vec<_> = self.0.iter().collect();
        let changed = changed.into_par_iter().with_min_len(WORTH_THREADS / 4);
        changed.for_each_init(|| repo.objects().ok(), each);
    }
}

/// The comparison of an index with HEAD.
struct Comparison<'c> {
    head: Folders<'c>,
    changes: Changes,
    consumer: &'c dyn Consumer,
}

impl Comparison<'_> {
    /// Adds each of the `entries` below `folder` that differs from HEAD. A folder whose tree the
    /// index knows, and which is HEAD's, is passed over whole.
    fn folder(&mut self, folder: &[u8], entries: &[IndexEntry<'_>], known: Option<CachedTree<'_>>) {
        let head = self.head.find(folder, self.consumer);
        if known.is_some_and(|known| known.is(head, entries.len())) {
            return;
        }
        let names = self.head.at(folder, self.consumer);
        let prefix = join(folder, b"");
        let prefix = if folder.is_empty() { &[][..] } else { &prefix };
        let mut rest = entries;
        while let Some(first) = rest.first() {
            let name = first.path.strip_prefix(prefix).unwrap_or(first.path);
            let Some(slash) = memchr::memchr(b'/', name) else {
                self.entry(first, names.get(name));
                rest = &rest[1..];
                continue;
            };
            let inner = &first.path[..first.path.len() - name.len() + slash];
            let is_inside = |entry: &IndexEntry<'_>| {
                let behind = entry.path.strip_prefix(inner);
                behind.is_some_and(|behind| behind.starts_with(b"/"))
            };
            let inside = rest.iter().take_while(|entry| is_inside(entry)).count();
            if folder.len() < DEEPEST {
                if self.head.find(inner, self.consumer).is_none() {
                    hand_on_name(inner, || Origin::Index, self.consumer);
                }
                let known = known.and_then(|known| known.child(&name[..slash]));
                self.folder(inner, &rest[..inside], known);
            } else {
                // No path of a real repository: read all, whether HEAD has it or not.
                rest[..inside]
                    .iter()
                    .for_each(|entry| self.entry(entry, None));
            }
            rest = &rest[inside..];
        }
    }

    fn entry(&mut self, entry: &IndexEntry<'_>, head: Option<&ObjectId>) {
        if head == Some(&entry.id) {
            return;
        }
        if head.is_none() && entry.kind == Staging::Blob {
            hand_on_name(entry.path, || Origin::Index, self.consumer);
        }
        match entry.kind {
            Staging::Blob => {
                self.changes.0.insert((entry.path.to_vec(), entry.id));
            }
            Staging::Skip(what) => self.consumer.take(Event::Skipped(what)),
            Staging::Folder => self.collapsed(entry),
        }
    }

    /// A folder outside of a sparse checkout, which the index holds as one entry `folder/`.
    fn collapsed(&self, entry: &IndexEntry<'_>) {
        let folder = entry.path.strip_suffix(b"/").unwrap_or(entry.path);
        if self.head.find(folder, self.consumer) != Some(entry.id) {
            let what = "a folder outside of the sparse checkout is staged; run `git sparse-checkout reapply --no-sparse-index` and scan again";
            fault(folder, what.to_owned(), self.consumer);
        }
    }
}

fn hand_out(repo: &GitRepo, objects: &Objects, path: &[u8], id: ObjectId, consumer: &dyn Consumer) {
    let path = BlobPath::from_bytes(path);
    if !is_wanted(&path, consumer) {
        return;
    }
    match repo.blob(objects, id) {
        Ok(bytes) => {
            let blob = Blob {
                path: &path,
                origin: &Origin::Index,
                bytes: &bytes,
            };
            pointers::hand_on(repo, &blob, consumer);
        }
        Err(what) => consumer.take(Event::Fault(Fault::new(path, what))),
    }
}

fn fault(path: &[u8], what: String, consumer: &dyn Consumer) {
    consumer.take(Event::Fault(Fault::new(BlobPath::from_bytes(path), what)));
}

/// The root tree of HEAD; none when no commit has been made yet.
fn head_tree(repo: &GitRepo, objects: &Objects) -> Result<Option<ObjectId>, SourceError> {
    let failed = |e: &git2::Error| {
        repo.error(format!(
            "HEAD cannot be read: {}; run `git fsck`",
            reason::of(e)
        ))
    };
    let target = match objects.handle().refname_to_id("HEAD") {
        Ok(target) => ObjectId::try_from(target).map_err(|e| failed(&e))?,
        Err(e) if matches!(e.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch) => {
            return Ok(None);
        }
        Err(e) => return Err(failed(&e)),
    };
    let raw = read_object(objects, target, Packed::Commit).map_err(|e| repo.error(e))?;
    let commit =
        Commit::parse(&raw).ok_or_else(|| repo.error("HEAD names no commit; run `git fsck`"))?;
    Ok(Some(commit.tree))
}

/// HEAD's folders. Each is read once, when the index first names something in it; one that HEAD
/// lacks is empty.
struct Folders<'o> {
    objects: &'o Objects,
    trees: RefCell<HashMap<Vec<u8>, Option<ObjectId>>>,
}

/// The files and submodules of one folder, by name.
type HeadBlobs = HashMap<Vec<u8>, ObjectId>;

impl<'o> Folders<'o> {
    fn new(objects: &'o Objects, root: Option<ObjectId>) -> Self {
        let trees = RefCell::new(HashMap::from([(Vec::new(), root)]));
        Self { objects, trees }
    }

    /// What HEAD holds in `folder`. A folder that cannot be read counts as empty, so that what is
    /// staged in it is read, and is a fault.
    fn at(&self, folder: &[u8], consumer: &dyn Consumer) -> HeadBlobs {
        let mut names = HeadBlobs::new();
        let Some(tree) = self.find(folder, consumer) else {
            return names;
        };
        let raw = match read_object(self.objects, tree, Packed::Tree) {
            Ok(raw) => raw,
            Err(what) => {
                fault(folder, what, consumer);
                return names;
            }
        };
        let mut trees = self.trees.borrow_mut();
        for entry in TreeEntries::new(&raw) {
            match entry.kind {
                EntryKind::Tree => {
                    trees.insert(join(folder, entry.name), Some(entry.id));
                }
                _ => {
                    names.insert(entry.name.to_vec(), entry.id);
                }
            }
        }
        names
    }

    /// The tree of `folder`. Index order visits `a/b` without `a` when `a` holds only folders.
    fn find(&self, folder: &[u8], consumer: &dyn Consumer) -> Option<ObjectId> {
        if let Some(known) = self.trees.borrow().get(folder) {
            return *known;
        }
        let split = folder.iter().rposition(|b| *b == b'/');
        self.at(split.map_or(&b""[..], |at| &folder[..at]), consumer);
        *self.trees.borrow_mut().entry(folder.to_vec()).or_default()
    }
}
