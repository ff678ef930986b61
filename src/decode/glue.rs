//! What stands between two pieces of a string that a program puts together: operators, commas,
//! brackets, comments, and calls whose name says that they join. Whatever the language: a false join
//! only makes text that no rule matches.
//!
//! A name is no glue, since it gives the piece behind it a meaning of its own (`{prefix: "a", digest:
//! "b"}`), unless something is added to what it stands for: `key += "b"`, `append key "b"`.

use super::call::{self, Call};
use super::comment::comment;
use super::run::run;
use crate::model::Span;
use memchr::memmem;

/// Longest gap between two pieces, in bytes: an operator, a line break, indentation, a comment.
const LONGEST: usize = 256;

/// How far before the first piece the name stands that a later statement adds to, in bytes.
const NAMED_WITHIN: usize = 256;

/// Most names in a gap: `key = key + "b"`.
const MOST_NAMES: usize = 4;

/// Letters in front of a literal and behind one: `f"a"`, `u8"a"`, `"a"s`, `"a"_s`.
const AROUND_LITERALS: [&[u8]; 14] = [
    b"f", b"b", b"r", b"u", b"L", b"U", b"R", b"N", b"E", b"s", b"u8", b"rb", b"sv", b"_s",
];

/// What follows each string that `STRING` of COBOL joins whole.
const DELIMITER: &[u8] = b"delimited by size";

/// How two pieces hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glue {
    /// By an operator or a call: they are one string.
    Joined,
    /// By nothing: one string in C, two arguments in a shell.
    Adjacent,
    /// By a comma or the like: members of a list.
    Listed,
}

/// A piece that follows another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Its characters that may be part of a key.
    pub(super) span: Span,
    /// False when the literal goes on with other characters.
    pub(super) is_whole: bool,
    /// Behind what ends the literal.
    pub(super) end: usize,
    pub(super) glue: Glue,
}

fn starts_with_delimiter(rest: &[u8]) -> bool {
    let there = rest.get(..DELIMITER.len());
    there.is_some_and(|there| there.eq_ignore_ascii_case(DELIMITER))
}

/// Length of the quotes that end a literal at `at`: three in some languages.
pub(super) fn closing(text: &[u8], at: usize) -> usize {
    let is_triple = text[at..].starts_with(b"\"\"\"") || text[at..].starts_with(b"'''");
    if is_triple { 3 } else { 1 }
}

/// The piece that follows what ends at `at`; `first` is where the first piece begins.
pub(super) fn next(text: &[u8], first: usize, at: usize) -> Option<Piece> {
    let rest = &text[at.min(text.len())..text.len().min(at + LONGEST)];
    let mut gap = Gap {
        text,
        rest,
        first,
        start: at,
        ..Gap::default()
    };
    if let Some(bare) = gap.bare(0) {
        return Some(bare);
    }
    while let Some(byte) = gap.rest.get(gap.at) {
        if matches!(byte, b'"' | b'\'' | b'`') && !gap.ends_template() && !gap.continues_line() {
            return gap.literal();
        }
        gap.at += gap.token(*byte)?;
        let leads_on = gap.grows || (gap.at == 1 && matches!(byte, b'}' | b')'));
        if let Some(bare) = leads_on.then(|| gap.bare(gap.at)).flatten() {
            return Some(bare);
        }
    }
    None
}

/// A gap as far as it was read.
#[derive(Default)]
struct Gap<'t> {
    text: &'t [u8],
    rest: &'t [u8],
    first: usize,
    start: usize,
    at: usize,
    /// An operator that joins, or a call.
    joins: bool,
    /// An operator that adds to what a name stands for, as the last thing read.
    grows: bool,
    lists: bool,
    assigns: bool,
    /// Brackets that were closed and not opened here.
    closed: usize,
    names: Vec<&'t [u8]>,
}

impl<'t> Gap<'t> {
    /// Length of the token that begins with `byte`; `None` when it is no glue.
    fn token(&mut self, byte: u8) -> Option<usize> {
        let rest = &self.rest[self.at..];
        if let Some(length) = comment(rest, self.is_spaced()) {
            return Some(length);
        }
        self.grows = false;
        if byte.eq_ignore_ascii_case(&b'd') && starts_with_delimiter(rest) {
            self.joins = true;
            return Some(DELIMITER.len());
        }
        match byte {
            b'.' if rest.get(1).is_some_and(u8::is_ascii_alphabetic) => Some(1),
            b'+' | b'.' | b'&' | b'<' | b'^' | b'*' | b'|' | b'~' | b'%' => {
                self.joins = true;
                self.grows = rest.get(1) == Some(&b'=');
                Some(1 + usize::from(self.grows))
            }
            b'>' if self.joins => Some(1),
            b',' | b';' => {
                self.lists = true;
                Some(1)
            }
            b')' | b']' | b'}' => {
                self.closed += 1;
                Some(1)
            }
            b'(' | b'[' | b'{' => {
                self.closed = self.closed.saturating_sub(1);
                Some(1)
            }
            b'@' | b'$' | b'!' | b'#' => Some(1),
            b'"' | b'\'' | b'`' => Some(1),
            b'\\' => matches!(rest.get(1), Some(b'\n' | b'\r' | b'(')).then_some(1),
            b'-' => self.dash(rest),
            b':' if self.rest[..self.at].ends_with(b"append") => Some(1),
            b':' => (rest.get(1) == Some(&b':')).then_some(2),
            b'=' => {
                self.assigns = true;
                (rest.get(1) != Some(&b'=')).then_some(1)
            }
            _ if byte.is_ascii_whitespace() => Some(1),
            _ if byte.is_ascii_alphanumeric() || byte == b'_' => self.word(rest),
            _ => None,
        }
    }

