//! Some bytes of one text, by where they begin and end.

use std::ops::Range;

/// Bytes `start..end` of the text it was found in. Never empty-reversed: `start <= end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte, counted from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span `start..end`; an `end` before `start` gives the empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self {
            start,
            end: end.max(start),
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// True when the span holds no byte.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// True when the two spans share at least one byte.
    pub fn overlaps(&self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True when every byte of `other` is also in `self`.
    pub fn contains(&self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The span from the first byte of the two to the last.
    #[must_use]
    pub fn around(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The bytes of all these spans, as spans in order that neither touch nor are empty.
    pub fn union(mut spans: Vec<Self>) -> Vec<Self> {
        spans.retain(|span| !span.is_empty());
        spans.sort();
        spans.dedup_by(|next, last| {
            let touches = next.start <= last.end;
            if touches {
                *last = last.around(*next);
            }
            touches
        });
        spans
    }

    /// The parts of this span that none of `others` has; those are in order and do not overlap.
    pub fn without(self, others: &[Self]) -> impl Iterator<Item = Self> {
        let first = others.partition_point(|other| other.end <= self.start);
        let inside = others[first..].iter();
        let inside = inside.take_while(move |other| other.start < self.end);
        let end = std::iter::once(Self::new(self.end, self.end));
        let mut at = self.start;
        let gaps = inside.copied().chain(end).map(move |next| {
            let gap = Self::new(at, next.start);
            at = next.end.max(at);
            gap
        });
        gaps.filter(|gap| !gap.is_empty())
    }

    /// The same span `by` bytes further on.
    pub fn shifted(&self, by: usize) -> Self {
        Self {
            start: self.start + by,
            end: self.end + by,
        }
    }

    /// The span as the standard library's range, for slicing.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(usize, usize)]) -> Vec<Span> {
        pairs.iter().map(|(a, b)| Span::new(*a, *b)).collect()
    }

    #[test]
    fn a_union_has_each_byte_once() {
        let all = spans(&[(8, 9), (0, 3), (2, 5), (5, 6), (7, 7), (1, 2)]);
        assert_eq!(Span::union(all), spans(&[(0, 6), (8, 9)]));
    }

    #[test]
    fn what_others_leave_of_a_span_is_told_piece_by_piece() {
        let left = |others: &[(usize, usize)]| -> Vec<Span> {
            Span::new(10, 20).without(&spans(others)).collect()
        };
        assert_eq!(left(&[]), spans(&[(10, 20)]));
        assert_eq!(left(&[(0, 10), (20, 30)]), spans(&[(10, 20)]));
        assert_eq!(
            left(&[(0, 12), (14, 16), (18, 30)]),
            spans(&[(12, 14), (16, 18)])
        );
        assert_eq!(left(&[(5, 25)]), []);
    }
}
