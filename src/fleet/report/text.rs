//! For people at a terminal: one item a key, and a line for each repository that holds it.

use super::view::MergeView;
use super::words::{counted, headword, sighting, summary, whereabouts};
use crate::fleet::LeakedKey;
use crate::report::{LONGEST, visible, wrapped};
use std::io::{self, Write};

/// Repositories that are listed of a key, unless all are asked for.
const LISTED: usize = 8;

/// What is before a line of a repository.
const MARGIN: usize = 13;

/// What is before what to do.
const DO: &str = "do: ";

/// Writes the list, and what was not read before it.
pub(super) fn write(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    for trouble in told.unread() {
        let (at, what) = (visible(&trouble.at), visible(&trouble.what));
        writeln!(out, "not read: {at}: {what}")?;
    }
    if told.unread().next().is_some() {
        writeln!(out)?;
    }
    for key in &told.keys {
        item(key, told, out)?;
    }
    writeln!(out, "{}", summary(told.merged, &told.keys))
}

fn item(key: &LeakedKey<'_>, told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let word = headword(key);
    let since = key.since.map(|since| format!("   {}", since.name()));
    let holders = counted(key.holders.len(), "repository", "repositories");
    writeln!(
        out,
        "{word:<MARGIN$}{}   {}   {}   in {holders}{}",
        visible(key.rule),
        visible(key.prefix),
        visible(key.fingerprint),
        since.unwrap_or_default(),
    )?;
    let indent = "";
    if let Some((at, repository)) = key.first_seen() {
        let (at, name) = (sighting(at), visible(&repository.name));
        writeln!(
            out,
            "{indent:<MARGIN$}first seen {} in {name}",
            visible(&at)
        )?;
    }
    let listed = if told.options.verbose {
        key.holders.len()
    } else {
        LISTED
    };
    for holder in key.holders.iter().take(listed) {
        let name = visible(&holder.repository.name);
        writeln!(
            out,
            "{indent:<MARGIN$}{name}: {}",
            visible(&whereabouts(holder))
        )?;
    }
    if let Some(more @ 1..) = key.holders.len().checked_sub(listed) {
        writeln!(
            out,
            "{indent:<MARGIN$}and {more} more; -v or --format json shows all"
        )?;
    }
    if key.is_open() {
        let room = told
            .options
            .width
            .unwrap_or(LONGEST)
            .saturating_sub(MARGIN + DO.len());
        let words = [DO].into_iter().chain(std::iter::repeat("    "));
        for (word, line) in words.zip(wrapped(&visible(key.first_step()), room)) {
            writeln!(out, "{indent:<MARGIN$}{word}{line}")?;
        }
    }
    writeln!(out)
}
