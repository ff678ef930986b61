//! Blobs that audits of other repositories have read: forks and templates share most of theirs. What is in a blob hangs on
//! its bytes and the rules alone, so that it is known in every repository that has one of its id.
//!
//! An id counts only where the bytes were seen to have it. Otherwise a repository with a forged index could say of a
//! blob of another one that nothing is in it.

use super::super::repo::object_id::{IdMap, ObjectId};
use crate::model::lock;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Most blobs that are known, which bounds the memory: some 40 bytes each.
const MOST: usize = 2 << 20;

/// Parts that are locked apart, so that threads seldom wait for one another.
const PARTS: usize = 64;

/// What a file of known blobs begins with.
const MAGIC: &str = "jvxleaks/blobs/1";

/// Bytes of an entry: an id, and what is known of it.
const ENTRY: usize = 21;

/// Bytes of the checksum at the end.
const SUM: usize = 32;

/// What is known of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::git) enum BlobState {
    /// No sign of anything is in it.
    Signless,
    /// A sign is in it, and nothing to report.
    Harmless,
    /// Something may be reported.
    Hit,
}

/// What is known of blobs, by their ids. All threads and repositories of a run share it.
#[derive(Debug)]
pub struct KnownBlobs {
    parts: Vec<Mutex<IdMap<KnownBlob>>>,
    count: AtomicUsize,
    news: AtomicUsize,
}

/// What is known of a blob, and whether the file that this run writes has it.
#[derive(Clone, Copy, Debug)]
struct KnownBlob {
    state: BlobState,
    is_own: bool,
}

impl Default for KnownBlobs {
    fn default() -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default());
        Self {
            parts: parts.collect(),
            count: AtomicUsize::new(0),
            news: AtomicUsize::new(0),
        }
    }
}

impl KnownBlobs {
    /// Takes over what [`KnownBlobs::to_bytes`] wrote for the same `key`: rules, version and limits. With `is_own`, the
    /// next file has it too. False for a file of another key or one that is damaged, of which nothing is taken.
    pub fn extend(&self, bytes: &[u8], key: &str, is_own: bool) -> bool {
        let Some(entries) = checked(bytes, key) else {
            return false;
        };
        for entry in entries.chunks_exact(ENTRY) {
            let (id, word) = entry.split_at(ENTRY - 1);
            if let (Some(id), Some(state)) = (ObjectId::from_bytes(id), state(word[0])) {
                self.put(id, KnownBlob { state, is_own });
            }
        }
        true
    }

    /// What this run learned, and what its own file had before, for a file. It holds no names.
    pub fn to_bytes(&self, key: &str) -> Vec<u8> {
        let mut own = BTreeMap::new();
        for part in &self.parts {
            let part = lock(part);
            let part = part.iter().filter(|(_, entry)| entry.is_own);
            own.extend(part.map(|(id, entry)| (*id, entry.state)));
        }
        let mut bytes = head(key).into_bytes();
        for (id, state) in own {
            bytes.extend(id.as_bytes());
            bytes.push(state as u8);
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// True when something was learned that no file has.
    pub fn has_news(&self) -> bool {
        self.news.load(Relaxed) > 0
    }

    /// What is known of a blob.
    pub(in crate::source::git) fn get(&self, id: ObjectId) -> Option<BlobState> {
        lock(self.part(id)).get(&id).map(|entry| entry.state)
    }

    /// Keeps what was found out about a blob whose bytes have this id.
    pub(in crate::source::git) fn learn(&self, id: ObjectId, state: BlobState) {
        let is_own = true;
        if self.put(id, KnownBlob { state, is_own }) {
            self.news.fetch_add(1, Relaxed);
        }
    }

    /// True for a blob that was not known.
    fn put(&self, id: ObjectId, entry: KnownBlob) -> bool {
        if self.count.load(Relaxed) >= MOST {
            return false;
        }
        let is_new = lock(self.part(id)).insert(id, entry).is_none();
        self.count.fetch_add(usize::from(is_new), Relaxed);
        is_new
    }

    fn part(&self, id: ObjectId) -> &Mutex<IdMap<KnownBlob>> {
        &self.parts[usize::from(id.as_bytes()[19]) % PARTS]
    }
}

fn head(key: &str) -> String {
    format!("{MAGIC} {key}\n")
}

/// The entries of a file, if it is whole and for this key.
fn checked<'b>(bytes: &'b [u8], key: &str) -> Option<&'b [u8]> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(SUM)?)?;
    let entries = body.strip_prefix(head(key).as_bytes())?;
    let is_whole = entries.len() % ENTRY == 0 && Sha256::digest(body)[..] == *sum;
    is_whole.then_some(entries)
}

fn state(word: u8) -> Option<BlobState> {
    let all = [BlobState::Signless, BlobState::Harmless, BlobState::Hit];
    all.into_iter().find(|state| *state as u8 == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> ObjectId {
        ObjectId::from_bytes(&[byte; 20]).unwrap()
    }

    #[test]
    fn a_file_comes_back_for_its_key_and_only_whole() {
        let known = KnownBlobs::default();
        known.learn(id(1), BlobState::Signless);
        known.learn(id(2), BlobState::Hit);
        assert!(known.has_news());
        let bytes = known.to_bytes("k");
        let knows = |bytes: &[u8], key| {
            let known = KnownBlobs::default();
            let taken = known.extend(bytes, key, false);
            assert!(!known.has_news());
            (taken, known.get(id(1)), known.get(id(2)))
        };
        let all = (true, Some(BlobState::Signless), Some(BlobState::Hit));
        let nothing = (false, None, None);
        assert_eq!(knows(&bytes, "k"), all);
        assert_eq!(knows(&bytes, "other"), nothing);
        assert_eq!(knows(&bytes[..bytes.len() - 1], "k"), nothing);
        assert_eq!(knows(b"", "k"), nothing);
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(knows(&other, "k"), nothing, "{at}");
        }
    }

    #[test]
    fn a_file_has_what_its_own_run_learned_and_not_what_others_did() {
        let others = KnownBlobs::default();
        others.learn(id(1), BlobState::Harmless);
        let known = KnownBlobs::default();
        assert!(known.extend(&others.to_bytes("k"), "k", false));
        known.learn(id(1), BlobState::Harmless);
        known.learn(id(2), BlobState::Harmless);
        let next = KnownBlobs::default();
        assert!(next.extend(&known.to_bytes("k"), "k", true));
        assert_eq!(next.get(id(2)), Some(BlobState::Harmless));
    }
}
