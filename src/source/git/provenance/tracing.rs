//! Follows hits through commits and trees: who introduced and removed them, and who still holds them.

use super::super::audit::names::named_at;
use super::super::repo::object::{COMMIT_MESSAGE, ObjectKind, join};
use super::super::repo::object_id::ObjectId;
use super::graph::{CommitNo, CommitNode, Graph, Node};
use super::trail::{Appearance, Trail};
use crate::model::{BlobPath, RefName, Refs};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Folders nested deeper than this are not followed; git itself refuses to check them out.
const DEEPEST: usize = 2048;

/// How often one folder is followed in one commit. A dozen trees that hold each other many times are a billion places,
/// and nobody reads the rest.
pub(super) const MOST_COPIES: u32 = 1 << 10;

/// How many hits are followed at once, one bit each.
const BITS: usize = 64;

/// Fills in trails from the graph.
pub(super) struct Tracing<'g> {
    /// Commits, and trees that lead to hits.
    pub(in crate::source::git) graph: &'g Graph,
    /// The hits.
    pub(in crate::source::git) ids: &'g [ObjectId],
    /// Whether there are places that are not told, for there are too many.
    pub(in crate::source::git) is_cut: AtomicBool,
}

/// A hit where a tree has it and others do not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct HitAt {
    hit: Node,
    /// Below the tree.
    path: Vec<u8>,
    /// The hits that the others have there.
    replaced: Vec<Node>,
}

/// What a walk through the trees of one commit found.
#[derive(Debug, Default)]
struct TreeWalk {
    found: Vec<HitAt>,
    /// How often each folder was followed, and each hit found.
    copies: HashMap<Node, u32>,
}

/// Which of 64 hits are below each tree, one bit each.
struct HeldBits {
    /// The number of the first hit.
    first: usize,
    bits: Vec<u64>,
}

impl HeldBits {
    /// Those below a tree.
    fn below(&self, tree: Option<Node>) -> u64 {
        tree.map_or(0, |tree| self.bits[tree as usize])
    }
}

impl TreeWalk {
    /// False when there are enough copies of a folder or a hit. Counts one more.
    fn has_room(&mut self, node: Node) -> bool {
        let copies = self.copies.entry(node).or_default();
        *copies += 1;
        *copies <= MOST_COPIES
    }
}

/// A hit, and where it came or went.
type TracedChange = (Node, Appearance);

