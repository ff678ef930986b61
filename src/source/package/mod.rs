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
use crate::model::{BlobPath, Origin};
use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use std::collections::BTreeSet;
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
