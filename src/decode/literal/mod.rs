//! A text that code puts together from literals.

pub(super) mod chain;
pub(super) mod format;
pub(super) mod glue;
pub(super) mod join;
pub(super) mod lines;
pub(super) mod list;
pub(super) mod named;
pub(super) mod pieces;
pub(super) mod run;
pub(super) mod string_array;
pub(super) mod word_list;

use crate::model::KEY_PREFIX;

/// What all keys begin with, in bytes.
pub const PREFIX: &[u8] = KEY_PREFIX.as_bytes();

/// From so many random characters on, the body of a key is whole, whatever stands around it.
pub const WHOLE_BODY: usize = 24;

/// Fewest characters of a body. The vendor's keys are longer; identifiers are often shorter.
pub const SHORTEST_BODY: usize = 16;