impl Tracing<'_> {
    /// Fills in who introduced and who removed what.
    pub(in crate::source::git) fn changes(&self, trails: &mut [Trail]) {
        let commits = self.graph.commits.par_iter();
        let changes: Vec<_> = commits.map(|node| self.changes_of(node)).collect();
        for (introduced, removed) in changes {
            for (hit, place) in introduced {
                trails[hit as usize].introduced.push(place);
            }
            for (hit, place) in removed {
                trails[hit as usize].removed.push(place);
            }
        }
        for (id, trail) in self.ids.iter().zip(trails.iter_mut()) {
            let commit = self
                .graph
                .commit(*id)
                .filter(|_| trail.kind == ObjectKind::Commit);
            if let Some(no) = commit {
                let seen = self.appearance(no, COMMIT_MESSAGE.into());
                trail.last_seen = Some(seen.clone());
                trail.introduced.push(seen);
            }
            trail.introduced.sort();
            trail.removed.sort();
        }
    }

    /// The hits below a tree, each as often as it is there.
    pub(in crate::source::git) fn below(&self, tree: Node) -> Vec<Node> {
        let found = self.added(Some(tree), &[]).into_iter();
        found.map(|at| at.hit).collect()
    }

    /// What a commit introduced and what it removed.
    fn changes_of(&self, node: &CommitNode) -> (Vec<TracedChange>, Vec<TracedChange>) {
        let parents = node.parents.iter();
        let parents = parents.map(|p| self.graph.commits[*p as usize].tree);
        let parents: Vec<Option<Node>> = parents.collect();
        let at = |found: HitAt| {
            let replaced = found.replaced.iter().map(|hit| self.ids[*hit as usize]);
            let place = Appearance {
                place: node.place,
                authored: node.authored,
                commit: node.id,
                path: path_at(found.path),
                replaced: replaced.collect(),
                refs: Refs::default(),
            };
            (found.hit, place)
        };
        let before: Vec<Node> = parents.iter().flatten().copied().collect();
        let introduced = self.added(node.tree, &before).into_iter().map(at);
        let removed = self.removed(node.tree, &parents).into_iter().map(at);
        (introduced.collect(), removed.collect())
    }

    /// The hits under `tree` that none of `others` has at the same path.
    fn added(&self, tree: Option<Node>, others: &[Node]) -> Vec<HitAt> {
        let mut walk = TreeWalk::default();
        if let Some(tree) = tree {
            self.compare(tree, others, &[], 0, &mut walk);
        }
        walk.found
    }

    /// The hits that all of `parents` have at a path and `tree` has not.
    fn removed(&self, tree: Option<Node>, parents: &[Option<Node>]) -> Vec<HitAt> {
        let mut lost: Option<BTreeSet<HitAt>> = None;
        for parent in parents {
            let own = self.added(*parent, tree.as_slice()).into_iter();
            let own = own.map(|at| HitAt {
                replaced: Vec::new(),
                ..at
            });
            let own: BTreeSet<HitAt> = own.collect();
            lost = Some(lost.map_or(own.clone(), |all| &all & &own));
        }
        lost.unwrap_or_default().into_iter().collect()
    }

    fn compare(
        &self,
        tree: Node,
        others: &[Node],
        folder: &[u8],
        depth: usize,
        walk: &mut TreeWalk,
    ) {
        if others.contains(&tree) {
            return;
        }
        if depth > DEEPEST || !walk.has_room(tree) {
            return self.is_cut.store(true, Relaxed);
        }
        for (name, child) in self.graph.inside(tree) {
            let there = others
                .iter()
                .filter_map(|other| self.graph.child(*other, *name));
            let there: Vec<Node> = there.collect();
            if there.contains(child) {
                continue;
            }
            let path = join(folder, self.graph.name(*name));
            match self.graph.is_hit(*child) {
                true if !walk.has_room(*child) => self.is_cut.store(true, Relaxed),
                true => {
                    let hits = there.into_iter().filter(|other| self.graph.is_hit(*other));
                    walk.found.push(HitAt {
                        hit: *child,
                        path,
                        replaced: hits.collect(),
                    });
                }
                false => self.compare(*child, &there, &path, depth + 1, walk),
            }
        }
    }

    /// Fills in the newest holder of each hit, whether HEAD holds it, and which of the other branches do. Threads
    /// take 64 hits each.
    pub(super) fn holders(
        &self,
        trails: &mut [Trail],
        head: Option<ObjectId>,
        branches: &[(RefName, CommitNo)],
    ) {
        let leaves_first = self.graph.leaves_first();
        let mut newest: Vec<CommitNo> = self.graph.order.iter().rev().copied().collect();
        newest.retain(|no| self.graph.commits[*no as usize].tree.is_some());
        let head = head.and_then(|id| self.graph.commit(id));
        let chunks = trails.par_chunks_mut(BITS).enumerate();
        chunks.for_each(|(chunk, trails)| {
            let held = HeldBits {
                first: chunk * BITS,
                bits: self.bits_of_trees(chunk * BITS, &leaves_first),
            };
            let mut wanted = u64::MAX;
            for no in &newest {
                let tree = self.graph.commits[*no as usize].tree;
                let new = held.below(tree) & wanted;
                wanted &= !new;
                for at in ones(new) {
                    let path = tree.and_then(|tree| self.path(tree, at, &held));
                    trails[at].last_seen = path.map(|path| self.appearance(*no, path));
                }
                if wanted == 0 {
                    break;
                }
            }
            let tree = head.and_then(|no| self.graph.commits[no as usize].tree);
            for at in ones(held.below(tree)) {
                let path = tree.and_then(|tree| self.path(tree, at, &held));
                let seen = head.zip(path.clone());
                trails[at].last_seen = seen.map(|(no, path)| self.appearance(no, path));
                trails[at].in_head = path;
            }
            self.held_by(branches, &held, trails);
        });
    }

    /// Fills in which branches hold each of 64 hits; a few are enough to tell.
    fn held_by(&self, branches: &[(RefName, CommitNo)], held: &HeldBits, trails: &mut [Trail]) {
        for (branch, no) in branches {
            let Some(tree) = self.graph.commits[*no as usize].tree else {
                continue;
            };
            for at in ones(held.below(Some(tree))) {
                if trails[at].in_tips.len() < Trail::TIPS
                    && let Some(path) = self.path(tree, at, held)
                {
                    let seen = self.appearance(*no, path);
                    trails[at].in_tips.push((branch.clone(), seen));
                }
            }
        }
    }

    fn bits_of_trees(&self, first: usize, leaves_first: &[Node]) -> Vec<u64> {
        let mut bits = vec![0; leaves_first.len()];
        for (at, bit) in bits
            .iter_mut()
            .skip(first)
            .take(BITS.min(self.graph.hits - first))
            .enumerate()
        {
            *bit = 1 << at;
        }
        for node in leaves_first
            .iter()
            .filter(|node| !self.graph.is_hit(**node))
        {
            let inside = self
                .graph
                .inside(*node)
                .iter()
                .map(|(_, child)| bits[*child as usize]);
            bits[*node as usize] = inside.fold(0, |all, more| all | more);
        }
        bits
    }

    /// One path at which `tree` holds one of 64 hits.
    fn path(&self, tree: Node, hit: usize, held: &HeldBits) -> Option<BlobPath> {
        let (mut at, mut path) = (tree, Vec::new());
        while at as usize != held.first + hit {
            let inside = self.graph.inside(at).iter();
            let mut leading = inside.filter(|(_, next)| held.bits[*next as usize] >> hit & 1 == 1);
            let (name, next) = leading.next()?;
            path = join(&path, self.graph.name(*name));
            at = *next;
        }
        Some(path_at(path))
    }

    fn appearance(&self, no: CommitNo, path: BlobPath) -> Appearance {
        let node = &self.graph.commits[no as usize];
        Appearance {
            place: node.place,
            authored: node.authored,
            commit: node.id,
            path,
            replaced: Vec::new(),
            refs: Refs::default(),
        }
    }
}

/// The path that edges lead along: that of a file, or of a name.
fn path_at(edges: Vec<u8>) -> BlobPath {
    match named_at(&edges) {
        Some(file) => BlobPath::from_bytes(file).name(),
        None => BlobPath::from_bytes(edges),
    }
}

fn ones(bits: u64) -> impl Iterator<Item = usize> {
    (0..BITS).filter(move |at| bits >> at & 1 == 1)
}
