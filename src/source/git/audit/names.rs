//! Names of files, folders and refs that may hold a key. Those of trees become hits of the graph, so that a name is told
//! as a file is: since when, until when, and by which refs.

use super::super::repo::object_id::ObjectId;
use crate::model::RefName;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A name that may hold a key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::source::git) struct SoughtName {
    /// The name of a file or folder, without what is above it, or the whole name of a ref.
    name: Vec<u8>,
    /// A tree that has it, or what the ref of this name names.
    pub(in crate::source::git) holder: ObjectId,
    /// The ref that is called so.
    pub(in crate::source::git) of_ref: Option<RefName>,
}

/// Names, each by an id that stands for it among hits.
pub(in crate::source::git) type SoughtNames = BTreeMap<ObjectId, SoughtName>;

/// Ends the name of an edge that leads to its own name. No name in a tree has such a byte.
const OWN: u8 = 0;

impl SoughtName {
    /// That of an entry of a tree.
    pub(in crate::source::git) fn of_entry(name: &[u8], tree: ObjectId) -> Self {
        Self {
            name: name.to_vec(),
            holder: tree,
            of_ref: None,
        }
    }

    /// That of a ref.
    pub(in crate::source::git) fn of_ref(name: &RefName, target: ObjectId) -> Self {
        Self {
            name: name.as_str().as_bytes().to_vec(),
            holder: target,
            of_ref: Some(name.clone()),
        }
    }

    /// The id that stands for it; that of no object, as far as SHA-256 tells.
    pub(in crate::source::git) fn id(&self) -> Option<ObjectId> {
        let digest = Sha256::digest([b"name ", &*self.name].concat());
        ObjectId::from_bytes(digest.get(..20)?)
    }

    /// The whole of it, as a path.
    pub(in crate::source::git) fn path(&self) -> &[u8] {
        &self.name
    }

    /// The part that may hold a key.
    pub(in crate::source::git) fn text(&self) -> &[u8] {
        self.name.rsplit(|b| *b == b'/').next().unwrap_or_default()
    }

    /// The name of the edge that leads to it.
    pub(super) fn edge(&self) -> Vec<u8> {
        [&*self.name, &[OWN]].concat()
    }
}

/// The path whose last edge leads to a name, without what marks that.
pub(in crate::source::git) fn named_at(path: &[u8]) -> Option<&[u8]> {
    path.strip_suffix(&[OWN])
}
