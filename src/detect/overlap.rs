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

    fn beats(&self, other: &Self, text: &[u8]) -> bool {
        match (self.completes(other, text), other.completes(self, text)) {
            (true, _) => true,
            (_, true) => false,
            _ => self.rank() > other.rank(),
        }
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

/// Keeps the best of every group of overlapping matches of `text`, sorted by position.
pub(super) fn resolve(mut matches: Vec<Ranked>, text: &[u8]) -> Vec<Match> {
    matches.sort_by_key(|m| (m.claim, Reverse(m.rank()), m.matched.rule.id.clone()));
    let mut kept: Vec<Ranked> = Vec::new();
    for next in matches {
        match kept.last_mut() {
            Some(last) if last.claim.overlaps(next.claim) => {
                if next.beats(last, text) {
                    *last = next;
                }
            }
            _ => kept.push(next),
        }
    }
    kept.into_iter().map(|ranked| ranked.matched).collect()
}
