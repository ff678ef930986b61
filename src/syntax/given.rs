//! What a name is given where it is defined, whatever the language: `P = "..."`, `P: &str = "..."`, `ENV P ...`,
//! `{name: P, value: "..."}`.

use super::call::{CallKind, call};
use super::lexer::{Lexer, is_quote, lex};
use super::name::is_listed;
use super::token::{Style, Token, TokenKind};
use super::tree::Tree;
use crate::model::Span;
use memchr::memmem;

/// How far a name and its value are from each other, in bytes, and most tokens between them.
const LONGEST_GAP: usize = 96;
const MOST_TOKENS: usize = 12;

/// Longest name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// Words in front of a name that is given what follows without a sign: `set P "..."`, `ENV P ...`.
const GIVING: &str = "set SET setx define Define def setq let local ENV ARG setenv x gx";

/// Fields of a record whose name is that of another field: `{name: P, value: "..."}`.
const VALUES: &str = "value Value VALUE default defaultValue";

/// What a name is given.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The name, with its quotes.
    pub name: Span,
    /// The first token of the value: a literal, or a word.
    pub value: Token,
    /// As the field of a record: `P: "..."`, `{name: P, value: "..."}`.
    pub is_field: bool,
}

/// The literal, or the name, that the name at `place` is given: `P = "..."`, `"P": "..."`, `P: &str = "..."`, `P=...`,
/// `P String := ...`, `set P ...`, `define('P', '...')`, `{name: P, value: ...}`.
///
/// Of names that are given a list of values each is given its own: `P, B := "...", "..."`. The colon of a choice gives
/// nothing: `is_set ? options->p : "..."`.
pub fn given(text: &[u8], place: Span) -> Option<Given> {
    let before = before_blanks(&text[..place.start]);
    let path = before.iter().rev().take(LONGEST_NAME);
    let path = path
        .take_while(|b| is_word(b) || b"->.".contains(b))
        .count();
    if before_blanks(&before[..before.len() - path]).ends_with(b"?") {
        return None;
    }
    let behind = behind_blanks(&text[place.end..]);
    let is_listed = before.ends_with(b",") || behind.starts_with(b",");
    let own = is_listed.then(|| given_in_list(text, place)).flatten();
    own.or_else(|| given_alone(text, place))
}

/// The value at the place of a name in a list of names: `P, B = "...", "..."`, `[P, B] = ["...", "..."]`.
fn given_in_list(text: &[u8], place: Span) -> Option<Given> {
    let start = place.start.saturating_sub(LONGEST_GAP);
    let end = text.len().min(place.end + LONGEST_GAP + LONGEST_VALUE);
    let (tokens, _) = lex(text, Span::new(start, end), Style::ANY, false);
    let tree = Tree::new(text, tokens);
    let own = tree.at(place.start)?;
    let sign = (own..tree.tokens.len()).find(|at| tree.is_any(*at, &[b"=", b":="]))?;
    let ends = |at: &usize| tree.kind(*at) == Some(TokenKind::Newline) || tree.is(*at, b";");
    let first = (0..own).rev().find(ends).map_or(0, |end| end + 1);
    // `f(a, b = "...")` is no list of names: what it opens is not closed before the sign.
    let is_name = |at: usize| match tree.kind(at) {
        Some(TokenKind::Name) => true,
        Some(TokenKind::Op) => tree.is(at, b","),
        Some(TokenKind::Open) => tree.mate(at) == Some(sign - 1),
        Some(TokenKind::Close) => at == sign - 1 && tree.mate(at).is_some(),
        _ => false,
    };
    let number = (first..own).filter(|at| tree.is(*at, b",")).count();
    let values = match tree.kind(sign + 1)? {
        TokenKind::Open => tree.items(sign + 1),
        _ => tree.members(sign + 1, tree.tokens.len()),
    };
    let value = values.get(number)?;
    let is_alone = value.key.is_none() && value.end == value.start + 1;
    ((first..sign).all(is_name) && is_alone).then_some(Given {
        name: place,
        value: *tree.tokens.get(value.start)?,
        is_field: false,
    })
}

