//! What is taken out of which files, and the commands that name them.

use super::listing::listed_files;
use super::names::renamed;
use super::shell::{paths, word};
use crate::model::{BlobPath, Exposure, Step};
use std::collections::BTreeSet;

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
    pub(super) fn noun(self) -> &'static str {
        match self.count {
            1 => "the key",
            _ => "the keys",
        }
    }
}

/// `take the key out of a.txt and b.txt, then` and the commands that add all of them. Words name the first files only,
/// commands every one: what is not added stays in the commit. A name that holds the key is changed.
pub(super) fn taken_out<'p>(
    what: &str,
    files: impl Iterator<Item = (&'p BlobPath, &'p BlobPath)>,
    place: &str,
) -> Vec<Step> {
    let (names, files): (Vec<_>, Vec<_>) = files.partition(|(path, _)| path.is_name());
    let mut steps = Vec::new();
    if !files.is_empty() {
        let shown = listed_files(files.iter().map(|(path, _)| word(path.as_bytes())));
        steps.push(Step::say(format!(
            "{place}take {what} out of {shown}, then"
        )));
        let added: BTreeSet<&BlobPath> = files.iter().map(|(_, file)| *file).collect();
        steps.extend(chunks("git add --", added));
    }
    // Deeper ones first: the folder that holds one is called as it was until its own turn.
    let names: BTreeSet<BlobPath> = names
        .iter()
        .filter_map(|(path, _)| path.archive())
        .collect();
    for name in names.iter().rev() {
        steps.extend(renamed(what, name, place));
    }
    steps
}

/// A command for all files, or several if it would be long.
pub(super) fn chunks<'p>(
    command: &str,
    files: impl IntoIterator<Item = &'p BlobPath>,
) -> Vec<Step> {
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
