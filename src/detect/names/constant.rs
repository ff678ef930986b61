//! A name that a header or a client takes, looked up in the same file: `const TOKEN = "abc"`. And one that stands for
//! that of a header: `AUTH = "Authorization"`, and elsewhere `headers[AUTH] = "Bearer abc"`.

use super::super::pattern::Found;
use super::bind::{Binder, BoundValue};
use super::value::{self, Part};
use super::{NAME_KEYS, VALUE_KEYS, letters};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Given, Style, TokenKind, Tree, given, is_quote, lex, whole_places};

/// Most places of a name that are looked at, and most at which it is given something.
const MOST_PLACES: usize = 512;
const MOST: usize = 64;

/// How much is read behind a name, in bytes.
const BEHIND: usize = 512;

/// Shortest name that is looked up.
const SHORTEST: usize = 2;

/// The last part of a name as it is written where it is used: `TOKEN` of `$this->TOKEN`, `eu` of `TOKENS["eu"]`.
pub(super) fn name(written: &[u8]) -> Option<&[u8]> {
    let is_end = |b: &u8| is_quote(b) || *b == b']';
    let listed = written.strip_suffix(b"]").map(<[u8]>::trim_ascii);
    let listed =
        listed.and_then(|inner| inner.strip_suffix(&[*inner.last().filter(|b| is_quote(b))?]));
    let written = listed.map_or(written, |inner| {
        inner.rsplit(is_end).next().unwrap_or(inner)
    });
    let last = written
        .rsplit(|b| matches!(b, b'.' | b'>' | b':' | b'$'))
        .next()?;
    let is_name = last
        .first()
        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    (last.len() >= SHORTEST && is_name).then_some(last)
}

/// A name that is looked up.
pub(super) struct Sought<'n> {
    pub(super) name: &'n [u8],
    /// It is the field of a record, or put into a text.
    pub(super) is_field: bool,
    /// The scheme in front of it.
    pub(super) scheme: Option<Span>,
    /// What it is for.
    pub(super) role: Role,
}

/// The literals that the name is given in a text. A variable is given them by a sign or a word, a field also as one.
pub(super) fn find(text: &[u8], sought: &Sought<'_>, style: Style) -> Vec<Found> {
    let whole = Span::new(0, text.len());
    let given = |at| {
        let given = given(text, Span::new(at, at + sought.name.len()))?;
        (sought.is_field || !given.is_field).then_some(given)
    };
    let places = whole_places(text, whole, sought.name).take(MOST_PLACES);
    let givens = places.filter_map(given).take(MOST);
    let all = givens.filter_map(|given| literal(text, &given, sought, style));
    all.collect()
}

/// The literal that a name is given.
fn literal(text: &[u8], given: &Given, sought: &Sought<'_>, style: Style) -> Option<Found> {
    let window = Span::new(given.name.start, text.len().min(given.name.end + BEHIND));
    let (tokens, _) = lex(text, window, style, false);
    let tree = Tree::new(text, tokens);
    let value = tree.at(given.value.span.start)?;
    // `AUTH = { user: "a", password: "b" }`, `AUTH = ("a", "b")`
    let open = tree
        .before(value)
        .filter(|open| tree.kind(*open) == Some(TokenKind::Open));
    let account = open.filter(|_| sought.role == Role::Pair);
    // A record over several lines is not its first field, and `{name}` is no word.
    let is_record = open.is_some_and(|open| {
        let is_first = open + 1 == value && tree.kind(value) == Some(TokenKind::Str);
        tree.is(open, b"{") && !is_first
    });
    if account.is_none() && is_record {
        return None;
    }
    let parts = value::parts(&tree, value, tree.value_end(value));
    let has_literal = parts.iter().any(|part| matches!(part, Part::Literal(_)));
    // What a program gives a variable without quotes is another name, and so is a field's value where `#` is no comment:
    // `{ password: WORD }`.
    let takes_words = sought.is_field && style.hash;
    if !takes_words && account.is_none() && !has_literal {
        return None;
    }
    let mut found = Vec::new();
    let mut binder = Binder {
        tree: &tree,
        end: window.end,
        style,
        outer: &[],
        found: &mut found,
    };
    match account {
        Some(open) => {
            let items = tree.items(open);
            binder.arguments(0, &items, &[Role::User, Role::Password]);
        }
        None => binder.given(0, value, sought.role),
    }
    let bound = match found[..] {
        [BoundValue::Literal(bound), ..] => bound,
        // A word without quotes may be the value or a name for one.
        [BoundValue::Name(own, ..), BoundValue::Literal(bound), ..]
            if own.start == bound.secret.start =>
        {
            bound
        }
        _ => return None,
    };
    Some(Found {
        scheme: bound.scheme.or(sought.scheme),
        ..bound
    })
}

