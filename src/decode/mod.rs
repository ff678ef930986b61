//! Bytes inside bytes: encodings, escapes and pieces, each with a way back to where it is stored.
//!
//! [`text`] turns a whole blob into the text that lines and columns refer to. [`layers`] finds
//! encoded parts in that text; a [`Layer`] maps every span of its decoded text to the stored bytes
//! that it came from.

pub mod inline_map;
mod layer;
pub mod source_map;
mod utf16;

pub use layer::Layer;

use std::borrow::Cow;

/// Literals whose presence means that something encoded may be worth decoding. Raw bytes, for the
/// one pass over every blob.
pub fn needles() -> Vec<&'static [u8]> {
    [utf16::NEEDLES, inline_map::NEEDLES].concat()
}

/// The text of a blob: UTF-16 becomes UTF-8, a byte-order mark is dropped, all else stays.
pub fn text(bytes: &[u8]) -> Cow<'_, [u8]> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Cow::Borrowed(rest);
    }
    match utf16::decode(bytes) {
        Some(text) => Cow::Owned(text),
        None => Cow::Borrowed(bytes),
    }
}

/// The encoded parts of a text, decoded.
pub fn layers(text: &[u8]) -> Vec<Layer> {
    let _ = text;
    Vec::new()
}
