//! Several keys as one, for a plan that takes all of them out.

use crate::model::{Exposure, OtherTree, RefName, Refs};
use std::collections::BTreeSet;

/// What was brought in of any of them, and where any of them is; only what a rewrite asks for is told.
pub(super) fn merged(keys: &[&Exposure]) -> Exposure {
    let mut all = Exposure::default();
    let mut named: Vec<RefName> = Vec::new();
    let mut met = BTreeSet::new();
    let mut count = 0;
    let mut staged = BTreeSet::new();
    for key in keys {
        all.introduced.extend(key.introduced.iter().cloned());
        all.in_index |= key.in_index;
        all.has_head |= key.has_head;
        all.options.clone_from(&key.options);
        all.stashed_on.clone_from(&key.stashed_on);
        all.way_to_root = all.way_to_root.or_else(|| key.way_to_root.clone());
        all.is_kept_resolved |= key.is_kept_resolved;
        trees(&mut all.trees, &key.trees);
        all.branch = all.branch.or_else(|| key.branch.clone());
        staged.extend(key.staged.iter().cloned());
        for name in &key.names {
            if !all.names.contains(name) {
                all.names.push(name.clone());
            }
        }
        let new = key
            .local
            .named()
            .iter()
            .filter(|name| met.insert((*name).clone()));
        named.extend(new.cloned());
        count = count.max(key.local.count());
    }
    all.introduced.sort_by(|a, b| {
        (a.order, &a.at.commit, &a.file, &a.at.path).cmp(&(
            b.order,
            &b.at.commit,
            &b.file,
            &b.at.path,
        ))
    });
    all.staged = staged.into_iter().collect();
    all.local = Refs::new(named, count);
    all
}

/// Every key knows the same work trees, and what they hold of it.
fn trees(all: &mut Vec<OtherTree>, of_key: &[OtherTree]) {
    if all.is_empty() {
        return all.extend_from_slice(of_key);
    }
    for (tree, more) in all.iter_mut().zip(of_key) {
        tree.is_kept_resolved |= more.is_kept_resolved;
        tree.staged.extend_from_slice(&more.staged);
        tree.staged.sort();
        tree.staged.dedup();
    }
}
