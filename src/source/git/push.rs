//! What a push would publish: the commits that the remote lacks, and the text of pushed tags.

use super::nearby::FilesInGit;
use super::pack::Packed;
use super::pack::quarantine::Quarantine;
use super::range::Range;
use super::refs::ref_targets::hand_on_ref;
use super::refs::remotes::{Destination, Remotes};
use super::refs::revision::{self, RangeSpec};
use super::refs::target::RefTarget;
use super::repo::object_id::ObjectId;
use super::repo::open::GitRepo;
use super::repo::reason;
use super::repo::single::Objects;
use crate::model::{Blob, BlobPath, Fault, Nearby, Origin, RefName};
use crate::source::{Consumer, Event, Source, SourceError};
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// One ref that a push changes: a line of what git hands a `pre-push` hook
/// (<https://git-scm.com/docs/githooks#_pre_push>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefUpdate {
    /// What the ref is going to name; none when it is deleted.
    pub new: Option<ObjectId>,
    /// What the remote's ref names now; none when it is new there.
    pub old: Option<ObjectId>,
    /// The ref at the remote.
    pub name: RefName,
    /// What is pushed, as it was called here: `refs/heads/main`, or any name of a commit.
    pub local: String,
}

impl RefUpdate {
    /// Reads `<local ref> <local id> <remote ref> <remote id>`; `None` when that is no such line.
    pub fn parse(line: &str) -> Option<Self> {
        let mut parts = line.trim_end().rsplitn(4, ' ');
        let id = |text: &str| ObjectId::from_hex(text.as_bytes());
        let old = id(parts.next()?)?;
        let name = RefName::new(parts.next()?);
        let new = id(parts.next()?)?;
        let local = parts.next()?.to_owned();
        let some = |id: ObjectId| Some(id).filter(|id| !id.is_zero());
        Some(Self {
            new: some(new),
            old: some(old),
            name,
            local,
        })
    }
}

impl RefUpdate {
    /// Reads `<old id> <new id> <ref>`, a line of what git hands a `pre-receive` hook
    /// (<https://git-scm.com/docs/githooks#pre-receive>); `None` when that is no such line.
    pub fn received(line: &str) -> Option<Self> {
        let mut parts = line.trim_end().splitn(3, ' ');
        let mut id = || ObjectId::from_hex(parts.next()?.as_bytes());
        let (old, new) = (id()?, id()?);
        let name = parts.next()?;
        let some = |id: ObjectId| Some(id).filter(|id| !id.is_zero());
        Some(Self {
            new: some(new),
            old: some(old),
            name: RefName::new(name),
            local: name.to_owned(),
        })
    }
}

/// All refs of one push.
#[derive(Clone, Debug)]
pub struct Push {
    repo: GitRepo,
    /// None when nobody told which.
    updates: Option<Vec<RefUpdate>>,
    destination: Option<Destination>,
    known: Vec<String>,
    /// Leaves out all that refs of this repository reach.
    leaves_refs: bool,
    nearby: Arc<FilesInGit>,
}

impl Push {
    /// A push of `updates`, which tell themselves what the remote has already.
    pub fn new(repo: GitRepo, updates: Vec<RefUpdate>) -> Self {
        Self {
            nearby: Arc::new(FilesInGit::of(&repo)),
            repo,
            updates: Some(updates),
            destination: None,
            known: Vec::new(),
            leaves_refs: false,
        }
    }

    /// A push of which nobody told what is pushed: all branches and tags, and HEAD.
    pub fn of_anything(repo: GitRepo) -> Self {
        Self {
            updates: None,
            ..Self::new(repo, Vec::new())
        }
    }

    /// Leaves out what is known to be at the destination.
    #[must_use]
    pub fn to(mut self, destination: Destination) -> Self {
        self.destination = Some(destination);
        self
    }

    /// Leaves out what these revisions reach.
    #[must_use]
    pub fn without(mut self, known: Vec<String>) -> Self {
        self.known = known;
        self
    }

    /// Leaves out what refs of this repository reach: it is the one that is pushed to.
    #[must_use]
    pub fn without_refs(mut self) -> Self {
        self.leaves_refs = true;
        self
    }

    /// What the destination is known to have.
    ///
    /// It has what the ids say that it names now; what it had before a forced push is often not here,
    /// and then tells nothing. It also has what the remote's tracking refs reach, if they are its own:
    /// it is the place that they were fetched from, and each ref of this push is there as they remember
    /// it. Otherwise the address was changed, or the remote was made anew or changed by force.
    fn known(&self, objects: &Objects) -> Result<Vec<String>, SourceError> {
        let updates = self.updates.as_deref().unwrap_or_default();
        let old = updates.iter().filter_map(|update| update.old);
        let old = old.filter_map(|id| RefTarget::of(objects, id).commit());
        let mut known: Vec<String> = old.map(|id| id.to_string()).collect();
        known.extend(self.known.iter().cloned());
        if self.leaves_refs {
            let refs = self.each_ref(objects)?;
            let commits = refs
                .iter()
                .filter_map(|(_, id)| RefTarget::of(objects, *id).commit());
            known.extend(commits.map(|id| id.to_string()));
        }
        let Some(destination) = &self.destination else {
            return Ok(known);
        };
        let remote = &destination.remote;
        let remotes = Remotes::of(objects)?;
        let changed = |update: &RefUpdate| remotes.contradicts(remote, &update.name, update.old);
        if !remotes.are_of(destination, &self.repo) || updates.iter().any(changed) {
            return Ok(known);
        }
        let tracked = remotes.tracked(remote).into_iter();
        let tracked = tracked.filter_map(|(_, id)| RefTarget::of(objects, id).commit());
        known.extend(tracked.map(|id| id.to_string()));
        Ok(known)
    }

