//! Where each rule's words stand in a text: asked only of texts that the prefilter let through.
//!
//! The text is turned to lower case, stretch by stretch, so that one literal finds a word in any case of
//! letters, and searched for a fragment of each word as the prefilter does. Measured over the history of
//! a large repository: a quarter of the time of an automaton that walks through the text byte by byte.

use super::super::prefilter::fragment::{FRAGMENT, Fragmented, Fragments};
use super::super::prefilter::literals::Literals;
use crate::decode::{self, Signs};
use crate::model::Span;
use crate::rules::RuleSet;
use memchr::memmem::Finder;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;

/// The number of a word in the index.
pub(in crate::detect) type WordId = usize;

/// All keywords and start words of the rules.
#[derive(Debug)]
pub(in crate::detect) struct KeywordIndex {
    words: Vec<String>,
    ids: HashMap<String, WordId>,
    search: OnceLock<IndexSearch>,
}

/// The words and the signs of encodings, made ready.
#[derive(Debug)]
struct IndexSearch {
    literals: Option<Literals<KeywordEntry>>,
    /// Words that are shorter than a fragment. `://` is in nearly every text, so each is searched
    /// for when a rule asks.
    short: Vec<Option<Finder<'static>>>,
    /// Signs that are.
    short_signs: Vec<(usize, Finder<'static>)>,
    /// Length of the longest word or sign, in bytes.
    longest: usize,
}

/// What words and signs, in small letters, are: the word's number and the sign's.
type Roles = BTreeMap<Vec<u8>, (Option<WordId>, Option<usize>)>;

/// A text that is a word, a sign, or both.
#[derive(Clone, Debug)]
struct KeywordEntry {
    text: Fragmented,
    len: usize,
    word: Option<WordId>,
    sign: Option<usize>,
}

/// The places of all words in one text, in any case of letters. What it takes is used for one text after the
/// other, since a blob may hold a million short ones.
#[derive(Debug)]
pub(in crate::detect) struct WordHits<'i> {
    search: &'i IndexSearch,
    places: Vec<Vec<usize>>,
    /// The words that have places.
    noted: Vec<WordId>,
    short: Vec<OnceCell<Vec<usize>>>,
    /// The short words that were searched for.
    asked: RefCell<Vec<WordId>>,
    /// The signs of encodings in the section that is read.
    signs: Signs,
    /// The stretch that is read, in small letters.
    lower: Vec<u8>,
}

impl KeywordIndex {
    pub(in crate::detect) fn new(rules: &RuleSet) -> Self {
        let mut index = Self {
            words: Vec::new(),
            ids: HashMap::new(),
            search: OnceLock::new(),
        };
        for rule in rules.iter() {
            let patterns = rule.patterns.iter();
            let of_patterns = patterns.flat_map(|p| &p.start);
            let of_rule = rule.keywords.iter();
            for word in of_rule.chain(of_patterns) {
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
    pub(in crate::detect) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(&word.to_ascii_lowercase()).copied()
    }

    /// Places of the words in a text that is to be read.
    pub(in crate::detect) fn hits(&self) -> WordHits<'_> {
        WordHits {
            search: self.search.get_or_init(|| IndexSearch::new(&self.words)),
            places: vec![Vec::new(); self.words.len()],
            noted: Vec::new(),
            short: vec![OnceCell::new(); self.words.len()],
            asked: RefCell::default(),
            signs: Signs::default(),
            lower: Vec::new(),
        }
    }
}

impl IndexSearch {
    fn new(words: &[String]) -> Self {
        let (short, roles): (Roles, Roles) = roles(words)
            .into_iter()
            .partition(|(text, _)| text.len() < FRAGMENT);
        let mut short_words = vec![None; words.len()];
        let mut short_signs = Vec::new();
        for (text, (word, sign)) in short {
            let finder = Finder::new(&text).into_owned();
            short_signs.extend(sign.map(|sign| (sign, finder.clone())));
            if let Some(word) = word {
                short_words[word] = Some(finder);
            }
        }
        let split = split(&roles);
        let longest = roles.keys().map(Vec::len).max();
        let mut literals = BTreeMap::<_, Vec<_>>::new();
        for ((lower, (word, sign)), text) in roles.iter().zip(split) {
            let fragment = lower[text.fragment()].to_vec();
            let len = lower.len();
            let entry = KeywordEntry {
                text,
                len,
                word: *word,
                sign: *sign,
            };
            literals.entry(fragment).or_default().push(entry);
        }
        Self {
            literals: Literals::new(literals),
            short: short_words,
            short_signs,
            longest: longest.unwrap_or(0).max(FRAGMENT),
        }
    }
}

/// The words of the rules and the signs of encodings.
fn roles(words: &[String]) -> Roles {
    let mut roles = Roles::new();
    for (number, word) in words.iter().enumerate() {
        roles.entry(word.clone().into_bytes()).or_default().0 = Some(number);
    }
    for (number, sign) in decode::literals().enumerate() {
        roles.entry(sign.to_ascii_lowercase()).or_default().1 = Some(number);
    }
    roles
}

/// The words, in small letters, with the parts that are searched for.
fn split(roles: &Roles) -> Vec<Fragmented> {
    let lower: Vec<&[u8]> = roles.keys().map(Vec::as_slice).collect();
    let fragments = Fragments::new(lower.iter().copied());
    lower
        .into_iter()
        .map(|word| fragments.split(word))
        .collect()
}

impl WordHits<'_> {
    /// Where the word begins in the text that these are the hits of, in order.
    pub(in crate::detect) fn of(&self, word: WordId, text: &[u8]) -> &[usize] {
        let Some(finder) = &self.search.short[word] else {
            return &self.places[word];
        };
        self.short[word].get_or_init(|| {
            self.asked.borrow_mut().push(word);
            let mut places = Vec::new();
            stretches(text, finder.needle().len(), &mut Vec::new(), |stretch| {
                places.extend(stretch.places(finder));
            });
            places
        })
    }

