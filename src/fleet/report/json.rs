//! One JSON document, schema `jvxleaks-merge/1`: a field may be added, none may be renamed, dropped or given another
//! meaning.

use super::super::merged::{LeakHolder, LeakedKey, Trouble};
use super::super::record::{KeyRecord, SightingRecord};
use super::view::MergeView;
use crate::report::json_escaped;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct MergeDocument<'m> {
    schema: &'static str,
    tool: &'static str,
    version: &'static str,
    repositories: usize,
    complete: bool,
    /// Findings that projects accept.
    accepted: usize,
    /// Files that were not searched, by the reason why; those that projects exclude among them.
    skipped: BTreeMap<&'m str, u64>,
    with_own_rules: Vec<&'m str>,
    keys: Vec<LeakedKeyWire<'m>>,
    not_read: Vec<TroubleWire>,
}

#[derive(Serialize)]
struct LeakedKeyWire<'m> {
    prefix: &'m str,
    rule: &'m str,
    severity: &'static str,
    fingerprint: &'m str,
    action: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<&'static str>,
    first_seen: Option<&'m SightingRecord>,
    first_seen_in: Option<&'m str>,
    repositories_count: usize,
    heads: usize,
    repositories: Vec<HolderWire<'m>>,
}

#[derive(Serialize)]
struct HolderWire<'m> {
    name: &'m str,
    remote: Option<&'m str>,
    #[serde(flatten)]
    key: &'m KeyRecord,
}

#[derive(Serialize)]
struct TroubleWire {
    at: String,
    what: String,
}

/// Writes the document, indented, with a newline at its end.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let not_read = told
        .unread()
        .map(|Trouble { at, what }| TroubleWire { at, what });
    let all = || told.merged.all();
    let own = all().filter(|record| record.has_own_rules);
    let document = MergeDocument {
        schema: "jvxleaks-merge/1",
        tool: "jvxleaks",
        version: env!("CARGO_PKG_VERSION"),
        repositories: told.merged.records.len(),
        complete: told.merged.is_complete(),
        accepted: all().map(|record| record.accepted).sum(),
        skipped: told.merged.skipped(),
        with_own_rules: own.map(|record| record.name.as_str()).collect(),
        keys: told.keys.iter().map(LeakedKeyWire::from).collect(),
        not_read: not_read.collect(),
    };
    let document = serde_json::to_string_pretty(&document)?;
    writeln!(out, "{}", json_escaped(&document))
}

impl<'m> From<&LeakedKey<'m>> for LeakedKeyWire<'m> {
    fn from(key: &LeakedKey<'m>) -> Self {
        let first = key.first_seen();
        Self {
            prefix: key.prefix,
            rule: key.rule,
            severity: key.severity.name(),
            fingerprint: key.fingerprint,
            action: key.action(),
            since: key.since.map(|since| since.name()),
            first_seen: first.map(|(at, _)| at),
            first_seen_in: first.map(|(_, repository)| repository.name.as_str()),
            repositories_count: key.holders.len(),
            heads: key.heads(),
            repositories: key.holders.iter().map(HolderWire::from).collect(),
        }
    }
}

impl<'m> From<&LeakHolder<'m>> for HolderWire<'m> {
    fn from(holder: &LeakHolder<'m>) -> Self {
        Self {
            name: &holder.repository.name,
            remote: holder.repository.remote.as_deref(),
            key: holder.key,
        }
    }
}
