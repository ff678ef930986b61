//! A text being searched: the blob's own, or one that was decoded from it.

use crate::decode::Layer;
use crate::decode::source_map::SourceMap;
use crate::model::{BlobPath, Derivation, Dress, Span};
use std::cell::OnceCell;

/// A text that may be a source map; it is read as one when there is something to look up.
#[derive(Debug)]
pub(super) struct Trace<'t> {
    text: &'t [u8],
    map: OnceCell<Option<SourceMap>>,
}

impl<'t> Trace<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        Self {
            text,
            map: OnceCell::new(),
        }
    }

    fn original(&self, place: usize, path: &BlobPath) -> Option<Derivation> {
        let map = self.map.get_or_init(|| SourceMap::parse(self.text));
        let original = map.as_ref()?.original(self.text, place, path)?;
        Some(Derivation {
            kind: "source-map",
            path: original.path,
            line: original.line,
            column: original.column,
        })
    }
}

/// A text with the way back to where it is stored, and to the source it was built from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading<'t> {
    /// What is searched.
    pub(super) text: &'t [u8],
    /// The blob's own text.
    pub(super) own: &'t [u8],
    /// What was decoded to get it; `None` for the blob's own text.
    pub(super) layer: Option<&'t Layer>,
    /// The source map that holds it: this text itself, or the one it was decoded from.
    pub(super) trace: &'t Trace<'t>,
}

impl<'t> Reading<'t> {
    /// The blob's own text.
    pub(super) fn own(text: &'t [u8], trace: &'t Trace<'t>) -> Self {
        Self {
            text,
            own: text,
            layer: None,
            trace,
        }
    }

    /// A layer that was decoded from the blob's own text.
    pub(super) fn of(layer: &'t Layer, own: &'t [u8], trace: &'t Trace<'t>) -> Self {
        Self {
            text: &layer.text,
            own,
            layer: Some(layer),
            trace,
        }
    }

    /// The bytes of the blob's own text that `span` was read from.
    pub(super) fn stored(&self, span: Span) -> Span {
        self.layer.map_or(span, |layer| layer.stored(span))
    }

    /// The bytes of the blob's own text that `span` was read from, without those between its pieces.
    pub(super) fn pieces(&self, span: Span) -> Vec<Span> {
        match self.layer {
            Some(layer) => layer.pieces(span),
            None => Span::union(vec![span]),
        }
    }

    /// The bytes not to be shown for `span` to stay hidden: its pieces, or of an encoding all that holds it.
    pub(super) fn hidden(&self, span: Span) -> Vec<Span> {
        if self.layer.is_some_and(|layer| layer.dress == Dress::Joined) {
            self.pieces(span)
        } else {
            vec![self.stored(span)]
        }
    }

    /// Where `span` stood in an original source, if a source map holds it.
    pub(super) fn original(&self, span: Span, path: &BlobPath) -> Option<Derivation> {
        let is_own = std::ptr::eq(self.trace.text, self.text);
        let place = if is_own { span } else { self.stored(span) };
        self.trace.original(place.start, path)
    }
}
