//! A table for a spreadsheet: a line for each key and repository, then one for what was not read.

use super::view::MergeView;
use super::words::headword;
use crate::report::spreadsheet_cell as inert;
use std::io::{self, Write};

const HEAD: [&str; 16] = [
    "action",
    "repository_action",
    "severity",
    "rule",
    "prefix",
    "fingerprint",
    "since",
    "repository",
    "remote",
    "first_commit",
    "first_date",
    "path",
    "line",
    "published",
    "in_head",
    "removed_in",
];

/// Writes the table, with a head.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    for key in &told.keys {
        let since = key.since.map(|since| since.name());
        for holder in &key.holders {
            let (repository, own) = (holder.repository, holder.key);
            let first = own.first_seen.clone().unwrap_or_default();
            let line = own.first_seen.as_ref().map(|at| at.line.to_string());
            let removed = own.removed_in.as_ref().map(|at| at.commit.clone());
            let cells = [
                headword(key),
                &own.action,
                key.severity.name(),
                key.rule,
                key.prefix,
                key.fingerprint,
                since.unwrap_or_default(),
                &repository.name,
                repository.remote.as_deref().unwrap_or_default(),
                &first.commit,
                &first.author_date,
                &first.path,
                &line.unwrap_or_default(),
                &own.published.join(" "),
                if own.in_head { "yes" } else { "no" },
                &removed.unwrap_or_default(),
            ];
            table.write_record(cells.map(inert))?;
        }
    }
    for trouble in told.unread() {
        let mut cells = [""; HEAD.len()];
        (cells[0], cells[3], cells[7]) = ("NOT READ", &trouble.what, &trouble.at);
        table.write_record(cells.map(inert))?;
    }
    table.flush()
}
