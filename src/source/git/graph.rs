//! The commits of a repository and those of its trees that lead to a hit: the second traversal of
//! an audit, made only when there are hits. Each tree is parsed once; blobs are not decoded.

use super::object::{Commit, EntryKind, TreeEntries};
use super::object_id::{IdMap, ObjectId};
use super::open::GitRepo;
use super::pack::{Pack, Packed};
use super::store::Listing;
use git2::ObjectType;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A commit of the graph, by its place in [`Graph::commits`].
pub(super) type CommitNo = u32;
/// A hit or a tree that leads to one: hits come first, in the order they were given.
pub(super) type Node = u32;

/// A commit and where it leads.
#[derive(Clone, Debug)]
pub(super) struct CommitNode {
    /// Its id.
    pub(super) id: ObjectId,
    /// Its root tree, if that leads to a hit.
    pub(super) tree: Option<Node>,
    /// Those of its parents that the repository has.
    pub(super) parents: Vec<CommitNo>,
    /// When it was written.
    pub(super) authored: i64,
    /// When it got its id.
    pub(super) committed: i64,
}

/// All commits, and the trees that lead to hits.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// All commits of the repository.
    pub(super) commits: Vec<CommitNode>,
    /// Parents before children.
    pub(super) order: Vec<CommitNo>,
    /// Number of hits.
    pub(super) hits: usize,
    numbers: IdMap<CommitNo>,
    trees: IdMap<Node>,
    names: Vec<Vec<u8>>,
    edges: Vec<Vec<(u32, Node)>>,
}

impl Graph {
    /// Reads all commits and trees of `repo`; `hits` are the blobs to look for.
    pub(super) fn read(repo: &GitRepo, hits: &[ObjectId]) -> Self {
        let reader = Reader::new(hits);
        let listing = Listing::of(repo);
        for path in &listing.packs {
            let Ok(pack) = Pack::open(path) else {
                continue; // The first traversal has told of it.
            };
            let mut worker = reader.clone();
            let visit = move |kind: Packed, id: ObjectId, raw: &[u8]| worker.object(kind, id, raw);
            if pack
                .decode(|k| matches!(k, Packed::Tree | Packed::Commit), visit)
                .is_err()
            {
                reader.clone().singles(repo, pack.ids());
            }
        }
        reader.clone().singles(repo, listing.loose.iter().copied());
        let shelves = reader
            .done
            .lock()
            .map(|mut done| std::mem::take(&mut *done));
        Self::build(hits, shelves.unwrap_or_default())
    }

    /// The commit with this id.
    pub(super) fn commit(&self, id: ObjectId) -> Option<CommitNo> {
        self.numbers.get(&id).copied()
    }

    /// The tree with this id, if it leads to a hit.
    pub(super) fn tree(&self, id: ObjectId) -> Option<Node> {
        self.trees.get(&id).copied()
    }

    /// True when the node is a hit and not a tree.
    pub(super) fn is_hit(&self, node: Node) -> bool {
        (node as usize) < self.hits
    }

    /// What a tree holds of hits and of trees that lead to hits. A hit holds nothing.
    pub(super) fn inside(&self, node: Node) -> &[(u32, Node)] {
        let tree = (node as usize).checked_sub(self.hits);
        tree.and_then(|at| self.edges.get(at))
            .map_or(&[], Vec::as_slice)
    }

    /// What a tree holds under this name.
    pub(super) fn child(&self, tree: Node, name: u32) -> Option<Node> {
        let inside = self.inside(tree);
        let at = inside.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        inside.get(at).map(|(_, child)| *child)
    }

    /// The name that an edge carries.
    pub(super) fn name(&self, name: u32) -> &[u8] {
        self.names.get(name as usize).map_or(&[], Vec::as_slice)
    }

    /// All nodes, what a tree holds before the tree itself.
    pub(super) fn leaves_first(&self) -> Vec<Node> {
        let all = self.hits + self.edges.len();
        children_first(all, |node| {
            self.inside(node).iter().map(|(_, child)| *child).collect()
        })
    }

    fn build(hits: &[ObjectId], shelves: Vec<Shelf>) -> Self {
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
        for at in (hits.len()..all.nodes()).filter(|at| leads[*at]) {
            let edges = all
                .edges(at)
                .iter()
                .filter_map(|(name, child)| Some((*name, node(*child)?)));
            let mut edges: Vec<(u32, Node)> = edges.collect();
            edges.sort_unstable();
            graph.edges.push(edges);
        }
        let numbered = all
            .numbers
            .drain()
            .filter(|(_, at)| *at as usize >= hits.len());
        graph.trees = numbered
            .filter_map(|(id, at)| Some((id, node(at)?)))
            .collect();
        graph.link(commits);
        graph
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
            });
        }
        self.order = children_first(self.commits.len(), |no| {
            self.commits[no as usize].parents.clone()
        });
    }
}

