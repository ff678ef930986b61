//! The id of a rule in a configuration.

/// A rule's id in a configuration, with its line, so that an unknown one can be pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// The id as written.
    pub id: String,
    /// 1-based line.
    pub line: usize,
}
