//! Opening a repository that may be hostile. Only libgit2 and this crate read it: no git process
//! does, so no hook, filter, textconv, external diff or fsmonitor of its configuration runs. Objects are
//! read by id from the object store, where replace refs and grafts have no say.

use super::super::pack::Packed;
use super::super::pack::is_whole_index;
use super::super::pack::store;
use super::ask::{self, Question};
use super::git_dir::irregular;
use super::index::Index;
use super::object_id::ObjectId;
use super::reason;
use super::single::Objects;
use crate::model::BlobPath;
use crate::source::SourceError;
use crate::source::remedy::with_remedy;
use crate::source::submodule;
use git2::{ErrorCode, Repository, RepositoryOpenFlags};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Once;

/// A repository and where its parts are. Cheap to share between threads: each opens its own
/// handle.
#[derive(Clone, Debug)]
pub struct GitRepo {
    asked: Option<PathBuf>,
    /// True when git itself vouched for a repository of another user.
    vouched: bool,
    git_dir: PathBuf,
    common_dir: PathBuf,
    work_dir: Option<PathBuf>,
    longest: u64,
}

/// The setting for how refs are kept.
const REF_STORAGE: &str = "extensions.refStorage";
const REFTABLE: &str =
    "the reftable format is not supported; scan a clone made with `git clone --ref-format=files`";

/// Longest blob that is read unless told otherwise, in bytes.
const LONGEST: u64 = 256 << 20;

impl GitRepo {
    /// The repository that holds `path`, or, without one, the repository that git itself would
    /// take here: `GIT_DIR` and its kin, else the one around the current folder.
    ///
    /// # Errors
    /// When there is none, or it is not safe or not possible to read it.
    pub fn open(path: Option<&Path>) -> Result<Self, SourceError> {
        if let Some((path, reason)) = irregular(path) {
            return Err(SourceError::Repository {
                path,
                reason: reason.to_owned(),
            });
        }
        let (handle, vouched) = match open_handle(path) {
            Err(SourceError::DubiousOwnership(owned)) => match vouched_for(path) {
                Some(handle) => (handle, true),
                None => return Err(SourceError::DubiousOwnership(owned)),
            },
            other => (other?, false),
        };
        let absolute = |p: &Path| p.canonicalize().unwrap_or_else(|_| p.to_owned());
        let repo = Self {
            asked: path.map(absolute),
            vouched,
            git_dir: absolute(handle.path()),
            common_dir: absolute(handle.commondir()),
            work_dir: handle.workdir().map(absolute),
            longest: LONGEST,
        };
        let format = handle.config().and_then(|c| c.get_string(REF_STORAGE));
        if format.is_ok_and(|format| format != "files") {
            Err(repo.error(REFTABLE))
        } else {
            repo.checked_out(path)
        }
    }

    /// This repository, unless `path` is in one of its submodules: that one is not here, and another was asked for.
    fn checked_out(self, path: Option<&Path>) -> Result<Self, SourceError> {
        let inside = self.asked.as_ref().zip(self.work_dir.as_ref());
        let inside = inside.and_then(|(asked, root)| asked.strip_prefix(root).ok());
        let inside = BlobPath::from_native(inside.unwrap_or(Path::new("")));
        if inside.as_bytes().is_empty() {
            return Ok(self);
        }
        // An index that cannot be read is told of by what reads it.
        let Ok(index) = Index::in_folder(&self.git_dir) else {
            return Ok(self);
        };
        let submodule = index.submodules().find(|submodule| {
            let below = inside.as_bytes().strip_prefix(*submodule);
            below.is_some_and(|below| below.is_empty() || below.starts_with(b"/"))
        });
        match (submodule, self.work_dir.as_ref(), path) {
            (Some(submodule), Some(root), Some(path)) => Err(SourceError::Repository {
                path: path.to_owned(),
                reason: submodule::not_checked_out(root, submodule),
            }),
            _ => Ok(self),
        }
    }

    /// The same repository, of which blobs of at most so many bytes are read; a longer one is a
    /// fault.
    #[must_use]
    pub fn reading_up_to(self, longest: u64) -> Self {
        Self { longest, ..self }
    }

    /// The length in bytes that a blob may have.
    pub(in crate::source::git) fn longest(&self) -> u64 {
        self.longest
    }

    /// The bytes of a blob.
    pub(in crate::source::git) fn blob(
        &self,
        objects: &Objects,
        id: ObjectId,
    ) -> Result<Vec<u8>, String> {
        match objects.read(id, self.longest)? {
            (Packed::Blob, bytes) => Ok(bytes),
            _ => Err(format!("object {id} is not a blob; run `git fsck`")),
        }
    }

    /// Opens the repository again for one thread, to read objects.
    pub(in crate::source::git) fn objects(&self) -> Result<Objects, SourceError> {
        Ok(Objects::new(self.handle()?, self.object_folders()))
    }

    /// The folders that hold its objects: its own, and those that it borrows from.
    pub(in crate::source::git) fn object_folders(&self) -> Vec<PathBuf> {
        store::folders(&self.common_dir, self.follows_environment())
    }

    /// Refuses a damaged index of several packs, which libgit2 would follow out of its memory. Git does without it.
    ///
    /// # Errors
    /// When there is one.
    pub(in crate::source::git) fn check_indexes(&self) -> Result<(), SourceError> {
        let folders = self.object_folders().into_iter();
        let mut indexes = folders.map(|folder| folder.join("pack/multi-pack-index"));
        match indexes.find(|index| index.exists() && !is_whole_index(index)) {
            None => Ok(()),
            Some(index) => Err(self.error(format!(
                "{} is damaged; delete it, then run `git multi-pack-index write`",
                index.display()
            ))),
        }
    }

