//! Everything a repository ever held, each object once.

pub(super) mod boundary;
pub(super) mod content;
pub(super) mod history;
pub(super) mod links;
pub(super) mod names;
pub(super) mod reading;
pub(super) mod scope;
pub(super) mod seen;
pub(super) mod tally;
pub(super) mod trees;
pub(super) mod unread;
