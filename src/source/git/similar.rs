//! A tree as the difference to the one read before it. Packs store versions of a folder next to each
//! other, and two of them share nearly all entries: only what is not shared is parsed.

use super::object::{TreeEntries, TreeEntry};
use super::object_id::ObjectId;
use std::cmp::Ordering;
use std::ops::Range;

/// Bytes that are compared at once.
const BLOCK: usize = 64;

/// What is kept of an entry: the number of its name, and the object.
pub(super) type Edge = (u32, ObjectId);

/// The tree that was read last, and what was kept of it.
#[derive(Debug, Default)]
pub(super) struct Similar {
    raw: Vec<u8>,
    /// Where each entry ends.
    ends: Vec<u32>,
    /// What was kept, each with the end of its entry.
    edges: Vec<(u32, Edge)>,
    /// The same of the entries that are new; empty between two trees.
    new_ends: Vec<u32>,
    new_edges: Vec<(u32, Edge)>,
}

impl Similar {
    /// Reads a tree: `fresh` is asked about each entry that the tree before did not have, and says
    /// what to keep of it. False when the bytes are no tree.
    pub(super) fn read(
        &mut self,
        raw: &[u8],
        mut fresh: impl FnMut(TreeEntry<'_>) -> Option<Edge>,
    ) -> bool {
        let front = shared_front(&self.raw, raw);
        let front = self.ends.partition_point(|end| *end as usize <= front);
        let start = self.end_before(front);
        let shared = shared_back(&self.raw[start..], &raw[start..]);
        let mut back = self.first_from(front, self.raw.len() - shared);
        self.new_ends.clear();
        self.new_edges.clear();
        let mut entries = TreeEntries::new(&raw[start..]);
        let mut at = start;
        loop {
            // The rest is as it was only if an entry begins where the rest begins.
            match (at + self.raw.len()).cmp(&(raw.len() + self.end_before(back))) {
                Ordering::Less => {}
                Ordering::Equal => break,
                Ordering::Greater => back = self.ends.len(),
            }
            let Some(entry) = entries.next() else {
                break;
            };
            at = raw.len() - entries.left();
            self.new_ends.push(at as u32);
            let edge = fresh(entry).map(|edge| (at as u32, edge));
            self.new_edges.extend(edge);
        }
        let is_whole = at + self.raw.len() == raw.len() + self.end_before(back);
        match is_whole {
            true => self.replace(front..back, raw),
            false => *self = Self::default(),
        }
        is_whole
    }

    /// What is kept of the tree that was read last, in its order.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.edges.iter().map(|(_, edge)| *edge)
    }

    fn end_before(&self, entry: usize) -> usize {
        entry
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize)
    }

    /// The first entry from `entry` on that begins at `offset` or later.
    fn first_from(&self, entry: usize, offset: usize) -> usize {
        match offset {
            0 => entry,
            _ => {
                let before = self.ends.partition_point(|end| (*end as usize) < offset);
                entry.max(before + 1).min(self.ends.len())
            }
        }
    }

    /// Puts what is new where the entries of `old` were.
    fn replace(&mut self, old: Range<usize>, raw: &[u8]) {
        let (start, end) = (self.end_before(old.start), self.end_before(old.end));
        let shift = raw.len() as i64 - self.raw.len() as i64;
        let moved = |end: &mut u32| *end = (i64::from(*end) + shift) as u32;
        let first = self.edges.partition_point(|(at, _)| *at as usize <= start);
        let last = self.edges.partition_point(|(at, _)| *at as usize <= end);
        if shift != 0 {
            self.ends[old.end..].iter_mut().for_each(moved);
            self.edges[last..].iter_mut().for_each(|(at, _)| moved(at));
        }
        self.ends.splice(old, self.new_ends.drain(..));
        self.edges.splice(first..last, self.new_edges.drain(..));
        self.raw.clear();
        self.raw.extend_from_slice(raw);
    }
}

/// How many bytes two texts begin with alike.
fn shared_front(a: &[u8], b: &[u8]) -> usize {
    let (blocks, _) = a.as_chunks::<BLOCK>();
    let blocks = blocks.iter().zip(b.as_chunks::<BLOCK>().0);
    let start = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let bytes = a[start..].iter().zip(&b[start..]);
    start + bytes.take_while(|(a, b)| a == b).count()
}

/// How many bytes two texts end with alike.
fn shared_back(a: &[u8], b: &[u8]) -> usize {
    let (_, blocks) = a.as_rchunks::<BLOCK>();
    let blocks = blocks
        .iter()
        .rev()
        .zip(b.as_rchunks::<BLOCK>().1.iter().rev());
    let end = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let bytes = a.iter().rev().zip(b.iter().rev());
    end + bytes.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        let mut raw = Vec::new();
        for (name, id) in entries {
            raw.extend(format!("100644 {name}\0").bytes());
            raw.extend([*id; 20]);
        }
        raw
    }

    /// The names asked for, and the ids kept after.
    fn read(similar: &mut Similar, raw: &[u8]) -> (Vec<String>, Vec<u8>, bool) {
        let mut asked = Vec::new();
        let whole = similar.read(raw, |entry| {
            asked.push(String::from_utf8_lossy(entry.name).into_owned());
            Some((0, entry.id))
        });
        let ids = similar.edges().map(|(_, id)| id.as_bytes()[0]).collect();
        (asked, ids, whole)
    }

    #[test]
    fn only_entries_that_differ_are_looked_at() {
        let mut similar = Similar::default();
        let names = |names: &str| names.split_whitespace().map(str::to_owned).collect();
        let mut check = |entries: &[(&str, u8)], asked: &str| {
            let (got, ids, whole) = read(&mut similar, &tree(entries));
            let all: Vec<u8> = entries.iter().map(|(_, id)| *id).collect();
            assert_eq!((got, ids, whole), (names(asked), all, true), "{entries:?}");
        };
        check(&[("a", 1), ("b", 2), ("c", 3)], "a b c");
        check(&[("a", 1), ("b", 4), ("c", 3)], "b");
        check(&[("a", 1), ("c", 3)], "");
        check(&[("a", 1), ("bb", 7), ("c", 3)], "bb");
        check(&[("a", 1), ("bb", 7), ("c", 3), ("d", 9)], "d");
        check(&[("0", 5), ("a", 1), ("bb", 7), ("c", 3), ("d", 9)], "0");
        check(&[], "");
        check(&[("x", 1)], "x");
    }

    #[test]
    fn any_two_trees_read_as_if_each_came_alone() {
        // A small alphabet, so that entries share bytes across their borders.
        let mut seed = 1_u32;
        let mut draw = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let mut similar = Similar::default();
        for _ in 0..2000 {
            let count = draw(6);
            let entries: Vec<(String, u8)> = (0..count)
                .map(|_| ("a".repeat(1 + draw(3) as usize), b'a' + draw(2) as u8))
                .collect();
            let entries: Vec<(&str, u8)> =
                entries.iter().map(|(n, id)| (n.as_str(), *id)).collect();
            let (_, ids, whole) = read(&mut similar, &tree(&entries));
            let all: Vec<u8> = entries.iter().map(|(_, id)| *id).collect();
            assert_eq!((ids, whole), (all, true), "{entries:?}");
        }
    }

    #[test]
    fn a_cut_tree_is_no_tree_and_leaves_nothing_behind() {
        let (mut similar, whole) = (Similar::default(), tree(&[("a", 1), ("b", 2)]));
        read(&mut similar, &whole);
        assert!(!read(&mut similar, &whole[..whole.len() - 3]).2);
        assert_eq!(read(&mut similar, &whole).1, [1, 2]);
    }
}
