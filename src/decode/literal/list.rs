//! What stands around the members of a list: the bracket that opens it and the call that joins it.

use super::call::{self, Call};
use super::run::is_part;
use crate::model::Span;

/// How far around a list its bracket and its call are looked for, in bytes.
const AROUND: usize = 96;

/// Longest member of a list that is turned round, with what separates it from the next, in bytes.
const LONGEST_MEMBER: usize = 256;

/// Most members in front of the first piece: `String.join("", "jvx_", ...)`.
const MOST_BEFORE: usize = 4;

/// What makes a comma a sign that pieces may belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Opener {
    /// A call that joins.
    Joins,
    /// A list, a tuple, or the call that makes one.
    Lists,
    /// Neither: the arguments of some other call, the fields of a record.
    Other,
}

/// What opens the list whose member begins at `first`, in front of its quote.
pub(in crate::decode) fn opener(text: &[u8], first: usize) -> Opener {
    let mut before = &text[first.saturating_sub(AROUND)..first];
    for _ in 0..=MOST_BEFORE {
        before = without_letters(before).trim_ascii_end();
        match before.split_last() {
            Some((b'[' | b'{' | b'|' | b'<', rest)) => {
                let is_joined = ends_in_call(rest.trim_ascii_end(), true) == Call::Joins;
                return if is_joined {
                    Opener::Joins
                } else {
                    Opener::Lists
                };
            }
            Some((b'(', rest)) => return of_call(rest),
            Some((b'-', rest)) if rest.trim_ascii_end().len() < rest.len() => return Opener::Lists,
            Some((b',' | b';', rest)) => before = without_member(rest),
            _ => return of_command(before),
        }
    }
    Opener::Other
}

/// The member in front of the one whose content begins at `start`, without its quotes.
pub(in crate::decode) fn member_before(text: &[u8], start: usize) -> Option<Span> {
    let open = start.checked_sub(1)?;
    let near = text[open.saturating_sub(LONGEST_MEMBER)..open].trim_ascii_end();
    let near = near
        .strip_suffix(b",")
        .or(near.strip_suffix(b";"))?
        .trim_ascii_end();
    let (quote, rest) = near
        .split_last()
        .filter(|(b, _)| matches!(b, b'"' | b'\'' | b'`'))?;
    let length = rest.iter().rev().take_while(|b| is_part(b)).count();
    let end = open.saturating_sub(LONGEST_MEMBER) + rest.len();
    let is_whole = rest.len() > length && rest[rest.len() - length - 1] == *quote;
    (is_whole && length > 0).then(|| Span::new(end - length, end))
}

/// True when what follows the list that ends at `end` joins it.
pub(in crate::decode) fn is_joined_behind(text: &[u8], end: usize) -> bool {
    let behind = &text[end..text.len().min(end + AROUND)];
    let close = |b: &u8| b.is_ascii_whitespace() || b",)]}|>'\"".contains(b);
    let closers = behind.iter().take_while(|b| close(b)).count();
    let call = &behind[closers..];
    let sign = call.iter().take_while(|b| b".-|> ?".contains(b)).count();
    let name = &call[sign..];
    let length = name.iter().take_while(|b| is_word(b)).count();
    sign > 0 && call::of(&name[..length]) == Call::Joins
}

/// True when a list is turned round where it stands.
pub(in crate::decode) fn is_reversed(text: &[u8], start: usize, end: usize) -> bool {
    let behind = &text[end..text.len().min(end + AROUND)];
    let behind = behind.split(|b| *b == b'\n').next().unwrap_or_default();
    let before = &text[start.saturating_sub(AROUND / 3)..start];
    let has = |part: &[u8], text| memchr::memmem::find(text, part).is_some();
    let near = [before, behind];
    near.iter().any(|t| has(b"rev", t) || has(b"Rev", t)) || has(b"::-1", behind)
}

/// The bracket of a call: `concat(`, `listOf(`, or of a tuple.
fn of_call(before: &[u8]) -> Opener {
    let before = before.strip_suffix(b"!").unwrap_or(before);
    match ends_in_call(before.trim_ascii_end(), false) {
        Call::Joins | Call::Formats => Opener::Joins,
        Call::Makes => Opener::Lists,
        Call::Other => {
            let is_name = before.trim_ascii_end().last().is_some_and(is_word);
            if is_name {
                Opener::Other
            } else {
                Opener::Lists
            }
        }
    }
}

/// A command without brackets: `join '', 'jvx_', ...`, `-join 'jvx_', ...`.
fn of_command(before: &[u8]) -> Opener {
    match ends_in_call(before, false) {
        Call::Joins => Opener::Joins,
        _ => Opener::Other,
    }
}

/// What the name that `before` ends in says; `any` also asks the call around: `concat([`, `implode('',
/// [`, `Join([]string{`.
fn ends_in_call(before: &[u8], any: bool) -> Call {
    if any {
        let mut names = before.split(|b| !is_word(b)).filter(|n| !n.is_empty());
        let joins = names.any(|name| call::of(name) == Call::Joins);
        return if joins { Call::Joins } else { Call::Other };
    }
    let length = before.iter().rev().take_while(|b| is_word(b)).count();
    call::of(&before[before.len() - length..])
}

/// What stands before the letters in front of a literal.
fn without_letters(before: &[u8]) -> &[u8] {
    let letters = before
        .iter()
        .rev()
        .take(2)
        .take_while(|b| b"fbruLURNE@$".contains(b));
    let rest = &before[..before.len() - letters.count()];
    let is_word_end = rest.last().is_some_and(is_word);
    if is_word_end { before } else { rest }
}

/// What stands before a member: a literal, a name or a number.
fn without_member(before: &[u8]) -> &[u8] {
    let before = before.trim_ascii_end();
    match before.split_last() {
        Some((quote @ (b'"' | b'\'' | b'`'), rest)) => {
            let open = memchr::memrchr(*quote, rest).unwrap_or(0);
            &rest[..open]
        }
        _ => {
            let part = |b: &&u8| is_part(b) || b"$@.:&".contains(b);
            let length = before.iter().rev().take_while(part).count();
            &before[..before.len() - length]
        }
    }
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}
