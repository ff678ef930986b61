//! Where each rule's words stand in a text: asked only of texts that the prefilter let through.

use crate::rules::RuleSet;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The number of a word in the index.
pub(super) type WordId = usize;

/// All keywords and start words of the rules.
#[derive(Debug)]
pub(super) struct KeywordIndex {
    words: Vec<String>,
    ids: HashMap<String, WordId>,
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// The places of all words in one text, in any case of letters.
#[derive(Debug)]
pub(super) struct Hits {
    places: Vec<Vec<usize>>,
}

impl KeywordIndex {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut index = Self {
            words: Vec::new(),
            ids: HashMap::new(),
            automaton: OnceLock::new(),
        };
        for rule in rules.iter() {
            let starts = rule.patterns.iter().flat_map(|p| p.start.iter());
            for word in rule.keywords.iter().chain(starts) {
                if !index.ids.contains_key(word) {
                    index.ids.insert(word.clone(), index.words.len());
                    index.words.push(word.clone());
                }
            }
        }
        index
    }

    /// The id of a word of the rules this index was made of.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    pub(super) fn hits(&self, text: &[u8]) -> Hits {
        let mut places = vec![Vec::new(); self.words.len()];
        if let Some(automaton) = self.automaton() {
            for hit in automaton.find_overlapping_iter(text) {
                places[hit.pattern().as_usize()].push(hit.start());
            }
        }
        Hits { places }
    }

    fn automaton(&self) -> Option<&AhoCorasick> {
        let build = || {
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .build(&self.words)
                .ok()
        };
        self.automaton.get_or_init(build).as_ref()
    }
}

impl Hits {
    /// Where the word begins, in order.
    pub(super) fn of(&self, word: WordId) -> &[usize] {
        &self.places[word]
    }

    /// True when the word is in the text.
    pub(super) fn has(&self, word: WordId) -> bool {
        !self.places[word].is_empty()
    }
}
