//! What every format is told besides the outcome.

use crate::model::{Base, Finding, Outcome, Reveal};

/// What a report needs to know besides the outcome.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// Whether `text`, `json` and `jsonl` show whole secrets. The other formats are made for places
    /// that many people read (job logs, alerts, tickets) and never do ([`Format::can_reveal`](super::Format::can_reveal)).
    pub reveal: Reveal,
    /// Whether `text` may use colours.
    pub color: bool,
    /// Columns of the terminal that `text` is for, if there is one: to these it breaks its lines.
    pub width: Option<usize>,
    /// Whether `text` tells all places and lists suppressed findings and dropped candidates.
    pub verbose: bool,
    /// What shows all of a text that was cut: an option, or for who ran no command another one.
    pub shows_all: &'static str,
    /// Most secrets that `text` and `markdown` show, and most lines of `concise`.
    pub max_findings: Option<usize>,
    /// Whether `text` and `concise` count findings instead of showing them.
    pub statistics: bool,
    /// The options that a command needs to know the rules: ` --rules FILE`.
    pub rule_options: String,
    /// The options that `jvxleaks allow` needs to find what was found: these, and ` --config FILE`.
    pub allow_options: String,
    /// Where paths begin, seen from the root of the repository: `sarif` names files from there.
    pub root: Base,
    /// The folder that paths in `json` and `jsonl` are relative to, as it is called in the current one.
    pub scanned: String,
    /// Whether `sarif` holds suppressed findings too, marked as such.
    pub with_suppressed: bool,
    /// When the scan began and ended, in UTC, as `YYYY-MM-DDTHH:MM:SS`: `gitlab` tells it.
    pub started: String,
    /// See `started`.
    pub ended: String,
    /// The version that machine-readable formats name.
    pub tool_version: &'static str,
}

/// The findings, most severe first; equals keep the outcome's order.
pub(super) fn worst_first(outcome: &Outcome) -> Vec<&Finding> {
    let mut findings: Vec<_> = outcome.findings.iter().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}
