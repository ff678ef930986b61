//! One pass over every object of a repository, each once: packs in delta order on all cores, loose
//! objects and damaged packs one by one.

use super::super::pack::claims::Claims;
use super::super::pack::decoding::{Decoded, decode_content};
use super::super::pack::known_blobs::KnownBlobs;
use super::super::pack::store::{Listing, whole};
use super::super::pack::{Pack, Slot, is_whole_index};
use super::super::progress::Progress;
use super::super::provenance::graph::Graph;
use super::super::provenance::shelf::Shelf;
use super::super::refs::ref_targets::RefTargets;
use super::super::repo::object::ObjectKind;
use super::super::repo::object_id::{IsThere, ObjectId};
use super::super::repo::open::GitRepo;
use super::super::repo::single::{Objects, single};
use super::boundary;
use super::content::{MightHit, ObjectContent};
use super::names::SoughtNames;
use super::seen::Seen;
use super::tally::ObjectsRead;
use super::trees::{FEW, Trees, TreesRead};
use crate::model::{lock, unlock};
use crate::source::Consumer;
use crate::source::remedy::with_remedy;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How often a repository that is being repacked meanwhile is listed again.
pub(super) const ROUNDS: usize = 3;

/// One pass over all objects.
pub(in crate::source::git) struct ObjectPass<'a> {
    repo: &'a GitRepo,
    content: ObjectContent<'a>,
    consumer: &'a dyn Consumer,
    progress: &'a Progress,
}

impl<'a> ObjectPass<'a> {
    /// A pass that has read nothing yet.
    pub(in crate::source::git) fn new(
        repo: &'a GitRepo,
        might_hit: MightHit<'a>,
        consumer: &'a dyn Consumer,
        known: Option<&'a KnownBlobs>,
        progress: &'a Progress,
    ) -> Self {
        Self {
            repo,
            content: ObjectContent::new(might_hit, consumer, repo.longest(), known, progress),
            consumer,
            progress,
        }
    }

    /// Reads all packs; those that vanish because git repacks are looked for again.
    pub(in crate::source::git) fn packs(
        &self,
        listing: &Listing,
        objects: &Objects,
        seen: &Seen,
    ) -> Vec<Pack> {
        let (mut packs, mut tried, mut claims) = (Vec::new(), BTreeSet::new(), Claims::default());
        let mut paths = listing.packs.clone();
        for round in 1..=ROUNDS {
            let (mut opened, mut vanished) = (Vec::new(), false);
            for path in paths.difference(&tried.clone()) {
                match Pack::open(path) {
                    Ok(pack) => opened.push(pack),
                    Err(_) if round < ROUNDS && !whole(path) => vanished = true,
                    Err(why) => {
                        let what = format!("this pack cannot be opened: {why}");
                        self.content
                            .unread
                            .file(path, with_remedy(what, "run `git fsck`"));
                    }
                }
                tried.insert(path.clone());
            }
            self.contents(&opened, objects, seen, &mut claims);
            packs.extend(opened);
            if !vanished {
                break;
            }
            paths = Listing::within(&self.repo.object_folders()).packs;
        }
        packs
    }

    /// Reads packs, several at once: most of them may be small, as fetches bring them.
    fn contents(&self, packs: &[Pack], objects: &Objects, seen: &Seen, claims: &mut Claims) {
        for pack in packs {
            self.progress.expect(pack.len());
            self.mismatch(pack);
        }
        let new = packs.iter().filter(|pack| !self.is_recalled(pack, seen));
        let new: Vec<&Pack> = new.collect();
        let numbers = claims.of(&new);
        let claims = &*claims;
        let read = new.par_iter().zip(numbers).filter_map(|(pack, number)| {
            // Damage must be told here, whoever else has the blob.
            let is_known = |slot: &Slot| {
                let is_known = self.content.is_known(slot.id) && pack.is_intact(slot);
                is_known && self.content.recalled(slot.id).is_some()
            };
            let decoded = decode_content(pack, is_known, self.content.of_pack((claims, number)));
            Some((*pack, number, decoded.err()?))
        });
        let damaged: Vec<_> = read.collect();
        for (pack, number, why) in damaged {
            if !self.damaged(pack, &why) {
                continue;
            }
            pack.ids()
                .filter(|id| !claims.is_of_another(*id, number))
                .for_each(|id| self.single(objects, id));
        }
    }

