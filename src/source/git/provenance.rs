//! Where each hit was, since when, and who could have seen it.
//!
//! A commit introduces a blob at a path when the blob is under its tree at that path and under
//! none of its parents' trees at that path; it removes one when all of its parents have it and it
//! has not. Whatever holds a blob descends from a commit that introduced it, so a ref reaches a
//! holder exactly when it reaches an introducer.

use super::graph::{CommitNo, Graph, Node};
use super::history::{History, Hits};
use super::object::{COMMIT_MESSAGE, ObjectKind, TAG_MESSAGE, date, join};
use super::object_id::{IdMap, IdSet, ObjectId};
use super::open::GitRepo;
use super::refs::{Reach, Tip, tips, work_trees};
use super::scope::Scope;
use super::staged::open_index;
use crate::model::{BlobPath, Origin};
use crate::source::SourceError;
use std::collections::{BTreeMap, BTreeSet};

/// Folders nested deeper than this are not followed; git itself refuses to check them out.
const DEEPEST: usize = 1000;

/// A path in a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Appearance {
    /// The author's date, in seconds since 1970.
    pub authored: i64,
    /// The commit.
    pub commit: ObjectId,
    /// The path of the blob in it.
    pub path: BlobPath,
    /// True when the commit has no parent.
    pub is_root: bool,
}

impl Appearance {
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn author_date(&self) -> String {
        date(self.authored)
    }
}

/// All that the repository tells about one hit.
#[derive(Clone, Debug)]
pub struct Trail {
    /// What the hit is.
    pub kind: ObjectKind,
    /// The commits that introduced it, oldest first. None: no commit holds it.
    pub introduced: Vec<Appearance>,
    /// The commits that removed it, oldest first.
    pub removed: Vec<Appearance>,
    /// The newest commit that holds it; HEAD, if that does.
    pub last_seen: Option<Appearance>,
    /// Where HEAD holds it.
    pub in_head: Option<BlobPath>,
    /// Where an index holds it.
    pub in_index: Option<BlobPath>,
    /// Remote branches and tags that reach it.
    pub published: BTreeSet<String>,
    /// Local branches, stashes and other refs that reach it.
    pub local: BTreeSet<String>,
    /// Reflogs that still know it, when nothing else does.
    pub remembered: BTreeSet<String>,
}

impl Trail {
    fn new(kind: ObjectKind) -> Self {
        Self {
            kind,
            introduced: Vec::new(),
            removed: Vec::new(),
            last_seen: None,
            in_head: None,
            in_index: None,
            published: BTreeSet::new(),
            local: BTreeSet::new(),
            remembered: BTreeSet::new(),
        }
    }

    /// Every place to report for the hit `id`, each with its path.
    pub fn places(&self, id: ObjectId) -> Vec<(BlobPath, Origin)> {
        let refs: Vec<String> = self.published.iter().chain(&self.local).cloned().collect();
        let mut places: Vec<_> = self
            .introduced
            .iter()
            .map(|at| (at.path.clone(), self.origin(at, &refs)))
            .collect();
        let path = self.in_index.clone().filter(|_| places.is_empty());
        places.extend(path.map(|path| (path, Origin::Index)));
        if places.is_empty() {
            places.push(match self.kind {
                ObjectKind::Tag => (
                    TAG_MESSAGE.into(),
                    Origin::TagMessage {
                        tag: id.to_string(),
                        refs,
                    },
                ),
                _ => (
                    BlobPath::from_bytes(format!("object {id}")),
                    Origin::Unreachable {
                        object: id.to_string(),
                    },
                ),
            });
        }
        places
    }

    fn origin(&self, at: &Appearance, refs: &[String]) -> Origin {
        let (commit, author_date, refs) = (at.commit.to_string(), at.author_date(), refs.to_vec());
        match self.kind {
            ObjectKind::Commit => Origin::CommitMessage {
                commit,
                author_date,
                refs,
            },
            _ => Origin::Commit {
                commit,
                author_date,
                refs,
            },
        }
    }
}

/// The trail of every hit.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// By the hit's id.
    pub trails: BTreeMap<ObjectId, Trail>,
    /// The commit at HEAD.
    pub head: Option<ObjectId>,
}

