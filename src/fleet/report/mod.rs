//! From what files say together to bytes: one file a format, all of them listed in [`MergeFormat::ALL`].

mod csv;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;
mod words;

use super::merged::{LeakedKey, Merged, Trouble};
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

/// How what files say is written down.
#[derive(Clone, Debug, Default)]
pub struct MergeOptions {
    /// Columns of the terminal that a text is for.
    pub width: Option<usize>,
    /// Whether every repository of a key is listed in a text.
    pub verbose: bool,
}

/// What a report is made of.
pub(super) struct Told<'m> {
    merged: &'m Merged,
    keys: Vec<LeakedKey<'m>>,
    options: &'m MergeOptions,
}

type WriteMerged = fn(&Told<'_>, &mut dyn Write) -> io::Result<()>;

/// A way to write down what files say.
#[derive(Clone, Copy, Debug)]
pub struct MergeFormat {
    name: &'static str,
    help: &'static str,
    write: WriteMerged,
}

impl MergeFormat {
    /// Every format; the first is the default.
    #[rustfmt::skip]
    pub const ALL: &[Self] = &[
        Self { name: "text", help: "for people, one item a key", write: text::write },
        Self { name: "json", help: "one document, schema jvxleaks-merge/1", write: json::write },
        Self { name: "jsonl", help: "the records, which `merge` reads again", write: records },
        Self { name: "markdown", help: "tables for a ticket", write: markdown::write },
        Self { name: "sarif", help: "SARIF 2.1.0, a result a key", write: sarif::write },
        Self { name: "html", help: "one page for a browser, which loads nothing", write: html::write },
        Self { name: "csv", help: "a table for a spreadsheet, a line for each key and repository", write: csv::write },
    ];

    /// The name that `--format` takes.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is, in a few words.
    pub fn help(&self) -> &'static str {
        self.help
    }

    /// True for the format that has the records themselves, where nothing may be missing from a file.
    pub fn has_records(&self) -> bool {
        self.name == "jsonl"
    }

    /// Writes what files say, and how it compares with what others said before.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn write(
        &self,
        merged: &Merged,
        old: Option<&Merged>,
        options: &MergeOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let keys = match old {
            Some(old) => merged.keys_since(old),
            None => merged.keys(),
        };
        let told = Told {
            merged,
            keys,
            options,
        };
        (self.write)(&told, out)
    }
}

impl Default for MergeFormat {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl FromStr for MergeFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().find(|format| format.name == name);
        known.copied().ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(Self::name).collect();
            format!("expected {}", names.join(", "))
        })
    }
}

impl fmt::Display for MergeFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Told<'_> {
    /// All that was asked for and not read: what is in no file, and what an audit could not read.
    fn unread(&self) -> impl Iterator<Item = Trouble> {
        let troubles = self.merged.troubles.iter().cloned();
        let faults = self.merged.incomplete().flat_map(|record| {
            record.faults.iter().map(|fault| Trouble {
                at: if fault.path == record.name {
                    record.name.clone()
                } else {
                    format!("{}: {}", record.name, fault.path)
                },
                what: fault.what.clone(),
            })
        });
        troubles.chain(faults)
    }
}

fn records(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    super::record_file::write_records(&told.merged.head, told.merged.records.values(), out)
}