fn given_alone(text: &[u8], place: Span) -> Option<Given> {
    let quote = text.get(place.end).filter(|b| is_quote(b));
    let is_quoted =
        quote.is_some() && place.start.checked_sub(1).and_then(|at| text.get(at)) == quote;
    let start = place.end + usize::from(is_quoted);
    let window = Span::new(start, text.len().min(start + LONGEST_GAP + LONGEST_VALUE));
    let before = words_before(text, place.start).next();
    let is_beside = |word: &Span| {
        let between = &text[word.end..place.start];
        !between.is_empty() && between.trim_ascii().is_empty()
    };
    let mut state = GivenReading {
        text,
        start,
        before: before
            .filter(is_beside)
            .map_or(b"", |word| &text[word.range()]),
        is_quoted,
        is_defined: before_blanks(&text[..place.start - usize::from(is_quoted)])
            .ends_with(b"define("),
        is_given: before.is_some_and(|word| is_given_by(text, word, place))
            || is_attribute(&text[..place.start])
            || is_keyword(text, place),
        is_block: is_quoted || text[..place.start].ends_with(b"$"),
        is_opened: false,
        is_valued: false,
        is_typed: false,
        is_behind_line: false,
        is_field: false,
        is_below: false,
        is_in_brackets: false,
    };
    let tokens = Lexer::new(text, window, Style::ANY).take(MOST_TOKENS);
    for token in tokens.take_while(|token| token.span.start < start + LONGEST_GAP) {
        if state.takes(token)? {
            let is_field = state.is_field;
            let name = Span::new(place.start - usize::from(is_quoted), start);
            return Some(Given {
                name,
                value: token,
                is_field,
            });
        }
    }
    None
}

/// Longest value of a name, in bytes.
const LONGEST_VALUE: usize = 512;

/// What stands between a name and its value, as far as it was read.
struct GivenReading<'t> {
    text: &'t [u8],
    /// Behind the name.
    start: usize,
    /// The word in front of it, if a blank alone is between them.
    before: &'t [u8],
    /// The name is a literal.
    is_quoted: bool,
    /// `define(` stands in front of it.
    is_defined: bool,
    /// A sign, or a word in front of the name, says that a value comes.
    is_given: bool,
    /// It may be the name of a block: `variable "p" {`, `map $host $p {`.
    is_block: bool,
    /// The block is open.
    is_opened: bool,
    /// A word says that a value comes: `default "..."`, `VALUE '...'`.
    is_valued: bool,
    /// A type comes, or came.
    is_typed: bool,
    /// The line or the field ended that the name stands in.
    is_behind_line: bool,
    /// The value is that of a field.
    is_field: bool,
    /// The value stands on a line of its own: `P =` and below it `"..."`.
    is_below: bool,
    /// The value is the first of several between brackets.
    is_in_brackets: bool,
}

impl GivenReading<'_> {
    /// True for the value; `None` where none can come any more.
    fn takes(&mut self, token: Token) -> Option<bool> {
        let written = token.text(self.text);
        let behind = &self.text[token.span.end..];
        match token.kind {
            TokenKind::Str | TokenKind::Name if !self.is_given && is_listed(VALUES, written) => {
                self.is_field = !self.is_typed;
                self.is_behind_line = false;
                self.is_quoted = false;
                self.is_valued = true;
                self.is_opened = false;
            }
            TokenKind::Str if self.is_given || self.is_valued => return Some(true),
            TokenKind::Name | TokenKind::Str | TokenKind::Newline | TokenKind::Op
                if self.is_opened => {}
            TokenKind::Open if self.is_block && !self.is_given && written == b"{" => {
                self.is_opened = true
            }
            // `set p to "..."`
            TokenKind::Name if self.is_given && self.before == b"set" && written == b"to" => {}
            // A body may begin with a dash.
            TokenKind::Op if self.is_given && written == b"-" => return Some(true),
            TokenKind::Name if self.is_given && self.is_below => return None,
            TokenKind::Name if self.is_given => return self.name(written, behind),
            TokenKind::Name if self.may_be_type(written) => self.is_typed = true,
            TokenKind::Newline if self.is_given => self.is_below |= !self.is_in_brackets,
            TokenKind::Newline => self.is_behind_line = true,
            // A list is not its first member.
            TokenKind::Open if self.is_given && !self.is_typed && written == b"[" => return None,
            TokenKind::Open | TokenKind::Close if !self.is_behind_line => {
                self.is_in_brackets = token.kind == TokenKind::Open;
            }
            TokenKind::Op if !self.is_behind_line => self.sign(written, behind)?,
            _ => return None,
        }
        Some(false)
    }

    /// True for `As String` of Basic and for a type that stands behind the name of a constant.
    fn may_be_type(&self, written: &[u8]) -> bool {
        let is_as = written.eq_ignore_ascii_case(b"as") || written == b"TYPE";
        !self.is_behind_line && !self.is_quoted && (self.is_typed || is_as || self.is_constant())
    }

    /// True where a type may stand behind the name: `const p string = "..."`, `p VARCHAR2 := '...'`
    fn is_constant(&self) -> bool {
        let near = self.text[self.start..].iter().take(LONGEST_NAME);
        let line = near.take_while(|b| **b != b'\n');
        let mut colons = line.enumerate().filter(|(_, b)| **b == b':');
        let is_assigned = |(at, _)| self.text.get(self.start + at + 1) == Some(&b'=');
        is_listed("const var", self.before) || colons.any(is_assigned)
    }

    /// The name of a call or a type in front of the value, or a value without quotes.
    fn name(&self, written: &[u8], behind: &[u8]) -> Option<bool> {
        let last = written.rsplit(|b| !is_word(b)).next().unwrap_or_default();
        let near = behind.iter().take(LONGEST_NAME);
        let mut line = near.take_while(|b| **b != b'\n');
        if matches!(behind.first(), Some(b'(' | b'!')) || last == b"new" {
            return matches!(call(last), CallKind::Makes).then_some(false);
        }
        // `P: string = "..."`
        let is_type = self.is_typed && line.any(|b| *b == b'=');
        Some(!is_type)
    }

    fn sign(&mut self, sign: &[u8], behind: &[u8]) -> Option<()> {
        match sign {
            b":=" | b"<-" => self.is_given = true,
            b"=>" => (self.is_given, self.is_field) = (true, true),
            b"=" => {
                // `P: &str = "..."`
                self.is_field &= !self.is_given;
                self.is_given = true;
                self.is_typed = false;
            }
            b":" => {
                self.is_given = true;
                // `property p : "..."`
                self.is_field = self.before != b"property";
                self.is_typed = behind
                    .first()
                    .is_some_and(|b| b == &b' ' || b.is_ascii_alphabetic());
            }
            // `define('P', '...')`, and the next field behind the name of a record
            b"," if self.is_defined => self.is_given = true,
            b"," => self.is_behind_line = true,
            b"&" | b"*" | b"?" | b"<" | b"<<" | b">" | b"@" => {}
            _ => return None,
        }
        Some(())
    }
}