impl History {
    /// Finds out where `hits` were. With a `scope` that does not take in the whole repository,
    /// only hits that a commit of the scope introduced are kept.
    ///
    /// # Errors
    /// When the repository cannot be read, or the scope names what is not there.
    pub fn provenance(&self, hits: &Hits, scope: &Scope) -> Result<Provenance, SourceError> {
        if hits.objects.is_empty() {
            return Ok(Provenance::default());
        }
        let ids: Vec<ObjectId> = hits.objects.keys().copied().collect();
        let handle = self.repo.handle()?;
        let graph = Graph::read(&self.repo, &ids);
        let tips = tips(&self.repo, &handle);
        let mut trails: Vec<Trail> = hits
            .objects
            .values()
            .map(|kind| Trail::new(*kind))
            .collect();
        let tracing = Tracing {
            graph: &graph,
            ids: &ids,
        };
        tracing.changes(&mut trails);
        let head = head(&handle);
        tracing.holders(&mut trails, head);
        tracing.reached(&mut trails, &tips);
        indexed(&self.repo, &handle, &ids, &mut trails)?;
        let chosen = scope.commits(&self.repo, &handle, &graph, &tips)?;
        let mut trails: BTreeMap<ObjectId, Trail> = ids.into_iter().zip(trails).collect();
        if let Some(chosen) = chosen {
            trails.retain(|_, trail| trail.keep(&chosen));
        }
        Ok(Provenance { trails, head })
    }
}

struct Tracing<'g> {
    graph: &'g Graph,
    ids: &'g [ObjectId],
}

/// A hit at a path below some tree.
type Found = (Node, Vec<u8>);

