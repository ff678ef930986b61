//! The characters that a key is made of, where they stand together.

use crate::model::Span;

/// Longest run that is read, in bytes.
const LONGEST: usize = 4096;

/// The characters of a key.
const PARTS: [bool; 256] = {
    let mut parts = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        parts[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        byte += 1;
    }
    parts
};

/// True for the characters of a key.
pub(in crate::decode) fn is_part(byte: &u8) -> bool {
    PARTS[usize::from(*byte)]
}

/// The characters of a key that `text` has from `start` on.
pub(in crate::decode) fn run(text: &[u8], start: usize) -> Span {
    let rest = text.get(start..).unwrap_or_default().iter();
    let length = rest.take(LONGEST).take_while(|b| is_part(b)).count();
    Span::new(start, start + length)
}
