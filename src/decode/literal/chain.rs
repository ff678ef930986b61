//! Pieces of a key one after the other, as far as what stands between them is glue.

use super::glue::{self, Glue, PieceNames, closing};
use super::list::{self, ListOpener};
use super::run::is_part;
use super::{PREFIX, SHORTEST_BODY};
use crate::decode::Layer;
use crate::model::{Dress, Span};
use crate::syntax::{Before, is_quote};

/// Most pieces: a key in single characters.
const MOST: usize = 256;

/// Pieces that belong together, in the order in which they stand.
pub(in crate::decode) struct Chain {
    pub(in crate::decode) pieces: Vec<Span>,
    /// Where the first one stands, or the name of it.
    start: usize,
    /// Behind the last one.
    pub(in crate::decode) end: usize,
    /// How many pieces come before the first that is another member of a list.
    listed: usize,
    /// How many come before the first that only a comma separates.
    loose: usize,
}

impl Chain {
    /// The chain whose first piece this is; of one piece only where a list may go back.
    pub(in crate::decode) fn at<'t>(
        text: &'t [u8],
        names: &dyn PieceNames<'t>,
        piece: Span,
    ) -> Option<Self> {
        let mut chain = Self::of(&[piece], piece.start, piece.end);
        let behind = *text.get(piece.end)?;
        let names = (!is_whole_key(piece)).then_some(names);
        if is_quote(&behind) && !opens(text, piece) {
            chain.grow(text, names, piece.end + closing(text, piece.end));
        } else if is_quote(&behind) || goes_on_in_template(&text[piece.end..]) {
            chain.grow(text, names, piece.end);
        } else {
            return None;
        }
        chain.without_others(text);
        Some(chain)
    }

    /// The chain that begins with these pieces, which are, or whose name is, at `start`.
    pub(in crate::decode) fn of(pieces: &[Span], start: usize, end: usize) -> Self {
        Self {
            pieces: pieces.to_vec(),
            start,
            end,
            listed: MOST,
            loose: MOST,
        }
    }

    /// Takes in more pieces.
    pub(in crate::decode) fn push(&mut self, pieces: &[Span], end: usize) {
        self.pieces.extend(pieces);
        self.end = end;
    }

    /// Takes in what follows what ends at `at`.
    pub(in crate::decode) fn grow<'t>(
        &mut self,
        text: &'t [u8],
        names: Option<&dyn PieceNames<'t>>,
        mut at: usize,
    ) {
        let first = self.pieces[0];
        let mut opener = None;
        while self.pieces.len() < MOST {
            let Some(next) = glue::next(text, names, self.start, at) else {
                return;
            };
            let is_other = next.glue == Glue::Adjacent && is_whole_key(first);
            if next.spans[0].is_empty() || begins_key(text, &next.spans) || is_other {
                return;
            }
            if next.glue == Glue::Listed {
                // `"jvx_live_".concat("abc", "def")`: the members begin behind the first piece.
                let last = self.pieces.last().map_or(0, |piece| piece.start);
                let alone = Before::new(text);
                let before = names.map_or(&alone, PieceNames::before);
                let around = || match list::opener(text, before, self.start.saturating_sub(1)) {
                    ListOpener::Other => list::opener(text, before, last.saturating_sub(1)),
                    opener => opener,
                };
                let opener = *opener.get_or_insert_with(around);
                if !next.is_whole || names_a_value(&text[next.end..]) {
                    return;
                }
                self.listed(opener);
            }
            self.push(&next.spans, next.end);
            at = next.end;
            if !next.is_whole {
                return;
            }
        }
    }

    /// Notes that what comes next is a member of a list.
    fn listed(&mut self, opener: ListOpener) {
        let first = match opener {
            ListOpener::Joins => return,
            ListOpener::Lists => &mut self.listed,
            ListOpener::Other => &mut self.loose,
        };
        *first = (*first).min(self.pieces.len());
    }

    /// Unless something joins all members: those that a comma separates outside of any list do not belong
    /// together, and in a list whose first member is a whole key the others are members too.
    pub(in crate::decode) fn without_others(&mut self, text: &[u8]) {
        let most = if is_whole_key(self.pieces[0]) {
            self.loose.min(self.listed)
        } else {
            self.loose
        };
        if most < self.pieces.len() && !list::is_joined_behind(text, self.end) {
            self.pieces.truncate(most);
        }
    }

    /// Leaves what is one string whatever becomes of it.
    pub(in crate::decode) fn only_joined(&mut self) {
        self.pieces.truncate(self.loose.min(self.listed));
    }
}

