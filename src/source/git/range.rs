//! Every commit between revisions, each against all of its parents. A tree comparison of the two
//! ends would miss what is added and removed in between; `git log -p` misses what a merge adds and
//! what an attribute hides.

use super::nearby::FilesInGit;
use super::pack::Packed;
use super::pointers;
use super::refs::ancestry::{self, RangeMember};
use super::refs::revision::RangeSpec;
use super::repo::object::{
    COMMIT_MESSAGE, Commit, EntryKind, TreeEntries, date, join, object_path, written,
};
use super::repo::object_id::{IdMap, IdSet, ObjectId};
use super::repo::open::GitRepo;
use super::repo::single::{Objects, read_object};
use crate::model::{Blob, BlobPath, Fault, Nearby, Origin, Refs, lock, unlock};
use crate::source::{Consumer, Event, Source, SourceError, hand_on_name, is_wanted};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// A thread takes no fewer commits or blobs than this at once: each share opens the repository.
const FEW: usize = 16;

/// Folders nested deeper than this are not followed; git itself refuses to check them out.
const DEEPEST: usize = 1000;

/// What the commits of a range add, and what their messages say.
#[derive(Clone, Debug)]
pub struct Range {
    repo: GitRepo,
    spec: RangeSpec,
    nearby: Arc<FilesInGit>,
}

impl Range {
    /// The commits that `spec` selects in `repo`.
    pub fn new(repo: GitRepo, spec: RangeSpec) -> Self {
        let nearby = Arc::new(FilesInGit::of(&repo));
        Self { repo, spec, nearby }
    }
}

impl Source for Range {
    fn counts_commits(&self) -> bool {
        true
    }

    fn nearby(&self) -> &dyn Nearby {
        &*self.nearby
    }

    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let objects = self.repo.objects()?;
        let ends = self.spec.resolve(&objects)?;
        self.nearby.are_in(ends.include.iter().map(|(id, _)| *id));
        let mut range = ancestry::between(&objects, &ends);
        if self.spec.is_single() {
            range
                .members
                .retain(|m| ends.include.iter().any(|(id, _)| *id == m.id));
            range.unreadable.clear();
        }
        let boundary: IdSet = self.repo.shallow().into_iter().collect();
        let reading = RangeReading {
            repo: &self.repo,
            boundary,
            added: Mutex::default(),
            copies: AtomicUsize::new(0),
            consumer,
        };
        reading.report_missing(&range);
        self.spec.hand_out_texts(&objects, consumer);
        let commits = range.members.par_iter().with_min_len(FEW);
        commits.for_each_init(
            || self.repo.objects().ok(),
            |o, m| reading.commit(o.as_ref(), m),
        );
        if reading.copies.load(Relaxed) > MOST_COPIES_OF_ALL
            && let Some((head, _)) = ends.include.last()
        {
            reading.fault(*head, format!(
                "the commits up to this one add more than {MOST_COPIES_OF_ALL} copies of files, of which the rest was not looked at"
            ));
        }
        reading.hand_out(&range.members);
        consumer.take(Event::Order(&range.oldest_first()));
        Ok(())
    }
}

/// Where a blob was added.
struct AddedAt {
    commit: ObjectId,
    path: BlobPath,
}

struct RangeReading<'a> {
    repo: &'a GitRepo,
    boundary: IdSet,
    added: Mutex<IdMap<Vec<AddedAt>>>,
    /// How many places there were of files that their commits have elsewhere too.
    copies: AtomicUsize,
    consumer: &'a dyn Consumer,
}

