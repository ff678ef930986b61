//! Where each hit was, since when, and who could have seen it.
//!
//! A commit introduces a blob at a path when the blob is under its tree at that path and under
//! none of its parents' trees at that path; it removes one when all of its parents have it and it
//! has not. Whatever holds a blob descends from a commit that introduced it, so a ref reaches a
//! holder exactly when it reaches an introducer.

pub(super) mod exposure;
pub(super) mod forest;
pub(super) mod graph;
pub(super) mod indexes;
pub(super) mod kept_graph;
pub(super) mod places;
pub(super) mod shelf;
pub(super) mod tracing;
pub(super) mod trail;

use super::audit::history::History;
use super::audit::names::SoughtNames;
use super::audit::reading::ObjectHits;
use super::audit::scope::Scope;
use super::refs::reached::{NamedRefs, Start};
use super::refs::tips::{RefReach, Tips, current, stashed_on, tips};
use super::refs::work_trees::{head_of, other_trees};
use super::repo::object::{ObjectKind, TAG_MESSAGE, tagged};
use super::repo::object_id::{IdMap, IdSet, ObjectId};
use super::repo::single::{Objects, single};
use crate::model::{Fault, OtherTree, RefKind, RefName, Refs};
use crate::source::SourceError;
use git2::Repository;
use graph::{CommitNo, Graph};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tracing::Tracing;
use trail::{Appearance, HitPlace, Trail};

/// The trail of every hit.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    /// By the hit's id; also of those that the scope leaves out, since a key is in several.
    pub trails: BTreeMap<ObjectId, Trail>,
    /// The commit at HEAD.
    pub head: Option<ObjectId>,
    /// The branch that HEAD is on.
    pub(super) branch: Option<RefName>,
    /// The commits at which a shallow clone ends: what they hold may be older.
    pub(super) boundary: IdSet,
    /// The commits that the audit is about; none: all.
    pub(super) chosen: Option<IdSet>,
    /// The remote to ask which tags it has, where tags count as published for want of knowing better.
    pub(super) remotes: Vec<String>,
    /// Whether all that is here was pushed or cloned, also what no ref reaches any more.
    pub(super) is_bare: bool,
    pub(super) graph: Arc<Graph>,
    pub(super) refs: Arc<NamedRefs>,
    /// The entries of the stash, each with the branch on which it was made.
    pub(super) stashed_on: Vec<(RefName, RefName)>,
    /// The work trees besides the one here.
    pub(super) trees: Vec<OtherTree>,
    /// Indexes that could not be read: what they hold may seem to be held by nothing.
    pub(super) unread: Vec<Fault>,
    /// Whether there are more places than are told.
    pub(super) is_cut: bool,
}

impl Provenance {
    /// Every place of a hit, also those that the scope leaves out; there is always one.
    pub fn places(&self, hit: ObjectId) -> Vec<HitPlace> {
        let trail = self.trails.get(&hit).into_iter();
        let places = trail.flat_map(|trail| trail.places(hit, self.chosen.as_ref()));
        places.collect()
    }
}

impl History {
    /// Finds out where `hits` were. A `scope` that does not take in the whole repository chooses which places are
    /// told, and nothing of how far a key got.
    ///
    /// # Errors
    /// When the repository cannot be read, or the scope names what is not there.
    pub fn provenance(&self, hits: &ObjectHits, scope: &Scope) -> Result<Provenance, SourceError> {
        let objects = self.repo.objects()?;
        let handle = objects.handle();
        scope.check(&self.repo, &objects)?;
        if hits.objects.is_empty() && hits.names.is_empty() {
            return Ok(Provenance::default());
        }
        let ids: Vec<ObjectId> = hits.objects.keys().copied().collect();
        let kinds = hits.objects.values();
        let mut trails: Vec<Trail> = kinds.map(|kind| Trail::new(*kind)).collect();
        for (id, trail) in ids.iter().zip(&mut trails) {
            trail.name = hits.names.get(id).cloned();
        }
        let tags = trails.iter_mut().zip(&ids);
        tags.filter(|(trail, _)| trail.kind == ObjectKind::Tag)
            .for_each(|(trail, id)| trail.tag = tag(&objects, *id));
        let graph = hits.graph.as_ref();
        let tips = tips(&self.repo, &objects);
        let chosen = scope.commits(&self.repo, &objects, graph, &tips.all)?;
        let tracing = Tracing {
            graph,
            ids: &ids,
            is_cut: AtomicBool::new(false),
        };
        tracing.changes(&mut trails);
        let head = head_of(handle, self.repo.git_dir());
        let branches = branches(graph, &tips, head);
        tracing.holders(&mut trails, head, &branches);
        let is_bare = tips.is_bare;
        let refs = NamedRefs::new(graph, tips);
        reach(&tracing, &refs, &mut trails);
        let (trees, git_dirs): (Vec<_>, Vec<_>) =
            other_trees(&self.repo, handle).into_iter().unzip();
        let unread = tracing.indexed(&self.repo, handle, &git_dirs, &mut trails);
        let is_cut = tracing.is_cut.into_inner();
        let mut trails: BTreeMap<ObjectId, Trail> = ids.into_iter().zip(trails).collect();
        trails.extend(of_refs(&hits.names, &refs));
        Ok(Provenance {
            trails,
            head,
            branch: current(handle),
            boundary: self.repo.shallow().into_iter().collect(),
            chosen,
            remotes: remotes_to_ask(handle),
            stashed_on: stashed_on(handle),
            is_bare,
            graph: hits.graph.clone(),
            refs: Arc::new(refs),
            trees,
            unread,
            is_cut,
        })
    }
}

