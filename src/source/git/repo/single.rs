//! One object at a time, each checked against its id.
//!
//! libgit2 reads what is in packs. A file with one object is read here: at one that is cut off libgit2
//! goes round in a circle.

use super::super::pack::Packed;
use super::super::pack::inflate::Inflate;
use super::super::pack::quarantine::Quarantine;
use super::super::pack::store::Listing;
use super::object::{ObjectKind, written};
use super::object_id::ObjectId;
use crate::model::Failure;
use crate::source::remedy::with_remedy;
use crate::source::too_large;
use git2::{ErrorCode, ObjectType, Oid, Repository};
use std::borrow::Cow;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longest single object that is read, in bytes.
const LONGEST: u64 = 2 << 30;

/// What compression may add to an object, in bytes: git stores what does not shrink as it is.
const OVERHEAD: u64 = 64 << 10;

/// The objects of a repository, for one thread.
pub(in crate::source::git) struct Objects {
    handle: Repository,
    /// Folders of objects: the repository's own, and those that it borrows from.
    folders: Vec<PathBuf>,
    /// What is at hand already.
    quarantine: Arc<Quarantine>,
}

impl Objects {
    /// What `handle` holds, whose objects are in `folders`.
    pub(in crate::source::git) fn new(handle: Repository, folders: Vec<PathBuf>) -> Self {
        Self {
            handle,
            folders,
            quarantine: Arc::default(),
        }
    }

    /// The same, of which these are at hand.
    #[must_use]
    pub(in crate::source::git) fn with(self, quarantine: &Arc<Quarantine>) -> Self {
        Self {
            quarantine: Arc::clone(quarantine),
            ..self
        }
    }

    /// Tells of the first loose object that is damaged. libgit2 may be asked about any other.
    pub(in crate::source::git) fn all_whole(&self) -> Result<(), String> {
        for id in Listing::within(&self.folders).loose.into_keys() {
            // Files are never read on the way to a commit, and may be long.
            if kind_of(self, id)? != Packed::Blob {
                self.read(id, LONGEST)?;
            }
        }
        Ok(())
    }

    /// The repository, for what is no object.
    pub(in crate::source::git) fn handle(&self) -> &Repository {
        &self.handle
    }

    /// As [`single`]; one of more than `longest` bytes is not read.
    pub(in crate::source::git) fn read(
        &self,
        id: ObjectId,
        longest: u64,
    ) -> Result<(Packed, Vec<u8>), String> {
        let (kind, raw) = self.lent(id, longest)?;
        Ok((kind, raw.into_owned()))
    }

    /// As [`Objects::read`], without a copy of what is at hand.
    fn lent(&self, id: ObjectId, longest: u64) -> Result<(Packed, Cow<'_, [u8]>), String> {
        if let Some((kind, raw)) = self.quarantine.get(id)
            && raw.len() as u64 <= longest
        {
            return Ok((kind, Cow::Borrowed(raw)));
        }
        let file = self.file(id)?;
        let (kind, size) = self.declared(id)?;
        if size as u64 > longest {
            return Err(match longest {
                LONGEST => format!("object {id} is larger than 2 GiB and was not read"),
                _ => too_large(Some(size as u64), longest),
            });
        }
        let raw = match file {
            Some(path) => unpack(id, kind, size, &path)?,
            None => {
                let odb = self.handle.odb();
                let read = odb.and_then(|odb| Ok(odb.read(id.to_git2()?)?.data().to_vec()));
                read.map_err(|e| unreadable(id, &e))?
            }
        };
        Ok((kind, Cow::Owned(raw)))
    }

    fn declared(&self, id: ObjectId) -> Result<(Packed, usize), String> {
        let odb = self.handle.odb();
        let header = || odb.and_then(|odb| odb.read_header(id.to_git2()?));
        // `git2` panics over a type that git does not have, as damage makes one of `blob`.
        let header = Failure::caught(header).map_err(|_| damaged(id, "git has no such type"))?;
        let (size, kind) = header.map_err(|e| unreadable(id, &e))?;
        Ok((packed(kind), size))
    }

    /// The file that holds this object alone, if there is one.
    fn file(&self, id: ObjectId) -> Result<Option<PathBuf>, String> {
        let name = id.to_string();
        let (fan, rest) = name.split_at(2);
        for folder in &self.folders {
            let path = folder.join(fan).join(rest);
            match std::fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => return Ok(Some(path)),
                Ok(_) => return Err(damaged(id, "its file is no regular file")),
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                Err(e) => return Err(damaged(id, e)),
            }
        }
        Ok(None)
    }
}

