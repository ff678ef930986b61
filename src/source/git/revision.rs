//! How a person or a hook names commits, and which commits that means here.

use super::ancestry::{Ends, LEFT, RIGHT};
use super::object_id::ObjectId;
use crate::source::SourceError;
use git2::{ErrorCode, ObjectType, Repository};

/// A selection of commits: all that `include` reaches, and nothing that the rest reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RangeSpec {
    /// Revisions whose history is read.
    pub include: Vec<String>,
    /// Revisions whose history is left out.
    pub exclude: Vec<String>,
    /// Leaves out what is on the branches of this remote (`--not --remotes=NAME`); `*` for all
    /// remotes.
    pub exclude_remotes: Option<String>,
    /// Full names of refs that `exclude_remotes` does not count, such as the branch just pushed.
    pub except_refs: Vec<String>,
    /// The two ends of `A...B`: what either reaches and the other does not.
    pub symmetric: Option<(String, String)>,
    /// Read only the included commits themselves, not what they reach.
    pub single: bool,
}

impl RangeSpec {
    /// Reads `A..B`, `A...B` or the name of one commit. An end that is left out is `HEAD`.
    pub fn parse(text: &str) -> Self {
        let end = |name: &str| {
            if name.is_empty() {
                "HEAD".to_owned()
            } else {
                name.to_owned()
            }
        };
        if let Some((a, b)) = text.split_once("...") {
            let symmetric = Some((end(a), end(b)));
            return Self {
                symmetric,
                ..Self::default()
            };
        }
        match text.split_once("..") {
            Some((a, b)) => Self {
                include: vec![end(b)],
                exclude: vec![end(a)],
                ..Self::default()
            },
            None => Self {
                include: vec![end(text)],
                single: true,
                ..Self::default()
            },
        }
    }

    /// What `tip` reaches and no branch of `remote` does: the commits that a push would publish.
    pub fn unpushed(tip: &str, remote: &str) -> Self {
        Self {
            include: vec![tip.to_owned()],
            exclude_remotes: Some(remote.to_owned()),
            ..Self::default()
        }
    }

    /// True when only the named commits are meant.
    pub(super) fn is_single(&self) -> bool {
        self.single
    }

    /// The commits that the names stand for.
    pub(super) fn resolve(&self, handle: &Repository) -> Result<Ends, SourceError> {
        let mut ends = Ends::default();
        for name in &self.include {
            ends.include.push((commit(handle, name)?, LEFT));
        }
        for name in &self.exclude {
            ends.exclude.push(commit(handle, name)?);
        }
        if let Some((left, right)) = &self.symmetric {
            ends.include.push((commit(handle, left)?, LEFT));
            ends.include.push((commit(handle, right)?, RIGHT));
        }
        if let Some(remote) = &self.exclude_remotes {
            ends.exclude.extend(self.remote_tips(handle, remote)?);
        }
        Ok(ends)
    }

    fn remote_tips(&self, handle: &Repository, remote: &str) -> Result<Vec<ObjectId>, SourceError> {
        let under = match remote {
            "*" => "refs/remotes/".to_owned(),
            name => format!("refs/remotes/{name}/"),
        };
        let failed = |e: git2::Error| unresolved(remote, e.message());
        let mut tips = Vec::new();
        for reference in handle.references().map_err(failed)? {
            let reference = reference.map_err(failed)?;
            let name = String::from_utf8_lossy(reference.name_bytes());
            if !name.starts_with(&under) || self.except_refs.iter().any(|r| *r == name) {
                continue;
            }
            // A remote's HEAD whose branch is gone names nothing, so it excludes nothing.
            let target = reference.peel(ObjectType::Commit).ok();
            tips.extend(target.and_then(|t| ObjectId::try_from(t.id()).ok()));
        }
        Ok(tips)
    }
}

/// The commit that `name` stands for.
pub(super) fn commit(handle: &Repository, name: &str) -> Result<ObjectId, SourceError> {
    if name.len() >= 40 && name.bytes().all(|b| b == b'0') {
        return Err(unresolved(
            name,
            "all zeros is git's word for no commit (a branch that was just created or deleted); \
             name a real base, or leave out what remotes have",
        ));
    }
    if name.starts_with('-') {
        return Err(unresolved(name, "this looks like an option; name a commit"));
    }
    let found = handle
        .revparse_single(name)
        .and_then(|o| o.peel(ObjectType::Commit));
    let found = found.and_then(|o| ObjectId::try_from(o.id()));
    found.map_err(|error| match error.code() {
        ErrorCode::Ambiguous => unresolved(name, "this short id fits several objects; give more digits"),
        _ => unresolved(
            name,
            "no such commit here; check the spelling, or fetch it (in CI: `fetch-depth: 0`, elsewhere `git fetch --unshallow`)",
        ),
    })
}

fn unresolved(revision: &str, reason: &str) -> SourceError {
    SourceError::Revision {
        revision: revision.to_owned(),
        reason: reason.to_owned(),
    }
}
