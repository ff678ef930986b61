//! Which refs reach what. A repository may have a hundred thousand refs, and as many commits that
//! somebody asks about: refs that name the same object are one target, 64 questions are answered in
//! one walk over the commits, and of each answer a few names are kept with the number of all.

use super::super::provenance::graph::{CommitNo, Graph, Node};
use super::super::repo::object_id::{IdMap, ObjectId};
use super::tips::{RefReach, Tip, Tips};
use crate::model::{KeyInRef, RefKind, RefName, Refs};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A target, by its place in [`NamedRefs::targets`].
pub(super) type TargetNo = u32;

/// All refs of a repository, by what they name.
#[derive(Debug, Default)]
pub(in crate::source::git) struct NamedRefs {
    /// The names, the most telling first.
    names: Vec<RefName>,
    /// What each names, and whether it is kept here.
    named: Vec<(TargetNo, bool)>,
    targets: Vec<ReachedTarget>,
    /// What branches of remotes held once.
    former: Vec<Former>,
}

/// What some refs name.
#[derive(Debug)]
struct ReachedTarget {
    objects: Arc<[ObjectId]>,
    commit: Option<CommitNo>,
    published: FewRefs,
    local: FewRefs,
    is_remembered: bool,
}

/// A branch of a remote, and what its reflog has, newest first.
#[derive(Debug)]
struct Former {
    now: Option<TargetNo>,
    entries: Vec<(u32, TargetNo)>,
}

/// Refs by their place among all names: the first few, and how many there are.
#[derive(Clone, Debug, Default)]
struct FewRefs {
    first: Vec<u32>,
    count: usize,
}

/// A question: which refs reach one of these commits, name one of these targets, or are one of these?
#[derive(Clone, Debug, Default)]
pub(in crate::source::git) struct Start {
    pub(in crate::source::git) commits: Vec<CommitNo>,
    pub(in crate::source::git) targets: Vec<TargetNo>,
    /// Refs whose own name is asked about, by their place among all names.
    pub(in crate::source::git) names: Vec<u32>,
}

/// The answer.
#[derive(Clone, Debug, Default)]
pub(in crate::source::git) struct Reached {
    /// What others could have read.
    pub(in crate::source::git) published: Refs,
    /// What is kept here.
    pub(in crate::source::git) local: Refs,
    /// Both.
    pub(in crate::source::git) all: Refs,
    /// Those that were asked about by their names.
    pub(in crate::source::git) names: Vec<KeyInRef>,
    /// Whether a reflog knows it and no ref does.
    pub(in crate::source::git) is_remembered: bool,
}

#[derive(Clone, Debug, Default)]
struct Sum {
    published: FewRefs,
    local: FewRefs,
    /// Of those that were asked about by name, each with whether it reaches what was asked about.
    names: Vec<(u32, bool)>,
    is_remembered: bool,
}

impl NamedRefs {
    /// Sorts refs by how telling they are, and gathers those that name the same.
    pub(in crate::source::git) fn new(graph: &Graph, tips: Tips) -> Self {
        let Tips {
            mut all, defaults, ..
        } = tips;
        all.sort_by_cached_key(|tip| (rank(tip, &defaults, graph), tip.name.clone()));
        let mut refs = Self::default();
        let mut numbers: IdMap<TargetNo> = IdMap::default();
        let mut former: BTreeMap<RefName, Vec<(u32, TargetNo)>> = BTreeMap::new();
        let mut now: HashMap<RefName, TargetNo> = HashMap::new();
        for tip in all {
            let first = tip.objects.first().copied();
            let next = refs.targets.len() as TargetNo;
            let no = first.map_or(next, |id| *numbers.entry(id).or_insert(next));
            if no == next {
                refs.targets.push(ReachedTarget::new(&tip, graph));
            }
            let target = &mut refs.targets[no as usize];
            if tip.reach == RefReach::Remembered {
                target.is_remembered = true;
                continue;
            }
            let name = refs.names.len() as u32;
            refs.names.push(tip.name.clone());
            refs.named.push((no, tip.reach == RefReach::Local));
            match (tip.once, tip.reach) {
                (Some(branch), _) => former.entry(branch).or_default().push((name, no)),
                (None, RefReach::Local) => target.local.push(name),
                (None, _) => {
                    target.published.push(name);
                    now.insert(tip.name, no);
                }
            }
        }
        let former = former.into_iter().map(|(branch, entries)| Former {
            now: now.get(&branch).copied(),
            entries,
        });
        refs.former = former.collect();
        refs
    }

    /// The place of a ref among all names.
    pub(in crate::source::git) fn place(&self, name: &RefName) -> Option<u32> {
        let place = self.names.iter().position(|known| known == name)?;
        u32::try_from(place).ok()
    }

    /// The targets that name a hit, or a tree that holds one and that no commit needs to have, for
    /// each such hit.
    pub(in crate::source::git) fn naming(
        &self,
        hits: &IdMap<usize>,
        below: impl Fn(ObjectId) -> Vec<Node>,
    ) -> Vec<(usize, TargetNo)> {
        let mut named = Vec::new();
        for (target, no) in self.targets.iter().zip(0..) {
            for id in target.objects.iter() {
                named.extend(hits.get(id).map(|hit| (*hit, no)));
                named.extend(below(*id).into_iter().map(|hit| (hit as usize, no)));
            }
        }
        named
    }

