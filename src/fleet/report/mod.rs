//! From what files say together to bytes: one file a format, all of them listed in [`MergeFormat::ALL`].

mod csv;
mod html;
mod json;
mod markdown;
mod sarif;
mod text;
mod view;
mod words;

pub use view::MergeOptions;

use super::merged::Merged;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;
use view::MergeView;

type WriteMerged = fn(&MergeView<'_>, &mut dyn Write) -> io::Result<()>;

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
        let told = MergeView {
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

fn records(told: &MergeView<'_>, out: &mut dyn Write) -> io::Result<()> {
    super::record_file::write_records(&told.merged.head, told.merged.all(), out)
}
