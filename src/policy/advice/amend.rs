//! How to take keys out of what has not been pushed yet: of each commit that brought one in, once,
//! in one rebase for a branch. Whatever only carries it on is rewritten by that rebase.

use super::elsewhere::{elsewhere, first_branch, other_branches};
use super::shell::{paths, word};
use super::wording::{NAMED, forget, listed};
use crate::model::{Below, BlobPath, Exposure, Introduction, RefKind, RefName, Step};
use crate::policy::allow::language::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Most commits that get a line of their own.
const COMMITS: usize = 20;

/// Longest list of paths in one command, in bytes: a line that is cut could not be pasted.
const LONGEST: usize = 250;

/// What is taken out.
#[derive(Clone, Copy, Debug)]
pub(super) struct AmendedKeys<'k> {
    /// Where it is: of several keys, all of it.
    pub(super) exposure: &'k Exposure,
    /// How many keys these are.
    pub(super) count: usize,
    /// The commits that took one out again.
    pub(super) removed: &'k BTreeSet<&'k str>,
}

impl AmendedKeys<'_> {
    fn noun(self) -> &'static str {
        match self.count {
            1 => "the key",
            _ => "the keys",
        }
    }
}

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
    let here = exposure.introduced.iter();
    let here: Vec<&Introduction> = here.filter(|i| i.below != Below::Elsewhere).collect();
    steps.extend(rewritten(keys, &here, None));
    let mut handled: BTreeSet<&RefName> = exposure.branch.iter().collect();
    for (branch, there) in by_branch(exposure) {
        handled.insert(branch);
        steps.extend(rewritten(keys, &there, Some(branch)));
    }
    steps.extend(other_branches(exposure, &handled));
    steps.extend(elsewhere(exposure));
    if steps.is_empty() && exposure.in_index {
        let there = "the index of a linked work tree holds it: take it out there";
        steps.push(Step::say(there));
    }
    if !exposure.introduced.is_empty() {
        steps.extend(forget("the old commits stay on this disk until"));
    }
    steps
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
        steps.extend(rebase(keys, &commits(&untagged)));
    }
    for tag in tags {
        let of_tag = loose
            .iter()
            .copied()
            .filter(|i| tags_of(i).any(|t| t == tag));
        let of_tag: Vec<&Introduction> = of_tag.collect();
        let tag = word(tag.as_bytes());
        if of_tag.is_empty() {
            steps.push(Step::say(format!(
                "tag {tag} names the old commit: make it anew once the key is gone, with -a if it has a text"
            )));
        } else {
            steps.push(Step::say(format!(
                "tag {tag} names a commit that is on no branch: make it anew, with -a if it has a text"
            )));
            steps.push(Step::run(format!("git switch --detach {tag}")));
            steps.extend(rebase(keys, &commits(&of_tag)));
            steps.push(Step::say("then let it name the new commit"));
        }
        steps.push(Step::run(format!("git tag -f {tag}")));
    }
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
    let is_env = |path: &&BlobPath| Language::of(path, b"") == Language::Env;
    let env: Vec<&BlobPath> = staged.iter().filter(is_env).collect();
    if !env.is_empty() {
        let undo = match keys.exposure.has_head {
            true => "git restore --staged --",
            // Before the first commit there is nothing to restore from.
            false => "git rm --cached --",
        };
        steps.push(Step::say(
            "or, since such a file stays out of git, leave it out and name it in .gitignore:",
        ));
        steps.extend(chunks(undo, env));
    }
    steps
}

/// `take the key out of a.txt and b.txt, then` and the commands that add them.
fn taken_out<'p>(
    what: &str,
    files: impl Iterator<Item = (&'p BlobPath, &'p BlobPath)>,
    place: &str,
) -> Vec<Step> {
    let files: Vec<_> = files.collect();
    let named = files.iter().take(NAMED);
    let mut shown: Vec<String> = named
        .clone()
        .map(|(path, _)| word(path.as_bytes()))
        .collect();
    if files.len() > NAMED {
        shown.push(format!("{} more files", files.len() - NAMED));
    }
    let added: BTreeSet<&BlobPath> = named.map(|(_, file)| *file).collect();
    let shown = listed(&shown);
    let mut steps = vec![Step::say(format!(
        "{place}take {what} out of {shown}, then"
    ))];
    steps.extend(chunks("git add --", added));
    steps
}

