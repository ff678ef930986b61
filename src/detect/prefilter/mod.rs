//! The one pass over every byte: is there anything in a blob that some rule or decoder cares about?
//!
//! A keyword is searched for by four bytes of it (`fragment`), all of them in one SIMD search
//! (Teddy, which takes 128 literals), and where those stand the keyword is confirmed in any case of letters; a
//! pattern that starts at the keyword is tried as well. Keywords of 11 bytes or more are searched for with the long
//! signs of encodings (`decode::Sampled`), which takes any number of them. Measured on the Linux 6.1 tree with the 47
//! literals that the built-in rules once had: 7.5 GB a second where they are spread by what text looks
//! like, 4.5 in another order. 83 whole words in a `regex` fall off that path and take seven times as long,
//! and a case-insensitive `aho-corasick` takes fourteen times.

pub(super) mod buckets;
pub(super) mod fragment;
pub(super) mod literals;
pub(super) mod spelling;

use super::names::{self, MetNames, NameIndex, NamePlace, Stands};
use super::pattern::after;
use super::pattern::{self, Found};
use crate::decode::{self, Literal, Sampled};
use crate::model::Span;
use crate::rules::{LazyRegexSet, Pattern, Rule, RuleSet, waking_word};
use crate::syntax::NamePattern;
use fragment::{Fragmented, Fragments};
use literals::Literals;
use memchr::memmem;
use spelling::spellings;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How far behind a keyword a pattern may look when it confirms, in bytes: options of a command stand far from it.
const WINDOW: usize = 1536;

/// So many bytes without space or quotes at the end of the window may be a secret that goes on behind it.
const GOES_ON: usize = 128;

/// Decides whether a blob is looked at a second time.
#[derive(Debug)]
pub(super) struct Prefilter {
    /// `None` when some rule has no keyword, so that every blob must be looked at.
    literals: Option<Literals<Word>>,
    long: Sampled<Long>,
    names: Arc<NameIndex>,
    reach: usize,
}

/// A keyword around a literal.
#[derive(Clone, Debug)]
struct Word {
    keyword: Fragmented,
    /// The rule that asks for it, by its number; none of the decoders' own.
    rule: Option<usize>,
    /// The sign of an encoding that it is, which may be none where it stands.
    sign: Option<decode::Needle>,
    /// Patterns of which one must match when the keyword is there. Empty: the keyword is enough.
    patterns: Vec<Confirming>,
    /// Where names stand of which the keyword is a word, when one of them must stand around it.
    name: Option<Stands>,
}

/// A long literal: of a decoder, or a keyword.
#[derive(Debug)]
enum Long {
    Form(decode::Form),
    Word(Word),
}

impl Literal for Long {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Form(form) => form.bytes(),
            Self::Word(word) => word.keyword.word(),
        }
    }

    fn in_any_case(&self) -> bool {
        matches!(self, Self::Word(_))
    }

    fn part(&self) -> usize {
        match self {
            Self::Form(_) => 0,
            Self::Word(word) => fragment::rarest(word.keyword.word(), decode::SHORTEST),
        }
    }
}

/// A word, and how it is spelled where it is searched for.
struct Spelled {
    word: Word,
    spellings: Vec<Vec<u8>>,
}

/// Patterns that confirm a keyword.
#[derive(Clone, Debug)]
struct Confirming {
    patterns: Vec<Pattern>,
    /// All of them as one.
    regexes: Arc<LazyRegexSet>,
    /// Where in the keyword the patterns may start, or the word that they look behind for.
    offset: usize,
    /// How much is looked at from there, in bytes.
    window: usize,
    /// Words of which one stands where the patterns start; empty when they start at the offset itself.
    starts: Vec<String>,
}

impl Prefilter {
    pub(super) fn new(rules: &RuleSet, names: Arc<NameIndex>) -> Self {
        let spelled = spelled(rules, &fragments(rules), &names);
        let words = spelled.iter().map(|spelled| &spelled.word);
        let reach = words.map(Word::reach).max().unwrap_or(0);
        let (short, long) = by_length(spelled);
        let literals = if rules.iter().any(Rule::runs_over_everything) {
            None
        } else {
            Literals::new(literals(short))
        };
        let forms = decode::forms().into_iter().map(Long::Form);
        let long = Sampled::new(forms.chain(long.into_iter().map(Long::Word)));
        Self {
            reach: reach.max(long.longest()),
            literals,
            long,
            names,
        }
    }

    /// How far from a byte other bytes decide whether a hit is there, in bytes.
    pub(super) fn reach(&self) -> usize {
        self.reach
    }

