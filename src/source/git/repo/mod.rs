//! A repository as it lies there: opened, its settings, its index, one object of it.

pub(super) mod ask;
pub(super) mod git_dir;
pub(super) mod index;
pub(super) mod named;
pub(super) mod object;
pub(super) mod object_id;
pub(super) mod open;
pub(super) mod reason;
pub(super) mod settings;
pub(super) mod single;
pub(super) mod tree_settings;
