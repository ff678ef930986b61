//! Files of a folder: the walk, what git hides in it, reading.

pub(super) mod ignore_rules;
pub(super) mod nearby;
pub(super) mod opener;
mod project;
pub(super) mod read;
pub(super) mod roots;
pub(super) mod tracked;
pub(super) mod tree_settings;
pub(super) mod visitor;
pub(super) mod walk;
pub(super) mod work_tree;