/// Most branches that are looked at: of more, nobody reads where a key still is.
const BRANCHES: usize = 10_000;

/// The branches that HEAD does not reach, each commit once, those of this clone first: `origin/feat/x` is no other
/// branch beside `feat/x`.
fn branches(graph: &Graph, tips: &Tips, head: Option<ObjectId>) -> Vec<(RefName, CommitNo)> {
    let reached = graph.reached_from(head);
    let mut of_remotes = Vec::new();
    let mut found: BTreeMap<&RefName, CommitNo> = BTreeMap::new();
    let mut names = BTreeSet::new();
    // What only a reflog knows, a branch held once.
    let held = tips.all.iter();
    for tip in held.filter(|tip| tip.reach != RefReach::Remembered) {
        let commit = tip.objects.iter().find_map(|id| graph.commit(*id));
        let Some(no) = commit.filter(|no| !reached[*no as usize]) else {
            continue;
        };
        match tip.name.kind() {
            RefKind::Branch(branch) => {
                names.insert(branch);
                found.insert(&tip.name, no);
            }
            RefKind::Remote(branch) => of_remotes.push((branch, &tip.name, no)),
            _ => {}
        }
    }
    for (branch, name, no) in of_remotes {
        let short = branch.split_once('/').map_or(branch, |(_, short)| short);
        if !names.contains(short) {
            found.insert(name, no);
        }
    }
    let mut met = BTreeSet::new();
    let found = found.into_iter().filter(|(_, no)| met.insert(*no));
    let found = found.map(|(name, no)| (name.clone(), no));
    found.take(BRANCHES).collect()
}

/// In a bare repository tags count as published because somebody pushed them.
fn remotes_to_ask(handle: &Repository) -> Vec<String> {
    let remotes = handle.remotes().ok().filter(|_| !handle.is_bare());
    let names = remotes.iter().flatten().flatten().flatten();
    names.map(str::to_owned).collect()
}

/// A tag as what holds its text, if it has a date.
fn tag(objects: &Objects, id: ObjectId) -> Option<Appearance> {
    let (_, raw) = single(objects, id).ok()?;
    Some(Appearance {
        place: 0,
        authored: tagged(&raw)?,
        commit: id,
        path: TAG_MESSAGE.into(),
        replaced: Vec::new(),
        refs: Refs::default(),
    })
}

/// The trails of names of refs, which no graph of trees knows.
fn of_refs(names: &SoughtNames, refs: &NamedRefs) -> Vec<(ObjectId, Trail)> {
    let trails = names.iter().filter_map(|(id, name)| {
        let mut trail = Trail::new(ObjectKind::Name);
        let of_ref = name.of_ref.clone()?;
        trail.start.names = refs.place(&of_ref).into_iter().collect();
        trail.named_by = [of_ref].into();
        trail.name = Some(name.clone());
        Some((*id, trail))
    });
    trails.collect()
}

/// Fills in which refs reach each commit that introduced a hit, and which name a hit themselves.
fn reach(tracing: &Tracing<'_>, refs: &NamedRefs, trails: &mut [Trail]) {
    let graph = tracing.graph;
    let numbers: IdMap<usize> = tracing.ids.iter().copied().zip(0..).collect();
    let below = |id: ObjectId| {
        graph
            .tree(id)
            .map_or(Vec::new(), |tree| tracing.below(tree))
    };
    for (hit, target) in refs.naming(&numbers, below) {
        trails[hit].start.targets.push(target);
    }
    let mut places: BTreeMap<CommitNo, usize> = BTreeMap::new();
    for trail in trails.iter_mut() {
        let commits = trail.introduced.iter();
        let commits = commits.filter_map(|at| graph.commit(at.commit));
        trail.start.commits = commits.collect();
        places.extend(trail.start.commits.iter().map(|no| (*no, 0)));
    }
    places.values_mut().zip(0..).for_each(|(at, no)| *at = no);
    let commits = places.keys().map(|no| Start {
        commits: vec![*no],
        ..Start::default()
    });
    let named = trails.iter().filter(|t| !t.start.targets.is_empty());
    let named = named.map(|trail| Start {
        targets: trail.start.targets.clone(),
        ..Start::default()
    });
    let mut reached = refs.reaching(graph, &commits.chain(named).collect::<Vec<_>>());
    let named = reached.split_off(places.len());
    let commit_of = |id| Some(*places.get(&graph.commit(id)?)?);
    let direct = trails.iter_mut().filter(|t| !t.start.targets.is_empty());
    for (trail, named) in direct.zip(named) {
        trail.named_by = named.all;
    }
    for at in trails.iter_mut().flat_map(|trail| &mut trail.introduced) {
        let place = commit_of(at.commit).and_then(|place| reached.get(place));
        at.refs = place.map(|r| r.all.clone()).unwrap_or_default();
    }
}
