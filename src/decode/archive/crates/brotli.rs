//! Brotli ([RFC 7932](https://www.rfc-editor.org/rfc/rfc7932)), which servers keep beside what they serve: `app.js.br`.
//!
//! It has no mark, so what may be one is tried.

use brotli_decompressor::Decompressor;
use memchr::memmem;
use std::io::Read;

/// How much of a blob must look like no text before it is tried, in bytes.
const HEAD: usize = 32;

/// So much text comes of a stream, and of other bytes by chance hardly ever, in bytes.
const ENOUGH: usize = 64;

/// How far from its beginning what a stream stores as it is stands, in bytes.
const NEAR: usize = 256;

/// Room of the decoder for what it reads, in bytes.
const ROOM: usize = 4096;

/// True of what begins as a stream of text.
#[inline]
pub(in crate::decode::archive) fn begins_brotli(bytes: &[u8]) -> bool {
    !may_be_text(bytes) && is_stream(bytes)
}

pub(in crate::decode::archive) fn brotli<'b>(bytes: &'b [u8]) -> impl Read + 'b {
    Decompressor::new(bytes, ROOM)
}

/// True of bytes whose first are those of a text in ASCII: nearly all blobs are.
#[inline]
fn may_be_text(bytes: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    bytes.iter().take(HEAD).all(is_text)
}

#[cold]
fn is_stream(bytes: &[u8]) -> bool {
    let mut text = Vec::with_capacity(ENOUGH);
    let mut start = brotli(bytes).take(ENOUGH as u64);
    let is_whole = start.read_to_end(&mut text).is_ok();
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    let cut = std::str::from_utf8(&text).map_or_else(|e| e.error_len().is_none(), |_| true);
    // A stream may hold bytes as they are, and then text behind a few others is one by chance.
    let near = &bytes[..bytes.len().min(NEAR)];
    let is_stored = || memmem::find(near, &text[..HEAD]).is_some();
    is_whole && text.len() > HEAD && cut && !text.iter().any(is_control) && !is_stored()
}