/// True for a name that the word in front of it says to be given what follows without a sign, `set P "..."`, or whose
/// type that is, where the brackets of what makes it stand behind: `string p("...")`.
fn is_given_by(text: &[u8], word: Span, place: Span) -> bool {
    const OTHERS: &str = "return new await throw in case else function";
    let between = &text[word.end..place.start];
    let opens = || {
        matches!(
            text.get(place.end..place.end + 2),
            Some([b'(' | b'{', b'"'])
        )
    };
    let written = &text[word.range()];
    let is_blank = !between.is_empty() && between.trim_ascii().is_empty();
    (is_blank && is_listed(GIVING, written))
        || (between == b" " && opens() && !is_listed(OTHERS, written))
}

/// True behind the sign of an attribute: `@p "..."`.
fn is_attribute(before: &[u8]) -> bool {
    let line = before.strip_suffix(b"@");
    line.is_some_and(|line| line.last().is_none_or(u8::is_ascii_whitespace))
}

/// True for the key of a record of Lisp: `{:p "..."}`.
fn is_keyword(text: &[u8], place: Span) -> bool {
    let before = text[..place.start].strip_suffix(b":");
    let begins = |before: &[u8]| {
        before
            .last()
            .is_none_or(|b| b.is_ascii_whitespace() || b"({[".contains(b))
    };
    before.is_some_and(begins) && text[place.end..].starts_with(b" \"")
}

/// The words in front of a place, the last one first.
pub fn words_before(text: &[u8], at: usize) -> impl Iterator<Item = Span> + '_ {
    let start = at.saturating_sub(LONGEST_GAP);
    let mut end = at;
    std::iter::from_fn(move || {
        let near = &text[start..end];
        let behind = near.iter().rposition(is_word)?;
        let length = near[..=behind]
            .iter()
            .rev()
            .take_while(|b| is_word(b))
            .count();
        end = start + behind + 1 - length;
        Some(Span::new(end, end + length))
    })
}

/// Where a name stands that is no part of a longer one.
pub fn whole_places<'t>(
    text: &'t [u8],
    within: Span,
    name: &'t [u8],
) -> impl Iterator<Item = usize> + 't {
    let places = memmem::find_iter(&text[within.range()], name).map(move |at| within.start + at);
    places.filter(move |at| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        !before.is_some_and(is_word) && !text.get(at + name.len()).is_some_and(is_word)
    })
}

/// The end of a text without the blanks behind it. Of those no more are looked at than stand between a name and its
/// value: many names may stand in front of a megabyte of blanks.
pub fn before_blanks(text: &[u8]) -> &[u8] {
    text[text.len().saturating_sub(LONGEST_GAP)..].trim_ascii_end()
}

/// The beginning of a text without the blanks in front of it, as in [`before_blanks`].
pub fn behind_blanks(text: &[u8]) -> &[u8] {
    text[..text.len().min(LONGEST_GAP)].trim_ascii_start()
}

/// True for the bytes of a word of a name.
pub fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}
