//! From an [`Outcome`] to bytes: one file per format, all of them listed in [`Format::ALL`].
//!
//! A report writes to whatever it is given and prints nothing itself. What it writes is inert: text
//! that came out of scanned files can neither steer a terminal nor a runner, nor become a link.
//! A new format is one file with a `write` function and one line in the table.

mod accepted;
mod escape;
mod exchange;
mod github;
mod html;
mod json;
mod jsonl;
mod leak;
mod markdown;
mod options;
mod provenance;
mod sarif;
mod summary;
pub mod text;
mod wire;

#[cfg(test)]
mod sample;

pub use escape::visible;
pub use options::ReportOptions;

pub(crate) use escape::json as json_escaped;
pub(crate) use exchange::csv::inert as spreadsheet_cell;
pub(crate) use html::{HeldKey, KeyHolder, KeysPage, write_keys};
pub(crate) use markdown::code::code as markdown_code;
pub(crate) use sarif::place::Uri;
pub(crate) use summary::number;
pub(crate) use text::keys::{day, heading, refs as refs_in_words, short};
pub(crate) use text::wrap::{LONGEST, wrapped};

use crate::model::{Base, Outcome, Reveal};
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            reveal: Reveal::Redacted,
            color: false,
            width: None,
            verbose: false,
            shows_all: "-v or --format json",
            max_findings: None,
            statistics: false,
            rule_options: String::new(),
            allow_options: String::new(),
            root: Base::default(),
            scanned: ".".to_owned(),
            with_suppressed: false,
            started: "1970-01-01T00:00:00".to_owned(),
            ended: "1970-01-01T00:00:00".to_owned(),
            tool_version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl ReportOptions {
    /// Columns that the shown line of a file may fill before it is cut around the finding.
    fn columns(&self) -> usize {
        self.width.unwrap_or(140).min(200)
    }

    /// Columns that words may fill before they go on in the next line.
    fn prose(&self) -> usize {
        self.width.unwrap_or(LONGEST)
    }
}

type WriteReport = fn(&Outcome, &ReportOptions, &mut dyn Write) -> io::Result<()>;

/// From where a format names files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    /// From the folder that was scanned; `sarif` puts them right itself.
    Scanned,
    /// From the current folder, so that a terminal or an editor opens them.
    Here,
    /// From the root of the repository.
    Repository,
}

/// A way to write an outcome down.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    name: &'static str,
    help: &'static str,
    write: WriteReport,
}

impl Format {
    /// Every format, in the order that help texts list them. The first is the default.
    #[rustfmt::skip]
    pub const ALL: &[Self] = &[
        Self { name: "text", help: "for people, with the line that leaks", write: text::write },
        Self { name: "json", help: "one document, schema jvxleaks/1", write: json::write },
        Self { name: "jsonl", help: "one JSON object a line, a summary last", write: jsonl::write },
        Self { name: "sarif", help: "SARIF 2.1.0 for code scanning", write: sarif::write },
        Self { name: "github", help: "annotations in a GitHub Actions log", write: github::write },
        Self { name: "markdown", help: "tables for a job summary or a ticket", write: markdown::write },
        Self { name: "concise", help: "one line a place", write: text::concise::write },
        Self { name: "gitlab", help: "GitLab's report of secret detection, 15.2.4", write: exchange::gitlab::write },
        Self { name: "gitlab-codequality", help: "GitLab's report of code quality", write: exchange::gitlab_codequality::write },
        Self { name: "junit", help: "JUnit's XML for CI servers", write: exchange::junit::write },
        Self { name: "csv", help: "a table for a spreadsheet", write: exchange::csv::write },
        Self { name: "azure", help: "commands in the log of an Azure pipeline", write: exchange::azure::write },
        Self { name: "rdjson", help: "reviewdog's diagnostics", write: exchange::rdjson::write },
        Self { name: "html", help: "one page for a browser, without anything from elsewhere", write: html::write },
    ];

    /// The name that `--format` takes.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// True when the format can be told to show whole secrets: `text`, `json` and `jsonl`.
    pub fn can_reveal(&self) -> bool {
        ["text", "json", "jsonl"].contains(&self.name)
    }

    /// True when the format is for reading, so that it can be limited to a few findings.
    pub fn can_be_limited(&self) -> bool {
        ["text", "markdown", "concise"].contains(&self.name)
    }

