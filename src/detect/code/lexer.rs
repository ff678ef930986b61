//! Splits JavaScript and TypeScript into code, strings, templates and comments.
//!
//! Just the part of the grammar that decides what a bracket or a quote means
//! (<https://tc39.es/ecma262/#sec-ecmascript-language-lexical-grammar>). Where text alone cannot
//! decide, as with `/` behind a bracket or an apostrophe between JSX tags, the end of the line ends
//! the doubt.

use super::{Bracket, Site, SiteKind, regex_literal};
use std::ops::Range;

/// Most brackets that are kept open; deeper ones are only counted.
const DEEPEST: usize = 4096;

/// Most brackets that a site tells of.
const TOLD: usize = 24;

/// Longest clause that is told, its end.
const CLAUSE: usize = 240;

/// Longest regular expression, and the longest where one was looked for in vain.
const LONGEST: usize = 16 << 10;
const DOUBTED: usize = 128;

/// An open bracket, or an open template.
#[derive(Clone, Copy, Debug)]
struct Frame {
    open: u8,
    at: usize,
    /// Where the clause began that the bracket stands in.
    clause: usize,
}

/// One pass over one script.
#[derive(Debug)]
pub(super) struct CodeLexer<'t> {
    text: &'t [u8],
    start: usize,
    at: usize,
    end: usize,
    /// The token that begins here, if it is known.
    ahead: Option<(SiteKind, usize)>,
    frames: Vec<Frame>,
    /// How many brackets are open beyond [`DEEPEST`].
    deeper: usize,
    clause: usize,
    /// Up to here no regular expression was seen to end.
    barren: usize,
    on_server: bool,
}

impl<'t> CodeLexer<'t> {
    /// A lexer of the script at `range`.
    pub(super) fn new(text: &'t [u8], range: Range<usize>, on_server: bool) -> Self {
        Self {
            text: &text[..range.end],
            start: range.start,
            at: range.start,
            end: range.end,
            ahead: None,
            frames: Vec::new(),
            deeper: 0,
            clause: range.start,
            barren: range.start,
            on_server,
        }
    }

    /// True when the place is in the script.
    pub(super) fn has(&self, place: usize) -> bool {
        self.start <= place && place < self.end
    }

    /// True when the script ends at the place or before it.
    pub(super) fn ends_at(&self, place: usize) -> bool {
        self.end <= place
    }

