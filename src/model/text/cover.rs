//! What of a text no excerpt shows.

use super::super::Span;
use std::cmp::Reverse;

/// Bytes of a text that are a secret or may be one, whether they are reported or not: spans in order, none of
/// which overlaps another, each with the length of the public prefix that it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover(Vec<(Span, usize)>);

impl Cover {
    /// Covers these spans, each but for a prefix of so many bytes. Spans that overlap become one.
    pub fn new(mut spans: Vec<(Span, usize)>) -> Self {
        spans.retain(|(span, _)| !span.is_empty());
        spans.sort_by_key(|(span, prefix)| (span.start, Reverse(*prefix), Reverse(span.end)));
        spans.dedup_by(|(next, _), (last, _)| {
            let overlaps = last.overlaps(*next);
            if overlaps {
                *last = last.around(*next);
            }
            overlaps
        });
        Self(spans)
    }

    /// Covers what either does.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new([self.0, other.0].concat())
    }

    /// The covered spans that share a byte with `part`.
    pub fn touching(&self, part: Span) -> &[(Span, usize)] {
        let start = self.0.partition_point(|(span, _)| span.end <= part.start);
        let behind = &self.0[start..];
        &behind[..behind.partition_point(|(span, _)| span.start < part.end)]
    }

    /// The covered spans.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.0.iter().map(|(span, _)| *span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_is_covered_as_one() {
        let span = Span::new;
        let key = (span(4, 30), 9);
        let cover = Cover::new(vec![
            (span(4, 40), 0),
            key,
            (span(38, 45), 0),
            (span(50, 60), 0),
        ]);
        assert_eq!(cover.touching(span(0, 50)), [(span(4, 45), 9)]);
        assert_eq!(cover.touching(span(45, 50)), []);
        assert_eq!(cover.touching(span(44, 51)).len(), 2);
    }
}
