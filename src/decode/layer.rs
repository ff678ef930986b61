//! A decoded text that remembers where each of its bytes came from.

use crate::model::{Dress, Span};

/// Decoded bytes and the stored bytes they stand for.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The decoded text.
    pub text: Vec<u8>,
    /// The encoding that was taken off.
    pub dress: Dress,
    /// Runs of decoded bytes, in order: where the run begins and where its source is stored.
    runs: Vec<LayerRun>,
}

/// From `decoded` on, up to the next run, decoded bytes come from `stored`.
#[derive(Clone, Copy, Debug)]
struct LayerRun {
    decoded: usize,
    stored: Span,
    /// Decoded and stored bytes of one step, where a run is made of equal steps (3 and 4 in
    /// base64), so that a map of megabytes is one run and its places are still exact.
    step: Option<(usize, usize)>,
}

impl Layer {
    /// An empty layer, to be filled with [`Layer::push`].
    pub(super) fn new(dress: Dress) -> Self {
        Self {
            text: Vec::new(),
            dress,
            runs: Vec::new(),
        }
    }

    /// True when nothing was taken off: the text is what is stored.
    pub(super) fn is_unchanged(&self) -> bool {
        self.runs.len() <= 1 && (0..self.runs.len()).all(|run| self.is_literal(run))
    }

    /// Appends decoded bytes that all stand for the `stored` bytes.
    pub(super) fn push(&mut self, decoded: &[u8], stored: Span) {
        self.push_run(decoded, stored, None);
    }

    /// Appends decoded bytes of which every `step.0` stand for `step.1` stored bytes.
    pub(super) fn push_steps(&mut self, decoded: &[u8], stored: Span, step: (usize, usize)) {
        self.push_run(decoded, stored, Some(step));
    }

    fn push_run(&mut self, decoded: &[u8], stored: Span, step: Option<(usize, usize)>) {
        if decoded.is_empty() {
            return;
        }
        self.runs.push(LayerRun {
            decoded: self.text.len(),
            stored,
            step,
        });
        self.text.extend_from_slice(decoded);
    }

    /// The stored bytes that hold `decoded`, from the first to the last. Inside a run that decoded byte for
    /// byte the answer is exact; otherwise it is the whole of each run that is touched.
    pub fn stored(&self, decoded: Span) -> Span {
        let touched = self.touched(decoded);
        let whole = |run: usize| match self.step(run) {
            Some(step) => self.stepped(run, step, self.within(run, decoded)),
            None => self.runs[run].stored,
        };
        let hull = touched.map(whole).reduce(Span::around);
        hull.unwrap_or(Span::new(0, 0))
    }

    /// The stored bytes that `decoded` was read from and no others, in the order of the text: the pieces of a
    /// key without what stands between them. In a run that is no equal steps, such as a line of base64, a
    /// byte stands as far along as it does in what was decoded.
    pub fn pieces(&self, decoded: Span) -> Vec<Span> {
        let exact = |run: usize| {
            let part = self.within(run, decoded);
            match self.step(run) {
                Some(step) => self.stepped(run, step, part),
                None => self.proportional(run, part),
            }
        };
        let pieces = self.touched(decoded).map(exact);
        if decoded.is_empty() {
            Vec::new()
        } else {
            Span::union(pieces.collect())
        }
    }

    /// The runs that hold bytes of `decoded`; for none, the run that it stands in.
    fn touched(&self, decoded: Span) -> std::ops::Range<usize> {
        let first = self.run_at(decoded.start);
        let last = self.run_at(decoded.end.saturating_sub(1).max(decoded.start));
        first
            .zip(last)
            .map_or(0..0, |(first, last)| first..last + 1)
    }

    /// The decoded bytes of a run.
    fn decoded(&self, run: usize) -> Span {
        let next = self.runs.get(run + 1);
        let end = next.map_or(self.text.len(), |next| next.decoded);
        Span::new(self.runs[run].decoded, end)
    }

    /// The part of `decoded` in a run, counted from where the run begins.
    fn within(&self, run: usize, decoded: Span) -> Span {
        let own = self.decoded(run);
        let start = decoded.start.clamp(own.start, own.end) - own.start;
        Span::new(start, decoded.end.clamp(own.start, own.end) - own.start)
    }

    /// Where a part of a run of equal steps is stored.
    fn stepped(&self, run: usize, (from, to): (usize, usize), part: Span) -> Span {
        let stored = self.runs[run].stored;
        let start = stored.start + part.start / from * to;
        let end = stored.start + part.end.div_ceil(from) * to;
        Span::new(start, end.min(stored.end))
    }

    /// Where a part of any other run is stored, if it is stored evenly.
    fn proportional(&self, run: usize, part: Span) -> Span {
        let (stored, all) = (self.runs[run].stored, self.decoded(run).len());
        let start = part.start * stored.len() / all;
        let end = (part.end * stored.len()).div_ceil(all);
        Span::new(stored.start + start, stored.start + end)
    }

