//! Archives and compressed files: tar, cpio, ar, rpm, zip under all its names, what is compressed in
//! PDF and PNG, and gzip, zlib, bzip2, xz, lzma, lzip, zstd and compress of a file, a tar or a cpio.
//!
//! [`kinds`] tells an archive by a few bytes, [`unpack()`] hands out all that is in it and in the
//! archives in it, within a [`Budget`]. Names of members are only text: nothing is ever written to a
//! disk.
//!
//! What cannot be opened is told as skipped: an encrypted member, a compression that is not known
//! here, a broken archive, of which the part that can be unpacked is read. To exceed a limit is a
//! fault: there was more, and it could have been read.

mod budget;
mod container;
mod kind;
mod stream;
mod unpack;

pub use budget::{Budget, Limits};
pub use kind::{ArchiveKind, Compression, MARKED, has_sign, kinds};
pub use stream::{Inflated, inflated, is_deflated};
pub use unpack::{Visitor, unpack};

use super::text::name;
use crate::model::Span;
use budget::BudgetEnd;
use kind::is_tar;
use std::io::Read;
use stream::Notes;

/// Most bytes of a member's name that are kept, its end: formats allow names as large as members.
const LONGEST_NAME: usize = 1024;

/// The words for an archive, or the rest of one, that makes no sense.
const BROKEN: &str = "broken archive";

/// The words for a member of which not all could be unpacked.
const BROKEN_MEMBER: &str = "broken archive member";

/// The words for what git packs, of which only git knows what is whole.
const GIT_BUNDLE: &str = "git bundle";
const GIT_PACK: &str = "git pack";

/// What a user can do about something that was skipped, by kind.
pub fn advice(kind: &str) -> &'static str {
    match kind {
        GIT_BUNDLE => "clone it (git clone FILE FOLDER) and run jvxleaks history FOLDER",
        GIT_PACK => "run jvxleaks history on its repository",
        container::pdf::ENCRYPTED => "save it without a password and scan that",
        container::pdf::DRAWN | container::pdf::UNKNOWN => {
            "save it as text (pdftotext) and scan that"
        }
        _ => "unpack it and scan the folder",
    }
}

/// One file of an archive.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    /// Its name in the archive, `/`-separated, without what would lead out of it.
    path: &'a [u8],
    /// Its content, as far as it could be unpacked.
    bytes: &'a [u8],
    /// Where the archive holds it, if that can be told.
    packed: Option<Span>,
}

/// What an archive holds.
#[derive(Debug)]
enum FoundMember<'a> {
    /// A file.
    Member(Member<'a>),
    /// Names and comments that an archive stores in a compressed form, a line each.
    Note(&'a [u8]),
    /// Something that cannot be unpacked, by kind.
    Skipped(&'static str),
    /// A limit was exceeded at this member.
    Fault(&'a [u8], String),
}

/// Where the bytes come from that an archive is read of.
#[derive(Clone, Copy, Debug)]
enum Backing<'n> {
    /// They are the archive's own, from a place on. Names and comments are searched with them.
    Stored(usize),
    /// They are unpacked while reading. Names and comments are noted.
    Unpacked(&'n Notes),
}

impl Backing<'_> {
    /// Where the archive's own bytes hold what was read at a place.
    fn span(self, start: usize, length: usize) -> Option<Span> {
        match self {
            Self::Stored(from) => {
                let start = from.saturating_add(start);
                Some(Span::new(start, start.saturating_add(length)))
            }
            Self::Unpacked(_) => None,
        }
    }
}

/// Takes what an archive holds.
type MemberSink<'s> = &'s mut dyn FnMut(FoundMember<'_>);

/// Hands out what is in one archive, in its order, until the budget is spent. `name` is its file
/// name, from which that of a compressed file is taken.
fn read(kind: ArchiveKind, bytes: &[u8], name: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    match kind {
        ArchiveKind::Stream(compression) => stream::read(compression, bytes, name, budget, sink),
        ArchiveKind::Tar => {
            container::tar::read(budget.metered(bytes), Backing::Stored(0), budget, sink)
        }
        ArchiveKind::Cpio => {
            container::cpio::read(budget.metered(bytes), Backing::Stored(0), budget, sink)
        }
        ArchiveKind::Ar => container::ar::read(bytes, budget, sink),
        ArchiveKind::Rpm => container::rpm::read(bytes, budget, sink),
        ArchiveKind::Pdf => container::pdf::read(bytes, budget, sink),
        ArchiveKind::Png => container::png::read(bytes, budget, sink),
        ArchiveKind::Zip => container::zip::read(bytes, budget, sink),
        ArchiveKind::Closed(name) => sink(FoundMember::Skipped(name)),
    }
}

/// Hands out what was read of a member, and says what is missing.
fn deliver(member: Member<'_>, end: BudgetEnd, budget: &Budget, sink: MemberSink<'_>) {
    let path = member.path;
    let packed = member.packed.filter(|_| end == BudgetEnd::Whole);
    if !member.bytes.is_empty() {
        sink(FoundMember::Member(Member { packed, ..member }));
    }
    match end {
        BudgetEnd::Whole => {}
        BudgetEnd::Unread(reason) => sink(FoundMember::Skipped(reason)),
        BudgetEnd::TooLarge => sink(FoundMember::Fault(path, budget.limits().member_exceeded())),
        BudgetEnd::Spent => sink(FoundMember::Fault(path, budget.total_exceeded())),
    }
}

/// Reads a member of `size` bytes, or of all there are, and hands it out; how that ended. `packed`
/// says where it stands in the archive's own bytes, by how many were read.
fn member(
    path: &[u8],
    reader: impl Read,
    size: Option<u64>,
    packed: impl FnOnce(usize) -> Option<Span>,
    budget: &Budget,
    sink: MemberSink<'_>,
) -> BudgetEnd {
    if !budget.admits(1) {
        sink(FoundMember::Fault(path, budget.members_exceeded()));
        return BudgetEnd::Spent;
    }
    let mut content = Vec::new();
    let mut end = budget.fill(reader.take(size.unwrap_or(u64::MAX)), &mut content);
    if end == BudgetEnd::Whole && size.is_some_and(|size| (content.len() as u64) < size) {
        end = BudgetEnd::Unread(BROKEN_MEMBER);
    }
    let member = Member {
        path,
        bytes: &content,
        packed: packed(content.len()),
    };
    deliver(member, end, budget, sink);
    end
}

/// A member's name with `/` between its parts and nothing that leads out of the archive.
fn cleaned(written: &[u8]) -> Vec<u8> {
    let name = name::without_userinfo(written);
    let name = &name[name.len().saturating_sub(LONGEST_NAME)..];
    let parts = name.split(|b| matches!(b, b'/' | b'\\'));
    let parts = parts.filter(|part| !matches!(*part, b"" | b"." | b".."));
    let name = parts.collect::<Vec<_>>().join(&b'/');
    match name.is_empty() || name::hides_key(written, &name) {
        true => b"(unnamed)".to_vec(),
        false => name,
    }
}

#[cfg(test)]
mod tests;
