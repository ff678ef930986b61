//! Whole packs, decoded in delta order on all cores: each base once, then everything built on it.
//! The only file that names gix-pack. Since a delta has the kind of its base, one kind of object
//! can be decoded without the others, which halves the work of both passes of an audit.

use super::object_id::ObjectId;
use gix_hash::Kind as Hash;
use gix_pack::cache::delta::Tree;
use gix_pack::cache::delta::traverse::Options;
use gix_pack::data::entry::Header;
use gix_pack::{MMap, data, index};
use gix_utils::progress::Discard;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, OnceLock};

/// Longest object that is decoded in one piece; a pack that declares a longer one is read object
/// by object instead, where the size is known before memory is taken.
const LONGEST: usize = 2 << 30;

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
    /// How trees are built on one another, found out while the rest is.
    trees: Mutex<Option<Chains>>,
}

/// Objects, each under the one it is built on.
type Chains = Tree<Slot>;

/// An object of the pack, as the index places it.
#[derive(Clone, Copy)]
struct Slot {
    offset: u64,
    id: ObjectId,
    kind: Packed,
}

impl Pack {
    /// Opens the pack whose index is at `path`.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        Ok(Self {
            path: path.to_owned(),
            index: index::File::at(path, Hash::Sha1).map_err(text)?,
            data: data::File::at(path.with_extension("pack"), Hash::Sha1).map_err(text)?,
            slots: OnceLock::new(),
            trees: Mutex::default(),
        })
    }

    /// True when the pack is the one that its index was made of. A damaged pack may still be.
    pub(super) fn is_indexed(&self) -> bool {
        self.index.pack_checksum() == self.data.checksum()
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

    /// Decodes every blob, commit and tag and gives it to `visit`, of which each thread has a clone:
    /// what it keeps, it keeps per thread.
    ///
    /// # Errors
    /// When the pack is damaged. Objects that were decoded before have been visited by then.
    pub(super) fn decode_content(
        &self,
        visit: impl FnMut(Packed, ObjectId, &[u8]) + Send + Clone,
    ) -> Result<(), String> {
        let wanted = |kind| kind != Packed::Tree;
        // Reading where each object begins is work for one core, so both cores get some.
        let (content, trees) = rayon::join(
            || self.chains(wanted),
            || self.chains(|kind| kind == Packed::Tree),
        );
        if let Ok(mut ahead) = self.trees.lock() {
            *ahead = trees.ok().flatten();
        }
        self.decode(content?, wanted, visit)
    }

    /// As [`Pack::decode_content`], for trees, and `with_commits` for commits too.
    ///
    /// # Errors
    /// As there.
    pub(super) fn decode_trees(
        &self,
        with_commits: bool,
        visit: impl FnMut(Packed, ObjectId, &[u8]) + Send + Clone,
    ) -> Result<(), String> {
        let wanted = move |kind| kind == Packed::Tree || with_commits && kind == Packed::Commit;
        let ahead = self.trees.lock().ok().and_then(|mut ahead| ahead.take());
        let chains = match ahead {
            Some(chains) if !with_commits => Some(chains),
            _ => self.chains(wanted)?,
        };
        self.decode(chains, wanted, visit)
    }

    /// The objects of wanted kinds, each under the one it is built on; `None` when there are none.
    fn chains(&self, wanted: impl Fn(Packed) -> bool) -> Result<Option<Chains>, String> {
        let slots = self.chosen(&wanted)?;
        if !slots.iter().any(|slot| wanted(slot.kind)) {
            return Ok(None);
        }
        let tree = Tree::from_offsets_in_pack(
            self.data.path(),
            slots.into_iter(),
            &|slot: &Slot| slot.offset,
            &|id| {
                Ok(self
                    .index
                    .lookup(id)
                    .map(|at| self.index.pack_offset_at_index(at)))
            },
            &mut Discard,
            &AtomicBool::new(false),
            Hash::Sha1,
        );
        tree.map(Some).map_err(text)
    }

    fn decode(
        &self,
        chains: Option<Chains>,
        wanted: impl Fn(Packed) -> bool + Send + Clone,
        mut visit: impl FnMut(Packed, ObjectId, &[u8]) + Send + Clone,
    ) -> Result<(), String> {
        let Some(chains) = chains else {
            return Ok(());
        };
        let never = AtomicBool::new(false);
        let options = Options {
            object_progress: Box::new(Discard),
            size_progress: &mut Discard,
            thread_limit: Some(rayon::current_num_threads()),
            should_interrupt: &never,
            object_hash: Hash::Sha1,
            alloc_limit_bytes: Some(LONGEST),
        };
        let decoded = chains.traverse(
            |range, data: &data::File<MMap>| data.entry_slice(range),
            &self.data,
            self.data.pack_end() as u64,
            move |slot: &mut Slot, _, context| {
                if wanted(slot.kind) {
                    visit(slot.kind, slot.id, context.decompressed);
                }
                Ok(())
            },
            options,
        );
        decoded.map(|_| ()).map_err(text)
    }

    /// The objects of wanted kinds, by offset, and always the first object, with what that is built
    /// on: gix-pack takes the first one it is given for the one behind the pack's header.
    fn chosen(&self, wanted: impl Fn(Packed) -> bool) -> Result<Vec<Slot>, String> {
        let slots = self.slots()?;
        let Some(first) = slots.first().copied() else {
            return Ok(Vec::new());
        };
        let is_delta = self
            .data
            .entry(first.offset)
            .map_err(text)?
            .header
            .is_delta();
        let with_first =
            |slot: &Slot| slot.offset == first.offset || is_delta && slot.kind == first.kind;
        let chosen = slots.iter().copied();
        Ok(chosen
            .filter(|slot| wanted(slot.kind) || with_first(slot))
            .collect())
    }

    /// All objects by offset, each with the kind at the end of its delta chain. Found once.
    fn slots(&self) -> Result<&[Slot], String> {
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
        let kinds = self.kinds(&places)?;
        let slot = |((offset, id), kind): ((u64, ObjectId), Packed)| Slot { offset, id, kind };
        Ok(places.into_iter().zip(kinds).map(slot).collect())
    }

    fn kinds(&self, places: &[(u64, ObjectId)]) -> Result<Vec<Packed>, String> {
        let links: Result<Vec<_>, String> = places
            .par_iter()
            .map(|(offset, _)| self.link(*offset, places))
            .collect();
        let mut links = links?;
        (0..places.len())
            .map(|at| end_of_chain(&mut links, at))
            .collect()
    }

    /// What the header at `offset` says: a kind, or the place of the base.
    fn link(
        &self,
        offset: u64,
        places: &[(u64, ObjectId)],
    ) -> Result<Result<Packed, Option<usize>>, String> {
        let find = |offset: u64| places.binary_search_by_key(&offset, |(o, _)| *o).ok();
        Ok(match self.data.entry(offset).map_err(text)?.header {
            Header::Blob => Ok(Packed::Blob),
            Header::Commit => Ok(Packed::Commit),
            Header::Tree => Ok(Packed::Tree),
            Header::Tag => Ok(Packed::Tag),
            Header::OfsDelta { base_distance } => {
                Err(offset.checked_sub(base_distance).and_then(find))
            }
            Header::RefDelta { base_id } => {
                let at = self.index.lookup(base_id);
                Err(at.and_then(|at| find(self.index.pack_offset_at_index(at))))
            }
        })
    }
}

/// A link is the kind itself, or the place of the base. Each chain is walked once: what was
/// learned is written back.
fn end_of_chain(
    links: &mut [Result<Packed, Option<usize>>],
    start: usize,
) -> Result<Packed, String> {
    let (mut at, mut steps) = (start, 0);
    let kind = loop {
        match links[at] {
            Ok(kind) => break kind,
            Err(Some(base)) if steps < links.len() => at = base,
            Err(_) => return Err("a delta has no base in its pack".to_owned()),
        }
        steps += 1;
    };
    links[start] = Ok(kind);
    Ok(kind)
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
