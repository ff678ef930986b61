//! Standard input as one blob.

use super::{Event, Sink, Source, SourceError};
use crate::model::{Blob, BlobPath, Fault, Origin};
use std::io::Read;

/// Everything that standard input holds, up to a limit.
#[derive(Clone, Debug)]
pub struct Stdin {
    /// What it is called: an editor says which file it shows. `<stdin>` without one.
    pub path: Option<BlobPath>,
    /// Most bytes to read; more is a fault.
    pub max_size: u64,
}

impl Source for Stdin {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        let path = self.path.clone();
        let path = path.unwrap_or_else(|| BlobPath::from("<stdin>"));
        let mut bytes = Vec::new();
        let input = std::io::stdin().lock();
        let read = input.take(self.max_size + 1).read_to_end(&mut bytes);
        let size = read.map_err(SourceError::Stdin)? as u64;
        if size > self.max_size {
            let what = super::too_large(None, self.max_size);
            sink(Event::Fault(Fault::new(path, what)));
            return Ok(());
        }
        sink(Event::Named(Blob {
            path: &path,
            origin: &Origin::Stdin,
            bytes: &bytes,
        }));
        Ok(())
    }
}