    /// True when `bytes` hold the sign of an encoding, a keyword of a rule with something that `counts` for it, or
    /// `names` that stand there count.
    pub(super) fn hits(
        &self,
        bytes: &[u8],
        counts: &dyn Fn(usize, Found) -> bool,
        names: impl FnOnce(Vec<NamePlace>) -> bool,
    ) -> bool {
        let Some(literals) = &self.literals else {
            return true;
        };
        let mut met = MetNames::new(bytes);
        let mut places = Vec::new();
        let mut confirmed = |words: &[Word], at| {
            for word in words {
                let Some(found) = word.at(bytes, at, counts) else {
                    continue;
                };
                let Some(stands) = word.name else {
                    return ControlFlow::Break(());
                };
                let is_new = |place: &NamePlace| places.last() != Some(place);
                let place = self.names.place(bytes, found, stands, &mut met);
                places.extend(place.filter(is_new));
            }
            ControlFlow::Continue(())
        };
        let is_sign = literals.visit(bytes, &mut confirmed).is_break();
        let long = |long: &Long, at| match long {
            Long::Form(_) => ControlFlow::Break(()),
            Long::Word(word) => confirmed(std::slice::from_ref(word), at + word.keyword.offset()),
        };
        is_sign || self.long.visit(bytes, long).is_break() || (!places.is_empty() && names(places))
    }
}

impl Word {
    /// The keyword around the literal at `literal`, when it is there and a pattern finds something that counts.
    fn at(
        &self,
        bytes: &[u8],
        literal: usize,
        counts: &dyn Fn(usize, Found) -> bool,
    ) -> Option<Span> {
        let start = self.keyword.start(bytes, literal)?;
        if self.sign.is_some_and(|sign| !sign.counts(bytes, start)) {
            return None;
        }
        let matches = |pattern: &Confirming| {
            let start = start + pattern.offset;
            let near = &bytes[start..bytes.len().min(start + pattern.window)];
            let is_cut = near.len() == pattern.window && goes_on(near);
            let counts = |found| self.rule.is_none_or(|rule| counts(rule, found));
            is_cut || pattern.finds(bytes, near, (start, self.keyword.word()), &counts)
        };
        let is_there = self.patterns.is_empty() || self.patterns.iter().any(matches);
        is_there.then(|| Span::new(start, start + self.keyword.word().len()))
    }

    /// How far from the literal bytes are looked at.
    fn reach(&self) -> usize {
        let patterns = self.patterns.iter();
        let windows = patterns.map(|pattern| pattern.offset + pattern.window);
        let sign = self.sign.map_or(0, |sign| sign.reach);
        self.keyword.word().len() + windows.max().unwrap_or(sign).max(names::REACH)
    }
}

/// True when a text ends in what may be a part of a long secret.
fn goes_on(near: &[u8]) -> bool {
    let ends = |b: &u8| b.is_ascii_whitespace() || b"\"'`\\<>".contains(b);
    near.len() >= GOES_ON && !near.iter().rev().take(GOES_ON).any(ends)
}

impl Confirming {
    /// Patterns that have to do with the keyword. Those that begin at the same place of it are one regex:
    /// `basic` has ten, and stands in much that is no credential.
    fn all(patterns: &[Pattern], keyword: &str) -> Vec<Self> {
        let mut confirming = Vec::new();
        let mut beginning: BTreeMap<usize, Vec<Pattern>> = BTreeMap::new();
        for pattern in patterns {
            match &pattern.after {
                Some(word) => confirming.extend(keyword.find(word.as_str()).map(|offset| Self {
                    starts: pattern.start.clone(),
                    ..Self::new(vec![pattern.clone()], offset, after::REACH + WINDOW)
                })),
                None => {
                    let starts = pattern.start.iter();
                    let offset = starts.filter_map(|word| keyword.find(word.as_str()));
                    if let Some(offset) = offset.min() {
                        beginning.entry(offset).or_default().push(pattern.clone());
                    }
                }
            }
        }
        let beginning = beginning.into_iter();
        confirming.extend(beginning.map(|(offset, own)| Self::new(own, offset, WINDOW)));
        confirming
    }

    fn new(patterns: Vec<Pattern>, offset: usize, window: usize) -> Self {
        let regexes = patterns.iter().map(|pattern| pattern.regex.clone());
        Self {
            regexes: Arc::new(LazyRegexSet::new(regexes.collect())),
            patterns,
            offset,
            window,
            starts: Vec::new(),
        }
    }

    /// True when a pattern finds what counts at the `keyword` that begins at `start`, or, of what comes after it,
    /// `near` it and before the next.
    fn finds(
        &self,
        bytes: &[u8],
        near: &[u8],
        (start, keyword): (usize, &[u8]),
        counts: &dyn Fn(Found) -> bool,
    ) -> bool {
        let is_found = |near: &[u8], at: usize| {
            let mut found = pattern::found_at(&self.patterns, bytes, start + at);
            self.regexes.is_match(&near[at..]) && found.any(counts)
        };
        if self.starts.is_empty() {
            return is_found(near, 0);
        }
        let next = near.get(1..).and_then(|rest| memmem::find(rest, keyword));
        let near = &near[..next.map_or(near.len(), |at| at + 1)];
        let there =
            |word: &String| memmem::find_iter(near, word.as_bytes()).any(|at| is_found(near, at));
        self.starts.iter().any(there)
    }
}

