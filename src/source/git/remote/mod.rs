//! What is elsewhere: the pages on which people read a repository, and clones of it made here.

pub(in crate::source::git) mod forge;
pub(in crate::source::git) mod mirror;
