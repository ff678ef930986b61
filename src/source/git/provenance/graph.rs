//! The commits of a repository and those of its trees that lead to a hit: the second traversal of
//! an audit, made only when there are hits. Each tree is parsed once; blobs are not decoded.

use super::super::repo::object::Commit;
use super::super::repo::object_id::{IdMap, ObjectId};
use super::forest::Forest;
use super::shelf::Shelf;
use rayon::prelude::*;

/// A commit of the graph, by its place in [`Graph::commits`].
pub(in crate::source::git) type CommitNo = u32;
/// A hit or a tree that leads to one: hits come first, in the order they were given.
pub(in crate::source::git) type Node = u32;

/// A commit and where it leads.
#[derive(Clone, Debug)]
pub(in crate::source::git) struct CommitNode {
    /// Its id.
    pub(in crate::source::git) id: ObjectId,
    /// Its root tree, if that leads to a hit.
    pub(in crate::source::git) tree: Option<Node>,
    /// Those of its parents that the repository has.
    pub(in crate::source::git) parents: Vec<CommitNo>,
    /// When it was written.
    pub(in crate::source::git) authored: i64,
    /// When it got its id.
    pub(in crate::source::git) committed: i64,
    /// Its place in [`Graph::order`].
    pub(in crate::source::git) place: u32,
}

/// All commits, and the trees that lead to hits.
#[derive(Debug, Default)]
pub(in crate::source::git) struct Graph {
    /// All commits of the repository.
    pub(in crate::source::git) commits: Vec<CommitNode>,
    /// Parents before children, and else the older before the newer.
    pub(in crate::source::git) order: Vec<CommitNo>,
    /// Number of hits.
    pub(in crate::source::git) hits: usize,
    pub(in crate::source::git) numbers: IdMap<CommitNo>,
    pub(in crate::source::git) trees: IdMap<Node>,
    pub(in crate::source::git) names: Vec<Vec<u8>>,
    pub(in crate::source::git) edges: Vec<Vec<(u32, Node)>>,
}

impl Graph {
    /// Which commits are reached from one, by their numbers.
    pub(super) fn reached_from(&self, commit: Option<ObjectId>) -> Vec<bool> {
        let mut reached = vec![false; self.commits.len()];
        let mut next: Vec<CommitNo> = commit.and_then(|id| self.commit(id)).into_iter().collect();
        while let Some(no) = next.pop() {
            if !std::mem::replace(&mut reached[no as usize], true) {
                next.extend(&self.commits[no as usize].parents);
            }
        }
        reached
    }

    /// The commit with this id.
    pub(in crate::source::git) fn commit(&self, id: ObjectId) -> Option<CommitNo> {
        self.numbers.get(&id).copied()
    }

    /// The tree with this id, if it leads to a hit.
    pub(in crate::source::git) fn tree(&self, id: ObjectId) -> Option<Node> {
        self.trees.get(&id).copied()
    }

    /// True when the node is a hit and not a tree.
    pub(in crate::source::git) fn is_hit(&self, node: Node) -> bool {
        (node as usize) < self.hits
    }

    /// What a tree holds of hits and of trees that lead to hits. A hit holds nothing.
    pub(in crate::source::git) fn inside(&self, node: Node) -> &[(u32, Node)] {
        let tree = (node as usize).checked_sub(self.hits);
        tree.and_then(|at| self.edges.get(at))
            .map_or(&[], Vec::as_slice)
    }

    /// What a tree holds under this name.
    pub(in crate::source::git) fn child(&self, tree: Node, name: u32) -> Option<Node> {
        let inside = self.inside(tree);
        let at = inside.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        inside.get(at).map(|(_, child)| *child)
    }

    /// What a tree has at a path; none when that leads to no hit.
    pub(in crate::source::git) fn at(&self, tree: Node, path: &[u8]) -> Option<Node> {
        path.split(|b| *b == b'/').try_fold(tree, |tree, part| {
            let mut inside = self.inside(tree).iter();
            let found = inside.find(|(name, _)| self.name(*name) == part);
            found.map(|(_, child)| *child)
        })
    }

    /// The name that an edge carries.
    pub(in crate::source::git) fn name(&self, name: u32) -> &[u8] {
        self.names.get(name as usize).map_or(&[], Vec::as_slice)
    }

    /// All nodes, what a tree holds before the tree itself.
    pub(super) fn leaves_first(&self) -> Vec<Node> {
        let all = self.hits + self.edges.len();
        children_first(all, |node| {
            self.inside(node).iter().map(|(_, child)| *child).collect()
        })
    }

