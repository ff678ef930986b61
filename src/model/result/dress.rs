//! The form in which a secret was stored.

/// The form in which a secret was stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dress {
    /// As it is.
    #[default]
    Plain,
    /// UTF-16 text inside other bytes.
    Utf16,
    /// Base64 or base64url.
    Base64,
    /// Percent-encoding, as in URLs.
    Percent,
    /// String escapes such as `\u006a` or `\x6a`, or HTML character references.
    Escaped,
    /// Hexadecimal digits.
    Hex,
    /// Pieces that the code joins.
    Joined,
}

impl Dress {
    /// True for encodings that hold bytes of any kind.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Base64 | Self::Hex)
    }

    /// A word for messages: "found in {name}".
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain text",
            Self::Utf16 => "UTF-16",
            Self::Base64 => "base64",
            Self::Percent => "percent-encoding",
            Self::Escaped => "string escapes",
            Self::Hex => "hexadecimal",
            Self::Joined => "joined string pieces",
        }
    }
}
