//! zip, by its directory; without one that can be trusted, by the header before each member.

use super::super::budget::{BROKEN_MEMBER, Budget, BudgetEnd};
use super::super::member::{BROKEN, FoundMember, Member, MemberSink, cleaned, deliver};
use crate::model::Span;
use memchr::memmem;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek};
use zip::read::{ZipFile, read_zipfile_from_stream_with_compressed_size};
use zip::{CompressionMethod, ZipArchive};

/// What every entry of a directory starts with.
const ENTRY: &[u8] = b"PK\x01\x02";

/// What stands before every member.
const HEADER: &[u8] = b"PK\x03\x04";

/// Methods that are unpacked here.
const KNOWN: [CompressionMethod; 3] = [
    CompressionMethod::Stored,
    CompressionMethod::Deflated,
    CompressionMethod::Bzip2,
];

pub(in crate::decode::archive) fn read(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    // The directory is held in memory, in many times its size, so its entries are counted first.
    // Those of archives inside that are stored as they are count too, as they will when read.
    let entries = memmem::find_iter(bytes, ENTRY).count();
    if !budget.could_admit(entries) {
        return sink(FoundMember::Fault(
            b"(directory)",
            budget.members_exceeded(),
        ));
    }
    match ZipArchive::new(Cursor::new(bytes)) {
        // The directory in memory keeps the last of several members of one name.
        Ok(archive) if !archive.has_duplicate_names() => {
            let listed = listed(&archive, bytes);
            by_directory(archive, budget, sink);
            // What a directory leaves out, a reader of streams finds. Bytes that only look like a
            // header are common there.
            if !budget.is_spent() {
                by_headers(bytes, &listed, budget, sink);
            }
        }
        Ok(_) => {
            if !by_headers(bytes, &BTreeMap::new(), budget, sink) {
                sink(FoundMember::Skipped(BROKEN));
            }
        }
        Err(_) => {
            sink(FoundMember::Skipped(BROKEN));
            by_headers(bytes, &BTreeMap::new(), budget, sink);
        }
    }
}

fn by_directory<R: Read + Seek>(mut archive: ZipArchive<R>, budget: &Budget, sink: MemberSink<'_>) {
    let mut content = Vec::new();
    for index in 0..archive.len() {
        match (refusal(&archive, index), archive.by_index(index)) {
            (Some(refusal), _) => sink(FoundMember::Skipped(refusal)),
            (None, Ok(file)) => {
                let data = file.data_start().map(|start| start as usize);
                member(file, data, &mut content, budget, sink);
            }
            (None, Err(_)) => sink(FoundMember::Skipped(BROKEN_MEMBER)),
        }
        if budget.is_spent() {
            return;
        }
    }
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

/// Where members of the directory are: the start of the header, and the end of the content.
fn listed<R: Read + Seek>(archive: &ZipArchive<R>, bytes: &[u8]) -> BTreeMap<usize, usize> {
    let entries = (0..archive.len()).filter_map(|index| archive.by_index_data(index).ok());
    let places = entries.filter_map(|entry| {
        let start = entry.header_start() as usize;
        let size = entry.compressed_size() as usize;
        Some((start, data_start(bytes, start)?.saturating_add(size)))
    });
    places.collect()
}

/// Reads every member that a header announces, but for those that are `listed`. Headers in the content of a member that was read
/// whole are not looked at: it is searched as a member. False if a header made no sense.
fn by_headers(
    bytes: &[u8],
    listed: &BTreeMap<usize, usize>,
    budget: &Budget,
    sink: MemberSink<'_>,
) -> bool {
    let (mut content, mut sound) = (Vec::new(), true);
    let next = |from: usize| {
        let rest = bytes.get(from..)?;
        Some(from + memmem::find(rest, HEADER)?)
    };
    let mut at = next(0);
    while let Some(start) = at {
        let after = start + HEADER.len();
        if let Some(end) = listed.get(&start) {
            at = next(after.max(*end));
            continue;
        }
        let following = next(after);
        let is_open = is_of_unknown_size(&bytes[start..]);
        let end = following.filter(|_| is_open).unwrap_or(bytes.len());
        let mut reader = Cursor::new(&bytes[start..end]);
        let size = reader.get_ref().len() as u64;
        let whole = match read_zipfile_from_stream_with_compressed_size(&mut reader, size) {
            Ok(Some(file)) => {
                let data = data_start(bytes, start).filter(|_| !is_open);
                member(file, data, &mut content, budget, sink)
            }
            Ok(None) => false,
            Err(_) => {
                sound = false;
                false
            }
        };
        // What is passed over costs time too.
        let passed = reader.position();
        if !budget.is_spent() && !budget.charge(passed) {
            sink(FoundMember::Fault(b"(header)", budget.total_exceeded()));
        }
        if budget.is_spent() {
            break;
        }
        at = if whole {
            next(after.max(start + passed as usize))
        } else {
            following
        };
    }
    sound
}

/// True of a header that leaves sizes to a record behind the content.
fn is_of_unknown_size(header: &[u8]) -> bool {
    header.get(6).is_some_and(|flags| flags & 8 != 0)
}

/// Where the content behind the header at `start` begins.
fn data_start(bytes: &[u8], start: usize) -> Option<usize> {
    let lengths = bytes.get(start..)?.get(26..30)?;
    let length = |at: usize| usize::from(u16::from_le_bytes([lengths[at], lengths[at + 1]]));
    Some(start + 30 + length(0) + length(2))
}

/// Hands out a member, whose bytes stand at `data`; true if all of it was read.
fn member<R: Read>(
    mut file: ZipFile<'_, R>,
    data: Option<usize>,
    content: &mut Vec<u8>,
    budget: &Budget,
    sink: MemberSink<'_>,
) -> bool {
    if file.is_dir() {
        return true;
    }
    let path = cleaned(file.name_raw());
    if !budget.admits(1) {
        sink(FoundMember::Fault(&path, budget.members_exceeded()));
        return false;
    }
    content.clear();
    let packed = file.compressed_size() as usize;
    let end = budget.fill(budget.metered(&mut file), content);
    let span = |start: usize| Span::new(start, start.saturating_add(packed));
    let member = Member {
        path: &path,
        bytes: content,
        packed: data.map(span),
    };
    deliver(member, end, budget, sink);
    end == BudgetEnd::Whole
}
