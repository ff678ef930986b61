//! From a window of a text to tokens. Each byte is read once, or twice where a quote turns out to open nothing.

use super::quoting::{bracketed, inserted, joins_in_fortran};
use super::template::Backticks;
use super::token::{Style, Token, TokenKind};
use crate::model::Span;

/// Longest literal on one line, and over several, in bytes.
const LONGEST: usize = 16 << 10;

/// Longest literal over several lines between single signs, in bytes: what a lost quote may swallow.
const LONGEST_OVER_LINES: usize = 4 << 10;

/// How many bytes a token has at least in most texts.
const BYTES_A_TOKEN: usize = 4;

/// True for letters that may stand in front of a literal.
pub fn is_prefix(name: &[u8]) -> bool {
    PREFIXES.contains(&name)
}

/// The tag of a literal of markup: `` html`<p>` `` of lit and Hono.
const TAG: &[u8] = b"html";

/// Letters in front of a literal: `f"a"`, `rb'a'`, `u8"a"`, `@"a"`.
const PREFIXES: &[&[u8]] = &[
    b"b", b"B", b"c", b"E", b"f", b"F", b"L", b"N", b"q", b"r", b"R", b"u", b"U", b"br", b"fr",
    b"rb", b"rf", b"u8", b"s", b"sr", b"raw", b"GString", b"f$", b"$",
];

/// Signs that stand for a quote in HTML and XML.
const ENTITIES: &[&[u8]] = &[b"&quot;", b"&#34;", b"&apos;", b"&#39;", b"&#x27;"];

/// The tokens of a window of a text, and what was comment there, in order. A text inside a literal is read with
/// `nested`: `\n` ends a line there.
pub fn lex(text: &[u8], window: Span, style: Style, nested: bool) -> (Vec<Token>, Vec<Span>) {
    let mut lexer = Lexer::new(text, window, style);
    lexer.nested = nested;
    lexer.tokens.reserve(window.len() / BYTES_A_TOKEN);
    // A literal that begins in a window may end behind it, and one inside a literal ends with that.
    if !nested {
        lexer = lexer.reaching(text.len());
    }
    lexer.read();
    (lexer.tokens, lexer.comments)
}

/// The tokens of a program, and where quotes stand that open no literal: a literal over several lines has two. Where
/// `backticks` says what stands between those, such literals are read to their ends, however long.
pub fn lex_program(
    text: &[u8],
    style: Style,
    backticks: Option<Backticks>,
) -> (Vec<Token>, Vec<usize>) {
    let mut lexer = Lexer::new(text, Span::new(0, text.len()), style).reaching(text.len());
    lexer.backticks = backticks;
    lexer.read();
    (lexer.tokens, lexer.lost)
}

/// The tokens of a window of a text, one after the other, for whoever does not know yet how many are of use.
pub struct Lexer<'t> {
    text: &'t [u8],
    pub(super) end: usize,
    /// Where a literal ends at the latest.
    pub(super) farthest: usize,
    at: usize,
    pub(super) start: usize,
    style: Style,
    nested: bool,
    backticks: Option<Backticks>,
    /// Where quotes stand that open nothing.
    pub lost: Vec<usize>,
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Span>,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        // The last one stays, since it decides how the next is read. A name and the quote behind it are read in one
        // step, so that no token waits here for the next.
        let last = self.tokens.pop();
        self.tokens.clear();
        self.tokens.extend(last);
        let known = self.tokens.len();
        while self.tokens.len() == known && self.at < self.end {
            self.step();
        }
        self.tokens.get(known).copied()
    }
}

