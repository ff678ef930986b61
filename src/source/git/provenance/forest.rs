//! All trees that the second traversal met, numbered together with the hits, and which of them
//! lead to a hit.

use super::super::pack::similar::Edge;
use super::super::repo::object::Commit;
use super::super::repo::object_id::{IdMap, ObjectId};
use super::shelf::Shelf;
use rayon::prelude::*;
use std::collections::HashMap;

/// Entries of a tree that lead to hits or other trees: number of the name, and hit or tree.
type Leading = Vec<(u32, u32)>;

/// What is on a shelf, whose trees have numbers.
struct Pile {
    trees: Vec<(ObjectId, usize)>,
    /// Whether each tree is on no earlier shelf.
    is_new: Vec<bool>,
    edges: Vec<Edge>,
    /// The number of each name among all names.
    renamed: Vec<u32>,
}

impl Pile {
    /// The ends of the new trees, and what they hold, in the order in which they got their numbers.
    fn numbered(self, numbers: &IdMap<u32>) -> (Vec<usize>, Leading) {
        let (mut ends, mut all, mut start) = (Vec::new(), Vec::new(), 0);
        // Trees that were read one after the other share nearly all entries, and a look at the
        // entries of the one before is cheaper than one at the map.
        let (mut before, mut known) = (&self.edges[..0], Vec::new());
        for ((_, end), is_new) in self.trees.iter().zip(&self.is_new) {
            if *is_new {
                let own = &self.edges[start..*end];
                known = numbers_of(numbers, own, before, &known);
                let named = own.iter().map(|(name, _)| self.renamed[*name as usize]);
                let leading = named.zip(&known);
                all.extend(leading.filter_map(|(name, child)| Some((name, (*child)?))));
                ends.push(all.len());
                before = own;
            }
            start = *end;
        }
        (ends, all)
    }
}

/// The numbers of what a tree holds; `known` are those of the tree `before` it.
fn numbers_of(
    numbers: &IdMap<u32>,
    edges: &[Edge],
    before: &[Edge],
    known: &[Option<u32>],
) -> Vec<Option<u32>> {
    let mut at = 0;
    let number = |(name, child): &Edge| {
        let near = before.iter().zip(known).skip(at).take(2);
        let same = near.zip(at..).find(|(((_, old), _), _)| old == child);
        if let Some(((_, number), place)) = same {
            at = place + 1;
            return *number;
        }
        at += usize::from(before.get(at).is_some_and(|(old, _)| old == name));
        numbers.get(child).copied()
    };
    edges.iter().map(number).collect()
}

/// All trees of all shelves, with hits and trees numbered in one row.
pub(super) struct Forest {
    /// Hits first, in the order they were given, then trees.
    pub(in crate::source::git) numbers: IdMap<u32>,
    starts: Vec<usize>,
    all: Vec<(u32, u32)>,
    hits: usize,
}

impl Forest {
    /// The trees of all shelves, with the commits; `names` becomes the names of entries.
    pub(in crate::source::git) fn merge(
        hits: &[ObjectId],
        shelves: Vec<Shelf>,
        names: &mut Vec<Vec<u8>>,
    ) -> (Self, Vec<(ObjectId, Commit)>) {
        let mut numbers: IdMap<u32> = hits.iter().copied().zip(0..).collect();
        let (mut global, mut commits, mut piles) = (HashMap::new(), Vec::new(), Vec::new());
        for shelf in shelves {
            // A tree that an earlier shelf had (a second pack) is passed over.
            let is_new = shelf.trees.iter().map(|(id, _)| {
                let next = numbers.len() as u32;
                *numbers.entry(*id).or_insert(next) == next
            });
            let mut pile = Pile {
                is_new: is_new.collect(),
                trees: shelf.trees,
                edges: shelf.edges,
                renamed: vec![0; shelf.names.len()],
            };
            for (name, local) in shelf.names {
                let next = global.len() as u32;
                pile.renamed[local as usize] = *global.entry(name).or_insert(next);
            }
            piles.push(pile);
            commits.extend(shelf.commits);
        }
        let piles = piles.into_par_iter().map(|pile| pile.numbered(&numbers));
        let (mut starts, mut all) = (vec![0], Vec::new());
        for (ends, leading) in piles.collect::<Vec<_>>() {
            let start = all.len();
            starts.extend(ends.into_iter().map(|end| start + end));
            all.extend(leading);
        }
        let mut named: Vec<(Vec<u8>, u32)> = global.into_iter().collect();
        named.sort_by_key(|(_, no)| *no);
        *names = named.into_iter().map(|(name, _)| name).collect();
        let forest = Self {
            numbers,
            starts,
            all,
            hits: hits.len(),
        };
        (forest, commits)
    }

    /// How many hits and trees there are.
    pub(super) fn nodes(&self) -> usize {
        self.hits + self.starts.len() - 1
    }

    /// What a tree holds: number of the name, and hit or tree.
    pub(in crate::source::git) fn edges(&self, node: usize) -> &[(u32, u32)] {
        let tree = node - self.hits;
        &self.all[self.starts[tree]..self.starts[tree + 1]]
    }

    /// For every node, whether it is a hit that some tree holds or a tree above one.
    pub(super) fn leads_to_hits(&self, hits: usize) -> Vec<bool> {
        let mut above = vec![0_u32; self.nodes() + 1];
        for (_, child) in &self.all {
            above[*child as usize + 1] += 1;
        }
        for at in 1..above.len() {
            above[at] += above[at - 1];
        }
        let (mut holders, mut fill) = (vec![0_u32; self.all.len()], above.clone());
        for tree in hits..self.nodes() {
            for (_, child) in self.edges(tree) {
                let at = &mut fill[*child as usize];
                holders[*at as usize] = tree as u32;
                *at += 1;
            }
        }
        let mut leads = vec![false; self.nodes()];
        let mut next: Vec<usize> = (0..hits).collect();
        while let Some(node) = next.pop() {
            if !std::mem::replace(&mut leads[node], true) {
                let range = above[node] as usize..above[node + 1] as usize;
                next.extend(holders[range].iter().map(|tree| *tree as usize));
            }
        }
        leads
    }
}
