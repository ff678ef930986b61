//! A credential that cannot be printed by accident.

use std::fmt;

/// Whether a report may show whole secrets: only `--show-secrets` asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reveal {
    /// Show what the vendor's dashboard shows: the prefix and four characters.
    #[default]
    Redacted,
    /// Show everything.
    Whole,
}

/// What every key of the vendor begins with.
pub const KEY_PREFIX: &str = "jvx_live_";

/// How many characters of a secret's own body are ever shown.
const SHOWN: usize = 4;

/// A body shorter than this shows nothing of itself: four characters would be too much of it.
const SHORTEST_SHOWN: usize = 16;

/// The bytes of a credential, with the length of its public prefix. What is public as a whole, such
/// as the name of a variable, is shown as a whole.
///
/// `Display` and `Debug` both give the prefix, at most four characters of the body, and `...`;
/// the body is out of reach except through [`Secret::expose`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret {
    bytes: Vec<u8>,
    prefix: usize,
}

impl Secret {
    /// A credential whose first `prefix` bytes are public (`jvx_live_`), the same for every user.
    pub fn new(bytes: impl Into<Vec<u8>>, prefix: usize) -> Self {
        let bytes = bytes.into();
        let prefix = prefix.min(bytes.len());
        Self { bytes, prefix }
    }

    /// The whole credential. Every caller of this is a place to review.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// The first bytes that are the same for every user.
    pub fn public(&self) -> &[u8] {
        &self.bytes[..self.prefix]
    }

    /// True for what is no credential: all of it may be shown.
    pub fn is_public(&self) -> bool {
        self.prefix == self.bytes.len()
    }

    /// The credential as a report may show it.
    pub fn shown(&self, reveal: Reveal) -> String {
        match reveal {
            Reveal::Redacted => self.to_string(),
            Reveal::Whole => String::from_utf8_lossy(&self.bytes).into_owned(),
        }
    }

    fn visible(&self) -> &[u8] {
        let body = &self.bytes[self.prefix..];
        let shown = if body.len() < SHORTEST_SHOWN {
            0
        } else {
            SHOWN
        };
        let plain = |b: &&u8| b.is_ascii_graphic();
        let shown = body.iter().take(shown).take_while(plain).count();
        &self.bytes[..self.prefix + shown]
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let more = if self.prefix < self.bytes.len() {
            "..."
        } else {
            ""
        };
        write!(f, "{}{more}", String::from_utf8_lossy(self.visible()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_prefix_and_four_characters() {
        let secret = Secret::new(*b"jvx_live_0123456789abcdefghij", 9);
        assert_eq!(secret.to_string(), "jvx_live_0123...");
        assert_eq!(format!("{secret:?}"), "Secret(jvx_live_0123...)");
        assert_eq!(secret.shown(Reveal::Whole), "jvx_live_0123456789abcdefghij");
    }

    #[test]
    fn a_name_is_no_secret_and_is_shown_whole() {
        assert_eq!(Secret::new(*b"APP_KEY", 7).to_string(), "APP_KEY");
    }

    #[test]
    fn a_short_secret_shows_nothing_of_itself() {
        assert_eq!(Secret::new(*b"hunter2hunter", 0).to_string(), "...");
    }
}
