//! A rule's patterns, tried where its words stand.

use super::after::follows;
use super::follow::{self, Follow};
use super::header_value;
use super::keyword::{Hits, KeywordIndex, WordId};
use crate::model::Span;
use crate::rules::{Pattern, Rule};
use regex::bytes::{CaptureLocations, Regex};
use std::sync::OnceLock;

/// Longest stretch that a pattern with start words looks at, in bytes: longer than any header
/// value that servers accept, and a bound on the work at each place.
const WINDOW: usize = 8 << 10;

/// The words of one rule, looked up once.
#[derive(Debug)]
pub(super) struct RuleWords {
    keywords: Vec<WordId>,
    starts: Vec<Vec<Start>>,
}

/// A word that a pattern starts with.
#[derive(Debug)]
struct Start {
    text: String,
    word: WordId,
    /// What the pattern allows behind it; found out when a text has the word, and again when one has it
    /// many times.
    near: OnceLock<Follow>,
    far: OnceLock<Follow>,
}

impl Start {
    /// Where the word stands; `None` if it does not.
    fn places<'p>(&'p self, pattern: &Pattern, hits: &'p Hits, text: &[u8]) -> Option<Places<'p>> {
        let left = hits.of(self.word, text);
        let regex = pattern.regex.as_str();
        let follow = match left.len() {
            0 => return None,
            1..follow::MANY => self.near.get_or_init(|| Follow::near(regex, &self.text)),
            _ => self.far.get_or_init(|| Follow::far(regex, &self.text)),
        };
        Some(Places {
            left,
            len: self.text.len(),
            follow,
            done: 0,
        })
    }
}

/// What a pattern found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The secret.
    pub(super) secret: Span,
    /// The scheme in front of it, or the user of a password.
    pub(super) scheme: Option<Span>,
    /// The whole match.
    pub(super) whole: Span,
}

impl Found {
    /// Where a scheme stands that no other pattern is to begin at. What a program encodes there is for the
    /// next one: `Basic ${btoa("user:abc")}`.
    fn taken(&self, text: &[u8]) -> Option<usize> {
        let is_computed = text[self.secret.range()].starts_with(b"${");
        let scheme = self.scheme?;
        let is_basic = text[scheme.range()].eq_ignore_ascii_case(b"basic");
        (!is_basic || !is_computed).then_some(scheme.start)
    }
}

impl RuleWords {
    pub(super) fn new(rule: &Rule, index: &KeywordIndex) -> Self {
        let start = |word: &String| {
            Some(Start {
                text: word.clone(),
                word: index.id(word)?,
                near: OnceLock::new(),
                far: OnceLock::new(),
            })
        };
        let starts = |pattern: &Pattern| pattern.start.iter().filter_map(start).collect();
        Self {
            keywords: rule.keywords.iter().filter_map(|w| index.id(w)).collect(),
            starts: rule.patterns.iter().map(starts).collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, hits: &Hits, text: &[u8]) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|word| hits.has(*word, text))
    }
}

/// How much of a text all patterns are tried in before they go on, in bytes: what a processor keeps at hand.
const STRETCH: usize = 256 << 10;

/// Hands every match of the rule's patterns to `each`. A word that an earlier pattern took for the
/// scheme is left out: `Bearer` in a header that was read already.
pub(super) fn search(
    rule: &Rule,
    words: &RuleWords,
    hits: &Hits,
    text: &[u8],
    each: &mut dyn FnMut(Found),
) {
    let shapes = rule.patterns.iter().zip(&words.starts);
    let shapes = shapes.filter_map(|(pattern, starts)| Shape::new(pattern, starts, hits, text));
    let mut shapes: Vec<Shape> = shapes.collect();
    let mut taken: Vec<usize> = Vec::new();
    let mut start = 0;
    // Stretches in which no word stands are passed over.
    while let Some(next) = shapes.iter().filter_map(Shape::next).min() {
        let end = next.max(start) + STRETCH;
        for shape in &mut shapes {
            let mut fresh = Vec::new();
            shape.until(end, text, &taken, &mut |found| {
                fresh.extend(found.taken(text));
                each(found);
            });
            // Two runs that are in order: a stable sort merges them.
            taken.extend(fresh);
            taken.sort();
        }
        taken.retain(|place| *place >= end);
        start = end;
    }
}

