//! Whole packs: what is in one, and all of it decoded, by `decoding`. The only file that names gix-pack,
//! which reads indices and the headers of objects. Since a delta has the kind of its base, one kind of
//! object can be decoded without the others, which halves the work of both passes of an audit.

pub(super) mod chains;
pub(super) mod claims;
pub(super) mod decoding;
pub(super) mod delta;
pub(super) mod inflate;
pub(super) mod known_blobs;
pub(super) mod quarantine;
pub(super) mod similar;
pub(super) mod store;

use super::repo::object_id::ObjectId;
use gix_hash::Kind as Hash;
use gix_pack::data::entry::Header;
use gix_pack::{MMap, data, index};
use inflate::Inflate;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// What a packed object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// A file.
    Blob,
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// An annotated tag.
    Tag,
}

/// One pack with its index, mapped into memory.
pub(super) struct Pack {
    path: PathBuf,
    index: index::File<MMap>,
    data: data::File<MMap>,
    slots: OnceLock<Result<Vec<Slot>, String>>,
}

/// An object of the pack, as the index places it.
pub(super) struct Slot {
    offset: u64,
    /// Where the next object begins.
    end: u64,
    pub(super) id: ObjectId,
    pub(super) kind: Packed,
    /// The number of the object that it is built on, if it is stored as a delta.
    pub(super) base: Option<u32>,
}

impl Slot {
    /// One that is nowhere.
    #[cfg(test)]
    pub(super) fn new(id: ObjectId, kind: Packed, base: Option<u32>) -> Self {
        let (offset, end) = (0, 0);
        Self {
            offset,
            end,
            id,
            kind,
            base,
        }
    }
}

impl Pack {
    /// Longest object that is decoded in one piece, in bytes; a pack that declares a longer one is
    /// read object by object instead, where the size is known before memory is taken.
    pub(super) const LONGEST: usize = 2 << 30;