/// True behind a piece that a template or the next line goes on behind: `jvx_live_${"..."}`.
fn goes_on_in_template(behind: &[u8]) -> bool {
    match behind {
        [b'{' | b'$' | b'#' | b'%', ..] => true,
        [b'\\', next, ..] => matches!(next, b'\n' | b'\r' | b'('),
        _ => false,
    }
}

/// True for pieces of which one is the beginning of another key.
pub(in crate::decode) fn begins_key(text: &[u8], pieces: &[Span]) -> bool {
    let begins = |piece: &Span| text[piece.range()].starts_with(&PREFIX[..3]);
    pieces.iter().any(begins)
}

/// True for part of the prefix, and for the prefix with less than a whole body.
pub(in crate::decode) fn is_beginning(text: &[u8], pieces: &[Span]) -> bool {
    let length: usize = pieces.iter().map(Span::len).sum();
    if length >= PREFIX.len() + SHORTEST_BODY {
        return false;
    }
    let joined: Vec<u8> = pieces
        .iter()
        .flat_map(|piece| &text[piece.range()])
        .copied()
        .collect();
    PREFIX.starts_with(&joined) || joined.starts_with(PREFIX)
}

/// The pieces as one text, with `_` between them if that is what a key lacks; `None` when they are no
/// key's.
pub(in crate::decode) fn joined(text: &[u8], pieces: &[Span]) -> Option<Layer> {
    if pieces.len() < 2 {
        return None;
    }
    let separator = separator(text, pieces.iter().copied())?;
    let mut layer = Layer::new(Dress::Joined);
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            layer.push(separator, Span::new(piece.start, piece.start));
        }
        layer.push(&text[piece.range()], *piece);
    }
    Some(layer)
}

/// What makes a key of the pieces when it stands between them.
fn separator(text: &[u8], pieces: impl Iterator<Item = Span> + Clone) -> Option<&'static [u8]> {
    let begins = |separator: &[u8]| {
        let mut left = PREFIX;
        for (index, piece) in pieces.clone().enumerate() {
            let between = if index > 0 { separator } else { b"" };
            for part in [between, &text[piece.range()]] {
                let length = part.len().min(left.len());
                if part[..length] != left[..length] {
                    return false;
                }
                left = &left[length..];
            }
            if left.is_empty() {
                return true;
            }
        }
        false
    };
    let separators: [&[u8]; 2] = [b"", b"_"];
    separators.into_iter().find(|separator| begins(separator))
}

/// True when a literal alone may hold a whole key.
fn is_whole_key(piece: Span) -> bool {
    piece.len() >= PREFIX.len() + SHORTEST_BODY
}

/// True when the quote behind a piece opens the next one: `K=jvx_"live_"`.
fn opens(text: &[u8], piece: Span) -> bool {
    let before = piece.start.checked_sub(1).map(|at| text[at]);
    let is_bare = before.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b':'));
    is_bare && text.get(piece.end + 1).is_some_and(is_part)
}

/// True when a literal is the name of what follows it.
fn names_a_value(behind: &[u8]) -> bool {
    let behind = behind.trim_ascii_start();
    behind.starts_with(b"=>") || (behind.starts_with(b":") && !behind.starts_with(b"::"))
}