    /// The site of a place that is not before the last one.
    pub(super) fn site_of(&mut self, place: usize) -> Option<Site<'t>> {
        while self.at < self.end {
            let token = self.ahead.take().unwrap_or_else(|| self.token());
            let (kind, next) = token;
            if place < next {
                self.ahead = Some(token);
                return Some(self.site(kind, place));
            }
            self.pass(kind, next);
        }
        None
    }

    fn site(&self, kind: SiteKind, place: usize) -> Site<'t> {
        let brackets = self.frames.iter().rev().filter(|f| f.open != b'`');
        let bracket = |frame: &Frame| Bracket {
            head: self.tail(frame.clause, frame.at + 1),
            body: &self.text[frame.at + 1..self.end.min(frame.at + 33)],
        };
        Site {
            kind,
            token: self.token_start(),
            brackets: brackets.take(TOLD).map(bracket).collect(),
            clause: self.tail(self.clause, place),
            on_server: self.on_server,
        }
    }

    /// Where the token begins that the lexer stands at. The text of a template begins with its quote, as
    /// that of a string does.
    fn token_start(&self) -> usize {
        let open = self.frames.last().filter(|_| self.in_template());
        let quote = open.filter(|frame| frame.at + 1 == self.at);
        quote.map_or(self.at, |frame| frame.at)
    }

    /// The end of a clause.
    fn tail(&self, start: usize, end: usize) -> &'t [u8] {
        &self.text[start.min(end).max(end.saturating_sub(CLAUSE))..end]
    }

    /// The kind of the next token and where it ends.
    fn token(&mut self) -> (SiteKind, usize) {
        if self.in_template() {
            return (SiteKind::Literal, self.template_end());
        }
        match self.text[self.at] {
            quote @ (b'"' | b'\'') => (self.string_kind(), self.string_end(quote)),
            b'/' => self.slash(),
            byte if is_mark(byte) => (SiteKind::Code, self.at + 1),
            _ => {
                let rest = &self.text[self.at..];
                let length = rest.iter().position(|b| ENDS_RUN[usize::from(*b)]);
                (SiteKind::Code, self.at + length.unwrap_or(rest.len()))
            }
        }
    }

    /// Moves behind the token, noting what it opens and closes.
    fn pass(&mut self, kind: SiteKind, next: usize) {
        let was_template = self.in_template();
        let first = self.text[self.at];
        let start = self.at;
        self.at = next;
        if was_template {
            return self.pass_template(next);
        }
        match (kind, first) {
            (SiteKind::Code, b'(' | b'[' | b'{' | b'`') => self.open(first, start),
            (SiteKind::Code, b')' | b']' | b'}') => self.close(start),
            (SiteKind::Code, b';' | b',') => self.clause = next,
            _ => {}
        }
    }

    /// Behind a stretch of template text stands the end of it, or the `${` of code in it.
    fn pass_template(&mut self, next: usize) {
        if self.text[..next].ends_with(b"${") {
            self.open(b'$', next - 1);
        } else if let Some(frame) = self.frames.pop() {
            self.clause = frame.clause;
        }
    }

    fn open(&mut self, open: u8, at: usize) {
        if self.frames.len() >= DEEPEST {
            self.deeper += 1;
            return;
        }
        self.frames.push(Frame {
            open,
            at,
            clause: self.clause,
        });
        if open != b'`' {
            self.clause = at + 1;
        }
    }

    fn close(&mut self, at: usize) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let ends_block = frame.open == b'{' && is_block(self.tail(frame.clause, frame.at));
        self.clause = if ends_block { at + 1 } else { frame.clause };
    }

    fn in_template(&self) -> bool {
        self.deeper == 0 && self.frames.last().is_some_and(|frame| frame.open == b'`')
    }

    fn template_end(&self) -> usize {
        let mut at = self.at;
        while at < self.end {
            match self.text[at] {
                b'\\' => at += 1,
                b'`' => return at + 1,
                b'$' if self.text.get(at + 1) == Some(&b'{') => return at + 2,
                _ => {}
            }
            at += 1;
        }
        self.end
    }

    fn string_kind(&self) -> SiteKind {
        if self.text[..self.at].ends_with(b"eval(") {
            SiteKind::Eval
        } else {
            SiteKind::Literal
        }
    }

    /// Strings end at their quote, or at the end of a line that no backslash continues.
    fn string_end(&self, quote: u8) -> usize {
        let mut at = self.at + 1;
        while at < self.end {
            match self.text[at] {
                b'\\' => at += 1,
                b'\n' => return at,
                byte if byte == quote => return at + 1,
                _ => {}
            }
            at += 1;
        }
        self.end
    }

    fn slash(&mut self) -> (SiteKind, usize) {
        let rest = &self.text[self.at..];
        let ends = |length: Option<usize>| self.at + length.unwrap_or(rest.len());
        match rest.get(1) {
            Some(b'/') => (SiteKind::Comment, ends(memchr::memchr(b'\n', rest))),
            Some(b'*') => {
                let end = memchr::memmem::find(&rest[2..], b"*/");
                (SiteKind::Comment, ends(end.map(|at| at + 4)))
            }
            _ if regex_literal::begins(&self.text[..self.at]) => self.regex(rest),
            _ => (SiteKind::Code, self.at + 1),
        }
    }

    /// A regular expression, or a `/` that turns out to begin none. Where one was looked for in vain,
    /// the next is not looked for as far again: a line of slashes costs no more than its length.
    fn regex(&mut self, rest: &[u8]) -> (SiteKind, usize) {
        let limit = if self.at < self.barren {
            DOUBTED
        } else {
            LONGEST
        };
        let rest = &rest[..rest.len().min(limit)];
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        match regex_literal::length(&rest[..line]) {
            Some(length) => (SiteKind::Literal, self.at + length),
            None => {
                self.barren = self.barren.max(self.at + line);
                (SiteKind::Code, self.at + 1)
            }
        }
    }
}

