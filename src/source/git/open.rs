//! Opening a repository that may be hostile. Only libgit2 and this crate read it: no git process,
//! so no hook, filter, textconv, external diff or fsmonitor of its configuration runs. Objects are
//! read by id from the object store, where replace refs and grafts have no say.

use super::object_id::ObjectId;
use super::reason;
use crate::source::remedy::with_remedy;
use crate::source::{SourceError, too_large};
use git2::{ErrorCode, ObjectType, Odb, Repository, RepositoryOpenFlags};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A repository and where its parts are. Cheap to share between threads: each opens its own
/// handle.
#[derive(Clone, Debug)]
pub struct GitRepo {
    asked: Option<PathBuf>,
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_dir: Option<PathBuf>,
    longest: u64,
}

/// Longest blob that is read unless told otherwise, in bytes.
const LONGEST: u64 = 256 << 20;

impl GitRepo {
    /// The repository that holds `path`, or, without one, the repository that git itself would
    /// take here: `GIT_DIR` and its kin, else the one around the current folder.
    ///
    /// # Errors
    /// When there is none, or it is not safe or not possible to read it.
    pub fn open(path: Option<&Path>) -> Result<Self, SourceError> {
        let handle = open_handle(path)?;
        let absolute = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_owned());
        Ok(Self {
            asked: path.map(absolute),
            git_dir: absolute(handle.path()),
            common_dir: absolute(handle.commondir()),
            work_dir: handle.workdir().map(absolute),
            longest: LONGEST,
        })
    }

    /// The same repository, of which blobs of at most so many bytes are read; a longer one is a
    /// fault.
    #[must_use]
    pub fn reading_up_to(self, longest: u64) -> Self {
        Self { longest, ..self }
    }

    /// The length in bytes that a blob may have.
    pub(super) fn longest(&self) -> u64 {
        self.longest
    }

    /// The bytes of a blob.
    pub(super) fn blob(&self, odb: &Odb<'_>, id: ObjectId) -> Result<Vec<u8>, String> {
        let header = id.to_git2().and_then(|oid| odb.read_header(oid));
        let (size, _) = header.map_err(|e| unreadable(id, &e))?;
        match size as u64 > self.longest {
            true => Err(too_large(Some(size as u64), self.longest)),
            false => read_object(odb, id, ObjectType::Blob),
        }
    }

    /// The folder of checked-out files; a bare repository has none.
    pub fn work_dir(&self) -> Option<&Path> {
        self.work_dir.as_deref()
    }

    /// The git folder of this work tree: HEAD and index are in it.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The git folder that all work trees share: refs and objects are in it.
    pub(super) fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// True when `GIT_DIR`, `GIT_INDEX_FILE` and so on are meant for this repository: nobody named
    /// another one.
    pub(super) fn follows_environment(&self) -> bool {
        self.asked.is_none()
    }

    /// Opens the repository again, for one thread.
    pub(super) fn handle(&self) -> Result<Repository, SourceError> {
        open_handle(self.asked.as_deref())
    }

    /// The ids in the file `shallow`: commits whose parents this clone was not given.
    pub(super) fn shallow(&self) -> Vec<ObjectId> {
        let listed = std::fs::read(self.common_dir.join("shallow")).unwrap_or_default();
        let lines = listed.split(|b| *b == b'\n');
        lines
            .filter_map(|l| ObjectId::from_hex(l.trim_ascii()))
            .collect()
    }

    /// The error that says `reason` about this repository.
    pub(super) fn error(&self, reason: impl Into<String>) -> SourceError {
        SourceError::Repository {
            path: self.git_dir.clone(),
            reason: reason.into(),
        }
    }
}

/// The bytes of an object of the expected type.
pub(super) fn read_object(
    odb: &Odb<'_>,
    id: ObjectId,
    kind: ObjectType,
) -> Result<Vec<u8>, String> {
    let object = id.to_git2().and_then(|oid| odb.read(oid));
    let object = object.map_err(|e| unreadable(id, &e))?;
    match object.kind() == kind {
        true => Ok(object.data().to_vec()),
        false => Err(format!("object {id} is not a {kind}; run `git fsck`")),
    }
}

/// Why an object could not be read, with the next step.
pub(super) fn unreadable(id: ObjectId, error: &git2::Error) -> String {
    match error.code() {
        ErrorCode::NotFound => format!(
            "object {id} is missing; fetch it (`git fetch --refetch`, or `git fetch --unshallow` in a shallow clone)"
        ),
        _ => {
            let what = format!("object {id} is corrupt ({})", error.message());
            with_remedy(what, "run `git fsck`")
        }
    }
}

fn open_handle(path: Option<&Path>) -> Result<Repository, SourceError> {
    let opened = match path {
        Some(path) if !path.exists() => return Err(SourceError::Missing(path.to_owned())),
        Some(path) => Repository::open_ext(path, RepositoryOpenFlags::empty(), [] as [&OsStr; 0]),
        None => Repository::open_from_env(),
    };
    opened.map_err(|error| refusal(path, &error))
}

fn refusal(path: Option<&Path>, error: &git2::Error) -> SourceError {
    let here = || std::env::current_dir().unwrap_or_default();
    let path = path.map_or_else(here, Path::to_owned);
    let text = reason::of(error);
    let reason = match error.code() {
        ErrorCode::NotFound => return SourceError::NotARepository(path),
        ErrorCode::Owner => return SourceError::DubiousOwnership(owned_part(&path)),
        _ if text.contains("object format") || text.contains("sha256") => {
            "SHA-256 object ids are not supported; nothing was read".to_owned()
        }
        _ if text.contains("extensions.refstorage") => {
            "the reftable format is not supported; scan a clone made with `git clone --ref-format=files`".to_owned()
        }
        _ => with_remedy(format!("cannot be opened: {text}"), ""),
    };
    SourceError::Repository { path, reason }
}

/// The path that `safe.directory` must name: the nearest folder with a `.git`, else `path` itself.
fn owned_part(path: &Path) -> PathBuf {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let holder = absolute.ancestors().find(|p| p.join(".git").exists());
    holder.map_or_else(|| absolute.clone(), Path::to_owned)
}
