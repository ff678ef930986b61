//! The signs that a key and its encodings leave in a text, by which decoders find their places.

pub(super) mod forms;
pub(super) mod mark;
pub(super) mod sampled;
pub(super) mod signs;
pub(super) mod table;
pub(super) mod trigger;