    /// The answer to each question, in their order.
    pub(in crate::source::git) fn reaching(&self, graph: &Graph, starts: &[Start]) -> Vec<Reached> {
        let chunks = starts.par_chunks(64);
        let sums: Vec<Vec<Sum>> = chunks.map(|starts| self.sums(graph, starts)).collect();
        let mut known: HashMap<(Vec<u32>, usize), Refs> = HashMap::new();
        let mut shared = |few: FewRefs| {
            let key = (few.first, few.count);
            if let Some(refs) = known.get(&key) {
                return refs.clone();
            }
            let names = key.0.iter().map(|no| self.names[*no as usize].clone());
            let refs = Refs::new(names, key.1);
            known.insert(key, refs.clone());
            refs
        };
        let mut answer = |sum: Sum| Reached {
            is_remembered: sum.is_remembered && sum.published.count + sum.local.count == 0,
            names: sum
                .names
                .iter()
                .map(|(no, leads_to_key)| KeyInRef {
                    name: self.names[*no as usize].clone(),
                    leads_to_key: *leads_to_key,
                })
                .collect(),
            all: shared(sum.published.clone().followed_by(&sum.local)),
            published: shared(sum.published),
            local: shared(sum.local),
        };
        sums.into_iter().flatten().map(&mut answer).collect()
    }

    /// The refs for up to 64 questions, one bit each: bits flow from parents to children.
    fn sums(&self, graph: &Graph, starts: &[Start]) -> Vec<Sum> {
        let mut bits = vec![0_u64; graph.commits.len()];
        let mut direct: HashMap<TargetNo, u64> = HashMap::new();
        for (start, at) in starts.iter().zip(0..) {
            let commits = start.commits.iter();
            commits.for_each(|no| bits[*no as usize] |= 1 << at);
            let targets = start.targets.iter();
            targets.for_each(|no| *direct.entry(*no).or_default() |= 1 << at);
        }
        for no in &graph.order {
            let parents = &graph.commits[*no as usize].parents;
            let inherited = parents.iter().fold(0, |all, p| all | bits[*p as usize]);
            bits[*no as usize] |= inherited;
        }
        let at = |no: TargetNo| {
            let commit = self.targets[no as usize].commit;
            commit.map_or(0, |commit| bits[commit as usize])
                | direct.get(&no).copied().unwrap_or_default()
        };
        let mut sums = vec![Sum::default(); starts.len()];
        for (target, no) in self.targets.iter().zip(0..) {
            for question in ones(at(no)) {
                let sum = &mut sums[question];
                sum.published.add(&target.published);
                sum.local.add(&target.local);
                sum.is_remembered |= target.is_remembered;
            }
        }
        for ((sum, start), question) in sums.iter_mut().zip(starts).zip(0..) {
            for no in &start.names {
                let (target, is_local) = self.named[*no as usize];
                let leads_to_key = at(target) >> question & 1 == 1;
                sum.names.push((*no, leads_to_key));
                if !leads_to_key {
                    let side = if is_local {
                        &mut sum.local
                    } else {
                        &mut sum.published
                    };
                    side.add(&FewRefs {
                        first: vec![*no],
                        count: 1,
                    });
                }
            }
        }
        for branch in &self.former {
            let mut told = branch.now.map_or(0, at);
            for (name, no) in &branch.entries {
                let new = at(*no) & !told;
                told |= new;
                ones(new).for_each(|question| sums[question].published.push(*name));
            }
        }
        sums
    }
}

impl ReachedTarget {
    fn new(tip: &Tip, graph: &Graph) -> Self {
        let mut objects = tip.objects.iter();
        Self {
            objects: tip.objects.clone(),
            commit: objects.find_map(|id| graph.commit(*id)),
            published: FewRefs::default(),
            local: FewRefs::default(),
            is_remembered: false,
        }
    }
}

impl FewRefs {
    fn push(&mut self, name: u32) {
        self.count += 1;
        if self.first.len() < Refs::NAMED {
            self.first.push(name);
        }
    }

    /// Adds others; the first of all stay.
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        for name in &other.first {
            let is_full = self.first.len() >= Refs::NAMED;
            if is_full && self.first.last().is_some_and(|last| last <= name) {
                break;
            }
            let place = self.first.partition_point(|known| known < name);
            self.first.insert(place, *name);
            self.first.truncate(Refs::NAMED);
        }
    }

    /// These, and then others.
    fn followed_by(mut self, other: &Self) -> Self {
        self.count += other.count;
        self.first.extend(&other.first);
        self.first.truncate(Refs::NAMED);
        self
    }
}

/// How telling a ref is: a default branch, then what is most likely to be known to others, the newest
/// of it first, and at the end what a reflog alone knows.
fn rank(tip: &Tip, defaults: &BTreeSet<RefName>, graph: &Graph) -> (u8, Reverse<i64>, usize) {
    let kind = match tip.name.kind() {
        _ if defaults.contains(&tip.name) => 0,
        RefKind::Branch(_) if tip.reach == RefReach::Local => 1,
        RefKind::Stash(_) => 2,
        RefKind::Tag(_) => 3,
        RefKind::Branch(_) | RefKind::Remote(_) => 4,
        RefKind::Notes(_) | RefKind::Other(_) => 5,
        RefKind::FormerRemote(_) => 6,
    };
    let made = || {
        let mut objects = tip.objects.iter();
        let commit = objects.find_map(|id| graph.commit(*id));
        commit.map_or(i64::MIN, |no| graph.commits[no as usize].committed)
    };
    let newest_first = Reverse(if kind == 3 { made() } else { 0 });
    // By length first, `@{2}` is before `@{10}`, and so are the stash's.
    let length = match kind {
        2 | 6 => tip.name.as_str().len(),
        _ => 0,
    };
    (kind, newest_first, length)
}

/// The places of the bits that are set.
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (at < 64).then_some(at as usize)
    })
}