    /// What is pushed: each ref's name at the remote, and what it is going to name.
    fn pushed(&self, objects: &Objects) -> Result<Vec<(RefName, ObjectId)>, SourceError> {
        let Some(updates) = &self.updates else {
            return self.all_refs(objects);
        };
        let new = updates
            .iter()
            .filter_map(|u| Some((u.name.clone(), u.new?)));
        let mut met = HashSet::new();
        Ok(new.filter(|pushed| met.insert(pushed.clone())).collect())
    }

    /// Branches, tags and HEAD.
    fn all_refs(&self, objects: &Objects) -> Result<Vec<(RefName, ObjectId)>, SourceError> {
        let mut all = self.each_ref(objects)?;
        let is_own = |name: &str| name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
        all.retain(|(name, _)| is_own(name.as_str()));
        let head = objects.handle().refname_to_id("HEAD").ok();
        let head = head.and_then(|oid| ObjectId::try_from(oid).ok());
        all.extend(head.map(|id| (RefName::new("HEAD"), id)));
        Ok(all)
    }

    /// What git holds back of a push to this repository, until its hook has decided.
    fn quarantine(&self, consumer: &dyn Consumer) -> Quarantine {
        let folder = self.repo.quarantine().filter(|_| self.leaves_refs);
        let read = |folder: PathBuf| Quarantine::within(&folder, self.repo.longest(), consumer);
        folder.map(read).unwrap_or_default()
    }

    fn each_ref(&self, objects: &Objects) -> Result<Vec<(RefName, ObjectId)>, SourceError> {
        let handle = objects.handle();
        let failed = |e: git2::Error| {
            let why = reason::of(&e);
            self.repo
                .error(format!("its refs cannot be listed: {why}; run `git fsck`"))
        };
        let mut all = Vec::new();
        for reference in handle.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let name = RefName::new(String::from_utf8_lossy(reference.name_bytes()));
            let target = reference.target();
            all.extend(target.and_then(|oid| Some((name, ObjectId::try_from(oid).ok()?))));
        }
        Ok(all)
    }
}

impl GitRepo {
    /// True when the tracking refs of a remote tell what is at this destination, as far as is known.
    /// With `at`, a ref there and the commit that it names, its tracking ref must agree.
    ///
    /// # Errors
    /// When the repository cannot be read, or there is no such commit.
    pub fn remembers(
        &self,
        destination: &Destination,
        at: Option<(&RefName, &str)>,
    ) -> Result<bool, SourceError> {
        let objects = self.objects()?;
        let remotes = Remotes::of(&objects)?;
        let differs = match at {
            Some((reference, commit)) => {
                let commit = revision::commit(&objects, commit)?;
                let tracked = remotes.tracking(&destination.remote, reference);
                tracked.is_some_and(|id| id != commit)
            }
            None => false,
        };
        Ok(remotes.are_of(destination, self) && !differs)
    }
}

impl Source for Push {
    fn counts_commits(&self) -> bool {
        true
    }

    fn nearby(&self) -> &dyn Nearby {
        &*self.nearby
    }

    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let quarantine = Arc::new(self.quarantine(consumer));
        let objects = self.repo.objects()?.with(&quarantine);
        let mut tips = BTreeSet::new();
        for (name, new) in self.pushed(&objects)? {
            let target = RefTarget::of(&objects, new);
            tips.extend(target.commit());
            hand_on_ref(&name, new, consumer);
            hand_out(&target, &self.repo, &objects, &name, consumer);
        }
        if tips.is_empty() {
            return Ok(());
        }
        self.nearby.are_in(tips.iter().copied());
        let spec = RangeSpec {
            include: tips.iter().map(ObjectId::to_string).collect(),
            exclude: self.known(&objects)?,
            ..RangeSpec::default()
        };
        Range::new(self.repo.clone(), spec)
            .with(quarantine)
            .visit(consumer)
    }
}

/// Hands out the text of tags, and what is tagged when that is no commit.
fn hand_out(
    target: &RefTarget,
    repo: &GitRepo,
    objects: &Objects,
    name: &RefName,
    consumer: &dyn Consumer,
) {
    target.hand_out_texts(name, consumer);
    let path = BlobPath::from(name.as_str());
    let fault = |what: String| consumer.take(Event::Fault(Fault::new(path.clone(), what)));
    match &target.end {
        Ok((Packed::Commit, _)) => {}
        Ok((Packed::Blob, id)) => match repo.blob(objects, *id) {
            Ok(bytes) => consumer.take(Event::Blob(Blob {
                path: &path,
                origin: &Origin::Unreachable {
                    object: id.to_string(),
                    refs: [name.clone()].into(),
                },
                bytes: &bytes,
            })),
            Err(what) => fault(what),
        },
        Ok((_, id)) => fault(format!(
            "names the tree {id} and no commit, so nothing of it was read; push a commit with that tree"
        )),
        Err(what) => fault(what.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_push_is_read_from_its_end() {
        let (zero, one) = ("0".repeat(40), "1".repeat(40));
        let update = RefUpdate::parse(&format!("refs/heads/a {one} refs/heads/b {zero}")).unwrap();
        assert_eq!(update.name.as_str(), "refs/heads/b");
        assert_eq!(update.new.map(|id| id.to_string()), Some(one.clone()));
        assert_eq!(update.old, None);
        let deleted = RefUpdate::parse(&format!("(delete) {zero} refs/heads/b {one}\n")).unwrap();
        assert_eq!(deleted.new, None);
        assert_eq!(RefUpdate::parse("refs/heads/a x refs/heads/b y"), None);
        assert_eq!(RefUpdate::parse(""), None);
    }
}
