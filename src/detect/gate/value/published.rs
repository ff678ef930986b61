//! Values that standards and vendors publish as examples (`rules/published.toml`).

use super::super::candidate::Refusal;
use crate::rules::PUBLISHED;
use memchr::memmem;
use std::collections::HashSet;

const WHY: Refusal = "a published sample";

fn among(values: &HashSet<String>, value: &[u8]) -> Result<(), Refusal> {
    let is_known = std::str::from_utf8(value).is_ok_and(|value| values.contains(value));
    if is_known { Err(WHY) } else { Ok(()) }
}

/// Refuses the body of a published Jourvex key, also without its last pieces.
pub(in crate::detect::gate) fn check_body(body: &[u8]) -> Result<(), Refusal> {
    among(&PUBLISHED.bodies, body)
}

/// Refuses a published password.
pub(in crate::detect::gate) fn check_password(value: &[u8]) -> Result<(), Refusal> {
    among(&PUBLISHED.passwords, value)
}

/// Refuses a published token.
pub(in crate::detect::gate) fn check_token(value: &[u8]) -> Result<(), Refusal> {
    among(&PUBLISHED.tokens, value)
}

/// Refuses a published `user:password`.
pub(in crate::detect::gate) fn check_pair(pair: &[u8]) -> Result<(), Refusal> {
    let plain = pair.iter().filter(|b| **b != b' ');
    let plain: Vec<u8> = plain.map(u8::to_ascii_lowercase).collect();
    among(&PUBLISHED.pairs, &plain)
}

/// True for the claims of a JSON Web Token that only a published sample makes.
pub(super) fn claims(claims: &[u8]) -> bool {
    let mut samples = PUBLISHED.claims.iter();
    samples.any(|sample| memmem::find(claims, sample.as_bytes()).is_some())
}
