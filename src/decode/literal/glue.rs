//! What stands between two pieces of a string that a program puts together: operators, commas,
//! brackets, comments, and calls whose name says that they join. Whatever the language: a false join
//! only makes text that no rule matches.
//!
//! A name is a piece where it stands for a literal (`named`). Any other is no glue, since it gives the piece behind
//! it a meaning of its own (`{prefix: "a", digest: "b"}`), unless something is added to what it stands for:
//! `key += "b"`, `append key "b"`.

use super::run::run;
use crate::model::Span;
use crate::syntax::{
    Before, CallKind, Lexer, Style, Token, TokenKind, before_blanks, call, is_prefix, is_quote,
    is_word, takes_separator, whole_places,
};

/// Longest gap between two pieces, in bytes: an operator, a line break, indentation, a comment.
const LONGEST: usize = 256;

/// How far before the first piece the name stands that a later statement adds to, in bytes.
const NAMED_WITHIN: usize = 256;

/// Longest literal behind it.
const LONGEST_LITERAL: usize = 4096;

/// Most tokens in it.
const MOST_TOKENS: usize = 32;

/// Most names in a gap: `key = key + "b"`.
const MOST_NAMES: usize = 4;

/// Signs that join, and those behind which a `=` adds to what a name stands for.
const JOINING: [&[u8]; 17] = [
    b"+", b"++", b".", b"..", b"&", b"&&", b"<", b"<<", b"<>", b"^", b"*", b"|", b"||", b"|>",
    b"~", b"%", b"/",
];
const GROWING: [&[u8]; 8] = [b"+=", b".=", b"&=", b"<<=", b"<>=", b"^=", b"*=", b"~="];

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
    /// Where the content of the literal begins, or the name.
    pub(in crate::decode) start: usize,
    /// Behind what ends it.
    pub(in crate::decode) end: usize,
    /// Another name stands in front of it: `key += "b"`.
    pub(in crate::decode) is_elsewhere: bool,
    pub(in crate::decode) glue: Glue,
}

