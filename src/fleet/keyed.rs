//! Fingerprints for a store that strangers may read. A fingerprint is slow to guess from, and a weak password can be
//! guessed all the same: who has no key cannot even try.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt::Write as _;

/// Fewest bytes of a key, so that it is not guessed itself.
const SHORTEST: usize = 16;

/// A key that fingerprints of records are hashed with.
#[derive(Clone)]
pub struct StoreKey(Hmac<Sha256>);

impl StoreKey {
    /// The key with these bytes, without the line end of the file that it is from.
    ///
    /// # Errors
    /// When it is too short to keep anything secret.
    pub fn new(bytes: &[u8]) -> Result<Self, String> {
        let bytes = bytes.trim_ascii_end();
        if bytes.len() < SHORTEST {
            return Err(format!(
                "a key of {} bytes is too short; make one with `openssl rand -hex 32`",
                bytes.len()
            ));
        }
        let made = Hmac::new_from_slice(bytes);
        made.map(Self).map_err(|why| why.to_string())
    }

    /// The fingerprint under this key: 32 hexadecimal digits, as it was.
    pub fn apply(&self, fingerprint: &str) -> String {
        self.hashed("jvxleaks/fingerprint", fingerprint)
    }

    /// What tells it from other keys, and nothing more.
    pub fn id(&self) -> String {
        self.hashed("jvxleaks/key", "")
    }

    fn hashed(&self, what: &str, text: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(what.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes[..16].iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreKey")
    }
}

#[cfg(test)]
mod tests {
    use super::StoreKey;

    #[test]
    fn a_fingerprint_hangs_on_the_key_and_on_nothing_else() {
        let key = |bytes: &[u8]| StoreKey::new(bytes).unwrap();
        let (one, other) = (key(b"0123456789abcdef\n"), key(b"0123456789abcdeg"));
        assert_eq!(
            one.apply("c0ffee"),
            key(b"0123456789abcdef").apply("c0ffee")
        );
        assert_ne!(one.apply("c0ffee"), other.apply("c0ffee"));
        assert_ne!(one.apply("c0ffee"), one.apply("dec0de"));
        assert_ne!(one.id(), other.id());
        assert_eq!(one.apply("c0ffee").len(), 32);
        assert!(StoreKey::new(b"short").is_err());
    }
}