impl RangeReading<'_> {
    /// Commits that the range should hold and this clone lacks; a parent that a shallow clone was
    /// not given is told at its child.
    fn report_missing(&self, range: &ancestry::CommitRange) {
        let shallow = range
            .members
            .iter()
            .filter(|m| self.boundary.contains(&m.id));
        let told: IdSet = shallow
            .flat_map(|m| m.commit.parents.iter().copied())
            .collect();
        for (id, why) in range.unreadable.iter().filter(|(id, _)| !told.contains(id)) {
            self.fault(*id, why.clone());
        }
    }

    fn commit(&self, objects: Option<&Objects>, member: &RangeMember) {
        let Some(objects) = objects else {
            return self.fault(
                member.id,
                "the repository could not be opened again".to_owned(),
            );
        };
        self.consumer.take(Event::Commit);
        self.message(objects, member);
        let parents = match self.parents(objects, member) {
            Ok(parents) => parents,
            Err(what) => return self.fault(member.id, what),
        };
        let mut found = Additions {
            objects,
            reading: self,
            blobs: Vec::new(),
            origin: Origin::Commit {
                commit: member.id.to_string(),
                author_date: date(member.commit.authored),
                refs: Refs::default(),
            },
            left: MOST_ENTRIES,
            met: IdSet::default(),
            copies: 0,
        };
        found.compare(b"", member.commit.tree, &parents);
        let (mut blobs, copies) = (found.blobs, found.copies);
        if copies > 0 && self.copies.fetch_add(copies, Relaxed) + copies > MOST_COPIES_OF_ALL {
            let mut met = IdSet::default();
            blobs.retain(|(id, _)| met.insert(*id));
        }
        let mut added = lock(&self.added);
        for (blob, path) in blobs {
            added.entry(blob).or_default().push(AddedAt {
                commit: member.id,
                path: BlobPath::from_bytes(path),
            });
        }
    }

    fn message(&self, objects: &Objects, member: &RangeMember) {
        match read_object(objects, member.id, Packed::Commit) {
            Ok(raw) => self.consumer.take(Event::Blob(Blob {
                path: &COMMIT_MESSAGE.into(),
                origin: &Origin::CommitMessage {
                    commit: member.id.to_string(),
                    author_date: date(member.commit.authored),
                    refs: Refs::default(),
                },
                bytes: &written(&raw),
            })),
            Err(what) => self.fault(member.id, what),
        }
    }

    /// The root trees of all parents. A parent that is not there makes the commit unreadable:
    /// without it, everything would look added.
    fn parents(&self, objects: &Objects, member: &RangeMember) -> Result<Vec<ObjectId>, String> {
        let tree = |parent: &ObjectId| match read_object(objects, *parent, Packed::Commit) {
            Ok(raw) => Commit::parse(&raw)
                .map(|c| c.tree)
                .ok_or_else(|| format!("parent {parent} is no commit; run `git fsck`")),
            Err(_) if self.boundary.contains(&member.id) => Err(format!(
                "commit {} is where this shallow clone ends: what it changed cannot be told; run `git fetch --unshallow` \
                 (or `git fetch --deepen=100`) and scan again",
                member.id.short()
            )),
            Err(what) => Err(what),
        };
        member.commit.parents.iter().map(tree).collect()
    }

    /// Reads each added blob once, and hands it out for every place it was added at.
    fn hand_out(self, members: &[RangeMember]) {
        let authored: IdMap<i64> = members.iter().map(|m| (m.id, m.commit.authored)).collect();
        let (repo, consumer) = (self.repo, self.consumer);
        let added = unlock(self.added);
        let added: Vec<_> = added.into_iter().collect();
        added.into_par_iter().with_min_len(FEW).for_each_init(
            || repo.objects().ok(),
            |objects, (blob, mut places)| {
                places.retain(|at| is_wanted(&at.path, consumer));
                let Some(first) = places.iter().map(|at| &at.path).min() else {
                    return;
                };
                let read = match objects {
                    Some(objects) => repo.blob(objects, blob),
                    None => Err("the repository could not be opened again".to_owned()),
                };
                let bytes = match read {
                    Ok(bytes) => bytes,
                    Err(what) => {
                        return consumer.take(Event::Fault(Fault::new(first.clone(), what)));
                    }
                };
                for AddedAt { commit, path } in &places {
                    let origin = Origin::Commit {
                        commit: commit.to_string(),
                        author_date: date(authored.get(commit).copied().unwrap_or_default()),
                        refs: Refs::default(),
                    };
                    let bytes = &bytes;
                    let origin = &origin;
                    pointers::hand_on(
                        repo,
                        &Blob {
                            path,
                            origin,
                            bytes,
                        },
                        consumer,
                    );
                }
            },
        );
    }

    fn fault(&self, id: ObjectId, what: String) {
        self.consumer
            .take(Event::Fault(Fault::new(object_path(id), what)));
    }
}

