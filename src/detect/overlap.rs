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
}

/// Keeps the best of every group of overlapping matches, sorted by position.
pub(super) fn resolve(mut matches: Vec<Ranked>) -> Vec<Match> {
    matches.sort_by_key(|m| (m.claim, Reverse(m.rank()), m.matched.rule.id.clone()));
    let mut kept: Vec<Ranked> = Vec::new();
    for next in matches {
        match kept.last_mut() {
            Some(last) if last.claim.overlaps(next.claim) => {
                if next.rank() > last.rank() {
                    *last = next;
                }
            }
            _ => kept.push(next),
        }
    }
    kept.into_iter().map(|ranked| ranked.matched).collect()
}
