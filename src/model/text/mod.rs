//! A text and what is shown of it: bytes, lines, excerpts, secrets, edits.

pub(super) mod cover;
pub(super) mod edit;
pub(super) mod excerpt;
pub(super) mod line_index;
pub(super) mod secret;
pub(super) mod shell;
pub(super) mod span;
