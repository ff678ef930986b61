//! Several sources read as one.

use super::{Event, MISSING, Sink, Source, SourceError};
use crate::model::{BlobPath, Fault, Nearby, Skim};

/// Sources that are read one after the other.
pub struct Several(pub Vec<Box<dyn Source>>);

impl Several {
    /// A path that is not there takes nothing with it that the others read.
    fn each(
        &self,
        sink: Sink<'_>,
        visit: impl Fn(&dyn Source) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        self.0.iter().try_for_each(|source| {
            let visited = visit(source.as_ref());
            let Err(SourceError::Missing(paths)) = visited else {
                return visited;
            };
            for path in paths {
                let fault = Fault::new(BlobPath::from_native(&path), MISSING);
                sink(Event::Fault(fault));
            }
            Ok(())
        })
    }
}

impl Source for Several {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        self.each(sink, |source| source.visit(sink))
    }

    fn visit_skimming(&self, sink: Sink<'_>, skim: &dyn Skim) -> Result<(), SourceError> {
        self.each(sink, |source| source.visit_skimming(sink, skim))
    }

    fn nearby(&self) -> &dyn Nearby {
        self
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
}
