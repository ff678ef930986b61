//! What holds a key besides the branch that is rewritten: other branches, stashes, notes, tags and other refs.

use super::listing::listed;
use super::rebase::{RebaseAt, short};
use super::shell::{ref_word, tag_word, word};
use super::trees::tree_on;
use crate::model::{Below, Exposure, Introduction, RefKind, RefName, Step};
use std::collections::BTreeSet;

pub(super) fn first_branch(introduction: &Introduction) -> Option<&RefName> {
    let mut named = introduction.refs.named().iter();
    named.find(|name| matches!(name.kind(), RefKind::Branch(_)))
}

/// A rebase moves one branch; the others keep the old commits.
pub(super) fn other_branches(exposure: &Exposure, handled: &BTreeSet<&RefName>) -> Vec<Step> {
    let others = exposure.leading_here();
    let others = others.filter(|name| !handled.contains(name));
    let branches = others.filter_map(|name| match name.kind() {
        RefKind::Branch(branch) => Some(word(branch.as_bytes())),
        _ => None,
    });
    let branches: Vec<String> = branches.collect();
    if branches.is_empty() {
        return Vec::new();
    }
    let (noun, them) = match branches.len() {
        1 => (
            "branch",
            "holds it too: rewrite it as well, or delete it if nothing on it is needed",
        ),
        _ => (
            "branches",
            "hold it too: rewrite them as well, or delete those on which nothing is needed",
        ),
    };
    let mut steps = vec![Step::say(format!("{noun} {} {them}", listed(&branches)))];
    steps.extend(listing_all(exposure, "git branch"));
    steps
}

/// The command that lists all branches or tags that hold the key, where not all are named.
fn listing_all(exposure: &Exposure, command: &str) -> Vec<Step> {
    let are_all_named = exposure.local.count() == exposure.local.named().len();
    match exposure.introduced.first() {
        Some(first) if !are_all_named => {
            let commit = first.at.commit.get(..7).unwrap_or_default();
            let list = format!("{command} --contains {commit}");
            vec![
                Step::say("others hold it too: list them all"),
                Step::run(list),
            ]
        }
        _ => Vec::new(),
    }
}

/// What is in no branch, and what was made on top of one.
pub(super) fn elsewhere(exposure: &Exposure) -> Vec<Step> {
    let mut steps = Vec::new();
    let loose = exposure.introduced.iter();
    let loose = loose.filter(|i| i.below == Below::Elsewhere && first_branch(i).is_none());
    let mut own_stashes = BTreeSet::new();
    let mut others = BTreeSet::new();
    for introduction in loose {
        for name in introduction.refs.named() {
            match name.kind() {
                RefKind::Stash(entry) => {
                    own_stashes.insert((entry.len(), entry));
                }
                RefKind::Notes(notes) => steps.extend(without_note(notes, introduction)),
                RefKind::Other(name) => {
                    others.insert(name);
                }
                _ => {}
            }
        }
    }
    steps.extend(stashes(exposure, &own_stashes));
    steps.extend(tags(exposure));
    steps.extend(others.iter().flat_map(|name| other(exposure, name)));
    steps
}

/// Stashes by the length of their names and the names, so that `stash@{2}` is before `stash@{10}`.
type Stashes<'e> = BTreeSet<(usize, &'e str)>;

/// A stash that brought the key in is dropped. One that was made on a commit with the key keeps that commit: it is
/// brought back on the rewritten branch. Either renumbers those behind it, so the last is the first.
fn stashes(exposure: &Exposure, own: &Stashes<'_>) -> Vec<Step> {
    let all = exposure.leading_here();
    let all = all.filter_map(|name| match name.kind() {
        RefKind::Stash(entry) => Some((entry.len(), entry)),
        _ => None,
    });
    let all: Stashes<'_> = all.chain(own.iter().copied()).collect();
    let mut left = all.difference(own).count();
    // One that is stashed again becomes the first, and all before it have another number.
    let mut again = 0;
    let mut steps = Vec::new();
    for stash in all.iter().rev() {
        let now = renumbered(stash.1, again);
        if own.contains(stash) {
            steps.extend(dropped(&now));
        } else {
            left -= 1;
            again += 1;
            steps.extend(brought_back(exposure, stash.1, &now, left > 0));
        }
    }
    steps
}

