//! The body of a Jourvex key: undocumented in length and alphabet, so judged by what it is not.

use super::candidate::{Candidate, GatePage, Refusal};
use super::lately::{self, ValueRole};
use super::token::SHARED;
use super::value::randomness::{self, Prior};
use super::value::{placeholder, published, sequence, words};
use crate::decode::{PREFIX, SHORTEST_BODY, WHOLE_BODY};
use crate::model::Span;
use crate::rules::Gate;

/// What this gate says of itself.
pub(super) const JOURVEX_KEY: GatePage = GatePage {
    gate: Gate::JourvexKey,
    judges: "the body of a Jourvex key",
    harmless: &[
        SHARED[0],
        SHARED[1],
        SHARED[2],
        SHARED[3],
        "a key that a test puts together of pieces, where the test names nothing that a key is used with",
    ],
    judge,
    judge_shown: judge_alone,
};

/// Gives the key's span, or why it is none. A whole one is a key whatever stands around it: letters in front make no
/// identifier of it (`prod_jvx_live_...`), and what follows does not cut it off (`**jvx_live_...**`).
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let value = candidate.value();
    let body = value.get(PREFIX.len()..).unwrap_or_default();
    if body.is_empty() {
        return Err("the bare prefix");
    }
    let verdict = lately::recall(ValueRole::Body, body, check);
    if verdict.is_err()
        && let Some(length) = whole_part(body)
    {
        let start = candidate.span.start;
        return Ok(Span::new(start, start + PREFIX.len() + length));
    }
    if body.len() < WHOLE_BODY || verdict.is_err() {
        placeholder::following(candidate.after())?;
        let is_part = body.len() < WHOLE_BODY && joined_on_the_left(candidate.before());
        if is_part && !(candidate.is_encoded && is_length(candidate.before())) {
            return Err("part of a longer identifier");
        }
    }
    verdict?;
    published::check_body(body)?;
    Ok(candidate.span)
}

/// As [`judge`], of a text that is only to be shown. `jvx_live_...` of a range `A..B` is not cut off,
/// and in a name a key may be joined to words on either side, and to letters that make hexadecimal digits
/// look like little of an alphabet.
fn judge_alone(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let body = candidate.value().get(PREFIX.len()..).unwrap_or_default();
    let words = body.split(|b| matches!(b, b'_' | b'-'));
    let digits = body.split(|b| !b.is_ascii_hexdigit());
    match check(body) {
        Err(_) if words.chain(digits).any(|part| check(part).is_ok()) => Ok(candidate.span),
        verdict => verdict.map(|()| candidate.span),
    }
}

/// The length of a whole body that something is glued to: `KEY_placeholder_placeholder`, a key and forty times `x`, as
/// two files make where the first has no last line end.
fn whole_part(body: &[u8]) -> Option<usize> {
    let joints = (WHOLE_BODY..body.len()).filter(|at| matches!(body[*at], b'_' | b'-'));
    let run = body
        .windows(RUN)
        .position(|run| run.iter().all(|b| *b == run[0]));
    let mut ends = joints.chain(run.filter(|at| *at >= WHOLE_BODY)).take(PARTS);
    ends.find(|end| check(&body[..*end]).is_ok())
}

/// Fewest times that one character stands in a row where it is no part of a key.
const RUN: usize = 8;

/// Most parts of a body that are tried.
const PARTS: usize = 4;

/// What a body is not.
fn check(body: &[u8]) -> Result<(), Refusal> {
    sequence::check(body)?;
    words::check(body)?;
    if body.len() < SHORTEST_BODY {
        return Err("shorter than 16 characters");
    }
    randomness::check(body, Prior::Prefixed)
}

/// True when the byte before belongs to an identifier and not to an escape such as `%3D`, `\n`,
/// `\u0022`, `=3D` or the end of a terminal colour.
fn joined_on_the_left(before: &[u8]) -> bool {
    let joins = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    if !before.last().is_some_and(joins) {
        return false;
    }
    !ends_in_escape(before)
}

/// True when what stands before may be the length that binary formats put in front of a string: one or two
/// bytes that happen to be letters or digits, with no text before them.
fn is_length(before: &[u8]) -> bool {
    let letters = before
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric());
    let letters = letters.take(3).count();
    let further = before[..before.len() - letters].last();
    letters < 3 && further.is_none_or(|b| b.is_ascii_control() || !b.is_ascii())
}

fn ends_in_escape(before: &[u8]) -> bool {
    let tail = &before[before.len().saturating_sub(12)..];
    let hex = |n: usize| tail.iter().rev().take(n).all(u8::is_ascii_hexdigit);
    let at = |n: usize| tail.len().checked_sub(n).map(|i| tail[i]);
    let behind = |n: usize, mark: &[u8]| {
        tail.len()
            .checked_sub(n)
            .is_some_and(|i| tail[..i].ends_with(mark))
    };
    let simple = behind(1, b"\\")
        && matches!(
            at(1),
            Some(b'n' | b't' | b'r' | b'b' | b'f' | b'v' | b'a' | b'e' | b'0')
        );
    let percent = hex(2) && (behind(2, b"%") || behind(2, b"=") || behind(2, b"\\x"));
    let unicode = hex(4) && (behind(4, b"\\u") || behind(4, b"%u"));
    let wide = hex(8) && behind(8, b"\\U");
    let octal = tail.iter().rev().take(3).all(|b| (b'0'..=b'7').contains(b)) && behind(3, b"\\");
    simple || percent || unicode || wide || octal || ends_terminal_colour(tail)
}

/// `ESC [ 1 ; 31 m`: only digits and semicolons between the bracket and the `m`.
fn ends_terminal_colour(tail: &[u8]) -> bool {
    let Some(rest) = tail.strip_suffix(b"m") else {
        return false;
    };
    let digits = |b: &&u8| b.is_ascii_digit() || **b == b';';
    let count = rest.iter().rev().take_while(digits).count();
    rest[..rest.len() - count].ends_with(b"[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_on_the_left_is_a_separator() {
        for left in [
            "",
            "\"",
            "%22",
            "%3D",
            "\\n",
            "\\t",
            "\\u0022",
            "\\x22",
            "=3D",
            "\\042",
            "\u{1b}[1m",
            "Bearer%20",
            "\\U00000022",
            ".",
        ] {
            assert!(!joined_on_the_left(left.as_bytes()), "{left}");
        }
        for left in ["my_", "x", "0", "def my_", "kmm"] {
            assert!(joined_on_the_left(left.as_bytes()), "{left}");
        }
    }

    #[test]
    fn a_length_in_front_of_a_string_is_a_byte_or_two() {
        for left in [&b"I"[..], b"4A", b"\n\x00I", b"\xD9I"] {
            assert!(is_length(left), "{left:?}");
        }
        for left in [&b"my_"[..], b"abc", b"k=a", b" I"] {
            assert!(!is_length(left), "{left:?}");
        }
    }
}
