//! Where a history ends before its beginning, and what it should hold and does not.

use super::super::repo::object::Commit;
use super::super::repo::object_id::{IdSet, ObjectId};
use super::super::repo::open::GitRepo;
use super::super::repo::single::{kind_of, single};
use super::unread::Unread;
use crate::model::{BlobPath, Fault};
use crate::source::{Consumer, Event};
use std::collections::BTreeSet;

/// What a clone says that was not given the whole history.
const SHALLOW: &str = "this clone is shallow, so what came before the commits at which it ends was not read; \
    run `git fetch --unshallow` and audit again";

/// The id of a tree without entries.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Tells of shallow boundaries, and of the `missing` objects that lie on this side of them.
pub(in crate::source::git) fn tell(
    repo: &GitRepo,
    mut missing: BTreeSet<ObjectId>,
    partial: bool,
    consumer: &dyn Consumer,
    unread: &Unread,
) {
    // Git knows it without storing it; a rebase of all commits writes it into a reflog.
    missing.retain(|id| id.to_string() != EMPTY_TREE);
    let beyond = beyond(repo);
    if !beyond.is_empty() {
        let path = BlobPath::from_native(repo.git_dir());
        consumer.take(Event::Fault(Fault::new(path, SHALLOW)));
        missing.retain(|id| !beyond.contains(id));
    }
    if partial && !missing.is_empty() {
        let left = missing.len();
        let what = format!(
            "a partial clone left {left} objects at its remote, which were not read; get them with `git fetch --refetch --no-filter`"
        );
        return unread.file(repo.git_dir(), what);
    }
    for id in missing {
        let what = format!(
            "object {id} is missing; fetch it with `git fetch --refetch --no-filter`, or run `git fsck`"
        );
        unread.object(id, what);
    }
}

/// What a shallow clone was not given of the parents of the commits at which it ends.
fn beyond(repo: &GitRepo) -> IdSet {
    let shallow = repo.shallow();
    let Some(objects) = (!shallow.is_empty()).then(|| repo.objects().ok()).flatten() else {
        return IdSet::default();
    };
    let raw = shallow.iter().filter_map(|id| single(&objects, *id).ok());
    let commits = raw.filter_map(|(_, raw)| Commit::parse(&raw));
    let parents = commits.flat_map(|commit| commit.parents);
    parents
        .filter(|id| kind_of(&objects, *id).is_err())
        .collect()
}
