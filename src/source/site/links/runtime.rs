//! The function by which a runtime makes names of ids, read token by token: `e => "js/" + ({7: "list"}[e] || e) + ".js"`.

use super::literal::behind_words;
use crate::model::Span;
use crate::syntax::{Lexer, Style, Token, TokenKind};
use std::collections::BTreeMap;

/// Longest function that is read, in bytes: a table has some twenty for each chunk.
const LONGEST: usize = 1 << 20;

/// Most functions of one script that are read.
const MOST: usize = 32;

/// Most entries of a table.
const MOST_ENTRIES: usize = 10_000;

/// How deep brackets of such a function may lie in one another.
const DEEPEST: usize = 16;

/// One way to make a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Way {
    /// The id that it is for; for all others without one.
    pub(super) only: Option<String>,
    /// What the name is joined of.
    pub(super) parts: Vec<NamePart>,
}

/// A part of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NamePart {
    /// As it is.
    Text(String),
    /// The id itself.
    Id,
    /// What a table has for the id, or else the id if `or_id`.
    Table {
        names: BTreeMap<String, String>,
        or_id: bool,
    },
}

/// The ways in which functions of a script make names of ids: of `r.u`, and of `r.miniCssF` and `r.k` for style sheets.
pub(super) fn functions(text: &[u8]) -> Vec<Vec<Way>> {
    let words: [&[u8]; 3] = [b"u", b"miniCssF", b"k"];
    let ends = words.iter().flat_map(|word| {
        let ends = behind_words(text, word);
        ends.filter(|end| text[..end - word.len()].ends_with(b"."))
    });
    let functions = ends
        .filter_map(|end| NamingFunction::at(text, end))
        .take(MOST);
    let functions = functions.filter_map(|(mut function, has_body)| function.ways(has_body));
    functions.filter(|ways| makes_names(ways)).collect()
}

/// True for functions that make a name of an id.
fn makes_names(ways: &[Way]) -> bool {
    let last = ways.last();
    last.is_some_and(|way| {
        let has_text = |end: &str| {
            way.parts
                .iter()
                .any(|part| matches!(part, NamePart::Text(text) if text.contains(end)))
        };
        way.parts
            .iter()
            .any(|part| !matches!(part, NamePart::Text(_)))
            && has_text(".")
    })
}

/// A number as JavaScript has it for the name of a member: `1e3` is 1000.
pub(super) fn number(written: &[u8]) -> Option<String> {
    let written = std::str::from_utf8(written).ok()?;
    match written.split_once('e') {
        Some((digits, zeros)) if written.starts_with(|c: char| c.is_ascii_digit()) => {
            let zeros: usize = zeros.parse().ok().filter(|zeros| *zeros < 10)?;
            Some(format!("{digits}{}", "0".repeat(zeros)))
        }
        _ => Some(written.to_owned()),
    }
}

/// A function that is read token by token, as far as it only joins.
struct NamingFunction<'t> {
    text: &'t [u8],
    tokens: std::iter::Peekable<Lexer<'t>>,
    /// What it calls the id.
    id: Vec<u8>,
    depth: usize,
}

impl<'t> NamingFunction<'t> {
    /// The function that something is given whose name ends at `end`, and whether it has a body in braces.
    fn at(text: &'t [u8], end: usize) -> Option<(Self, bool)> {
        let window = Span::new(end, text.len().min(end + LONGEST));
        let style = Style {
            slashes: true,
            hash: false,
            dashes: false,
        };
        let mut function = Self {
            text,
            tokens: Lexer::new(text, window, style).peekable(),
            id: Vec::new(),
            depth: 0,
        };
        function.sign(b"=")?;
        let has_body = function.head()?;
        Some((function, has_body))
    }

