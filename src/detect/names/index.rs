//! The names of all rules, by the words that a text is searched for.

use super::super::pattern::keyword::{KeywordIndex, WordHits, WordId};
use super::meaning::{Meaning, Stands};
use super::plausible::Plausible;
use crate::model::{BlobPath, Severity, Span};
use crate::rules::{self, Gate, NameSet, Role, RuleSet, waking_word};
use crate::syntax::NamePattern;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name of a rule.
#[derive(Debug)]
struct NamedRule {
    rule: usize,
    meaning: Meaning,
    /// How much of a name it tells.
    specificity: usize,
}

/// A word that wakes.
#[derive(Clone, Debug)]
struct Waking {
    word: String,
    /// Where the names of which it is a part stand at most.
    stands: Stands,
}

/// The names of all rules.
#[derive(Debug)]
pub(in super::super) struct NameIndex {
    /// The words that wake.
    words: Vec<(WordId, Waking)>,
    names: Vec<NamedRule>,
    set: NameSet,
    /// The rules that what is given by name counts for, one for each kind of value.
    constants: Vec<usize>,
}

impl NameIndex {
    /// The names of these rules, whose waking words are in `index`.
    pub(in super::super) fn new(rules: &RuleSet, index: &KeywordIndex) -> Self {
        let mut words: BTreeMap<WordId, Waking> = BTreeMap::new();
        let mut names = Vec::new();
        let mut patterns = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            for (meaning, pattern) in meanings(&rule.names) {
                let word = waking_word(pattern).unwrap_or_default();
                if let Some(id) = index.id(word) {
                    let word = word.to_ascii_lowercase();
                    let stands = Stands::default();
                    let waking = words.entry(id).or_insert(Waking { word, stands });
                    waking.stands = waking.stands.with(&meaning);
                }
                names.push(NamedRule {
                    rule: number,
                    meaning,
                    specificity: pattern.specificity(),
                });
                patterns.push(pattern);
            }
        }
        Self {
            words: words.into_iter().collect(),
            names,
            set: NameSet::new(patterns.into_iter()),
            constants: rules
                .iter()
                .enumerate()
                .filter(|(_, rule)| rule.names.constants)
                .map(|(number, _)| number)
                .collect(),
        }
    }

    /// Where words stand that are a part of some name, in order.
    pub(super) fn places(&self, text: &[u8], hits: &WordHits<'_>) -> Vec<NamePlace> {
        let mut places = Vec::new();
        for (id, waking) in &self.words {
            let mut met = MetNames::new(text);
            let words = hits.of(*id, text).iter();
            let words = words.map(|at| Span::new(*at, at + waking.word.len()));
            places.extend(words.filter_map(|word| self.place(text, word, waking.stands, &mut met)));
        }
        places.sort_unstable();
        places
    }

    /// Where the names stand at most of which a keyword is the word that wakes.
    pub(in super::super) fn standing(&self, keyword: &str) -> Stands {
        let own = self.words.iter();
        let own = own.filter(|(_, own)| own.word.eq_ignore_ascii_case(keyword));
        own.map(|(_, own)| own.stands).next().unwrap_or_default()
    }

    /// The name that a word is a part of, where it may be given a credential. The names that the word wakes for stand
    /// where `most` says.
    pub(in super::super) fn place(
        &self,
        text: &[u8],
        word: Span,
        most: Stands,
        met: &mut MetNames<'_>,
    ) -> Option<NamePlace> {
        let span = around(text, word);
        let name = met.last.filter(|last| last.span == span);
        let mut name = name.unwrap_or_else(|| MetName {
            span,
            is_given: is_given(text, span),
            stands: None,
        });
        let is_given = name.is_given;
        if !is_given && !most.may_be_bare() {
            return None;
        }
        let own = || self.stands(&text[span.range()]);
        let stands = *name.stands.get_or_insert_with(own);
        met.last = Some(name);
        // Most are the names of no rule, and the look for a value costs more than all else here.
        if stands == Stands::default() || (!is_given && !stands.may_be_bare()) {
            return None;
        }
        let begins = stands.begins && begins_value(text, span);
        let is_wide = stands.anywhere || begins || met.values.is_near(span.start);
        let is_called = || stands.called && has_arguments(&text[span.end..]);
        (is_wide || is_called()).then_some(NamePlace {
            at: word.start,
            is_wide,
        })
    }

    fn stands(&self, written: &[u8]) -> Stands {
        let numbers = self.set.of(written);
        let own = numbers.iter().map(|number| &self.names[*number].meaning);
        own.fold(Stands::default(), Stands::with)
    }
}

