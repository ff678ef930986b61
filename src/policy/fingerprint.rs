//! A stable id for a rule and a secret, from which the secret cannot be had back.

use crate::model::{Fingerprint, Secret};
use sha2::Sha256;
use std::fmt::Write as _;

/// Rounds of PBKDF2 (<https://www.rfc-editor.org/rfc/rfc8018>). Keys are too random to guess; the
/// rounds are for the weak passwords that headers and URLs hold, at about a tenth of a millisecond
/// a finding.
const ROUNDS: u32 = 1024;

/// The id of this secret under this rule: 128 bits in hex, the same on every machine and wherever
/// the secret stands, so that reports of many repositories can be merged.
pub fn fingerprint(rule: &str, secret: &Secret) -> Fingerprint {
    let salt = format!("jvxleaks/1:{rule}");
    let mut id = [0; 16];
    // The name of a variable hides nothing.
    let rounds = match secret.public().len() == secret.expose().len() {
        true => 1,
        false => ROUNDS,
    };
    pbkdf2::pbkdf2_hmac::<Sha256>(secret.expose(), salt.as_bytes(), rounds, &mut id);
    let mut hex = String::with_capacity(2 * id.len());
    for byte in id {
        let _ = write!(hex, "{byte:02x}");
    }
    Fingerprint(hex)
}

/// True for the text of a fingerprint: 32 lower-case hexadecimal digits.
pub fn is_fingerprint(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 32 && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_depends_on_rule_and_secret_alone() {
        let id = |rule, secret: &[u8]| fingerprint(rule, &Secret::new(secret, 0)).0;
        assert_eq!(id("a", b"one"), id("a", b"one"));
        assert_ne!(id("a", b"one"), id("a", b"two"));
        assert_ne!(id("a", b"one"), id("b", b"one"));
        assert_eq!(id("a", b"one").len(), 32);
    }
}
