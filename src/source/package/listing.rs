//! The files of a package, as they are gathered.

use super::super::disk::read::{FileContent, FileReader, unreadable};
use crate::model::{BlobPath, Fault};
use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

/// Largest file that says what is in a package, in bytes.
const LARGEST: u64 = 4 << 20;

/// Why it cannot be told what a package holds. The text names the file and the next step.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PackageError(pub(super) String);

impl PackageError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// What would be published of a folder.
#[derive(Debug, Default)]
pub struct PackageListing {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// What could not be read, or not be understood.
    pub faults: Vec<Fault>,
    /// What the user may not know.
    pub notes: Vec<String>,
    found: BTreeSet<PathBuf>,
}

impl PackageListing {
    pub(super) fn add(&mut self, file: PathBuf) {
        self.found.insert(file);
    }

    /// True when no file was found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// Says that the package may hold more than is listed.
    pub(super) fn unsure(&mut self, text: &str) {
        self.fault(Path::new(""), text.to_owned());
    }

    pub(super) fn fault(&mut self, path: &Path, what: String) {
        let fault = Fault::new(BlobPath::from_native(path), what);
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// The text of a file that says what is in the package; a fault where it cannot be read.
    pub(super) fn read(&mut self, file: &Path) -> Option<String> {
        match read(file) {
            Ok(text) => Some(text),
            Err(what) => {
                self.fault(file, what);
                None
            }
        }
    }

    /// The listing with the paths of files below `folder`.
    pub(super) fn below(mut self, folder: &Path) -> Result<Self, PackageError> {
        let found = std::mem::take(&mut self.found);
        self.files = found.into_iter().collect();
        for path in &mut self.files {
            if let Ok(below) = path.strip_prefix(folder) {
                *path = below.to_owned();
            }
        }
        for fault in &mut self.faults {
            if let Ok(below) = fault.path.to_native().strip_prefix(folder) {
                fault.path = BlobPath::from_native(below);
            }
        }
        if self.files.is_empty() && self.faults.is_empty() {
            let folder = folder.display();
            return Err(PackageError(format!(
                "{folder}: the package would hold no file"
            )));
        }
        Ok(self)
    }
}

/// The text of a file.
pub(super) fn read(file: &Path) -> Result<String, String> {
    let mut reader = FileReader::new(LARGEST);
    match reader.read(file).map_err(|error| unreadable(&error))? {
        FileContent::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
        FileContent::Special => Err("not a regular file".to_owned()),
        FileContent::TooLarge(size) => Err(format!("{size} bytes, which nobody writes by hand")),
    }
}

/// What is in a folder, by name. A folder that cannot be read is a fault.
pub(super) fn entries(listing: &mut PackageListing, folder: &Path) -> Vec<(String, FileType)> {
    let mut found = Vec::new();
    match fs::read_dir(folder) {
        Ok(entries) => {
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        listing.fault(folder, unreadable(&error));
                        continue;
                    }
                };
                let name = entry.file_name();
                match (name.to_str(), entry.file_type()) {
                    (Some(name), Ok(kind)) => found.push((name.to_owned(), kind)),
                    (None, _) => {
                        listing.fault(&entry.path(), "its name is no UTF-8; rename it".to_owned())
                    }
                    (_, Err(error)) => listing.fault(&entry.path(), unreadable(&error)),
                }
            }
        }
        Err(error) => listing.fault(folder, unreadable(&error)),
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}
