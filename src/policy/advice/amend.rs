//! How to take keys out of what has not been pushed yet: of each commit that brought one in, once,
//! in one rebase for a branch. Whatever only carries it on is rewritten by that rebase.

use super::elsewhere::{elsewhere, first_branch, other_branches};
use super::names::refs_renamed;
use super::rebase::{RebaseAt, commits, rebase, short};
use super::shell::{tag_word, word};
use super::taking::{AmendedKeys, chunks, taken_out};
use super::trees::{cleared, staged_there, tree_on};
use crate::model::{
    Below, BlobPath, Exposure, Introduction, KeyInRef, OtherTree, RefKind, RefName, Step,
};
use crate::policy::allow::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// The steps for one key.
pub(super) fn steps(exposure: &Exposure) -> Vec<Step> {
    let removed = exposure.removed_in.iter();
    let removed: BTreeSet<&str> = removed.map(|at| at.commit.as_str()).collect();
    steps_for(AmendedKeys {
        exposure,
        count: 1,
        removed: &removed,
    })
}

/// The steps for what one key or several brought in.
pub(super) fn steps_for(keys: AmendedKeys<'_>) -> Vec<Step> {
    let exposure = keys.exposure;
    let mut steps = staged(keys);
    steps.extend(staged_there(exposure));
    let here = exposure.introduced.iter();
    let here: Vec<&Introduction> = here.filter(|i| i.below != Below::Elsewhere).collect();
    steps.extend(rewritten(keys, &here, None));
    let mut handled: BTreeSet<&RefName> = exposure.branch.iter().collect();
    for (branch, there) in by_branch(exposure) {
        handled.insert(branch);
        steps.extend(rewritten(keys, &there, Some(branch)));
    }
    for (branch, there) in same_commits(exposure, &handled) {
        handled.insert(branch);
        steps.extend(again(keys, &there, branch));
    }
    steps.extend(other_branches(exposure, &handled));
    steps.extend(elsewhere(exposure));
    // A tag that leads to the key is made anew, under whatever name.
    let is_kept =
        |key: &&KeyInRef| !(key.leads_to_key && matches!(key.name.kind(), RefKind::Tag(_)));
    steps.extend(refs_renamed(
        exposure,
        exposure.names.iter().filter(is_kept),
    ));
    if steps.is_empty() && exposure.in_index {
        let there = "the index of a linked work tree holds it: take it out there";
        steps.push(Step::say(there));
    }
    if !exposure.introduced.is_empty() {
        steps.extend(undone(keys, &handled));
        steps.extend(forget("the old commits stay on this disk until"));
    }
    steps
}

/// Clears what indexes keep from conflicts: those that are known, and those that the rewrite may have had.
fn undone(keys: AmendedKeys<'_>, rewritten: &BTreeSet<&RefName>) -> Vec<Step> {
    let exposure = keys.exposure;
    let is_rebased = |i: &&Introduction| match i.below {
        Below::Head => false,
        Below::Descendant => true,
        Below::Elsewhere => first_branch(i).is_some(),
    };
    let mut rebased = exposure.introduced.iter().filter(is_rebased);
    let may_conflict = rebased.any(|i| i.file.is_some());
    let is_there = |tree: &&OtherTree| {
        let on = tree.branch.as_ref();
        tree.is_kept_resolved || may_conflict && on.is_some_and(|on| rewritten.contains(on))
    };
    let trees: Vec<&OtherTree> = exposure.trees.iter().filter(is_there).collect();
    cleared(exposure.is_kept_resolved || may_conflict, &trees)
}

/// How to take out what a hook found in the index, and in commits that HEAD, a branch or a tag reaches.
pub fn rewriting(exposure: &Exposure) -> Vec<Step> {
    let keys = AmendedKeys {
        exposure,
        count: 1,
        removed: &BTreeSet::new(),
    };
    let mut steps = staged(keys);
    let here = exposure.introduced.iter();
    let (there, here): (Vec<_>, Vec<_>) = here.partition(|i| i.below == Below::Elsewhere);
    steps.extend(rewritten(keys, &here, None));
    for (branch, all) in by_branch(exposure) {
        steps.extend(rewritten(keys, &all, Some(branch)));
    }
    let tags: BTreeSet<&str> = exposure.introduced.iter().flat_map(tags_of).collect();
    let loose: Vec<&Introduction> = there
        .into_iter()
        .filter(|i| first_branch(i).is_none())
        .collect();
    let untagged = loose
        .iter()
        .copied()
        .filter(|i| tags_of(i).next().is_none());
    let untagged: Vec<&Introduction> = untagged.collect();
    if let Some(last) = untagged.last() {
        let last = last.at.commit.get(..7).unwrap_or(&last.at.commit);
        steps.push(Step::say(
            "of what is on no branch, begin at what is pushed",
        ));
        steps.push(Step::run(format!("git switch --detach {last}")));
        steps.extend(rebase(keys, &commits(&untagged), RebaseAt::HEAD));
    }
    for tag in tags {
        let of_tag = loose
            .iter()
            .copied()
            .filter(|i| tags_of(i).any(|t| t == tag));
        let of_tag: Vec<&Introduction> = of_tag.collect();
        let (old, tag) = (tag_word(tag), word(tag.as_bytes()));
        if of_tag.is_empty() {
            steps.push(Step::say(format!(
                "tag {tag} names the old commit: make it anew once the key is gone, with -a if it has a text"
            )));
        } else {
            steps.push(Step::say(format!(
                "tag {tag} names a commit that is on no branch: make it anew, with -a if it has a text"
            )));
            steps.push(Step::run(format!("git switch --detach {old}")));
            steps.extend(rebase(keys, &commits(&of_tag), RebaseAt::HEAD));
            steps.push(Step::say("then let it name the new commit"));
        }
        steps.push(Step::run(format!("git tag -f {old}")));
    }
    steps.extend(refs_renamed(exposure, exposure.names.iter()));
    steps
}