/// A command for all files, or several if it would be long.
fn chunks<'p>(command: &str, files: impl IntoIterator<Item = &'p BlobPath>) -> Vec<Step> {
    let mut lists: Vec<String> = Vec::new();
    for file in files {
        let word = paths([file]);
        match lists.last_mut() {
            Some(list) if list.len() + word.len() < LONGEST => {
                list.push(' ');
                list.push_str(&word);
            }
            _ => lists.push(word),
        }
    }
    let commands = lists
        .iter()
        .map(|list| Step::run(format!("{command} {list}")));
    commands.collect()
}

/// What a commit brought in.
struct AmendedCommit<'i> {
    id: &'i str,
    parents: usize,
    in_message: bool,
    /// As they are shown, and as git takes them.
    files: Vec<(&'i BlobPath, &'i BlobPath)>,
}

/// Introductions by their commit, in their order.
fn commits<'i>(introduced: &[&'i Introduction]) -> Vec<AmendedCommit<'i>> {
    let mut commits: Vec<AmendedCommit<'i>> = Vec::new();
    for introduction in introduced {
        let id = introduction.at.commit.as_str();
        if commits.last().is_none_or(|last| last.id != id) {
            commits.push(AmendedCommit {
                id,
                parents: introduction.parents,
                in_message: false,
                files: Vec::new(),
            });
        }
        let Some(commit) = commits.last_mut() else {
            continue;
        };
        match &introduction.file {
            Some(file) => commit.files.push((&introduction.at.path, file)),
            None => commit.in_message = true,
        }
    }
    commits
}

impl AmendedCommit<'_> {
    fn short(&self) -> &str {
        self.id.get(..7).unwrap_or(self.id)
    }

    fn mark(&self) -> String {
        let short = self.short();
        match (self.parents, self.files.is_empty()) {
            (2.., _) => format!("put a line `break` below the `merge` of {short}"),
            (_, false) => format!("mark {short} as `edit`"),
            (_, true) => format!("mark {short} as `reword`"),
        }
    }

    /// What to do where a rebase stops at it.
    fn at_stop(&self, what: &str) -> Vec<Step> {
        let short = self.short();
        let message = format!("take {what} out of the message");
        if self.files.is_empty() && self.parents < 2 {
            return vec![Step::say(format!("at {short}: {message} that opens"))];
        }
        let mut steps = match self.files.is_empty() {
            true => vec![Step::say(format!("at {short}: {message}, with"))],
            false => taken_out(what, self.files.iter().copied(), &format!("at {short}: ")),
        };
        if self.in_message {
            if !self.files.is_empty() {
                steps.push(Step::say(format!("and {message} too, with")));
            }
            steps.push(Step::run("git commit --amend"));
        } else if self.parents > 1 {
            steps.push(Step::run("git commit --amend --no-edit"));
        }
        steps.push(Step::run("git rebase --continue"));
        steps
    }
}

/// Commits of one branch: the last one is amended, others are rebased. Without a name it is the branch at HEAD.
fn rewritten(keys: AmendedKeys<'_>, held: &[&Introduction], branch: Option<&RefName>) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(RefKind::Branch(branch)) = branch.map(RefName::kind) {
        let branch = word(branch.as_bytes());
        steps.push(Step::say(format!("on branch {branch}")));
        steps.push(Step::run(format!("git switch {branch}")));
    }
    match held.iter().all(|i| i.below == Below::Head) {
        true => steps.extend(last_commit(keys, held)),
        false => steps.extend(rebase(keys, &commits(held))),
    }
    steps
}

