//! What stands between two pieces of a string that a program puts together: operators, commas,
//! brackets, comments, and calls whose name says that they join. Whatever the language: a false join
//! only makes text that no rule matches.
//!
//! A name is a piece where it stands for a literal (`named`). Any other is no glue, since it gives the piece behind
//! it a meaning of its own (`{prefix: "a", digest: "b"}`), unless something is added to what it stands for:
//! `key += "b"`, `append key "b"`.

use super::call::{self, Call};
use super::comment::comment;
use super::named::{Names, is_macro, is_word, whole_places};
use super::run::run;
use crate::model::Span;
use crate::syntax::{Lexer, Style, Token, TokenKind};

/// Longest gap between two pieces, in bytes: an operator, a line break, indentation, a comment.
const LONGEST: usize = 256;

/// How far before the first piece the name stands that a later statement adds to, in bytes.
const NAMED_WITHIN: usize = 256;

/// Longest literal behind it, with the letters in front of its quote.
const LONGEST_LITERAL: usize = 4096;
const LONGEST_PREFIX: usize = 3;

/// Most tokens in it.
const MOST_TOKENS: usize = 32;

/// Most names in a gap: `key = key + "b"`.
const MOST_NAMES: usize = 4;

/// Letters behind a literal, and in front of one that is cut off: `"a"s`, `"a"_s`.
const AROUND_LITERALS: [&[u8]; 14] = [
    b"f", b"b", b"r", b"u", b"L", b"U", b"R", b"N", b"E", b"s", b"u8", b"rb", b"sv", b"_s",
];

/// What follows each string that `STRING` of COBOL joins whole.
const DELIMITER: &[u8] = b"delimited by size";

/// Comments are told by `comment`, which knows more kinds, and that `//` joins in Fortran.
pub(in crate::decode) const STYLE: Style = Style {
    slashes: false,
    hash: false,
    dashes: false,
};

/// How two pieces hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Glue {
    /// By an operator or a call: they are one string.
    Joined,
    /// By nothing: one string in C, two arguments in a shell.
    Adjacent,
    /// By a comma or the like: members of a list.
    Listed,
}

/// A piece that follows another.
#[derive(Clone, Debug)]
pub(in crate::decode) struct Piece {
    /// Its characters that may be part of a key; a name may stand for several literals that are joined.
    pub(in crate::decode) spans: Vec<Span>,
    /// False when the literal goes on with other characters.
    pub(in crate::decode) is_whole: bool,
    /// It is a name.
    pub(in crate::decode) is_named: bool,
    /// Behind what ends the literal, or the name.
    pub(in crate::decode) end: usize,
    pub(in crate::decode) glue: Glue,
}

/// Length of the quotes that end a literal at `at`: three in some languages.
pub(in crate::decode) fn closing(text: &[u8], at: usize) -> usize {
    let is_triple = text[at..].starts_with(b"\"\"\"") || text[at..].starts_with(b"'''");
    if is_triple { 3 } else { 1 }
}

/// The piece that follows what ends at `at`; `first` is where the first piece begins. Without `names` only literals
/// are pieces.
pub(in crate::decode) fn next<'t>(
    text: &'t [u8],
    names: Option<&Names<'t>>,
    first: usize,
    at: usize,
) -> Option<Piece> {
    let mut gap = Gap {
        text,
        names,
        first,
        start: at,
        tokens: Lexer::new(text, Span::new(at, text.len().min(at + LONGEST)), STYLE),
        joins: false,
        grows: false,
        lists: false,
        assigns: false,
        begins_line: false,
        closed: 0,
        last: None,
        others: Vec::new(),
    };
    if let Some(bare) = gap.bare(at) {
        return Some(bare);
    }
    for _ in 0..MOST_TOKENS {
        let token = gap.token()?;
        let piece = match token.kind {
            // `"${P}"`: what is put into the literal is a piece.
            TokenKind::Str if gap.begins_with_name(token) => {
                gap.tokens.seek(token.body.start);
                None
            }
            TokenKind::Str => return gap.literal(token),
            TokenKind::Name => gap.name(token)?,
            _ => {
                gap.sign(token)?;
                None
            }
        };
        let ends_template = token.kind == TokenKind::Close && token.span.end == at + 1;
        let bare = || (gap.grows || ends_template).then(|| gap.bare(token.span.end));
        if let Some(piece) = piece.or_else(|| bare().flatten()) {
            return Some(piece);
        }
        // `f"{'a'}" "b"`
        if ends_template && text.get(at + 1).is_some_and(is_quote) {
            gap.tokens.seek(at + 2);
        }
        gap.last = Some(token);
    }
    None
}

