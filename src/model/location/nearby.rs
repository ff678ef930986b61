//! The files around a blob, for what no single file tells.

use super::super::BlobPath;
use std::sync::Arc;

/// Answers for the files around a blob. Paths are those of blobs: relative to the scanned root.
pub trait Nearby: Sync {
    /// The bytes of the file at `path`. `None` when there is none, or it cannot or must not be
    /// read: a file that nobody asked for is no fault.
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>>;

    /// As [`Nearby::read`], of a file of up to `limit` bytes.
    fn read_large(&self, _path: &BlobPath, _limit: u64) -> Option<Vec<u8>> {
        None
    }

    /// The first bytes of a file of any size, `length` of them if it has as many.
    fn head(&self, _path: &BlobPath, _length: u64) -> Option<Vec<u8>> {
        None
    }

    /// Whether [`Nearby::read_large`] would find a file, of whatever size.
    fn holds(&self, _path: &BlobPath) -> bool {
        false
    }

    /// The sources and templates of the project that the file at `path` is a part of, itself among them, by their paths
    /// in order; none where nobody can tell, or where they are too many to be read.
    fn project(&self, _path: &BlobPath) -> Arc<[ProjectFile]> {
        Arc::default()
    }
}

/// A file of a project.
#[derive(Debug)]
pub struct ProjectFile {
    /// Where it is.
    pub path: BlobPath,
    /// All its bytes.
    pub text: Vec<u8>,
}

/// Nothing around: for a blob that comes alone, as from standard input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Nearby for Alone {
    fn read(&self, _: &BlobPath) -> Option<Vec<u8>> {
        None
    }
}
