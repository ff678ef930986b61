//! What a package manager would publish of a folder, told without running anything of the project.

mod cargo;
mod listing;
mod npm;
mod npm_rule;
mod npm_tree;
mod python;
mod python_backend;
mod seen_by_git;

pub use listing::{PackageError, PackageListing};

use super::disk::visitor::FileVisitor;
use super::{Consumer, Event, Source, SourceError, hand_on_name};
use crate::decode::archive;
use crate::model::{BlobPath, Origin};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Who publishes a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageKind {
    /// `npm publish`
    Npm,
    /// `cargo publish`
    Cargo,
    /// `twine upload`, `uv publish` and the like.
    Pypi,
}

impl PackageKind {
    /// Lists what would be published of the package in `folder`.
    ///
    /// # Errors
    /// When there is no package of this kind, or nobody can tell what is in it without running code of the project.
    pub fn list(self, folder: &Path) -> Result<PackageListing, PackageError> {
        match self {
            Self::Npm => npm::list(folder),
            Self::Cargo => cargo::list(folder),
            Self::Pypi => python::list(folder),
        }
    }
}

/// Bytes by which a file is told for an archive.
const HEAD: u64 = 64 << 10;

impl PackageKind {
    /// Makes sure that the file at `path` is an archive, which is what a package is published as. What cannot be read is
    /// left to who reads it.
    ///
    /// # Errors
    /// When it is none: `package npm package.json` would read nothing of the package.
    pub fn check_archive(self, path: &Path) -> Result<(), PackageError> {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        if !path.is_file() || read.is_err() || archive::kinds(&head) != [None, None] {
            return Ok(());
        }
        let file = path.display();
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).display();
        let kind = match self {
            Self::Npm => "npm",
            Self::Cargo => "cargo",
            Self::Pypi => "pypi",
        };
        Err(PackageError::new(format!(
            "{file}: neither a folder nor an archive; type `jvxleaks package {kind} {folder}` for the package in that folder"
        )))
    }
}

/// The files of a package. Each was asked for: one that cannot be read is a fault.
#[derive(Debug)]
pub struct PackageFiles {
    folder: PathBuf,
    listing: PackageListing,
    max_file_size: u64,
}

impl PackageFiles {
    /// What was listed of the package in `folder`; larger files than `max_file_size` bytes are a fault.
    pub fn new(folder: PathBuf, listing: PackageListing, max_file_size: u64) -> Self {
        Self {
            folder,
            listing,
            max_file_size,
        }
    }

    /// The names of files and folders, each once.
    fn names(&self) -> BTreeSet<&Path> {
        let files = self.listing.files.iter();
        files.flat_map(|file| file.ancestors()).collect()
    }
}

impl Source for PackageFiles {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        for note in &self.listing.notes {
            consumer.take(Event::Note(note.clone()));
        }
        for fault in &self.listing.faults {
            consumer.take(Event::Fault(fault.clone()));
        }
        for path in self.names() {
            let path = BlobPath::from_native(path);
            hand_on_name(path.as_bytes(), || Origin::File, consumer);
        }
        let files = self.listing.files.par_iter();
        files.for_each_init(
            || FileVisitor::new(consumer, &self.folder, self.max_file_size),
            |visitor, file| visitor.named(&self.folder.join(file), &|| None),
        );
        Ok(())
    }
}
