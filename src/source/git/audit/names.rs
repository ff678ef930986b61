//! Names of files and folders that may hold a key, with the commits that brought them in. Trees are read once, without
//! their paths, so commits are compared with their parents where such a name was met, and only then.

use super::super::repo::object::{Commit, EntryKind, TreeEntries, date, join};
use super::super::repo::object_id::{IdMap, ObjectId};
use super::super::repo::single::{Objects, single};
use crate::model::{Origin, Refs};
use crate::source::{Consumer, hand_on_name};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names that are sought, each with a tree that has it.
pub(super) type SoughtNames = BTreeMap<Vec<u8>, ObjectId>;

/// Most entries of the trees of one commit that are compared: a few trees may name each other without end.
const MOST_ENTRIES: usize = 1 << 20;

/// Hands each path on that ends in a name that is sought, with the oldest commit that has it and whose parents do not. A
/// name that no commit has is told of its tree.
pub(super) fn hand_on(
    sought: &SoughtNames,
    commits: &[(ObjectId, Commit)],
    objects: &Objects,
    consumer: &dyn Consumer,
) {
    let trees: IdMap<ObjectId> = commits.iter().map(|(id, own)| (*id, own.tree)).collect();
    let mut added: BTreeMap<Vec<u8>, (i64, ObjectId)> = BTreeMap::new();
    for (id, commit) in commits {
        let parents = commit.parents.iter();
        let parents = parents.filter_map(|parent| trees.get(parent).copied());
        for path in paths(sought, commit.tree, parents.collect(), objects) {
            let own = (commit.authored, *id);
            let oldest = added.entry(path).or_insert(own);
            *oldest = own.min(*oldest);
        }
    }
    let mut met = BTreeSet::new();
    for (path, (authored, commit)) in &added {
        met.insert(path.rsplit(|b| *b == b'/').next().unwrap_or(path).to_vec());
        let origin = || Origin::Commit {
            commit: commit.to_string(),
            author_date: date(*authored),
            refs: Refs::default(),
        };
        hand_on_name(path, origin, consumer);
    }
    for (name, tree) in sought.iter().filter(|(name, _)| !met.contains(*name)) {
        let origin = || Origin::Unreachable {
            object: tree.to_string(),
            refs: Refs::default(),
        };
        hand_on_name(name, origin, consumer);
    }
}

/// The paths of a commit that end in a name that is sought and that none of its parents has.
fn paths(
    sought: &SoughtNames,
    tree: ObjectId,
    parents: Vec<ObjectId>,
    objects: &Objects,
) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut left = MOST_ENTRIES;
    let mut open = vec![(Vec::new(), tree, parents)];
    while let Some((folder, tree, parents)) = open.pop() {
        // What cannot be read was told where all trees were.
        let Some(raw) = read(objects, tree).filter(|_| !parents.contains(&tree)) else {
            continue;
        };
        let before: Vec<Vec<u8>> = parents.iter().filter_map(|p| read(objects, *p)).collect();
        let before: Vec<HashMap<&[u8], ObjectId>> = before
            .iter()
            .map(|raw| {
                TreeEntries::new(raw)
                    .map(|own| (own.name, own.id))
                    .collect()
            })
            .collect();
        for entry in TreeEntries::new(&raw).take(left) {
            left -= 1;
            let there = before
                .iter()
                .filter_map(|names| names.get(entry.name).copied());
            let there: Vec<ObjectId> = there.collect();
            if there.is_empty() && sought.contains_key(entry.name) {
                found.push(join(&folder, entry.name));
            }
            if entry.kind == EntryKind::Tree && !there.contains(&entry.id) {
                open.push((join(&folder, entry.name), entry.id, there));
            }
        }
    }
    found
}

fn read(objects: &Objects, tree: ObjectId) -> Option<Vec<u8>> {
    single(objects, tree).ok().map(|(_, raw)| raw)
}
