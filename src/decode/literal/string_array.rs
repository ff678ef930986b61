//! Texts that an obfuscator cuts into pieces and keeps in one list, turned by some places: `a(0x1fe) + a(0x1f5) + ...`
//! beside `['ab', 'then', 'jvx_live_Abc', ...]`.
//!
//! How far the list is turned is worked out when the program runs. But two numbers are as far apart as their literals are
//! in the list, and the first stands for the literal with the beginning of the key.

use super::PREFIX;
use super::run::run;
use crate::decode::Layer;
use crate::model::{Dress, Span};
use crate::syntax::{TokenKind, Tree, is_quote};

/// How far around the beginning of a key the list and the numbers are, in bytes.
const REACH: usize = 32 << 10;

/// Most literals of a list, and most numbers that are added.
const MOST: usize = 1024;
const MOST_PIECES: usize = 64;

/// True for a literal that may be one of such a list: a short one with the beginning of a key, between commas.
pub(super) fn may_begin(text: &[u8], first: Span) -> bool {
    let is_whole = text.get(first.end).is_some_and(is_quote);
    let ends = text.get(first.end + 1).is_some_and(|b| b",]".contains(b));
    is_whole && ends && text[first.range()].starts_with(PREFIX)
}

/// What comes of the numbers that are added in the text around `first`, the literal with the beginning of a key.
pub(super) fn at(text: &[u8], first: Span) -> Option<Layer> {
    let start = first.start.saturating_sub(REACH);
    memchr::memmem::find(&text[start..text.len().min(first.end + REACH)], b"(0x")?;
    let tree = Tree::behind(text, start, 2 * REACH);
    let own = tree.at(first.start)?;
    let open = tree.parent(own).filter(|open| tree.is(*open, b"["))?;
    let items = open + 1..tree.mate(open)?;
    let literals = items.filter(|at| tree.kind(*at) == Some(TokenKind::Str));
    let literals: Vec<Span> = literals.take(MOST).map(|at| tree.tokens[at].body).collect();
    let own = literals.iter().position(|literal| *literal == first)?;
    let sums = (0..tree.tokens.len()).filter_map(|at| sum(&tree, at));
    let keys = sums.filter_map(|numbers| key(text, &literals, own, &numbers));
    keys.max_by_key(|layer| layer.text.len())
}

/// The pieces whose numbers are added, the first of which is `own`. All but the last have the same length.
fn key(text: &[u8], literals: &[Span], own: usize, numbers: &[usize]) -> Option<Layer> {
    let length = literals[own].len();
    let mut layer = Layer::new(Dress::Joined);
    for (place, number) in numbers.iter().enumerate() {
        let away = (own + number + literals.len()).checked_sub(numbers[0] % literals.len())?;
        let piece = literals[away % literals.len()];
        let is_last = place + 1 == numbers.len();
        let fits = piece.len() == length || is_last && piece.len() < length;
        if !fits || run(text, piece.start) != piece {
            return None;
        }
        layer.push(&text[piece.range()], piece);
    }
    Some(layer)
}

/// The numbers of the calls that are added from the one at `at` on: `a(0x1) + a(0x2)`.
fn sum(tree: &Tree<'_>, at: usize) -> Option<Vec<usize>> {
    let is_first = !tree.before(at).is_some_and(|before| tree.is(before, b"+"));
    let mut numbers = Vec::new();
    let mut at = at;
    while is_first && numbers.len() < MOST_PIECES {
        let is_call = tree.kind(at) == Some(TokenKind::Name) && tree.is(at + 1, b"(");
        let Some(number) = number(tree.word(at + 2)).filter(|_| is_call && tree.is(at + 3, b")"))
        else {
            break;
        };
        numbers.push(number);
        if !tree.is(at + 4, b"+") {
            break;
        }
        at += 5;
    }
    (numbers.len() > 1).then_some(numbers)
}

/// `0x1fe`, `510`
fn number(word: &[u8]) -> Option<usize> {
    let word = std::str::from_utf8(word).ok()?;
    match word.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;

    #[test]
    fn pieces_are_found_by_how_far_their_numbers_are_apart() {
        let list = "const l = ['then', 'def012345678', 'jvx_live_abc', 'json', 'title', 'a'];";
        for (sum, is_key) in [
            ("a(0x10) + a(0xf)", true),
            ("a(0x10)+a(0x15)", true),
            ("a(0x10)+a(0xf)+a(0x13)", false),
            ("a(0x10)+a(0x11)", false),
        ] {
            let text = format!("{list}\nconst k = {sum}; f(a(0x1) + a(0x2));");
            let found = layers_of(text.as_bytes());
            let is_found = found.iter().any(|l| l.text == b"jvx_live_abcdef012345678");
            assert_eq!(is_found, is_key, "{sum}");
        }
    }
}