fn is_mark(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'[' | b']' | b'{' | b'}' | b';' | b',' | b'`'
    )
}

/// True for the bytes that end a run of plain code; a table, since every byte is asked.
const ENDS_RUN: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b"()[]{};,`\"'/";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

/// True when a `{` behind `head` begins a body and not an object.
fn is_block(head: &[u8]) -> bool {
    let head = head.trim_ascii_end();
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    match head.last() {
        None | Some(b')' | b'>') => true,
        Some(last) => word(last) && !head.ends_with(b"return"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sites;
    use super::*;
    use crate::detect::context::FileForm;

    /// The kind, and the heads, of the place marked `@` in a script.
    fn site(script: &str) -> (SiteKind, Vec<String>) {
        let place = script.find('@').unwrap();
        let mut sites = Sites::new(FileForm::Script, script.as_bytes());
        let site = sites.at(place).unwrap();
        let heads = site.brackets.iter();
        let head = |b: &Bracket<'_>| String::from_utf8_lossy(b.head.trim_ascii()).into_owned();
        (site.kind, heads.map(head).collect())
    }

    #[test]
    fn strings_templates_and_comments_are_told_from_code() {
        for (script, kind) in [
            ("a = @b", SiteKind::Code),
            ("a = 'x @'", SiteKind::Literal),
            ("a = 'x\\'' + @", SiteKind::Code),
            ("a = `x ${b + `y ${@}`} z`", SiteKind::Code),
            ("a = `x ${b} @`", SiteKind::Literal),
            ("a = `\\${@}`", SiteKind::Literal),
            ("// it's\n@", SiteKind::Code),
            ("a // @", SiteKind::Comment),
            ("a /* ' */ @", SiteKind::Code),
            ("a = /['\"]/g; @", SiteKind::Code),
            ("a = b / c; d = '/'; @", SiteKind::Code),
            ("return /[/'`]/.test(@)", SiteKind::Code),
            ("<p>don't</p>\n<b>{@}</b>", SiteKind::Code),
            ("eval(\"x = @\")", SiteKind::Eval),
        ] {
            assert_eq!(site(script).0, kind, "{script}");
        }
    }

    #[test]
    fn a_string_begins_with_its_quote() {
        for (script, token) in [
            ("a = 'x @'", "'x "),
            ("a = b[`@`]", "`"),
            ("a = `x @`", "`x "),
            ("a = `x ${b} @`", " "),
            ("a = `x ${b}@`", ""),
            ("a = `x ${c['@']}`", "'"),
        ] {
            let place = script.find('@').unwrap();
            let mut sites = Sites::new(FileForm::Script, script.as_bytes());
            let start = sites.at(place).unwrap().token;
            assert_eq!(&script[start..place], token, "{script}");
        }
    }

    #[test]
    fn brackets_tell_what_they_belong_to() {
        let (_, heads) = site("export default f({ a: 1, define: { 'x': J(@) } })");
        assert_eq!(heads, ["'x': J(", "define: {", "{", "export default f("]);
        let (_, heads) = site("function a() { b }function load({ c }) { return { d: @ } }");
        assert_eq!(heads, ["return {", "function load({ c }) {"]);
        let (_, heads) = site("const a = `${b}`; const load = () => ({ c: @ })");
        assert_eq!(heads, ["{", "const load = () => ("]);
    }

    #[test]
    fn unbalanced_brackets_do_no_harm() {
        for script in ["}}})]@", "((((@", "`${`${`${@", "'@", "/@", "`@", "${@}`@"] {
            let _ = site(script);
        }
        let deep = "(".repeat(3 * DEEPEST) + "@";
        assert_eq!(site(&deep).1.len(), TOLD);
    }
}
