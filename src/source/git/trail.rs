//! What a repository tells about one hit: who introduced and removed it, and what reaches it.

use super::object::{ObjectKind, TAG_MESSAGE, date, object_path};
use super::object_id::{IdSet, ObjectId};
use super::refs::{FORCED, Reach, Tip};
use crate::model::{Blob, BlobPath, Origin};
use std::collections::BTreeSet;

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
    /// The hits that the commit's parents have at the path: what these hold was not introduced
    /// here.
    pub replaced: Vec<ObjectId>,
}

/// A place to report for a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitPlace {
    /// The hit.
    pub object: ObjectId,
    /// The path there.
    pub path: BlobPath,
    /// The commit, or what else holds it.
    pub origin: Origin,
    /// As in [`Appearance::replaced`].
    pub replaced: Vec<ObjectId>,
}

impl Appearance {
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn author_date(&self) -> String {
        date(self.authored)
    }
}

impl HitPlace {
    /// The bytes of the hit, as they were at this place.
    pub fn blob<'a>(&'a self, bytes: &'a [u8]) -> Blob<'a> {
        Blob {
            path: &self.path,
            origin: &self.origin,
            bytes,
        }
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
    /// The trail of a hit of which nothing is known yet.
    pub(super) fn new(kind: ObjectKind) -> Self {
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

    /// Every place to report for the hit `id`; there is always one.
    pub fn places(&self, id: ObjectId) -> Vec<HitPlace> {
        let refs: Vec<String> = self.published.iter().chain(&self.local).cloned().collect();
        let place = |path: &BlobPath, origin, replaced: &[ObjectId]| HitPlace {
            object: id,
            path: path.clone(),
            origin,
            replaced: replaced.to_vec(),
        };
        let introduced = self.introduced.iter();
        let mut places: Vec<_> = introduced
            .map(|at| place(&at.path, self.origin(at, &refs), &at.replaced))
            .collect();
        if places.is_empty() {
            let (path, origin) = self.outside_of_commits(id, refs);
            places.push(place(&path, origin, &[]));
        }
        places
    }

    fn outside_of_commits(&self, id: ObjectId, refs: Vec<String>) -> (BlobPath, Origin) {
        match (&self.in_index, self.kind) {
            (Some(path), _) => (path.clone(), Origin::Index),
            (None, ObjectKind::Tag) => {
                let tag = id.to_string();
                (TAG_MESSAGE.into(), Origin::TagMessage { tag, refs })
            }
            _ => {
                let object = id.to_string();
                (object_path(id), Origin::Unreachable { object })
            }
        }
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

impl Trail {
    /// Adds that `tip` reaches the hit.
    pub(super) fn reach(&mut self, tip: &Tip) {
        let labels = match tip.reach {
            Reach::Published => &mut self.published,
            Reach::Local => &mut self.local,
            Reach::Remembered => &mut self.remembered,
        };
        labels.insert(tip.label.clone());
    }

    /// Drops places outside of the chosen commits, and tells whether any is left. Tags are in no
    /// commit: those that still have a name are kept.
    pub(super) fn keep(&mut self, chosen: &IdSet) -> bool {
        self.introduced.retain(|at| chosen.contains(&at.commit));
        let named = !self.published.is_empty() || !self.local.is_empty();
        !self.introduced.is_empty() || self.kind == ObjectKind::Tag && named
    }

    /// Drops what says nothing new: a reflog that remembers what a ref still holds.
    pub(super) fn settle(&mut self) {
        let plain = self.published.clone();
        self.published.retain(|label| {
            let branch = label.strip_suffix(FORCED);
            !branch.is_some_and(|branch| plain.contains(branch))
        });
        if !self.published.is_empty() || !self.local.is_empty() {
            self.remembered.clear();
        }
    }
}
