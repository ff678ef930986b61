//! Files and folders of the work tree.
//!
//! Hidden files are read, `.git` is never entered, `.gitignore` is respected inside a git
//! repository (as git and ripgrep do), and a path named on the command line is always read.
//! Symbolic links are not followed below a root: their target text is a blob of its own, since
//! that text is what git would publish.

use super::ignore_rules;
use super::read::{Content, Reader};
use super::{Event, Sink, Source, SourceError};
use crate::model::{Blob, BlobPath, Fault, Origin};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkBuilder, WalkState};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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
}

impl Walk {
    /// A walk over `options.roots`.
    pub fn new(options: WalkOptions) -> Self {
        Self { options }
    }

    /// Walks `folders`. Those whose ignore files must not be read are walked last, as if there were
    /// no such files.
    fn folders(&self, folders: &[&PathBuf], visitor: &mut Visitor<'_>) {
        let respect = self.options.respect_ignore;
        let plain = |folder: &&&PathBuf| respect && ignore_rules::are_plain_above(folder);
        let (plain, odd): (Vec<&PathBuf>, _) = folders.iter().partition(plain);
        let odd = Arc::new(Mutex::new(odd.into_iter().cloned().collect::<Vec<_>>()));
        if let Some(mut builder) = self.builder(&plain, respect) {
            let met = odd.clone();
            builder.filter_entry(move |entry| is_wanted(entry) && !is_odd(entry, &met));
            builder.build_parallel().visit(visitor);
        }
        let odd = std::mem::take(&mut *odd.lock().unwrap_or_else(|e| e.into_inner()));
        if let Some(mut builder) = self.builder(&odd.iter().collect::<Vec<_>>(), false) {
            builder.filter_entry(is_wanted);
            builder.build_parallel().visit(visitor);
        }
    }

    fn builder(&self, folders: &[&PathBuf], respect: bool) -> Option<WalkBuilder> {
        let (first, rest) = folders.split_first()?;
        let mut builder = WalkBuilder::new(first);
        for folder in rest {
            builder.add(folder);
        }
        builder
            .hidden(false)
            .ignore(false)
            .parents(respect)
            .git_ignore(respect)
            .git_global(respect)
            .git_exclude(respect)
            .follow_links(false)
            .threads(self.options.threads);
        Some(builder)
    }
}

fn is_wanted(entry: &DirEntry) -> bool {
    entry.file_name() != ".git"
}

/// True for a folder that is to be walked without its ignore files; it is put aside in `met`.
fn is_odd(entry: &DirEntry, met: &Mutex<Vec<PathBuf>>) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    let odd = is_folder && !ignore_rules::are_plain(entry.path());
    if odd {
        let mut met = met.lock().unwrap_or_else(|e| e.into_inner());
        met.push(entry.path().to_owned());
    }
    odd
}

impl Source for Walk {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for root in &self.options.roots {
            match std::fs::metadata(root) {
                Ok(metadata) if metadata.is_dir() => folders.push(root),
                Ok(_) => files.push(root),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    return Err(SourceError::Missing(root.clone()));
                }
                Err(_) => files.push(root),
            }
        }
        let base = match self.options.roots.as_slice() {
            [only] if files.is_empty() => only.clone(),
            _ => PathBuf::from("."),
        };
        let mut visitor = Visitor::new(sink, base, self.options.max_file_size);
        for file in files {
            visitor.named_file(file);
        }
        self.folders(&folders, &mut visitor);
        Ok(())
    }
}

/// One thread's part of the walk.
struct Visitor<'s> {
    sink: Sink<'s>,
    /// The one root that paths are relative to; with several, the current folder.
    base: PathBuf,
    reader: Reader,
    max_file_size: u64,
    path: BlobPath,
}

impl<'s> Visitor<'s> {
    fn new(sink: Sink<'s>, base: PathBuf, max_file_size: u64) -> Self {
        Self {
            sink,
            base,
            reader: Reader::new(max_file_size),
            max_file_size,
            path: BlobPath::default(),
        }
    }

    /// A file that the user named: a special file is a fault here, since it was asked for.
    fn named_file(&mut self, path: &Path) {
        if self.file(path, true) {
            let what = "not a regular file; pipe it through standard input: jvxleaks scan -";
            (self.sink)(Event::Fault(Fault::new(self.path.clone(), what)));
        }
    }

    /// Reads a file and hands it on. True when it is a device or the like and was left alone.
    fn file(&mut self, path: &Path, is_named: bool) -> bool {
        self.path.set_under(path, &self.base);
        let fault = match self.reader.read(path) {
            Ok(Content::Bytes(bytes)) => {
                let blob = Blob {
                    path: &self.path,
                    origin: &Origin::File,
                    bytes,
                };
                (self.sink)(match is_named {
                    true => Event::Named(blob),
                    false => Event::Blob(blob),
                });
                return false;
            }
            Ok(Content::Special) => return true,
            Ok(Content::TooLarge(size)) => super::too_large(Some(size), self.max_file_size),
            Err(error) => unreadable(&error),
        };
        (self.sink)(Event::Fault(Fault::new(self.path.clone(), fault)));
        false
    }

    fn link(&mut self, path: &Path) {
        self.path.set_under(path, &self.base);
        match std::fs::read_link(path) {
            Ok(target) => {
                let target = BlobPath::from_native(&target);
                (self.sink)(Event::Blob(Blob {
                    path: &self.path,
                    origin: &Origin::File,
                    bytes: target.as_bytes(),
                }));
            }
            Err(error) => {
                let fault = Fault::new(self.path.clone(), unreadable(&error));
                (self.sink)(Event::Fault(fault));
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry) {
        if let Some(error) = entry.error() {
            // A broken ignore file hides nothing then, so more is read and not less.
            (self.sink)(Event::Fault(self.walk_fault(error)));
        }
        match entry.file_type() {
            Some(kind) if kind.is_dir() => {}
            Some(kind) if kind.is_file() => {
                if self.file(entry.path(), false) {
                    (self.sink)(Event::Skipped("device"));
                }
            }
            Some(kind) if kind.is_symlink() => self.link(entry.path()),
            _ => (self.sink)(Event::Skipped("device")),
        }
    }

    fn walk_fault(&self, error: &ignore::Error) -> Fault {
        let path = error_path(error).unwrap_or(Path::new(""));
        let mut relative = BlobPath::default();
        relative.set_under(path, &self.base);
        let what = match error.io_error() {
            Some(error) => unreadable(error),
            None => error.to_string(),
        };
        Fault::new(relative, what)
    }
}

impl ParallelVisitor for Visitor<'_> {
    fn visit(&mut self, entry: Result<DirEntry, ignore::Error>) -> WalkState {
        match entry {
            Ok(entry) => self.entry(&entry),
            Err(error) => (self.sink)(Event::Fault(self.walk_fault(&error))),
        }
        WalkState::Continue
    }
}

impl<'s> ParallelVisitorBuilder<'s> for Visitor<'s> {
    fn build(&mut self) -> Box<dyn ParallelVisitor + 's> {
        let base = self.base.clone();
        Box::new(Visitor::new(self.sink, base, self.max_file_size))
    }
}

fn unreadable(error: &io::Error) -> String {
    let next = match error.kind() {
        io::ErrorKind::PermissionDenied => "run as a user who may read it, or leave it out",
        io::ErrorKind::NotFound => "it vanished during the scan; run it again",
        _ => "run the scan again, or check the file system",
    };
    format!("cannot be read: {error}; {next}")
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            error_path(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(error_path),
        ignore::Error::Loop { child, .. } => Some(child),
        _ => None,
    }
}
