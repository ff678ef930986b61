//! One secret, one match: where two matches share bytes, the more telling one stays, and the other one too
//! if it tells of another secret.
//!
//! Policy comes later and may accept a match. What that match took the place of is accepted with it, so
//! nothing is given up here but what tells of the same secret.

use super::gate;
use crate::decode;
use crate::model::{Dress, Match, Span};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use memchr::memmem;
use std::cmp::{Ordering, Reverse};
use std::collections::{HashMap, HashSet};

/// A match with what decides between it and another on the same bytes.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) matched: Match,
    /// False for rules that take any credential, such as any header's value.
    pub(super) specific: bool,
    /// True for rules that only look at some kinds of files.
    pub(super) narrow: bool,
    /// The bytes that the match claims: its own pieces, since several keys may be made of one prefix, or more
    /// where a rule says so.
    pub(super) claim: Vec<Span>,
}

impl Ranked {
    fn rank(&self) -> impl Ord + use<> {
        let plain = self.matched.dress == Dress::Plain;
        let traced = self.matched.derivation.is_some();
        let length: usize = self.matched.pieces.iter().map(Span::len).sum();
        let severity = self.matched.severity;
        (self.specific, severity, plain, traced, self.narrow, length)
    }

    /// True when `other` is the piece of this that stands as it is: the first literal of a sum, the line
    /// above a continued one.
    fn extends(&self, other: &Self) -> bool {
        let (whole, piece) = (&self.matched, &other.matched);
        let (whole_bytes, piece_bytes) = (whole.secret.expose(), piece.secret.expose());
        matches!(whole.dress, Dress::Joined | Dress::Escaped)
            && whole.span.contains(piece.span)
            && whole_bytes.len() > piece_bytes.len()
            && whole_bytes.starts_with(piece_bytes)
    }

    /// True when the secret is certain to go on behind this piece. Without a known prefix an operator must
    /// say so: in a shell, two quoted words side by side are two arguments.
    fn goes_on(&self, text: &[u8]) -> bool {
        let has_prefix = !self.matched.secret.public().is_empty();
        let end = self.matched.span.end;
        has_prefix || operator_follows(&text[end..]) || decode::goes_on_unseen(text, end)
    }

    /// True when this claims bytes of a secret that none of `others` tells of.
    fn adds_to(&self, others: &[&Self], text: &[u8]) -> bool {
        let told = others.iter().flat_map(|other| other.matched.pieces.clone());
        let told = Span::union(told.collect());
        let rest = self.claim.iter().flat_map(|piece| piece.without(&told));
        let mut rest = rest.map(|rest| &text[rest.range()]);
        let inside: Option<Vec<bool>> = others.iter().map(|o| self.adds_inside(o)).collect();
        match inside {
            Some(adds) => adds.into_iter().all(|adds| adds),
            None => rest.any(gate::holds_random),
        }
    }

