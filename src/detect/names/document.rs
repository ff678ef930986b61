//! A text read as code, around the words that some name has, and what is written inside its literals.

use super::super::pattern::Found;
use super::super::pattern::keyword::WordHits;
use super::bind::{self, Binder, BoundValue};
use super::constant::{self, Alias, Sought};
use super::index::{NameIndex, NamePlace, PlacedNames};
use super::meaning::Meaning;
use crate::model::{BlobPath, Severity, Span};
use crate::rules::{Role, RuleSet};
use crate::syntax::{Name, Style, Token, TokenKind, Tree, before_blanks, lex};
use foldhash::{HashSet, HashSetExt};
use std::ops::ControlFlow;

/// How far before a word a window begins, and how far behind it goes, in bytes: the user of a password stands
/// before it, the value of a header behind.
const BEFORE: usize = 512;
const BEHIND: usize = 1 << 10;

/// How far from a word bytes decide what its name is given, in bytes.
pub(in super::super) const REACH: usize = BEHIND;

/// How much farther back the beginning of a line is looked for, in bytes.
const LINE: usize = 512;

/// How far behind its window a value may end, in bytes.
const LONGEST_VALUE: usize = 16 << 10;

/// Deepest literal that is read: a header in JSON in a command in YAML.
const DEEPEST: usize = 4;

/// Longest literal that is a name, in bytes.
const LONGEST_NAME: usize = 64;

/// Takes what a name of a rule is given, with the number of the rule, and may say that this is enough.
pub(super) type EachFound<'e> = dyn FnMut(usize, Found) -> ControlFlow<()> + 'e;

/// Hands every value in a text that a name of a rule is given to `each`, with the number of the rule. Rules for files
/// elsewhere are left out unless the text may stand `anywhere`.
pub(in super::super) fn search(
    (index, rules): (&NameIndex, &RuleSet),
    (path, anywhere): (&BlobPath, bool),
    text: &[u8],
    hits: &WordHits<'_>,
    each: &mut dyn FnMut(usize, Found),
) {
    let mut names = PlacedNames::new(index, rules, index.places(text, hits));
    names.path = (!anywhere).then_some(path);
    if !names.places.is_empty() {
        let mut each = |rule, found| {
            each(rule, found);
            ControlFlow::Continue(())
        };
        let _ = Document::new(text, Style::of(path), &names, &mut each).read();
    }
}

