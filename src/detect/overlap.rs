//! One place, one match: where two matches share bytes, the more telling one stays.

use crate::model::{Dress, Match};
use std::cmp::Reverse;

/// A match with what decides between it and another on the same bytes.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) matched: Match,
    /// False for rules that take any credential, such as any header's value.
    pub(super) specific: bool,
}

impl Ranked {
    fn rank(&self) -> impl Ord + use<> {
        let plain = self.matched.dress == Dress::Plain;
        let length = self.matched.span.len();
        (self.specific, self.matched.severity, plain, length)
    }
}

/// Keeps the best of every group of overlapping matches, sorted by position.
pub(super) fn resolve(mut matches: Vec<Ranked>) -> Vec<Match> {
    matches.sort_by_key(|m| (m.matched.span, Reverse(m.rank()), m.matched.rule.id.clone()));
    let mut kept: Vec<Ranked> = Vec::new();
    for next in matches {
        match kept.last_mut() {
            Some(last) if last.matched.span.overlaps(next.matched.span) => {
                if next.rank() > last.rank() {
                    *last = next;
                }
            }
            _ => kept.push(next),
        }
    }
    kept.into_iter().map(|ranked| ranked.matched).collect()
}