fn last_commit(keys: AmendedKeys<'_>, introduced: &[&Introduction]) -> Vec<Step> {
    let commits = commits(introduced);
    let Some(commit) = commits.first() else {
        return Vec::new();
    };
    let what = keys.noun();
    let message = format!("take {what} out of the message");
    if commit.files.is_empty() {
        let steps = [
            Step::say(format!("{message}, with")),
            Step::run("git commit --amend"),
        ];
        return steps.into();
    }
    let mut steps = taken_out(what, commit.files.iter().copied(), "");
    match commit.in_message {
        true => {
            steps.push(Step::say(format!("and {message} too, with")));
            steps.push(Step::run("git commit --amend"));
        }
        false => steps.push(Step::run("git commit --amend --no-edit")),
    }
    steps
}

/// One rebase over all commits; the first is one that none of the others is an ancestor of.
fn rebase(keys: AmendedKeys<'_>, commits: &[AmendedCommit<'_>]) -> Vec<Step> {
    let Some(first) = commits.first() else {
        return Vec::new();
    };
    let base = match commits.iter().any(|c| c.parents == 0) {
        true => "--root".to_owned(),
        false => format!("{}^", first.short()),
    };
    // A rebase does not begin while something is staged.
    let stash = match keys.exposure.staged.is_empty() {
        true => "",
        false => "--autostash ",
    };
    let named = &commits[..commits.len().min(COMMITS)];
    let marks: Vec<String> = named.iter().map(AmendedCommit::mark).collect();
    let mut steps = vec![
        Step::say("rewrite the commits from the oldest of these on"),
        Step::run(format!("git rebase -i --rebase-merges {stash}{base}")),
        Step::say(format!("in the list that opens, {}", listed(&marks))),
    ];
    let stops = named.iter().flat_map(|commit| commit.at_stop(keys.noun()));
    steps.extend(stops);
    if commits.iter().any(|commit| !commit.files.is_empty()) {
        steps.extend(conflict(keys));
    }
    steps.push(Step::say("at the end, this finds nothing"));
    steps.push(Step::run(match base.as_str() {
        // What reflogs still know is no part of the branch.
        "--root" => "jvxleaks history --branch HEAD".to_owned(),
        base => format!("jvxleaks range {base}..HEAD"),
    }));
    if commits.len() > named.len() {
        let more = commits.len() - named.len();
        steps.push(Step::say(format!(
            "{more} more commits brought it in, and have other ids by then: run jvxleaks history again for those"
        )));
    }
    steps
}

/// A later commit that changes the lines that were edited does not apply any more, above all the one that took
/// the key out.
fn conflict(keys: AmendedKeys<'_>) -> [Step; 3] {
    let short = |id: &&str| id.get(..7).unwrap_or(id).to_owned();
    let removed: Vec<String> = keys.removed.iter().take(3).map(short).collect();
    let (at, what) = match removed.as_slice() {
        [] => (String::new(), keys.noun()),
        some => (
            format!(
                " (at {}, which took {} out)",
                listed(some),
                if keys.count == 1 { "it" } else { "some" }
            ),
            keys.noun(),
        ),
    };
    [
        Step::say(format!(
            "if git stops on a conflict or an empty commit{at}, leave the files as that commit wants them, without {what}, then"
        )),
        Step::run("git add -u"),
        Step::run("git rebase --continue"),
    ]
}

/// For what HEAD does not reach, the first branch that does, with all that came in on it: a rebase
/// of the branch that HEAD is on leaves that one as it is.
fn by_branch(exposure: &Exposure) -> BTreeMap<&RefName, Vec<&Introduction>> {
    let introduced = exposure.introduced.iter();
    let elsewhere = introduced.clone().filter(|i| i.below == Below::Elsewhere);
    let branches: BTreeSet<&RefName> = elsewhere.filter_map(first_branch).collect();
    let on = |branch: &&RefName| {
        let own = introduced.clone();
        let own = own.filter(|i| i.refs.named().contains(branch));
        own.collect::<Vec<_>>()
    };
    let held = branches.into_iter().map(|branch| (branch, on(&branch)));
    held.collect()
}