/// The names of one text, as words of them are met: the next word is often in the same name, as in `apiToken`.
pub(in super::super) struct MetNames<'t> {
    values: Plausible<'t>,
    last: Option<MetName>,
}

/// A name, and where names such as it stand if that was asked.
#[derive(Clone, Copy)]
struct MetName {
    span: Span,
    is_given: bool,
    stands: Option<Stands>,
}

impl<'t> MetNames<'t> {
    /// None yet.
    pub(in super::super) fn new(text: &'t [u8]) -> Self {
        Self {
            values: Plausible::new(text),
            last: None,
        }
    }
}

/// Where a word of a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct NamePlace {
    /// Its first byte.
    pub(super) at: usize,
    /// True when what is around it counts, and not its arguments alone.
    pub(super) is_wide: bool,
}

/// True when what follows a name may be its value: a sign, a quote, a bracket, or another word where a line begins
/// with the name.
fn is_given(text: &[u8], name: Span) -> bool {
    let blank = |b: &&u8| matches!(**b, b' ' | b'\t');
    let rest = &text[name.end..text.len().min(name.end + LONGEST_LINE)];
    let next = rest.iter().find(|b| !blank(b));
    if next.is_some_and(|b| b"([{:=,\"'`<>@|&\\-]".contains(b)) {
        return true;
    }
    let before = text[..name.start]
        .iter()
        .rev()
        .take(LONGEST_LINE)
        .find(|b| !blank(b));
    let begins_line = before.is_none_or(|b| *b == b'\n');
    let is_flag = text[name.start..].starts_with(b"-") || text[..name.start].ends_with(b"-");
    // `npm config set //host/:_authToken abc`
    let line = rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())].trim_ascii();
    let is_last = line.len() >= 8 && !line.contains(&b' ');
    // `insecure-password abc groups admin`
    let is_setting = || text[name.range()].contains(&b'-');
    // `- name: API_KEY` and below it `value: abc`
    let is_beside = line.is_empty() && before == Some(&b':');
    let is_word_next = next.is_some_and(u8::is_ascii_alphanumeric);
    is_flag || is_last || is_beside || (is_word_next && (begins_line || is_setting()))
}

/// True for a scheme that a literal begins with (`"Basic " + TOKEN`), or behind which something is put in
/// (`Bearer ${TOKEN}`).
fn begins_value(text: &[u8], scheme: Span) -> bool {
    let before = scheme.start.checked_sub(1).map(|at| text[at]);
    let is_quoted = before.is_some_and(|b| matches!(b, b'"' | b'\'' | b'`'));
    let behind = &text[scheme.end..];
    let blanks = behind.iter().take_while(|b| **b == b' ').count();
    let is_put_in = behind.get(blanks).is_some_and(|b| b"$%{<\"'`".contains(b));
    is_quoted || (blanks > 0 && is_put_in)
}

/// True when a call has a literal among its arguments, or more than one.
fn has_arguments(rest: &[u8]) -> bool {
    let near = &rest[..rest.len().min(LONGEST_LINE)];
    let end = near.iter().position(|b| *b == b';').unwrap_or(near.len());
    near[..end]
        .iter()
        .any(|b| matches!(b, b'"' | b'\'' | b'`' | b','))
}

/// Longest rest of a line that may be a value, in bytes.
const LONGEST_LINE: usize = 256;

/// How far around a word its name may go, in bytes.
pub(in super::super) const LONGEST: usize = 64;