    /// True when the word is in the text.
    pub(in crate::detect) fn has(&self, word: WordId, text: &[u8]) -> bool {
        !self.of(word, text).is_empty()
    }

    /// How many places of words there are.
    pub(in crate::detect) fn count(&self) -> u64 {
        let noted = self.noted.iter();
        noted.map(|word| self.places[*word].len() as u64).sum()
    }

    /// One search of a text for the words and for the signs of encodings together. Shows `each` the signs of
    /// one section after the other.
    pub(in crate::detect) fn read(&mut self, text: &[u8], mut each: impl FnMut(&Signs)) {
        self.forget();
        let mut section = 0;
        let mut lower = std::mem::take(&mut self.lower);
        stretches(text, self.search.longest, &mut lower, |stretch| {
            self.fill_from(stretch, text);
            section += stretch.own.len();
            if section >= SECTION {
                section = 0;
                self.show_signs(&mut each);
            }
        });
        self.show_signs(&mut each);
        self.lower = lower;
    }

    fn show_signs(&mut self, each: &mut impl FnMut(&Signs)) {
        if !self.signs.is_empty() {
            self.signs.sort();
            each(&self.signs);
            self.signs.clear();
        }
    }

    /// Forgets the text that was read before.
    fn forget(&mut self) {
        for word in self.noted.drain(..) {
            let places = &mut self.places[word];
            places.clear();
            places.shrink_to(KEPT);
        }
        for word in self.asked.get_mut().drain(..) {
            self.short[word].take();
        }
    }

    fn fill_from(&mut self, stretch: &Stretch, text: &[u8]) {
        let start = stretch.start + stretch.own.start;
        self.signs
            .note_forms(text, start, start + stretch.own.len());
        if let Some(literals) = &self.search.literals {
            let note = |entries: &[KeywordEntry], at| {
                if stretch.has(at) {
                    for entry in entries {
                        if let Some(start) = entry.text.start_in_lower(stretch.lower, at) {
                            self.note(entry, stretch.start + start, text);
                        }
                    }
                }
                ControlFlow::Continue(())
            };
            let _ = literals.visit(stretch.lower, note);
        }
        for (sign, finder) in &self.search.short_signs {
            let len = finder.needle().len();
            for at in stretch.places(finder) {
                self.signs.note(*sign, Span::new(at, at + len), text);
            }
        }
    }

    fn note(&mut self, entry: &KeywordEntry, start: usize, text: &[u8]) {
        if let Some(word) = entry.word {
            if self.places[word].is_empty() {
                self.noted.push(word);
            }
            self.places[word].push(start);
        }
        if let Some(sign) = entry.sign {
            let span = Span::new(start, start + entry.len);
            self.signs.note(sign, span, text);
        }
    }
}

/// How much of a text is turned to lower case at a time, in bytes: what a processor keeps at hand.
const STRETCH: usize = 64 << 10;

/// How much of a text is decoded at a time, in bytes: what a text of nothing but signs decodes to takes fifty
/// times as much memory.
const SECTION: usize = 4 * STRETCH;

/// Room for so many places of a word is kept for the next text.
const KEPT: usize = 64;

/// A stretch of a text.
struct Stretch<'l> {
    /// The stretch and what stands around it, in small letters.
    lower: &'l [u8],
    /// Where in the text that begins.
    start: usize,
    /// The stretch itself, in `lower`.
    own: Range<usize>,
}

impl Stretch<'_> {
    /// True when a place belongs to this stretch, and not to the next one or the one before.
    fn has(&self, at: usize) -> bool {
        self.own.contains(&at)
    }

    /// Where in the text the word of `finder` begins.
    fn places<'s>(&'s self, finder: &'s Finder) -> impl Iterator<Item = usize> + 's {
        let places = finder.find_iter(self.lower).filter(|at| self.has(*at));
        places.map(|at| self.start + at)
    }
}

/// Shows `each` a text stretch by stretch, in `lower`, with so many bytes around it.
fn stretches(text: &[u8], around: usize, lower: &mut Vec<u8>, mut each: impl FnMut(&Stretch)) {
    for start in (0..text.len()).step_by(STRETCH) {
        let from = start.saturating_sub(around);
        let end = text.len().min(start + STRETCH);
        lower.clear();
        lower.extend_from_slice(&text[from..text.len().min(end + around)]);
        lower.make_ascii_lowercase();
        each(&Stretch {
            lower,
            start: from,
            own: start - from..end - from,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_once_wherever_it_stands_between_stretches() {
        let mut rules = RuleSet::default();
        rules
            .add_text(
                "t",
                "[[rules]]\nid='a'\ndescription=''\nkeywords=['some-Keyword','k:']\nregex='x'",
            )
            .unwrap();
        let index = KeywordIndex::new(&rules);
        for shift in 0..16 {
            let before = "-".repeat(STRETCH - shift);
            let text = format!("{before}SOME-keyword-K:{before}some-keyword");
            let mut hits = index.hits();
            hits.read(text.as_bytes(), |_| {});
            let places = |word| hits.of(index.id(word).unwrap(), text.as_bytes());
            assert_eq!(places("some-keyword"), [before.len(), text.len() - 12]);
            assert_eq!(places("k:"), [before.len() + 13]);
        }
    }
}
