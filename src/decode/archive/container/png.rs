//! The compressed texts of a PNG image: its chunks `zTXt` and `iTXt`
//! ([PNG](https://www.w3.org/TR/png-3/#11textinfo)). All other texts stand there as they are.

use super::super::budget::Budget;
use super::super::crates;
use super::super::member::{MemberSink, cleaned, member};
use std::cell::Cell;

/// Length of what every PNG begins with.
const MARK: usize = 8;

pub(in crate::decode::archive) fn read(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    let mut rest = &bytes[MARK..];
    // A chunk is its length, its name, its data and a checksum. An image that is cut is no archive
    // that is broken, unless the cut is in a compressed text.
    while let [a, b, c, d, chunk @ ..] = rest
        && !budget.is_spent()
    {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some((name, data)) = chunk.split_at_checked(4) else {
            return;
        };
        let data = &data[..data.len().min(length)];
        match name {
            b"zTXt" => text(data, zipped, budget, sink),
            b"iTXt" => text(data, international, budget, sink),
            _ => {}
        }
        rest = chunk.get(length.saturating_add(8)..).unwrap_or_default();
    }
}

/// Hands out the text behind the keyword of a chunk.
fn text(data: &[u8], packed: fn(&[u8]) -> Option<&[u8]>, budget: &Budget, sink: MemberSink<'_>) {
    let Some((keyword, packed)) = split(data).and_then(|(k, rest)| Some((k, packed(rest)?))) else {
        return;
    };
    let path = cleaned(keyword);
    let behind = Cell::new(0);
    let reader = budget.metered(crates::zlib(packed, &behind));
    member(&path, reader, None, |_| None, budget, sink);
}

/// What is compressed in a `zTXt`: all behind the method, of which there is one.
fn zipped(data: &[u8]) -> Option<&[u8]> {
    data.strip_prefix(&[0])
}

/// What is compressed in an `iTXt`: all behind a flag, the method, the language and the keyword in that
/// language.
fn international(data: &[u8]) -> Option<&[u8]> {
    let (_language, rest) = split(data.strip_prefix(&[1, 0])?)?;
    Some(split(rest)?.1)
}

/// What stands before and behind a NUL.
fn split(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = data.iter().position(|b| *b == 0)?;
    Some((&data[..end], &data[end + 1..]))
}
