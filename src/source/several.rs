//! Several sources read as one.

use super::{Sink, Source, SourceError};
use crate::model::Skim;

/// Sources that are read one after the other.
pub struct Several(pub Vec<Box<dyn Source>>);

impl Source for Several {
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError> {
        self.0.iter().try_for_each(|source| source.visit(sink))
    }

    fn visit_skimming(&self, sink: Sink<'_>, skim: &dyn Skim) -> Result<(), SourceError> {
        let mut sources = self.0.iter();
        sources.try_for_each(|source| source.visit_skimming(sink, skim))
    }

    fn counts_commits(&self) -> bool {
        self.0.iter().any(|source| source.counts_commits())
    }
}