/// A gap as far as it was read.
struct Gap<'t, 'n> {
    text: &'t [u8],
    names: Option<&'n Names<'t>>,
    first: usize,
    start: usize,
    tokens: Lexer<'t>,
    /// An operator that joins, or a call.
    joins: bool,
    /// An operator that adds to what a name stands for, as the last thing read.
    grows: bool,
    lists: bool,
    assigns: bool,
    /// The last thing read is the first on its line.
    begins_line: bool,
    /// Brackets that were closed and not opened here.
    closed: usize,
    last: Option<Token>,
    /// Names that stand for no literal.
    others: Vec<&'t [u8]>,
}

impl<'t> Gap<'t, '_> {
    /// What comes next, comments left out; `None` where the gap is too long.
    fn token(&mut self) -> Option<Token> {
        let text = self.text;
        let near = &text[..text.len().min(self.start + LONGEST)];
        self.begins_line = false;
        loop {
            let rest = near.get(self.tokens.position()..)?;
            let space = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
            self.begins_line |= rest[..space].contains(&b'\n');
            let start = self.tokens.position() + space;
            let is_spaced = start > self.start && text[start - 1].is_ascii_whitespace();
            match comment(&rest[space..], is_spaced) {
                // In Fortran `//` joins.
                Some(length) => self.tokens.seek(start + length),
                None if space > 0 => self.tokens.seek(start),
                None => break,
            }
        }
        // Only a literal may be longer than a gap.
        let next = &near[self.tokens.position().min(near.len())..];
        let is_literal = next.iter().take(LONGEST_PREFIX + 1).any(is_quote);
        let end = if is_literal {
            near.len() + LONGEST_LITERAL
        } else {
            near.len()
        };
        self.tokens.limit(end);
        let token = self.tokens.next()?;
        (token.span.start < near.len()).then_some(token)
    }

    /// Reads a sign or a bracket; `None` when it is no glue.
    fn sign(&mut self, token: Token) -> Option<()> {
        let rest = &self.text[token.span.end..];
        self.grows = false;
        match token.text(self.text) {
            b"." if rest.first().is_some_and(u8::is_ascii_alphabetic) => {}
            b"+=" => (self.joins, self.grows) = (true, true),
            b"+" | b"++" | b"." | b".." | b"&" | b"&&" | b"<" | b"<<" | b"<>" | b"^" | b"*"
            | b"|" | b"||" | b"|>" | b"~" | b"%" => {
                self.joins = true;
                self.grows = rest.starts_with(b"=") && !rest.starts_with(b"==");
                self.tokens.seek(token.span.end + usize::from(self.grows));
            }
            b">" if self.joins => {}
            b"," | b";" => self.lists = true,
            b")" | b"]" | b"}" => self.closed += 1,
            b"(" | b"[" | b"{" => self.closed = self.closed.saturating_sub(1),
            b"@" | b"!" | b"#" | b"->" | b"::" => {}
            // The operator `-f`, or the mark of an item.
            b"-" if rest.starts_with(b"f ") => {
                self.joins = true;
                self.tokens.seek(token.span.end + 1);
            }
            b"-" if self.begins_line && rest.starts_with(b" ") => self.lists = true,
            b":" => self
                .last
                .filter(|last| last.text(self.text) == b"append")
                .map(drop)?,
            b"=" => self.assigns = true,
            _ if token.kind == TokenKind::Newline => {}
            _ => return None,
        }
        Some(())
    }

    /// Reads a name: letters of a literal, a call, what stands for a literal, or something else; `None` when it is
    /// no glue.
    fn name(&mut self, token: Token) -> Option<Option<Piece>> {
        let written = token.text(self.text);
        let start = token.span.start;
        let is_suffix = start == self.start && AROUND_LITERALS.contains(&written);
        if is_suffix || (written == b"_" && start > self.start) {
            return Some(None);
        }
        let delimiter = self.text.get(start..start + DELIMITER.len());
        if delimiter.is_some_and(|there| there.eq_ignore_ascii_case(DELIMITER)) {
            self.joins = true;
            self.tokens.seek(start + DELIMITER.len());
            return Some(None);
        }
        if let Some(piece) = self.named(token) {
            return Some(Some(piece));
        }
        self.grows = false;
        let mut at = start;
        for word in written.split(|b| !is_word(b)) {
            let end = at + word.len();
            if !word.is_empty() {
                self.word(word, at, end)?;
            }
            at = end + 1;
        }
        Some(None)
    }

    /// True when the value of a name is what a literal begins with.
    fn begins_with_name(&self, token: Token) -> bool {
        let begins = |sign: &&[u8]| self.text[token.body.range()].starts_with(sign);
        self.names.is_some() && [&b"$"[..], b"{", b"#{", b"%", b"\\("].iter().any(begins)
    }

    /// The piece that a name stands for.
    fn named(&self, token: Token) -> Option<Piece> {
        let glue = self.glue()?;
        let names = self.names?;
        let (name, end) = names.used(token)?;
        let (place, spans) = names.value(name, token.span.start)?;
        let before = &self.text[self.start..token.span.start];
        let is_put_in = || is_put_in(before, token.text(self.text));
        if glue == Glue::Adjacent && !is_put_in() && !is_macro(self.text, place) {
            return None;
        }
        Some(Piece {
            spans,
            is_whole: true,
            is_named: true,
            end,
            glue,
        })
    }

    /// A word of a name: a call, or something else.
    fn word(&mut self, word: &'t [u8], start: usize, end: usize) -> Option<()> {
        let behind = &self.text[end..];
        let is_method = self.text[..start].ends_with(b".");
        match call::of(word) {
            Call::Joins if self.closed > 0 && call::takes_separator(word) => return None,
            Call::Joins | Call::Formats => self.joins = true,
            // What a literal is converted to does not matter.
            Call::Makes if behind.first() != Some(&b' ') || word == b"new" => {}
            _ if is_method && (behind.starts_with(b"()") || is_at_once(behind)) => {}
            _ => {
                self.others.push(word);
                return self.others_may_join().then_some(());
            }
        }
        Some(())
    }

    /// False when a name was read behind which nothing can be a piece any more: one that is not known, or a
    /// second one where something else is assigned to.
    fn others_may_join(&self) -> bool {
        let is_other = self.assigns && self.others.len() > 1 && self.others[0] != self.others[1];
        self.others.len() <= MOST_NAMES
            && !is_other
            && self.others.last().is_none_or(|n| self.is_known(n))
    }

    /// True for a name that stands shortly before the first piece.
    fn is_known(&self, name: &[u8]) -> bool {
        let near = Span::new(self.first.saturating_sub(NAMED_WITHIN), self.first);
        let is_there = whole_places(self.text, near, name).next().is_some();
        // The name of a file may begin with other letters: `xsb.append("jvx_"); sb.append("live_")`.
        let letters = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
        let begins = self.text.iter().take_while(letters).count();
        is_there || self.text[..begins.min(near.end)].ends_with(name)
    }

    /// The literal of a token.
    fn literal(&self, token: Token) -> Option<Piece> {
        let glue = self.glue()?;
        let span = run(self.text, token.body.start);
        let is_whole = span.end == token.body.end;
        (!span.is_empty()).then(|| Piece {
            spans: vec![span],
            is_whole,
            is_named: false,
            end: if is_whole { token.span.end } else { span.end },
            glue,
        })
    }

    /// Characters without quotes at `at`: behind a quote in a shell, behind a brace in a template, and
    /// behind `+=`.
    fn bare(&self, at: usize) -> Option<Piece> {
        let span = run(self.text, at);
        let text = &self.text[span.range()];
        let glue = self.glue()?;
        if self.grows && self.names?.value(text, at).is_some() {
            return None;
        }
        // `->` and `--` are no word, and a key may begin with a dash.
        let has_letters = text.iter().any(u8::is_ascii_alphanumeric);
        let is_word = has_letters && !AROUND_LITERALS.contains(&text);
        is_word.then(|| Piece {
            spans: vec![span],
            is_whole: true,
            is_named: false,
            end: span.end,
            glue,
        })
    }

    fn glue(&self) -> Option<Glue> {
        let is_same = matches!(self.others[..], [first, second, ..] if first == second);
        if self.assigns && !(is_same && self.joins) {
            return None;
        }
        if !self.joins && !self.others.is_empty() {
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
}

/// True when the name is put into a string behind another, with what stands between them: `}${` or `$`.
fn is_put_in(between: &[u8], name: &[u8]) -> bool {
    let closes = between.trim_ascii_start().first();
    let is_closed = closes.is_none_or(|b| b"})$#\\{\"'`".contains(b));
    let opens = between.trim_ascii_end();
    let is_open = opens.ends_with(b"{") || opens.ends_with(b"$(") || opens.ends_with(b"\\(");
    let is_bare = between.iter().all(|b| b"})\"'`".contains(b));
    is_closed && (is_open || (is_bare && name.starts_with(b"$")))
}

pub(in crate::decode) fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// True when nothing but an operator or a bracket follows a method without arguments: `"a".freeze +`.
fn is_at_once(behind: &[u8]) -> bool {
    let next = behind.trim_ascii_start().first();
    next.is_some_and(|b| matches!(b, b'+' | b'.' | b'<' | b',' | b')' | b']'))
}
