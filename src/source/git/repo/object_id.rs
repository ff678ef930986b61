//! Names of objects to look things up by, and as libgit2 has them.

pub(in crate::source::git) use crate::source::object_id::ObjectId;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map from objects, with a hash that costs nothing: ids are hashes already.
pub(in crate::source::git) type IdMap<V> = HashMap<ObjectId, V, BuildHasherDefault<IdHasher>>;
/// A set of objects.
pub(in crate::source::git) type IdSet = HashSet<ObjectId, BuildHasherDefault<IdHasher>>;

impl ObjectId {
    /// The id as libgit2 takes it; 20 bytes always make one.
    pub(in crate::source::git) fn to_git2(self) -> Result<git2::Oid, git2::Error> {
        git2::Oid::from_bytes(self.as_bytes())
    }
}

impl TryFrom<git2::Oid> for ObjectId {
    type Error = git2::Error;

    fn try_from(oid: git2::Oid) -> Result<Self, git2::Error> {
        let wrong = || git2::Error::from_str("object id is not 20 bytes long");
        Self::from_bytes(oid.as_bytes()).ok_or_else(wrong)
    }
}

/// Passes the first eight bytes of an id on, stirred once.
#[derive(Clone, Copy, Default)]
pub(in crate::source::git) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// Tells whether the repository holds an object.
pub(in crate::source::git) type IsThere<'a> = &'a (dyn Fn(ObjectId) -> bool + Sync);
