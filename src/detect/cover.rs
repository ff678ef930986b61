//! What the excerpts of a text must not show: every candidate, whatever became of it, and, as the last net,
//! every literal in sight that looks random.

use super::gate;
use crate::model::{Cover, Dress, Match, Span};

/// How far around a match literals are looked for, in bytes: farther than an excerpt ever shows, so that what
/// it cuts is known as a whole.
const SIGHT: usize = 1024;

/// How much of a match an excerpt may show, in bytes.
const LONGEST_FOCUS: usize = 4096;

/// Where the secret of a match is stored in `text`, with the length of the prefix that each part shows. Words
/// that were joined to a token are rather its neighbours: `"Bearer 9fKq..." "https://example.org"`.
pub(super) fn secret(matched: &Match, text: &[u8]) -> Vec<(Span, usize)> {
    if matched.secret.is_public() {
        return Vec::new();
    }
    let public = matched.secret.public();
    let shown = |span: Span| {
        if text[span.range()].starts_with(public) {
            (span, public.len())
        } else {
            (span, 0)
        }
    };
    if matched.dress != Dress::Joined {
        return vec![shown(matched.span)];
    }
    let is_key = !public.is_empty();
    let pieces = matched
        .own
        .iter()
        .filter(|p| is_key || !gate::is_words(&text[p.range()]));
    pieces.map(|piece| shown(*piece)).collect()
}

/// Covers the candidates, and the literals that look random near the matches.
pub(super) fn of(text: &[u8], matches: &[Match], candidates: Vec<(Span, usize)>) -> Cover {
    let candidates = Cover::new(candidates);
    let known: Vec<Span> = candidates.spans().collect();
    let sights = Span::union(matches.iter().map(|m| sight(text, m)).collect());
    let literals = sights
        .iter()
        .flat_map(|sight| gate::random_literals(text, *sight, &known));
    let literals = literals.map(|literal| (literal, 0));
    let keys = sights.iter().flat_map(|sight| candidates.touching(*sight));
    let broken = keys
        .filter(|(_, prefix)| *prefix > 0)
        .filter_map(|(key, prefix)| {
            let rest = gate::broken_off(text, *key)?;
            Some((key.around(rest), *prefix))
        });
    let is_in_sight = |rest: &Span| sights.iter().any(|sight| sight.contains(*rest));
    let cut_off = gate::cut_off(text)
        .filter(is_in_sight)
        .map(|rest| (rest, 0));
    let more = Cover::new(literals.chain(broken).chain(cut_off).collect());
    candidates.and(more)
}

/// The part of a match's first line that its excerpt may show, and more.
fn sight(text: &[u8], matched: &Match) -> Span {
    let span = matched.span;
    let floor = span.start.saturating_sub(SIGHT);
    let ceiling = span.end.min(span.start + LONGEST_FOCUS) + SIGHT;
    let before = memchr::memrchr(b'\n', &text[floor..span.start]);
    let behind = &text[span.start..text.len().min(ceiling)];
    let length = memchr::memchr(b'\n', behind).unwrap_or(behind.len());
    Span::new(
        before.map_or(floor, |at| floor + at + 1),
        span.start + length,
    )
}
