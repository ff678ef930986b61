//! From what an event says to commits that this clone has.

use super::event::{Commits, EventBefore, Pushed};
use anyhow::Context as _;
use jvxleaks::model::{RefKind, RefName};
use jvxleaks::source::{GitRepo, ObjectId, Push, RefUpdate};

/// What to write into a workflow so that all commits are there.
pub(super) const WHOLE_CLONE: &str = "give actions/checkout `fetch-depth: 0` and no `filter`, so that all commits and files are there";

/// Reads the commits, and the text of a tag.
///
/// # Errors
/// When the clone lacks a commit that the event names.
pub(super) fn source(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Push> {
    require(repo, &commits.head)?;
    let known = match before(repo, commits)? {
        Some(before) => vec![before],
        None => others(repo, &commits.head, &commits.pushed)?,
    };
    let update = RefUpdate {
        new: ObjectId::from_hex(commits.head.as_bytes()),
        old: None,
        name: RefName::new(&commits.name),
        local: String::new(),
    };
    Ok(Push::new(repo.clone(), vec![update]).without(known))
}

/// The commit whose configuration counts. A pushed branch is somebody's work until it is merged, so
/// what the branch held before the push is no better than what was pushed: the default branch
/// decides about it, and what was there before about the default branch itself.
///
/// # Errors
/// When the clone lacks that commit.
pub(super) fn base(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Option<String>> {
    let pushed = &commits.pushed;
    if pushed.default_branch.is_empty() || pushed.is_default() {
        return before(repo, commits);
    }
    let branches = repo.remote_branches(&commits.head)?;
    let mut remote = branches.holding.into_iter().chain(branches.others);
    let remote = remote.find(|name| branch(name) == Some(&pushed.default_branch));
    remote
        .map(|name| name.to_string())
        .map_or_else(|| local_default(repo, pushed), Ok)
        .map(Some)
}

/// The commit that was there before, if the event names one that must be in the clone or is.
fn before(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Option<String>> {
    match &commits.before {
        EventBefore::Commit(before) => {
            require(repo, before)?;
            Ok(Some(before.clone()))
        }
        EventBefore::Removed(commit) => Ok(repo.has_commit(commit)?.then(|| commit.clone())),
        EventBefore::Nothing => Ok(None),
    }
}

fn require(repo: &GitRepo, commit: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        repo.has_commit(commit)?,
        "{commit}: the event names this commit and the clone lacks it; {WHOLE_CLONE}"
    );
    Ok(())
}

/// The branches whose commits are not new. The default branch has been read by a job of its own,
/// and of itself everything is new. Another branch that holds all that was pushed does not count:
/// of two branches that are pushed together, each would leave the commits to the other. No branch
/// leaves anything to a tag, so a tag leaves to them what they hold.
fn others(repo: &GitRepo, head: &str, pushed: &Pushed) -> anyhow::Result<Vec<String>> {
    if pushed.is_default() {
        return Ok(Vec::new());
    }
    let branches = repo.remote_branches(head)?;
    let holding = branches.holding.into_iter();
    let is_tag = pushed.branch.is_empty();
    let default = holding.filter(|n| is_tag || branch(n) == Some(&pushed.default_branch));
    let others = branches.others.into_iter();
    let others = others.filter(|name| branch(name) != Some(&pushed.branch));
    let known = default.chain(others).map(|name| name.to_string());
    let known: Vec<String> = known.collect();
    if known.is_empty() {
        Ok(vec![local_default(repo, pushed)?])
    } else {
        Ok(known)
    }
}

/// The branch of `refs/remotes/<remote>/<branch>`.
fn branch(name: &RefName) -> Option<&str> {
    match name.kind() {
        RefKind::Remote(name) => name.split_once('/').map(|(_, branch)| branch),
        _ => None,
    }
}

/// The default branch of a clone that keeps no remote branches.
fn local_default(repo: &GitRepo, pushed: &Pushed) -> anyhow::Result<String> {
    let name = format!("refs/heads/{}", pushed.default_branch);
    let known = repo.has_commit(&name)?.then_some(name);
    known.with_context(|| {
        format!("a branch or tag was pushed, and the clone lacks the default branch, which tells what is new and whose configuration counts; {WHOLE_CLONE}")
    })
}
