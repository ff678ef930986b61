//! Every commit between revisions, each against all of its parents. A tree comparison of the two
//! ends would miss what is added and removed in between; `git log -p` misses what a merge adds and
//! what an attribute hides.

use super::additions::Additions;
use super::nearby::FilesInGit;
use super::pack::Packed;
use super::pack::quarantine::Quarantine;
use super::pointers;
use super::refs::ancestry::{self, RangeMember};
use super::refs::revision::RangeSpec;
use super::repo::object::{COMMIT_MESSAGE, Commit, date, object_path, written};
use super::repo::object_id::{IdMap, IdSet, ObjectId};
use super::repo::open::GitRepo;
use super::repo::single::{Objects, read_object};
use crate::model::{Blob, BlobPath, Fault, Nearby, Origin, Refs, lock, unlock};
use crate::source::{Consumer, Event, Source, SourceError, is_wanted};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

/// A thread takes no fewer commits or blobs than this at once: each share opens the repository.
const FEW: usize = 16;

/// How many shares each thread gets, so that one that is done early helps the others.
const SHARES: usize = 4;

/// Most places of files that their commits have elsewhere too. A long one has many commits that copy a few files; those of a hostile one hold the same trees
/// again and again. Which commits are cut then hangs on who comes first, and that it is told does not.
const MOST_COPIES_OF_ALL: usize = 1 << 20;

/// What the commits of a range add, and what their messages say.
#[derive(Clone, Debug)]
pub struct Range {
    repo: GitRepo,
    spec: RangeSpec,
    nearby: Arc<FilesInGit>,
    quarantine: Arc<Quarantine>,
}

impl Range {
    /// The commits that `spec` selects in `repo`.
    pub fn new(repo: GitRepo, spec: RangeSpec) -> Self {
        let nearby = Arc::new(FilesInGit::of(&repo));
        Self {
            repo,
            spec,
            nearby,
            quarantine: Arc::default(),
        }
    }

    /// The same, of which these objects are at hand.
    #[must_use]
    pub(super) fn with(self, quarantine: Arc<Quarantine>) -> Self {
        Self { quarantine, ..self }
    }

    fn objects(&self) -> Result<Objects, SourceError> {
        Ok(self.repo.objects()?.with(&self.quarantine))
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
        let objects = self.objects()?;
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
            source: self,
            trees: range
                .members
                .iter()
                .map(|m| (m.id, m.commit.tree))
                .collect(),
            boundary,
            added: Mutex::default(),
            copies: AtomicUsize::new(0),
            consumer,
        };
        reading.report_missing(&range);
        self.spec.hand_out_texts(&objects, consumer);
        let share = share(range.members.len());
        let commits = range.members.par_iter().with_min_len(share);
        commits.for_each_init(|| self.objects().ok(), |o, m| reading.commit(o.as_ref(), m));
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
    source: &'a Range,
    /// The root trees of the members.
    trees: IdMap<ObjectId>,
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
        let origin = || Origin::Commit {
            commit: member.id.to_string(),
            author_date: date(member.commit.authored),
            refs: Refs::default(),
        };
        let mut found = Additions::new(objects, self.consumer, &origin);
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
        let read = |parent: &ObjectId| match read_object(objects, *parent, Packed::Commit) {
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
        let tree = |parent: &ObjectId| match self.trees.get(parent) {
            Some(tree) => Ok(*tree),
            None => read(parent),
        };
        member.commit.parents.iter().map(tree).collect()
    }

    /// Reads each added blob once, and hands it out for every place it was added at.
    fn hand_out(self, members: &[RangeMember]) {
        let authored: IdMap<i64> = members.iter().map(|m| (m.id, m.commit.authored)).collect();
        let (source, consumer) = (self.source, self.consumer);
        let added = unlock(self.added);
        let added: Vec<_> = added.into_iter().collect();
        let share = share(added.len());
        added.into_par_iter().with_min_len(share).for_each_init(
            || source.objects().ok(),
            |objects, (blob, mut places)| {
                places.retain(|at| is_wanted(&at.path, consumer));
                let Some(first) = places.iter().map(|at| &at.path).min() else {
                    return;
                };
                if let Some(size) = source.quarantine.signless(blob) {
                    let paths = places.iter().map(|at| &at.path);
                    return paths.for_each(|path| consumer.take(Event::Signless(path, size)));
                }
                let read = match objects {
                    Some(objects) => source.repo.blob(objects, blob),
                    None => Err("the repository could not be opened again".to_owned()),
                };
                let bytes = match read {
                    Ok(bytes) => bytes,
                    Err(what) => {
                        return consumer.take(Event::Fault(Fault::new(first.clone(), what)));
                    }
                };
                for AddedAt { commit, path } in &places {
                    let origin = &Origin::Commit {
                        commit: commit.to_string(),
                        author_date: date(authored.get(commit).copied().unwrap_or_default()),
                        refs: Refs::default(),
                    };
                    let bytes = &bytes;
                    let blob = Blob {
                        path,
                        origin,
                        bytes,
                    };
                    pointers::hand_on(&source.repo, &blob, consumer);
                }
            },
        );
    }

    fn fault(&self, id: ObjectId, what: String) {
        self.consumer
            .take(Event::Fault(Fault::new(object_path(id), what)));
    }
}

/// How many of so many commits or blobs a thread takes at once.
fn share(all: usize) -> usize {
    FEW.max(all / (SHARES * rayon::current_num_threads()))
}
