//! What stands around the members of a list: the bracket that opens it and the call that joins it.

use super::run::is_part;
use crate::model::Span;
use crate::syntax::{Before, CallKind, TokenKind, Tree, before_blanks, call, is_word};

/// How far around a list its bracket and its call are looked for, in bytes.
const AROUND: usize = 96;

/// How far before a list that is turned round its members are.
const TURNED: usize = 512;

/// Most tokens between a member and what opens the list: `String.join("", "jvx_", ...)`.
const MOST_BEFORE: usize = 16;

/// Most calls around a list and behind it of which one may join it: `join("", List.of(...))`.
const MOST_CALLS: usize = 4;

/// What makes a comma a sign that pieces may belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListOpener {
    /// A call that joins.
    Joins,
    /// A list, a tuple, or the call that makes one.
    Lists,
    /// Neither: the arguments of some other call, the fields of a record.
    Other,
}

/// What opens the list whose member begins at `first`, in front of its quote.
pub(super) fn opener<'t>(text: &'t [u8], before: &Before<'t>, first: usize) -> ListOpener {
    let tree = Tree::up_to(text, before, first, AROUND);
    let mut at = tree.tokens.len();
    for _ in 0..MOST_BEFORE {
        let Some(before) = tree.before(at) else {
            break;
        };
        let is_beside = at == tree.tokens.len() || tree.is_any(at, &[b",", b";"]);
        match tree.kind(before) {
            Some(TokenKind::Open) => return of_bracket(&tree, before),
            Some(TokenKind::Name) if says(&tree, before) == CallKind::Joins => {
                return ListOpener::Joins;
            }
            Some(TokenKind::Op) => match tree.word(before) {
                b"," | b";" => {}
                b"|" | b"<" if is_beside => return ListOpener::Lists,
                b"-" if is_beside && !tree.touches(before, before + 1) => return ListOpener::Lists,
                b"." | b"&" | b"::" | b"@" | b"!" if !is_beside => {}
                _ => break,
            },
            Some(_) if at == tree.tokens.len() => break,
            _ => {}
        }
        at = tree.mate(before).unwrap_or(before);
    }
    ListOpener::Other
}

/// What a bracket opens: the arguments of a call, or a list that a call around it may join.
fn of_bracket(tree: &Tree<'_>, open: usize) -> ListOpener {
    let name = |open: usize| {
        let name = open.checked_sub(1 + usize::from(open > 0 && tree.is(open - 1, b"!")))?;
        // `String.concat "" [`
        let is_separator = tree.kind(name) == Some(TokenKind::Str);
        name.checked_sub(usize::from(is_separator))
    };
    let called = |open: usize| name(open).map_or(CallKind::Other, |name| says(tree, name));
    let is_called = name(open).is_some_and(|name| tree.kind(name) == Some(TokenKind::Name));
    match called(open) {
        CallKind::Joins => return ListOpener::Joins,
        CallKind::Formats if tree.is(open, b"(") => return ListOpener::Joins,
        CallKind::Other if is_called && tree.is(open, b"(") => return ListOpener::Other,
        _ => {}
    }
    let around = std::iter::successors(Some(open), |open| tree.parent(*open));
    if around
        .take(MOST_CALLS)
        .any(|open| called(open) == CallKind::Joins)
    {
        ListOpener::Joins
    } else {
        ListOpener::Lists
    }
}

/// What the last word of a name says of what is called so.
fn says(tree: &Tree<'_>, name: usize) -> CallKind {
    let is_name = tree.kind(name) == Some(TokenKind::Name);
    let written = if is_name { tree.word(name) } else { b"" };
    call(written.rsplit(|b| !is_word(b)).next().unwrap_or_default())
}

/// The members in front of the one whose content begins at `start`, the last one first.
pub(super) fn members_before<'t>(
    text: &'t [u8],
    before: &Before<'t>,
    start: usize,
    most: usize,
) -> Vec<Span> {
    let Some(open) = start
        .checked_sub(1)
        .filter(|open| is_behind_comma(&text[..*open]))
    else {
        return Vec::new();
    };
    let tree = Tree::up_to(text, before, open, TURNED);
    let mut at = tree.tokens.len();
    let member = || {
        let comma = tree
            .before(at)
            .filter(|comma| tree.is_any(*comma, &[b",", b";"]))?;
        at = tree
            .before(comma)
            .filter(|at| tree.kind(*at) == Some(TokenKind::Str))?;
        let is_piece = !tree.word(at).is_empty() && tree.word(at).iter().all(is_part);
        is_piece.then(|| tree.tokens[at].body)
    };
    std::iter::from_fn(member).take(most).collect()
}

/// True behind a comma; letters may stand in front of a literal: `, b"jvx_"`.
fn is_behind_comma(before: &[u8]) -> bool {
    let letters = before.iter().rev().take(AROUND).take_while(|b| is_word(b));
    let before = before_blanks(&before[..before.len() - letters.count()]);
    matches!(before.last(), Some(b',' | b';'))
}

/// True when what follows the list that ends at `end` joins it: `.join("")`, `.reverse().join("")`, `-join ''`.
pub(super) fn is_joined_behind(text: &[u8], end: usize) -> bool {
    let tree = Tree::behind(text, end, AROUND);
    let is_end = |at: &usize| {
        let is_sign = tree.is_any(*at, &[b",", b"|", b">"]);
        is_sign || matches!(tree.kind(*at), Some(TokenKind::Close | TokenKind::Newline))
    };
    let mut at = (0..).find(|at| !is_end(at)).unwrap_or(0);
    for _ in 0..MOST_CALLS {
        let leads_on = |at: &usize| tree.is_any(*at, &[b".", b"-", b"|>", b"->", b"?."]);
        let name = (at..).find(|at| !leads_on(at)).unwrap_or(at);
        if name == at || tree.kind(name) != Some(TokenKind::Name) {
            return false;
        }
        let mut words = tree.word(name).split(|b| !is_word(b));
        if words.any(|word| call(word) == CallKind::Joins) {
            return true;
        }
        at = tree.mate(name + 1).unwrap_or(name) + 1;
    }
    false
}

/// True when a list is turned round where it stands.
pub(super) fn is_reversed(text: &[u8], start: usize, end: usize) -> bool {
    let behind = &text[end..text.len().min(end + AROUND)];
    let behind = behind.split(|b| *b == b'\n').next().unwrap_or_default();
    let before = &text[start.saturating_sub(AROUND / 3)..start];
    let has = |part: &[u8], text| memchr::memmem::find(text, part).is_some();
    let near = [before, behind];
    near.iter().any(|t| has(b"rev", t) || has(b"Rev", t)) || has(b"::-1", behind)
}
