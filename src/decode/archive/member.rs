//! What an archive is made of: members, what stands beside them, and how they are handed out.

use super::super::text::name;
use super::budget::{BROKEN_MEMBER, Budget, BudgetEnd};
use crate::model::Span;
use std::cell::RefCell;
use std::io::Read;

/// Most bytes of a member's name that are kept, its end: formats allow names as large as members.
pub(super) const LONGEST_NAME: usize = 1024;

/// The words for an archive, or the rest of one, that makes no sense.
pub(super) const BROKEN: &str = "broken archive";

/// One file of an archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    /// Its name in the archive, `/`-separated, without what would lead out of it.
    pub(super) path: &'a [u8],
    /// Its content, as far as it could be unpacked.
    pub(super) bytes: &'a [u8],
    /// Where the archive holds it, if that can be told.
    pub(super) packed: Option<Span>,
}

/// What an archive holds.
#[derive(Debug)]
pub(super) enum FoundMember<'a> {
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
pub(super) enum Backing<'n> {
    /// They are the archive's own, from a place on. Names and comments are searched with them.
    Stored(usize),
    /// They are unpacked while reading. Names and comments are noted.
    Unpacked(&'n Notes),
}

impl Backing<'_> {
    /// Where the archive's own bytes hold what was read at a place.
    pub(super) fn span(self, start: usize, length: usize) -> Option<Span> {
        match self {
            Self::Stored(from) => {
                let start = from.saturating_add(start);
                Some(Span::new(start, start.saturating_add(length)))
            }
            Self::Unpacked(_) => None,
        }
    }
}

/// A name in a tar.
pub struct TarEntry<'r> {
    /// As reports have it: without what would lead out of the archive.
    pub path: Vec<u8>,
    /// What is there.
    pub kind: TarEntryKind,
    /// How many bytes it says that it has.
    pub size: u64,
    /// Its bytes.
    pub content: &'r mut dyn Read,
}

/// What a name in a tar stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TarEntryKind {
    /// A file, or a device.
    File,
    /// A folder.
    Folder,
    /// A link to this: beside it, or from the root of the archive where it begins with a slash.
    Link(Vec<u8>),
}

/// Takes what an archive holds.
pub(super) type MemberSink<'s> = &'s mut dyn FnMut(FoundMember<'_>);

/// Hands out what was read of a member, and says what is missing.
pub(super) fn deliver(member: Member<'_>, end: BudgetEnd, budget: &Budget, sink: MemberSink<'_>) {
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
pub(super) fn member(
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
pub(super) fn cleaned(written: &[u8]) -> Vec<u8> {
    let name = name::without_userinfo(written);
    let name = &name[name.len().saturating_sub(LONGEST_NAME)..];
    let parts = name.split(|b| matches!(b, b'/' | b'\\'));
    let parts = parts.filter(|part| !matches!(*part, b"" | b"." | b".."));
    let name = parts.collect::<Vec<_>>().join(&b'/');
    if name.is_empty() || name::hides_key(written, &name) {
        b"(unnamed)".to_vec()
    } else {
        name
    }
}

/// Names and comments that a stream stores beside its content, a line each.
#[derive(Debug, Default)]
pub(super) struct Notes(RefCell<Vec<u8>>);

impl Notes {
    pub(super) fn add(&self, text: &[u8]) {
        if !text.is_empty() {
            let mut notes = self.0.borrow_mut();
            notes.extend_from_slice(text);
            notes.push(b'\n');
        }
    }

    pub(super) fn into_lines(self) -> Vec<u8> {
        self.0.into_inner()
    }
}