/// The words that Teddy looks for, and the long ones, for which another search is cheaper: those that share their part
/// with no short one.
fn by_length(spelled: Vec<Spelled>) -> (Vec<Spelled>, Vec<Word>) {
    let is_long = |spelled: &Spelled| spelled.word.keyword.word().len() >= decode::SHORTEST;
    let part = |spelled: &Spelled| {
        let keyword = &spelled.word.keyword;
        keyword.word()[keyword.fragment()].to_vec()
    };
    let short = spelled.iter().filter(|spelled| !is_long(spelled));
    let parts: BTreeSet<Vec<u8>> = short.map(part).collect();
    let (short, long): (Vec<_>, Vec<_>) = spelled
        .into_iter()
        .partition(|spelled| !is_long(spelled) || parts.contains(&part(spelled)));
    (
        short,
        long.into_iter().map(|spelled| spelled.word).collect(),
    )
}

/// What is searched for, each with the words that it may be a part of.
fn literals(spelled: Vec<Spelled>) -> BTreeMap<Vec<u8>, Vec<Word>> {
    let mut literals: BTreeMap<Vec<u8>, Vec<Word>> = BTreeMap::new();
    for Spelled { word, spellings } in spelled {
        let part = |spelling: &Vec<u8>| spelling[word.keyword.fragment()].to_vec();
        let parts: BTreeSet<Vec<u8>> = spellings.iter().map(part).collect();
        // Of rules that ask for the same word, one that takes it alone decides, or as a word of names; the words of
        // one rule are the same in any case of letters.
        let is_there = |other: &Word| {
            let is_enough = other.patterns.is_empty() && other.name.is_none();
            let are_names = other.name.is_some() && word.name.is_some();
            let decides = is_enough || are_names || other.rule == word.rule;
            decides && other.keyword == word.keyword
        };
        for part in parts {
            let words = literals.entry(part).or_default();
            if !words.iter().any(is_there) {
                words.push(word.clone());
            }
        }
    }
    literals
}

/// The signs of encodings and the keywords of the rules, each with the part of it that is searched for.
fn spelled(rules: &RuleSet, fragments: &Fragments, names: &NameIndex) -> Vec<Spelled> {
    let sign = |sign: decode::Needle| {
        let spellings = vec![sign.literal.to_vec()];
        let word = Word {
            keyword: match sign.part {
                Some(part) => Fragmented::at(sign.literal, part),
                None => fragments.split(sign.literal),
            },
            rule: None,
            sign: Some(sign),
            patterns: Vec::new(),
            name: None,
        };
        Spelled { word, spellings }
    };
    let keyword = |number: usize, rule: &Rule, keyword: &String| {
        let spellings: Vec<Vec<u8>> = if rule.exact_keywords {
            vec![keyword.clone().into_bytes()]
        } else {
            spellings(keyword)
                .into_iter()
                .map(String::into_bytes)
                .collect()
        };
        let word = Word {
            keyword: fragments.split(keyword.as_bytes()),
            rule: Some(number),
            sign: None,
            patterns: confirming(rule, &keyword.to_ascii_lowercase()),
            name: is_name(rule, keyword).then(|| names.standing(keyword)),
        };
        Spelled { word, spellings }
    };
    let mut spelled: Vec<Spelled> = decode::needles().into_iter().map(sign).collect();
    for (number, rule) in rules.iter().enumerate() {
        let keywords = rule.keywords.iter();
        spelled.extend(keywords.map(|word| keyword(number, rule, word)));
    }
    spelled
}

fn fragments(rules: &RuleSet) -> Fragments {
    let keywords = rules.iter().flat_map(|rule| &rule.keywords);
    Fragments::new(keywords.map(String::as_bytes))
}

/// True when the keyword is the waking word of names alone. In a rule with regexes it is enough by itself.
fn is_name(rule: &Rule, keyword: &str) -> bool {
    let is_own = |name: &NamePattern| waking_word(name).is_ok_and(|word| word == keyword);
    rule.patterns.is_empty() && rule.names.all().any(is_own)
}

