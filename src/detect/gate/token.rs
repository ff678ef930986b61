//! Opaque tokens: the checks that every kind of value shares.

use super::candidate::{Candidate, Refusal};
use super::value::randomness::{self, Prior};
use super::value::{placeholder, sequence, words};

/// Fewest letters and digits of an opaque token.
const SHORTEST: usize = 16;

/// Refuses whatever is not an opaque, random, literal token.
pub(super) fn judge(candidate: &Candidate<'_>) -> Result<(), Refusal> {
    placeholder::check(candidate)?;
    check(candidate.value())
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