/// `stash@{1}` where so many are before it that were not.
fn renumbered(entry: &str, more: usize) -> String {
    let number = entry
        .strip_prefix("stash@{")
        .and_then(|rest| rest.strip_suffix('}'));
    let number = number.and_then(|number| number.parse::<usize>().ok());
    number.map_or(entry.to_owned(), |number| {
        format!("stash@{{{}}}", number + more)
    })
}

fn dropped(entry: &str) -> Vec<Step> {
    vec![
        Step::say(format!(
            "see what is in {entry}, and keep what you need without the key"
        )),
        Step::run(format!("git stash show -p --include-untracked {entry}")),
        Step::run(format!("git stash drop {entry}")),
    ]
}

/// Brings a stash back on the branch on which it was made: on another its changes would be made to other files.
fn brought_back(exposure: &Exposure, entry: &str, now: &str, is_followed: bool) -> Vec<Step> {
    let full = format!("refs/{entry}");
    let mut made = exposure.stashed_on.iter();
    let made = made.find(|(name, _)| name.as_str() == full);
    let on = made.map(|(_, branch)| RebaseAt {
        branch: short(branch),
        tree: tree_on(exposure, branch),
        is_again: false,
    });
    let called = if entry == now {
        now.to_owned()
    } else {
        format!("{entry}, which is {now} by then,")
    };
    let place = on.map_or(String::new(), |at| {
        format!(" on {}", word(at.branch.as_bytes()))
    });
    let mut steps = vec![Step::run(format!("git stash pop {now}"))];
    let end = if is_followed {
        "and stash it again before the next one"
    } else {
        "and stash it again if you like"
    };
    steps.insert(
        0,
        Step::say(format!(
            "{called} holds it too, in the commit that it was made on: bring it back where the key is gone{place}, \
             see that it stays so, {end}"
        )),
    );
    if is_followed {
        steps.push(Step::run("git stash push --include-untracked"));
    }
    match on {
        Some(at) => at.entered(steps),
        None => steps,
    }
}

fn tags(exposure: &Exposure) -> Vec<Step> {
    let named = exposure.leading_here();
    let tags = named.filter_map(|name| match name.kind() {
        RefKind::Tag(tag) => Some(tag_word(tag)),
        _ => None,
    });
    let tags: Vec<String> = tags.collect();
    if tags.is_empty() {
        return Vec::new();
    }
    let mut steps = vec![
        Step::say("delete what is tagged with it, and tag again once the key is gone"),
        Step::run(format!("git tag -d {}", tags.join(" "))),
    ];
    steps.extend(listing_all(exposure, "git tag"));
    steps
}

fn other(exposure: &Exposure, name: &str) -> Vec<Step> {
    let tree = name.strip_prefix("worktrees/");
    let shown = ref_word(&RefName::new(name), 0);
    match tree.and_then(|rest| rest.strip_suffix("/HEAD")) {
        Some(name) => {
            let mut trees = exposure.trees.iter();
            let known = trees.find(|tree| tree.name == name);
            let known = known.map(|tree| word(tree.folder.as_bytes()));
            let folder = known.unwrap_or_else(|| word(name.as_bytes()));
            vec![Step::say(format!(
                "the linked work tree {folder} stands on it: take it out of the commit there"
            ))]
        }
        None => vec![
            Step::say("once nothing that it holds is needed"),
            Step::run(format!("git update-ref -d {shown}")),
        ],
    }
}

fn without_note(notes: &str, introduction: &Introduction) -> [Step; 4] {
    let path = introduction.at.path.to_string().replace('/', "");
    let (name, of) = (word(notes.as_bytes()), word(path.as_bytes()));
    [
        Step::say("take it out of the note"),
        Step::run(format!("git notes --ref={name} remove {of}")),
        Step::say("the history of the notes keeps it until they are all dropped"),
        Step::run(format!("git update-ref -d refs/notes/{name}")),
    ]
}
