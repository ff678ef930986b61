//! Files of records come to the same whatever their order, however they are divided, and if one is named twice.

use jvxleaks::fleet::{
    Head, Inventory, KeyRecord, MergeFormat, MergeOptions, Merged, RecordFault, RepositoryRecord,
    read_records,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A file: the shares that it says it has, and its records.
type Share = (u32, Vec<RepositoryRecord>);

const SHARES: u32 = 4;

fn record() -> impl Strategy<Value = RepositoryRecord> {
    let parts = (
        0..6_usize,
        0..3_u64,
        any::<bool>(),
        prop::collection::vec(0..4_usize, 0..3),
    );
    parts.prop_map(|(name, objects, is_whole, keys)| RepositoryRecord {
        name: format!("r{name}"),
        objects,
        keys: keys.into_iter().map(key).collect(),
        faults: if is_whole {
            Vec::new()
        } else {
            vec![RecordFault::default()]
        },
        ..RepositoryRecord::default()
    })
}

fn key(number: usize) -> KeyRecord {
    let text = |all: [&str; 4]| all[number].to_owned();
    KeyRecord {
        fingerprint: format!("f{number}"),
        action: text(["rotate", "amend", "expire", "check"]),
        severity: text(["critical", "high", "medium", "low"]),
        ..KeyRecord::default()
    }
}

fn files() -> impl Strategy<Value = Vec<Share>> {
    let file = (1..=SHARES, prop::collection::vec(record(), 0..5));
    prop::collection::vec(file, 1..6)
}

fn head(share: u32) -> Head {
    Head {
        inventories: vec![Inventory {
            digest: "d".to_owned(),
            repositories: 6,
            shares: BTreeSet::from([format!("{share}/{SHARES}")]),
        }],
        ..Head::default()
    }
}

fn merged<'s>(files: impl IntoIterator<Item = &'s Share>) -> Merged {
    let mut merged = Merged::default();
    for (share, records) in files {
        records.iter().for_each(|record| merged.add(record.clone()));
        merged.join(&head(*share));
    }
    merged
}

fn written(merged: &Merged, format: &str) -> Vec<u8> {
    let mut merged = merged.clone();
    merged.check([]);
    let format: MergeFormat = format.parse().unwrap();
    let mut out = Vec::new();
    format
        .write(&merged, None, &MergeOptions::default(), &mut out)
        .unwrap();
    out
}

/// What a file of records says, read and taken over.
fn again(bytes: &[u8], merged: &mut Merged) {
    let read = read_records(bytes, &mut |record, _| merged.add(record)).unwrap();
    assert!(read.is_whole);
    merged.join(&read.head);
}

proptest! {
    #![proptest_config(crate::config())]
    #[test]
    fn the_order_the_groups_and_repeats_change_nothing(
        files in files(),
        order in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let all = merged(&files);
        let mut other = files.clone();
        other.rotate_left(order.index(files.len()));
        other.push(files[order.index(files.len())].clone());
        let (one, rest) = other.split_at(cut.index(other.len()));
        let mut grouped = Merged::default();
        for group in [rest, one] {
            again(&written(&merged(group), "jsonl"), &mut grouped);
        }
        for format in MergeFormat::ALL {
            let name = format.name();
            prop_assert_eq!(written(&grouped, name), written(&all, name), "{}", name);
        }
    }
}
