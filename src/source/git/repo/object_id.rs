//! The name of a git object: the one form of it that leaves this folder, so that no other folder
//! needs a git library to hold one.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// A SHA-1 object id. Repositories with longer ids are refused when they are opened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId([u8; 20]);

/// A map from objects, with a hash that costs nothing: ids are hashes already.
pub(in crate::source::git) type IdMap<V> = HashMap<ObjectId, V, BuildHasherDefault<IdHasher>>;
/// A set of objects.
pub(in crate::source::git) type IdSet = HashSet<ObjectId, BuildHasherDefault<IdHasher>>;

impl ObjectId {
    /// The id in these 20 bytes; `None` when there are more or fewer.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The id that 40 hexadecimal digits spell.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let digit = |b: u8| char::from(b).to_digit(16);
        let mut bytes = [0; 20];
        if hex.len() != 40 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            *byte = u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()?;
        }
        Some(Self(bytes))
    }

    /// Its 20 bytes.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }

    /// True for the id of no object, which git writes for "nothing there before".
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 20]
    }

    /// The first seven digits, for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(7).collect()
    }

    /// The id as libgit2 takes it; 20 bytes always make one.
    pub(in crate::source::git) fn to_git2(self) -> Result<git2::Oid, git2::Error> {
        git2::Oid::from_bytes(&self.0)
    }
}

impl TryFrom<git2::Oid> for ObjectId {
    type Error = git2::Error;

    fn try_from(oid: git2::Oid) -> Result<Self, git2::Error> {
        let wrong = || git2::Error::from_str("object id is not 20 bytes long");
        Self::from_bytes(oid.as_bytes()).ok_or_else(wrong)
    }
}

impl Hash for ObjectId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        state.write_u64(u64::from_le_bytes(first));
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        let hex = "00ff10a0b1c2d3e4f5061728394a5b6c7d8e9f01";
        let id = ObjectId::from_hex(hex.as_bytes()).unwrap();
        assert_eq!(id.to_string(), hex);
        assert_eq!(id.short(), "00ff10a");
        assert!(ObjectId::from_hex(b"00ff").is_none());
        assert!(ObjectId::from_hex(&[b'g'; 40]).is_none());
        assert!(ObjectId::from_hex(&[b'0'; 40]).unwrap().is_zero());
    }
}