impl Tracing<'_> {
    /// Fills in who introduced and who removed what.
    fn changes(&self, trails: &mut [Trail]) {
        for node in &self.graph.commits {
            let parents = node
                .parents
                .iter()
                .map(|p| self.graph.commits[*p as usize].tree);
            let parents: Vec<Option<Node>> = parents.collect();
            let at = |path| Appearance {
                authored: node.authored,
                commit: node.id,
                path: BlobPath::from_bytes(path),
                is_root: node.parents.is_empty(),
            };
            let before: Vec<Node> = parents.iter().flatten().copied().collect();
            for (hit, path) in self.added(node.tree, &before) {
                trails[hit as usize].introduced.push(at(path));
            }
            for (hit, path) in self.removed(node.tree, &parents) {
                trails[hit as usize].removed.push(at(path));
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

    /// The hits under `tree` that none of `others` has at the same path.
    fn added(&self, tree: Option<Node>, others: &[Node]) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some(tree) = tree {
            self.compare(tree, others, &[], 0, &mut found);
        }
        found
    }

    /// The hits that all of `parents` have at a path and `tree` has not.
    fn removed(&self, tree: Option<Node>, parents: &[Option<Node>]) -> Vec<Found> {
        let mut lost: Option<BTreeSet<Found>> = None;
        for parent in parents {
            let own: BTreeSet<Found> = self.added(*parent, tree.as_slice()).into_iter().collect();
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
        found: &mut Vec<Found>,
    ) {
        if others.contains(&tree) || depth > DEEPEST {
            return;
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
                true => found.push((*child, path)),
                false => self.compare(*child, &there, &path, depth + 1, found),
            }
        }
    }

    /// Fills in the newest holder of each hit, and whether HEAD holds it. Works on 64 hits at a
    /// time, one bit each.
    fn holders(&self, trails: &mut [Trail], head: Option<ObjectId>) {
        let leaves_first = self.graph.leaves_first();
        let mut newest: Vec<CommitNo> = (0..self.graph.commits.len() as CommitNo).collect();
        newest.sort_by_key(|no| std::cmp::Reverse(self.graph.commits[*no as usize].committed));
        newest.retain(|no| self.graph.commits[*no as usize].tree.is_some());
        for first in (0..self.graph.hits).step_by(64) {
            let bits = self.bits_of_trees(first, &leaves_first);
            let mut wanted = u64::MAX;
            for no in &newest {
                let tree = self.graph.commits[*no as usize].tree;
                let held = tree.map_or(0, |t| bits[t as usize]) & wanted;
                wanted &= !held;
                for hit in ones(held, first) {
                    let path = tree.and_then(|t| self.path(t, hit, &bits, 1 << (hit - first)));
                    trails[hit].last_seen = path.map(|p| self.appearance(*no, p));
                }
                if wanted == 0 {
                    break;
                }
            }
            let head = head.and_then(|id| self.graph.commit(id));
            let tree = head.and_then(|no| self.graph.commits[no as usize].tree);
            for hit in ones(tree.map_or(0, |t| bits[t as usize]), first) {
                let path = tree.and_then(|t| self.path(t, hit, &bits, 1 << (hit - first)));
                trails[hit].last_seen =
                    head.zip(path.clone()).map(|(no, p)| self.appearance(no, p));
                trails[hit].in_head = path;
            }
        }
    }

    fn bits_of_trees(&self, first: usize, leaves_first: &[Node]) -> Vec<u64> {
        let mut bits = vec![0; leaves_first.len()];
        for (at, bit) in bits
            .iter_mut()
            .skip(first)
            .take(64.min(self.graph.hits - first))
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

    /// One path at which `tree` holds `hit`.
    fn path(&self, tree: Node, hit: usize, bits: &[u64], bit: u64) -> Option<BlobPath> {
        let (mut at, mut path) = (tree, Vec::new());
        while at as usize != hit {
            let (name, next) = self
                .graph
                .inside(at)
                .iter()
                .find(|(_, n)| bits[*n as usize] & bit != 0)?;
            path = join(&path, self.graph.name(*name));
            at = *next;
        }
        Some(BlobPath::from_bytes(path))
    }

    /// Fills in which refs reach a holder: bits flow from introducers to all their descendants.
    fn reached(&self, trails: &mut [Trail], tips: &[Tip]) {
        let numbers: IdMap<usize> = self.ids.iter().copied().zip(0..).collect();
        for first in (0..trails.len()).step_by(64) {
            let mut bits = vec![0_u64; self.graph.commits.len()];
            for (at, trail) in trails.iter().enumerate().skip(first).take(64) {
                let introducers = trail
                    .introduced
                    .iter()
                    .filter_map(|a| self.graph.commit(a.commit));
                introducers.for_each(|no| bits[no as usize] |= 1 << (at - first));
            }
            for no in &self.graph.order {
                let parents = &self.graph.commits[*no as usize].parents;
                let inherited = parents.iter().fold(0, |all, p| all | bits[*p as usize]);
                bits[*no as usize] |= inherited;
            }
            for tip in tips {
                let commits = tip.objects.iter().filter_map(|id| self.graph.commit(*id));
                let reached = commits.fold(0, |all, no| all | bits[no as usize]);
                ones(reached, first).for_each(|hit| trails[hit].reach(tip));
            }
        }
        for tip in tips {
            let named = tip.objects.iter().filter_map(|id| numbers.get(id));
            named.for_each(|hit| trails[*hit].reach(tip));
            self.below_tagged_trees(tip, trails);
        }
        trails.iter_mut().for_each(Trail::settle);
    }

    /// A tag may name a tree that no commit has.
    fn below_tagged_trees(&self, tip: &Tip, trails: &mut [Trail]) {
        let trees = tip.objects.iter().filter_map(|id| self.graph.tree(*id));
        for (hit, _) in trees.flat_map(|tree| self.added(Some(tree), &[])) {
            trails[hit as usize].reach(tip);
        }
    }

    fn appearance(&self, no: CommitNo, path: BlobPath) -> Appearance {
        let node = &self.graph.commits[no as usize];
        Appearance {
            authored: node.authored,
            commit: node.id,
            path,
            is_root: node.parents.is_empty(),
        }
    }
}

impl Trail {
    fn reach(&mut self, tip: &Tip) {
        let labels = match tip.reach {
            Reach::Published => &mut self.published,
            Reach::Local => &mut self.local,
            Reach::Remembered => &mut self.remembered,
        };
        labels.insert(tip.label.clone());
    }

    /// Drops places outside of the chosen commits, and tells whether any is left. Tags are in no
    /// commit: those that still have a name are kept.
    fn keep(&mut self, chosen: &IdSet) -> bool {
        self.introduced.retain(|at| chosen.contains(&at.commit));
        let named = !self.published.is_empty() || !self.local.is_empty();
        !self.introduced.is_empty() || self.kind == ObjectKind::Tag && named
    }

    /// Drops what says nothing new: a reflog that remembers what a ref still holds.
    fn settle(&mut self) {
        let plain = self.published.clone();
        self.published.retain(|label| {
            let branch = label.strip_suffix(super::refs::FORCED);
            !branch.is_some_and(|branch| plain.contains(branch))
        });
        if !self.published.is_empty() || !self.local.is_empty() {
            self.remembered.clear();
        }
    }
}

fn ones(bits: u64, first: usize) -> impl Iterator<Item = usize> {
    (0..64)
        .filter(move |at| bits >> at & 1 == 1)
        .map(move |at| first + at)
}

fn head(handle: &git2::Repository) -> Option<ObjectId> {
    ObjectId::try_from(handle.refname_to_id("HEAD").ok()?).ok()
}

/// Fills in which hits an index holds, here or in a linked work tree.
fn indexed(
    repo: &GitRepo,
    handle: &git2::Repository,
    ids: &[ObjectId],
    trails: &mut [Trail],
) -> Result<(), SourceError> {
    let numbers: IdMap<usize> = ids.iter().copied().zip(0..).collect();
    let own = if handle.is_bare() {
        None
    } else {
        Some(open_index(repo, handle)?)
    };
    let others = work_trees(repo)
        .into_iter()
        .filter_map(|(_, path)| git2::Index::open(&path.join("index")).ok());
    for entry in own
        .into_iter()
        .chain(others)
        .flat_map(|index| index.iter().collect::<Vec<_>>())
    {
        let id = ObjectId::try_from(entry.id).ok();
        if let Some(hit) = id.and_then(|id| numbers.get(&id)) {
            trails[*hit].in_index = Some(BlobPath::from_bytes(entry.path));
        }
    }
    Ok(())
}
