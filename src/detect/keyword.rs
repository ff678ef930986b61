//! Where each rule's words stand in a text: asked only of texts that the prefilter let through.

use crate::decode::{self, Trigger};
use crate::model::Span;
use crate::rules::RuleSet;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
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

/// The places of all words in one text, in any case of letters, and the signs of encodings.
#[derive(Debug)]
pub(super) struct Hits {
    places: Vec<Vec<usize>>,
    pub(super) triggers: Vec<Trigger>,
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
                index.add(word.to_ascii_lowercase());
            }
        }
        index
    }

    fn add(&mut self, word: String) {
        if !self.ids.contains_key(&word) {
            self.ids.insert(word.clone(), self.words.len());
            self.words.push(word);
        }
    }

    /// The id of a word of the rules this index was made of.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(&word.to_ascii_lowercase()).copied()
    }

    /// One search for the words and for the signs of encodings together.
    pub(super) fn hits(&self, text: &[u8]) -> Hits {
        let mut places = vec![Vec::new(); self.words.len()];
        let mut triggers = Vec::new();
        let automaton = self.automaton();
        for hit in automaton.iter().flat_map(|a| a.find_overlapping_iter(text)) {
            let number = hit.pattern().as_usize();
            match number.checked_sub(self.words.len()) {
                None => places[number].push(hit.start()),
                Some(literal) => {
                    triggers.extend(Trigger::new(literal, Span::from(hit.range()), text))
                }
            }
        }
        Hits { places, triggers }
    }

    fn automaton(&self) -> Option<&AhoCorasick> {
        let build = || {
            let mut literals: Vec<&[u8]> = self.words.iter().map(String::as_bytes).collect();
            literals.extend(decode::literals().map(|literal| -> &[u8] { literal }));
            AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .match_kind(MatchKind::Standard)
                .kind(Some(AhoCorasickKind::DFA))
                .build(literals)
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
