//! Archives and compressed files: tar, zip under all its names, and gzip, bzip2, xz and zstd of a
//! file or a tar.
//!
//! [`kinds`] tells an archive by a few bytes, [`unpack()`] hands out all that is in it and in the
//! archives in it, within a [`Budget`]. Names of members are only text: nothing is ever written to a
//! disk.
//!
//! What cannot be opened is told as skipped: an encrypted member, a compression that is not known
//! here, a broken archive, of which the part that can be unpacked is read. To exceed a limit is a
//! fault: there was more, and it could have been read.

mod budget;
mod kind;
mod stream;
mod tar;
mod unpack;
mod zip;
mod zstd;

pub use budget::{Budget, Limits};
pub use kind::{Compression, Kind, MARKED, kinds};
pub use unpack::{Visitor, unpack};

use crate::model::Span;
use budget::End;
use kind::is_tar;

/// Most bytes of a member's name that are kept, its end: formats allow names as large as members.
const LONGEST_NAME: usize = 1024;

/// The words for an archive, or the rest of one, that makes no sense.
const BROKEN: &str = "broken archive";

/// The words for a member of which not all could be unpacked.
const BROKEN_MEMBER: &str = "broken archive member";

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
enum Found<'a> {
    /// A file.
    Member(Member<'a>),
    /// Something that cannot be unpacked, by kind.
    Skipped(&'static str),
    /// A limit was exceeded at this member.
    Fault(&'a [u8], String),
}

/// Takes what an archive holds.
type Sink<'s> = &'s mut dyn FnMut(Found<'_>);

/// Hands out what is in one archive, in its order, until the budget is spent. `name` is its file
/// name, from which that of a compressed file is taken.
fn read(kind: Kind, bytes: &[u8], name: &[u8], budget: &Budget, sink: Sink<'_>) {
    match kind {
        Kind::Stream(compression) => stream::read(compression, bytes, name, budget, sink),
        Kind::Tar => tar::read(budget.metered(bytes), true, budget, sink),
        Kind::Zip => zip::read(bytes, budget, sink),
        Kind::Closed(name) => sink(Found::Skipped(name)),
    }
}

/// Hands out what was read of a member, and says what is missing.
fn deliver(member: Member<'_>, end: End, budget: &Budget, sink: Sink<'_>) {
    let path = member.path;
    let packed = member.packed.filter(|_| end == End::Whole);
    if !member.bytes.is_empty() {
        sink(Found::Member(Member { packed, ..member }));
    }
    match end {
        End::Whole => {}
        End::Broken => sink(Found::Skipped(BROKEN_MEMBER)),
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
