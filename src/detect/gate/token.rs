//! Opaque tokens: the checks that every kind of value shares.

use super::candidate::{Candidate, GatePage, Refusal};
use super::value::randomness::{self, Makeup, Prior};
use super::value::{placeholder, sequence, wordlike, words};
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
    if is_short(value) {
        return Err("shorter than 16 letters and digits");
    }
    sequence::check(value)?;
    words::check(value)?;
    randomness::check(value, Prior::Placed)
}

/// As [`check`], of a value whose place says that it is a token: there it may be short.
pub(super) fn check_placed(value: &[u8]) -> Result<(), Refusal> {
    if is_short(value) {
        check_short(value, letters(value))
    } else {
        check(value)
    }
}

/// True for a value that is too short to be a token wherever it stands.
pub(super) fn is_short(value: &[u8]) -> bool {
    letters(value) < SHORTEST
}

fn letters(value: &[u8]) -> usize {
    value.iter().filter(|b| b.is_ascii_alphanumeric()).count()
}

/// A token of 10 to 15 characters counts only when digits and both cases mix throughout.
fn check_short(value: &[u8], body: usize) -> Result<(), Refusal> {
    let makeup = Makeup::of(value);
    let mixed = makeup.lowers > 0 && makeup.uppers > 0 && makeup.digits > 0;
    if body < 10 || !mixed || makeup.change_rate() < 0.4 {
        return Err("too short to be a token");
    }
    sequence::check(value)?;
    let plain = wordlike::with_letters(value);
    if words::covered(value) > 0 || words::covered(&plain) * 2 > plain.len() {
        Err("made of words")
    } else {
        Ok(())
    }
}
