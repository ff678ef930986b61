//! rpm: a lead, two headers, and a compressed cpio.

use super::super::budget::Budget;
use super::super::kind::{ArchiveKind, first};
use super::super::member::{BROKEN, Backing, FoundMember, MemberSink};
use super::super::stream;
use super::cpio;

/// Length of the lead, which is there for old programs.
const LEAD: usize = 96;

/// What a header starts with.
const HEADER: &[u8] = b"\x8e\xad\xe8\x01";

pub(in crate::decode::archive) fn read(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    let Some(start) = payload(bytes) else {
        return sink(FoundMember::Skipped(BROKEN));
    };
    let content = &bytes[start..];
    match first(content) {
        Some(ArchiveKind::Stream(compression)) => {
            stream::read(compression, content, b"payload", budget, sink);
        }
        Some(ArchiveKind::Cpio) => cpio::read(
            budget.metered(content),
            Backing::Stored(start),
            budget,
            sink,
        ),
        _ => sink(FoundMember::Skipped(BROKEN)),
    }
}

/// Where the payload begins: behind the signature, filled up to a multiple of 8, and the header.
fn payload(bytes: &[u8]) -> Option<usize> {
    let signature = header_end(bytes, LEAD)?;
    let header = signature.checked_next_multiple_of(8)?;
    header_end(bytes, header).filter(|end| *end <= bytes.len())
}

/// The end of the header at a place: 16 bytes, 16 for each entry, and the data of all.
fn header_end(bytes: &[u8], start: usize) -> Option<usize> {
    let header = bytes.get(start..)?.get(..16)?;
    let number = |at: usize| {
        let bytes = header[at..at + 4].try_into().ok()?;
        usize::try_from(u32::from_be_bytes(bytes)).ok()
    };
    let length = number(8)?.checked_mul(16)?.checked_add(number(12)?)?;
    let end = (start + 16).checked_add(length)?;
    header.starts_with(HEADER).then_some(end)
}
