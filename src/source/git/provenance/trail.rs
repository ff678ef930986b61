//! What a repository tells about one hit: who introduced and removed it, and what reaches it.

use super::super::audit::names::SoughtName;
use super::super::refs::reached::Start;
use super::super::repo::object::{ObjectKind, TAG_MESSAGE, date, object_path};
use super::super::repo::object_id::{IdSet, ObjectId};
use crate::model::{Blob, BlobPath, Origin, RefName, Refs};

/// A path in a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Appearance {
    /// The place of the commit in an order by ancestry first and dates second.
    pub place: u32,
    /// The author's date, in seconds since 1970.
    pub authored: i64,
    /// The commit.
    pub commit: ObjectId,
    /// The path of the blob in it.
    pub path: BlobPath,
    /// The hits that the commit's parents have at the path: what these hold was not introduced
    /// here.
    pub replaced: Vec<ObjectId>,
    /// The refs that reach the commit; told of introductions only.
    pub refs: Refs,
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
    /// Whether it is among the commits that the audit is about. What is not tells how far a key got all the same.
    pub is_chosen: bool,
}

impl Appearance {
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn author_date(&self) -> String {
        date(self.authored)
    }
}

impl HitPlace {
    /// True for the bytes of the hit itself, if that is a blob: those of Git LFS are of what a pointer stands for.
    pub fn is_blob(&self, bytes: &[u8]) -> bool {
        let id = git2::Oid::hash_object(git2::ObjectType::Blob, bytes);
        id.is_ok_and(|id| id.as_bytes() == self.object.as_bytes())
    }

    /// The bytes of the hit, as they were at this place.
    pub fn blob<'a>(&'a self, bytes: &'a [u8]) -> Blob<'a> {
        Blob {
            path: &self.path,
            origin: &self.origin,
            bytes,
        }
    }
}

/// An entry of the index that holds a hit and differs from HEAD.
#[derive(Clone, Debug)]
pub(in crate::source::git) struct StagedAt {
    /// The work tree, by its place among the others; none: the one here.
    pub(in crate::source::git) tree: Option<usize>,
    /// The path.
    pub(in crate::source::git) path: BlobPath,
    /// The hit that HEAD has there.
    pub(in crate::source::git) before: Option<ObjectId>,
}

/// All that the repository tells about one hit.
#[derive(Clone, Debug)]
pub struct Trail {
    /// What the hit is.
    pub kind: ObjectKind,
    /// What a name is called.
    pub(in crate::source::git) name: Option<SoughtName>,
    /// The commits that introduced it, oldest first. None: no commit holds it.
    pub introduced: Vec<Appearance>,
    /// The commits that removed it, oldest first.
    pub removed: Vec<Appearance>,
    /// The newest commit that holds it; HEAD, if that does.
    pub last_seen: Option<Appearance>,
    /// Where HEAD holds it.
    pub in_head: Option<BlobPath>,
    /// Branches that hold it and that HEAD does not reach.
    pub(super) in_tips: Vec<(RefName, Appearance)>,
    /// Where an index holds it.
    pub in_index: Option<BlobPath>,
    /// Where an index holds it and HEAD of the same work tree does not.
    pub(in crate::source::git) staged: Vec<StagedAt>,
    /// The work trees whose index keeps it from a resolved conflict, as in [`StagedAt::tree`].
    pub(in crate::source::git) resolved: Vec<Option<usize>>,
    /// The tag that it is the text of, if that has a date.
    pub tag: Option<Appearance>,
    /// The refs that name it, or a tree that holds it, and no commit.
    pub named_by: Refs,
    /// What the refs that reach it reach it by.
    pub(in crate::source::git) start: Start,
}

impl Trail {
    /// Most branches that are told of one hit.
    pub(super) const TIPS: usize = 4;

    /// The trail of a hit of which nothing is known yet.
    pub(in crate::source::git) fn new(kind: ObjectKind) -> Self {
        Self {
            kind,
            name: None,
            introduced: Vec::new(),
            removed: Vec::new(),
            last_seen: None,
            in_head: None,
            in_tips: Vec::new(),
            in_index: None,
            staged: Vec::new(),
            resolved: Vec::new(),
            tag: None,
            named_by: Refs::default(),
            start: Start::default(),
        }
    }

    /// Every place of the hit `id`, of which those in `chosen` commits are to be reported, or all; there is always one.
    pub(in crate::source::git) fn places(
        &self,
        id: ObjectId,
        chosen: Option<&IdSet>,
    ) -> Vec<HitPlace> {
        let introduced = self.introduced.iter();
        let mut places: Vec<_> = introduced
            .map(|at| HitPlace {
                object: id,
                path: at.path.clone(),
                origin: self.origin(at),
                replaced: at.replaced.clone(),
                is_chosen: chosen.is_none_or(|chosen| chosen.contains(&at.commit)),
            })
            .collect();
        if places.is_empty() {
            let (path, origin) = self.outside_of_commits(id);
            // Tags and names of refs are in no commit: what still has a name is told.
            let is_named = matches!(self.kind, ObjectKind::Tag | ObjectKind::Name);
            let is_named = is_named && !self.named_by.is_empty();
            places.push(HitPlace {
                object: id,
                path,
                origin,
                replaced: Vec::new(),
                is_chosen: chosen.is_none() || is_named,
            });
        }
        places
    }

    fn outside_of_commits(&self, id: ObjectId) -> (BlobPath, Origin) {
        if let Some(name) = &self.name {
            return self.outside_as(name);
        }
        let refs = if self.resolved.is_empty() {
            self.named_by.clone()
        } else {
            let named = self.named_by.named().iter().cloned();
            let named = std::iter::once(RefName::new(RefName::RESOLVED)).chain(named);
            Refs::new(named, self.named_by.count() + 1)
        };
        match (&self.in_index, self.kind) {
            (Some(path), _) => (path.clone(), Origin::Index),
            (None, ObjectKind::Tag) => {
                let tag = id.to_string();
                let date = self.tag.as_ref().map(Appearance::author_date);
                let date = date.unwrap_or_default();
                (TAG_MESSAGE.into(), Origin::TagMessage { tag, date, refs })
            }
            _ => {
                let object = id.to_string();
                (object_path(id), Origin::Unreachable { object, refs })
            }
        }
    }

    /// A name that no commit has.
    fn outside_as(&self, name: &SoughtName) -> (BlobPath, Origin) {
        let (holder, refs) = (name.holder.to_string(), self.named_by.clone());
        let origin = match name.of_ref {
            Some(_) => Origin::Commit {
                commit: holder,
                author_date: String::new(),
                refs,
            },
            None => Origin::Unreachable {
                object: holder,
                refs,
            },
        };
        (BlobPath::from_bytes(name.path()).name(), origin)
    }

    fn origin(&self, at: &Appearance) -> Origin {
        let (commit, author_date) = (at.commit.to_string(), at.author_date());
        let refs = at.refs.clone();
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

/// Looks at the bytes of a hit at one of its places. Called from many threads; for a commit or tag
/// the bytes are its message.
pub type Look<'l> = &'l (dyn Fn(&HitPlace, &[u8]) + Sync);