impl<'t> Lexer<'t> {
    /// Reads a window of a text.
    pub fn new(text: &'t [u8], window: Span, style: Style) -> Self {
        Self {
            text,
            end: window.end,
            farthest: window.end,
            at: window.start,
            start: window.start,
            style,
            nested: false,
            backticks: None,
            lost: Vec::new(),
            tokens: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// Where the next token may begin.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Goes on elsewhere.
    pub fn seek(&mut self, at: usize) {
        self.at = at.min(self.end);
    }

    /// Lets a literal that begins in the window end behind it, up to here.
    #[must_use]
    pub fn reaching(mut self, farthest: usize) -> Self {
        self.farthest = farthest.min(self.text.len()).max(self.end);
        self
    }

    /// Reads to the end of the window.
    pub(super) fn read(&mut self) {
        while self.at < self.end {
            self.step();
        }
    }

    fn rest(&self) -> &[u8] {
        &self.text[self.at..self.end]
    }

    fn before(&self) -> Option<u8> {
        (self.at > self.start).then(|| self.text[self.at - 1])
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.tokens.push(Token {
            kind,
            span,
            body: span,
        });
        self.at += length;
    }

    fn step(&mut self) {
        let byte = self.text[self.at];
        match byte {
            b'\n' => self.line(1),
            _ if is_blank(&byte) => {
                self.at += self.rest().iter().take_while(|b| is_blank(b)).count();
            }
            b'"' | b'\'' | b'`' => self.quote(0),
            b'\\' => self.backslash(),
            b'(' | b'{' if self.comment().is_some() => self.sign(),
            b'{' | b'[' | b'%' | b'~' | b'q' if self.bracketed() => {}
            b'(' | b'[' | b'{' => self.push(TokenKind::Open, 1),
            b')' | b']' | b'}' => self.push(TokenKind::Close, 1),
            _ if is_name(byte) => self.name(),
            _ => self.sign(),
        }
    }

    /// The end of a line, unless the next one goes on with it.
    fn line(&mut self, length: usize) {
        let last = self.tokens.last();
        if last.is_some_and(|last| last.kind == TokenKind::Newline) {
            self.at += length
        } else {
            self.push(TokenKind::Newline, length)
        }
    }

    /// Quotes of a text in a literal, an escape of one, or a line that goes on.
    fn backslash(&mut self) {
        let slashes = self.rest().iter().take_while(|b| **b == b'\\').count();
        let behind = self.rest()[slashes..].first().copied();
        match behind {
            Some(b'"' | b'\'' | b'`') => {
                self.at += slashes;
                self.quote(slashes);
            }
            Some(b'n' | b'r') if self.nested => {
                self.at += slashes;
                self.line(1);
            }
            Some(b't') if self.nested => self.at += slashes + 1,
            Some(b'\n') => self.at += slashes + 1,
            Some(b'\r') => self.at += slashes + 2,
            Some(b'/') => self.at += slashes,
            _ => self.at += slashes,
        }
    }

    /// A literal, or a quote that opens none. Before it stand so many backslashes, as before the one that closes.
    fn quote(&mut self, slashes: usize) {
        let quote = self.text[self.at];
        let backticks = self.backticks.filter(|_| quote == b'`' && slashes == 0);
        // A word may be the tag of a template: gql`a "b" c`
        let opens = slashes > 0 || quote == b'"' || backticks == Some(Backticks::Template);
        let prefix = self.prefix(slashes);
        if !opens && prefix.is_none() && self.before().is_some_and(is_word) {
            self.at += 1;
            return;
        }
        let triple = [quote; 3];
        let is_triple = quote != b'`' && slashes == 0 && self.rest().starts_with(&triple);
        let open = self.at + if is_triple { 3 } else { 1 };
        let close = match backticks {
            _ if is_triple => self.close_triple(&triple, open),
            Some(own) => own.end(self.text, open).map(|end| (end, end + 1)),
            None => self.close(quote, slashes, open),
        };
        // What is open to the end of the text is searched for once.
        if backticks.is_some() && close.is_none() {
            self.backticks = None;
        }
        let Some((body, end)) = close else {
            self.lost.push(self.at);
            self.at += 1;
            return;
        };
        let start = prefix.unwrap_or(self.at - slashes);
        if prefix.is_some() {
            self.tokens.pop();
        }
        self.tokens.push(Token {
            kind: TokenKind::Str,
            span: Span::new(start, end),
            body: Span::new(open, body),
        });
        self.at = end;
    }

    /// Where the letters in front of a quote begin.
    fn prefix(&self, slashes: usize) -> Option<usize> {
        let last = self.tokens.last()?;
        let touches = last.span.end + slashes == self.at && last.kind == TokenKind::Name;
        let word = last.text(self.text);
        let is_own = is_prefix(word) || word == TAG && self.text[self.at] == b'`';
        (touches && is_own).then_some(last.span.start)
    }

    fn close_triple(&self, quotes: &[u8], open: usize) -> Option<(usize, usize)> {
        let rest = &self.text[open..self.farthest.min(open + LONGEST)];
        let length = memchr::memmem::find(rest, quotes)?;
        Some((open + length, open + length + quotes.len()))
    }

    /// Where the body of a literal ends and what is behind its quote begins.
    fn close(&self, quote: u8, slashes: usize, open: usize) -> Option<(usize, usize)> {
        let rest = &self.text[open..self.farthest.min(open + LONGEST)];
        let spans_lines = quote == b'`' && !rest.starts_with(b"\n") && !rest.starts_with(b"\r\n");
        let mut from = 0;
        loop {
            let at = from + memchr::memchr2(quote, b'\n', &rest[from..])?;
            let run = rest[..at].iter().rev().take_while(|b| **b == b'\\').count();
            match rest[at] {
                b'\n' => {
                    let goes_on = run > 0 || rest[..at].ends_with(b"\\\r");
                    if at > LONGEST_OVER_LINES || !(goes_on || spans_lines) {
                        return None;
                    }
                }
                _ if slashes == 0 && run % 2 == 0 => match inserted(rest, at, quote) {
                    Some(behind) => {
                        from = behind;
                        continue;
                    }
                    None => return Some((open + at, open + at + 1)),
                },
                _ if slashes > 0 && run == slashes => {
                    return Some((open + at - run, open + at + 1));
                }
                _ if slashes > 0 && run < slashes => return None,
                _ => {}
            }
            from = at + 1;
        }
    }

    /// Reads a literal between brackets.
    fn bracketed(&mut self) -> bool {
        let is_behind_word = self
            .before()
            .is_some_and(|b| is_word(b) || b"])".contains(&b));
        let Some([open, body, close]) = bracketed(self.rest()).filter(|_| !is_behind_word) else {
            return false;
        };
        let start = self.at + open;
        let span = Span::new(self.at, start + body + close);
        self.tokens.push(Token {
            kind: TokenKind::Str,
            span,
            body: Span::new(start, start + body),
        });
        self.at = span.end;
        true
    }

    /// `r#"a "b" c"#` of Rust.
    fn raw(&mut self) -> bool {
        let rest = self.rest();
        let letters = rest
            .iter()
            .take(2)
            .take_while(|b| matches!(**b, b'b' | b'r'))
            .count();
        let signs = rest[letters..]
            .iter()
            .take(8)
            .take_while(|b| **b == b'#')
            .count();
        let open = self.at + letters + signs + 1;
        let is_raw = letters > 0 && signs > 0 && rest.get(letters + signs) == Some(&b'"');
        if !is_raw || self.before().is_some_and(is_word) {
            return false;
        }
        let ends = [&b"\""[..], &self.text[open - 1 - signs..open - 1]].concat();
        let near = &self.text[open..self.farthest.min(open + LONGEST)];
        let Some(length) = memchr::memmem::find(near, &ends) else {
            return false;
        };
        let span = Span::new(self.at, open + length + ends.len());
        let body = Span::new(open, open + length);
        self.tokens.push(Token {
            kind: TokenKind::Str,
            span,
            body,
        });
        self.at = span.end;
        true
    }

    /// A name and the path that it is the beginning of.
    fn name(&mut self) {
        if matches!(self.text[self.at], b'b' | b'r') && self.raw() {
            return;
        }
        let rest = self.rest();
        let mut length = 0;
        loop {
            length += rest[length..].iter().take_while(|b| is_name(**b)).count();
            let joint = joint(&rest[length..]);
            let goes_on = rest.get(length + joint).copied().is_some_and(is_name);
            if joint == 0 || !goes_on {
                break;
            }
            length += joint;
        }
        let opens = match rest.get(length) {
            Some(quote @ (b'"' | b'\'' | b'`' | b'\\')) if is_prefix(&rest[..length]) => {
                Some(*quote)
            }
            _ => None,
        };
        self.push(TokenKind::Name, length);
        match opens {
            Some(b'\\') => self.backslash(),
            Some(_) => self.quote(0),
            None => {}
        }
    }

    fn sign(&mut self) {
        let rest = self.rest();
        if let Some(comment) = self.comment() {
            self.comments.push(Span::new(self.at, self.at + comment));
            self.at += comment;
            return;
        }
        let begins = self.text[self.at] == b'&';
        let mut entities = ENTITIES.iter();
        match entities.find(|entity| begins && rest.starts_with(entity)) {
            Some(entity) => self.entity(entity),
            None => self.push(TokenKind::Op, sign_length(rest)),
        }
    }

    fn entity(&mut self, entity: &[u8]) {
        let open = self.at + entity.len();
        let rest = &self.text[open..self.farthest.min(open + LONGEST)];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let Some(length) = memchr::memmem::find(line, entity) else {
            return self.push(TokenKind::Op, entity.len());
        };
        let (body, end) = (open + length, open + length + entity.len());
        self.tokens.push(Token {
            kind: TokenKind::Str,
            span: Span::new(self.at, end),
            body: Span::new(open, body),
        });
        self.at = end;
    }

    /// Length of the comment that begins here.
    fn comment(&self) -> Option<usize> {
        let rest = self.rest();
        if !matches!(rest, [b'(' | b'{' | b'/' | b'<' | b'#' | b'-', ..]) {
            return None;
        }
        let to = |end: &[u8]| {
            let near = &rest[..rest.len().min(LONGEST)];
            memchr::memmem::find(near, end).map(|length| length + end.len())
        };
        let line = || memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let is_set_off = self
            .before()
            .is_none_or(|b| b.is_ascii_whitespace() || b"{};,)".contains(&b));
        let blocks: [(&[u8], &[u8]); 2] = [(b"(* ", b" *)"), (b"{- ", b" -}")];
        let block = blocks.iter().find(|(open, _)| rest.starts_with(open));
        if let Some((_, close)) = block.filter(|_| is_set_off) {
            return to(close).filter(|length| *length < line());
        }
        match rest {
            [b'/', b'*', ..] => to(b"*/"),
            [b'/', b'/', behind @ ..] if joins_in_fortran(behind) => None,
            [b'<', b'!', b'-', b'-', ..] => to(b"-->"),
            [b'/', b'/', ..] if self.style.slashes && is_set_off => Some(line()),
            [b'#', b' ' | b'\t' | b'#', ..] if self.style.hash && is_set_off => Some(line()),
            [b'-', b'-', b' ', ..] if self.style.dashes && is_set_off => Some(line()),
            _ => None,
        }
    }
}

/// Length of the sign that begins here: some have more than one byte.
fn sign_length(rest: &[u8]) -> usize {
    match rest {
        [b'=' | b'!', b'=', b'=', ..]
        | [b'|', b'|', b'=', ..]
        | [b'?', b'?', b'=', ..]
        | [b'<', b'<' | b'>', b'=', ..] => 3,
        [b'=', b'>' | b'=' | b'~', ..]
        | [b':', b'=' | b':', ..]
        | [b'-', b'>', ..]
        | [b'<', b'-' | b'>' | b'<' | b'=' | b'/', ..]
        | [b'+', b'=' | b'+', ..]
        | [
            b'!' | b'>' | b'/' | b'.' | b'&' | b'~' | b'^' | b'*',
            b'=',
            ..,
        ]
        | [b'|', b'|' | b'>', ..]
        | [b'?', b'?' | b'.', ..]
        | [b'&', b'&', ..]
        | [b'.', b'~' | b'.', ..]
        | [b'>', b'>', ..]
        | [b'/', b'>', ..] => 2,
        _ => 1,
    }
}

/// True for a quote, of whatever kind.
pub fn is_quote(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// True for what stands between tokens of a line.
fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\x0b' | b'\x0c' | 0)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// True for what names are made of, which most of a text is.
fn is_name(byte: u8) -> bool {
    const NAMES: [bool; 256] = {
        let mut names = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            names[byte] = is_word(byte as u8) || byte as u8 == b'$';
            byte += 1;
        }
        names
    };
    NAMES[usize::from(byte)]
}

/// Length of what joins two parts of a path, or two words.
fn joint(rest: &[u8]) -> usize {
    match rest {
        [b'-', b'>', ..] | [b':', b':', ..] | [b'?', b'.', ..] => 2,
        [b'-' | b'.', ..] => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let (tokens, _) = lex(text.as_bytes(), Span::new(0, text.len()), Style::ANY, false);
        let token = |token: &Token| {
            let body = String::from_utf8_lossy(token.text(text.as_bytes())).into_owned();
            match token.kind {
                TokenKind::Name => body,
                TokenKind::Str => format!("'{body}'"),
                TokenKind::Newline => "NL".to_owned(),
                TokenKind::Op | TokenKind::Open | TokenKind::Close => body,
            }
        };
        tokens.iter().map(token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_literals_and_signs_are_told_apart() {
        for (text, tokens) in [
            (r#"a.b = "c d""#, "a.b = 'c d'"),
            (
                r#"headers['X-Api-Key'] = f"x""#,
                "headers [ 'X-Api-Key' ] = 'x'",
            ),
            (r#"{"a": "b\"c"}"#, r#"{ 'a' : 'b\"c' }"#),
            (r#"\"a\": \"b\""#, "'a' : 'b'"),
            ("don't stop", "don t stop"),
            ("r#\"a \"b\" c\"# d", "'a \"b\" c' d"),
            ("f(a, /* b */ 'c') // d", "f ( a , 'c' )"),
            ("a: b  # c\nd", "a : b NL d"),
            ("x=`a\nb`", "x = 'a\nb'"),
            ("'''a 'b' c''' x", "'a 'b' c' x"),
            ("https://a.b", "https : / / a.b"),
            ("$this->token . 'a'", "$this->token . 'a'"),
            ("a \\\n  b", "a b"),
            ("&quot;a&quot;: &quot;b&quot;", "'a' : 'b'"),
        ] {
            assert_eq!(shown(text), tokens, "{text}");
        }
    }
}
