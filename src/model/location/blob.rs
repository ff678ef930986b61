//! Bytes with a name: the one thing that sources produce and detectors read.

use super::super::{BlobPath, Origin};

/// The content of one file, object or stream, borrowed from whoever read it.
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    /// Where it is, relative to the scanned root.
    pub path: &'a BlobPath,
    /// What kind of place that is.
    pub origin: &'a Origin,
    /// All of its bytes, exactly as stored.
    pub bytes: &'a [u8],
}
