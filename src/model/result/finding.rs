//! A leaked credential at a place, as reports show it.

use super::super::{
    BlobPath, Dress, Edit, Excerpt, FileContext, ImagePlace, Origin, RuleInfo, Secret, Severity,
};
use std::fmt;
use std::sync::Arc;

/// A stable id of rule and secret: the same wherever the secret stands, and no way back to it.
///
/// Derived in `policy::fingerprint`; the model only carries its hexadecimal form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Lines and columns in a file. Columns are 1-based bytes; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, relative to the scanned root.
    pub path: BlobPath,
    /// 1-based first line.
    pub line: usize,
    /// 1-based first column.
    pub column: usize,
    /// 1-based last line.
    pub end_line: usize,
    /// 1-based column after the last byte.
    pub end_column: usize,
}

/// The place behind a finding's place: where in the original source a key stood that a source map
/// holds, or the archive that a member was read from.
///
/// The finding itself stands where the bytes are, in the map, since that is the file to delete or
/// to stop serving; the original source is often not in the scanned tree at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Derivation {
    /// What was decoded: `source-map`, `notebook`, `archive`.
    pub kind: &'static str,
    /// The file behind it. For a source map this is text from the map, cleaned so that it never
    /// leads out of the scanned root; nothing is ever read from it.
    pub path: BlobPath,
    /// 1-based line in it.
    pub line: usize,
    /// 1-based byte column in it.
    pub column: usize,
}

/// Where in another file of the project a browser gets the value of a variable that a finding names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outlet {
    /// The file.
    pub path: BlobPath,
    /// 1-based line in it.
    pub line: usize,
}

/// One leaked credential at one place.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: Arc<RuleInfo>,
    /// How bad it is here.
    pub severity: Severity,
    /// What it is, in one sentence without a secret.
    pub message: String,
    /// What to do, one step a line; findings of one secret share it.
    pub advice: Arc<[String]>,
    /// Where it is.
    pub place: Place,
    /// The line it stands on.
    pub excerpt: Excerpt,
    /// The credential.
    pub secret: Secret,
    /// Id of rule and secret; empty where nothing asked for it.
    pub fingerprint: Fingerprint,
    /// How it was stored.
    pub dress: Dress,
    /// What kind of file it is in.
    pub context: FileContext,
    /// What kind of place it came from.
    pub origin: Origin,
    /// GitHub's hash of its first line, for a finding in a file of the tree if it was asked for.
    pub line_hash: Option<String>,
    /// What its place was decoded from.
    pub derived_from: Option<Derivation>,
    /// Where in a container image it is, if its file is a part of one.
    pub image: Option<ImagePlace>,
    /// Where a browser gets what it names, if that is another file.
    pub outlet: Option<Outlet>,
    /// What takes its place in the file, or why nothing does; none where nobody asked for it.
    pub edit: Option<Result<Edit, &'static str>>,
}

impl Finding {
    /// The order of every report: by place, then rule.
    pub fn sort_key(&self) -> impl Ord + '_ {
        (&self.place, &self.origin, &self.rule.id, &self.secret)
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suppression {
    /// A comment at the finding.
    Inline {
        /// The mark that was honoured, such as `jvxleaks:allow`.
        mark: String,
        /// What the comment gives as the reason, if it gives one.
        reason: Option<String>,
    },
    /// The configuration file.
    Config {
        /// The entry's stated reason, if it gives one.
        reason: Option<String>,
    },
    /// The baseline of accepted findings.
    Baseline,
    /// An ignore file of another tool, such as `.gitleaksignore`.
    IgnoreFile,
}

/// A finding that does not count, with the reason.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why it does not count.
    pub by: Suppression,
    /// True when the very commits that were read accept it: a reviewer should see that.
    pub in_change: bool,
}
