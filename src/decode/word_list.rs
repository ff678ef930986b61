//! Lists of words without quotes of their own: `%w[jvx live ...]`, `qw(...)`, `(jvx_ live_ ...)`,
//! `"jvx live ...".split()`, and items of YAML on lines.

use super::glue::run;
use super::pieces::PREFIX;
use crate::model::Span;

/// Most words.
const MOST: usize = 64;

/// The words of the list that begins with the one at `first`; `None` when it is no beginning of a key
/// or in no list.
pub(super) fn at(text: &[u8], first: usize) -> Option<Vec<Span>> {
    let word = run(text, first);
    let behind = text.get(word.end)?;
    let is_listed = behind.is_ascii_whitespace() || b",;|:./".contains(behind);
    if !is_listed || !PREFIX.starts_with(&text[word.range()]) {
        return None;
    }
    let close = closer(text[..first].trim_ascii_end())?;
    let mut words = vec![word];
    let mut at = word.end;
    while words.len() < MOST {
        at += separator(&text[at..]);
        let word = run(text, at);
        // Between items on lines a dash begins the next one.
        let is_item = close.is_some() || text.get(at) != Some(&b'-');
        if word.is_empty() || !is_item {
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

/// Length of what stands between two words: space, or one mark with space around it.
fn separator(rest: &[u8]) -> usize {
    let space = |rest: &[u8]| {
        rest.iter()
            .take(256)
            .take_while(|b| b.is_ascii_whitespace())
            .count()
    };
    let mut length = space(rest);
    let is_new_line = rest[..length].contains(&b'\n');
    let is_mark = match rest.get(length) {
        Some(b'-') => is_new_line && rest.get(length + 1) == Some(&b' '),
        Some(b',' | b';' | b'|' | b':' | b'.' | b'/') => true,
        _ => false,
    };
    if is_mark {
        let next = length + 1 + space(&rest[length + 1..]);
        // A mark that closes the list separates nothing.
        if rest.get(next).is_some_and(super::glue::is_part) {
            length = next;
        }
    }
    length
}
