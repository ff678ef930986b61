//! Pointers of Git LFS among the blobs of a repository, each followed to its content.

use super::provenance::trail::{HitPlace, Look};
use super::repo::open::GitRepo;
use super::repo::tree_settings::tree_settings;
use crate::model::Blob;
use crate::source::lfs::{self, LfsObjects};
use crate::source::{Consumer, Event};

/// Hands a blob on, and its content if it is a pointer.
pub(super) fn hand_on(repo: &GitRepo, blob: &Blob<'_>, consumer: &dyn Consumer) {
    consumer.take(Event::Blob(blob.clone()));
    lfs::follow(blob, &|| Some(objects(repo)), repo.longest(), consumer);
}

/// Shows a hit to `look`, and its content if it is a pointer.
pub(super) fn look_at(
    repo: &GitRepo,
    at: &HitPlace,
    bytes: &[u8],
    look: Look<'_>,
    consumer: &dyn Consumer,
) {
    look(at, bytes);
    let follow = |event: Event<'_>| match event {
        Event::Blob(blob) => look(at, blob.bytes),
        other => consumer.take(other),
    };
    lfs::follow(
        &at.blob(bytes),
        &|| Some(objects(repo)),
        repo.longest(),
        &follow,
    );
}

/// True for a blob that says nothing of what it stands for. What its object holds, or that it is not here, is
/// asked anew in every audit, since objects of Git LFS come and go.
pub(super) fn is_pointer(blob: &[u8]) -> bool {
    lfs::pointed_to(blob).is_some()
}

fn objects(repo: &GitRepo) -> LfsObjects {
    let settings = tree_settings(repo.git_dir(), repo.common_dir());
    LfsObjects::of(repo.common_dir(), &settings)
}
