//! A stable id for a rule and a secret, from which the secret cannot be had back.

use crate::model::{Fingerprint, Secret};
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Rounds of PBKDF2 (<https://www.rfc-editor.org/rfc/rfc8018>) for what a person may have chosen:
/// the weak passwords that headers and URLs hold. About a tenth of a millisecond.
const ROUNDS: u32 = 1024;

/// Fewest bytes that an issuer draws for a key that nobody can guess: 24 hexadecimal digits are 96
/// bits.
const SHORTEST_DRAWN: usize = 24;

/// Fewest distinct bytes among these; of 24 hexadecimal digits drawn at random, 12 or 13 differ.
const FEWEST_DISTINCT: usize = 9;

/// Fewest times that letters and digits take turns in them; half as many as chance brings.
const FEWEST_TURNS: usize = 4;

/// The id of this secret under this rule: 128 bits in hex, the same on every machine and wherever
/// the secret stands, so that reports of many repositories can be merged.
pub fn fingerprint(rule: &str, secret: &Secret) -> Fingerprint {
    let rounds = if secret.is_public() || is_drawn(secret) {
        1
    } else {
        ROUNDS
    };
    hashed(rule, secret, rounds)
}

/// The id that this secret had before keys drawn at random got by with one round, if it was
/// another: baselines and configurations hold such ids.
pub(super) fn former(rule: &str, secret: &Secret) -> Option<Fingerprint> {
    let changed = !secret.is_public() && is_drawn(secret);
    changed.then(|| hashed(rule, secret, ROUNDS))
}

/// The ids that this secret may have had under another rule, which may know a public prefix of it.
pub(super) fn either(rule: &str, secret: &Secret) -> [Fingerprint; 2] {
    [1, ROUNDS].map(|rounds| hashed(rule, secret, rounds))
}

fn hashed(rule: &str, secret: &Secret, rounds: u32) -> Fingerprint {
    let salt = format!("jvxleaks/1:{rule}");
    let mut id = [0; 16];
    pbkdf2::pbkdf2_hmac::<Sha256>(secret.expose(), salt.as_bytes(), rounds, &mut id);
    let mut hex = String::with_capacity(2 * id.len());
    for byte in id {
        let _ = write!(hex, "{byte:02x}");
    }
    Fingerprint(hex)
}

/// True for a key that a machine drew at random, so that more rounds guard nothing: a public prefix
/// says that somebody issues such keys, and what follows looks drawn. A password has no prefix, and
/// a doubtful key is only hashed more slowly.
fn is_drawn(secret: &Secret) -> bool {
    let prefix = secret.public().len();
    let body = &secret.expose()[prefix..];
    let pairs = body.windows(2);
    let turns = pairs.filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit());
    prefix > 0
        && body.len() >= SHORTEST_DRAWN
        && turns.count() >= FEWEST_TURNS
        && body.iter().collect::<BTreeSet<_>>().len() >= FEWEST_DISTINCT
}

/// True for the text of a fingerprint: 32 lower-case hexadecimal digits.
pub fn is_fingerprint(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 32 && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "acme_";

    /// A secret behind a public prefix.
    fn key(body: &str) -> Secret {
        Secret::new(format!("{PREFIX}{body}"), PREFIX.len())
    }

    #[test]
    fn the_id_depends_on_rule_and_secret_alone() {
        let id = |rule, secret: &[u8]| fingerprint(rule, &Secret::new(secret, 0)).0;
        assert_eq!(id("a", b"one"), id("a", b"one"));
        assert_ne!(id("a", b"one"), id("a", b"two"));
        assert_ne!(id("a", b"one"), id("b", b"one"));
        assert_eq!(id("a", b"one").len(), 32);
    }

    #[test]
    fn what_a_person_may_have_chosen_is_hashed_slowly_as_ever() {
        let drawn = "q7Rt2Wm9Xc4Vb8Nz1Lk5Jh3G";
        for secret in [
            Secret::new(*b"hunter2", 0),
            Secret::new(drawn, 0),
            key("hunter2"),
            key(&drawn[1..]),
            key("correct-horse-battery-staple"),
            key("abababababababab1a1a1a1a1a1a1a1a"),
        ] {
            let (now, slow) = (fingerprint("r", &secret), hashed("r", &secret, ROUNDS));
            assert_eq!((now, former("r", &secret)), (slow, None), "{secret}");
        }
    }

    #[test]
    fn the_former_id_of_a_drawn_key_is_known() {
        for body in [
            "q7Rt2Wm9Xc4Vb8Nz1Lk5Jh3G",
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        ] {
            let (now, former) = (fingerprint("r", &key(body)), former("r", &key(body)));
            assert_eq!(former, Some(hashed("r", &key(body), ROUNDS)));
            assert_ne!(former, Some(now));
        }
    }
}
