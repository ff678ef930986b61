//! What tells a value that is no credential, whatever it is given to.

pub(super) mod grammar;
pub(super) mod jwt;
pub(super) mod letter_pairs;
pub(super) mod placeholder;
pub(super) mod published;
pub(super) mod randomness;
pub(super) mod sealed;
pub(super) mod seen;
pub(super) mod sequence;
pub(super) mod wordlike;
pub(super) mod words;
