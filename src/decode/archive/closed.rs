//! A build without the feature `archives`: what takes a crate to read is told as what nobody knows to read.

use super::budget::Budget;
use super::kind::Compression;
use super::member::{Backing, FoundMember, MemberSink, Notes, TarEntry};
use super::stream::compress::Lzw;
use super::stream::zlib::{has_header, may_be_text};
use std::cell::Cell;
use std::io::{self, Read};

/// No zlib stream with a key in it is shorter, in bytes.
const SHORTEST: usize = 24;

/// True of what may be a zlib stream, as far as that shows: it is no text, and its first block is of a type that there
/// is.
pub(super) fn begins_zlib(bytes: &[u8]) -> bool {
    let is_block = |byte: &u8| byte & 0b110 != 0b110;
    has_header(bytes)
        && bytes.len() >= SHORTEST
        && bytes.get(2).is_some_and(is_block)
        && !may_be_text(bytes)
}

/// False: what may be brotli is any bytes that are no text, and only reading it tells.
pub(super) fn begins_brotli(_: &[u8]) -> bool {
    false
}

pub(super) fn reader<'b>(
    compression: Compression,
    bytes: &'b [u8],
    _: &Notes,
    _: &Cell<usize>,
) -> io::Result<Box<dyn Read + 'b>> {
    match compression {
        Compression::Compress => Ok(Box::new(Lzw::new(bytes))),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

pub(super) fn zlib(_: &[u8], _: &Cell<usize>) -> impl Read {
    Unreadable
}

pub(super) fn deflate(_: &[u8], _: &Cell<usize>) -> impl Read {
    Unreadable
}

pub(super) fn read_tar(_: impl Read, _: Backing<'_>, _: &Budget, sink: MemberSink<'_>) {
    sink(FoundMember::Skipped("tar archive"));
}

/// None: without the crate nobody knows what is in a tar.
pub(super) fn tar_entries(_: impl Read, _: &mut dyn FnMut(&mut TarEntry<'_>)) {}

pub(super) fn read_zip(_: &[u8], _: &Budget, sink: MemberSink<'_>) {
    sink(FoundMember::Skipped("zip archive"));
}

/// What stands for a stream of an unknown method.
struct Unreadable;

impl Read for Unreadable {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
