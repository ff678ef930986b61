//! Shells, in which a variable stands within a word or between double quotes.

use super::change::TextChanges;
use super::literal::SecretLiteral;
use super::variable::FALLBACK;
use crate::model::{Span, Wording};
use crate::syntax::Tree;

/// `${A:-` of `${A:-b}`, behind which nothing closes it.
pub(super) fn is_shell_default(before: &[u8]) -> bool {
    let open = memchr::memmem::rfind(before, b"${");
    open.is_some_and(|open| memchr::memchr(b'}', &before[open..]).is_none())
}

/// In a shell a variable stands in double quotes, whatever is beside it there.
pub(super) fn within_shell(
    tree: &Tree<'_>,
    literal: &SecretLiteral,
    secret: Span,
    read: &str,
) -> Result<TextChanges, &'static str> {
    let text = tree.text;
    let body = &text[literal.body.range()];
    let line = memchr::memrchr(b'\n', &text[..literal.whole.start]).map_or(0, |end| end + 1);
    let opened = memchr::memchr_iter(b'"', &text[line..literal.whole.start]).count() % 2 == 1;
    let before = &text[literal.body.start..secret.start];
    if is_shell_default(&text[line..secret.start]) {
        return Err(FALLBACK);
    }
    // `"$(echo 'a')"` is a script of its own.
    let is_nested = opened
        || memchr::memmem::find(before, b"$(").is_some()
        || before.iter().any(|b| b"`'\"".contains(b));
    match literal.quote(tree) {
        _ if is_nested => Err("it stands in a script within the script"),
        b'"' if literal.prefix(tree).is_empty() => {
            Ok(TextChanges::safe(secret, Wording::reading(read)))
        }
        b'\''
            if literal.prefix(tree).is_empty()
                && !body.iter().any(|b| b"$`\"\\!\n".contains(b)) =>
        {
            let before =
                String::from_utf8_lossy(&text[literal.body.start..secret.start]).into_owned();
            let behind = String::from_utf8_lossy(&text[secret.end..literal.body.end]).into_owned();
            let (before, behind) = (format!("\"{before}"), format!("{behind}\""));
            let read = Wording::reading(read).between(&before, &behind);
            Ok(TextChanges::safe(literal.whole, read))
        }
        _ => Err("it stands in single quotes, in which no variable is read"),
    }
}

/// The first single quote of a script that no other one closes on its line.
pub(super) fn open_quote(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive(|b| *b == b'\n') {
        let start = line.len() - line.trim_ascii_start().len();
        let is_comment = line[start..].starts_with(b"#");
        let quotes = memchr::memchr_iter(b'\'', line).count();
        if !is_comment && quotes % 2 == 1 {
            return memchr::memchr(b'\'', line).map(|quote| at + quote);
        }
        at += line.len();
    }
    None
}