/// Collects the blobs of one commit that none of its parents has at the same path.
struct Additions<'a> {
    objects: &'a Objects,
    reading: &'a RangeReading<'a>,
    blobs: Vec<(ObjectId, Vec<u8>)>,
    /// Of the names that are new.
    origin: Origin,
    /// How many more entries are read.
    left: usize,
    /// The files that were met.
    met: IdSet,
    /// How many places there were of files that were met.
    copies: usize,
}

/// Most entries of the trees of one commit that are compared. A few trees that name each other many times stand for
/// more places than anybody could read.
const MOST_ENTRIES: usize = 1 << 20;

/// Most places in one commit of files that it has elsewhere too: a finding is made of each, and they cost nothing.
const MOST_COPIES: usize = 1 << 16;

/// The same of a range. A long one has many commits that copy a few files; those of a hostile one hold the same trees
/// again and again. Which commits are cut then hangs on who comes first, and that it is told does not.
const MOST_COPIES_OF_ALL: usize = 1 << 20;

impl Additions<'_> {
    fn compare(&mut self, folder: &[u8], tree: ObjectId, parents: &[ObjectId]) {
        if parents.contains(&tree) {
            return;
        }
        if folder.iter().filter(|b| **b == b'/').count() > DEEPEST {
            return self.fault(
                folder,
                "folders are nested too deeply to be followed".to_owned(),
            );
        }
        let Some(raw) = self.tree(tree, folder) else {
            return;
        };
        let before: Vec<_> = parents
            .iter()
            .filter_map(|p| self.tree(*p, folder))
            .collect();
        let before: Vec<IdsByName<'_>> = before.iter().map(|raw| by_name(raw)).collect();
        let mut entries = TreeEntries::new(&raw);
        for entry in entries.by_ref() {
            let there = before.iter().filter_map(|names| names.get(entry.name));
            let there: Vec<_> = there
                .filter(|(kind, _)| *kind == entry.kind)
                .map(|(_, id)| *id)
                .collect();
            if there.contains(&entry.id) {
                continue;
            }
            let path = join(folder, entry.name);
            if !before.iter().any(|names| names.contains_key(entry.name)) {
                hand_on_name(&path, || self.origin.clone(), self.reading.consumer);
            }
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            if self.left == 0 {
                let what = format!(
                    "this commit adds more than {MOST_ENTRIES} files and folders, of which the rest was not read"
                );
                return self.fault(&path, what);
            }
            match entry.kind {
                EntryKind::Tree => self.compare(&path, entry.id, &there),
                EntryKind::Blob => self.blob(entry.id, path),
                EntryKind::Submodule => self.reading.consumer.take(Event::Skipped("submodule")),
            }
        }
        if !entries.is_whole() {
            self.fault(folder, format!("tree {tree} is malformed; run `git fsck`"));
        }
    }

    /// Keeps a file. Each place of it is looked at, since what is read and what is accepted goes by paths.
    fn blob(&mut self, id: ObjectId, path: Vec<u8>) {
        self.copies += usize::from(!self.met.insert(id));
        if self.copies > MOST_COPIES {
            if self.copies == MOST_COPIES + 1 {
                let what = format!(
                    "this commit adds more than {MOST_COPIES} copies of files, of which the rest was not looked at"
                );
                self.fault(&path, what);
            }
            return;
        }
        self.blobs.push((id, path));
    }

    fn fault(&self, folder: &[u8], what: String) {
        let fault = Fault::new(BlobPath::from_bytes(folder), what);
        self.reading.consumer.take(Event::Fault(fault));
    }

    fn tree(&self, id: ObjectId, folder: &[u8]) -> Option<Vec<u8>> {
        let raw = read_object(self.objects, id, Packed::Tree);
        raw.map_err(|what| self.fault(folder, what)).ok()
    }
}

type IdsByName<'t> = std::collections::HashMap<&'t [u8], (EntryKind, ObjectId)>;

fn by_name(raw: &[u8]) -> IdsByName<'_> {
    TreeEntries::new(raw)
        .map(|e| (e.name, (e.kind, e.id)))
        .collect()
}
