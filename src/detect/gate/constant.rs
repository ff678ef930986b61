//! A literal that a header takes by its name: `const TOKEN = "abc"` and, further on, `` `Bearer ${TOKEN}` ``.

use super::{Candidate, Refusal, header};
use crate::model::Span;
use memchr::memmem;

/// How far from its definition a name is looked for, to either side, in bytes.
const REACH: usize = 16 << 10;

/// How much of a line in front of a use is read, in bytes.
const LINE: usize = 256;

/// Longest name, in bytes.
const LONGEST: usize = 64;

/// What stands in front of a value in an authentication header, in small letters.
const HEADERS: [&[u8]; 8] = [
    b"authorization",
    b"bearer",
    b"basicauth",
    b"basic_auth",
    b"api-key",
    b"auth-token",
    b"access-token",
    b"private-token",
];

/// Gives the literal's span, if it is a credential and its name is used in a header nearby.
pub(super) fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let span = header::judge(candidate)?;
    match name(candidate).is_some_and(|name| is_used(candidate, name)) {
        true => Ok(span),
        false => Err("no header takes it by its name"),
    }
}

/// The name that the literal is given: what the match begins with and the characters before, or what stands
/// in front of its type.
fn name<'t>(candidate: &Candidate<'t>) -> Option<&'t [u8]> {
    let text = candidate.text;
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
    let typed = candidate.whole.start - typed(&text[..candidate.whole.start]);
    let before = text[..typed].iter().rev();
    let start = typed - before.take(LONGEST).take_while(is_part).count();
    let length = text[start..].iter().take(2 * LONGEST).take_while(is_part);
    let name = &text[start..start + length.count()];
    (name.len() <= LONGEST).then_some(name)
}

/// Length of the beginning of a type and what sets it off from the name, at the end of `before`: `: &'static `.
fn typed(before: &[u8]) -> usize {
    let is_part = |b: &&u8| b.is_ascii_alphabetic() || matches!(**b, b'&' | b'\'' | b' ');
    let length = before
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(is_part)
        .count();
    match before[..before.len() - length].last() {
        Some(b':') => length + 1,
        _ => 0,
    }
}

/// True when the name stands behind the name or the scheme of a header, on a line that is not its own.
fn is_used(candidate: &Candidate<'_>, name: &[u8]) -> bool {
    let text = candidate.text;
    let (before, after) = (candidate.whole.start, candidate.whole.end);
    let sides = [
        after..text.len().min(after + REACH),
        before.saturating_sub(REACH)..before.saturating_sub(name.len()),
    ];
    sides.into_iter().any(|side| {
        let side = &text[side];
        let mut uses = memmem::find_iter(side, name);
        uses.any(|at| is_whole(side, at, name.len()) && follows_header(&side[..at]))
    })
}

/// True when no other name begins or ends with this one here.
fn is_whole(text: &[u8], at: usize, length: usize) -> bool {
    let joins = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    !joins(at.checked_sub(1).and_then(|at| text.get(at))) && !joins(text.get(at + length))
}

/// True when the line so far has the name or the scheme of a header.
fn follows_header(before: &[u8]) -> bool {
    let line = &before[before.len().saturating_sub(LINE)..];
    let start = memchr::memrchr(b'\n', line).map_or(0, |at| at + 1);
    let line = line[start..].to_ascii_lowercase();
    HEADERS
        .iter()
        .any(|word| memmem::find(&line, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_used_behind_a_header_on_any_line() {
        for line in [
            "headers: { Authorization: `Bearer ${T}` }",
            "\"Bearer \" + T",
            "x-api-key: $T",
            "auth=HTTPBasicAuth(USER, T)",
        ] {
            let before = &line[..line.rfind('T').unwrap()];
            assert!(follows_header(before.as_bytes()), "{line}");
        }
        for before in ["// Authorization is needed\nconst ", "log(", ""] {
            assert!(!follows_header(before.as_bytes()), "{before}");
        }
    }

    #[test]
    fn a_name_is_whole() {
        assert!(is_whole(b"${T}", 2, 1));
        assert!(!is_whole(b"TOKEN", 0, 1));
        assert!(!is_whole(b"MY_T", 3, 1));
    }
}
