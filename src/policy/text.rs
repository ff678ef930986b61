//! Texts as editors save them.

/// A text without the byte order mark that editors of Windows put in front of it.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
