//! The ids of rules, and which of them ran.

use std::collections::BTreeMap;

/// The ids of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleNames {
    /// All that could run.
    pub known: Vec<String>,
    /// Those that do.
    pub active: Vec<String>,
    /// The family of each rule that belongs to another's, by id.
    pub families: BTreeMap<String, String>,
}

impl RuleNames {
    pub(super) fn is_active(&self, id: &str) -> bool {
        self.active.iter().any(|active| active == id)
    }

    /// The family of a rule: its own id, unless it reports another's kind of secret.
    pub(super) fn family<'n>(&'n self, id: &'n str) -> &'n str {
        self.families.get(id).map_or(id, String::as_str)
    }

    /// True when all rules of a rule's family run.
    pub(super) fn has_whole_family(&self, id: &str) -> bool {
        let family = self.family(id);
        let mut relatives = self
            .known
            .iter()
            .filter(|known| self.family(known) == family);
        relatives.all(|relative| self.is_active(relative))
    }
}
