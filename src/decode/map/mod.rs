//! Source maps, on their own and inside a bundle.

pub mod inline_map;
pub mod source_map;
