//! How to take a key out of what has not been pushed yet: of each commit that brought it in, once,
//! in one rebase for a branch. Whatever only carries it on is rewritten by that rebase.

use super::rotation::{FORGET, NAMED, listed};
use super::shell::{paths, word};
use crate::model::{Below, BlobPath, Exposure, Introduction, RefKind, RefName};
use std::collections::{BTreeMap, BTreeSet};

/// Most commits that get a line of their own.
const COMMITS: usize = 20;

/// The steps, one a line.
pub(super) fn steps(exposure: &Exposure) -> Vec<String> {
    let mut steps: Vec<String> = staged(exposure).into_iter().collect();
    let here = exposure.introduced.iter();
    let here: Vec<&Introduction> = here.filter(|i| i.below != Below::Elsewhere).collect();
    if here.iter().all(|i| i.below == Below::Head) {
        steps.extend(last_commit(&here));
    } else {
        steps.extend(rebase(&commits(&here), None));
    }
    let mut handled: BTreeSet<&RefName> = exposure.branch.iter().collect();
    for (branch, there) in by_branch(exposure) {
        handled.insert(branch);
        steps.extend(rebase(&commits(&there), Some(branch)));
    }
    steps.extend(other_branches(exposure, &handled));
    steps.extend(elsewhere(exposure));
    if steps.is_empty() && exposure.in_index {
        steps.push("the index of a linked work tree holds it: take it out there".to_owned());
    }
    if !exposure.introduced.is_empty() {
        steps.push(format!("the old commit stays on this disk until {FORGET}"));
    }
    steps
}

/// How to take out what no ref of a remote holds, of the index and of commits that HEAD or another branch
/// reaches.
pub fn rewriting(exposure: &Exposure) -> Vec<String> {
    let introduced: Vec<&Introduction> = exposure.introduced.iter().collect();
    let mut steps: Vec<String> = staged(exposure).into_iter().collect();
    if introduced.iter().any(|i| i.below == Below::Elsewhere) {
        steps.push("git switch to the branch that is pushed".to_owned());
    }
    match introduced.iter().all(|i| i.below == Below::Head) {
        true => steps.extend(last_commit(&introduced)),
        false => steps.extend(rebase(&commits(&introduced), None)),
    }
    steps
}

fn staged(exposure: &Exposure) -> Option<String> {
    let files = paths(&exposure.staged);
    let undo = match exposure.has_head {
        true => "git restore --staged",
        // Before the first commit there is nothing to restore from.
        false => "git rm --cached",
    };
    let what = match exposure.staged.as_slice() {
        [] => return None,
        [_] => "the file, and git add it again",
        _ => "these files, and git add them again",
    };
    Some(format!("{undo} -- {files}, take the key out of {what}"))
}

/// What a commit brought in.
struct Commit<'i> {
    id: &'i str,
    parents: usize,
    in_message: bool,
    /// As they are shown, and as git takes them.
    files: Vec<(&'i BlobPath, &'i BlobPath)>,
}

