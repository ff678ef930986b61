//! Which commits lie between revisions: everything that the included ones reach and the excluded
//! ones do not. Reads raw commits, so that neither grafts nor replace refs change the answer.

use super::super::pack::Packed;
use super::super::repo::object::Commit;
use super::super::repo::object_id::{IdMap, IdSet, ObjectId};
use super::super::repo::single::{Objects, read_object};
use std::collections::BinaryHeap;

/// Reached from an excluded commit.
const OUT: u8 = 1;
/// Reached from the left side of `A...B`, or from any other included commit.
pub(in crate::source::git) const LEFT: u8 = 2;
/// Reached from the right side of `A...B`.
pub(super) const RIGHT: u8 = 4;

/// How many more commits are followed once only excluded ones are left that are older than all
/// included ones, against clocks that were wrong. Git does the same; a commit that this gets wrong
/// is read once too often, never left out.
const SLOP: usize = 5;

/// Commits to start from.
#[derive(Clone, Debug, Default)]
pub(in crate::source::git) struct Ends {
    /// Included commits, with the side they are on.
    pub(in crate::source::git) include: Vec<(ObjectId, u8)>,
    /// Excluded commits.
    pub(in crate::source::git) exclude: Vec<ObjectId>,
}

/// A commit of the range.
#[derive(Clone, Debug)]
pub(in crate::source::git) struct RangeMember {
    /// Its id.
    pub(in crate::source::git) id: ObjectId,
    /// What it says.
    pub(in crate::source::git) commit: Commit,
}

/// The commits between some ends.
#[derive(Clone, Debug, Default)]
pub(in crate::source::git) struct CommitRange {
    /// Newest first, by commit date.
    pub(in crate::source::git) members: Vec<RangeMember>,
    /// Commits that could not be read, with the reason and the commit that names them.
    pub(in crate::source::git) unreadable: Vec<(ObjectId, String)>,
}

impl CommitRange {
    /// The members, parents before children, whatever the clocks said that dated them.
    pub(in crate::source::git) fn oldest_first(&self) -> Vec<ObjectId> {
        let by_id: IdMap<&RangeMember> = self.members.iter().map(|m| (m.id, m)).collect();
        let mut order = Vec::with_capacity(self.members.len());
        let mut met = IdSet::default();
        for member in self.members.iter().rev() {
            let mut path = vec![(member, 0)];
            while let Some((member, followed)) = path.pop() {
                if followed == 0 && !met.insert(member.id) {
                    continue;
                }
                let parents = &member.commit.parents;
                match parents.get(followed) {
                    Some(parent) => {
                        path.push((member, followed + 1));
                        let parent = by_id.get(parent).filter(|p| !met.contains(&p.id));
                        path.extend(parent.map(|parent| (*parent, 0)));
                    }
                    None => order.push(member.id),
                }
            }
        }
        order
    }
}

/// Follows parents from `ends`, newest commit first.
pub(in crate::source::git) fn between(objects: &Objects, ends: &Ends) -> CommitRange {
    let mut walk = CommitWalk {
        objects,
        seen: IdMap::default(),
        queue: BinaryHeap::new(),
        inside: 0,
        again: 0,
        unreadable: Vec::new(),
    };
    for (id, side) in &ends.include {
        walk.mark(*id, *side);
    }
    for id in &ends.exclude {
        walk.mark(*id, OUT);
    }
    walk.run();
    walk.range()
}

struct CommitWalk<'o> {
    objects: &'o Objects,
    seen: IdMap<SeenCommits>,
    queue: BinaryHeap<(i64, ObjectId)>,
    /// How many queued commits are not excluded.
    inside: usize,
    /// How many queued commits were followed before they got another mark.
    again: usize,
    unreadable: Vec<(ObjectId, String)>,
}

struct SeenCommits {
    sides: u8,
    queued: bool,
    followed: bool,
    commit: Option<Commit>,
}

impl SeenCommits {
    fn is_inside(&self) -> bool {
        self.sides & OUT == 0
    }
}

impl CommitWalk<'_> {
    fn run(&mut self) {
        let (mut slop, mut oldest_inside) = (SLOP, i64::MAX);
        while let Some((time, id)) = self.queue.pop() {
            let Some(seen) = self.seen.get_mut(&id) else {
                continue;
            };
            seen.queued = false;
            let (sides, inside) = (seen.sides, seen.is_inside());
            let parents = seen
                .commit
                .as_ref()
                .map_or(Vec::new(), |c| c.parents.clone());
            self.inside -= usize::from(inside);
            self.again -= usize::from(seen.followed);
            seen.followed = true;
            for parent in parents {
                self.mark(parent, sides);
            }
            if inside {
                oldest_inside = oldest_inside.min(time);
            }
            if self.inside > 0 || self.again > 0 || time >= oldest_inside {
                slop = SLOP;
            } else if slop == 0 {
                break;
            } else {
                slop -= 1;
            }
        }
    }

    /// Adds `sides` to a commit, and queues it when it has to be followed (again).
    fn mark(&mut self, id: ObjectId, sides: u8) {
        if !self.seen.contains_key(&id) {
            let commit = self.read(id);
            let new = SeenCommits {
                sides: 0,
                queued: false,
                followed: false,
                commit,
            };
            self.seen.insert(id, new);
        }
        let Some(seen) = self.seen.get_mut(&id) else {
            return;
        };
        let both = seen.sides | sides;
        let both = if both & (LEFT | RIGHT) == LEFT | RIGHT {
            both | OUT
        } else {
            both
        };
        if both == seen.sides {
            return;
        }
        let was_inside = seen.queued && seen.is_inside();
        seen.sides = both;
        self.inside -= usize::from(was_inside);
        self.inside += usize::from(seen.is_inside() && seen.commit.is_some());
        if let Some(commit) = seen.commit.as_ref().filter(|_| !seen.queued) {
            seen.queued = true;
            self.again += usize::from(seen.followed);
            self.queue.push((commit.committed, id));
        }
    }

    fn read(&mut self, id: ObjectId) -> Option<Commit> {
        let broken = || format!("object {id} is no commit; run `git fsck`");
        let raw = read_object(self.objects, id, Packed::Commit);
        let commit = raw.and_then(|raw| Commit::parse(&raw).ok_or_else(broken));
        commit.map_err(|why| self.unreadable.push((id, why))).ok()
    }

    fn range(mut self) -> CommitRange {
        let inside = |id: &ObjectId| self.seen.get(id).is_some_and(SeenCommits::is_inside);
        self.unreadable.retain(|(id, _)| inside(id));
        let mut members: Vec<RangeMember> = Vec::new();
        for (id, seen) in self.seen {
            if let Some(commit) = seen.commit.filter(|_| seen.sides & OUT == 0) {
                members.push(RangeMember { id, commit });
            }
        }
        members.sort_by_key(|m| (std::cmp::Reverse(m.commit.committed), m.id));
        CommitRange {
            members,
            unreadable: self.unreadable,
        }
    }
}