/// How many tokens before the name of a header another name is given it.
const ALIAS_NEAR: usize = 8;

/// Shortest name that stands for that of a header.
const SHORTEST_ALIAS: usize = 3;

/// Most places of such a name that are looked at.
const MOST_USES: usize = 32;

/// How far around such a place is read, in bytes.
const AROUND: usize = 256;

/// A name that is given the name of a header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alias {
    pub(super) name: Span,
    /// It stands for it as the member of something: `H.auth` of `H = { auth: "Authorization" }`.
    pub(super) is_field: bool,
}

/// The name that is given the literal at `at`.
pub(super) fn alias(tree: &Tree<'_>, at: usize) -> Option<Alias> {
    let literal = tree.tokens[at];
    if literal.kind != TokenKind::Str || tree.key_behind(at).is_some() {
        return None;
    }
    let first = tree.line_start(at).max(at.saturating_sub(ALIAS_NEAR));
    let named = (first..at)
        .filter(|at| tree.kind(*at) == Some(TokenKind::Name))
        .find_map(|at| {
            let own = given(tree.text, tree.tokens[at].span)?;
            (own.value.span.start == literal.span.start).then_some((at, own.is_field))
        });
    let (name, is_field) = named?;
    let span = tree.tokens[name].span;
    // `{ name: "X-Api-Key", value: "abc" }` is one header, and `content="X-CSRF-Token"` an attribute.
    let letters = letters(tree.word(name));
    let has = |keys: &[&str]| keys.iter().any(|key| key.as_bytes() == letters);
    let is_in_tag = (first..name).any(|at| tree.is(at, b"<"));
    let is_alias = !(is_field || is_in_tag) || !(has(NAME_KEYS) || has(VALUE_KEYS));
    (is_alias && span.len() >= SHORTEST_ALIAS).then_some(Alias {
        name: span,
        is_field,
    })
}

/// What a header is given where the name stands for its own.
pub(super) fn alias_values(text: &[u8], alias: Alias, style: Style) -> Vec<BoundValue> {
    let name = &text[alias.name.range()];
    let mut found = Vec::new();
    let whole = Span::new(0, text.len());
    let others = whole_places(text, whole, name).filter(|at| *at != alias.name.start);
    for place in others.take(MOST_USES) {
        let near = &text[place.saturating_sub(AROUND)..place];
        let line =
            memchr::memrchr(b'\n', near).map_or(near.len(), |newline| near.len() - newline - 1);
        let end = text.len().min(place + AROUND);
        let (tokens, _) = lex(text, Span::new(place - line, end), style, false);
        let tree = Tree::new(text, tokens);
        let Some(at) = tree
            .at(place)
            .filter(|at| tree.kind(*at) == Some(TokenKind::Name))
        else {
            continue;
        };
        let span = tree.tokens[at].span;
        let is_member = span.start < place;
        if span.end != place + name.len() || (alias.is_field && !is_member) {
            continue;
        }
        let mut binder = Binder {
            tree: &tree,
            end,
            style,
            outer: &[],
            found: &mut found,
        };
        binder.header(at);
    }
    found
}
