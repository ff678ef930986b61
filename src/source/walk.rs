//! Files and folders of the work tree.
//!
//! Hidden files are read, `.git` is never entered, `.gitignore` is respected inside a git
//! repository (as git and ripgrep do) but for files that git tracks all the same, and a path named on
//! the command line is always read.
//! Symbolic links are not followed below a root: their target text is a blob of its own, since
//! that text is what git would publish.

use super::nearby::Below;
use super::read::unreadable;
use super::roots::Roots;
use super::visitor::Visitor;
use super::work_tree::{GitView, Ruling, WorkTree};
use super::{Event, Sink, Source, SourceError};
use crate::model::{BlobPath, Fault, Nearby, Skim};
use rayon::Scope;
use rayon::prelude::*;
use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

/// A thread reads no more files of a folder than this before others may take some.
const SHARE: usize = 64;

/// What to walk and how.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Files and folders, as typed.
    pub roots: Vec<PathBuf>,
    /// Whether `.gitignore` and git's exclude files hide files.
    pub respect_ignore: bool,
    /// Largest file that is read, in bytes.
    pub max_file_size: u64,
    /// Number of threads; 0 takes one per core.
    pub threads: usize,
}

/// The files under some roots.
#[derive(Debug)]
pub struct Walk {
    options: WalkOptions,
    nearby: Below,
}

impl Walk {
    /// A walk over `options.roots`.
    pub fn new(options: WalkOptions) -> Self {
        let nearby = Below::new(base(&options.roots));
        Self { options, nearby }
    }

    fn visit_all(&self, sink: Sink<'_>, skim: Option<&dyn Skim>) -> Result<(), SourceError> {
        let base = base(&self.options.roots);
        let walking = Walking {
            options: &self.options,
            roots: Roots::of(&self.options.roots)?,
            base: &base,
            sink,
            skim,
            idle: Mutex::default(),
        };
        match self.options.threads {
            0 => walking.all(),
            threads => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                let pool = pool.build().map_err(SourceError::Threads)?;
                pool.install(|| walking.all());
            }
        }
        Ok(())
    }
}

impl Source for Walk {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        self.visit_all(sink, None)
    }

    fn visit_skimming(&self, sink: Sink<'_>, skim: &dyn Skim) -> Result<(), SourceError> {
        self.visit_all(sink, Some(skim))
    }

    fn nearby(&self) -> &dyn Nearby {
        &self.nearby
    }
}

/// The folder that paths are relative to: the one root, or the current folder.
fn base(roots: &[PathBuf]) -> PathBuf {
    match roots {
        [only] if only.is_dir() => only.clone(),
        _ => PathBuf::from("."),
    }
}

/// One walk, as all its threads see it.
struct Walking<'w> {
    options: &'w WalkOptions,
    roots: Roots,
    base: &'w Path,
    sink: Sink<'w>,
    skim: Option<&'w dyn Skim>,
    /// What threads read with, while they do not.
    idle: Mutex<Vec<Visitor<'w>>>,
}

/// A folder that is walked.
struct Folder<'r> {
    path: PathBuf,
    /// What git says of what is in it.
    view: GitView,
    root: &'r Tally,
}

/// How much of a root was read.
#[derive(Default)]
struct Tally {
    read: AtomicU64,
    excluded: AtomicU64,
    ignored: AtomicU64,
}

/// What a folder lists, but for `.git`.
#[derive(Default)]
struct Listed {
    folders: Vec<OsString>,
    files: Vec<(OsString, FileType)>,
    has_git: bool,
    has_gitignore: bool,
}

impl Listed {
    /// True for what git takes for a git folder.
    fn is_git_dir(&self) -> bool {
        let has = |name: &str| self.folders.iter().any(|folder| folder == name);
        has("objects") && has("refs") && self.files.iter().any(|(file, _)| file == "HEAD")
    }
}

impl<'w> Walking<'w> {
    fn all(&self) {
        let named = self.roots.files.par_iter().with_min_len(SHARE);
        named.for_each(|file| {
            let lfs = || WorkTree::around(file).map(|tree| tree.lfs().clone());
            self.reading(|visitor| visitor.named(file, &lfs));
        });
        let roots = self.roots.folders.iter();
        let roots: Vec<(&PathBuf, Tally)> = roots.map(|root| (root, Tally::default())).collect();
        rayon::scope(|scope| {
            for (root, tally) in &roots {
                scope.spawn(move |scope| self.root(scope, root, tally));
            }
        });
        for (root, tally) in &roots {
            self.conclude(root, tally);
        }
    }