    /// Opens the pack whose index is at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        Ok(Self {
            path: path.to_owned(),
            index: index::File::at(path, Hash::Sha1).map_err(text)?,
            data: data::File::at(path.with_extension("pack"), Hash::Sha1).map_err(text)?,
            slots: OnceLock::new(),
        })
    }

    /// True when the pack is the one that its index was made of. A damaged pack may still be.
    pub(super) fn is_indexed(&self) -> bool {
        self.index.pack_checksum() == self.data.checksum()
    }

    /// How many objects are in the pack of which its index knows nothing.
    pub(super) fn unindexed(&self) -> u32 {
        let known = self.index.num_objects();
        self.data.num_objects().saturating_sub(known)
    }

    /// Where its index is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many objects it holds.
    pub(super) fn len(&self) -> u64 {
        u64::from(self.index.num_objects())
    }

    /// True when the pack holds `id`.
    pub(super) fn contains(&self, id: ObjectId) -> bool {
        self.index
            .lookup(gix_hash::ObjectId::Sha1(*id.as_bytes()))
            .is_some()
    }

    /// The ids of all its objects.
    pub(super) fn ids(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.index
            .iter()
            .filter_map(|e| ObjectId::from_bytes(e.oid.as_bytes()))
    }

    /// Decompresses what is stored in `slot`: an object, or the delta to its base.
    ///
    /// # Errors
    /// When it is damaged, or longer than [`Pack::LONGEST`].
    pub(super) fn inflate(
        &self,
        slot: &Slot,
        inflate: &mut Inflate,
        out: &mut Vec<u8>,
    ) -> Result<(), String> {
        let entry = self.data.entry(slot.offset).map_err(text)?;
        let size = usize::try_from(entry.decompressed_size).unwrap_or(usize::MAX);
        if size > Self::LONGEST {
            return Err("an object is too long".to_owned());
        }
        let stream = self.data.entry_slice(entry.data_offset..slot.end);
        let stream = stream.ok_or("an object is cut off")?;
        Ok(inflate.inflate(stream, size, out)?)
    }

    /// True when what is stored in `slot` has the checksum that the index has of it: nothing of it needs to be
    /// decompressed to know that it is what it was. Old indexes have none.
    pub(super) fn is_intact(&self, slot: &Slot) -> bool {
        let at = self
            .index
            .lookup(gix_hash::ObjectId::Sha1(*slot.id.as_bytes()));
        let expected = at.and_then(|at| self.index.crc32_at_index(at));
        let stored = self.data.entry_slice(slot.offset..slot.end);
        let stored = stored.map(crc32fast::hash);
        expected.is_some() && expected == stored
    }

    /// All objects by offset, each with the kind at the end of its delta chain. Found once.
    pub(super) fn slots(&self) -> Result<&[Slot], String> {
        let slots = self.slots.get_or_init(|| self.list());
        slots.as_deref().map_err(Clone::clone)
    }

    fn list(&self) -> Result<Vec<Slot>, String> {
        let id = |entry: &index::Entry| ObjectId::from_bytes(entry.oid.as_bytes());
        let entries = self.index.iter();
        let places = entries.map(|entry| Some((entry.pack_offset, id(&entry)?)));
        let places: Option<Vec<(u64, ObjectId)>> = places.collect();
        let mut places = places.ok_or("ids are not SHA-1")?;
        places.par_sort_unstable();
        let end = self.data.pack_end() as u64;
        if places.last().is_some_and(|(offset, _)| *offset >= end) {
            return Err("the index points past the end of the pack".to_owned());
        }
        let links = places.par_iter();
        let links = links.map(|(offset, _)| self.link(*offset, &places));
        let links = links.collect::<Result<Vec<_>, String>>()?;
        let kinds = kinds(&links)?;
        let ends = places.iter().skip(1).map(|(offset, _)| *offset);
        let ends: Vec<u64> = ends.chain([end]).collect();
        let slot = |at: usize| Slot {
            offset: places[at].0,
            end: ends[at],
            id: places[at].1,
            kind: kinds[at],
            base: links[at].err(),
        };
        Ok((0..places.len()).map(slot).collect())
    }

    /// What the header at `offset` says: a kind, or the place of the base.
    fn link(&self, offset: u64, places: &[(u64, ObjectId)]) -> Result<Link, String> {
        let base = match self.data.entry(offset).map_err(text)?.header {
            Header::Blob => return Ok(Ok(Packed::Blob)),
            Header::Commit => return Ok(Ok(Packed::Commit)),
            Header::Tree => return Ok(Ok(Packed::Tree)),
            Header::Tag => return Ok(Ok(Packed::Tag)),
            Header::OfsDelta { base_distance } => offset.checked_sub(base_distance),
            Header::RefDelta { base_id } => {
                let at = self.index.lookup(base_id);
                at.map(|at| self.index.pack_offset_at_index(at))
            }
        };
        let find = |offset: u64| places.binary_search_by_key(&offset, |(o, _)| *o).ok();
        let base = base.and_then(find).ok_or(NO_BASE)?;
        Ok(Err(u32::try_from(base).map_err(text)?))
    }
}

/// True for an index of packs whose last 20 bytes are the SHA-1 of all before, as git writes them
/// (<https://git-scm.com/docs/gitformat-pack>).
pub(in crate::source::git) fn is_whole_index(path: &Path) -> bool {
    let whole = || -> Option<bool> {
        let bytes = std::fs::read(path).ok()?;
        let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(20)?)?;
        let mut hasher = gix_hash::hasher(Hash::Sha1);
        hasher.update(body);
        Some(hasher.try_finalize().ok()?.as_slice() == sum)
    };
    whole().unwrap_or_default()
}

const NO_BASE: &str = "a delta has no base in its pack";

/// The kind of an object, or the number of the one it is built on.
type Link = Result<Packed, u32>;

/// The kinds at the ends of all chains.
fn kinds(links: &[Link]) -> Result<Vec<Packed>, String> {
    let mut kinds: Vec<Option<Packed>> = links.iter().map(|link| link.ok()).collect();
    let mut chain = Vec::new();
    for start in 0..links.len() {
        let mut at = start;
        let kind = loop {
            match (kinds[at], links[at]) {
                (Some(kind), _) | (None, Ok(kind)) => break kind,
                // Longer than the pack has objects: it runs in a circle.
                (None, Err(_)) if chain.len() > links.len() => return Err(NO_BASE.to_owned()),
                (None, Err(base)) => {
                    chain.push(at);
                    at = base as usize;
                }
            }
        };
        chain.drain(..).for_each(|at| kinds[at] = Some(kind));
    }
    Ok(kinds.into_iter().flatten().collect())
}

/// The cause, without the notes on where in gix-pack it arose.
fn text(error: impl std::fmt::Display) -> String {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}
