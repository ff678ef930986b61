//! Files of the index or of commits that tell what kind of file another is, and what becomes of what it reads.

use super::committed::{self, FILE, FORMAT};
use super::repo::index::{Index, Staging};
use super::repo::object_id::ObjectId;
use super::repo::open::GitRepo;
use super::repo::single::Objects;
use crate::model::{BlobPath, Nearby, ProjectFile, lock};
use crate::source::project::{self, ProjectSources};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

/// A larger file is no page, manifest or package of a project, in bytes.
const LARGEST: u64 = 1 << 20;

/// Most commits that are asked for a file.
const MOST_COMMITS: usize = 16;

/// The files beside those that a source of git reads. Nothing is opened before somebody asks.
#[derive(Debug)]
pub(super) struct FilesInGit {
    repo: GitRepo,
    /// What they are found in; none when it cannot be read, which the source itself tells.
    found: OnceLock<Option<Beside>>,
    /// Projects by their folders, as far as somebody asked.
    projects: Mutex<HashMap<Vec<u8>, Arc<[ProjectFile]>>>,
}

/// What files are found in.
enum Beside {
    Index(Box<Index>),
    Commits(Vec<ObjectId>),
}

impl FilesInGit {
    /// Those of a repository's index, unless commits are named before somebody asks.
    pub(super) fn of(repo: &GitRepo) -> Self {
        Self {
            repo: repo.clone().reading_up_to(LARGEST),
            found: OnceLock::new(),
            projects: Mutex::default(),
        }
    }

    /// From now on, those of the first of these commits that has them.
    pub(super) fn are_in(&self, commits: impl IntoIterator<Item = ObjectId>) {
        let commits = commits.into_iter().take(MOST_COMMITS).collect();
        // Whoever reads the source again reads the same commits.
        let _ = self.found.set(Some(Beside::Commits(commits)));
    }

    fn found(&self) -> Option<&Beside> {
        let find = || {
            self.repo
                .index()
                .ok()
                .map(|index| Beside::Index(Box::new(index)))
        };
        self.found.get_or_init(find).as_ref()
    }

    /// The sources of the project in `folder`; none where they are too many.
    fn sources(&self, objects: &Objects, found: &Beside, folder: &[u8]) -> Vec<ProjectFile> {
        let mut sources = ProjectSources::default();
        let repo = self.repo.clone().reading_up_to(project::LONGEST);
        for (path, id) in found.files(objects, folder) {
            if !project::is_source(&path) {
                continue;
            }
            let Ok(text) = repo.blob(objects, id) else {
                continue;
            };
            if !sources.add(BlobPath::from_bytes(path), text) {
                return Vec::new();
            }
        }
        sources.in_order()
    }
}

impl Nearby for FilesInGit {
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        let objects = self.repo.objects().ok()?;
        let id = self.found()?.file(&objects, path)?;
        self.repo.blob(&objects, id).ok()
    }

    fn project(&self, path: &BlobPath) -> Arc<[ProjectFile]> {
        let Some((objects, found)) = self.repo.objects().ok().zip(self.found()) else {
            return Arc::default();
        };
        let is_there = |path: &[u8]| {
            path == b".git" || found.file(&objects, &BlobPath::from_bytes(path)).is_some()
        };
        let folder = project::folder(path.as_bytes(), is_there);
        // Whoever asks for the same one waits.
        let mut projects = lock(&self.projects);
        let files = projects
            .entry(folder.to_vec())
            .or_insert_with(|| self.sources(&objects, found, folder).into());
        Arc::clone(files)
    }
}

impl Beside {
    /// The regular file at a path.
    fn file(&self, objects: &Objects, path: &BlobPath) -> Option<ObjectId> {
        let commits = match self {
            Self::Index(index) => return index.file(path.as_bytes()),
            Self::Commits(commits) => commits,
        };
        commits.iter().find_map(|commit| {
            let entry = committed::entry(objects, *commit, path).ok()??;
            (entry.mode & FORMAT == FILE).then_some(entry.id)
        })
    }

    /// The regular files below a folder that a project would have there.
    fn files(&self, objects: &Objects, folder: &[u8]) -> Vec<(Vec<u8>, ObjectId)> {
        let commits = match self {
            Self::Index(index) => return files_below(index, folder),
            Self::Commits(commits) => commits,
        };
        let path = BlobPath::from_bytes(folder);
        let tree = commits
            .iter()
            .find_map(|commit| committed::entry(objects, *commit, &path).ok()?);
        let deepest = depth(folder) + project::DEEPEST;
        let enters = |folder: &[u8]| depth(folder) < deepest && project::is_own(folder);
        tree.map_or(Vec::new(), |tree| {
            committed::files_below(objects, folder, tree.id, enters)
        })
    }
}

/// The same of the index.
fn files_below(index: &Index, folder: &[u8]) -> Vec<(Vec<u8>, ObjectId)> {
    let below = |path: &[u8]| -> Option<usize> {
        let rest = path.strip_prefix(folder)?;
        let rest = if folder.is_empty() {
            rest
        } else {
            rest.strip_prefix(b"/")?
        };
        let mut folders = rest.split(|b| *b == b'/').rev().skip(1);
        folders.all(project::is_own).then(|| depth(rest))
    };
    let files = index.entries().filter(|entry| {
        entry.kind == Staging::Blob
            && below(entry.path).is_some_and(|depth| depth <= project::DEEPEST)
    });
    files.map(|entry| (entry.path.to_vec(), entry.id)).collect()
}

/// How many folders a path goes down.
fn depth(path: &[u8]) -> usize {
    memchr::memchr_iter(b'/', path).count() + usize::from(!path.is_empty())
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Index(_) => "index",
            Self::Commits(_) => "commits",
        })
    }
}