    /// True when the format can count findings instead of showing them.
    pub fn can_count(&self) -> bool {
        ["text", "concise"].contains(&self.name)
    }

    /// True when the format tells the hashes of lines, which a scan computes only if asked to.
    pub fn tells_line_hashes(&self) -> bool {
        self.name == "sarif"
    }

    /// True when the format tells how findings are fixed, which a scan finds out only if asked to.
    pub fn tells_edits(&self) -> bool {
        ["json", "jsonl", "sarif", "rdjson"].contains(&self.name)
    }

    /// True when the format tells fingerprints, which a scan computes only if asked to.
    pub fn tells_fingerprints(&self) -> bool {
        self.name != "github"
    }

    /// From where it names files: an outcome that it is given is to be [`Outcome::seen_from`] there.
    pub fn paths(&self) -> Paths {
        match self.name {
            "text" | "markdown" | "concise" | "html" | "junit" | "csv" => Paths::Here,
            "github" | "gitlab" | "gitlab-codequality" | "azure" | "rdjson" => Paths::Repository,
            _ => Paths::Scanned,
        }
    }

    /// What the format is for, in a few words.
    pub fn help(&self) -> &'static str {
        self.help
    }

    /// Writes the whole report to `out`, in many small pieces: a file wants a buffer around it.
    pub fn write(
        &self,
        outcome: &Outcome,
        options: &ReportOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        (self.write)(outcome, options, out)
    }
}

impl Default for Format {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Format {}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name)
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|format| format.name == name);
        known.copied().ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(Self::name).collect();
            format!("expected one of {}", names.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: &Format, outcome: &Outcome, reveal: Reveal) -> String {
        let options = ReportOptions {
            reveal,
            verbose: true,
            ..sample::options()
        };
        sample::written(format, outcome, &options)
    }

    #[test]
    fn a_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(*format));
        }
        insta::assert_snapshot!("xml".parse::<Format>().unwrap_err(), @"expected one of text, json, jsonl, sarif, github, markdown, concise, gitlab, gitlab-codequality, junit, csv, azure, rdjson, html");
    }

    #[test]
    fn no_format_shows_a_secret_unless_told_to() {
        let outcome = sample::outcome();
        for format in Format::ALL {
            let report = written(format, &outcome, Reveal::Redacted);
            for secret in sample::secrets() {
                let start = &secret[..secret.len().min(14)];
                assert!(!report.contains(start), "{format} shows {start}");
            }
        }
    }

    #[test]
    fn only_formats_for_one_reader_can_be_told_to_show_secrets() {
        let outcome = sample::outcome();
        let shows = |format: &&Format| {
            let report = written(format, &outcome, Reveal::Whole);
            sample::secrets().iter().any(|s| report.contains(s))
        };
        let names: Vec<_> = Format::ALL.iter().filter(shows).map(Format::name).collect();
        assert_eq!(names, ["text", "json", "jsonl"]);
        let can: Vec<_> = Format::ALL.iter().filter(|f| f.can_reveal()).collect();
        assert_eq!(can.iter().map(|f| f.name()).collect::<Vec<_>>(), names);
    }

    #[test]
    fn hostile_text_is_inert_in_every_format() {
        let outcome = sample::hostile();
        for format in Format::ALL {
            let report = written(format, &outcome, Reveal::Redacted);
            let steers = |c: char| c != '\n' && c != '\u{fffd}' && escape::is_hidden(c);
            let found: Vec<_> = report.chars().filter(|c| steers(*c)).collect();
            assert!(found.is_empty(), "{format}: {found:?} in {report}");
            assert!(!report.contains("##["), "{format}: {report}");
            let ours = |line: &str| format.name == "github" && !line.starts_with("::error::owned");
            let commands = report.lines().filter(|l| l.trim_start().starts_with("::"));
            assert!(commands.clone().all(ours), "{format}: {report}");
        }
    }

    #[test]
    fn an_empty_outcome_is_a_whole_report() {
        for format in Format::ALL {
            let report = written(format, &Outcome::default(), Reveal::Redacted);
            let silent = ["text", "github", "concise", "azure"].contains(&format.name());
            assert_eq!(report.is_empty(), silent, "{format}: {report}");
        }
    }
}