    /// The graph of everything on `shelves`.
    pub(in crate::source::git) fn build(hits: &[ObjectId], shelves: Vec<Shelf>) -> Self {
        let mut graph = Self {
            hits: hits.len(),
            ..Self::default()
        };
        let (mut all, commits) = Forest::merge(hits, shelves, &mut graph.names);
        let leads = all.leads_to_hits(hits.len());
        // Only nodes that lead somewhere keep a number.
        let mut renumbered = vec![None; all.nodes()];
        let kept = (0..all.nodes()).filter(|at| *at < hits.len() || leads[*at]);
        for (new, at) in kept.enumerate() {
            renumbered[at] = u32::try_from(new).ok();
        }
        let node = |at: u32| renumbered.get(at as usize).copied().flatten();
        let leading: Vec<usize> = (hits.len()..all.nodes()).filter(|at| leads[*at]).collect();
        let edges = leading.into_par_iter().map(|at| {
            let edges = all.edges(at).iter();
            let edges = edges.filter_map(|(name, child)| Some((*name, node(*child)?)));
            let mut edges: Vec<(u32, Node)> = edges.collect();
            edges.sort_unstable();
            edges
        });
        graph.edges = edges.collect();
        let numbered = all
            .numbers
            .drain()
            .filter(|(_, at)| *at as usize >= hits.len());
        graph.trees = numbered
            .filter_map(|(id, at)| Some((id, node(at)?)))
            .collect();
        graph.keep_used_names();
        graph.link(commits);
        graph
    }

    /// Drops names that lead to no hit. The others keep their order.
    fn keep_used_names(&mut self) {
        let mut used = vec![false; self.names.len()];
        let edges = self.edges.iter().flatten();
        edges.for_each(|(name, _)| used[*name as usize] = true);
        let mut next = 0;
        let numbers = used.iter().map(|is_used| {
            let no = next;
            next += u32::from(*is_used);
            no
        });
        let numbers: Vec<u32> = numbers.collect();
        for (name, _) in self.edges.iter_mut().flatten() {
            *name = numbers[*name as usize];
        }
        let mut used = used.into_iter();
        self.names.retain(|_| used.next().unwrap_or_default());
    }

    fn link(&mut self, commits: Vec<(ObjectId, Commit)>) {
        let mut unique: Vec<(ObjectId, Commit)> = commits;
        unique.sort_by_key(|(id, _)| *id);
        unique.dedup_by_key(|(id, _)| *id);
        let numbers = unique.iter().zip(0..).map(|((id, _), no)| (*id, no));
        self.numbers = numbers.collect();
        for (id, commit) in unique {
            let parents = commit
                .parents
                .iter()
                .filter_map(|p| self.commit(*p))
                .collect();
            let (authored, committed) = (commit.authored, commit.committed);
            let tree = self.tree(commit.tree);
            self.commits.push(CommitNode {
                id,
                tree,
                parents,
                authored,
                committed,
                place: 0,
            });
        }
        self.put_in_order();
    }

    /// Orders commits by ancestry first: those of a script are of one second, and a clock may have been wrong.
    pub(super) fn put_in_order(&mut self) {
        let commits = &mut self.commits;
        let mut order = children_first(commits.len(), |no| commits[no as usize].parents.clone());
        // A commit counts as no older than what it descends from.
        let mut ages = vec![i64::MIN; commits.len()];
        for no in &order {
            let commit = &commits[*no as usize];
            let parents = commit.parents.iter().map(|p| ages[*p as usize]);
            ages[*no as usize] = parents.fold(commit.committed, i64::max);
        }
        order.sort_by_key(|no| ages[*no as usize]);
        for (no, place) in order.iter().zip(0..) {
            commits[*no as usize].place = place;
        }
        self.order = order;
    }
}

/// Numbers `0..count` in an order in which what a number points to comes before it. Without
/// recursion: histories are long and trees may be built to be deep.
pub(super) fn children_first(count: usize, children: impl Fn(u32) -> Vec<u32>) -> Vec<u32> {
    let mut order = Vec::with_capacity(count);
    let mut met = vec![false; count];
    let mut stack: Vec<(u32, Vec<u32>)> = Vec::new();
    for start in 0..count {
        if std::mem::replace(&mut met[start], true) {
            continue;
        }
        let start = start as u32;
        stack.push((start, children(start)));
        while let Some((node, rest)) = stack.last_mut() {
            match rest.pop() {
                Some(child) if !std::mem::replace(&mut met[child as usize], true) => {
                    stack.push((child, children(child)));
                }
                Some(_) => {}
                None => {
                    order.push(*node);
                    stack.pop();
                }
            }
        }
    }
    order
}
