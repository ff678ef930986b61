//! Text as Markdown shows code.

use super::super::escape;
use super::super::text::keys;
use crate::model::{ExposedKey, Reveal, Secret};

/// Longest text of one cell, in characters.
pub(super) const LONGEST_CELL: usize = 300;

/// A code span. `|` and backticks are escaped like hidden characters are, since Markdown's own ways to write them in a
/// table differ from one renderer to the next. Without backticks in it nothing else ends a span, so that `<password>`
/// is shown as it is and no tag.
pub(in crate::report) fn code(text: &str) -> String {
    let text = cut(text);
    let text = escape::without(&text, &['|', '`']);
    match text.trim() {
        "" => String::new(),
        text => format!("`{text}`"),
    }
}

/// What tells a key from others.
pub(in crate::report) fn key_name(key: &ExposedKey) -> String {
    let secret = shown(&key.secret);
    let mut name = vec![code(&keys::identity(key))];
    name.extend(Some(secret).filter(|secret| !secret.is_empty()));
    name.join(" ")
}

pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// What may be shown of a secret, which may be nothing.
pub(super) fn shown(secret: &Secret) -> String {
    match secret.shown(Reveal::Redacted) {
        none if none == "..." => String::new(),
        some => code(&some),
    }
}
