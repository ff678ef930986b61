//! What is taken out of which files, and the commands that name them.

use super::shell::{paths, word};
use super::wording::{NAMED, listed};
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

/// `take the key out of a.txt and b.txt, then` and the commands that add them.
pub(super) fn taken_out<'p>(
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
