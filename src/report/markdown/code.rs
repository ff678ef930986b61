//! Text as Markdown shows code.

use super::super::escape;
use super::super::text::keys;
use crate::model::{ExposedKey, Reveal, Secret};

/// Longest text of one cell, in characters.
pub(super) const LONGEST_CELL: usize = 300;

/// A code span. `|` is escaped like hidden characters are, since Markdown's own ways to write it in a table differ from
/// one renderer to the next. The fence is longer than any run of backticks in it, so that nothing ends the span, and
/// `<password>` is shown as it is and no tag.
pub(crate) fn code(text: &str) -> String {
    let text = cut(text);
    let text = escape::without(&text, &['|']);
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(1 + runs.max().unwrap_or_default());
    match text.trim() {
        "" => String::new(),
        // The blanks belong to the fence.
        text if fence.len() > 1 => format!("{fence} {text} {fence}"),
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

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_span_holds_backticks_in_a_longer_fence() {
        assert_eq!(code("a|b"), r"`a\x7cb`");
        assert_eq!(
            code("run `jvxleaks history`"),
            "`` run `jvxleaks history` ``"
        );
        assert_eq!(code("``x` `y"), "``` ``x` `y ```");
    }
}
