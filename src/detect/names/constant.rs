//! A name that a header or a client takes, looked up in the same file: `const TOKEN = "abc"`.

use super::super::pattern::Found;
use super::bind::{Binder, Candidate};
use super::value::{self, Part};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Style, TokenKind, Tree, lex};
use memchr::memmem;

/// Most places of a name that are looked at.
const MOST: usize = 64;

/// How much is read before a name and behind it, in bytes.
const BEFORE: usize = 256;
const BEHIND: usize = 512;

/// How far behind a name the sign may stand that defines it, in bytes.
const TYPE: usize = 48;

/// Shortest name that is looked up.
const SHORTEST: usize = 2;

/// The last part of a name as it is written where it is used: `TOKEN` of `$this->TOKEN`.
pub(super) fn name(written: &[u8]) -> Option<&[u8]> {
    let last = written
        .rsplit(|b| matches!(b, b'.' | b'>' | b':' | b'$'))
        .next()?;
    let is_name = last
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    (last.len() >= SHORTEST && is_name).then_some(last)
}

/// The literals that the name is given in a text.
pub(super) fn find(
    text: &[u8],
    name: &[u8],
    is_field: bool,
    scheme: Option<Span>,
    style: Style,
) -> Vec<Found> {
    let places = memmem::find_iter(text, name)
        .filter(|at| is_whole(text, *at, name.len()) && may_be_defined(text, *at, name.len()))
        .take(MOST);
    let mut all = Vec::new();
    for at in places {
        let before = &text[at.saturating_sub(BEFORE)..at];
        let line = memchr::memrchr(b'\n', before)
            .map_or(at - before.len(), |newline| at - before.len() + newline + 1);
        let window = Span::new(line, text.len().min(at + BEHIND));
        let (tokens, _) = lex(text, window, style, false);
        let tree = Tree::new(text, tokens);
        let is_own = |token: &usize| {
            tree.tokens[*token].body.end == at + name.len() && tree.tokens[*token].body.start <= at
        };
        let Some(own) = (0..tree.tokens.len()).find(is_own) else {
            continue;
        };
        let mut candidates = Vec::new();
        let (end, found) = (window.end, &mut candidates);
        let mut binder = Binder {
            tree: &tree,
            end,
            style,
            outer: &[],
            found,
        };
        binder.definition(own, is_field);
        for candidate in candidates {
            if let Candidate::Literal(bound) = candidate {
                all.push(Found {
                    scheme: bound.scheme.or(scheme),
                    ..bound
                });
            }
        }
    }
    all
}

/// True when what follows may define the name: a sign, or a type and a sign on the same line.
fn may_be_defined(text: &[u8], at: usize, length: usize) -> bool {
    let rest = &text[at + length..text.len().min(at + length + TYPE)];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let before = text[..at].trim_ascii_end();
    let is_set = DEFINING.iter().any(|word| before.ends_with(word));
    is_set || line.iter().any(|b| matches!(b, b'=' | b':' | b',')) || line.ends_with(b"<-")
}

/// True when no other name begins or ends with this one here.
fn is_whole(text: &[u8], at: usize, length: usize) -> bool {
    let joins = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    !joins(at.checked_sub(1).and_then(|at| text.get(at))) && !joins(text.get(at + length))
}

/// Words in front of a name that is given what stands behind it.
const DEFINING: &[&[u8]] = &[
    b"ENV", b"ARG", b"set", b"setenv", b"define", b"export", b"local", b"def",
];

impl Binder<'_, '_> {
    /// What the name at `at` is given where it is defined.
    fn definition(&mut self, at: usize, is_field: bool) {
        let tree = self.tree;
        let next = at + 1;
        // `TOKEN: &str = "abc"`
        let typed = (next..next + 8).take_while(|at| {
            !matches!(
                tree.kind(*at),
                Some(TokenKind::Newline | TokenKind::Str | TokenKind::Open)
            )
        });
        let equals = typed.clone().find(|at| tree.is(*at, b"="));
        let is_typed = tree.is(next, b":") && equals.is_some();
        let before = at.checked_sub(1).map(|before| tree.word(before));
        let is_defined = before.is_some_and(|before| DEFINING.contains(&before));
        let value = match equals {
            Some(equals) if is_typed => Some(equals + 1),
            _ if is_defined
                && matches!(tree.kind(next), Some(TokenKind::Name | TokenKind::Str)) =>
            {
                Some(next)
            }
            _ if is_field || tree.is_any(next, &[b"=", b":=", b"<-"]) => self.defined_value(at),
            _ => None,
        };
        if let Some(value) = value {
            let parts = value::parts(tree, value, tree.value_end(value));
            // What a program gives a variable without quotes is another name.
            if is_field || parts.iter().any(|part| matches!(part, Part::Literal(_))) {
                self.given_literal(at, value);
            }
        }
    }

    fn given_literal(&mut self, at: usize, value: usize) {
        let before = self.found.len();
        self.given(at, value, Role::Token);
        self.found.truncate(before + 1);
    }
}
