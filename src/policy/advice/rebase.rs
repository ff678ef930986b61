//! One rebase that takes keys out of several commits of a branch.

use super::listing::listed;
use super::shell::{branch_word, word};
use super::taking::{AmendedKeys, taken_out};
use crate::model::{BlobPath, Introduction, OtherTree, RefKind, RefName, Step};

/// Most commits that get a line of their own.
const COMMITS: usize = 20;

/// What a commit brought in.
pub(super) struct AmendedCommit<'i> {
    pub(super) id: &'i str,
    pub(super) parents: usize,
    pub(super) in_message: bool,
    /// Whether the name or the address of its author or committer holds it.
    pub(super) in_author: bool,
    /// As they are shown, and as git takes them.
    pub(super) files: Vec<(&'i BlobPath, &'i BlobPath)>,
}

/// Introductions by their commit, in their order.
pub(super) fn commits<'i>(introduced: &[&'i Introduction]) -> Vec<AmendedCommit<'i>> {
    let mut commits: Vec<AmendedCommit<'i>> = Vec::new();
    for introduction in introduced {
        let id = introduction.at.commit.as_str();
        if commits.last().is_none_or(|last| last.id != id) {
            commits.push(AmendedCommit {
                id,
                parents: introduction.parents,
                in_message: false,
                in_author: false,
                files: Vec::new(),
            });
        }
        let Some(commit) = commits.last_mut() else {
            continue;
        };
        match &introduction.file {
            Some(file) => commit.files.push((&introduction.at.path, file)),
            None if introduction.is_in_author() => commit.in_author = true,
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
        match (self.parents, self.is_reworded()) {
            (2.., _) => format!("put a line `break` below the `merge` of {short}"),
            (_, false) => format!("mark {short} as `edit`"),
            (_, true) => format!("mark {short} as `reword`"),
        }
    }

    /// A rebase opens the message alone: neither files nor an author are changed in it.
    fn is_reworded(&self) -> bool {
        self.files.is_empty() && !self.in_author && self.parents < 2
    }

    /// What to do where HEAD is at it.
    pub(super) fn mended(&self, what: &str, place: &str) -> Vec<Step> {
        let mut steps = taken_out(what, self.files.iter().copied(), place);
        let (place, too) = if steps.is_empty() {
            (place, "")
        } else {
            ("and ", " too")
        };
        if self.in_message {
            steps.push(Step::say(format!(
                "{place}take {what} out of the message{too}, with"
            )));
            steps.push(Step::run("git commit --amend --allow-empty"));
        }
        if self.in_author {
            steps.push(Step::say(format!(
                "{place}take {what} out of its author and committer: see that `git config user.name` and \
                 `git config user.email` are without it, then (with `--author='NAME <MAIL>'` in place of \
                 `--reset-author` if someone else wrote the commit)"
            )));
            steps.push(Step::run(
                "git commit --amend --no-edit --allow-empty --reset-author",
            ));
        }
        steps
    }

    /// What to do where a rebase stops at it.
    fn at_stop(&self, what: &str) -> Vec<Step> {
        let short = self.short();
        if self.is_reworded() {
            return vec![Step::say(format!(
                "at {short}: take {what} out of the message that opens"
            ))];
        }
        let mut steps = self.mended(what, &format!("at {short}: "));
        if self.parents > 1 && !self.in_message && !self.in_author {
            steps.push(Step::run("git commit --amend --no-edit"));
        }
        steps.push(Step::run("git rebase --continue"));
        steps
    }
}

pub(super) fn short(branch: &RefName) -> &str {
    match branch.kind() {
        RefKind::Branch(branch) => branch,
        _ => branch.as_str(),
    }
}

/// Where a rebase is done.
#[derive(Clone, Copy)]
pub(super) struct RebaseAt<'e> {
    pub(super) branch: &'e str,
    /// The work tree that is on the branch, if that is not the one here.
    pub(super) tree: Option<&'e OtherTree>,
    /// Whether another branch was told about the same commits.
    pub(super) is_again: bool,
}

impl RebaseAt<'_> {
    pub(super) const HEAD: RebaseAt<'static> = RebaseAt {
        branch: "HEAD",
        tree: None,
        is_again: false,
    };

    /// The steps between those that lead to the branch and back: git refuses to switch to what another work tree
    /// is on.
    pub(super) fn entered(&self, steps: Vec<Step>) -> Vec<Step> {
        let (there, back) = match self.tree {
            Some(tree) => (
                format!("cd {}", word(tree.folder.as_bytes())),
                Some(Step::run("cd -")),
            ),
            None => (format!("git switch {}", branch_word(self.branch)), None),
        };
        let all = std::iter::once(Step::run(there)).chain(steps);
        all.chain(back).collect()
    }
}

/// One rebase over all commits; the first is one that none of the others is an ancestor of.
pub(super) fn rebase(
    keys: AmendedKeys<'_>,
    commits: &[AmendedCommit<'_>],
    at: RebaseAt<'_>,
) -> Vec<Step> {
    let Some(first) = commits.first() else {
        return Vec::new();
    };
    let base = if commits.iter().any(|c| c.parents == 0) {
        "--root".to_owned()
    } else {
        format!("{}^", first.short())
    };
    let named = &commits[..commits.len().min(COMMITS)];
    let marks: Vec<String> = named.iter().map(AmendedCommit::mark).collect();
    let mut steps = vec![
        Step::say("rewrite the commits from the oldest of these on"),
        // A rebase does not begin while a file is changed or something is staged.
        Step::run(format!("git rebase -i --rebase-merges --autostash {base}")),
        Step::say(format!("in the list that opens, {}", listed(&marks))),
    ];
    let stops = named.iter().flat_map(|commit| commit.at_stop(keys.noun()));
    steps.extend(stops);
    // Git opens no message of a commit that changes nothing.
    if commits.iter().any(AmendedCommit::is_reworded) {
        steps.push(Step::say(
            "if git stops there, for the commit would be empty",
        ));
        steps.push(Step::run("git commit --amend --allow-empty"));
        steps.push(Step::run("git rebase --continue"));
    }
    if !at.is_again && commits.iter().any(|commit| !commit.files.is_empty()) {
        steps.extend(conflict(keys));
    }
    steps.push(Step::say("at the end, this finds nothing"));
    let end = branch_word(at.branch);
    let options = &keys.exposure.options;
    steps.push(Step::run(match base.as_str() {
        // What reflogs still know is no part of the branch.
        "--root" => format!("jvxleaks history --branch {end}{options}"),
        base => format!("jvxleaks range {base}..{end}{options}"),
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
