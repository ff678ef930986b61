//! A tree as the difference to the one it is built on. Packs store versions of a folder as deltas, and
//! two of them share nearly all entries: only those at the seams are parsed.

use super::super::repo::object::{TreeEntries, TreeEntry};
use super::super::repo::object_id::ObjectId;
use super::delta::Seam;

/// What is kept of an entry: the number of its name, and the object.
pub(in crate::source::git) type Edge = (u32, ObjectId);

/// A tree that was read, and what was kept of it.
#[derive(Clone, Debug, Default)]
pub(in crate::source::git) struct Entries {
    /// Where each entry ends.
    ends: Vec<u32>,
    /// What was kept, each with the end of its entry.
    edges: Vec<(u32, Edge)>,
}

impl Entries {
    /// Reads a tree: `fresh` is asked about each entry that `base`, with these `seams`, does not have,
    /// and says what to keep of it. `None` when the bytes are no tree.
    pub(in crate::source::git) fn read(
        raw: &[u8],
        base: Option<(&Self, &[Seam])>,
        mut fresh: impl FnMut(TreeEntry<'_>) -> Option<Edge>,
    ) -> Option<Self> {
        let nothing = (&Self::default(), &[][..]);
        let (base, seams) = base.unwrap_or(nothing);
        let mut entries = Self {
            ends: Vec::with_capacity(base.ends.len()),
            edges: Vec::with_capacity(base.edges.len()),
        };
        // Where copies of the base stand: from where on, from where in the base, and to where.
        let starts = seams.iter().map(|seam| (seam.new.end, seam.resumes));
        let ends = seams.iter().map(|seam| seam.new.start).chain([raw.len()]);
        let mut copies = [(0, 0)].into_iter().chain(starts).zip(ends).peekable();
        let mut at = 0;
        while at < raw.len() {
            while copies.next_if(|(_, end)| *end <= at).is_some() {}
            if let Some(((start, resumes), end)) = copies.peek()
                && at >= *start
            {
                at = entries.copy(base, resumes + (at - start), at, *end);
            }
            if at < raw.len() {
                at = entries.parse(raw, at, &mut fresh)?;
            }
        }
        Some(entries)
    }

    /// What was kept, in its order.
    pub(in crate::source::git) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.edges.iter().map(|(_, edge)| *edge)
    }

    /// Takes over the entries of `base` from `from` on that end at or before `limit` when the first
    /// begins at `at` here, if an entry of `base` begins there. Gives the end of the last.
    fn copy(&mut self, base: &Self, from: usize, at: usize, limit: usize) -> usize {
        let from = from as u32;
        let first = base.ends.partition_point(|end| *end <= from);
        if from > 0 && (first == 0 || base.ends[first - 1] != from) {
            return at;
        }
        let last = from + (limit - at) as u32;
        let copied = &base.ends[first..];
        let copied = &copied[..copied.partition_point(|end| *end <= last)];
        let Some(end) = copied.last() else {
            return at;
        };
        let here = |there: u32| at as u32 + (there - from);
        self.ends.extend(copied.iter().map(|end| here(*end)));
        let edges = &base.edges[base.edges.partition_point(|(end, _)| *end <= from)..];
        let edges = &edges[..edges.partition_point(|(there, _)| there <= end)];
        self.edges
            .extend(edges.iter().map(|(end, edge)| (here(*end), *edge)));
        here(*end) as usize
    }

