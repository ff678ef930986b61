//! The words that a rule asks for and its patterns start with, and where they stand in a text.

use super::follow::{self, Follow, Patterns};
use super::keyword::{Hits, KeywordIndex, WordId};
use crate::rules::Rule;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The words of one rule, looked up once.
#[derive(Debug)]
pub(super) struct RuleWords {
    keywords: Vec<WordId>,
    pub(super) starts: Vec<Start>,
}

/// A word that patterns start with.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) text: String,
    word: WordId,
    /// Which patterns, by their number in the rule.
    pub(super) patterns: Vec<usize>,
    /// What they allow behind it; found out when a text has the word, and again when one has it many times.
    near: OnceLock<Follow>,
    far: OnceLock<Follow>,
}

impl Start {
    fn new(rule: &Rule, text: &str, index: &KeywordIndex) -> Option<Self> {
        let patterns = rule.patterns.iter().enumerate();
        let own = patterns.filter(|(_, pattern)| pattern.start.iter().any(|start| start == text));
        Some(Self {
            text: text.to_owned(),
            word: index.id(text)?,
            patterns: own.map(|(number, _)| number).collect(),
            near: OnceLock::new(),
            far: OnceLock::new(),
        })
    }

    /// Where the word stands in a text.
    pub(super) fn places<'p>(&'p self, rule: &Rule, hits: &'p Hits, text: &[u8]) -> Places<'p> {
        let left = hits.of(self.word, text);
        let regexes = || -> Vec<&str> {
            let own = self.patterns.iter().map(|number| &rule.patterns[*number]);
            own.map(|pattern| pattern.regex.as_str()).collect()
        };
        let follow = match left.len() {
            0 => None,
            1..follow::MANY => Some(
                self.near
                    .get_or_init(|| Follow::near(&regexes(), &self.text)),
            ),
            _ => Some(self.far.get_or_init(|| Follow::far(&regexes(), &self.text))),
        };
        Places {
            left,
            len: self.text.len(),
            follow,
            near: Vec::new(),
        }
    }
}

impl RuleWords {
    pub(super) fn new(rule: &Rule, index: &KeywordIndex) -> Self {
        let words: BTreeSet<&String> = rule.patterns.iter().flat_map(|p| &p.start).collect();
        let starts = words.into_iter();
        Self {
            keywords: rule.keywords.iter().filter_map(|w| index.id(w)).collect(),
            starts: starts
                .filter_map(|word| Start::new(rule, word, index))
                .collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, hits: &Hits, text: &[u8]) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|word| hits.has(*word, text))
    }
}

/// The places of a word that patterns start with.
pub(super) struct Places<'p> {
    /// Those that are still to be tried.
    pub(super) left: &'p [usize],
    /// Length of the word, in bytes.
    len: usize,
    /// `None` when the word does not stand in the text.
    follow: Option<&'p Follow>,
    /// Those in the stretch that is read, with the patterns that may match there.
    pub(super) near: Vec<(usize, Patterns)>,
}

impl Places<'_> {
    /// Takes the places before `end`.
    pub(super) fn go_to(&mut self, end: usize, text: &[u8]) {
        self.near.clear();
        let (near, left) = self
            .left
            .split_at(self.left.partition_point(|place| *place < end));
        self.left = left;
        if let Some(follow) = self.follow {
            let allowed = near
                .iter()
                .map(|at| (*at, follow.allowed(&text[at + self.len..])));
            self.near
                .extend(allowed.filter(|(_, patterns)| *patterns != 0));
        }
    }
}
