//! From the trails of one key's objects to what the repository tells about the key.

use super::super::refs::reached::{Reached, Start};
use super::super::repo::object::ObjectKind;
use super::super::repo::object_id::{IdSet, ObjectId};
use super::Provenance;
use super::graph::Graph;
use super::trail::{Appearance, Trail};
use crate::model::{Below, BlobPath, Exposure, Introduction, OtherTree, RefName, Refs, Sighting};
use std::collections::BTreeMap;

/// The objects that hold one key.
#[derive(Clone, Debug, Default)]
pub struct KeyHits {
    /// Those in which it counts, each with the first place of the key in it.
    pub objects: Vec<(ObjectId, Spot)>,
    /// The same of those in which it is accepted.
    pub accepted: Vec<(ObjectId, Spot)>,
}

/// Where in an object a key is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// In an archive, what its path goes on with: `!/inner/config.env`.
    pub inside: Vec<u8>,
    /// 1-based line.
    pub line: usize,
}

impl Spot {
    fn in_file(&self, path: &BlobPath) -> BlobPath {
        if self.inside.is_empty() {
            return path.clone();
        }
        BlobPath::from_bytes([path.as_bytes(), &self.inside].concat())
    }

    fn seen(&self, at: &Appearance) -> Sighting {
        Sighting {
            commit: at.commit.to_string(),
            date: at.author_date(),
            path: self.in_file(&at.path),
            line: self.line,
        }
    }
}

impl Provenance {
    /// What is told of each key, in their order; nothing of one that no object holds.
    pub fn exposures(&self, keys: &[KeyHits]) -> Vec<Option<Exposure>> {
        let keys: Vec<FoundKey<'_>> = keys.iter().map(|hits| FoundKey::of(hits, self)).collect();
        let starts: Vec<Start> = keys.iter().map(FoundKey::start).collect();
        let reached = self.refs.reaching(&self.graph, &starts);
        let line = ExposureLine::of(self);
        let told = |(key, reached): (&FoundKey<'_>, Reached)| {
            (!key.trails.is_empty()).then(|| key.exposure(reached, &line))
        };
        keys.iter().zip(reached).map(told).collect()
    }
}

/// The commits in order, and which of them HEAD reaches.
struct ExposureLine<'p> {
    graph: &'p Graph,
    head: Option<ObjectId>,
    branch: Option<&'p RefName>,
    boundary: &'p IdSet,
    remotes: &'p [String],
    stashed_on: &'p [(RefName, RefName)],
    trees: &'p [OtherTree],
    reached: Vec<bool>,
    is_bare: bool,
}

impl<'p> ExposureLine<'p> {
    fn of(provenance: &'p Provenance) -> Self {
        let graph = &*provenance.graph;
        let reached = graph.reached_from(provenance.head);
        Self {
            graph,
            head: provenance.head,
            branch: provenance.branch.as_ref(),
            boundary: &provenance.boundary,
            remotes: &provenance.remotes,
            stashed_on: &provenance.stashed_on,
            trees: &provenance.trees,
            reached,
            is_bare: provenance.is_bare,
        }
    }

    /// What others could have read. In a bare repository somebody pushed also what no ref reaches any more.
    fn published(&self, reached: &Reached) -> Refs {
        let is_lost = reached.published.count() + reached.local.count() == 0;
        if self.is_bare && is_lost {
            return Refs::new([RefName::new("an earlier push")], 1);
        }
        reached.published.clone()
    }

    fn below(&self, commit: ObjectId) -> Below {
        let no = self.graph.commit(commit);
        match no.is_some_and(|no| self.reached[no as usize]) {
            _ if self.head == Some(commit) => Below::Head,
            true => Below::Descendant,
            false => Below::Elsewhere,
        }
    }

    fn place(&self, commit: ObjectId) -> Option<u32> {
        let no = self.graph.commit(commit)?;
        Some(self.graph.commits[no as usize].place)
    }

