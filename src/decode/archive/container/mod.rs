//! Formats that hold members.

pub(super) mod ar;
pub(super) mod cpio;
pub(super) mod pdf;
pub(super) mod png;
pub(super) mod rpm;
