//! One thread's part of a walk: reads what is met and hands it on.

use super::read::Content;
use super::remedy::with_remedy;
use super::skimmer::{Skimmed, Skimmer};
use super::tracked::{self, Tracked};
use super::{Event, Sink};
use crate::model::{Blob, BlobPath, Fault, Origin};
use ignore::{DirEntry, ParallelVisitor, ParallelVisitorBuilder, WalkState};
use std::io;
use std::path::{Path, PathBuf};

/// One thread's part of the walk.
pub(super) struct Visitor<'s> {
    sink: Sink<'s>,
    /// The one root that paths are relative to; with several, the current folder.
    base: PathBuf,
    reader: Skimmer<'s>,
    path: BlobPath,
    /// Where to give account of what was met, if anyone asks.
    account: Option<&'s Tracked>,
    met: Vec<u64>,
}

/// Why a file is read.
#[derive(Clone, Copy)]
enum Why {
    /// The user named it.
    Named,
    /// Its folder has it as a regular file.
    Listed,
    /// Git tracks it although an ignore file hides it.
    Hidden,
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        if let Some(account) = self.account {
            account.note(std::mem::take(&mut self.met));
        }
    }
}

impl<'s> Visitor<'s> {
    pub(super) fn new(
        sink: Sink<'s>,
        base: PathBuf,
        reader: Skimmer<'s>,
        account: Option<&'s Tracked>,
    ) -> Self {
        Self {
            sink,
            base,
            reader,
            path: BlobPath::default(),
            account,
            met: Vec::new(),
        }
    }

    /// A file that an ignore file hides. One that is tracked and not there was deleted.
    pub(super) fn hidden_file(&mut self, path: &Path) {
        match std::fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => self.link(path),
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) if self.file(path, Why::Hidden) => (self.sink)(Event::Skipped("device")),
            _ => {}
        }
    }

    /// A file that the user named: a special file is a fault here, since it was asked for.
    pub(super) fn named_file(&mut self, path: &Path) {
        if self.file(path, Why::Named) {
            let what = "not a regular file; pipe it through standard input: jvxleaks scan -";
            (self.sink)(Event::Fault(Fault::new(self.path.clone(), what)));
        }
    }

    /// Reads a file and hands it on. True when it is a device or the like and was left alone.
    fn file(&mut self, path: &Path, why: Why) -> bool {
        self.path.set_under(path, &self.base);
        let blob = |bytes| Blob {
            path: &self.path,
            origin: &Origin::File,
            bytes,
        };
        let read = match why {
            Why::Listed => self.reader.read_listed(path),
            Why::Named | Why::Hidden => self.reader.read(path),
        };
        let fault = match read {
            Ok(Skimmed::Content(Content::Bytes(bytes))) => {
                (self.sink)(match why {
                    Why::Named => Event::Named(blob(bytes)),
                    Why::Listed | Why::Hidden => Event::Blob(blob(bytes)),
                });
                return false;
            }
            Ok(Skimmed::Signless(size)) => {
                (self.sink)(Event::Signless(blob(&[]), size));
                return false;
            }
            Ok(Skimmed::Content(Content::Special)) => return true,
            Ok(Skimmed::Content(Content::TooLarge(size))) => {
                super::too_large(Some(size), self.reader.limit())
            }
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
        if self.account.is_some() {
            self.met.push(tracked::mark(entry.path()));
        }
        if let Some(error) = entry.error() {
            // A broken ignore file hides nothing then, so more is read and not less.
            (self.sink)(Event::Fault(self.walk_fault(error)));
        }
        match entry.file_type() {
            Some(kind) if kind.is_dir() => {}
            Some(kind) if kind.is_file() => {
                if self.file(entry.path(), Why::Listed) {
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
        Box::new(Visitor::new(
            self.sink,
            base,
            self.reader.another(),
            self.account,
        ))
    }
}

fn unreadable(error: &io::Error) -> String {
    let next = match error.kind() {
        io::ErrorKind::PermissionDenied => "run as a user who may read it, or leave it out",
        io::ErrorKind::NotFound => "it vanished during the scan; run it again",
        _ => "run the scan again, or check the file system",
    };
    with_remedy(format!("cannot be read: {error}"), next)
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
