//! One place, one match: where two matches share bytes, the more telling one stays.

use crate::model::{Dress, Match, Span};
use std::cmp::Reverse;

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

    /// True when this is the whole key of which `other` is the piece that stands as it is: the first
    /// literal of a sum, the line above a continued one.
    fn completes(&self, other: &Self) -> bool {
        let (whole, piece) = (&self.matched, &other.matched);
        let has_prefix = !piece.secret.public().is_empty();
        let (whole_bytes, piece_bytes) = (whole.secret.expose(), piece.secret.expose());
        has_prefix
            && matches!(whole.dress, Dress::Joined | Dress::Escaped)
            && whole.span.contains(piece.span)
            && whole_bytes.len() > piece_bytes.len()
            && whole_bytes.starts_with(piece_bytes)
    }

    fn beats(&self, other: &Self) -> bool {
        match (self.completes(other), other.completes(self)) {
            (true, _) => true,
            (_, true) => false,
            _ => self.rank() > other.rank(),
        }
    }
}

/// Keeps the best of every group of overlapping matches, sorted by position.
pub(super) fn resolve(mut matches: Vec<Ranked>) -> Vec<Match> {
    matches.sort_by_key(|m| (m.claim, Reverse(m.rank()), m.matched.rule.id.clone()));
    let mut kept: Vec<Ranked> = Vec::new();
    for next in matches {
        match kept.last_mut() {
            Some(last) if last.claim.overlaps(next.claim) => {
                if next.beats(last) {
                    *last = next;
                }
            }
            _ => kept.push(next),
        }
    }
    kept.into_iter().map(|ranked| ranked.matched).collect()
}
