//! Bytes that are in memory already, as one blob.

use super::{Consumer, Event, Source, SourceError};
use crate::model::{Blob, BlobPath, Origin};

/// One blob that was asked for by name.
#[derive(Clone, Debug)]
pub struct Memory<'b> {
    /// What it is called: the path says which language its text is in.
    pub path: BlobPath,
    /// All of it.
    pub bytes: &'b [u8],
}

impl Source for Memory<'_> {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        consumer.take(Event::Named(Blob {
            path: &self.path,
            origin: &Origin::File,
            bytes: self.bytes,
        }));
        Ok(())
    }
}