    /// The folder where git keeps the objects of a push until a hook has decided, if it called one for that.
    pub(in crate::source::git) fn quarantine(&self) -> Option<PathBuf> {
        let named = std::env::var_os("GIT_OBJECT_DIRECTORY").filter(|_| self.follows_environment());
        let folder = PathBuf::from(named?).canonicalize().ok()?;
        let own = self.common_dir.join("objects").canonicalize().ok();
        Some(folder).filter(|folder| own.as_ref() != Some(folder))
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
    pub(in crate::source::git) fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// True when `GIT_DIR`, `GIT_INDEX_FILE` and so on are meant for this repository: nobody named
    /// another one.
    pub(in crate::source::git) fn follows_environment(&self) -> bool {
        self.asked.is_none()
    }

    /// Opens the repository again, for one thread.
    pub(in crate::source::git) fn handle(&self) -> Result<Repository, SourceError> {
        if self.vouched {
            known_owner(&self.git_dir, self.work_dir.as_deref())
                .map_err(|error| refusal(Some(&self.git_dir), &error))
        } else {
            open_handle(self.asked.as_deref())
        }
    }

    /// The ids in the file `shallow`: commits whose parents this clone was not given.
    pub(in crate::source::git) fn shallow(&self) -> Vec<ObjectId> {
        let listed = std::fs::read(self.common_dir.join("shallow")).unwrap_or_default();
        let lines = listed.split(|b| *b == b'\n');
        lines
            .filter_map(|l| ObjectId::from_hex(l.trim_ascii()))
            .collect()
    }

    /// The index that git would commit: `GIT_INDEX_FILE` when a hook sets it, else the work tree's.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::source::git) fn index(&self) -> Result<Index, SourceError> {
        self.own_index().map_err(|why| self.error(why))
    }

    /// As [`GitRepo::index`].
    ///
    /// # Errors
    /// The cause and the next step, when it cannot be read.
    pub(in crate::source::git) fn own_index(&self) -> Result<Index, String> {
        let named = std::env::var_os("GIT_INDEX_FILE").filter(|_| self.follows_environment());
        let Some(name) = named else {
            return Index::in_folder(&self.git_dir);
        };
        // Git resolves a relative name from the root of the work tree, where it moves first.
        let from_root = self.work_dir().unwrap_or(Path::new("")).join(&name);
        if from_root.exists() {
            Index::named(&from_root)
        } else {
            Index::named(Path::new(&name))
        }
    }

    /// The files, links and submodules that the index holds, from the root of the work tree.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn tracked(&self) -> Result<BTreeSet<BlobPath>, SourceError> {
        let index = self.index()?;
        let paths = index
            .entries()
            .map(|entry| BlobPath::from_bytes(entry.path));
        Ok(paths.collect())
    }

    /// The error that says `reason` about this repository.
    pub(in crate::source::git) fn error(&self, reason: impl Into<String>) -> SourceError {
        SourceError::Repository {
            path: self.git_dir.clone(),
            reason: reason.into(),
        }
    }
}

/// Opens a repository whose owner git has judged.
fn known_owner(git_dir: &Path, work_dir: Option<&Path>) -> Result<Repository, git2::Error> {
    let handle = Repository::open_bare(git_dir)?;
    if let Some(root) = work_dir {
        handle.set_workdir(root, false)?;
    }
    Ok(handle)
}

/// The repository of another user that git itself would read: `safe.directory` may be set by the
/// environment, or in a file that is included on a condition, and git judges before it reads
/// anything of the repository.
fn vouched_for(path: Option<&Path>) -> Option<Repository> {
    let question = || match path {
        Some(path) => Question::within(path).whatever_is_set(),
        None => Question::within(Path::new(".")),
    };
    let told = question().ask(&["rev-parse", "--absolute-git-dir"]).ok()?;
    let git_dir = ask::path(&told)?;
    let root = question().ask(&["rev-parse", "--show-toplevel"]).ok();
    let root = root.and_then(|told| ask::path(&told));
    known_owner(&git_dir, root.as_deref()).ok()
}

/// Lets libgit2 open repositories with extensions that change nothing of what is read of them:
/// `partialClone` says where a lazy git fetches from, as older gits write it.
///
/// Of `refStorage` the value decides, which [`GitRepo::open`] looks at.
fn allow_extensions() {
    const READABLE: [&str; 5] = [
        "compatobjectformat",
        "noop-v1",
        "partialclone",
        "refstorage",
        "submodulepathconfig",
    ];
    static ALLOWED: Once = Once::new();
    #[expect(unsafe_code, reason = "the list of extensions is a static of libgit2")]
    ALLOWED.call_once(|| {
        // SAFETY: libgit2 reads the list when it opens a repository, which nothing here does before
        // this one call is over.
        let _ = unsafe { git2::opts::set_extensions(&READABLE) };
    });
}

fn open_handle(path: Option<&Path>) -> Result<Repository, SourceError> {
    allow_extensions();
    let opened = match path {
        Some(path) if !path.exists() => {
            return Err(SourceError::Repository {
                path: path.to_owned(),
                reason: "no such file or folder; name a repository, or run inside one".to_owned(),
            });
        }
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
