//! The result of a run: all that a report needs, in an order that does not depend on threads.

use super::super::{
    Base, BlobPath, ExposedKey, Fault, Finding, Forge, RefName, RuleInfo, Step, Suppressed,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the configuration excludes, among the kinds of what was passed over.
pub const EXCLUDED: &str = "excluded";

/// How much was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Files, index entries or blobs read.
    pub files: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// Commits read; none when the run was not about commits.
    pub commits: Option<u64>,
    /// Members of archives read; `files` and `bytes` count the archive itself.
    pub members: u64,
    /// Objects that an earlier audit of the repository read, and this one did not read again.
    pub known: u64,
    /// The day of that audit, or of the last of several, as `2026-01-31`.
    pub known_since: Option<String>,
    /// Files and folders that ignore files hide, a folder counted as one whatever is in it.
    pub ignored: u64,
    /// How many of these are folders.
    pub ignored_folders: u64,
    /// What was passed over on purpose, and how often: "device", "submodule".
    pub skipped: BTreeMap<&'static str, u64>,
}

/// What was audited, for a report that leaves the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// The name of the repository's folder.
    pub repository: String,
    /// The full id of the commit at HEAD, in hex.
    pub head: Option<String>,
    /// The branch that HEAD is on.
    pub branch: Option<RefName>,
    /// The day, as `2026-01-31`.
    pub day: String,
}

/// A candidate that was dropped, with its place: what `-v` prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dropped {
    /// The file.
    pub path: BlobPath,
    /// 1-based line.
    pub line: usize,
    /// 1-based byte column.
    pub column: usize,
    /// The rule's id.
    pub rule: String,
    /// Why it is taken to be no credential.
    pub reason: String,
}

/// Everything one run found, sorted.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Findings that count.
    pub findings: Vec<Finding>,
    /// One entry per distinct key (history only), most urgent first.
    pub keys: Vec<ExposedKey>,
    /// How to take several keys out of what was not pushed yet, in one go; empty where there are no two of them.
    pub rewriting: Vec<Step>,
    /// Whether what was read is a package that is published: whoever installs it has all of it.
    pub is_for_all: bool,
    /// What was audited (history only).
    pub audited: Option<Audited>,
    /// Where the repository can be read in a browser, one for each remote that tells it (history only).
    pub forges: Vec<Forge>,
    /// Which of the commits that findings are in came first, by their ids (ranges only): a parent's number is less than
    /// that of its child.
    pub ages: BTreeMap<String, usize>,
    /// Findings that do not count.
    pub suppressed: Vec<Suppressed>,
    /// Candidates the gate dropped; filled only when asked for.
    pub dropped: Vec<Dropped>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// What in archives was passed over, an entry for each archive and kind.
    pub passed_over: Vec<Fault>,
    /// Advice about the set-up itself, such as a stale allow comment.
    pub warnings: Vec<String>,
    /// How much was read.
    pub stats: Stats,
    /// All rules that ran, for formats that describe them.
    pub rules: Vec<Arc<RuleInfo>>,
}

impl Outcome {
    /// Number of findings that are errors; all others are warnings.
    pub fn errors(&self) -> usize {
        let findings = self.findings.iter();
        findings.filter(|f| f.severity.is_error()).count()
    }

    /// The number of the commit that a finding is in, if it has one: less means older.
    pub fn age(&self, finding: &Finding) -> Option<usize> {
        let (commit, _) = finding.origin.commit()?;
        self.ages.get(commit).copied()
    }

    /// Puts the findings in the order of every report: by place, then by the age of their commits, then by rule.
    pub fn sort_findings(&mut self) {
        let mut findings = std::mem::take(&mut self.findings);
        findings.sort_by(|a, b| {
            let by_place = a.place.cmp(&b.place);
            let by_age = || self.age(a).cmp(&self.age(b));
            by_place
                .then_with(by_age)
                .then_with(|| a.sort_key().cmp(&b.sort_key()))
        });
        self.findings = findings;
    }

    /// The same outcome, with files called as they are seen from elsewhere. What is in a commit keeps its path.
    #[must_use]
    pub fn seen_from(mut self, base: &Base) -> Self {
        let seen = |path: &mut BlobPath| *path = base.seen_from(path).into_owned();
        let suppressed = self.suppressed.iter_mut().map(|s| &mut s.finding);
        for finding in self.findings.iter_mut().chain(suppressed) {
            if finding.origin.is_file() {
                seen(&mut finding.place.path);
                let archive = finding.derived_from.as_mut();
                let archive = archive.filter(|from| matches!(from.kind, "archive" | "name"));
                archive.into_iter().for_each(|from| seen(&mut from.path));
                let outlet = finding.outlet.as_mut();
                outlet.into_iter().for_each(|outlet| seen(&mut outlet.path));
            }
        }
        self.dropped
            .iter_mut()
            .for_each(|drop| seen(&mut drop.path));
        let faults = self.faults.iter_mut().chain(&mut self.passed_over);
        faults.for_each(|fault| seen(&mut fault.path));
        self
    }
}
