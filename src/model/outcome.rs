//! The result of a run: all that a report needs, in an order that does not depend on threads.

use super::{BlobPath, Fault, Finding, Fingerprint, RuleInfo, Secret, Severity, Suppressed};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// What was passed over on purpose, and how often: "device", "submodule".
    pub skipped: BTreeMap<&'static str, u64>,
}

/// Where and when a distinct key was exposed, and what to do about it.
#[derive(Clone, Debug)]
pub struct ExposedKey {
    /// The credential.
    pub secret: Secret,
    /// Id of rule and secret, as in the findings.
    pub fingerprint: Fingerprint,
    /// When it first appeared, if a commit tells.
    pub first_seen: Option<Sighting>,
    /// When it was last added or kept, if a commit tells.
    pub last_seen: Option<Sighting>,
    /// The commit that removed the last copy.
    pub removed_in: Option<Sighting>,
    /// Whether the commit at HEAD still holds it.
    pub in_head: bool,
    /// Whether the index holds it.
    pub in_index: bool,
    /// Remote branches and tags that reach it, sorted.
    pub published: Vec<String>,
    /// Local branches, stashes and other refs that reach it, sorted.
    pub local: Vec<String>,
    /// How many places hold it.
    pub places: usize,
    /// What to do, by how far the key got.
    pub action: KeyAction,
    /// The steps, one a line.
    pub advice: Vec<String>,
}

/// A commit at which a key was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Full object id in hex.
    pub commit: String,
    /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
    pub date: String,
    /// The file, as that commit names it.
    pub path: BlobPath,
    /// 1-based line.
    pub line: usize,
}

/// What an exposed key asks for, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyAction {
    /// It was published: only rotating helps.
    Rotate,
    /// It is in local commits only: rewrite them before pushing.
    Amend,
    /// It is only in objects that nothing refers to.
    Expire,
}

impl KeyAction {
    /// The word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rotate => "rotate",
            Self::Amend => "amend",
            Self::Expire => "expire",
        }
    }
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
    /// Number of findings at each severity, most severe first, zeros left out.
    pub fn tally(&self) -> Vec<(Severity, usize)> {
        let count = |s| self.findings.iter().filter(|f| f.severity == s).count();
        let levels = Severity::ALL.into_iter().rev();
        levels
            .map(|s| (s, count(s)))
            .filter(|(_, n)| *n > 0)
            .collect()
    }
}