/// True when one of these names is given what counts, in the file at `path` or in a part of some file.
pub(in super::super) fn is_given_some(
    (index, rules): (&NameIndex, &RuleSet),
    text: &[u8],
    mut places: Vec<NamePlace>,
    path: Option<&BlobPath>,
    counts: &dyn Fn(usize, Found) -> bool,
) -> bool {
    places.sort_unstable();
    let names = PlacedNames::new(index, rules, places);
    let mut each = |rule, found| {
        if counts(rule, found) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let unknown = BlobPath::default();
    let style = Style::of(path.unwrap_or(&unknown));
    let document = Document::new(text, style, &names, &mut each);
    let mut document = match path {
        Some(_) => document,
        None => document.in_part(),
    };
    document.read().is_break()
}

/// One text.
pub(super) struct Document<'t, 'r> {
    pub(super) text: &'t [u8],
    pub(super) style: Style,
    /// False for a part of a text: what a name stands for may be in another.
    is_whole: bool,
    names: &'t PlacedNames<'r>,
    each: &'t mut EachFound<'t>,
    /// Names that were looked up, and for which rule.
    asked: HashSet<(Vec<u8>, bool, Option<usize>)>,
    /// What was handed on: for which gate and severity, and whether as what `Basic` encodes.
    given: HashSet<((usize, Severity), Span, bool)>,
}

impl<'t, 'r> Document<'t, 'r> {
    pub(super) fn new(
        text: &'t [u8],
        style: Style,
        names: &'t PlacedNames<'r>,
        each: &'t mut EachFound<'t>,
    ) -> Self {
        Self {
            text,
            style,
            is_whole: true,
            names,
            each,
            asked: HashSet::new(),
            given: HashSet::new(),
        }
    }

    /// The same, of which the text is a part.
    pub(super) fn in_part(mut self) -> Self {
        self.is_whole = false;
        self
    }

    /// Reads the windows around all words.
    pub(super) fn read(&mut self) -> ControlFlow<()> {
        let mut windows = self.windows().into_iter();
        windows.try_for_each(|window| self.part(window, false, 0, &[]))
    }

    fn windows(&self) -> Vec<Span> {
        let mut windows: Vec<Span> = Vec::new();
        for place in &self.names.places {
            let (before, behind) = if place.is_wide {
                (BEFORE, BEHIND)
            } else {
                (LINE, LINE)
            };
            let start = place.at.saturating_sub(before);
            let end = self.text.len().min(place.at + behind);
            match windows.last_mut() {
                Some(last) if start <= last.end => last.end = last.end.max(end),
                _ => windows.push(Span::new(self.line(start), end)),
            }
        }
        windows
    }

    /// The beginning of the line, unless that is far.
    fn line(&self, at: usize) -> usize {
        let near = &self.text[at.saturating_sub(LINE)..at];
        match memchr::memrchr(b'\n', near) {
            Some(newline) => at - near.len() + newline + 1,
            None if near.len() < LINE => 0,
            None => at,
        }
    }

    /// Reads a part of the text: a window, or a literal or a comment in one.
    fn part(
        &mut self,
        span: Span,
        nested: bool,
        depth: usize,
        outer: &[&'t [u8]],
    ) -> ControlFlow<()> {
        let (tokens, comments) = lex(self.text, span, self.style, nested);
        let tree = Tree::new(self.text, tokens);
        // A value that begins in a window may end behind it, and one inside a literal ends with that.
        let end = if nested {
            span.end
        } else {
            self.text.len().min(span.end + LONGEST_VALUE)
        };
        let mut last = None;
        for place in self.names.within(span) {
            let own = tree
                .at(place.at)
                .filter(|at| tree.tokens[*at].body.start <= place.at);
            let Some(at) = own.filter(|_| own != last) else {
                continue;
            };
            last = own;
            let token = tree.tokens[at];
            if !matches!(token.kind, TokenKind::Name | TokenKind::Str) {
                continue;
            }
            self.token(&tree, at, end, outer)?;
            if token.kind == TokenKind::Str && depth < DEEPEST && !is_word(token.text(self.text)) {
                let outer = [outer, &words_before(&tree, at)].concat();
                self.part(token.body, true, depth + 1, &outer)?;
            }
        }
        for comment in comments {
            if depth < DEEPEST && !self.names.within(comment).is_empty() {
                let body = Span::new(comment.start + 2, comment.end);
                self.part(body, nested, depth + 1, outer)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// What the name at `at` is given.
    fn token(
        &mut self,
        tree: &Tree<'t>,
        at: usize,
        end: usize,
        outer: &[&'t [u8]],
    ) -> ControlFlow<()> {
        let names = self.names;
        let token = tree.tokens[at];
        let is_name = token.body.len() <= LONGEST_NAME || token.kind == TokenKind::Name;
        let mut meanings = if is_name {
            names.meanings(token.text(self.text))
        } else {
            Vec::new()
        };
        let chain = Binder::chain(tree, at);
        if !chain.is_empty() {
            let written = [&*chain, token.text(self.text)].concat();
            meanings.extend(names.meanings(&written));
        }
        if token.kind == TokenKind::Str {
            meanings.extend(self.schemes(token.body));
        }
        let mut found = Vec::new();
        let mut binder = Binder {
            tree,
            end,
            style: self.style,
            outer,
            found: &mut found,
        };
        let mut all = Vec::new();
        let mut header = None;
        if !meanings.is_empty() {
            let name = Name::new(token.text(self.text));
            let is_header = |own: &Meaning| matches!(own, Meaning::Header) && bind::may_open(&name);
            header = meanings.iter().find(|(_, own)| is_header(own));
            for (rule, meaning) in &meanings {
                binder.bind(at, &name, meaning);
                all.extend(binder.found.drain(..).map(|candidate| (*rule, candidate)));
            }
        }
        if let Some((rule, value)) = self.header_line(token) {
            binder.header_line(at, value);
            all.extend(binder.found.drain(..).map(|candidate| (rule, candidate)));
        }
        for (rule, candidate) in all {
            match candidate {
                BoundValue::Literal(bound) => self.give(rule, bound)?,
                BoundValue::Name(name, scheme, role) => {
                    self.constant(rule, name, (scheme, role))?
                }
            }
        }
        match header.and_then(|(rule, _)| Some((*rule, constant::alias(tree, at)?))) {
            Some((rule, alias)) => self.alias(rule, alias),
            None => ControlFlow::Continue(()),
        }
    }

    /// Takes what a header is given where a name stands for its own: `headers[H.AUTH] = "Bearer abc"`.
    fn alias(&mut self, rule: usize, alias: Alias) -> ControlFlow<()> {
        if !self.is_whole {
            return ControlFlow::Break(());
        }
        let name = self.text[alias.name.range()].to_vec();
        if !self.asked.insert((name, alias.is_field, None)) {
            return ControlFlow::Continue(());
        }
        for candidate in constant::alias_values(self.text, alias, self.style) {
            match candidate {
                BoundValue::Literal(bound) => self.give(rule, bound)?,
                BoundValue::Name(name, scheme, role) => {
                    self.constant(rule, name, (scheme, role))?
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Where the value begins in a literal that begins or ends with a header, with the rule of its name:
    /// `"Authorization: Bearer "`, `"curl -H 'Authorization: Bearer "`.
    fn header_line(&self, token: Token) -> Option<(usize, usize)> {
        let body = &self.text[token.body.range()];
        let near = &body[..body.len().min(LONGEST_NAME)];
        let first = memchr::memchr(b':', near).filter(|_| token.kind == TokenKind::Str)?;
        self.header_before(token.body, first).or_else(|| {
            let far = body.len().saturating_sub(LONGEST_NAME);
            let last = far + memchr::memrchr(b':', &body[far..])?;
            self.header_before(token.body, last)
        })
    }

    /// The same for one colon of the literal.
    fn header_before(&self, body: Span, colon: usize) -> Option<(usize, usize)> {
        let before = self.text[body.range()][..colon].trim_ascii();
        let length = before.iter().rev().take(LONGEST_NAME);
        let length = length.take_while(|b| b.is_ascii_alphanumeric() || b"-_".contains(b));
        let name = &before[before.len() - length.count()..];
        let mut meanings = self.names.meanings(name).into_iter();
        let header = meanings.find(|(_, meaning)| matches!(meaning, Meaning::Header));
        header.map(|(rule, _)| (rule, body.start + colon + 1))
    }

    /// The schemes that a literal begins with: `"Bearer abc"`.
    fn schemes(&self, body: Span) -> Vec<(usize, &'r Meaning)> {
        let text = &self.text[body.range()];
        let start = body.start + text.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let length = self.text[start..body.end]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
            .count();
        let found = self.names.meanings(&self.text[start..start + length]);
        found
            .into_iter()
            .filter(|(_, meaning)| matches!(meaning, Meaning::Scheme))
            .collect()
    }

    fn give(&mut self, rule: usize, bound: Found) -> ControlFlow<()> {
        let scheme = bound.scheme.map(|scheme| &self.text[scheme.range()]);
        let is_encoded = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"));
        let told = (self.names.standing(rule), bound.secret, is_encoded);
        if !bound.secret.is_empty() && self.given.insert(told) {
            (self.each)(rule, bound)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Looks up a name that a header or a client takes, which a rule asks for.
    fn constant(
        &mut self,
        asks: usize,
        name: Span,
        (scheme, role): (Option<Span>, Role),
    ) -> ControlFlow<()> {
        let Some(constants) = self.names.constants(role) else {
            return ControlFlow::Continue(());
        };
        // What would be a warning in its place is one elsewhere in the file too.
        let (_, severity) = self.names.standing(asks);
        let rule = if severity.is_error() { constants } else { asks };
        let written = &self.text[name.range()];
        let is_inserted = is_inserted(self.text, name);
        let Some(name) = constant::name(written) else {
            return ControlFlow::Continue(());
        };
        // `cfg.token` is a field, and `$TOKEN` may be set in YAML; `token` alone is a variable.
        let is_field = name.len() < written.len() || is_inserted;
        if !self.is_whole {
            return ControlFlow::Break(());
        }
        if self.asked.insert((name.to_vec(), is_field, Some(rule))) {
            let sought = Sought {
                name,
                is_field,
                scheme,
                role,
            };
            for bound in constant::find(self.text, &sought, self.style) {
                self.give(rule, bound)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// True for a name in the place of which its value is put, in a language of lines: `${TOKEN}`, `$(TOKEN)`, `%TOKEN%`.
fn is_inserted(text: &[u8], name: Span) -> bool {
    let (before, behind) = (before_blanks(&text[..name.start]), &text[name.end..]);
    let signs: [(&[u8], &[u8]); 5] = [
        (b"${", b""),
        (b"{{", b""),
        (b"$(", b")"),
        (b"%", b"%"),
        (b"!", b"!"),
    ];
    signs
        .iter()
        .any(|(open, close)| before.ends_with(open) && behind.starts_with(close))
}

/// True for a literal in which nothing but one name can be.
fn is_word(body: &[u8]) -> bool {
    body.iter()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Most words in front of a literal that count for what is in it.
const WORDS: usize = 16;

/// The names on the line in front of a literal: `curl -H` of `curl -H 'apikey: abc'`.
fn words_before<'t>(tree: &Tree<'t>, at: usize) -> Vec<&'t [u8]> {
    let line = tree.line_start(at).max(at.saturating_sub(WORDS));
    let words = (line..at).filter(|at| tree.kind(*at) == Some(TokenKind::Name));
    words.map(|at| tree.word(at)).collect()
}
