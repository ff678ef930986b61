//! One compressed stream: a file, or a tar or cpio that is read as it is unpacked.

pub(super) mod compress;
pub(super) mod zlib;

use super::budget::{Budget, BudgetEnd, reason};
use super::container::cpio;
use super::crates;
use super::kind::{self, ArchiveKind, Compression, is_tar};
use super::member::{Backing, FoundMember, Member, MemberSink, Notes, TarEntry, deliver, member};
use std::cell::Cell;
use std::io::Read;

/// The first record of a tar, which tells that it is one.
const HEAD: u64 = 512;

pub(super) fn read(
    compression: Compression,
    bytes: &[u8],
    name: &[u8],
    budget: &Budget,
    sink: MemberSink<'_>,
) {
    let notes = Notes::default();
    let mut rest = bytes;
    while !budget.is_spent() {
        let behind = Cell::new(0);
        match crates::reader(compression, rest, &notes, &behind) {
            Ok(reader) => content(reader, compression, name, &notes, budget, sink),
            Err(error) => sink(FoundMember::Skipped(reason(&error))),
        }
        rest = &rest[rest.len() - behind.get()..];
        if kind::first(rest) != Some(ArchiveKind::Stream(compression)) {
            break;
        }
    }
    if !rest.is_empty() && rest.len() < bytes.len() {
        // Whatever it is: members are looked at as files are.
        let path = unpacked_name(name);
        member(path, rest, None, |_| None, budget, sink);
    }
    let notes = notes.into_lines();
    if !notes.is_empty() {
        sink(FoundMember::Note(&notes));
    }
}

/// As [`super::tar_entries`], of the tar in a stream.
pub(super) fn tar_entries(
    compression: Compression,
    bytes: &[u8],
    budget: &Budget,
    each: &mut dyn FnMut(&mut TarEntry<'_>),
) -> bool {
    let (notes, behind) = (Notes::default(), Cell::new(0));
    let Ok(reader) = crates::reader(compression, bytes, &notes, &behind) else {
        return false;
    };
    let mut stream = budget.metered(reader);
    let mut head = Vec::new();
    let start = stream.by_ref().take(HEAD).read_to_end(&mut head);
    let is_read = start.is_ok() && is_tar(&head);
    if is_read {
        crates::tar_entries(head.chain(stream), each);
    }
    is_read
}

/// What a stream holds that is a value and no file.
#[derive(Debug)]
pub struct Inflated {
    /// As far as it could be read.
    pub text: Vec<u8>,
    /// True when a limit ended that, or that nothing is inflated in this build.
    pub is_cut: bool,
}

/// True of what begins as a gzip or zlib stream does.
pub fn is_deflated(bytes: &[u8]) -> bool {
    deflated(bytes).is_some()
}

fn deflated(bytes: &[u8]) -> Option<Compression> {
    match bytes {
        // The header and what ends it take 18 bytes.
        [0x1F, 0x8B, 8, ..] if bytes.len() > 18 => Some(Compression::Gzip),
        _ => crates::begins_zlib(bytes).then_some(Compression::Zlib),
    }
}

/// What a gzip or zlib stream holds; `None` when these bytes are neither, or nothing can be read of them.
pub fn inflated(bytes: &[u8], budget: &Budget) -> Option<Inflated> {
    let notes = Notes::default();
    let behind = Cell::new(0);
    let mut text = Vec::new();
    let Ok(reader) = crates::reader(deflated(bytes)?, bytes, &notes, &behind) else {
        return Some(Inflated { text, is_cut: true });
    };
    let end = budget.fill(budget.metered(reader), &mut text);
    let is_cut = matches!(end, BudgetEnd::TooLarge | BudgetEnd::Spent);
    (is_cut || !text.is_empty()).then_some(Inflated { text, is_cut })
}

fn content(
    reader: impl Read,
    compression: Compression,
    name: &[u8],
    notes: &Notes,
    budget: &Budget,
    sink: MemberSink<'_>,
) {
    let mut stream = budget.metered(reader);
    let mut content = Vec::new();
    let start = stream.by_ref().take(HEAD).read_to_end(&mut content);
    if start.is_ok() && is_tar(&content) {
        return crates::read_tar(
            content.chain(stream),
            Backing::Unpacked(notes),
            budget,
            sink,
        );
    }
    if start.is_ok() && cpio::begins(&content) {
        return cpio::read(
            content.chain(stream),
            Backing::Unpacked(notes),
            budget,
            sink,
        );
    }
    let path = unpacked_name(name);
    if !budget.admits(1) {
        return sink(FoundMember::Fault(path, budget.members_exceeded()));
    }
    let end = match start {
        Ok(_) => budget.fill(stream, &mut content),
        Err(_) if budget.is_spent() => BudgetEnd::Spent,
        Err(error) => BudgetEnd::Unread(reason(&error)),
    };
    let bytes = match compression {
        Compression::Zlib => zlib::object(&content).unwrap_or(&content),
        _ => &content,
    };
    let member = Member {
        path,
        bytes,
        packed: None,
    };
    deliver(member, end, budget, sink);
}

/// `app.log` for `app.log.gz`.
fn unpacked_name(name: &[u8]) -> &[u8] {
    let dot = name.iter().rposition(|b| *b == b'.').filter(|dot| *dot > 0);
    let Some((stem, ending)) = dot.map(|dot| name.split_at(dot)) else {
        return name;
    };
    let endings = [
        ".gz", ".br", ".bz2", ".xz", ".zst", ".lzma", ".lz", ".z", ".zz", ".zlib",
    ];
    if endings
        .iter()
        .any(|e| ending.eq_ignore_ascii_case(e.as_bytes()))
    {
        stem
    } else {
        name
    }
}
