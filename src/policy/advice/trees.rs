//! Other work trees: a branch that one of them is on is rewritten there, and what its index holds is taken out there.

use super::listing::listed_files;
use super::shell::word;
use super::taking::chunks;
use crate::model::{BlobPath, Exposure, OtherTree, RefName, Step};
use std::collections::BTreeSet;

/// The work tree that is on a branch: git switches to it nowhere else.
pub(super) fn tree_on<'e>(exposure: &'e Exposure, branch: &RefName) -> Option<&'e OtherTree> {
    let mut trees = exposure.trees.iter();
    trees.find(|tree| tree.branch.as_ref() == Some(branch))
}

/// What other indexes hold and their HEAD does not.
pub(super) fn staged_there(exposure: &Exposure) -> Vec<Step> {
    let trees = exposure.trees.iter();
    let trees = trees.filter(|tree| !tree.staged.is_empty());
    let steps = trees.flat_map(|tree| {
        let folder = word(tree.folder.as_bytes());
        let named = tree.staged.iter();
        let named = listed_files(named.map(|(path, line)| format!("{}:{line}", word(path.as_bytes()))));
        let undo = if tree.has_head { format!("git -C {folder} restore --staged --") } else { format!("git -C {folder} rm --cached --") };
        let files: BTreeSet<&BlobPath> = tree.staged.iter().map(|(path, _)| path).collect();
        let mut steps = vec![Step::say(format!(
            "it is staged in the work tree {folder}, at {named}: take it out of the files there, and out of its index"
        ))];
        steps.extend(chunks(&undo, files));
        steps
    });
    steps.collect()
}

/// How indexes let go of what they keep from resolved conflicts: that of the work tree here, where `is_here`, and
/// those of `trees`. Git deletes nothing before.
pub(super) fn cleared(is_here: bool, trees: &[&OtherTree]) -> Vec<Step> {
    let here = is_here.then(|| "git".to_owned());
    let trees = trees.iter();
    let trees = trees.map(|tree| format!("git -C {}", word(tree.folder.as_bytes())));
    let commands = here.into_iter().chain(trees);
    let commands =
        commands.map(|git| Step::run(format!("{git} update-index --clear-resolve-undo")));
    let commands: Vec<Step> = commands.collect();
    if commands.is_empty() {
        return commands;
    }
    let why = "the index keeps what was in conflict until this has run";
    std::iter::once(Step::say(why)).chain(commands).collect()
}