/// The patterns that start inside the keyword or look behind them for it, if each of the others does so with
/// another keyword of the rule, or a quiet one: then the keyword alone is not enough, and `http://` without a
/// password is no hit.
fn confirming(rule: &Rule, keyword: &str) -> Vec<Confirming> {
    let is_within_some = |word: &String| {
        let mut keywords = rule.keywords.iter();
        keywords.any(|keyword| keyword.to_ascii_lowercase().contains(word.as_str()))
    };
    let is_known = |pattern: &Pattern| match &pattern.after {
        Some(word) => is_within_some(word),
        None => !pattern.start.is_empty() && pattern.start.iter().all(is_within_some),
    };
    if !rule.patterns.iter().all(is_known) {
        return Vec::new();
    }
    Confirming::all(&rule.patterns, keyword)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::keyword::KeywordIndex;
    use super::*;

    fn prefilter_of(rules: &RuleSet) -> Prefilter {
        let names = NameIndex::new(rules, &KeywordIndex::new(rules));
        Prefilter::new(rules, Arc::new(names))
    }

    fn prefilter(rules: &str) -> Prefilter {
        let mut set = RuleSet::default();
        set.add_text("t", rules).unwrap();
        prefilter_of(&set)
    }

    fn hits(prefilter: &Prefilter, text: &[u8]) -> bool {
        prefilter.hits(text, &|_, _| true, |_| true)
    }

    #[test]
    fn keywords_are_found_as_people_write_them() {
        let prefilter = prefilter(
            "[[rules]]\nid='a'\ndescription=''\nkeywords=['api-key','authorization','camelCase']\nregex='x'",
        );
        for hit in [
            "x-api-key",
            "X-API-KEY",
            "X-Api-Key",
            "aUTHORIZATION",
            "Authorization",
            "camelCase",
            "CAMELCASE",
        ] {
            assert!(
                hits(&prefilter, format!("some text and then {hit}").as_bytes()),
                "{hit}"
            );
        }
        assert!(!hits(
            &prefilter,
            b"apikey and authority, horizontal and prioritized; case"
        ));
    }

    #[test]
    fn a_candidate_inside_another_is_not_lost() {
        let prefilter =
            prefilter("[[rules]]\nid='a'\ndescription=''\nkeywords=['xxab','xabz']\nregex='x'");
        assert!(hits(
            &prefilter,
            b"--------------------xxxabz--------------------"
        ));
    }

    #[test]
    fn a_pattern_that_starts_at_its_keyword_confirms_it() {
        let prefilter = prefilter(
            "[[rules]]\nid='a'\ndescription=''\nkeywords=['p://']\nstart=['://']\nregex='://[a-z]+:[a-z]+@'",
        );
        assert!(hits(
            &prefilter,
            b"see http://user:word@host/ and more text"
        ));
        assert!(!hits(
            &prefilter,
            b"see http://host/ and http://other.host:80/ here"
        ));
    }

    #[test]
    fn a_pattern_that_comes_after_its_keyword_confirms_it() {
        let prefilter = prefilter(
            "[[rules]]\nid='a'\ndescription=''\nkeywords=['curl ']\n[[rules.patterns]]\nstart=[' -']\nafter='curl'\nregex=' -u [a-z]+'",
        );
        assert!(hits(&prefilter, b"curl -s https://example.org -u user"));
        assert!(!hits(
            &prefilter,
            b"libcurl is a library -l and -L are options of a linker"
        ));
    }

    #[test]
    fn each_keyword_is_confirmed_by_its_own_patterns() {
        let prefilter = prefilter(
            "[[rules]]\nid='a'\ndescription=''\nkeywords=['auth=','wget ']
             [[rules.patterns]]\nstart=['auth=']\nregex='auth=[0-9]+'
             [[rules.patterns]]\nstart=['wget ']\nregex='wget --key'",
        );
        assert!(hits(&prefilter, b"some text with auth=12 in it"));
        assert!(hits(&prefilter, b"some text with wget --key in it"));
        assert!(!hits(
            &prefilter,
            b"some text with auth=no and wget --auth=no in it"
        ));
    }

    /// Their keywords are in so many files that a word alone must not wake one.
    #[test]
    fn the_rules_with_common_keywords_are_confirmed_by_patterns_or_names() {
        let rules = RuleSet::builtin().unwrap();
        let confirmed = [
            "url-password",
            "curl-password",
            "httpie-password",
            "command-password",
            "pgpass-password",
            "netrc-password",
        ];
        for rule in rules.iter() {
            if rule.names.is_empty() && !confirmed.contains(&&*rule.info.id) {
                continue;
            }
            for keyword in &rule.keywords {
                let patterns = confirming(rule, &keyword.to_ascii_lowercase());
                let is_confirmed = !patterns.is_empty() || is_name(rule, keyword);
                assert!(is_confirmed, "{}: {keyword}", rule.info.id);
            }
        }
    }

    #[test]
    fn the_search_for_the_built_in_rules_uses_simd() {
        let literals = prefilter_of(&RuleSet::builtin().unwrap()).literals.unwrap();
        assert!(literals.is_simd() || cfg!(not(target_arch = "x86_64")));
    }
}
