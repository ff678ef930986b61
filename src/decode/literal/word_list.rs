//! Lists of words without quotes of their own: `%w[jvx live ...]`, `qw(...)`, `(jvx_ live_ ...)`,
//! `"jvx live ...".split()`, and items of YAML on lines.

use super::PREFIX;
use super::run::{is_part, run};
use crate::model::Span;
use crate::syntax::before_blanks;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    r#"`%w[jvx live ...]`, `qw(...)`, shell arrays, `"jvx live ...".split()`, YAML items"#;

/// Most words.
const MOST: usize = 64;

/// The words of the list that begins with the one at `first`; `None` when it is no beginning of a key
/// or in no list.
pub(in crate::decode) fn at(text: &[u8], word: Span) -> Option<Vec<Span>> {
    let behind = text.get(word.end)?;
    let is_listed = behind.is_ascii_whitespace() || b",;|:./".contains(behind);
    if !is_listed || !PREFIX.starts_with(&text[word.range()]) {
        return None;
    }
    let close = closer(before_blanks(&text[..word.start]))?;
    let mut words = vec![word];
    let mut at = word.end;
    while words.len() < MOST {
        at += match close {
            Some(_) => separator(&text[at..]),
            None => item(&text[at..]),
        };
        let word = run(text, at);
        if word.is_empty() {
            break;
        }
        words.push(word);
        at = word.end;
    }
    let is_closed = close.is_none_or(|close| text.get(at) == Some(&close));
    (words.len() > 1 && is_closed).then_some(words)
}

/// What closes the list that `before` opens; `Some(None)` of items on lines, which nothing closes.
fn closer(before: &[u8]) -> Option<Option<u8>> {
    let (open, rest) = before.split_last()?;
    match open {
        b'(' => Some(Some(b')')),
        b'[' => Some(Some(b']')),
        b'{' => Some(Some(b'}')),
        b'<' => Some(Some(b'>')),
        b'|' | b'/' | b'!' | b'"' | b'\'' | b'`' => Some(Some(*open)),
        b'-' => rest
            .last()
            .is_none_or(u8::is_ascii_whitespace)
            .then_some(None),
        _ => before.ends_with(b"[list").then_some(Some(b']')),
    }
}

/// Length of what stands between two items: space with a dash in it, on the next line or, in a message that
/// quotes them, on the same. Zero where no item follows.
fn item(rest: &[u8]) -> usize {
    let before = space(rest);
    match &rest[before..] {
        [b'-', b' ', behind @ ..] if before > 0 => before + 2 + space(behind),
        _ => 0,
    }
}

/// Length of what stands between two words in brackets or quotes: space, or one mark with space around it.
fn separator(rest: &[u8]) -> usize {
    let mut length = space(rest);
    let is_mark = matches!(
        rest.get(length),
        Some(b',' | b';' | b'|' | b':' | b'.' | b'/')
    );
    if is_mark {
        let next = length + 1 + space(&rest[length + 1..]);
        // A mark that closes the list separates nothing.
        if rest.get(next).is_some_and(is_part) {
            length = next;
        }
    }
    length
}

/// Length of the space that `rest` begins with.
fn space(rest: &[u8]) -> usize {
    let space = rest.iter().take(256);
    space.take_while(|b| b.is_ascii_whitespace()).count()
}
