//! What refers to commits, and what it means for a key: a remote branch has published it, a local
//! branch has not, a reflog only remembers it.

pub(super) mod address;
pub(super) mod ancestry;
pub(super) mod branches;
pub(super) mod order;
pub(super) mod reached;
pub(super) mod ref_targets;
pub(super) mod remotes;
pub(super) mod revision;
pub(super) mod target;
pub(super) mod tips;
pub(super) mod work_trees;
