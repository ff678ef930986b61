//! What a rule says about itself, without the patterns that make it work.

use super::super::Severity;

/// The part of a rule that findings and reports carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// Short lower-case name, the same in options, allow comments and reports.
    pub id: String,
    /// The rule whose kind of secret this is: a key has one fingerprint, whichever rule of the
    /// family reports it. Its own id, if it has no relatives.
    pub family: String,
    /// One sentence: what a match is.
    pub description: String,
    /// How bad a match is in ordinary source.
    pub severity: Severity,
    /// What to do about a match, in one or more sentences.
    pub advice: String,
    /// Pages that say more.
    pub references: Vec<String>,
    /// How many first bytes of a match are the same for every user and may be shown.
    pub public_prefix: String,
}