    /// True when an earlier audit has read the pack already.
    fn is_recalled(&self, pack: &Pack, seen: &Seen) -> bool {
        let hits = seen.pack(pack);
        let is_recalled = hits.is_some();
        if let Some(hits) = hits {
            self.content.tally.known(pack.len());
            self.progress.advance(pack.len());
            self.content.remember(hits);
        }
        is_recalled
    }

    fn mismatch(&self, pack: &Pack) {
        if !pack.is_indexed() {
            let what = "this pack's checksum is not the one in its index, so other objects may be in it; run `git fsck`";
            self.content.unread.file(pack.path(), what.to_owned());
        }
        if let more @ 1.. = pack.unindexed() {
            let what = format!(
                "this index leaves out {more} of its pack's objects, which were not read; run `git index-pack` on the pack"
            );
            self.content.unread.file(pack.path(), what);
        }
    }

    /// Tells of a damaged pack. True where its objects may be read one by one: libgit2 follows a wrong place in an index out
    /// of its memory.
    fn damaged(&self, pack: &Pack, why: &str) -> bool {
        let has_places = is_whole_index(pack.path());
        if whole(pack.path()) {
            let what = if has_places {
                format!(
                    "this pack is damaged ({why}); its objects were read one by one; run `git fsck`"
                )
            } else {
                format!(
                    "this index is damaged ({why}), so not all of its pack was read; run `git index-pack` on the pack"
                )
            };
            self.content.unread.file(pack.path(), what);
        }
        has_places
    }

    /// Reads all loose objects that are in no pack.
    pub(in crate::source::git) fn loose(&self, listing: &Listing, packs: &[Pack], seen: &Seen) {
        let packed = |id: &ObjectId| packs.iter().any(|p| p.contains(*id));
        let alone = listing.loose.iter().filter(|(id, _)| !packed(id));
        let (known, new): (Vec<_>, Vec<_>) = alone.partition(|(id, at)| seen.loose(**id, **at));
        let [known, new] = [known, new].map(|all| all.into_iter().map(|(id, _)| *id));
        let (known, new): (Vec<ObjectId>, Vec<ObjectId>) = (known.collect(), new.collect());
        self.content.tally.known(known.len() as u64);
        self.content
            .remember(known.into_iter().filter_map(|id| Some((id, seen.hit(id)?))));
        let each = |objects: &mut Option<Objects>, id: ObjectId| match objects {
            Some(objects) => self.single(objects, id),
            None => self
                .content
                .unread
                .object(id, "the repository could not be opened again".to_owned()),
        };
        new.into_par_iter()
            .with_min_len(FEW)
            .for_each_init(|| self.repo.objects().ok(), each);
    }

    fn single(&self, objects: &Objects, id: ObjectId) {
        match single(objects, id) {
            Ok((kind, raw)) => {
                self.content.object(&Decoded::alone(kind, id, &raw));
            }
            Err(what) => self.content.unread.object(id, what),
        }
    }

    /// Reads all trees, and what leads to the hits through them. What an earlier audit has read is
    /// read again only when there are hits to trace.
    fn trees(
        &self,
        listing: &Listing,
        packs: &[Pack],
        seen: &Seen,
        is_there: IsThere<'_>,
    ) -> TreesRead {
        let hits: Vec<ObjectId> = lock(&self.content.hits).keys().copied().collect();
        let read = self.trees_above(&hits, (listing, packs, seen), is_there);
        if !hits.is_empty() || read.named.is_empty() {
            return read;
        }
        // Only now it is known that there is something to trace.
        let names: Vec<ObjectId> = read.named.keys().copied().collect();
        self.trees_above(&names, (listing, packs, seen), is_there)
    }

