//! Files and folders of the work tree.
//!
//! Hidden files are read, `.git` is never entered, `.gitignore` is respected inside a git
//! repository (as git and ripgrep do) but for files that git tracks all the same, and a path named on
//! the command line is always read.
//! Symbolic links are not followed below a root: their target text is a blob of its own, since
//! that text is what git would publish.

use super::super::{
    Consumer, Event, MISSING, SHORTEST_NAME, Source, SourceError, hand_on_name, submodule,
};
use super::nearby::FilesBelow;
use super::read::unreadable;
use super::roots::Roots;
use super::visitor::FileVisitor;
use super::work_tree::{GitView, Ruling, WorkTree};
use crate::model::{BlobPath, Fault, Nearby, Origin};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

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
    nearby: FilesBelow,
}

impl Walk {
    /// A walk over `options.roots`.
    pub fn new(options: WalkOptions) -> Self {
        let nearby = FilesBelow::new(base(&options.roots));
        Self { options, nearby }
    }
}

impl Source for Walk {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let base = base(&self.options.roots);
        let walking = Walking {
            options: &self.options,
            roots: Roots::of(&self.options.roots)?,
            base: &base,
            consumer,
            folders: Mutex::default(),
        };
        walking.all();
        Ok(())
    }

    fn nearby(&self) -> &dyn Nearby {
        &self.nearby
    }

    fn names_folder(&self, folder: &BlobPath) -> bool {
        let folder = base(&self.options.roots).join(folder.to_native());
        let Ok(folder) = folder.canonicalize() else {
            return false;
        };
        let mut roots = self.options.roots.iter();
        roots.any(|root| root.canonicalize().is_ok_and(|root| root == folder))
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
    consumer: &'w dyn Consumer,
    /// The folders that were entered, by their path: an entry is told of with its path alone.
    folders: Mutex<HashMap<PathBuf, Arc<WalkedFolder>>>,
}

/// A folder that is walked.
#[derive(Default)]
struct WalkedFolder {
    path: PathBuf,
    /// What git says of what is in it.
    view: GitView,
    root: Arc<WalkTally>,
    /// Whether something is in it, be it read or not.
    is_full: AtomicBool,
}

/// How much of a root was read.
#[derive(Default)]
struct WalkTally {
    read: AtomicU64,
    excluded: AtomicU64,
    ignored: AtomicU64,
    /// Submodules that are not checked out.
    absent: AtomicU64,
}

impl Walking<'_> {
    fn all(&self) {
        for path in &self.roots.missing {
            self.fault(path, MISSING.to_owned());
        }
        let roots = self.roots.folders.iter().chain(&self.roots.files);
        let mut roots = roots.map(PathBuf::as_path);
        let Some(first) = roots.next() else { return };
        let mut builder = WalkBuilder::new(first);
        for root in roots {
            builder.add(root);
        }
        // The walker opens no ignore file: what is hidden is asked of `GitView`.
        builder
            .standard_filters(false)
            .hidden(false)
            .follow_links(false)
            .threads(self.threads())
            .filter_entry(|entry| entry.file_name() != ".git");
        builder.build_parallel().visit(&mut &*self);
        self.submodules();
        for root in &self.roots.folders {
            if let Some(folder) = self.known(root) {
                self.conclude(root, &folder.root);
            }
        }
    }

    fn threads(&self) -> usize {
        match self.options.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }

    fn known(&self, path: &Path) -> Option<Arc<WalkedFolder>> {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.get(path).cloned()
    }

    fn keep(&self, folder: WalkedFolder) -> Arc<WalkedFolder> {
        let folder = Arc::new(folder);
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(folder.path.clone(), folder.clone());
        folder
    }

    /// Says of folders with nothing in them whether a submodule should be there.
    fn submodules(&self) {
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = folders
            .values()
            .filter(|folder| !folder.is_full.load(Relaxed));
        for folder in empty {
            let tell = |path: &Path, what| self.fault(path, what);
            let Some(what) = folder.view.not_checked_out(&tell) else {
                continue;
            };
            let path = &folder.path;
            if self.roots.folders.contains(path) {
                self.fault(path, what);
                continue;
            }
            folder.root.absent.fetch_add(1, Relaxed);
            self.consumer
                .take(Event::PassedOver(self.told(path), submodule::NOT_HERE));
        }
    }

    /// Says of a bare repository, or of a `.git` that was named, that there is more in it than its files.
    fn point_to_history(&self, git_dir: &Path) {
        let git_dir = BlobPath::from_native(git_dir);
        let note = format!(
            "{git_dir}: a git folder, whose commits are packed and not read by `scan`; `jvxleaks history` with this path reads them"
        );
        self.consumer.take(Event::Note(note));
    }

    /// Says of a root that nothing of it was read, if that is so.
    fn conclude(&self, root: &Path, tally: &WalkTally) {
        let some = |count: &AtomicU64| count.load(Relaxed) > 0;
        let why = match (some(&tally.excluded), some(&tally.ignored)) {
            _ if some(&tally.read) => return,
            _ if some(&tally.absent) => {
                "the submodules in it are not checked out; run `git submodule update --init` there"
            }
            (false, false) => return,
            (_, true) => "an ignore file hides all that is in it; add --no-ignore to read it",
            (true, false) => {
                "the configuration excludes all that is in it; name files, or add --no-config"
            }
        };
        self.fault(root, format!("nothing was read: {why}"));
    }

    fn fault(&self, path: &Path, what: String) {
        self.consumer
            .take(Event::Fault(Fault::new(self.told(path), what)));
    }

    /// A path as reports name it.
    fn told(&self, path: &Path) -> BlobPath {
        let mut relative = BlobPath::default();
        relative.set_under(path, self.base);
        relative
    }
}

