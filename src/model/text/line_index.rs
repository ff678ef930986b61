//! From byte offsets to lines and columns. Built only for blobs that hit.

use super::super::Span;

/// A place in a text: 1-based line and 1-based column, the column counted in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based byte column.
    pub column: usize,
}

/// The offsets at which lines begin, up to the last offset anyone will ask for.
///
/// Lines end at `\n`, so a `\r\n` file counts the same lines. Memory is one word per line.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
}

impl LineIndex {
    /// Indexes the whole of `text`.
    pub fn new(text: &[u8]) -> Self {
        let newlines = text.iter().enumerate().filter(|(_, b)| **b == b'\n');
        let mut starts = vec![0];
        starts.extend(newlines.map(|(at, _)| at + 1));
        Self {
            starts,
            len: text.len(),
        }
    }

    /// The position of the byte at `offset`; an offset past the end is taken as the end.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.len);
        let line = self.starts.partition_point(|start| *start <= offset);
        Position {
            line,
            column: offset - self.starts[line - 1] + 1,
        }
    }

    /// The bytes of a 1-based line without its `\n`. A line past the end is empty.
    pub fn line(&self, line: usize) -> Span {
        let Some(start) = line.checked_sub(1).and_then(|i| self.starts.get(i)) else {
            return Span::new(self.len, self.len);
        };
        let end = self.starts.get(line).map_or(self.len, |next| next - 1);
        Span::new(*start, end)
    }

    /// Number of lines; a final `\n` opens one more, empty line.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_one_based_and_count_bytes() {
        let index = LineIndex::new("é\nab\n".as_bytes());
        let at = |offset| {
            let p = index.position(offset);
            (p.line, p.column)
        };
        assert_eq!(
            [at(0), at(2), at(3), at(4), at(6), at(99)],
            [(1, 1), (1, 3), (2, 1), (2, 2), (3, 1), (3, 1)]
        );
        assert_eq!(index.line(2), Span::new(3, 5));
        assert_eq!(index.line(9), Span::new(6, 6));
    }

    #[test]
    fn an_empty_text_has_one_line() {
        let index = LineIndex::new(b"");
        assert_eq!(index.lines(), 1);
        assert_eq!(index.position(0), Position { line: 1, column: 1 });
    }
}
