//! What the bytes of commits, trees and tags say. Parsed here and not by libgit2, whose commits
//! take grafts into account: a line in `info/grafts` would hide history from an audit.

use super::object_id::ObjectId;
use crate::model::BlobPath;
use std::borrow::Cow;

/// The path under which the text of a commit is reported.
pub const COMMIT_MESSAGE: &str = "COMMIT_MSG";
/// The path under which the text of a tag is reported.
pub const TAG_MESSAGE: &str = "TAG_MSG";

/// What an object is. Trees hold only names and are not handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// The content of a file, the target of a symbolic link, or a note.
    Blob,
    /// A commit; its bytes are its message.
    Commit,
    /// An annotated tag; its bytes are its message.
    Tag,
    /// The name of a file, a folder or a ref. It is no object of git and gets an id all the same.
    Name,
}

/// The parts of a commit that history needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::source::git) struct Commit {
    /// Its root tree.
    pub(in crate::source::git) tree: ObjectId,
    /// Its parents, as the commit itself names them.
    pub(in crate::source::git) parents: Vec<ObjectId>,
    /// When it was written, in seconds since 1970.
    pub(in crate::source::git) authored: i64,
    /// When it got its id.
    pub(in crate::source::git) committed: i64,
}

impl Commit {
    /// Reads the header of `raw`; `None` when that is no commit.
    pub(in crate::source::git) fn parse(raw: &[u8]) -> Option<Self> {
        let mut lines = header(raw).split(|b| *b == b'\n');
        let tree = ObjectId::from_hex(lines.next()?.strip_prefix(b"tree ")?)?;
        let (mut parents, mut authored, mut committed) = (Vec::new(), None, None);
        for line in lines {
            if let Some(parent) = line.strip_prefix(b"parent ") {
                parents.push(ObjectId::from_hex(parent)?);
            } else if let Some(author) = line.strip_prefix(b"author ") {
                authored = authored.or(Some(seconds(author)));
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                committed = committed.or(Some(seconds(committer)));
            }
        }
        Some(Self {
            tree,
            parents,
            authored: authored.unwrap_or_default(),
            committed: committed.unwrap_or_default(),
        })
    }
}

/// The object that a tag names.
pub(in crate::source::git) fn tag_target(raw: &[u8]) -> Option<ObjectId> {
    let line = raw.split(|b| *b == b'\n').next()?;
    ObjectId::from_hex(line.strip_prefix(b"object ")?)
}

/// When a tag was made, in seconds since 1970, if it says.
pub(in crate::source::git) fn tagged(raw: &[u8]) -> Option<i64> {
    let mut lines = header(raw).split(|b| *b == b'\n');
    let tagger = lines.find_map(|line| line.strip_prefix(b"tagger "));
    tagger.map(seconds)
}

/// What a person wrote into a commit or tag: its message, and below it what its header says besides
/// ids. A merge of a signed tag carries the tag's text there (`mergetag`), a name may be anything.
/// The message comes first, so that the lines in it keep their numbers.
pub(in crate::source::git) fn written(raw: &[u8]) -> Cow<'_, [u8]> {
    const IDS: [&[u8]; 4] = [b"tree ", b"parent ", b"object ", b"type "];
    let head = header(raw);
    let message = raw.get(head.len() + 2..).unwrap_or_default();
    let lines = head.split(|b| *b == b'\n');
    let lines = lines.skip_while(|line| IDS.iter().any(|id| line.starts_with(id)));
    let mut text = Vec::with_capacity(raw.len() + 1);
    text.extend_from_slice(message);
    for line in lines {
        text.push(b'\n');
        // A space says that the line goes on with the header above it.
        text.extend_from_slice(line.strip_prefix(b" ").unwrap_or(line));
    }
    Cow::Owned(text)
}

/// `YYYY-MM-DDTHH:MM:SSZ`; a time that no calendar has gives the first or last one.
pub(in crate::source::git) fn date(seconds: i64) -> String {
    let last = jiff::Timestamp::MAX.as_second();
    let first = jiff::Timestamp::MIN.as_second() + 1;
    let time = jiff::Timestamp::from_second(seconds.clamp(first, last - 1));
    time.unwrap_or_default().to_string()
}

/// One name in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::git) struct TreeEntry<'a> {
    /// What it names.
    pub(in crate::source::git) kind: EntryKind,
    /// Its file mode, as in `stat`.
    pub(in crate::source::git) mode: u32,
    /// The name, without any `/`.
    pub(in crate::source::git) name: &'a [u8],
    /// The object.
    pub(in crate::source::git) id: ObjectId,
}

/// What a tree or index entry names, as far as its mode tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::git) enum EntryKind {
    /// A file or symbolic link.
    Blob,
    /// A folder.
    Tree,
    /// A commit of a submodule, which this repository does not hold.
    Submodule,
}

