//! A change under review: the commits of a range, seen as what they start from and what they lead
//! to. What a project decides about its findings is read where it starts, so that no change decides
//! about itself.

use super::committed::{CommittedEntry, FILE, FORMAT, LINK, SUBMODULE, entry};
use super::pack::Packed;
use super::pointers;
use super::refs::ancestry::{self, Ends, LEFT};
use super::refs::revision::{self, RangeSpec};
use super::repo::object::Commit;
use super::repo::object_id::{IdSet, ObjectId};
use super::repo::open::GitRepo;
use super::repo::single::{Objects, read_object};
use crate::model::{Blob, BlobPath, Origin};
use crate::source::{Consumer, Event, Source, SourceError};
use git2::{AttrCheckFlags, AttrValue, Index, IndexEntry, IndexTime};

/// What the commits of a range start from and lead to.
#[derive(Clone, Debug)]
pub struct Change {
    repo: GitRepo,
    /// The commit that was there before; none where a history begins.
    base: Option<ObjectId>,
    /// The last commit that base and head have in common.
    fork: Option<ObjectId>,
    head: ObjectId,
    /// Whether it is one commit that is there already, to which nothing is added.
    is_single: bool,
}

/// A commit of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What was there before.
    Base,
    /// Where the change began; older than the base if that went on since.
    Fork,
    /// What the change leads to.
    Head,
}

impl Change {
    /// The change that `spec` selects in `repo`: from A to B for `A..B`, from their merge base for
    /// `A...B`, from its first parent for a single commit. Where remotes are left out it begins at
    /// the newest commit it builds on that they have.
    ///
    /// # Errors
    /// When the repository cannot be read, or a name stands for no commit.
    pub fn of(repo: &GitRepo, spec: &RangeSpec) -> Result<Self, SourceError> {
        let objects = repo.objects()?;
        let ends = spec.resolve(&objects)?;
        let Some((head, _)) = ends.include.last().copied() else {
            return Err(repo.error("the range has no end; name one, as in A..B"));
        };
        let base = match (&spec.symmetric, spec.exclude.as_slice()) {
            (Some(_), _) => start(&objects, &between(ends.include[0].0, head)),
            _ if spec.is_single() => {
                commit(&objects, head).and_then(|c| c.parents.first().copied())
            }
            (None, [_, ..]) => ends.exclude.first().copied(),
            (None, []) => start(&objects, &ends),
        };
        // Beyond the end of a shallow clone there is none, which the range itself tells.
        let base = base.filter(|id| commit(&objects, *id).is_some());
        Ok(Self {
            is_single: spec.is_single(),
            ..Self::new(repo, &objects, base, head)
        })
    }

    /// The change from one commit to another, or from nothing.
    ///
    /// # Errors
    /// When the repository cannot be read, or a name stands for no commit.
    pub fn between(repo: &GitRepo, base: Option<&str>, head: &str) -> Result<Self, SourceError> {
        let objects = repo.objects()?;
        let base = base
            .map(|base| revision::commit(&objects, base))
            .transpose()?;
        let head = revision::commit(&objects, head)?;
        Ok(Self::new(repo, &objects, base, head))
    }

    fn new(repo: &GitRepo, objects: &Objects, base: Option<ObjectId>, head: ObjectId) -> Self {
        let fork = base.map(|base| start(objects, &between(base, head)).unwrap_or(base));
        Self {
            repo: repo.clone(),
            base,
            fork,
            head,
            is_single: false,
        }
    }

    /// True for one commit alone: what is committed next is no part of it.
    pub fn is_single(&self) -> bool {
        self.is_single
    }

    /// The first digits of the base's id; none where a history begins.
    pub fn base(&self) -> Option<String> {
        self.base.map(|id| id.short())
    }

    /// The bytes of a file as one side has it; none if it does not have it.
    ///
    /// # Errors
    /// When it is no regular file, is longer than `longest` bytes, or cannot be read.
    pub fn file(
        &self,
        side: Side,
        path: &BlobPath,
        longest: u64,
    ) -> Result<Option<Vec<u8>>, String> {
        let Some(entry) = self.entry(side, path)? else {
            return Ok(None);
        };
        match entry.mode & FORMAT {
            FILE => {}
            LINK => return Err("it is a symbolic link, which is not followed".to_owned()),
            SUBMODULE => {
                return Err(
                    "it is in a submodule, whose files these commits do not hold".to_owned(),
                );
            }
            _ => return Err("not a regular file".to_owned()),
        }
        let repo = self.repo.clone().reading_up_to(longest);
        repo.blob(&self.objects()?, entry.id).map(Some)
    }

    /// True when the change itself adds, alters or removes a file.
    ///
    /// # Errors
    /// When a tree on the way there cannot be read.
    pub fn touches(&self, path: &BlobPath) -> Result<bool, String> {
        Ok(self.entry(Side::Fork, path)? != self.entry(Side::Head, path)?)
    }

    /// True when the base or the head has a file of this name.
    ///
    /// # Errors
    /// When a tree on the way there cannot be read.
    pub fn knows(&self, path: &BlobPath) -> Result<bool, String> {
        let base = self.entry(Side::Base, path)?;
        Ok(base.or(self.entry(Side::Head, path)?).is_some())
    }

