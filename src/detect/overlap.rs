//! One place, one match: where two matches share bytes, the more telling one stays.

use crate::model::{Dress, Match, Span};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A match with what decides between it and another on the same bytes.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) matched: Match,
    /// False for rules that take any credential, such as any header's value.
    pub(super) specific: bool,
    /// True for rules that only look at some kinds of files.
    pub(super) narrow: bool,
    /// The bytes that the match claims: those of the secret, or more where a rule says so.
    pub(super) claim: Span,
}

impl Ranked {
    fn rank(&self) -> impl Ord + use<> {
        let plain = self.matched.dress == Dress::Plain;
        let traced = self.matched.derivation.is_some();
        let length = self.matched.span.len();
        let severity = self.matched.severity;
        (self.specific, severity, plain, traced, self.narrow, length)
    }

    /// True when this is the whole secret of which `other` is the piece that stands as it is: the first
    /// literal of a sum, the line above a continued one. Without a known prefix an operator must join
    /// them: in a shell, two quoted words side by side are two arguments.
    fn completes(&self, other: &Self, text: &[u8]) -> bool {
        let (whole, piece) = (&self.matched, &other.matched);
        let has_prefix = !piece.secret.public().is_empty();
        let (whole_bytes, piece_bytes) = (whole.secret.expose(), piece.secret.expose());
        (has_prefix || operator_follows(&text[piece.span.end..]))
            && matches!(whole.dress, Dress::Joined | Dress::Escaped)
            && whole.span.contains(piece.span)
            && whole_bytes.len() > piece_bytes.len()
            && whole_bytes.starts_with(piece_bytes)
    }
}

/// True when an operator that joins strings stands behind the end of a literal, or the line goes on.
fn operator_follows(rest: &[u8]) -> bool {
    let rest = &rest[..rest.len().min(256)];
    let quoted = rest
        .strip_prefix(b"\"")
        .or(rest.strip_prefix(b"'"))
        .or(rest.strip_prefix(b"`"));
    let next = quoted.unwrap_or(rest).trim_ascii_start();
    match quoted {
        Some(_) => next.first().is_some_and(|b| b"+.~&|".contains(b)),
        None => rest.starts_with(b"\\\n") || rest.starts_with(b"\\\r\n") || rest.starts_with(b"${"),
    }
}

/// Keeps the best of every group of overlapping matches of `text`, sorted by position: the more telling
/// ones first, each where nothing that was kept is in its way. A whole takes the place of its pieces. So
/// what loses does so to a match that stays, and never to one that has lost itself.
pub(super) fn resolve(mut matches: Vec<Ranked>, text: &[u8]) -> Vec<Match> {
    matches.sort_by_cached_key(|m| (Reverse(m.rank()), m.claim, m.matched.rule.id.clone()));
    let mut kept: BTreeMap<Span, Ranked> = BTreeMap::new();
    for next in matches {
        let before_its_end = kept
            .range(..Span::new(next.claim.end, next.claim.end))
            .rev();
        let in_its_way = before_its_end.take_while(|(claim, _)| claim.overlaps(next.claim));
        let pieces: Option<Vec<Span>> = in_its_way
            .map(|(claim, other)| next.completes(other, text).then_some(*claim))
            .collect();
        let Some(pieces) = pieces else { continue };
        for piece in pieces {
            kept.remove(&piece);
        }
        kept.insert(next.claim, next);
    }
    kept.into_values().map(|ranked| ranked.matched).collect()
}
