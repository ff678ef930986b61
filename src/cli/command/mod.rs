//! One file a command, or a folder.

pub(super) mod accepting;
pub(super) mod allow;
pub(super) mod baseline;
pub(super) mod cache;
pub(super) mod ci;
pub(super) mod config;
pub(super) mod explain;
pub(super) mod fixing;
pub(super) mod fleet;
pub(super) mod git;
pub(super) mod hook;
pub(super) mod man;
pub(super) mod package;
pub(super) mod purge;
pub(super) mod rule_page;
pub(super) mod rules;
pub(super) mod scan;
pub(super) mod site;
pub(super) mod verify;