/// What names stand for, to whom reads the pieces of a key.
pub(in crate::decode) trait PieceNames<'t> {
    /// What stands in front of places of the text.
    fn before(&self) -> &Before<'t>;

    /// What a name stands for that is used at `at`, and where it is given that.
    fn value(&self, name: &'t [u8], at: usize) -> Option<(usize, Vec<Span>)>;

    /// The name that a token is a use of, and what is behind it: the last part of a path, without a method that is
    /// called on it, or the literal in brackets behind it. `None` of a call.
    fn used(&self, token: Token) -> Option<(&'t [u8], usize)>;
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
    names: Option<&dyn PieceNames<'t>>,
    first: usize,
    at: usize,
) -> Option<Piece> {
    let end = text.len().min(at + LONGEST);
    let tokens = Lexer::new(text, Span::new(at, end), Style::ANY);
    let mut gap = Gap {
        text,
        names,
        first,
        start: at,
        tokens: tokens.reaching(end + LONGEST_LITERAL),
        joins: false,
        grows: false,
        lists: false,
        assigns: false,
        begins_line: false,
        is_append: false,
        closed: 0,
        others: Vec::new(),
    };
    if let Some(bare) = gap.bare(at) {
        return Some(bare);
    }
    for _ in 0..MOST_TOKENS {
        let token = gap.tokens.next()?;
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
        let ends_template = text[at..token.span.end].iter().all(|b| b"})%".contains(b));
        let bare = || (gap.grows || ends_template).then(|| gap.bare(token.span.end));
        if let Some(piece) = piece.or_else(|| bare().flatten()) {
            return Some(piece);
        }
        // `f"{'a'}" "b"`
        if ends_template && text.get(token.span.end).is_some_and(is_quote) {
            gap.tokens.seek(token.span.end + 1);
        }
        gap.begins_line = token.kind == TokenKind::Newline;
        gap.is_append = token.is(text, b"append");
    }
    None
}

/// A gap as far as it was read.
struct Gap<'t, 'n> {
    text: &'t [u8],
    names: Option<&'n dyn PieceNames<'t>>,
    first: usize,
    start: usize,
    tokens: Lexer<'t>,
    /// An operator that joins, or a call.
    joins: bool,
    /// An operator that adds to what a name stands for, as the last thing read.
    grows: bool,
    lists: bool,
    assigns: bool,
    /// The next thing is the first on its line.
    begins_line: bool,
    /// The last thing is the name of a filter: `| append: "b"`.
    is_append: bool,
    /// Brackets that were closed and not opened here.
    closed: usize,
    /// Names that stand for no literal.
    others: Vec<&'t [u8]>,
}

impl<'t> Gap<'t, '_> {
    /// Reads a sign or a bracket; `None` when it is no glue.
    fn sign(&mut self, token: Token) -> Option<()> {
        let rest = &self.text[token.span.end..];
        self.grows = false;
        match token.text(self.text) {
            b"." if rest.first().is_some_and(u8::is_ascii_alphabetic) => {}
            sign if GROWING.contains(&sign) => (self.joins, self.grows) = (true, true),
            sign if JOINING.contains(&sign) => self.joins = true,
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
            b":" if self.is_append => {}
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
        let is_suffix = start == self.start && stands_at_literal(written);
        if is_suffix || (written == b"_" && start > self.start) {
            return Some(None);
        }
        if let Some(piece) = self.named(token) {
            return Some(Some(piece));
        }
        self.grows = false;
        let last = written.rsplit(|b| !is_word(b)).next().unwrap_or_default();
        // `Buffer.from("b")`: what a literal is converted to does not matter.
        if self.text[token.span.end..].starts_with(b"(") && call(last) == CallKind::Makes {
            return Some(None);
        }
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
            is_named: true,
            ..self.piece(spans, token.span.start, end)?
        })
    }

    /// A word of a name: a call, or something else.
    fn word(&mut self, word: &'t [u8], start: usize, end: usize) -> Option<()> {
        let behind = &self.text[end..];
        let is_method = self.text[..start].ends_with(b".");
        match call(word) {
            CallKind::Joins if self.closed > 0 && takes_separator(word) => return None,
            CallKind::Joins | CallKind::Formats => self.joins = true,
            // `"a" DELIMITED BY SIZE` of COBOL.
            _ if matches!(word, b"BY" | b"SIZE") && self.joins => {}
            CallKind::Makes if behind.first() != Some(&b' ') || word == b"new" => {}
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
        let span = run(self.text, token.body.start);
        let is_whole = span.end == token.body.end;
        let end = if is_whole { token.span.end } else { span.end };
        Some(Piece {
            is_whole,
            ..self.piece(vec![span], span.start, end)?
        })
    }

    /// Characters without quotes at `at`: behind a quote in a shell, behind a brace in a template, and
    /// behind `+=`.
    fn bare(&self, at: usize) -> Option<Piece> {
        let span = run(self.text, at);
        let text = &self.text[span.range()];
        // `%P%%BB%`, `K+=BB`
        let may_be_name = self.grows || self.text.get(span.end) == Some(&b'%');
        let is_name = || {
            let names = self.names.as_ref();
            names.is_some_and(|names| names.value(text, at).is_some())
        };
        if (self.grows && self.names.is_none()) || (may_be_name && is_name()) {
            return None;
        }
        // `->` and `--` are no word, and a key may begin with a dash.
        let has_letters = text.iter().any(is_word);
        let is_word = has_letters && !stands_at_literal(text);
        let piece = is_word.then(|| self.piece(vec![span], span.start, span.end));
        piece.flatten()
    }

    fn piece(&self, spans: Vec<Span>, start: usize, end: usize) -> Option<Piece> {
        Some(Piece {
            glue: self.glue()?,
            spans,
            is_whole: true,
            is_named: false,
            start,
            end,
            is_elsewhere: !self.others.is_empty(),
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
            // The literal around both ends: `"key = 'a'",`.
            (_, true) if !self.tokens.lost.is_empty() => return None,
            (_, true) => Glue::Listed,
            _ => Glue::Adjacent,
        })
    }
}

/// True for a name that the preprocessor of C puts its value in the place of: `#define P "jvx_live_"`.
pub(in crate::decode) fn is_macro(text: &[u8], place: usize) -> bool {
    before_blanks(&text[..place]).ends_with(b"define")
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

/// True when nothing but an operator or a bracket follows a method without arguments: `"a".freeze +`.
fn is_at_once(behind: &[u8]) -> bool {
    let next = behind.trim_ascii_start().first();
    next.is_some_and(|b| matches!(b, b'+' | b'.' | b'<' | b',' | b')' | b']'))
}

/// True for letters behind a literal, and in front of one that is cut off: `"a"s`, `"a"_s`.
fn stands_at_literal(letters: &[u8]) -> bool {
    is_prefix(letters) || matches!(letters, b"sv" | b"_s")
}
