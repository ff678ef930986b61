//! Which remote branches hold a commit, for events that say what was pushed and not where from.

use super::super::pack::Packed;
use super::super::repo::object_id::ObjectId;
use super::super::repo::open::GitRepo;
use super::super::repo::single::{Objects, kind_of};
use super::ancestry::{self, Ends, LEFT};
use super::remotes::Remotes;
use super::revision;
use super::target::RefTarget;
use crate::model::RefName;
use crate::source::SourceError;

/// The remote branches that this clone knows, by whether they hold a certain commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteBranches {
    /// Those that hold it.
    pub holding: Vec<RefName>,
    /// The others.
    pub others: Vec<RefName>,
}

impl GitRepo {
    /// True when `revision` names a commit that this clone has.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn has_commit(&self, revision: &str) -> Result<bool, SourceError> {
        let objects = self.objects()?;
        let found = revision::commit(&objects, revision).ok();
        Ok(found.is_some_and(|id| kind_of(&objects, id) == Ok(Packed::Commit)))
    }

    /// The branch that `refs/remotes/origin/HEAD` names: what the remote calls its own.
    pub fn remote_head(&self) -> Option<String> {
        let handle = self.handle().ok()?;
        let head = handle.find_reference("refs/remotes/origin/HEAD").ok()?;
        let target = head.symbolic_target().ok().flatten()?;
        Some(target.strip_prefix("refs/remotes/origin/")?.to_owned())
    }

    /// True for a shallow or partial clone, which was not given all commits and files.
    pub fn is_part(&self) -> bool {
        let packs = std::fs::read_dir(self.common_dir().join("objects/pack"));
        let mut packs = packs.into_iter().flatten().flatten();
        let promised = |path: std::path::PathBuf| path.extension().is_some_and(|e| e == "promisor");
        !self.shallow().is_empty() || packs.any(|entry| promised(entry.path()))
    }

    /// The remote branches, by whether they hold the commit that `revision` names.
    ///
    /// # Errors
    /// When the repository cannot be read, or there is no such commit.
    pub fn remote_branches(&self, revision: &str) -> Result<RemoteBranches, SourceError> {
        let objects = self.objects()?;
        let commit = revision::commit(&objects, revision)?;
        let mut branches = RemoteBranches::default();
        for (name, id) in Remotes::of(&objects)?.tracked("*") {
            let Some(tip) = RefTarget::of(&objects, id).commit() else {
                continue;
            };
            if holds(&objects, tip, commit) {
                branches.holding.push(name);
            } else {
                branches.others.push(name);
            }
        }
        Ok(branches)
    }
}

/// True when nothing that `commit` reaches is missing in what `tip` reaches.
pub(in crate::source::git) fn holds(objects: &Objects, tip: ObjectId, commit: ObjectId) -> bool {
    let ends = Ends {
        include: vec![(commit, LEFT)],
        exclude: vec![tip],
    };
    let beyond = ancestry::between(objects, &ends);
    beyond.members.is_empty() && beyond.unreadable.is_empty()
}
