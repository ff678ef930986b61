//! Pieces of the very keys that a run found, wherever they stand in what it says.
//!
//! Half a key is no credential that a rule knows: `old/sARG B 1tc6zbn3...`. Beside the finding that it belongs to it
//! gives the key away.

use crate::model::Secret;
use foldhash::{HashSet, HashSetExt};

/// Bytes of a body in a row that are a piece of it: fewer stand in other words by chance.
const PIECE: usize = 8;

/// Fewest bytes of a secret without a prefix of which no piece is shown.
const LONG: usize = 16;

/// What stands for a piece.
const HIDDEN: &[u8] = b"...";

/// All pieces of the keys that were found.
#[derive(Debug, Default)]
pub(super) struct Bodies(HashSet<[u8; PIECE]>);

impl Bodies {
    /// Behind a prefix of its own stands nothing but what was drawn at random. A password may be a word that a path
    /// needs, so that of other secrets only what is long counts, and of that no words.
    pub(super) fn of<'s>(secrets: impl Iterator<Item = &'s Secret>) -> Self {
        let mut all = HashSet::new();
        for secret in secrets {
            let body = &secret.expose()[secret.public().len()..];
            match secret.public().is_empty() {
                false => all.extend(pieces(body)),
                true if body.len() >= LONG => all.extend(pieces(body).filter(is_mixed)),
                true => {}
            }
        }
        Self(all)
    }

    /// The text without the pieces; `None` when there is none.
    pub(super) fn without(&self, text: &[u8]) -> Option<Vec<u8>> {
        if self.0.is_empty() || !pieces(text).any(|piece| self.0.contains(&piece)) {
            return None;
        }
        let (mut shown, mut at) = (Vec::with_capacity(text.len()), 0);
        let stands = |at| {
            pieces(&text[at..])
                .next()
                .is_some_and(|piece| self.0.contains(&piece))
        };
        while at < text.len() {
            if !stands(at) {
                shown.push(text[at]);
                at += 1;
                continue;
            }
            while stands(at) {
                at += 1;
            }
            at += PIECE - 1;
            shown.extend_from_slice(HIDDEN);
        }
        Some(shown)
    }
}

/// True for what no word or date is: with letters and digits.
fn is_mixed(piece: &[u8; PIECE]) -> bool {
    piece.iter().any(u8::is_ascii_digit) && piece.iter().any(u8::is_ascii_alphabetic)
}

fn pieces(text: &[u8]) -> impl Iterator<Item = [u8; PIECE]> + '_ {
    text.windows(PIECE)
        .filter_map(|piece| piece.try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_key_gives_way_and_a_password_that_is_a_word_stays() {
        let body = ["1tc6zbn3lc2w", "he4o1qlmn1hn"].concat();
        let secrets = [
            Secret::new(format!("jvx_live_{body}"), 9),
            Secret::new(*b"production", 0),
            Secret::new(*b"APP_SECRET_KEY", 14),
            Secret::new(["Kq7Wm2Xv9Tz4", "Rb8Lp3"].concat(), 0),
        ];
        let bodies = Bodies::of(secrets.iter());
        let shown = |text: &str| {
            let shown = bodies.without(text.as_bytes());
            shown.map(|shown| String::from_utf8(shown).unwrap())
        };
        assert_eq!(
            shown(&format!("sARG B {}.txt", &body[3..])).unwrap(),
            "sARG B ....txt"
        );
        assert_eq!(shown("production/APP_SECRET_KEY.txt"), None);
        assert_eq!(shown("a/m2Xv9Tz4Rb.py").unwrap(), "a/....py");
        assert_eq!(shown(&format!("{}-{}", &body[..7], &body[9..15])), None);
    }
}
