//! Several sources read as one.

use super::{Consumer, Event, MISSING, Source, SourceError};
use crate::model::{BlobPath, Fault, Nearby, ProjectFile};
use std::sync::Arc;

/// Sources that are read one after the other.
pub struct Several(pub Vec<Box<dyn Source>>);

impl Source for Several {
    /// A path that is not there takes nothing with it that the others read.
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        self.0.iter().try_for_each(|source| {
            let visited = source.visit(consumer);
            let Err(SourceError::Missing(paths)) = visited else {
                return visited;
            };
            for path in paths {
                let fault = Fault::new(BlobPath::from_native(&path), MISSING);
                consumer.take(Event::Fault(fault));
            }
            Ok(())
        })
    }

    fn nearby(&self) -> &dyn Nearby {
        self
    }

    fn names_folder(&self, folder: &BlobPath) -> bool {
        self.0.iter().any(|source| source.names_folder(folder))
    }

    fn counts_commits(&self) -> bool {
        self.0.iter().any(|source| source.counts_commits())
    }
}

impl Nearby for Several {
    fn read(&self, path: &BlobPath) -> Option<Vec<u8>> {
        let mut sources = self.0.iter();
        sources.find_map(|source| source.nearby().read(path))
    }

    fn read_large(&self, path: &BlobPath, limit: u64) -> Option<Vec<u8>> {
        let mut sources = self.0.iter();
        sources.find_map(|source| source.nearby().read_large(path, limit))
    }

    fn head(&self, path: &BlobPath, length: u64) -> Option<Vec<u8>> {
        let mut sources = self.0.iter();
        sources.find_map(|source| source.nearby().head(path, length))
    }

    fn holds(&self, path: &BlobPath) -> bool {
        let mut sources = self.0.iter();
        sources.any(|source| source.nearby().holds(path))
    }

    fn project(&self, path: &BlobPath) -> Arc<[ProjectFile]> {
        let sources = self.0.iter();
        let mut projects = sources.map(|source| source.nearby().project(path));
        projects.find(|files| !files.is_empty()).unwrap_or_default()
    }
}