    /// The ways in which it makes names.
    fn ways(&mut self, has_body: bool) -> Option<Vec<Way>> {
        if !has_body {
            return self.value();
        }
        let mut ways = Vec::new();
        // `if (e === 7) return "a.js"; return ...`
        while self.is_next(b"if") {
            self.take()?;
            self.sign(b"(")?;
            let only = self.comparison()?;
            self.sign(b")")?;
            self.sign(b"return")?;
            ways.push(Way {
                only: Some(only),
                parts: self.sum()?,
            });
            self.sign(b";")?;
        }
        self.sign(b"return")?;
        ways.extend(self.value()?);
        Some(ways)
    }

    /// `e =>`, `(e) => {`, `function (e) {`: whether what follows is a body.
    fn head(&mut self) -> Option<bool> {
        let is_function = self.is_next(b"function");
        if is_function {
            self.take()?;
        }
        let is_listed = self.is_next(b"(");
        if is_listed {
            self.take()?;
        }
        let id = self.take()?;
        if id.kind != TokenKind::Name {
            return None;
        }
        self.id = id.text(self.text).to_vec();
        if is_listed {
            self.sign(b")")?;
        }
        if !is_function {
            self.sign(b"=>")?;
        }
        let has_body = self.is_next(b"{");
        if has_body {
            self.take()?;
        }
        (has_body || !is_function).then_some(has_body)
    }

    /// `7 === e ? "a.js" : ...`, or a sum.
    fn value(&mut self) -> Option<Vec<Way>> {
        let mut ways = Vec::new();
        loop {
            // A comparison begins with the id or a number, which a name never does that is no part of one.
            if !self.begins_comparison() {
                ways.push(Way {
                    only: None,
                    parts: self.sum()?,
                });
                return Some(ways);
            }
            let (left, is_id) = self.operand()?;
            let Some(only) = self.compared(left, is_id) else {
                // The id alone, at the beginning of a sum.
                let parts = self.rest_of_sum(vec![is_id.then_some(NamePart::Id)?])?;
                ways.push(Way { only: None, parts });
                return Some(ways);
            };
            self.sign(b"?")?;
            let parts = self.sum()?;
            ways.push(Way {
                only: Some(only),
                parts,
            });
            self.sign(b":")?;
        }
    }

