//! How the characters of a text in UTF-16 or UTF-32 are stored.

/// How the characters of a wide text are stored.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct Units {
    /// Bytes of one.
    pub(in crate::decode) size: usize,
    /// Whether the larger byte comes first.
    pub(in crate::decode) is_big: bool,
    /// Appends the text of units.
    pub(in crate::decode) decode: fn(&[u8], bool, &mut String),
}