impl<'w> ParallelVisitorBuilder<'w> for &'w Walking<'w> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 'w> {
        let limit = self.options.max_file_size;
        Box::new(Walker {
            walking: self,
            visitor: FileVisitor::new(self.consumer, self.base, limit),
            folder: Arc::default(),
        })
    }
}

/// One thread of a walk: decides what becomes of each entry that it meets.
struct Walker<'w> {
    walking: &'w Walking<'w>,
    visitor: FileVisitor<'w>,
    /// The folder of the last entry, which is most often that of the next one.
    folder: Arc<WalkedFolder>,
}

impl ParallelVisitor for Walker<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => {
                let path = path_of(&error).unwrap_or(&self.folder.path);
                let what = error.io_error().map(unreadable);
                let what = what.unwrap_or_else(|| error.to_string());
                self.walking.fault(path, what);
                WalkState::Continue
            }
        }
    }
}

impl Walker<'_> {
    fn entry(&mut self, entry: &DirEntry) -> WalkState {
        let (path, kind) = (entry.path(), entry.file_type());
        let is_folder = kind.is_some_and(|kind| kind.is_dir());
        match (entry.depth(), path.parent()) {
            (0, _) if is_folder => return self.root(path),
            (0, _) => {
                let lfs = || WorkTree::around(path).map(|tree| tree.lfs().clone());
                self.visitor.named(path, &lfs);
                return WalkState::Continue;
            }
            (_, Some(parent)) if self.folder.path != parent => {
                // The walker hands out a folder before what is in it.
                self.folder = self.walking.known(parent).unwrap_or_default();
            }
            _ => {}
        }
        if !self.folder.is_full.load(Relaxed) {
            self.folder.is_full.store(true, Relaxed);
        }
        match kind {
            Some(kind) if !is_folder => self.file(path, entry.file_name(), kind),
            _ => self.folder(path, entry.file_name()),
        }
    }

    fn root(&mut self, path: &Path) -> WalkState {
        let reads_all = !self.walking.options.respect_ignore;
        let tell = |path: &Path, what| self.walking.fault(path, what);
        let view = GitView::above(path, reads_all, &tell);
        self.enter(path, view, Arc::default())
    }

    /// Enters a folder; `view` is what git says about it, not yet in it.
    fn enter(&mut self, path: &Path, view: GitView, root: Arc<WalkTally>) -> WalkState {
        let tell = |path: &Path, what| self.walking.fault(path, what);
        let view = view.inside(path, &tell);
        let path = path.to_owned();
        self.folder = self.walking.keep(WalkedFolder {
            path,
            view,
            root,
            is_full: AtomicBool::new(false),
        });
        WalkState::Continue
    }

    fn folder(&mut self, path: &Path, name: &OsStr) -> WalkState {
        let root = self.folder.root.clone();
        if self.walking.roots.has_apart(path) {
            root.read.fetch_add(1, Relaxed);
            return WalkState::Skip;
        }
        let ruling = self.ruling(name, true);
        if ruling == Ruling::Ignore {
            self.ignored(0, 1);
            return WalkState::Skip;
        }
        self.name(path, name);
        let view = self.folder.view.below(name.as_encoded_bytes(), ruling);
        self.enter(path, view, root)
    }

    fn file(&mut self, path: &Path, name: &OsStr, kind: FileType) -> WalkState {
        let folder = &self.folder;
        if name == "HEAD" && is_git_dir(&folder.path) {
            self.walking.point_to_history(&folder.path);
        }
        if self.ruling(name, false) == Ruling::Ignore {
            self.ignored(1, 0);
            return WalkState::Continue;
        }
        self.name(path, name);
        let lfs = || folder.view.lfs().cloned();
        let is_read = self.walking.roots.has_apart(path) || self.visitor.listed(path, kind, &lfs);
        let count = if is_read {
            &folder.root.read
        } else {
            &folder.root.excluded
        };
        count.fetch_add(1, Relaxed);
        WalkState::Continue
    }

    fn name(&self, path: &Path, name: &OsStr) {
        if name.len() >= SHORTEST_NAME {
            let path = self.walking.told(path);
            hand_on_name(path.as_bytes(), || Origin::File, self.walking.consumer);
        }
    }

    fn ruling(&self, name: &OsStr, is_folder: bool) -> Ruling {
        let tell = |path: &Path, what| self.walking.fault(path, what);
        let name = name.as_encoded_bytes();
        self.folder.view.ruling(name, is_folder, &tell)
    }

    fn ignored(&self, files: u64, folders: u64) {
        self.folder.root.ignored.fetch_add(1, Relaxed);
        self.walking
            .consumer
            .take(Event::Ignored { files, folders });
    }
}

/// True for what git takes for a git folder, if `HEAD` is in it.
fn is_git_dir(folder: &Path) -> bool {
    ["objects", "refs"]
        .iter()
        .all(|name| folder.join(name).is_dir())
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => path_of(err),
        _ => None,
    }
}