    fn parents(&self, commit: ObjectId) -> usize {
        let no = self.graph.commit(commit);
        no.map_or(0, |no| self.graph.commits[no as usize].parents.len())
    }
}

/// A key, and all that holds it.
struct FoundKey<'t> {
    trails: Vec<(&'t Trail, &'t Spot)>,
    /// Of what holds it and is accepted.
    accepted: Vec<(&'t Trail, &'t Spot)>,
    holders: IdSet,
}

impl<'t> FoundKey<'t> {
    fn of(hits: &'t KeyHits, provenance: &'t Provenance) -> Self {
        let trails = |objects: &'t [(ObjectId, Spot)]| {
            let trails = objects.iter();
            let trails = trails.filter_map(|(id, spot)| Some((provenance.trails.get(id)?, spot)));
            trails.collect()
        };
        let holders = hits.objects.iter().chain(&hits.accepted);
        Self {
            trails: trails(&hits.objects),
            accepted: trails(&hits.accepted),
            holders: holders.map(|(id, _)| *id).collect(),
        }
    }

    /// Whatever holds the key descends from what brought one of its objects in.
    fn start(&self) -> Start {
        let mut start = Start::default();
        for (trail, _) in &self.trails {
            start.commits.extend(&trail.start.commits);
            start.targets.extend(&trail.start.targets);
            start.names.extend(&trail.start.names);
        }
        start
    }

    fn exposure(&self, reached: Reached, line: &ExposureLine<'_>) -> Exposure {
        // A commit that accepts the key keeps it.
        let holders = || self.trails.iter().chain(&self.accepted);
        let gone = !holders().any(|(t, _)| t.in_head.is_some() || !t.in_tips.is_empty());
        // Another branch may have held it later: then nobody removed the last copy there.
        let last = holders()
            .filter_map(|(t, _)| t.last_seen.as_ref())
            .max_by_key(|at| at.place);
        let is_last = |at: &&Appearance| last.is_none_or(|last| at.place >= last.place);
        let removed = || sighting(holders(), |t| t.removed.last().filter(is_last));
        let newest = || sighting(self.trails.iter(), |t| t.last_seen.as_ref());
        let (introduced, in_head) = (self.introduced(line), self.in_head());
        // Of commits of one second, the one that the others descend from.
        let first = introduced.iter().map(|i| &i.at);
        let first = first.min_by(|a, b| a.date.cmp(&b.date)).cloned();
        Exposure {
            options: String::new(),
            first_seen: first.filter(|_| !self.may_be_older(line)),
            in_tag: self.in_tag(),
            last_seen: in_head.first().cloned().or_else(newest),
            removed_in: gone.then(removed).flatten(),
            in_tips: self.in_tips(),
            in_head,
            in_index: self.any(|t| t.in_index.is_some()),
            staged: self.staged(None).into_keys().collect(),
            is_kept_resolved: self.any(|t| t.resolved.contains(&None)),
            trees: self.trees(line),
            way_to_root: None,
            has_head: line.head.is_some(),
            branch: line.branch.cloned(),
            published: line.published(&reached),
            remotes: line.remotes.to_vec(),
            stashed_on: line.stashed_on.to_vec(),
            local: reached.local,
            is_remembered: reached.is_remembered,
            names: reached.names,
            introduced,
        }
    }

    /// True when a file that holds the key is met where a shallow clone ends, so that nobody here knows
    /// which commit brought it.
    fn may_be_older(&self, line: &ExposureLine<'_>) -> bool {
        let files = |trail: &Trail| matches!(trail.kind, ObjectKind::Blob | ObjectKind::Name);
        let ends = |at: &Appearance| line.boundary.contains(&at.commit);
        self.any(|trail| files(trail) && trail.introduced.iter().any(ends))
    }

    fn any(&self, test: impl Fn(&Trail) -> bool) -> bool {
        self.trails.iter().any(|(trail, _)| test(trail))
    }

    /// The oldest tag whose text holds the key.
    fn in_tag(&self) -> Option<Sighting> {
        let tags = self.trails.iter();
        let tags = tags.filter_map(|(trail, spot)| Some((trail.tag.as_ref()?, *spot)));
        let oldest = tags.min_by_key(|(at, _)| (at.authored, at.commit));
        oldest.map(|(at, spot)| spot.seen(at))
    }

    /// Where HEAD holds the key: what is last seen of what HEAD holds is seen there.
    fn in_head(&self) -> Vec<Sighting> {
        let held = self.trails.iter().filter(|(t, _)| t.in_head.is_some());
        let held = held.filter_map(|(t, spot)| Some(spot.seen(t.last_seen.as_ref()?)));
        let mut held: Vec<Sighting> = held.collect();
        held.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        held
    }

    /// Where other branches hold the key, the first place of each.
    fn in_tips(&self) -> Vec<(RefName, Sighting)> {
        let mut held: BTreeMap<&RefName, Sighting> = BTreeMap::new();
        for (trail, spot) in &self.trails {
            for (branch, at) in &trail.in_tips {
                held.entry(branch).or_insert_with(|| spot.seen(at));
            }
        }
        let held = held.into_iter().map(|(branch, at)| (branch.clone(), at));
        held.collect()
    }

    /// A file that is staged and held the key before is nothing new.
    fn staged(&self, tree: Option<usize>) -> BTreeMap<BlobPath, usize> {
        let held = |id: Option<ObjectId>| id.is_some_and(|id| self.holders.contains(&id));
        let all = self.trails.iter().flat_map(|(trail, spot)| {
            let there = trail.staged.iter().filter(|at| at.tree == tree);
            let new = there.filter(|at| !held(at.before));
            new.map(|at| (at.path.clone(), spot.line))
        });
        all.collect()
    }

    /// The other work trees, with what their indexes hold.
    fn trees(&self, line: &ExposureLine<'_>) -> Vec<OtherTree> {
        let trees = line.trees.iter().zip(0..).map(|(tree, no)| OtherTree {
            staged: self.staged(Some(no)).into_iter().collect(),
            is_kept_resolved: self.any(|trail| trail.resolved.contains(&Some(no))),
            ..tree.clone()
        });
        trees.collect()
    }

    /// What brought the key in. A later version of a file that held it only carries it on.
    fn introduced(&self, line: &ExposureLine<'_>) -> Vec<Introduction> {
        let mut all: Vec<(&Appearance, &Trail, &Spot)> = Vec::new();
        for (trail, spot) in &self.trails {
            let new = |at: &&Appearance| !at.replaced.iter().any(|id| self.holders.contains(id));
            let new = trail.introduced.iter().filter(new);
            all.extend(new.map(|at| (at, *trail, *spot)));
        }
        all.sort_by_key(|(at, ..)| (line.place(at.commit), &at.path));
        let told = all.into_iter().map(|(at, trail, spot)| Introduction {
            at: spot.seen(at),
            file: match trail.kind {
                ObjectKind::Blob => Some(at.path.clone()),
                ObjectKind::Name => at.path.archive(),
                ObjectKind::Commit | ObjectKind::Tag => None,
            },
            parents: line.parents(at.commit),
            order: line.place(at.commit).unwrap_or_default(),
            below: line.below(at.commit),
            refs: at.refs.clone(),
        });
        told.collect()
    }
}

/// The newest appearance that some of the trails give.
fn sighting<'t>(
    trails: impl Iterator<Item = &'t (&'t Trail, &'t Spot)>,
    of: impl Fn(&'t Trail) -> Option<&'t Appearance>,
) -> Option<Sighting> {
    let all = trails.filter_map(|(trail, spot)| Some((of(trail)?, *spot)));
    let newest = all.reduce(|best, new| if new.0 > best.0 { new } else { best });
    newest.map(|(at, spot)| spot.seen(at))
}