/// Numbers `0..count` in an order in which what a number points to comes before it. Without
/// recursion: histories are long and trees may be built to be deep.
fn children_first(count: usize, children: impl Fn(u32) -> Vec<u32>) -> Vec<u32> {
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

/// What one thread has read.
#[derive(Debug, Default)]
struct Shelf {
    names: HashMap<Vec<u8>, u32>,
    edges: Vec<(u32, ObjectId)>,
    trees: Vec<(ObjectId, usize)>,
    commits: Vec<(ObjectId, Commit)>,
}

/// Parses objects into a shelf of its own, and gives the shelf away at its end. A clone starts
/// with an empty shelf.
#[derive(Debug)]
struct Reader {
    hits: Arc<IdMap<u32>>,
    /// The first two bytes of all hits: most blobs are told apart without a look at the map.
    first: Arc<Vec<bool>>,
    done: Arc<Mutex<Vec<Shelf>>>,
    shelf: Shelf,
}

impl Clone for Reader {
    fn clone(&self) -> Self {
        Self {
            hits: Arc::clone(&self.hits),
            first: Arc::clone(&self.first),
            done: Arc::clone(&self.done),
            shelf: Shelf::default(),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Ok(mut done) = self.done.lock() {
            done.push(std::mem::take(&mut self.shelf));
        }
    }
}

impl Reader {
    fn new(hits: &[ObjectId]) -> Self {
        let mut first = vec![false; 1 << 16];
        hits.iter().for_each(|id| first[prefix(*id)] = true);
        Self {
            hits: Arc::new(hits.iter().copied().zip(0..).collect()),
            first: Arc::new(first),
            done: Arc::default(),
            shelf: Shelf::default(),
        }
    }

    fn object(&mut self, kind: Packed, id: ObjectId, raw: &[u8]) {
        match kind {
            Packed::Commit => self
                .shelf
                .commits
                .extend(Commit::parse(raw).map(|c| (id, c))),
            Packed::Tree => self.tree(id, raw),
            Packed::Blob | Packed::Tag => {}
        }
    }

    fn tree(&mut self, id: ObjectId, raw: &[u8]) {
        for entry in TreeEntries::new(raw) {
            let keep = match entry.kind {
                EntryKind::Tree => true,
                EntryKind::Blob => {
                    self.first[prefix(entry.id)] && self.hits.contains_key(&entry.id)
                }
                EntryKind::Submodule => false,
            };
            if keep {
                let name = self.shelf.name(entry.name);
                self.shelf.edges.push((name, entry.id));
            }
        }
        self.shelf.trees.push((id, self.shelf.edges.len()));
    }

    fn singles(mut self, repo: &GitRepo, ids: impl Iterator<Item = ObjectId>) {
        let handle = repo.handle().ok();
        let Some(Ok(odb)) = handle.as_ref().map(git2::Repository::odb) else {
            return;
        };
        for id in ids {
            let Ok(oid) = id.to_git2() else { continue };
            let kind = match odb.read_header(oid) {
                Ok((_, ObjectType::Commit)) => Packed::Commit,
                Ok((_, ObjectType::Tree)) => Packed::Tree,
                _ => continue,
            };
            if let Ok(object) = odb.read(oid) {
                self.object(kind, id, object.data());
            }
        }
    }
}

impl Shelf {
    fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let next = self.names.len() as u32;
        self.names.insert(name.to_vec(), next);
        next
    }
}

/// All trees of all shelves, with hits and trees numbered in one row.
struct Forest {
    numbers: IdMap<u32>,
    starts: Vec<usize>,
    all: Vec<(u32, u32)>,
    hits: usize,
}

impl Forest {
    fn merge(
        hits: &[ObjectId],
        shelves: Vec<Shelf>,
        names: &mut Vec<Vec<u8>>,
    ) -> (Self, Vec<(ObjectId, Commit)>) {
        let mut numbers: IdMap<u32> = hits.iter().copied().zip(0..).collect();
        for (id, _) in shelves.iter().flat_map(|shelf| &shelf.trees) {
            let next = numbers.len() as u32;
            numbers.entry(*id).or_insert(next);
        }
        let mut forest = Self {
            numbers,
            starts: vec![0],
            all: Vec::new(),
            hits: hits.len(),
        };
        let (mut global, mut commits) = (HashMap::new(), Vec::new());
        for shelf in shelves {
            let mut renamed = vec![0; shelf.names.len()];
            for (name, local) in shelf.names {
                let next = global.len() as u32;
                renamed[local as usize] = *global.entry(name).or_insert(next);
            }
            forest.take(&shelf.trees, &shelf.edges, &renamed);
            commits.extend(shelf.commits);
        }
        let mut named: Vec<(Vec<u8>, u32)> = global.into_iter().collect();
        named.sort_by_key(|(_, no)| *no);
        *names = named.into_iter().map(|(name, _)| name).collect();
        (forest, commits)
    }

    /// Adds the edges of a shelf's trees, in the order in which the trees got their numbers; a
    /// tree that an earlier shelf had (a second pack) is passed over.
    fn take(&mut self, trees: &[(ObjectId, usize)], edges: &[(u32, ObjectId)], renamed: &[u32]) {
        let mut start = 0;
        for (id, end) in trees {
            let next = self.hits + self.starts.len() - 1;
            if self.numbers.get(id).is_some_and(|no| *no as usize == next) {
                for (name, child) in &edges[start..*end] {
                    if let Some(child) = self.numbers.get(child) {
                        self.all.push((renamed[*name as usize], *child));
                    }
                }
                self.starts.push(self.all.len());
            }
            start = *end;
        }
    }

    fn nodes(&self) -> usize {
        self.hits + self.starts.len() - 1
    }

    fn edges(&self, node: usize) -> &[(u32, u32)] {
        let tree = node - self.hits;
        &self.all[self.starts[tree]..self.starts[tree + 1]]
    }

    /// For every node, whether it is a hit that some tree holds or a tree above one.
    fn leads_to_hits(&self, hits: usize) -> Vec<bool> {
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

fn prefix(id: ObjectId) -> usize {
    let bytes = id.as_bytes();
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}
