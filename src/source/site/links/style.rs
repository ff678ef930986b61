//! What a style sheet loads: other style sheets. Its images and fonts are not read.

use super::literal::{behind_gap, literal_at};
use super::place::Standpoint;
use super::{Found, Sure};
use crate::source::site::served::Media;
use memchr::memmem;

const IMPORT: &[u8] = b"@import";

/// What `@import` names: `@import "a.css"`, `@import url(a.css)`.
pub(super) fn found(text: &[u8], at: &Standpoint) -> Found {
    let mut found = Found::default();
    for import in memmem::find_iter(text, IMPORT) {
        let url = written(text, import + IMPORT.len()).and_then(|written| at.beside(&written));
        found.add(url, Sure::Loads, Some(Media::Style));
    }
    found
}

fn written(text: &[u8], at: usize) -> Option<String> {
    let at = behind_gap(text, at);
    let Some(inside) = text[at..].strip_prefix(b"url(") else {
        return literal_at(text, at).map(|(written, _)| written);
    };
    if let Some((written, _)) = literal_at(text, at + b"url(".len()) {
        return Some(written);
    }
    let length = memchr::memchr(b')', &inside[..inside.len().min(1024)])?;
    let written = std::str::from_utf8(&inside[..length]).ok()?;
    Some(written.trim().to_owned())
}