impl EntryKind {
    /// The kind that a git file mode stands for.
    pub(in crate::source::git) fn of(mode: u32) -> Self {
        match mode & 0o170_000 {
            0o040_000 => Self::Tree,
            0o160_000 => Self::Submodule,
            _ => Self::Blob,
        }
    }
}

/// The entries of a tree, in its order. Ends early at bytes that are no entry: see
/// [`TreeEntries::is_whole`].
#[derive(Clone, Debug)]
pub(in crate::source::git) struct TreeEntries<'a> {
    rest: &'a [u8],
}

impl<'a> TreeEntries<'a> {
    /// The entries in the bytes of a tree.
    pub(in crate::source::git) fn new(raw: &'a [u8]) -> Self {
        Self { rest: raw }
    }

    /// True when all bytes have been read; ask after the last entry.
    pub(in crate::source::git) fn is_whole(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes have not been read.
    pub(in crate::source::git) fn left(&self) -> usize {
        self.rest.len()
    }

    fn parse(&self) -> Option<(TreeEntry<'a>, &'a [u8])> {
        let space = memchr::memchr(b' ', self.rest)?;
        let nul = space + memchr::memchr(0, &self.rest[space..])?;
        let id = ObjectId::from_bytes(self.rest.get(nul + 1..nul + 21)?)?;
        let octal = |mode: u32, b: &u8| mode << 3 | u32::from(b.wrapping_sub(b'0') & 7);
        let mode = self.rest[..space].iter().fold(0, octal);
        let entry = TreeEntry {
            kind: EntryKind::of(mode),
            mode,
            name: &self.rest[space + 1..nul],
            id,
        };
        Some((entry, &self.rest[nul + 21..]))
    }
}

impl<'a> Iterator for TreeEntries<'a> {
    type Item = TreeEntry<'a>;

    fn next(&mut self) -> Option<TreeEntry<'a>> {
        let (entry, rest) = self.parse()?;
        self.rest = rest;
        Some(entry)
    }
}

/// `folder/name`, or `name` at the root.
pub(in crate::source::git) fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = Vec::with_capacity(folder.len() + 1 + name.len());
    path.extend_from_slice(folder);
    if !folder.is_empty() {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// How a fault names an object.
pub(in crate::source::git) fn object_path(id: ObjectId) -> BlobPath {
    BlobPath::from_bytes(format!("object {id}"))
}

/// The lines before the first empty one.
fn header(raw: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(raw, b"\n\n").unwrap_or(raw.len());
    &raw[..end]
}

/// The seconds in `Name <mail> 1700000000 +0100`.
fn seconds(person: &[u8]) -> i64 {
    let after = memchr::memrchr(b'>', person).map_or(0, |at| at + 1);
    let mut words = person[after..]
        .split(|b| *b == b' ')
        .filter(|w| !w.is_empty());
    let number = words.next().and_then(|w| std::str::from_utf8(w).ok());
    number.and_then(|n| n.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_says_tree_parents_and_dates() {
        let id = "a".repeat(40);
        let raw = format!(
            "tree {id}\nparent {id}\nparent {id}\nauthor A > <a@b> 1700000000 +0100\n\
             committer B <b@c> 1700000001 +0000\ngpgsig x\n y\n\nsubject\n\nbody"
        );
        let commit = Commit::parse(raw.as_bytes()).unwrap();
        assert_eq!(commit.parents.len(), 2);
        assert_eq!(date(commit.authored), "2023-11-14T22:13:20Z");
        assert_eq!(commit.committed, 1_700_000_001);
        assert_eq!(
            String::from_utf8_lossy(&written(raw.as_bytes())),
            "subject\n\nbody\nauthor A > <a@b> 1700000000 +0100\ncommitter B <b@c> 1700000001 +0000\ngpgsig x\ny"
        );
        assert!(Commit::parse(b"blob").is_none());
        assert!(date(i64::MAX).starts_with("9999-"));
    }

    #[test]
    fn a_tree_lists_its_entries_and_tells_when_it_is_cut() {
        let mut raw = b"100644 a b\0".to_vec();
        raw.extend([7; 20]);
        raw.extend(b"40000 dir\0");
        raw.extend([8; 20]);
        let mut entries = TreeEntries::new(&raw);
        let kinds: Vec<_> = entries.by_ref().map(|e| (e.kind, e.name)).collect();
        assert_eq!(
            kinds,
            [(EntryKind::Blob, &b"a b"[..]), (EntryKind::Tree, b"dir")]
        );
        assert!(entries.is_whole());
        let mut cut = TreeEntries::new(&raw[..40]);
        assert_eq!(cut.by_ref().count(), 1);
        assert!(!cut.is_whole());
    }
}
