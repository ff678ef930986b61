//! Which remote branches hold a commit, for events that say what was pushed and not where from.

use super::open::GitRepo;
use super::revision;
use crate::source::SourceError;
use git2::{ObjectType, Oid, Repository};

/// The remote branches that this clone knows, by whether they hold a certain commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteBranches {
    /// Full names of those that hold it.
    pub holding: Vec<String>,
    /// Full names of the others.
    pub others: Vec<String>,
}

impl GitRepo {
    /// True when `revision` names a commit that this clone has.
    ///
    /// # Errors
    /// When the repository cannot be opened.
    pub fn has_commit(&self, revision: &str) -> Result<bool, SourceError> {
        let handle = self.handle()?;
        let found = revision::commit(&handle, revision);
        Ok(found.is_ok_and(|id| {
            id.to_git2()
                .is_ok_and(|oid| handle.find_object(oid, Some(ObjectType::Commit)).is_ok())
        }))
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
        let handle = self.handle()?;
        let commit = revision::commit(&handle, revision)?;
        let failed = |e: git2::Error| self.error(format!("refs cannot be read: {}", e.message()));
        let commit = commit.to_git2().map_err(failed)?;
        let mut branches = RemoteBranches::default();
        for reference in handle.references_glob("refs/remotes/*").map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let name = String::from_utf8_lossy(reference.name_bytes()).into_owned();
            let tip = reference.peel(ObjectType::Commit).map(|tip| tip.id());
            // A remote's HEAD says again what another name says.
            let Some(tip) = tip.ok().filter(|_| !name.ends_with("/HEAD")) else {
                continue;
            };
            match holds(&handle, tip, commit) {
                true => branches.holding.push(name),
                false => branches.others.push(name),
            }
        }
        Ok(branches)
    }
}

fn holds(handle: &Repository, tip: Oid, commit: Oid) -> bool {
    tip == commit || handle.graph_descendant_of(tip, commit).unwrap_or(false)
}
