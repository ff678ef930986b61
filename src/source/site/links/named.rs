//! Literals that look like paths of files, in whatever text: `"assets/a-1b2c.js"`, `\"static/chunks/b.js\"`.
//!
//! They are found from their ends, quote to quote: a quote in a regular expression, which opens nothing, would turn all
//! literals behind it inside out.

use super::literal::{LONGEST, plain};
use super::place::{Standpoint, promised};
use super::{Found, Link, Sure};
use crate::source::site::served::Media;
use memchr::memmem;
use std::collections::HashSet;

/// How a literal may end that is the path of a file which a page reads.
const ENDS: [&[u8]; 12] = [
    b"js",
    b"mjs",
    b"cjs",
    b"css",
    b"json",
    b"map",
    b"wasm",
    b"webmanifest",
    b"txt",
    b"xml",
    b"yaml",
    b"yml",
];

/// What marks a path of a project's sources, which a development build calls its modules by.
const SOURCES: [&str; 3] = ["node_modules/", "./src/", "webpack/"];

/// What looks like the path of a file.
pub(super) fn found(text: &[u8], at: &Standpoint) -> Found {
    let mut found = Found::default();
    let mut met = HashSet::new();
    for dot in memchr::memchr_iter(b'.', text) {
        let Some(written) = path(text, dot) else {
            continue;
        };
        if met.contains(&written) {
            continue;
        }
        if let Some(expects) = promised(&written, Media::Data) {
            found.push(Link {
                urls: at.anywhere(&written),
                sure: Sure::Guessed,
                expects,
            });
            met.insert(written);
        }
    }
    found
}

/// The literal whose last dot is at `dot`.
fn path(text: &[u8], dot: usize) -> Option<String> {
    let behind = &text[dot + 1..text.len().min(dot + 1 + LONGEST)];
    let length = behind.iter().take_while(|b| b.is_ascii_alphanumeric());
    let length = length.count();
    if !ENDS.contains(&&behind[..length]) {
        return None;
    }
    let rest = &behind[length..];
    let query = match rest.first()? {
        b'?' => rest.iter().take_while(|b| is_of_path(b)).count(),
        _ => 0,
    };
    let (close, closing) = quote(&rest[query..])?;
    let begins = text[..dot]
        .iter()
        .rev()
        .take(LONGEST)
        .take_while(|b| is_of_path(b));
    let begins = dot - begins.count();
    let (open, opening) = quote_before(text, begins)?;
    // `\"a.js\"` is a literal in a literal.
    if open != close || opening != closing || is_key(&rest[query + closing..]) {
        return None;
    }
    let written = plain(&text[begins..dot + 1 + length + query])?;
    let name = written.rsplit('/').next().unwrap_or_default();
    // `@parcel/transformer-js/src/a.js` is a package.
    let is_named = !name.starts_with('.')
        && !written.starts_with('@')
        && !SOURCES.iter().any(|own| written.contains(own));
    is_named.then_some(written)
}

fn is_of_path(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_./~%@+=&?:$!,\\[]()".contains(byte) || *byte >= 0x80
}

/// The quote that ends a literal here, and how many bytes it takes with its backslashes.
fn quote(rest: &[u8]) -> Option<(u8, usize)> {
    let slashes = rest.iter().take_while(|b| **b == b'\\').count();
    let quote = *rest.get(slashes)?;
    matches!(quote, b'"' | b'\'' | b'`').then_some((quote, slashes + 1))
}

/// The quote that ends right before `at`, and how many bytes it takes with its backslashes.
fn quote_before(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let quote = *text.get(at.checked_sub(1)?)?;
    let slashes = text[..at - 1].iter().rev().take_while(|b| **b == b'\\');
    let slashes = slashes.count();
    matches!(quote, b'"' | b'\'' | b'`').then_some((quote, slashes + 1))
}

/// True before the colon that makes a literal the name of a member: in `{"./a.js": () => ...}` it names a module.
fn is_key(behind: &[u8]) -> bool {
    let behind = behind.iter().find(|b| !b.is_ascii_whitespace());
    behind == Some(&b':')
}

/// What a comment at the end of a text says to be its source map (<https://tc39.es/ecma426/#sec-linking-generated-code>).
pub(super) fn source_map(text: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"sourceMappingURL=";
    let at = memmem::rfind(text, MARK)?;
    let before = &text[..at];
    let comments: [&[u8]; 4] = [b"//# ", b"//@ ", b"/*# ", b"/*@ "];
    if !comments.iter().any(|open| before.ends_with(open)) {
        return None;
    }
    let rest = &text[at + MARK.len()..];
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'*' | b'"' | b'\'' | b'`' | b'\\');
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    let is_quoted = matches!(rest.get(length), Some(b'"' | b'\'' | b'`' | b'\\'));
    let written = std::str::from_utf8(&rest[..length]).ok()?;
    let is_elsewhere = written.starts_with("data:") || written.starts_with("webpack:");
    let counts = !is_quoted && !is_elsewhere && length > 0 && length <= 4096;
    counts.then(|| written.to_owned())
}
