//! Something that was asked for and not read.

use super::super::BlobPath;

/// One input that could not be read, or not wholly. Any fault makes the run end with exit code 2.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The input, as reports name it.
    pub path: BlobPath,
    /// The cause, and what to do about it, in one line.
    pub what: String,
}

impl Fault {
    /// A fault at `path`.
    pub fn new(path: BlobPath, what: impl Into<String>) -> Self {
        Self {
            path,
            what: what.into(),
        }
    }
}
