//! A text that code puts together from literals.

pub(super) mod format;
pub(super) mod glue;
pub(super) mod join;
pub(super) mod lines;
pub(super) mod list;
pub(super) mod named;
pub(super) mod pieces;
pub(super) mod run;
pub(super) mod word_list;

/// What all keys begin with.
pub(in crate::decode) const PREFIX: &[u8] = b"jvx_live_";

/// A body of so many characters may be a whole one.
pub(in crate::decode) const SHORTEST_BODY: usize = 16;