    /// `->`, the operator `-f`, or the mark of an item on a line of its own.
    fn dash(&mut self, rest: &[u8]) -> Option<usize> {
        if rest.starts_with(b"->") {
            return Some(2);
        }
        if rest.starts_with(b"-f ") {
            self.joins = true;
            return Some(2);
        }
        let line = self.rest[..self.at].trim_ascii_end();
        let is_item = self.rest[line.len()..self.at].contains(&b'\n');
        self.lists |= is_item;
        (is_item && rest.starts_with(b"- ")).then_some(1)
    }

    /// A word: letters of a literal, the name of a call, or the name of something else.
    fn word(&mut self, rest: &'t [u8]) -> Option<usize> {
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        let (word, behind) = rest.split_at(length);
        let is_letters = AROUND_LITERALS.contains(&word);
        let is_before = matches!(behind.first(), Some(b'"' | b'\''));
        if (is_letters && (self.at == 0 || is_before)) || (word == b"_" && self.at > 0) {
            return Some(length);
        }
        let is_method = self.rest[..self.at].ends_with(b".");
        match call::of(word) {
            Call::Joins if self.closed > 0 && call::takes_separator(word) => return None,
            Call::Joins | Call::Formats => self.joins = true,
            // What a literal is converted to does not matter.
            Call::Makes if behind.first() != Some(&b' ') || word == b"new" => {}
            _ if is_method && (behind.starts_with(b"()") || is_at_once(behind)) => {}
            _ => {
                self.names.push(word);
                return self.names_may_join().then_some(length);
            }
        }
        Some(length)
    }

    /// False when a name was read behind which nothing can be a piece any more: one that is not known, or a
    /// second one where something else is assigned to.
    fn names_may_join(&self) -> bool {
        let is_other = self.assigns && self.names.len() > 1 && self.names[0] != self.names[1];
        self.names.len() <= MOST_NAMES
            && !is_other
            && self.names.last().is_none_or(|n| self.is_known(n))
    }

    /// True for a name that stands shortly before the first piece.
    fn is_known(&self, name: &[u8]) -> bool {
        let near = &self.text[self.first.saturating_sub(NAMED_WITHIN)..self.first];
        memmem::find(near, name).is_some()
    }

    /// The literal whose quote stands here.
    fn literal(&self) -> Option<Piece> {
        let glue = self.glue()?;
        let quote = self.rest[self.at];
        let mut open = self.start + self.at + 1;
        if self.at == 0 && self.text.get(open) == Some(&quote) {
            return None;
        }
        if self.text[open..].starts_with(&[quote, quote]) {
            open += 2;
        }
        let span = run(self.text, open);
        let is_whole = self.text.get(span.end) == Some(&quote);
        (!span.is_empty()).then_some(Piece {
            span,
            is_whole,
            end: span.end
                + if is_whole {
                    closing(self.text, span.end)
                } else {
                    0
                },
            glue,
        })
    }

    /// Characters without quotes at `at`: behind a quote in a shell, behind a brace in a template, and
    /// behind `+=`.
    fn bare(&self, at: usize) -> Option<Piece> {
        let span = run(self.text, self.start + at);
        let text = &self.text[span.range()];
        let glue = self.glue()?;
        // `->` and `--` are no word, and a key may begin with a dash.
        let has_letters = text.iter().any(u8::is_ascii_alphanumeric);
        let is_word = has_letters && !AROUND_LITERALS.contains(&text);
        is_word.then_some(Piece {
            span,
            is_whole: true,
            end: span.end,
            glue,
        })
    }

    fn glue(&self) -> Option<Glue> {
        let is_same = matches!(self.names[..], [first, second, ..] if first == second);
        if self.assigns && !(is_same && self.joins) {
            return None;
        }
        if !self.joins && !self.names.is_empty() {
            return None;
        }
        Some(match (self.joins, self.lists) {
            (true, _) => Glue::Joined,
            // What follows a list is no member of it.
            (_, true) if self.closed > 0 => return None,
            (_, true) => Glue::Listed,
            _ => Glue::Adjacent,
        })
    }

    /// True at the quote that ends a template whose last part is in braces: `f"{'a'}" "b"`.
    fn ends_template(&self) -> bool {
        self.at == 1 && self.rest[0] == b'}'
    }

    /// True at a backtick that ends a line, as PowerShell has it.
    fn continues_line(&self) -> bool {
        let behind = &self.rest[self.at..];
        behind.starts_with(b"`\n") || behind.starts_with(b"`\r\n")
    }

    fn is_spaced(&self) -> bool {
        self.at > 0 && self.rest[self.at - 1].is_ascii_whitespace()
    }
}

/// True when nothing but an operator or a bracket follows a method without arguments: `"a".freeze +`.
fn is_at_once(behind: &[u8]) -> bool {
    let next = behind.trim_ascii_start().first();
    next.is_some_and(|b| matches!(b, b'+' | b'.' | b'<' | b',' | b')' | b']'))
}
