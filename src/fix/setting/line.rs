//! The line of a file of settings on which a credential stands.

use crate::model::Span;

/// A line around a credential.
pub(super) struct SettingLine<'t> {
    /// Where it begins, in bytes of the file.
    pub(super) start: usize,
    /// What stands in front of the credential.
    pub(super) before: &'t [u8],
    /// What stands behind it, without the line end.
    pub(super) behind: &'t [u8],
}

impl<'t> SettingLine<'t> {
    pub(super) fn around(text: &'t [u8], span: Span) -> Self {
        let start = memchr::memrchr(b'\n', &text[..span.start]).map_or(0, |end| end + 1);
        let end = memchr::memchr(b'\n', &text[span.end..]);
        let end = end.map_or(text.len(), |end| span.end + end);
        let behind = &text[span.end..end];
        Self {
            start,
            before: &text[start..span.start],
            behind: behind.strip_suffix(b"\r").unwrap_or(behind),
        }
    }

    /// Columns in front of the text of the line.
    pub(super) fn indent(&self) -> usize {
        indent(self.before)
    }

    /// What stands in front of the first of these signs, and what between it and the credential.
    pub(super) fn name_and_value(&self, signs: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
        let at = self.before.iter().position(|b| signs.contains(b))?;
        let name = self.before[..at].trim_ascii();
        let value = self.before[at + 1..].trim_ascii_start();
        (!name.is_empty()).then_some((name, value))
    }
}

/// Columns in front of the text of a line.
pub(super) fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|b| **b == b' ').count()
}

/// The lines around a line that begins at `start`, the innermost first: each is the nearest above with a smaller indent.
/// With where they begin, in bytes.
pub(super) fn parents(text: &[u8], start: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |end| start + end);
    let mut deepest = indent(&text[start..end]);
    let mut at = start;
    std::iter::from_fn(move || {
        while at > 0 && deepest > 0 {
            let end = at - 1;
            at = memchr::memrchr(b'\n', &text[..end]).map_or(0, |end| end + 1);
            let line = &text[at..end];
            let is_text = !line.trim_ascii().is_empty();
            if is_text && indent(line) < deepest {
                deepest = indent(line);
                return Some((at, line));
            }
        }
        None
    })
}
