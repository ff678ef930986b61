//! Several sources read as one.

use super::{Sink, Source, SourceError};

/// Sources that are read one after the other.
pub struct Several(pub Vec<Box<dyn Source>>);

impl Source for Several {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        self.0.iter().try_for_each(|source| source.visit(sink))
    }

    fn counts_commits(&self) -> bool {
        self.0.iter().any(|source| source.counts_commits())
    }
}
