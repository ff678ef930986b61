//! The words that a rule asks for and its patterns start with, and where they stand in a text.

use super::follow::{self, Follow, Patterns};
use super::keyword::{Hits, KeywordIndex, WordId};
use super::match_end::MatchEnd;
use crate::rules::{LazyRegex, Rule};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

/// The words of one rule, looked up once.
#[derive(Debug)]
pub(super) struct RuleWords {
    keywords: Vec<WordId>,
    pub(super) starts: Vec<Start>,
    /// For each pattern, the words of which one is in every match; empty when that is not known.
    holds: Vec<Vec<WordId>>,
    /// For each pattern of which only the end is asked, what finds it in a text that has its words many times.
    ends: Vec<OnceLock<Option<MatchEnd>>>,
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
        let ids = |words: &[String]| -> Vec<WordId> {
            words.iter().filter_map(|w| index.id(w)).collect()
        };
        let keywords = match rule.runs_over_everything() {
            true => Vec::new(),
            false => [ids(&rule.keywords), ids(&rule.quiet_keywords)].concat(),
        };
        Self {
            keywords,
            ends: rule.patterns.iter().map(|_| OnceLock::new()).collect(),
            holds: rule.patterns.iter().map(|p| ids(&p.holds)).collect(),
            starts: starts
                .filter_map(|word| Start::new(rule, word, index))
                .collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, hits: &Hits, text: &[u8]) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|word| hits.has(*word, text))
    }

    /// What finds the ends of matches of the pattern with this number, which is tried `times` times.
    pub(super) fn end(&self, number: usize, regex: &LazyRegex, times: usize) -> Option<&MatchEnd> {
        let made = || self.ends[number].get_or_init(|| MatchEnd::new(regex.as_str()));
        (times >= follow::MANY).then(made)?.as_ref()
    }

    /// Where the words stand that every match of the pattern with this number has one of in it.
    pub(super) fn held(&self, number: usize, hits: &Hits, text: &[u8]) -> Held {
        let words = &self.holds[number];
        let places = words.iter().flat_map(|word| hits.of(*word, text)).copied();
        Held((!words.is_empty()).then(|| {
            let mut places: Vec<_> = places.collect();
            places.sort_unstable();
            places
        }))
    }
}

/// Where one of the words stands that every match of a pattern has in it.
pub(super) struct Held(Option<Vec<usize>>);

impl Held {
    /// True when no match can be in the text at all.
    pub(super) fn nowhere(&self) -> bool {
        self.0.as_ref().is_some_and(Vec::is_empty)
    }

    /// True when a match in these bytes of the text would have one of the words in it.
    pub(super) fn within(&self, range: Range<usize>) -> bool {
        self.0.as_ref().is_none_or(|places| {
            let next = places.partition_point(|place| *place < range.start);
            places.get(next).is_some_and(|place| *place < range.end)
        })
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