    fn begins_comparison(&mut self) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == TokenKind::Name)
    }

    /// A name, a number or a literal, and whether it is the id.
    fn operand(&mut self) -> Option<(String, bool)> {
        let token = self.take()?;
        let text = token.text(self.text);
        let is_id = token.kind == TokenKind::Name && text == self.id;
        let text = match token.kind {
            TokenKind::Name if is_id => String::new(),
            TokenKind::Name => number(text)?,
            TokenKind::Str => String::from_utf8(text.to_vec()).ok()?,
            _ => return None,
        };
        Some((text, is_id))
    }

    /// What the id is compared with, if the sign of a comparison follows.
    fn compared(&mut self, left: String, is_id: bool) -> Option<String> {
        if !self.is_next(b"===") && !self.is_next(b"==") {
            return None;
        }
        self.take()?;
        let (right, right_is_id) = self.operand()?;
        match (is_id, right_is_id) {
            (true, false) => Some(right),
            (false, true) => Some(left),
            _ => None,
        }
    }

    fn comparison(&mut self) -> Option<String> {
        let (left, is_id) = self.operand()?;
        self.compared(left, is_id)
    }

    fn sum(&mut self) -> Option<Vec<NamePart>> {
        let first = self.term()?;
        self.rest_of_sum(first)
    }

    fn rest_of_sum(&mut self, mut parts: Vec<NamePart>) -> Option<Vec<NamePart>> {
        loop {
            if self.is_next(b"+") {
                self.take()?;
                parts.extend(self.term()?);
            } else if self.is_next(b".") {
                // `"a".concat(e, ".js")`, as older targets have it.
                self.take()?;
                self.sign(b"concat")?;
                self.sign(b"(")?;
                loop {
                    parts.extend(self.sum()?);
                    if !self.is_next(b",") {
                        break;
                    }
                    self.take()?;
                }
                self.sign(b")")?;
            } else {
                return Some(parts);
            }
        }
    }

    fn term(&mut self) -> Option<Vec<NamePart>> {
        let token = self.peek()?;
        match token.kind {
            TokenKind::Str => {
                self.take()?;
                template(token.text(self.text), &self.id)
            }
            TokenKind::Name => {
                self.take()?;
                (token.text(self.text) == self.id).then(|| vec![NamePart::Id])
            }
            TokenKind::Open if token.is(self.text, b"{") => {
                let names = self.table()?;
                self.looked_up(names)
            }
            TokenKind::Open if token.is(self.text, b"(") => self.bracket(),
            _ => None,
        }
    }

    /// `({7: "list"}[e] || e)`, `({7: "list"})[e]`, `("a" + e)`.
    fn bracket(&mut self) -> Option<Vec<NamePart>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        self.sign(b"(")?;
        if self.is_next(b"{") {
            let names = self.table()?;
            if self.is_next(b")") {
                self.take()?;
                return self.looked_up(names);
            }
            let mut parts = self.looked_up(names)?;
            self.or_id(&mut parts)?;
            let parts = self.rest_of_sum(parts)?;
            self.sign(b")")?;
            return Some(parts);
        }
        let mut ways = self.value()?;
        let mut only = ways.pop()?;
        self.or_id(&mut only.parts)?;
        self.sign(b")")?;
        // A choice in the middle of a name is none that is read.
        ways.is_empty().then_some(only.parts)
    }

    /// `|| e` behind what a table has.
    fn or_id(&mut self, parts: &mut [NamePart]) -> Option<()> {
        if !self.is_next(b"||") && !self.is_next(b"??") {
            return Some(());
        }
        self.take()?;
        let is_id = self.operand()?.1;
        let [NamePart::Table { or_id, .. }] = parts else {
            return None;
        };
        *or_id = is_id;
        Some(())
    }

    /// `[e]` behind a table.
    fn looked_up(&mut self, names: BTreeMap<String, String>) -> Option<Vec<NamePart>> {
        self.sign(b"[")?;
        let is_id = self.operand()?.1;
        self.sign(b"]")?;
        is_id.then(|| {
            vec![NamePart::Table {
                names,
                or_id: false,
            }]
        })
    }

    /// `{7: "list", "a-b": "1b2c"}`.
    fn table(&mut self) -> Option<BTreeMap<String, String>> {
        self.sign(b"{")?;
        let mut names = BTreeMap::new();
        while !self.is_next(b"}") {
            let (key, _) = self.operand()?;
            self.sign(b":")?;
            let value = self.take()?;
            if value.kind != TokenKind::Str || names.len() == MOST_ENTRIES {
                return None;
            }
            let value = String::from_utf8(value.text(self.text).to_vec()).ok()?;
            names.insert(key, value);
            if self.is_next(b",") {
                self.take()?;
            }
        }
        self.sign(b"}")?;
        Some(names)
    }

    fn peek(&mut self) -> Option<Token> {
        while self.tokens.peek()?.kind == TokenKind::Newline {
            self.tokens.next();
        }
        self.tokens.peek().copied()
    }

    fn take(&mut self) -> Option<Token> {
        self.peek()?;
        self.tokens.next()
    }

    fn is_next(&mut self, sign: &[u8]) -> bool {
        let text = self.text;
        self.peek().is_some_and(|token| token.is(text, sign))
    }

    fn sign(&mut self, sign: &[u8]) -> Option<()> {
        self.is_next(sign).then(|| self.take()).flatten().map(drop)
    }
}

/// The parts of a literal, in which only the id may be put: `` `static/${e}.js` ``.
fn template(body: &[u8], id: &[u8]) -> Option<Vec<NamePart>> {
    let body = std::str::from_utf8(body).ok()?;
    let id = std::str::from_utf8(id).ok()?;
    let mut pieces = body.split("${");
    let mut parts = vec![NamePart::Text(pieces.next()?.to_owned())];
    for piece in pieces {
        let (inserted, rest) = piece.split_once('}')?;
        if inserted.trim() != id {
            return None;
        }
        parts.extend([NamePart::Id, NamePart::Text(rest.to_owned())]);
    }
    Some(parts)
}
