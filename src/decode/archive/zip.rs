//! zip, by its directory.

use super::budget::Budget;
use super::{Found, Member, Sink, cleaned, deliver};
use crate::model::Span;
use std::io::{Cursor, Read, Seek};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

/// What every entry of a directory starts with.
const ENTRY: &[u8] = b"PK\x01\x02";

/// What members are compressed with nearly everywhere.
const KNOWN: [CompressionMethod; 2] = [CompressionMethod::Stored, CompressionMethod::Deflated];

pub(super) fn read(bytes: &[u8], budget: &Budget, sink: Sink<'_>) {
    // The directory is held in memory, in many times its size, so its entries are counted first.
    // Those of archives inside that are stored as they are count too, as they will when read.
    let entries = memchr::memmem::find_iter(bytes, ENTRY).count();
    if !budget.could_admit(entries) {
        return sink(Found::Fault(b"(directory)", budget.members_exceeded()));
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return sink(Found::Skipped("broken archive"));
    };
    if archive.has_duplicate_names() {
        // Of several members of one name, the last is read.
        sink(Found::Skipped("broken archive"));
    }
    let mut content = Vec::new();
    for index in 0..archive.len() {
        match (refusal(&archive, index), archive.by_index(index)) {
            (Some(refusal), _) => sink(Found::Skipped(refusal)),
            (None, Ok(file)) => member(file, &mut content, budget, sink),
            (None, Err(_)) => sink(Found::Skipped("broken archive member")),
        }
        if budget.is_spent() {
            return;
        }
    }
}

fn member<R: Read>(
    mut file: ZipFile<'_, R>,
    content: &mut Vec<u8>,
    budget: &Budget,
    sink: Sink<'_>,
) {
    if file.is_dir() {
        return;
    }
    let path = cleaned(file.name_raw());
    if !budget.admits(1) {
        return sink(Found::Fault(&path, budget.members_exceeded()));
    }
    content.clear();
    let is_stored = file.compression() == CompressionMethod::Stored;
    let start = file.data_start().filter(|_| is_stored);
    let end = budget.fill(budget.metered(&mut file), content);
    let span = |start: u64| Span::new(start as usize, start as usize + content.len());
    let member = Member {
        path: &path,
        bytes: content,
        stored: start.map(span),
    };
    deliver(member, end, budget, sink);
}

/// Why a member cannot be unpacked, by what the directory says.
fn refusal<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> Option<&'static str> {
    let entry = archive.by_index_data(index).ok()?;
    if entry.encrypted() {
        return Some("encrypted archive member");
    }
    let is_known = KNOWN.contains(&entry.compression());
    (!is_known).then_some("archive member of an unknown compression")
}
