//! One thread's part of a walk: reads what is met and hands it on.

use super::super::lfs::{self, FindLfs};
use super::super::skimmer::{Skimmed, Skimmer};
use super::super::{Consumer, Event, is_wanted};
use super::read::{FileContent, unreadable};
use crate::model::{Blob, BlobPath, Fault, Origin};
use std::fs::FileType;
use std::io;
use std::path::Path;

/// One thread's part of the walk.
pub(in crate::source) struct FileVisitor<'s> {
    consumer: &'s dyn Consumer,
    /// The one root that paths are relative to; with several, the current folder.
    base: &'s Path,
    reader: Skimmer<'s>,
    path: BlobPath,
}

impl<'s> FileVisitor<'s> {
    /// One that refuses files of more than `limit` bytes.
    pub(in crate::source) fn new(consumer: &'s dyn Consumer, base: &'s Path, limit: u64) -> Self {
        Self {
            consumer,
            base,
            reader: Skimmer::new(limit, consumer),
            path: BlobPath::default(),
        }
    }

    /// A file that the user named: what of it cannot be read is a fault here, since it was asked for.
    pub(in crate::source) fn named(&mut self, path: &Path, lfs: FindLfs<'_>) {
        self.path.set_under(path, self.base);
        let consumer = self.consumer;
        let demanding = |event: Event<'_>| match event {
            Event::Blob(blob) => consumer.take(Event::Named(blob)),
            Event::PassedOver(path, what) => consumer.take(Event::Fault(Fault::new(path, what))),
            other => consumer.take(other),
        };
        let limit = self.reader.limit();
        let read = self.reader.read(path);
        if hand_on(read, &self.path, (lfs, limit), &demanding) {
            let what = "not a regular file; pipe it through standard input: jvxleaks scan -";
            consumer.take(Event::Fault(Fault::new(self.path.clone(), what)));
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
        if !is_wanted(&self.path, self.consumer) {
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
                self.consumer,
            )
        {
            self.consumer.take(Event::Skipped("device"));
        }
        true
    }

    fn link(&self, path: &Path) {
        match std::fs::read_link(path) {
            Ok(target) => {
                let target = BlobPath::from_native(&target);
                self.consumer
                    .take(Event::Blob(blob(&self.path, target.as_bytes())));
            }
            Err(error) => {
                let fault = Fault::new(self.path.clone(), unreadable(&error));
                self.consumer.take(Event::Fault(fault));
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
    consumer: &dyn Consumer,
) -> bool {
    let fault = match read {
        Ok(Skimmed::Content(FileContent::Bytes(bytes))) => {
            let blob = blob(path, bytes);
            consumer.take(Event::Blob(blob.clone()));
            lfs::follow(&blob, lfs, limit, consumer);
            return false;
        }
        Ok(Skimmed::Signless(size)) => {
            consumer.take(Event::Signless(path, size));
            return false;
        }
        Ok(Skimmed::Content(FileContent::Special)) => return true,
        Ok(Skimmed::Content(FileContent::TooLarge(size))) => {
            super::super::too_large(Some(size), limit)
        }
        Err(error) => unreadable(&error),
    };
    consumer.take(Event::Fault(Fault::new(path.clone(), fault)));
    false
}
