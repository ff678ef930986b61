//! A name that a header or a client takes, looked up in the same file: `const TOKEN = "abc"`.

use super::super::pattern::Found;
use super::bind::{Binder, BoundValue};
use super::value::{self, Part};
use crate::model::Span;
use crate::rules::Role;
use crate::syntax::{Style, Tree, given, is_quote, lex, whole_places};

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

/// The literals that the name is given in a text. A variable is given them by a sign or a word, a field also as one.
pub(super) fn find(
    text: &[u8],
    name: &[u8],
    is_field: bool,
    scheme: Option<Span>,
    style: Style,
) -> Vec<Found> {
    let whole = Span::new(0, text.len());
    let mut all = Vec::new();
    let given = |at| {
        let given = given(text, Span::new(at, at + name.len()))?;
        (is_field || !given.is_field).then_some((at, given))
    };
    let places = whole_places(text, whole, name).take(MOST_PLACES);
    for (at, given) in places.filter_map(given).take(MOST) {
        let window = Span::new(given.name.start, text.len().min(at + BEHIND));
        let (tokens, _) = lex(text, window, style, false);
        let tree = Tree::new(text, tokens);
        let Some(value) = tree.at(given.value.span.start) else {
            continue;
        };
        let parts = value::parts(&tree, value, tree.value_end(value));
        // What a program gives a variable without quotes is another name.
        if !is_field && !parts.iter().any(|part| matches!(part, Part::Literal(_))) {
            continue;
        }
        let mut found = Vec::new();
        let mut binder = Binder {
            tree: &tree,
            end: window.end,
            style,
            outer: &[],
            found: &mut found,
        };
        binder.given(0, value, Role::Token);
        let first = found.into_iter().next();
        if let Some(BoundValue::Literal(bound)) = first {
            all.push(Found {
                scheme: bound.scheme.or(scheme),
                ..bound
            });
        }
    }
    all
}
