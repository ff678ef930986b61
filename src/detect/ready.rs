//! Rules made ready for the search of any number of blobs.

use super::names::NameIndex;
use super::pattern::RuleWords;
use super::pattern::keyword::KeywordIndex;
use crate::rules::RuleSet;
use std::sync::Arc;

/// Rules with their words and names.
#[derive(Debug)]
pub(super) struct ReadyRules {
    pub(super) rules: RuleSet,
    /// Of each rule, in the same order.
    pub(super) words: Vec<RuleWords>,
    pub(super) index: KeywordIndex,
    pub(super) names: Arc<NameIndex>,
}

/// How much is looked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    /// Keeps what a gate drops, and why.
    pub(super) keep_drops: bool,
    /// Looks into every text, and takes for a key what only may be one.
    pub(super) twice: bool,
}

impl ReadyRules {
    pub(super) fn new(rules: RuleSet) -> Self {
        let index = KeywordIndex::new(&rules);
        let names = Arc::new(NameIndex::new(&rules, &index));
        Self {
            words: rules.iter().map(|r| RuleWords::new(r, &index)).collect(),
            names,
            index,
            rules,
        }
    }
}