/// What an object is, and its bytes.
pub(in crate::source::git) fn single(
    objects: &Objects,
    id: ObjectId,
) -> Result<(Packed, Vec<u8>), String> {
    objects.read(id, LONGEST)
}

/// What an object is.
pub(in crate::source::git) fn kind_of(objects: &Objects, id: ObjectId) -> Result<Packed, String> {
    if let Some((kind, _)) = objects.quarantine.get(id) {
        return Ok(kind);
    }
    objects.file(id)?;
    Ok(objects.declared(id)?.0)
}

/// The bytes of an object of the expected kind.
pub(in crate::source::git) fn read_object(
    objects: &Objects,
    id: ObjectId,
    kind: Packed,
) -> Result<Cow<'_, [u8]>, String> {
    match objects.lent(id, LONGEST)? {
        (found, raw) if found == kind => Ok(raw),
        _ => Err(format!(
            "object {id} is not a {}; run `git fsck`",
            kind.name()
        )),
    }
}

/// The `size` bytes of an object in a file of its own: a zlib stream of a head, as in `blob 12\0`, and
/// the object.
fn unpack(id: ObjectId, kind: Packed, size: usize, path: &Path) -> Result<Vec<u8>, String> {
    let broken = || damaged(id, "its file is cut off or no whole zlib stream");
    let mut stream = Vec::new();
    let most = size as u64 * 2 + OVERHEAD;
    let file = File::open(path).map_err(|e| damaged(id, e))?;
    file.take(most)
        .read_to_end(&mut stream)
        .map_err(|e| damaged(id, e))?;
    let head = format!("{} {size}\0", kind.name());
    let mut raw = Vec::new();
    let inflated = Inflate::new().inflate(&stream, head.len() + size, &mut raw);
    inflated.map_err(|_| broken())?;
    if !raw.starts_with(head.as_bytes()) {
        return Err(broken());
    }
    raw.drain(..head.len());
    if has_id(kind, id, &raw) {
        Ok(raw)
    } else {
        Err(damaged(id, "its bytes are those of another object"))
    }
}

/// True for the bytes that this id was made of.
pub(in crate::source::git) fn has_id(kind: Packed, id: ObjectId, raw: &[u8]) -> bool {
    let found = Oid::hash_object(kind.of_git2(), raw);
    found
        .and_then(ObjectId::try_from)
        .is_ok_and(|found| found == id)
}

fn damaged(id: ObjectId, why: impl std::fmt::Display) -> String {
    with_remedy(format!("object {id} is corrupt ({why})"), "run `git fsck`")
}

fn packed(kind: ObjectType) -> Packed {
    match kind {
        ObjectType::Blob => Packed::Blob,
        ObjectType::Commit => Packed::Commit,
        ObjectType::Tag => Packed::Tag,
        _ => Packed::Tree,
    }
}

impl Packed {
    /// The word that git has for it.
    fn name(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Tag => "tag",
        }
    }

    fn of_git2(self) -> ObjectType {
        match self {
            Self::Blob => ObjectType::Blob,
            Self::Commit => ObjectType::Commit,
            Self::Tree => ObjectType::Tree,
            Self::Tag => ObjectType::Tag,
        }
    }
}

/// How an object is reported.
pub(in crate::source::git) fn reported(kind: Packed) -> ObjectKind {
    match kind {
        Packed::Commit => ObjectKind::Commit,
        Packed::Tag => ObjectKind::Tag,
        Packed::Blob | Packed::Tree => ObjectKind::Blob,
    }
}

/// What a person wrote into an object.
pub(in crate::source::git) fn text(kind: Packed, raw: &[u8]) -> Cow<'_, [u8]> {
    match kind {
        Packed::Commit | Packed::Tag => written(raw),
        Packed::Blob | Packed::Tree => Cow::Borrowed(raw),
    }
}

/// Why an object could not be read, with the next step.
pub(in crate::source::git) fn unreadable(id: ObjectId, error: &git2::Error) -> String {
    match error.code() {
        ErrorCode::NotFound => format!(
            "object {id} is missing; fetch it (`git fetch --refetch --no-filter`, or `git fetch --unshallow` in a shallow clone)"
        ),
        _ => {
            let what = format!("object {id} is corrupt ({})", error.message());
            with_remedy(what, "run `git fsck`")
        }
    }
}
