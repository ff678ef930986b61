//! One thread's part of a walk: reads what is met and hands it on.

use super::super::lfs::{self, FindLfs};
use super::super::skimmer::{Skimmed, Skimmer};
use super::super::{Event, Sink};
use super::read::{FileContent, unreadable};
use crate::model::{Blob, BlobPath, EXCLUDED, Fault, Origin, Skim};
use std::fs::FileType;
use std::io;
use std::path::Path;

/// One thread's part of the walk.
pub(super) struct FileVisitor<'s> {
    sink: Sink<'s>,
    /// The one root that paths are relative to; with several, the current folder.
    base: &'s Path,
    skim: Option<&'s dyn Skim>,
    reader: Skimmer<'s>,
    path: BlobPath,
}

impl<'s> FileVisitor<'s> {
    /// One that refuses files of more than `limit` bytes.
    pub(in crate::source) fn new(
        sink: Sink<'s>,
        base: &'s Path,
        limit: u64,
        skim: Option<&'s dyn Skim>,
    ) -> Self {
        Self {
            sink,
            base,
            skim,
            reader: Skimmer::new(limit, skim),
            path: BlobPath::default(),
        }
    }

    /// A file that the user named: what of it cannot be read is a fault here, since it was asked for.
    pub(in crate::source) fn named(&mut self, path: &Path, lfs: FindLfs<'_>) {
        self.path.set_under(path, self.base);
        let sink = self.sink;
        let demanding = |event: Event<'_>| match event {
            Event::Blob(blob) => sink(Event::Named(blob)),
            Event::PassedOver(path, what) => sink(Event::Fault(Fault::new(path, what))),
            other => sink(other),
        };
        let limit = self.reader.limit();
        let read = self.reader.read(path);
        if hand_on(read, &self.path, (lfs, limit), &demanding) {
            let what = "not a regular file; pipe it through standard input: jvxleaks scan -";
            sink(Event::Fault(Fault::new(self.path.clone(), what)));
        }
    }

    /// What a folder lists at `path` as of this kind, and no folder. False when the configuration excludes it.
    pub(in crate::source) fn listed(
        &mut self,
        path: &Path,
        kind: FileType,
        lfs: FindLfs<'_>,
    ) -> bool {
        self.path.set_under(path, self.base);
        if self.skim.is_some_and(|skim| !skim.wants(&self.path)) {
            (self.sink)(Event::Skipped(EXCLUDED));
            return false;
        }
        let limit = self.reader.limit();
        if kind.is_symlink() {
            self.link(path);
        } else if !kind.is_file()
            || hand_on(
                self.reader.read_listed(path),
                &self.path,
                (lfs, limit),
                self.sink,
            )
        {
            (self.sink)(Event::Skipped("device"));
        }
        true
    }

    fn link(&self, path: &Path) {
        match std::fs::read_link(path) {
            Ok(target) => {
                let target = BlobPath::from_native(&target);
                (self.sink)(Event::Blob(blob(&self.path, target.as_bytes())));
            }
            Err(error) => {
                let fault = Fault::new(self.path.clone(), unreadable(&error));
                (self.sink)(Event::Fault(fault));
            }
        }
    }
}

fn blob<'b>(path: &'b BlobPath, bytes: &'b [u8]) -> Blob<'b> {
    Blob {
        path,
        origin: &Origin::File,
        bytes,
    }
}

/// Hands on what was read of a file. True when it is a device or the like and was left alone.
fn hand_on(
    read: io::Result<Skimmed<'_>>,
    path: &BlobPath,
    (lfs, limit): (FindLfs<'_>, u64),
    sink: Sink<'_>,
) -> bool {
    let fault = match read {
        Ok(Skimmed::Content(FileContent::Bytes(bytes))) => {
            let blob = blob(path, bytes);
            sink(Event::Blob(blob.clone()));
            lfs::follow(&blob, lfs, limit, sink);
            return false;
        }
        Ok(Skimmed::Signless(size)) => {
            sink(Event::Signless(blob(path, &[]), size));
            return false;
        }
        Ok(Skimmed::Content(FileContent::Special)) => return true,
        Ok(Skimmed::Content(FileContent::TooLarge(size))) => {
            super::super::too_large(Some(size), limit)
        }
        Err(error) => unreadable(&error),
    };
    sink(Event::Fault(Fault::new(path.clone(), fault)));
    false
}