/// A pattern being tried on one text: its regex, its groups, and room for what they capture, which
/// all places share.
struct Shape<'p> {
    pattern: &'p Pattern,
    regex: &'p Regex,
    secret: usize,
    scheme: Option<usize>,
    groups: CaptureLocations,
    words: Vec<Places<'p>>,
    /// True when the pattern has no words and is still to be tried.
    everywhere: bool,
}

/// The places of a word that a pattern starts with.
#[derive(Clone, Copy)]
struct Places<'p> {
    /// Those that are still to be tried.
    left: &'p [usize],
    /// Length of the word, in bytes.
    len: usize,
    follow: &'p Follow,
    /// Where the secret ends that was found last: the pattern is not tried inside, so that a text of nothing
    /// but words costs no more than its length.
    done: usize,
}

impl<'p> Shape<'p> {
    fn new(pattern: &'p Pattern, starts: &'p [Start], hits: &'p Hits, text: &[u8]) -> Option<Self> {
        let words = starts
            .iter()
            .filter_map(|start| start.places(pattern, hits, text));
        let words: Vec<_> = words.collect();
        let everywhere = pattern.start.is_empty();
        if words.is_empty() && !everywhere {
            return None;
        }
        let regex = pattern.regex.get()?;
        let named = |name| regex.capture_names().position(|n| n == Some(name));
        let first = (regex.captures_len() > 1).then_some(1);
        let secret = named("secret").or(pattern.secret_group).or(first);
        Some(Self {
            pattern,
            regex,
            secret: secret.unwrap_or(0),
            scheme: named("scheme").or(named("user")),
            groups: regex.capture_locations(),
            words,
            everywhere,
        })
    }

    /// Where it is to be tried next.
    fn next(&self) -> Option<usize> {
        if self.everywhere {
            return Some(0);
        }
        let places = self.words.iter().filter_map(|word| word.left.first());
        places.copied().min()
    }

    /// Tries the pattern at the places before `end` that are left; at all if it has no words.
    fn until(&mut self, end: usize, text: &[u8], taken: &[usize], each: &mut dyn FnMut(Found)) {
        if std::mem::take(&mut self.everywhere) {
            self.everywhere(text, each);
        }
        for word in 0..self.words.len() {
            self.at(word, end, text, taken, each);
        }
    }

    fn everywhere(&mut self, text: &[u8], each: &mut dyn FnMut(Found)) {
        let mut at = 0;
        while at <= text.len() {
            let matched = self.regex.captures_read_at(&mut self.groups, text, at);
            let Some(end) = matched.map(|m| m.end()) else {
                return;
            };
            let found = self.groups(0);
            // An empty match moves on by a byte, so that the search ends.
            at = end + usize::from(found.whole.is_empty());
            each(found);
        }
    }

    /// Tries the pattern at each place of a word before `end`.
    fn at(
        &mut self,
        word: usize,
        end: usize,
        text: &[u8],
        taken: &[usize],
        each: &mut dyn FnMut(Found),
    ) {
        let Places {
            left,
            len,
            follow,
            mut done,
        } = self.words[word];
        let (places, left) = left.split_at(left.partition_point(|place| *place < end));
        let mut taken = taken.iter().copied().peekable();
        for start in places.iter().copied() {
            while taken.next_if(|place| *place < start).is_some() {}
            let is_taken = start < done || taken.peek() == Some(&start);
            if is_taken || !follow.allows(&text[start + len..]) {
                continue;
            }
            if follows(self.pattern.after.as_deref(), &text[..start])
                && let Some(found) = self.try_at(start, text)
            {
                done = found.secret.end;
                each(found);
            }
        }
        self.words[word].left = left;
        self.words[word].done = done;
    }

    fn try_at(&mut self, start: usize, text: &[u8]) -> Option<Found> {
        let window = &text[start..text.len().min(start + WINDOW)];
        if self.pattern.value_follows {
            let end = start + self.regex.find(window)?.end();
            let value = header_value::at(text, end)?;
            return Some(Found {
                secret: value.secret,
                scheme: value.scheme,
                whole: Span::new(start, value.secret.end),
            });
        }
        self.regex.captures_read(&mut self.groups, window)?;
        Some(self.groups(start))
    }

    fn groups(&self, shift: usize) -> Found {
        let group = |number: usize| {
            let (start, end) = self.groups.get(number)?;
            Some(Span::new(start + shift, end + shift))
        };
        let whole = group(0).unwrap_or(Span::new(shift, shift));
        Found {
            secret: group(self.secret).unwrap_or(whole),
            scheme: self.scheme.and_then(group),
            whole,
        }
    }
}
