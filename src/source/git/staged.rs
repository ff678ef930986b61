//! What the next commit would hold: blobs of the index that HEAD does not have at their path.
//!
//! The work tree is never looked at, not even by a `stat`: what is published is the index, and
//! filters (git-crypt, LFS, line endings) make the file on disk differ from it.

use super::named::{Named, spelled};
use super::object::{Commit, EntryKind, TreeEntries, join};
use super::object_id::ObjectId;
use super::open::{GitRepo, read_object};
use crate::model::{Blob, BlobPath, Fault, Origin};
use crate::source::{Event, Sink, Source, SourceError};
use git2::{ErrorCode, Index, IndexEntry, IndexEntryExtendedFlag, ObjectType, Odb, Repository};
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// From this many changed blobs on, they are read on all cores.
const WORTH_THREADS: usize = 64;

/// Blobs of the index that differ from HEAD, and those at paths that the caller names.
#[derive(Clone, Debug)]
pub struct Staged {
    repo: GitRepo,
    paths: Vec<PathBuf>,
}

impl Staged {
    /// All that is staged in `repo`.
    pub fn new(repo: GitRepo) -> Self {
        let paths = Vec::new();
        Self { repo, paths }
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
        let handle = self.repo.handle()?;
        let index = open_index(&self.repo, &handle)?;
        let names = spelled(&self.repo, &self.paths);
        let lacking = Changes::default().name(&index, Named::new(names.clone()));
        let lacking: BTreeSet<&[u8]> = lacking.iter().map(BlobPath::as_bytes).collect();
        let named = self.paths.iter().zip(&names);
        let lacking = named.filter(|(_, name)| lacking.contains(name.as_slice()));
        Ok(lacking.map(|(path, _)| path.clone()).collect())
    }
}

impl Source for Staged {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        let handle = self.repo.handle()?;
        let index = open_index(&self.repo, &handle)?;
        let failed = |e: git2::Error| self.repo.error(format!("cannot be read: {}", e.message()));
        let odb = handle.odb().map_err(failed)?;
        let mut staged = Changes::default();
        let head = head_tree(&self.repo, &handle, &odb)?;
        staged.collect(&index, &Folders::new(&odb, head), sink);
        for path in staged.name(&index, Named::new(spelled(&self.repo, &self.paths))) {
            let what = "not in the index; `git add` it first, or use `jvxleaks scan`";
            sink(Event::Fault(Fault::new(path, what)));
        }
        staged.read(&self.repo, &odb, sink);
        Ok(())
    }
}

/// What is to be read: blob ids by path. A path in conflict has up to three.
#[derive(Default)]
struct Changes(BTreeSet<(Vec<u8>, ObjectId)>);

impl Changes {
    /// Adds each entry that differs from HEAD. Entries come in path order, so a folder's entries
    /// come together.
    fn collect(&mut self, index: &Index, head: &Folders<'_>, sink: Sink<'_>) {
        let (mut folder, mut known) = (Vec::new(), head.at(b"", sink));
        for entry in index.iter() {
            let split = entry.path.iter().rposition(|b| *b == b'/');
            let parent = split.map_or(&b""[..], |at| &entry.path[..at]);
            if parent != folder {
                folder = parent.to_vec();
                known = head.at(&folder, sink);
            }
            let name = &entry.path[split.map_or(0, |at| at + 1)..];
            let id = ObjectId::from_bytes(entry.id.as_bytes());
            let same = id.is_some() && known.get(name) == id.as_ref();
            match (kind(&entry), id) {
                (Staging::Blob, Some(id)) if !same => {
                    self.0.insert((entry.path, id));
                }
                (Staging::Skip(what), _) if !same => sink(Event::Skipped(what)),
                _ => {}
            }
        }
    }

    /// Adds the blobs at the paths the caller names; gives the names that the index lacks.
    fn name(&mut self, index: &Index, mut named: Named) -> Vec<BlobPath> {
        if named.is_empty() {
            return Vec::new();
        }
        for entry in index.iter() {
            let covered = named.covers(&entry.path);
            if let (true, Staging::Blob, Ok(id)) =
                (covered, kind(&entry), ObjectId::try_from(entry.id))
            {
                self.0.insert((entry.path, id));
            }
        }
        named.missing().map(BlobPath::from_bytes).collect()
    }

    fn read(&self, repo: &GitRepo, odb: &Odb<'_>, sink: Sink<'_>) {
        if self.0.len() < WORTH_THREADS {
            self.0
                .iter()
                .for_each(|(path, id)| hand_out(repo, odb, path, *id, sink));
            return;
        }
        let each = |handle: &mut Option<Repository>, (path, id): &(Vec<u8>, ObjectId)| match handle
            .as_ref()
            .map(Repository::odb)
        {
            Some(Ok(odb)) => hand_out(repo, &odb, path, *id, sink),
            _ => fault(
                path,
                "the repository could not be opened again".to_owned(),
                sink,
            ),
        };
        let changed: Vec<_> = self.0.iter().collect();
        let changed = changed.into_par_iter().with_min_len(WORTH_THREADS / 4);
        changed.for_each_init(|| repo.handle().ok(), each);
    }
}

