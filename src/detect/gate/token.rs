//! Opaque tokens: the checks that every kind of value shares.

use super::candidate::{Candidate, GatePage, Refusal};
use super::value::randomness::{self, Prior};
use super::value::{placeholder, sequence, words};
use crate::model::Span;
use crate::rules::Gate;

/// What most gates take to be harmless.
pub(super) const SHARED: [&str; 4] = [
    "interpolated, masked or cut-off values: ${X}, {{ x }}, <token>, ****, ...",
    "runs, repetitions and sequences: xxxx, abcabc, 12345678, a1b2c3d4, qwerty",
    "values at least half of whose letters are words, names or jargon, however they are encoded",
    "values less random than their length and alphabet promise",
];

/// What this gate says of itself.
pub(super) const TOKEN: GatePage = GatePage {
    gate: Gate::Token,
    judges: "any other token, which looks random",
    harmless: &SHARED,
    judge,
    judge_shown: judge,
};

/// Fewest letters and digits of an opaque token.
const SHORTEST: usize = 16;

/// Refuses whatever is not an opaque, random, literal token.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    placeholder::check(candidate)?;
    check(candidate.value())?;
    Ok(candidate.span)
}

/// The checks that need no surroundings.
pub(super) fn check(value: &[u8]) -> Result<(), Refusal> {
    let body = value.iter().filter(|b| b.is_ascii_alphanumeric()).count();
    if body < SHORTEST {
        return Err("shorter than 16 letters and digits");
    }
    sequence::check(value)?;
    words::check(value)?;
    randomness::check(value, Prior::Placed)
}