fn tags_of(introduction: &Introduction) -> impl Iterator<Item = &str> {
    let named = introduction.refs.named().iter();
    named.filter_map(|name| match name.kind() {
        RefKind::Tag(tag) => Some(tag),
        _ => None,
    })
}

/// What is staged is edited and added again. A `.env` had better not be committed at all.
fn staged(keys: AmendedKeys<'_>) -> Vec<Step> {
    let staged = &keys.exposure.staged;
    if staged.is_empty() {
        return Vec::new();
    }
    let mut steps = taken_out(keys.noun(), staged.iter().map(|path| (path, path)), "");
    let is_env = |path: &&BlobPath| !path.is_name() && Language::of(path, b"") == Language::Env;
    let env: Vec<&BlobPath> = staged.iter().filter(is_env).collect();
    if !env.is_empty() {
        let undo = if keys.exposure.has_head {
            "git restore --staged --"
        } else {
            // Before the first commit there is nothing to restore from.
            "git rm --cached --"
        };
        steps.push(Step::say(
            "or, since such a file stays out of git, leave it out and name it in .gitignore:",
        ));
        steps.extend(chunks(undo, env));
    }
    steps
}

/// Commits of one branch: the last one is amended, others are rebased. Without a name it is the branch at HEAD.
fn rewritten(keys: AmendedKeys<'_>, held: &[&Introduction], branch: Option<&RefName>) -> Vec<Step> {
    let Some(branch) = branch else {
        return if held.iter().all(|i| i.below == Below::Head) {
            last_commit(keys, held)
        } else {
            rebase(keys, &commits(held), RebaseAt::HEAD)
        };
    };
    let at = RebaseAt {
        branch: short(branch),
        tree: tree_on(keys.exposure, branch),
        is_again: false,
    };
    let name = word(at.branch.as_bytes());
    let mut steps = vec![Step::say(format!("on branch {name}"))];
    steps.extend(at.entered(rebase(keys, &commits(held), at)));
    steps
}

/// A branch that has the same commits as one that was told how to rewrite.
fn again(keys: AmendedKeys<'_>, held: &[&Introduction], branch: &RefName) -> Vec<Step> {
    let at = RebaseAt {
        branch: short(branch),
        tree: tree_on(keys.exposure, branch),
        is_again: true,
    };
    let name = word(at.branch.as_bytes());
    let mut steps = vec![Step::say(format!(
        "branch {name} holds it too: rewrite it as well, or delete it if nothing on it is needed"
    ))];
    steps.extend(at.entered(rebase(keys, &commits(held), at)));
    steps
}

fn last_commit(keys: AmendedKeys<'_>, introduced: &[&Introduction]) -> Vec<Step> {
    let commits = commits(introduced);
    let Some(commit) = commits.first() else {
        return Vec::new();
    };
    let mut steps = commit.mended(keys.noun(), "");
    if !commit.in_message && !commit.in_author {
        steps.push(Step::run("git commit --amend --no-edit"));
    }
    steps
}

/// For what HEAD does not reach, the first branch that does, with all that came in on it: a rebase
/// of the branch that HEAD is on leaves that one as it is.
fn by_branch(exposure: &Exposure) -> BTreeMap<&RefName, Vec<&Introduction>> {
    let introduced = exposure.introduced.iter();
    let elsewhere = introduced.clone().filter(|i| i.below == Below::Elsewhere);
    let branches: BTreeSet<&RefName> = elsewhere.filter_map(first_branch).collect();
    let held = branches.into_iter();
    let held = held.map(|branch| (branch, on_branch(exposure, branch)));
    held.collect()
}

/// Most branches that are told how to rewrite the same commits.
const AGAIN: usize = 3;

/// The first few other branches that hold what came in on one that is rewritten.
fn same_commits<'e>(
    exposure: &'e Exposure,
    handled: &BTreeSet<&RefName>,
) -> Vec<(&'e RefName, Vec<&'e Introduction>)> {
    let others = exposure.leading_here();
    let others = others.filter(|name| matches!(name.kind(), RefKind::Branch(_)));
    let others = others.filter(|name| !handled.contains(name));
    let held = others.map(|branch| (branch, on_branch(exposure, branch)));
    held.filter(|(_, held)| !held.is_empty())
        .take(AGAIN)
        .collect()
}

fn on_branch<'e>(exposure: &'e Exposure, branch: &RefName) -> Vec<&'e Introduction> {
    let introduced = exposure.introduced.iter();
    let own = introduced.filter(|i| i.refs.named().contains(branch));
    own.collect()
}

/// Deletes what nothing refers to.
pub(super) const COLLECT: &str = "git gc --prune=now";

/// Takes out of a clone what only its reflogs hold. The entries of `refs/stash` are stashes, and stay: git lets go of
/// those only where `--expire` says so.
pub(super) fn forget(until: &str) -> [Step; 3] {
    [
        Step::say(format!(
            "{until} both have run, which empties the reflogs of branches and keeps stashes"
        )),
        Step::run(
            "git -c gc.reflogExpire=now -c gc.reflogExpireUnreachable=now reflog expire --all",
        ),
        Step::run(COLLECT),
    ]
}