    fn root<'s>(&'s self, scope: &Scope<'s>, path: &'s Path, root: &'s Tally) {
        let reads_all = !self.options.respect_ignore;
        let view = GitView::above(path, reads_all, &|path, what| self.fault(path, what));
        let path = path.to_owned();
        self.folder(scope, Folder { path, view, root });
    }

    /// Says of a bare repository, or of a `.git` that was named, that there is more in it than its files.
    fn point_to_history(&self, git_dir: &Path) {
        let git_dir = BlobPath::from_native(git_dir);
        let note = format!(
            "{git_dir}: a git folder, whose commits are packed and not read by `scan`; `jvxleaks history` with this path reads them"
        );
        (self.sink)(Event::Note(note));
    }

    /// Says of a root that nothing of it was read, if that is so.
    fn conclude(&self, root: &Path, tally: &Tally) {
        let some = |count: &AtomicU64| count.load(Relaxed) > 0;
        let why = match (some(&tally.excluded), some(&tally.ignored)) {
            _ if some(&tally.read) => return,
            (false, false) => return,
            (_, true) => "an ignore file hides all that is in it; add --no-ignore to read it",
            (true, false) => {
                "the configuration excludes all that is in it; name files, or add --no-config"
            }
        };
        self.fault(root, format!("nothing was read: {why}"));
    }

    /// Reads a folder; `folder.view` is what git says about it, not yet in it.
    fn folder<'s>(&'s self, scope: &Scope<'s>, mut folder: Folder<'s>) {
        let mut listed = match self.list(&folder.path) {
            Ok(listed) => listed,
            Err(error) => return self.fault(&folder.path, unreadable(&error)),
        };
        folder.view = folder.view.inside(
            &folder.path,
            listed.has_git,
            listed.has_gitignore,
            &|path, what| self.fault(path, what),
        );
        if listed.is_git_dir() {
            self.point_to_history(&folder.path);
        }
        let (mut files, mut folders) = (0, 0);
        for name in listed.folders {
            let path = folder.path.join(&name);
            if self.roots.has_apart(&path) {
                folder.root.read.fetch_add(1, Relaxed);
                continue;
            }
            let ruling = self.ruling(&folder.view, &name, true);
            if ruling == Ruling::Ignore {
                folders += 1;
                continue;
            }
            let view = folder.view.below(name.as_encoded_bytes(), ruling);
            let root = folder.root;
            scope.spawn(move |scope| self.folder(scope, Folder { path, view, root }));
        }
        listed.files.retain(|(name, _)| {
            let is_read = self.ruling(&folder.view, name, false) != Ruling::Ignore;
            files += u64::from(!is_read);
            is_read
        });
        if files + folders > 0 {
            folder.root.ignored.fetch_add(files + folders, Relaxed);
            (self.sink)(Event::Ignored { files, folders });
        }
        self.share(scope, folder, listed.files);
    }

    /// Reads files of a folder, and leaves what is too many to other threads.
    fn share<'s>(
        &'s self,
        scope: &Scope<'s>,
        folder: Folder<'s>,
        mut files: Vec<(OsString, FileType)>,
    ) {
        let folder = Arc::new(folder);
        while files.len() > SHARE {
            let some = files.split_off(files.len() - SHARE);
            let folder = folder.clone();
            scope.spawn(move |_| self.files(&folder, &some));
        }
        self.files(&folder, &files);
    }

    fn files(&self, folder: &Folder<'_>, files: &[(OsString, FileType)]) {
        let lfs = || folder.view.lfs().cloned();
        let mut read = 0;
        let mut path = folder.path.clone();
        self.reading(|visitor| {
            for (name, kind) in files {
                path.push(name);
                let is_read = self.roots.has_apart(&path) || visitor.listed(&path, *kind, &lfs);
                read += u64::from(is_read);
                path.pop();
            }
        });
        folder.root.read.fetch_add(read, Relaxed);
        let excluded = files.len() as u64 - read;
        folder.root.excluded.fetch_add(excluded, Relaxed);
    }

    fn ruling(&self, view: &GitView, name: &OsStr, is_folder: bool) -> Ruling {
        let tell = |path: &Path, what| self.fault(path, what);
        view.ruling(name.as_encoded_bytes(), is_folder, &tell)
    }

    fn list(&self, path: &Path) -> io::Result<Listed> {
        let mut listed = Listed::default();
        for entry in fs::read_dir(path)? {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.fault(path, unreadable(&error));
                    continue;
                }
            };
            let name = entry.file_name();
            listed.has_git |= name == ".git";
            listed.has_gitignore |= name == ".gitignore";
            match entry.file_type() {
                _ if name == ".git" => {}
                Ok(kind) if kind.is_dir() => listed.folders.push(name),
                Ok(kind) => listed.files.push((name, kind)),
                Err(error) => self.fault(&entry.path(), unreadable(&error)),
            }
        }
        Ok(listed)
    }

    /// Lets a thread read with what another no longer needs.
    fn reading(&self, read: impl FnOnce(&mut Visitor<'w>)) {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let visitor = idle().pop();
        let mut visitor = visitor.unwrap_or_else(|| {
            Visitor::new(self.sink, self.base, self.options.max_file_size, self.skim)
        });
        read(&mut visitor);
        idle().push(visitor);
    }

    fn fault(&self, path: &Path, what: String) {
        let mut relative = BlobPath::default();
        relative.set_under(path, self.base);
        (self.sink)(Event::Fault(Fault::new(relative, what)));
    }
}
