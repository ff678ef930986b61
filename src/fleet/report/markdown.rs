//! A list for a ticket: a table of keys, then a table of repositories for each.

use super::view::MergeView;
use super::words::{headword, sighting, summary, whereabouts};
use crate::report::markdown_code as code;
use std::io::{self, Write};

/// Writes the list.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "# Keys of {} repositories\n",
        told.merged.records.len()
    )?;
    writeln!(out, "{}\n", summary(told.merged, &told.keys))?;
    if told.unread().next().is_some() {
        writeln!(out, "## Not read\n\n| what | why |\n|---|---|")?;
        for trouble in told.unread() {
            writeln!(out, "| {} | {} |", code(&trouble.at), code(&trouble.what))?;
        }
        writeln!(out)?;
    }
    for key in &told.keys {
        let since = key.since.map(|since| format!(", {}", since.name()));
        writeln!(
            out,
            "## {} {} {}{}\n",
            headword(key),
            code(key.rule),
            code(key.prefix),
            since.unwrap_or_default()
        )?;
        writeln!(
            out,
            "Fingerprint {}, {}.\n",
            code(key.fingerprint),
            key.severity.name()
        )?;
        if key.is_open() {
            writeln!(out, "- [ ] {}\n", code(key.first_step()))?;
        }
        writeln!(out, "| repository | first seen | where |\n|---|---|---|")?;
        for holder in &key.holders {
            let first = holder.key.first_seen.as_ref().map(sighting);
            writeln!(
                out,
                "| {} | {} | {} |",
                code(&holder.repository.name),
                code(&first.unwrap_or_default()),
                code(&whereabouts(holder))
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}
