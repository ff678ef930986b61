//! Archives and compressed files: gzip, tar, tar in gzip, and zip under all its names.
//!
//! [`kind`] tells an archive by a few bytes, [`read`] hands out its members one after the other,
//! within a [`Budget`]. Names of members are only text: nothing is ever written to a disk.
//!
//! What is passed over is counted and no fault: an encrypted member, a method of compression that
//! is not known here, a broken archive. Files like that lie in every tree of tests, their stored
//! bytes are searched like those of any other file, and the part that can be unpacked is read. To
//! exceed a limit is a fault: there was more, and it could have been read.

mod budget;
mod gzip;
mod tar;
mod zip;

pub use budget::{Budget, Limits};

use crate::model::Span;
use budget::End;
use std::borrow::Cow;

/// Most bytes of a member's name that are kept, its end: formats allow names as large as members.
const LONGEST_NAME: usize = 1024;

/// Where a tar says `ustar`.
const TAR_MARK: usize = 257;

/// A kind of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One compressed stream, of a file or of a tar.
    Gzip,
    /// POSIX or GNU tar.
    Tar,
    /// zip, jar, war, whl, docx and so on.
    Zip,
}

/// One file of an archive.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Its name in the archive, `/`-separated, without what would lead out of it.
    pub path: &'a [u8],
    /// Its content, as far as it could be unpacked.
    pub bytes: &'a [u8],
    /// Where the archive holds exactly these bytes, if it holds them as they are.
    pub stored: Option<Span>,
}

/// What an archive holds.
#[derive(Debug)]
pub enum Found<'a> {
    /// A file.
    Member(Member<'a>),
    /// Something that cannot be unpacked, by kind.
    Skipped(&'static str),
    /// A limit was exceeded at this member.
    Fault(&'a [u8], String),
}

/// Takes what an archive holds.
type Sink<'s> = &'s mut dyn FnMut(Found<'_>);

/// What kind of archive starts with these bytes: asked of every blob.
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some(Kind::Zip),
        [0x1f, 0x8b, 8, ..] => Some(Kind::Gzip),
        _ if is_tar(bytes) => Some(Kind::Tar),
        _ => None,
    }
}

fn is_tar(bytes: &[u8]) -> bool {
    bytes
        .get(TAR_MARK..)
        .is_some_and(|rest| rest.starts_with(b"ustar"))
}

/// Hands out what is in an archive, in its order, until the budget is spent. `name` is its file
/// name, from which that of a compressed file is taken.
pub fn read(kind: Kind, bytes: &[u8], name: &[u8], budget: &Budget, sink: Sink<'_>) {
    match kind {
        Kind::Gzip => gzip::read(bytes, name, budget, sink),
        Kind::Tar => tar::read(budget.metered(bytes), true, budget, sink),
        Kind::Zip => zip::read(bytes, budget, sink),
    }
}

/// The bytes of an archive without those of members that were handed out: each is looked into
/// once. Places stay what they are, lines too.
pub fn without<'a>(bytes: &'a [u8], members: &[Span]) -> Cow<'a, [u8]> {
    if members.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut rest = bytes.to_vec();
    let mut members = members.to_vec();
    members.sort();
    let mut done = 0;
    for member in members {
        let (start, end) = (member.start.max(done), member.end.min(rest.len()));
        let taken = rest.get_mut(start..end).unwrap_or_default();
        taken
            .iter_mut()
            .filter(|b| **b != b'\n')
            .for_each(|b| *b = 0);
        done = done.max(end);
    }
    Cow::Owned(rest)
}

/// Hands out what was read of a member, and says what is missing.
fn deliver(member: Member<'_>, end: End, budget: &Budget, sink: Sink<'_>) {
    let path = member.path;
    let stored = member.stored.filter(|_| end == End::Whole);
    if !member.bytes.is_empty() {
        sink(Found::Member(Member { stored, ..member }));
    }
    match end {
        End::Whole => {}
        End::Broken => sink(Found::Skipped("broken archive member")),
        End::TooLarge => sink(Found::Fault(path, budget.limits().member_exceeded())),
        End::Spent => sink(Found::Fault(path, budget.total_exceeded())),
    }
}

/// A member's name with `/` between its parts and nothing that leads out of the archive.
fn cleaned(name: &[u8]) -> Vec<u8> {
    let name = &name[name.len().saturating_sub(LONGEST_NAME)..];
    let parts = name.split(|b| matches!(b, b'/' | b'\\'));
    let parts = parts.filter(|part| !matches!(*part, b"" | b"." | b".."));
    let name = parts.collect::<Vec<_>>().join(&b'/');
    match name.is_empty() {
        true => b"(unnamed)".to_vec(),
        false => name,
    }
}

#[cfg(test)]
mod tests;