/// Introductions by their commit, in their order.
fn commits<'i>(introduced: &[&'i Introduction]) -> Vec<Commit<'i>> {
    let mut commits: Vec<Commit<'i>> = Vec::new();
    for introduction in introduced {
        let id = introduction.at.commit.as_str();
        if commits.last().is_none_or(|last| last.id != id) {
            commits.push(Commit {
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

impl Commit<'_> {
    fn short(&self) -> &str {
        self.id.get(..7).unwrap_or(self.id)
    }

    /// `take the key out of a.txt and b.txt, git add -- a.txt b.txt`.
    fn edit(&self, then: &str) -> String {
        let named = self.files.iter().take(NAMED);
        let mut shown: Vec<String> = named
            .clone()
            .map(|(path, _)| word(path.as_bytes()))
            .collect();
        if self.files.len() > NAMED {
            shown.push(format!("{} more files", self.files.len() - NAMED));
        }
        let files: BTreeSet<&BlobPath> = named.map(|(_, file)| *file).collect();
        let (shown, files) = (listed(&shown), paths(files));
        format!("take the key out of {shown}, {then}git add -- {files}")
    }

    fn mark(&self) -> String {
        let short = self.short();
        match (self.parents, self.files.is_empty()) {
            (2.., _) => format!("put a line `break` below the `merge` of {short}"),
            (_, false) => format!("mark {short} as `edit`"),
            (_, true) => format!("mark {short} as `reword`"),
        }
    }
}

fn last_commit(introduced: &[&Introduction]) -> Option<String> {
    let commits = commits(introduced);
    let commit = commits.first()?;
    Some(match (commit.files.is_empty(), commit.in_message) {
        (true, _) => "git commit --amend, and take the key out of the message".to_owned(),
        (false, false) => format!("{} && git commit --amend --no-edit", commit.edit("then ")),
        (false, true) => format!(
            "{} && git commit --amend, and take the key out of the message too",
            commit.edit("then ")
        ),
    })
}

/// One rebase over all commits; the first is one that none of the others is an ancestor of.
fn rebase(commits: &[Commit<'_>], branch: Option<&RefName>) -> Vec<String> {
    let Some(first) = commits.first() else {
        return Vec::new();
    };
    let switch = branch.map(|name| match name.kind() {
        RefKind::Branch(branch) => format!("git switch {} && ", word(branch.as_bytes())),
        _ => String::new(),
    });
    let switch = switch.unwrap_or_default();
    let (base, check) = match commits.iter().any(|c| c.parents == 0) {
        true => ("--root".to_owned(), "jvxleaks history".to_owned()),
        false => {
            let base = format!("{}^", first.short());
            let check = format!("jvxleaks range {base}..HEAD");
            (base, check)
        }
    };
    let start = format!("{switch}git rebase -i --rebase-merges {base}");
    if let [only] = commits {
        let edit = match only.files.is_empty() {
            true => "take the key out".to_owned(),
            false => only.edit(""),
        };
        let mark = only.mark();
        let amend = match (only.parents, only.in_message && !only.files.is_empty()) {
            (2.., _) | (_, true) => ", git commit --amend",
            _ => "",
        };
        return vec![format!(
            "{start}, {mark}, {edit}{amend}, git rebase --continue; then {check}"
        )];
    }
    let marks: Vec<String> = commits.iter().take(COMMITS).map(Commit::mark).collect();
    let mut steps = vec![format!(
        "{start}, {}, and after each stop git rebase --continue; then {check}",
        marks.join(", ")
    )];
    for commit in commits.iter().take(COMMITS) {
        let short = commit.short();
        let message = "take the key out of the message";
        steps.push(match (commit.files.is_empty(), commit.in_message) {
            (true, _) if commit.parents > 1 => format!("in {short}: git commit --amend, {message}"),
            (true, _) => format!("in {short}: {message}"),
            (false, true) => format!(
                "in {short}: {}, git commit --amend, {message} too",
                commit.edit("")
            ),
            (false, false) if commit.parents > 1 => {
                format!("in {short}: {}, git commit --amend", commit.edit(""))
            }
            (false, false) => format!("in {short}: {}", commit.edit("")),
        });
    }
    if commits.len() > COMMITS {
        let more = commits.len() - COMMITS;
        steps.push(format!("{more} more commits brought it in: see the places"));
    }
    steps
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

fn first_branch(introduction: &Introduction) -> Option<&RefName> {
    let mut named = introduction.refs.named().iter();
    named.find(|name| matches!(name.kind(), RefKind::Branch(_)))
}

/// A rebase moves one branch; the others keep the old commits.
fn other_branches(exposure: &Exposure, handled: &BTreeSet<&RefName>) -> Option<String> {
    let others = exposure.local.named().iter();
    let others = others.filter(|name| !handled.contains(name));
    let branches = others.filter_map(|name| match name.kind() {
        RefKind::Branch(branch) => Some(word(branch.as_bytes())),
        _ => None,
    });
    let branches: Vec<String> = branches.collect();
    let all = listing_all(exposure, "git branch");
    (!branches.is_empty()).then(|| {
        let held = match branches.as_slice() {
            [one] => {
                format!("branch {one} holds it too: rebase it as well, or git branch -D {one}")
            }
            all => format!(
                "branches {} hold it too: rebase them as well, or git branch -D {}",
                listed(all),
                all.join(" ")
            ),
        };
        format!("{held}{all}")
    })
}

/// The command that lists all branches or tags that hold the key, where not all are named.
fn listing_all(exposure: &Exposure, command: &str) -> String {
    let are_all_named = exposure.local.count() == exposure.local.named().len();
    match exposure.introduced.first() {
        Some(first) if !are_all_named => {
            let commit = first.at.commit.get(..7).unwrap_or_default();
            format!("; {command} --contains {commit} lists all")
        }
        _ => String::new(),
    }
}

/// What is in no branch: stashes, notes, tags and other refs.
fn elsewhere(exposure: &Exposure) -> Vec<String> {
    let mut steps = Vec::new();
    let loose = exposure.introduced.iter();
    let loose = loose.filter(|i| i.below == Below::Elsewhere && first_branch(i).is_none());
    let mut stashes = BTreeSet::new();
    let mut others = BTreeSet::new();
    for introduction in loose {
        for name in introduction.refs.named() {
            match name.kind() {
                RefKind::Stash(entry) => {
                    stashes.insert((entry.len(), entry));
                }
                RefKind::Notes(notes) => steps.push(without_note(notes, introduction)),
                RefKind::Other(name) => {
                    others.insert(name);
                }
                _ => {}
            }
        }
    }
    // Dropping one renumbers those behind it.
    steps.extend(stashes.iter().rev().map(|(_, entry)| {
        format!(
            "git stash show -p --include-untracked {entry} shows what is in it; keep what you need without the key, \
             then git stash drop {entry}"
        )
    }));
    let tags = exposure
        .local
        .named()
        .iter()
        .filter_map(|name| match name.kind() {
            RefKind::Tag(tag) => Some(word(tag.as_bytes())),
            _ => None,
        });
    let tags: Vec<String> = tags.collect();
    if !tags.is_empty() {
        let tags = tags.join(" ");
        let all = listing_all(exposure, "git tag");
        steps.push(format!(
            "git tag -d {tags}, and tag again once the key is gone{all}"
        ));
    }
    steps.extend(others.iter().map(|name| {
        let tree = name.strip_prefix("worktrees/");
        let shown = word(name.as_bytes());
        match tree.and_then(|rest| rest.strip_suffix("/HEAD")) {
            Some(tree) => format!(
                "the linked work tree {} stands on it: take it out of the commit there",
                word(tree.as_bytes())
            ),
            None => format!("git update-ref -d {shown}, once nothing that it holds is needed"),
        }
    }));
    steps
}

fn without_note(notes: &str, introduction: &Introduction) -> String {
    let path = introduction.at.path.to_string().replace('/', "");
    let (name, of) = (word(notes.as_bytes()), word(path.as_bytes()));
    format!(
        "git notes --ref={name} remove {of}; the history of the notes keeps it until \
         git update-ref -d refs/notes/{name}, which drops them all"
    )
}
