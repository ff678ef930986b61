//! Where a history ends before its beginning, and what it should hold and does not.

use super::object::Commit;
use super::object_id::{IdSet, ObjectId};
use super::open::GitRepo;
use super::single::single;
use super::unread::Unread;
use crate::source::{Event, Sink};
use git2::Repository;
use std::collections::BTreeSet;

/// Tells of shallow boundaries, and of the `missing` objects that lie on this side of them.
pub(super) fn tell(
    repo: &GitRepo,
    mut missing: BTreeSet<ObjectId>,
    partial: bool,
    sink: Sink<'_>,
    unread: &Unread,
) {
    let shallow = repo.shallow();
    let skipped = || Event::Skipped("history before a shallow boundary");
    shallow.iter().for_each(|_| sink(skipped()));
    if !shallow.is_empty() {
        let beyond = beyond(repo, &shallow);
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
            "object {id} is missing; fetch it with `git fetch --refetch`, or run `git fsck`"
        );
        unread.object(id, what);
    }
}

/// The parents of the commits at which a shallow clone ends.
fn beyond(repo: &GitRepo, shallow: &[ObjectId]) -> IdSet {
    let handle = repo.handle().ok();
    let Some(Ok(odb)) = handle.as_ref().map(Repository::odb) else {
        return IdSet::default();
    };
    let raw = shallow.iter().filter_map(|id| single(&odb, *id).ok());
    let commits = raw.filter_map(|(_, raw)| Commit::parse(&raw));
    commits.flat_map(|commit| commit.parents).collect()
}
