//! An archive and the archives in it, each member handed out as bytes with a path of its own.

use super::kind::{ArchiveKind, kinds};
use super::member::{FoundMember, Member};
use super::{Budget, read};
use crate::model::{BlobPath, Span};
use std::borrow::Cow;

/// Where names and comments are reported that an archive stores in a compressed form.
const NOTES: &[u8] = b"(names and comments)";

/// Takes what is in an archive. Paths are those of members: `outer.zip!/inner/config.env`.
pub trait Visitor {
    /// Whether a member is to be looked into.
    fn wants(&mut self, path: &BlobPath) -> bool;
    /// Bytes to search: those of a member, or what an archive holds beside its members.
    fn bytes(&mut self, path: &BlobPath, bytes: &[u8]);
    /// Something in the archive at `path` cannot be unpacked, by kind.
    fn skipped(&mut self, path: &BlobPath, kind: &'static str);
    /// A limit was exceeded at a member.
    fn fault(&mut self, path: BlobPath, what: String);
    /// All that could be read of the archive at `path` was handed out.
    fn done(&mut self, _path: &BlobPath, _bytes: &[u8]) {}
}

/// Hands out all that is in the archive `bytes`, which [`kinds`] knows.
pub fn unpack(path: &BlobPath, bytes: &[u8], budget: &Budget, visitor: &mut dyn Visitor) {
    let mut unpacking = Unpacking { budget, visitor };
    unpacking.archive(path, bytes, 1);
}

struct Unpacking<'u> {
    budget: &'u Budget,
    visitor: &'u mut dyn Visitor,
}

impl Unpacking<'_> {
    /// Hands out the members of an archive, then what else its bytes hold.
    fn archive(&mut self, path: &BlobPath, bytes: &[u8], depth: usize) {
        let mut done = Vec::new();
        for kind in kinds(bytes).into_iter().flatten() {
            if self.one(kind, path, bytes, depth, &mut done)
                && matches!(kind, ArchiveKind::Stream(_))
            {
                done.push(Span::new(0, bytes.len()));
            }
        }
        self.visitor.bytes(path, &without(bytes, done));
        self.visitor.done(path, bytes);
    }

    /// Reads as one kind, and notes where members are that were handed out; false if anything is
    /// missing.
    fn one(
        &mut self,
        kind: ArchiveKind,
        path: &BlobPath,
        bytes: &[u8],
        depth: usize,
        done: &mut Vec<Span>,
    ) -> bool {
        let mut is_whole = true;
        read(kind, bytes, path.file_name(), self.budget, &mut |found| {
            match found {
                FoundMember::Member(member) => {
                    done.extend(member.packed);
                    return self.member(path, member, depth);
                }
                FoundMember::Note(text) => return self.visitor.bytes(&path.member(NOTES), text),
                FoundMember::Skipped(kind) => self.visitor.skipped(path, kind),
                FoundMember::Fault(member, what) => self.visitor.fault(path.member(member), what),
            }
            is_whole = false;
        });
        is_whole
    }

    fn member(&mut self, archive: &BlobPath, member: Member<'_>, depth: usize) {
        let path = archive.member(member.path);
        if !self.visitor.wants(&path) {
            return;
        }
        let deepest = self.budget.limits().depth;
        match kinds(member.bytes) {
            [None, None] => {}
            [Some(ArchiveKind::Closed(kind)), None] => self.visitor.skipped(&path, kind),
            [Some(kind), None] if kind.is_document() && depth == deepest => {
                return self.archive(&path, member.bytes, depth + 1);
            }
            _ if depth < deepest => {
                return self.archive(&path, member.bytes, depth + 1);
            }
            _ => {
                let what = self.budget.limits().depth_exceeded();
                self.visitor.fault(path.clone(), what);
            }
        }
        self.visitor.bytes(&path, member.bytes);
    }
}

/// The bytes of an archive without those of members that were handed out: each is looked into
/// once. Places stay what they are, lines too.
fn without(bytes: &[u8], mut members: Vec<Span>) -> Cow<'_, [u8]> {
    if members.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let mut rest = bytes.to_vec();
    members.sort();
    let mut done = 0;
    for member in members {
        let (start, end) = (member.start.max(done), member.end.min(rest.len()));
        let taken = rest.get_mut(start..end).unwrap_or_default();
        let lines = taken.iter_mut().filter(|b| **b != b'\n');
        lines.for_each(|b| *b = 0);
        done = done.max(end);
    }
    Cow::Owned(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_taken_out_of_the_rest() {
        let spans = [(4, 8), (1, 3), (2, 5), (7, 99)];
        let spans = spans.map(|(start, end)| Span::new(start, end)).to_vec();
        assert_eq!(&*without(b"abcd\nfgh", spans), b"a\0\0\0\n\0\0\0");
        assert_eq!(&*without(b"abc", Vec::new()), b"abc");
    }
}