/// What an index entry stands for in the next commit.
enum Staging {
    Blob,
    Skip(&'static str),
}

fn kind(entry: &IndexEntry) -> Staging {
    let flags = IndexEntryExtendedFlag::from_bits_truncate(entry.flags_extended);
    if flags.contains(IndexEntryExtendedFlag::INTENT_TO_ADD) {
        return Staging::Skip("intent-to-add");
    }
    match EntryKind::of(entry.mode) {
        EntryKind::Submodule => Staging::Skip("submodule"),
        _ => Staging::Blob,
    }
}

fn hand_out(repo: &GitRepo, odb: &Odb<'_>, path: &[u8], id: ObjectId, sink: Sink<'_>) {
    match repo.blob(odb, id) {
        Ok(bytes) => sink(Event::Blob(Blob {
            path: &BlobPath::from_bytes(path),
            origin: &Origin::Index,
            bytes: &bytes,
        })),
        Err(what) => fault(path, what, sink),
    }
}

fn fault(path: &[u8], what: String, sink: Sink<'_>) {
    sink(Event::Fault(Fault::new(BlobPath::from_bytes(path), what)));
}

/// The index that git would commit: `GIT_INDEX_FILE` when a hook sets it, else the work tree's.
pub(super) fn open_index(repo: &GitRepo, handle: &Repository) -> Result<Index, SourceError> {
    let named = std::env::var_os("GIT_INDEX_FILE").filter(|_| repo.follows_environment());
    let opened = match named {
        Some(name) => {
            // Git resolves a relative name from the root of the work tree, where it moves first.
            let from_root = repo.work_dir().unwrap_or(Path::new("")).join(&name);
            let path = if from_root.exists() {
                from_root
            } else {
                PathBuf::from(name)
            };
            if !path.exists() {
                return Err(repo.error("GIT_INDEX_FILE names a file that is not there; unset it"));
            }
            Index::open(&path)
        }
        None => handle.index(),
    };
    opened.map_err(|error| repo.error(index_refusal(error.message())))
}

fn index_refusal(text: &str) -> String {
    let advice = match text {
        _ if text.contains("'link'") => {
            "; a split index is not supported: `git update-index --no-split-index`"
        }
        _ if text.contains("'sdir'") => {
            "; a sparse index is not supported: `git sparse-checkout reapply --no-sparse-index`"
        }
        _ => "",
    };
    format!("the index cannot be read: {text}{advice}")
}

/// The root tree of HEAD; none when no commit has been made yet.
fn head_tree(
    repo: &GitRepo,
    handle: &Repository,
    odb: &Odb<'_>,
) -> Result<Option<ObjectId>, SourceError> {
    let failed = |e: &git2::Error| {
        repo.error(format!(
            "HEAD cannot be read: {}; run `git fsck`",
            e.message()
        ))
    };
    let target = match handle.refname_to_id("HEAD") {
        Ok(target) => ObjectId::try_from(target).map_err(|e| failed(&e))?,
        Err(e) if matches!(e.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch) => {
            return Ok(None);
        }
        Err(e) => return Err(failed(&e)),
    };
    let raw = read_object(odb, target, ObjectType::Commit).map_err(|e| repo.error(e))?;
    let commit =
        Commit::parse(&raw).ok_or_else(|| repo.error("HEAD names no commit; run `git fsck`"))?;
    Ok(Some(commit.tree))
}

/// HEAD's folders. Each is read once, when the index first names something in it; one that HEAD
/// lacks is empty.
struct Folders<'o> {
    odb: &'o Odb<'o>,
    trees: RefCell<HashMap<Vec<u8>, Option<ObjectId>>>,
}

/// The files and submodules of one folder, by name.
type Names = HashMap<Vec<u8>, ObjectId>;

impl<'o> Folders<'o> {
    fn new(odb: &'o Odb<'o>, root: Option<ObjectId>) -> Self {
        let trees = RefCell::new(HashMap::from([(Vec::new(), root)]));
        Self { odb, trees }
    }

    /// What HEAD holds in `folder`. A folder that cannot be read counts as empty, so that what is
    /// staged in it is read, and is a fault.
    fn at(&self, folder: &[u8], sink: Sink<'_>) -> Names {
        let mut names = Names::new();
        let Some(tree) = self.find(folder, sink) else {
            return names;
        };
        let raw = match read_object(self.odb, tree, ObjectType::Tree) {
            Ok(raw) => raw,
            Err(what) => {
                fault(folder, what, sink);
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
    fn find(&self, folder: &[u8], sink: Sink<'_>) -> Option<ObjectId> {
        if let Some(known) = self.trees.borrow().get(folder) {
            return *known;
        }
        let split = folder.iter().rposition(|b| *b == b'/');
        self.at(split.map_or(&b""[..], |at| &folder[..at]), sink);
        *self.trees.borrow_mut().entry(folder.to_vec()).or_default()
    }
}
