//! From what an event says to commits that this clone has.

use super::event::{Commits, EventBefore};
use anyhow::Context as _;
use jvxleaks::model::{RefKind, RefName};
use jvxleaks::source::{GitRepo, ObjectId, Push, RefUpdate};

/// Reads the commits, and the text of a tag.
///
/// # Errors
/// When the clone lacks a commit that the event names.
pub(super) fn source(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Push> {
    require(repo, commits, &commits.head)?;
    let known = match before(repo, commits)? {
        Some(before) => vec![before],
        None => others(repo, commits)?,
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
        .map_or_else(|| local_default(repo, commits), Ok)
        .map(Some)
}

/// The commit that was there before, if the event names one that must be in the clone or is.
fn before(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Option<String>> {
    match &commits.before {
        EventBefore::Commit(before) => {
            require(repo, commits, before)?;
            Ok(Some(before.clone()))
        }
        EventBefore::Removed(commit) => Ok(repo.has_commit(commit)?.then(|| commit.clone())),
        EventBefore::Nothing => Ok(None),
        EventBefore::Branch(branch) => {
            let names = ["refs/remotes/origin/", "refs/heads/"].map(|at| format!("{at}{branch}"));
            let mut names = names.into_iter();
            let there = names.find(|name| repo.has_commit(name).unwrap_or(false));
            let there = there.with_context(|| {
                let advice = commits.whole_clone;
                format!(
                    "the clone lacks the branch that the request goes to; fetch it, and {advice}"
                )
            })?;
            Ok(Some(there))
        }
    }
}

fn require(repo: &GitRepo, commits: &Commits, commit: &str) -> anyhow::Result<()> {
    let advice = commits.whole_clone;
    anyhow::ensure!(
        repo.has_commit(commit)?,
        "{commit}: the event names this commit and the clone lacks it; {advice}"
    );
    Ok(())
}

/// The branch that the remote of a clone begins with, where no variable names it.
pub(super) fn default_branch(repo: &GitRepo) -> Option<String> {
    let head = repo.remote_head();
    let usual = ["main", "master", "trunk", "develop"].map(str::to_owned);
    let mut known = head.into_iter().chain(usual);
    known.find(|name| {
        let there = repo.has_commit(&format!("refs/remotes/origin/{name}"));
        there.unwrap_or(false)
    })
}

/// The branches whose commits are not new. The default branch has been read by a job of its own,
/// and of itself everything is new. Another branch that holds all that was pushed does not count:
/// of two branches that are pushed together, each would leave the commits to the other. No branch
/// leaves anything to a tag, so a tag leaves to them what they hold.
fn others(repo: &GitRepo, commits: &Commits) -> anyhow::Result<Vec<String>> {
    let (head, pushed) = (&commits.head, &commits.pushed);
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
        Ok(vec![local_default(repo, commits)?])
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
fn local_default(repo: &GitRepo, commits: &Commits) -> anyhow::Result<String> {
    let advice = commits.whole_clone;
    let name = format!("refs/heads/{}", commits.pushed.default_branch);
    let known = repo.has_commit(&name)?.then_some(name);
    known.with_context(|| {
        format!("a branch or tag was pushed, and the clone lacks the default branch, which tells what is new and whose configuration counts; {advice}")
    })
}
