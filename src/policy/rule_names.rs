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

    /// The id of a rule that is most like one that there is not.
    pub(super) fn nearest(&self, id: &str) -> Option<&str> {
        /// How like two names must be, from 0 to 1.
        const LIKE: f64 = 0.85;
        let like = |known: &&str| strsim::jaro_winkler(id, known);
        let known = self.known.iter().map(String::as_str);
        let near = known.max_by(|a, b| like(a).total_cmp(&like(b)))?;
        (like(&near) > LIKE).then_some(near)
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