    /// True when a diff shows the text of a file, as a commit has it, or as the head does: not that of a binary
    /// file or of one that an attribute hides, and of an object of Git LFS only the pointer.
    pub fn shows(&self, commit: Option<&str>, path: &BlobPath) -> bool {
        let commit = commit.and_then(|id| ObjectId::from_hex(id.as_bytes()));
        let bytes = || -> Result<Option<Vec<u8>>, String> {
            let objects = self.objects()?;
            let entry = entry(&objects, commit.unwrap_or(self.head), path)?;
            entry.map(|e| self.repo.blob(&objects, e.id)).transpose()
        };
        // Git looks as far for a zero byte.
        let is_text = |bytes: &Vec<u8>| !bytes[..bytes.len().min(8000)].contains(&0);
        let is_shown = |bytes: Vec<u8>| is_text(&bytes) && !pointers::is_pointer(&bytes);
        !self.is_hidden(path) && bytes().is_ok_and(|bytes| bytes.is_some_and(is_shown))
    }

    /// True for a file of which `.gitattributes` says that no diff shows it: `*.js -diff`, `*.js binary`.
    fn is_hidden(&self, path: &BlobPath) -> bool {
        let hidden = || -> Option<bool> {
            let repo = self.repo.handle().ok()?;
            repo.set_index(&mut self.attributes(path)?).ok()?;
            let flags = AttrCheckFlags::INDEX_ONLY;
            let value = repo.get_attr_bytes(&path.to_native(), "diff", flags).ok()?;
            Some(AttrValue::from_bytes(value) == AttrValue::False)
        };
        // Where that cannot be told, no reviewer is taken to have seen it.
        hidden().unwrap_or(true)
    }

    /// An index of the `.gitattributes` that hold at a path in the head. Those of the work tree may be of another commit.
    fn attributes(&self, path: &BlobPath) -> Option<Index> {
        let mut index = Index::new().ok()?;
        let objects = self.objects().ok()?;
        let ends = path.as_bytes().iter().enumerate();
        let folders = ends.filter_map(|(at, byte)| (*byte == b'/').then_some(at + 1));
        for end in folders.chain([0]) {
            let name = [&path.as_bytes()[..end], b".gitattributes"].concat();
            let found = entry(&objects, self.head, &BlobPath::from_bytes(name.clone())).ok()?;
            let Some(found) = found.filter(|found| found.mode & FORMAT == FILE) else {
                continue;
            };
            self.repo.blob(&objects, found.id).ok()?;
            index.add(&index_entry(found, name)?).ok()?;
        }
        Some(index)
    }

    /// Some files as the head has them, as far as a diff shows them.
    pub fn after(&self, paths: impl IntoIterator<Item = BlobPath>) -> FilesOf {
        let shown = paths.into_iter().filter(|path| self.shows(None, path));
        FilesOf {
            change: self.clone(),
            paths: shown.collect(),
            sides: &[Side::Head],
        }
    }

    /// Files as they were where the change began, and as the base has them; what was not there is passed over.
    pub fn before(&self, paths: impl IntoIterator<Item = BlobPath>) -> FilesOf {
        FilesOf {
            change: self.clone(),
            paths: paths.into_iter().collect(),
            sides: &[Side::Fork, Side::Base],
        }
    }

    fn entry(&self, side: Side, path: &BlobPath) -> Result<Option<CommittedEntry>, String> {
        let commit = match side {
            Side::Base => self.base,
            Side::Fork => self.fork,
            Side::Head => Some(self.head),
        };
        match commit {
            Some(commit) => entry(&self.objects()?, commit, path),
            None => Ok(None),
        }
    }

    fn objects(&self) -> Result<Objects, String> {
        self.repo.objects().map_err(|e| e.to_string())
    }
}

fn commit(objects: &Objects, id: ObjectId) -> Option<Commit> {
    let raw = read_object(objects, id, Packed::Commit).ok()?;
    Commit::parse(&raw)
}

/// What `head` reaches and `base` does not.
fn between(base: ObjectId, head: ObjectId) -> Ends {
    Ends {
        include: vec![(head, LEFT)],
        exclude: vec![base],
    }
}

/// The newest commit that the commits between `ends` build on: for `A..B`, their merge base. That
/// is the included commit itself if nothing lies between, and none where a history begins.
fn start(objects: &Objects, ends: &Ends) -> Option<ObjectId> {
    let members = ancestry::between(objects, ends).members;
    if members.is_empty() {
        return ends.include.last().map(|(id, _)| *id);
    }
    let inside: IdSet = members.iter().map(|member| member.id).collect();
    let parents = members.iter().flat_map(|member| &member.commit.parents);
    let beyond: IdSet = parents.copied().filter(|id| !inside.contains(id)).collect();
    let dated = beyond
        .into_iter()
        .filter_map(|id| Some((commit(objects, id)?.committed, id)));
    dated.max().map(|(_, id)| id)
}

/// A file as libgit2's index holds it.
fn index_entry(found: CommittedEntry, path: Vec<u8>) -> Option<IndexEntry> {
    let never = IndexTime::new(0, 0);
    Some(IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: found.mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id: found.id.to_git2().ok()?,
        flags: 0,
        flags_extended: 0,
        path,
    })
}

/// Some files as sides of a change have them.
#[derive(Clone, Debug)]
pub struct FilesOf {
    change: Change,
    paths: Vec<BlobPath>,
    sides: &'static [Side],
}

impl Source for FilesOf {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let sides = |path| self.sides.iter().map(move |side| (path, *side));
        let files = self.paths.iter().flat_map(sides);
        for (path, side) in files {
            let longest = self.change.repo.longest();
            // What cannot be read is not accepted there, as far as anyone can tell.
            if let Ok(Some(bytes)) = self.change.file(side, path, longest) {
                consumer.take(Event::Blob(Blob {
                    path,
                    origin: &Origin::File,
                    bytes: &bytes,
                }));
            }
        }
        Ok(())
    }
}
