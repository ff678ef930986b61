//! A rule's patterns, tried where its words stand.

use super::after::follows;
use super::follow::{self, Patterns};
use super::header_value;
use super::keyword::Hits;
use super::match_end::MatchEnd;
use super::rule_words::{Held, Places, RuleWords};
use crate::model::Span;
use crate::rules::{Pattern, Rule};
use regex::bytes::{CaptureLocations, Regex};

/// Longest stretch that a pattern with start words looks at, in bytes: longer than any header
/// value that servers accept, and a bound on the work at each place.
const WINDOW: usize = 8 << 10;

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
    let starts = words.starts.iter();
    let mut places: Vec<Places> = starts.map(|start| start.places(rule, hits, text)).collect();
    let patterns = rule.patterns.iter().enumerate();
    let shapes = patterns.filter_map(|(number, pattern)| {
        let own = own_words(number, pattern, words, &places);
        let times = own.iter().map(|own| places[own.word].left.len()).sum();
        let end = || words.end(number, &pattern.regex, times);
        Shape::new(pattern, own, words.held(number, hits, text), end)
    });
    let mut shapes: Vec<Shape> = shapes.collect();
    let mut taken: Vec<usize> = Vec::new();
    let mut start = 0;
    // Stretches in which no word stands are passed over.
    while let Some(next) = next(&shapes, &places) {
        let end = next.max(start) + STRETCH;
        for word in &mut places {
            word.go_to(end, text);
        }
        for shape in &mut shapes {
            let mut fresh = Vec::new();
            shape.run(&places, text, &taken, &mut |found| {
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

/// Where something is to be tried next.
fn next(shapes: &[Shape], places: &[Places]) -> Option<usize> {
    let everywhere = shapes.iter().find(|shape| shape.everywhere).map(|_| 0);
    let places = places.iter().filter_map(|word| word.left.first().copied());
    everywhere.or_else(|| places.min())
}

/// The words of a pattern that are in the text, in the order in which it names them.
fn own_words(number: usize, pattern: &Pattern, words: &RuleWords, places: &[Places]) -> Vec<Own> {
    let own = |text: &String| {
        let word = words.starts.iter().position(|start| start.text == *text)?;
        let nth = words.starts[word]
            .patterns
            .iter()
            .position(|n| *n == number)?;
        (!places[word].left.is_empty()).then_some(Own {
            word,
            pattern: follow::bit(nth),
            done: 0,
        })
    };
    pattern.start.iter().filter_map(own).collect()
}

/// A pattern being tried on one text: its regex, its groups, and room for what they capture, which
/// all places share.
struct Shape<'p> {
    pattern: &'p Pattern,
    regex: &'p Regex,
    secret: usize,
    scheme: Option<usize>,
    groups: CaptureLocations,
    /// What finds the end of a match, of which nothing else is asked.
    end: Option<&'p MatchEnd>,
    words: Vec<Own>,
    held: Held,
    /// True when the pattern has no words and is still to be tried.
    everywhere: bool,
}

/// A word that the pattern starts with.
#[derive(Clone, Copy)]
struct Own {
    /// The word's number among those of the rule.
    word: usize,
    /// The pattern among those that start with the word.
    pattern: Patterns,
    /// Where the secret ends that was found last: the pattern is not tried inside, so that a text of nothing
    /// but words costs no more than its length.
    done: usize,
}

impl<'p> Shape<'p> {
    fn new(
        pattern: &'p Pattern,
        words: Vec<Own>,
        held: Held,
        end: impl FnOnce() -> Option<&'p MatchEnd>,
    ) -> Option<Self> {
        let everywhere = pattern.start.is_empty();
        if held.nowhere() || (words.is_empty() && !everywhere) {
            return None;
        }
        let regex = pattern.regex.get()?;
        let named = |name| regex.capture_names().position(|n| n == Some(name));
        let has_groups = regex.captures_len() > 1;
        let first = has_groups.then_some(1);
        let asks_end = !everywhere && (pattern.value_follows || !has_groups);
        let secret = named("secret").or(pattern.secret_group).or(first);
        Some(Self {
            pattern,
            regex,
            secret: secret.unwrap_or(0),
            scheme: named("scheme").or(named("user")),
            groups: regex.capture_locations(),
            end: asks_end.then(end).flatten(),
            words,
            held,
            everywhere,
        })
    }

    /// Tries the pattern in the stretch that is read; at all if it has no words.
    fn run(
        &mut self,
        places: &[Places],
        text: &[u8],
        taken: &[usize],
        each: &mut dyn FnMut(Found),
    ) {
        if std::mem::take(&mut self.everywhere) {
            self.everywhere(text, each);
        }
        for own in 0..self.words.len() {
            self.at(own, places, text, taken, each);
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

    /// Tries the pattern at each place of a word.
    fn at(
        &mut self,
        own: usize,
        places: &[Places],
        text: &[u8],
        taken: &[usize],
        each: &mut dyn FnMut(Found),
    ) {
        let Own {
            word,
            pattern,
            mut done,
        } = self.words[own];
        let allowed = |(_, patterns): &&(usize, Patterns)| patterns & pattern != 0 || pattern == 0;
        let mut taken = taken.iter().copied().peekable();
        for (start, _) in places[word].near.iter().filter(allowed).copied() {
            while taken.next_if(|place| *place < start).is_some() {}
            let is_taken = start < done || taken.peek() == Some(&start);
            if !is_taken
                && self.held.within(start..start + WINDOW)
                && follows(self.pattern.after.as_deref(), &text[..start])
                && let Some(found) = self.try_at(start, text)
            {
                done = found.secret.end;
                each(found);
            }
        }
        self.words[own].done = done;
    }

    fn try_at(&mut self, start: usize, text: &[u8]) -> Option<Found> {
        let window = &text[start..text.len().min(start + WINDOW)];
        if self.pattern.value_follows {
            let end = start + self.end_in(window)?;
            let value = header_value::at(text, end)?;
            return Some(Found {
                secret: value.secret,
                scheme: value.scheme,
                whole: Span::new(start, value.secret.end),
            });
        }
        if self.regex.captures_len() == 1 {
            let whole = Span::new(start, start + self.end_in(window)?);
            return Some(Found {
                secret: whole,
                scheme: None,
                whole,
            });
        }
        self.regex.captures_read(&mut self.groups, window)?;
        Some(self.groups(start))
    }

    /// Where the match ends.
    fn end_in(&self, window: &[u8]) -> Option<usize> {
        match self.end {
            Some(end) => end.find(window),
            None => Some(self.regex.find(window)?.end()),
        }
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