/// The whole name that a word is a part of, with the path that it ends: `auth->password`.
pub(in super::super) fn around(text: &[u8], word: Span) -> Span {
    let near = word.start.saturating_sub(LONGEST)..text.len().min(word.end + LONGEST);
    let (mut start, mut end) = (word.start, word.end);
    while start > near.start {
        start -= match text[start - 1] {
            b'>' | b':' if start - near.start > 1 && is_arrow(text, start - 2) => 2,
            byte if is_part(byte) => 1,
            _ => break,
        };
    }
    while end < near.end {
        end += match text[end] {
            b'-' | b':' if is_arrow(text, end) => 2,
            byte if is_part(byte) => 1,
            _ => break,
        };
    }
    let end = end.min(near.end);
    let signs = text[word.end..end].iter().rev();
    let signs = signs.take_while(|b| b"-.:>".contains(b));
    Span::new(start, end - signs.count())
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// True where two bytes join the parts of a path.
fn is_arrow(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 2), Some(b"->" | b"::"))
}

/// All names of a rule, with what each says.
fn meanings(names: &rules::Names) -> impl Iterator<Item = (Meaning, &NamePattern)> {
    let headers = names.headers.iter().map(|name| (Meaning::Header, name));
    let schemes = names.schemes.iter().map(|name| (Meaning::Scheme, name));
    let calls = names.calls.iter();
    let calls = calls.map(|call| (Meaning::Call(call.roles.clone()), &call.name));
    let fields = names
        .fields
        .iter()
        .map(|field| (Meaning::Field(field.role), &field.name));
    let flags = names
        .flags
        .iter()
        .map(|field| (Meaning::Flag(field.role), &field.name));
    let records = names.records.iter().flat_map(|record| {
        let secrets = record.secret.iter();
        secrets.map(|name| (Meaning::Record(Arc::clone(record)), name))
    });
    let own = headers.chain(schemes).chain(calls);
    own.chain(fields).chain(flags).chain(records)
}

/// The names of the rules, and where words of them stand in one text.
pub(super) struct PlacedNames<'r> {
    index: &'r NameIndex,
    rules: &'r RuleSet,
    /// Where the text stands, where that counts.
    pub(super) path: Option<&'r BlobPath>,
    /// In order.
    pub(super) places: Vec<NamePlace>,
}

impl<'r> PlacedNames<'r> {
    pub(super) fn new(index: &'r NameIndex, rules: &'r RuleSet, places: Vec<NamePlace>) -> Self {
        Self {
            index,
            rules,
            path: None,
            places,
        }
    }

    /// The words that begin in a part of the text.
    pub(super) fn within(&self, span: Span) -> &[NamePlace] {
        let start = self.places.partition_point(|place| place.at < span.start);
        let end = self.places.partition_point(|place| place.at < span.end);
        &self.places[start..end.max(start)]
    }

    /// What the rules say of a name, what tells most first.
    pub(super) fn meanings(&self, written: &[u8]) -> Vec<(usize, &'r Meaning)> {
        let numbers = self.index.set.of(written);
        let own = numbers.iter().map(|number| &self.index.names[*number]);
        let mut own: Vec<_> = own.filter(|named| self.is_here(named.rule)).collect();
        own.sort_by_key(|named| Reverse(named.specificity));
        own.into_iter()
            .map(|named| (named.rule, &named.meaning))
            .collect()
    }

    /// False for a rule that is for other files.
    fn is_here(&self, rule: usize) -> bool {
        let files = self.rules.get(rule).and_then(|rule| rule.path.as_ref());
        let path = self.path;
        files.is_none_or(|files| path.is_none_or(|path| files.is_match(path.as_bytes())))
    }

    /// Which gate judges what a rule finds.
    pub(super) fn gate(&self, rule: usize) -> usize {
        self.rules.get(rule).map_or(0, |rule| rule.gate as usize)
    }

    /// The same with the rule's severity: a warning takes the place of no error.
    pub(super) fn standing(&self, rule: usize) -> (usize, Severity) {
        let own = self.rules.get(rule).map(|rule| rule.info.severity);
        (self.gate(rule), own.unwrap_or(Severity::Low))
    }

    /// The rule that what is given by name counts for, where it is for this.
    pub(super) fn constants(&self, role: Role) -> Option<usize> {
        let gate = match role {
            Role::Password | Role::Pair => Gate::Password,
            _ => Gate::Header,
        };
        let own = &self.index.constants;
        let judged = own.iter().find(|rule| self.gate(**rule) == gate as usize);
        judged.or(own.first()).copied()
    }
}