    /// The equal steps that a run is made of: single bytes when it is stored as it is.
    fn step(&self, run: usize) -> Option<(usize, usize)> {
        self.runs[run]
            .step
            .or(self.is_literal(run).then_some((1, 1)))
    }

    /// This layer, found in the text of `outer`, as a layer of the text that `outer` lies in. The
    /// outer encoding names the dress, since it is what a reader sees.
    pub fn inside(mut self, outer: &Self) -> Self {
        let mut runs = Vec::with_capacity(self.runs.len());
        for (index, run) in self.runs.iter().enumerate() {
            if run.step.is_none() && self.is_literal(index) {
                outer.split(*run, &mut runs)
            } else {
                let stored = outer.stored(run.stored);
                let step = run.step.filter(|_| stored.len() == run.stored.len());
                let decoded = run.decoded;
                runs.push(LayerRun {
                    decoded,
                    stored,
                    step,
                });
            }
        }
        self.runs = runs;
        self.dress = outer.dress;
        self
    }

    /// A run that is stored in this layer's text as it is, as runs of what this layer lies in: one
    /// for each run of this layer, so that places stay exact.
    fn split(&self, run: LayerRun, runs: &mut Vec<LayerRun>) {
        let mut at = run.stored.start;
        while let Some(index) = self.run_at(at).filter(|_| at < run.stored.end) {
            let next = self.runs.get(index + 1);
            let next = next.map_or(self.text.len(), |next| next.decoded);
            let end = next.min(run.stored.end);
            if end <= at {
                break;
            }
            let begun = at - self.runs[index].decoded;
            let step = self.runs[index].step;
            runs.push(LayerRun {
                decoded: run.decoded + (at - run.stored.start),
                stored: self.stored(Span::new(at, end)),
                step: step.filter(|(from, _)| begun.is_multiple_of(*from)),
            });
            at = end;
        }
    }

    /// True when the bytes of `text` that hold `decoded` are those very bytes.
    pub fn is_verbatim(&self, decoded: Span, text: &[u8]) -> bool {
        text[self.stored(decoded).range()] == self.text[decoded.range()]
    }

    /// Where in `decoded` one piece ends and the next begins, in order.
    pub fn seams(&self, decoded: Span) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let from = self
            .runs
            .partition_point(|run| run.decoded <= decoded.start);
        let to = self.runs.partition_point(|run| run.decoded < decoded.end);
        self.runs[from..to.max(from)].iter().map(|run| run.decoded)
    }

    fn run_at(&self, decoded: usize) -> Option<usize> {
        let after = self.runs.partition_point(|run| run.decoded <= decoded);
        after.checked_sub(1)
    }

    fn is_literal(&self, run: usize) -> bool {
        self.decoded(run).len() == self.runs[run].stored.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_map_back_exactly_where_bytes_are_literal() {
        // stored: `ab\x63de`, decoded: `abcde`
        let mut layer = Layer::new(Dress::Escaped);
        layer.push(b"ab", Span::new(0, 2));
        layer.push(b"c", Span::new(2, 6));
        layer.push(b"de", Span::new(6, 8));
        assert_eq!(layer.stored(Span::new(1, 2)), Span::new(1, 2));
        assert_eq!(layer.stored(Span::new(1, 4)), Span::new(1, 7));
        assert_eq!(layer.stored(Span::new(2, 3)), Span::new(2, 6));
        let inner = |text: &[u8], stored| {
            let mut inner = Layer::new(Dress::Joined);
            inner.push(text, stored);
            inner.inside(&layer)
        };
        let inner = inner(b"bcde", Span::new(1, 5));
        assert_eq!(inner.stored(Span::new(0, 1)), Span::new(1, 2));
        assert_eq!(inner.stored(Span::new(2, 3)), Span::new(6, 7));
        let stored = br"ab\x63de";
        assert!(layer.is_verbatim(Span::new(3, 5), stored));
        assert!(!layer.is_verbatim(Span::new(0, 3), stored));
    }
    #[test]
    fn pieces_are_where_each_part_stands_in_any_order() {
        // stored: `b + "jvx_" cd`, decoded: `jvx_b`
        let mut layer = Layer::new(Dress::Joined);
        layer.push(b"jvx_", Span::new(5, 9));
        layer.push(b"b", Span::new(0, 1));
        assert_eq!(layer.stored(Span::new(0, 5)), Span::new(0, 9));
        let apart = [Span::new(0, 1), Span::new(6, 9)];
        assert_eq!(layer.pieces(Span::new(1, 5)), apart);
        assert_eq!(layer.pieces(Span::new(4, 5)), [Span::new(0, 1)]);
    }

    #[test]
    fn parts_of_a_line_of_base64_are_pieces_of_their_own() {
        let mut layer = Layer::new(Dress::Base64);
        layer.push(b"abcdef", Span::new(10, 18));
        assert_eq!(layer.stored(Span::new(0, 1)), Span::new(10, 18));
        assert_eq!(layer.pieces(Span::new(0, 2)), [Span::new(10, 13)]);
        assert_eq!(layer.pieces(Span::new(3, 6)), [Span::new(14, 18)]);
    }
}
