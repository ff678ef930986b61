//! The files around a blob, for what no single file tells.

use super::super::BlobPath;

/// Answers for the files around a blob. Paths are those of blobs: relative to the scanned root.
pub trait Nearby: Sync {
    /// The bytes of the file at `path`. `None` when there is none, or it cannot or must not be
    /// read: a file that nobody asked for is no fault.
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>>;
}

/// Nothing around: for a blob that comes alone, as from standard input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Nearby for Alone {
    fn read(&self, _: &BlobPath) -> Option<Vec<u8>> {
        None
    }
}