    /// Reads the entry that begins at `at`, and gives its end.
    fn parse(
        &mut self,
        raw: &[u8],
        at: usize,
        fresh: &mut impl FnMut(TreeEntry<'_>) -> Option<Edge>,
    ) -> Option<usize> {
        let mut rest = TreeEntries::new(&raw[at..]);
        let entry = rest.next()?;
        let end = raw.len() - rest.left();
        self.ends.push(end as u32);
        self.edges
            .extend(fresh(entry).map(|edge| (end as u32, edge)));
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::delta::apply;
    use super::*;

    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        let mut raw = Vec::new();
        for (name, id) in entries {
            raw.extend(format!("100644 {name}\0").bytes());
            raw.extend([*id; 20]);
        }
        raw
    }

    /// A delta that copies whatever `base` has in common with `raw` for `shortest` bytes or more.
    fn delta(base: &[u8], raw: &[u8], shortest: usize) -> Vec<u8> {
        let mut delta = vec![0x80 | base.len() as u8 & 0x7f, (base.len() >> 7) as u8];
        delta.extend([0x80 | raw.len() as u8 & 0x7f, (raw.len() >> 7) as u8]);
        let mut at = 0;
        while at < raw.len() {
            let shared = |from: &usize| {
                let both = base[*from..].iter().zip(&raw[at..]);
                both.take_while(|(a, b)| a == b).count()
            };
            let from = (0..base.len()).max_by_key(shared).unwrap_or(0);
            let length = shared(&from).min(250);
            if length >= shortest {
                delta.extend([0x91, from as u8, length as u8]);
                at += length;
            } else {
                delta.extend([1, raw[at]]);
                at += 1;
            }
        }
        delta
    }

    /// The names asked for, and the first bytes of the ids kept after; nothing when it is no tree.
    fn read(raw: &[u8], base: Option<(&Entries, &[Seam])>) -> Option<(String, Entries)> {
        let mut asked = Vec::new();
        let entries = Entries::read(raw, base, |entry| {
            asked.push(String::from_utf8_lossy(entry.name).into_owned());
            Some((0, entry.id))
        });
        Some((asked.join(" "), entries?))
    }

    fn ids(entries: &Entries) -> Vec<u8> {
        entries.edges().map(|(_, id)| id.as_bytes()[0]).collect()
    }

    #[test]
    fn only_entries_that_differ_are_looked_at() {
        let base = tree(&[("a", 1), ("b", 2), ("c", 3)]);
        let (asked, kept) = read(&base, None).unwrap();
        assert_eq!(asked, "a b c");
        for (entries, asked) in [
            (&[("a", 1), ("b", 2), ("c", 3)][..], ""),
            (&[("a", 1), ("b", 4), ("c", 3)], "b"),
            (&[("a", 1), ("c", 3)], "c"),
            (&[("c", 3), ("a", 1)], "a"),
            (&[("a", 7), ("b", 2), ("c", 9)], "a c"),
            (&[("a", 1), ("bb", 7), ("c", 3)], "bb"),
            (&[("a", 1), ("b", 2), ("c", 3), ("d", 9)], "d"),
            (&[("0", 5), ("a", 1), ("b", 2), ("c", 3)], "0"),
            (&[], ""),
        ] {
            let raw = tree(entries);
            let (mut out, mut seams) = (Vec::new(), Vec::new());
            apply(&base, &delta(&base, &raw, 12), 1000, &mut out, &mut seams).unwrap();
            let read = read(&raw, Some((&kept, &seams))).unwrap();
            let all: Vec<u8> = entries.iter().map(|(_, id)| *id).collect();
            assert_eq!((read.0.as_str(), ids(&read.1)), (asked, all), "{entries:?}");
        }
    }

    #[test]
    fn any_version_reads_as_if_it_came_alone() {
        // A small alphabet, so that entries share bytes across their borders.
        let mut seed = 1_u32;
        let mut draw = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let (mut base, mut kept) = (Vec::new(), Entries::default());
        for _ in 0..2000 {
            let count = draw(6);
            let entries: Vec<(String, u8)> = (0..count)
                .map(|_| ("a".repeat(1 + draw(3) as usize), b'a' + draw(2) as u8))
                .collect();
            let entries: Vec<(&str, u8)> =
                entries.iter().map(|(n, id)| (n.as_str(), *id)).collect();
            let raw = tree(&entries);
            let delta = delta(&base, &raw, 1 + draw(30) as usize);
            let (mut out, mut seams) = (Vec::new(), Vec::new());
            apply(&base, &delta, 1000, &mut out, &mut seams).unwrap();
            assert_eq!(out, raw);
            let (_, version) = read(&raw, Some((&kept, &seams))).unwrap();
            let (_, alone) = read(&raw, None).unwrap();
            assert_eq!((&version.ends, &version.edges), (&alone.ends, &alone.edges));
            (base, kept) = (raw, version);
        }
    }

    #[test]
    fn a_cut_tree_is_no_tree() {
        let whole = tree(&[("a", 1), ("b", 2)]);
        assert!(read(&whole[..whole.len() - 3], None).is_none());
        let (_, kept) = read(&whole, None).unwrap();
        let cut = &whole[..whole.len() - 3];
        let (mut out, mut seams) = (Vec::new(), Vec::new());
        apply(&whole, &delta(&whole, cut, 4), 1000, &mut out, &mut seams).unwrap();
        assert!(read(cut, Some((&kept, &seams))).is_none());
    }
}
