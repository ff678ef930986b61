//! The line of a file of settings on which a credential stands.

use super::super::change::TextChange;
use crate::model::{Span, Wording};

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

/// Makes the single quotes of a shell around a credential double ones, in which a variable is read. None where there are
/// none, and an error where what they hold would mean something else then. `before` is what stands in front of it.
pub(super) fn requoted(
    text: &[u8],
    secret: Span,
    before: &[u8],
) -> Result<Vec<TextChange>, &'static str> {
    const OTHER: &str = "it stands in single quotes, in which no variable is read";
    if memchr::memchr_iter(b'\'', before).count().is_multiple_of(2) {
        return Ok(Vec::new());
    }
    let open = memchr::memrchr(b'\'', before).ok_or(OTHER)?;
    let in_double = memchr::memchr_iter(b'"', &before[..open]).count() % 2 == 1;
    let open = secret.start - (before.len() - open);
    let close = memchr::memchr(b'\'', &text[secret.end..]).ok_or(OTHER)?;
    let close = secret.end + close;
    if in_double || text[open..close].iter().any(|b| b"$`\"\\!\n".contains(b)) {
        return Err(OTHER);
    }
    let quote = |at: usize| TextChange::new(Span::new(at, at + 1), Wording::plain("\""));
    Ok(vec![quote(open), quote(close)])
}

/// Columns in front of the text of a line.
pub(super) fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|b| **b == b' ').count()
}

/// The lines around a line that begins at `start`, the innermost first: each is the nearest above with a smaller indent.
/// With where they begin, in bytes.
pub(super) fn parents(text: &[u8], start: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |end| start + end);
    let is_item = |line: &[u8]| line.trim_ascii_start().starts_with(b"- ");
    let mut deepest = indent(&text[start..end]);
    // The items of a list may stand below its key in the same column.
    let mut in_list = is_item(&text[start..end]);
    let mut at = start;
    std::iter::from_fn(move || {
        while at > 0 && (deepest > 0 || in_list) {
            let end = at - 1;
            at = memchr::memrchr(b'\n', &text[..end]).map_or(0, |end| end + 1);
            let line = &text[at..end];
            let is_text = !line.trim_ascii().is_empty();
            let is_key_of_list = in_list && indent(line) == deepest && !is_item(line);
            if is_text && (indent(line) < deepest || is_key_of_list) {
                deepest = indent(line);
                in_list = is_item(line);
                return Some((at, line));
            }
        }
        None
    })
}
