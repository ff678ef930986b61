//! Where bytes are: paths, refs, what kind of file, which files are around.

pub(super) mod base;
pub(super) mod blob;
pub(super) mod context;
pub(super) mod forge;
pub(super) mod image;
pub(super) mod nearby;
pub(super) mod origin;
pub(super) mod path;
pub(super) mod ref_name;