    /// As [`Ranked::adds_to`], where the other was decoded out of this one: `Basic`, and in its base64 a key
    /// and the password behind it. What is left of an encoded text looks random, whatever it says.
    fn adds_inside(&self, other: &Self) -> Option<bool> {
        let is_inside = self.matched.dress == Dress::Plain && other.matched.dress.is_binary();
        let encoded = is_inside.then(|| self.matched.secret.expose())?;
        let encoded = encoded.trim_ascii_end().split(|b| *b == b'=').next()?;
        let decoded = STANDARD_NO_PAD.decode(encoded);
        let decoded = decoded.or_else(|_| URL_SAFE_NO_PAD.decode(encoded)).ok()?;
        let secret = other.matched.secret.expose();
        let at = memmem::find(&decoded, secret)?;
        let (before, after) = (&decoded[..at], &decoded[at + secret.len()..]);
        Some([before, after].iter().any(|rest| gate::holds_random(rest)))
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

/// Keeps the best of all that tell of one secret of `text`, sorted by position: the more telling ones first,
/// each where nothing that was kept tells of it already. A whole takes the place of its pieces. So what
/// loses does so to a match that stays, and never to one that has lost itself.
pub(super) fn resolve(mut matches: Vec<Ranked>, text: &[u8]) -> Vec<Match> {
    matches.sort_by_cached_key(|m| {
        let id = m.matched.rule.id.clone();
        (Reverse(m.rank()), m.matched.span, id)
    });
    let matches = without_repetitions(matches);
    let neighbours = neighbours(&matches);
    let mut kept = vec![false; matches.len()];
    for (number, next) in matches.iter().enumerate() {
        let in_its_way = neighbours[number].iter().filter(|other| kept[**other]);
        let in_its_way: Vec<usize> = in_its_way.copied().collect();
        let (pieces, others): (Vec<usize>, Vec<usize>) =
            in_its_way.into_iter().partition(|other| {
                let other = &matches[*other];
                next.extends(other) && other.goes_on(text)
            });
        let others: Vec<&Ranked> = others.iter().map(|other| &matches[*other]).collect();
        // What is joined to a whole literal by nothing is no whole.
        let is_doubtful = others.iter().any(|other| next.extends(other));
        if others.is_empty() || (!is_doubtful && next.adds_to(&others, text)) {
            kept[number] = true;
            pieces.iter().for_each(|piece| kept[*piece] = false);
        }
    }
    let kept = matches.into_iter().zip(kept).filter(|(_, kept)| *kept);
    let mut kept: Vec<Match> = kept.map(|(ranked, _)| ranked.matched).collect();
    kept.sort_by(in_order);
    kept
}

/// Puts each of several keys that are made of one prefix, or stand in one encoded line, where its own pieces
/// are: there a reader tells them apart, and a comment accepts one alone.
pub(super) fn tell_apart(matches: &mut [Match]) {
    let mut pieces: HashMap<Span, usize> = HashMap::new();
    let mut spans: HashMap<Span, usize> = HashMap::new();
    for matched in &*matches {
        *spans.entry(matched.span).or_default() += 1;
        for piece in &matched.pieces {
            *pieces.entry(*piece).or_default() += 1;
        }
    }
    for Match {
        span,
        pieces: all,
        own,
        ..
    } in &mut *matches
    {
        let before = all.len();
        all.retain(|piece| pieces[piece] == 1 || own.contains(piece));
        if all.len() < before || spans[span] > 1 {
            *span = all.iter().copied().reduce(Span::around).unwrap_or(*span);
        }
    }
    matches.sort_by(in_order);
}

fn in_order(a: &Match, b: &Match) -> Ordering {
    (a.span, &a.own, &a.rule.id).cmp(&(b.span, &b.own, &b.rule.id))
}

/// The first of those that say the same of the same bytes. One body may be read with many prefixes.
fn without_repetitions(matches: Vec<Ranked>) -> Vec<Ranked> {
    let mut seen = HashSet::new();
    let is_first = |m: &Ranked| {
        let Match { rule, secret, .. } = &m.matched;
        seen.insert((rule.id.clone(), m.claim.clone(), secret.clone()))
    };
    let first: Vec<bool> = matches.iter().map(is_first).collect();
    let first = matches.into_iter().zip(first);
    first
        .filter_map(|(m, is_first)| is_first.then_some(m))
        .collect()
}

/// For each match the numbers of those that claim bytes which it claims.
fn neighbours(matches: &[Ranked]) -> Vec<Vec<usize>> {
    let mut neighbours = vec![Vec::new(); matches.len()];
    let numbered = matches.iter().enumerate();
    let claims = numbered.flat_map(|(number, m)| m.claim.iter().map(move |span| (*span, number)));
    let mut claims: Vec<(Span, usize)> = claims.collect();
    claims.sort_unstable();
    // Those that reach beyond where the scan stands.
    let mut open: Vec<(Span, usize)> = Vec::new();
    for (span, number) in claims {
        open.retain(|(before, _)| before.end > span.start);
        for (_, other) in open.iter().filter(|(_, other)| *other != number) {
            neighbours[number].push(*other);
            neighbours[*other].push(number);
        }
        open.push((span, number));
    }
    neighbours
}