    fn trees_above(
        &self,
        hits: &[ObjectId],
        (listing, packs, seen): (&Listing, &[Pack], &Seen),
        is_there: IsThere<'_>,
    ) -> TreesRead {
        let trees = Trees::new(
            hits,
            is_there,
            &self.content.unread,
            self.consumer,
            self.progress,
        );
        packs.par_iter().for_each(|pack| {
            let known = seen.pack(pack).is_some();
            if known && hits.is_empty() {
                return;
            }
            if let Err(why) = trees.pack(pack, known)
                && self.damaged(pack, &why)
            {
                trees.singles(self.repo, pack.ids().collect(), known);
            }
        });
        let packed = |id: &ObjectId| packs.iter().any(|p| p.contains(*id));
        let alone = listing.loose.iter().filter(|(id, _)| !packed(id));
        let (known, new): (Vec<_>, Vec<_>) = alone.partition(|(id, at)| seen.loose(**id, **at));
        let [known, new] = [known, new].map(|all| all.into_iter().map(|(id, _)| *id));
        trees.singles(self.repo, new.collect(), false);
        if !hits.is_empty() {
            trees.singles(self.repo, known.collect(), true);
        }
        trees.finish()
    }

    /// As [`ObjectPass::trees`], unless the `graph` is known, and what refs, trees and commits name that
    /// the repository does not hold.
    pub(super) fn trees_and_missing(
        &self,
        listing: &Listing,
        packs: &[Pack],
        seen: &Seen,
        targets: &RefTargets,
        graph: Option<&Arc<Graph>>,
    ) -> (TreesRead, BTreeSet<ObjectId>) {
        let is_there = |id: ObjectId| {
            packs.iter().any(|pack| pack.contains(id)) || listing.loose.contains_key(&id)
        };
        let (mut trees, named) = match graph {
            Some(_) => Default::default(),
            // Long chains of trees leave a core idle at times.
            None => rayon::join(
                || self.trees(listing, packs, seen, &is_there),
                || self.content.links.to_nothing(&is_there),
            ),
        };
        let mut missing = std::mem::take(&mut trees.missing);
        missing.extend(targets.missing(&is_there));
        missing.extend(named);
        (trees, missing)
    }

    /// True when a repack overtook this pass: something was not there, and other objects are now.
    pub(super) fn is_overtaken(&self, missing: &BTreeSet<ObjectId>, listing: &Listing) -> bool {
        let is_whole = missing.is_empty() && self.content.unread.is_empty();
        !is_whole && !Listing::within(&self.repo.object_folders()).is_same(listing)
    }

    /// Says where the history ends before its beginning, and what it should hold and does not.
    pub(super) fn boundaries(
        &self,
        listing: &Listing,
        missing: BTreeSet<ObjectId>,
        targets: &RefTargets,
    ) {
        targets.tell(&self.content.unread);
        listing.tell(&self.content.unread);
        boundary::tell(
            self.repo,
            missing,
            listing.partial,
            self.consumer,
            &self.content.unread,
        );
    }

    /// What hit, and whether everything was read.
    pub(in crate::source::git) fn finish(
        self,
        (known, trees): (Option<Arc<Graph>>, TreesRead),
    ) -> (ObjectHits, bool) {
        let complete = self
            .content
            .unread
            .finish(self.repo.git_dir(), self.consumer);
        let mut objects = unlock(self.content.hits);
        let named = trees.named.keys().map(|id| (*id, ObjectKind::Name));
        objects.extend(named);
        let graph = known.unwrap_or_else(|| {
            let mut shelves = trees.shelves;
            shelves.push(Shelf {
                commits: self.content.links.into_commits(),
                ..Shelf::default()
            });
            let ids: Vec<ObjectId> = objects.keys().copied().collect();
            Arc::new(if ids.is_empty() {
                Graph::default()
            } else {
                Graph::build(&ids, shelves)
            })
        });
        let hits = ObjectHits {
            objects,
            names: trees.named,
            read: self.content.tally.total(),
            graph,
        };
        (hits, complete)
    }
}

/// The objects that might hold something to report, and how much was read to know it.
#[derive(Debug, Default)]
pub struct ObjectHits {
    /// The objects, by id.
    pub objects: BTreeMap<ObjectId, ObjectKind>,
    /// The names among them, and those of refs.
    pub(in crate::source::git) names: SoughtNames,
    /// How much was read.
    pub read: ObjectsRead,
    /// The commits, and the trees that lead to the objects.
    pub(in crate::source::git) graph: Arc<Graph>,
}
