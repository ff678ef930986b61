//! A rule's patterns, tried where its words stand.

use super::follow::Follow;
use super::header_value;
use super::keyword::{Hits, KeywordIndex, WordId};
use crate::model::Span;
use crate::rules::{Pattern, Rule};
use memchr::memmem;
use regex::bytes::{CaptureLocations, Regex};
use std::sync::OnceLock;

/// How far back the word of a pattern's `after` may stand, in bytes.
pub(super) const AFTER_REACH: usize = 1024;

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
    /// What the pattern allows behind it; found out when a text has the word.
    follow: OnceLock<Follow>,
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

impl RuleWords {
    pub(super) fn new(rule: &Rule, index: &KeywordIndex) -> Self {
        let start = |word: &String| {
            Some(Start {
                text: word.clone(),
                word: index.id(word)?,
                follow: OnceLock::new(),
            })
        };
        let starts = |pattern: &Pattern| pattern.start.iter().filter_map(start).collect();
        Self {
            keywords: rule.keywords.iter().filter_map(|w| index.id(w)).collect(),
            starts: rule.patterns.iter().map(starts).collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, hits: &Hits) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|word| hits.has(*word))
    }
}

/// Hands every match of the rule's patterns to `each`. A word that an earlier pattern took for the
/// scheme is left out: `Bearer` in a header that was read already.
pub(super) fn search(
    rule: &Rule,
    words: &RuleWords,
    hits: &Hits,
    text: &[u8],
    each: &mut dyn FnMut(Found),
) {
    let mut taken: Vec<usize> = Vec::new();
    for (pattern, starts) in rule.patterns.iter().zip(&words.starts) {
        let Some(mut shape) = Shape::new(pattern) else {
            continue;
        };
        let mut fresh = Vec::new();
        let mut note = |found: Found| {
            fresh.extend(found.scheme.map(|scheme| scheme.start));
            each(found);
        };
        if pattern.start.is_empty() {
            shape.everywhere(text, &mut note);
        }
        for start in starts {
            shape.at(start, hits, text, &taken, &mut note);
        }
        // Two runs that are in order: a stable sort merges them.
        taken.extend(fresh);
        taken.sort();
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
}

impl<'p> Shape<'p> {
    fn new(pattern: &'p Pattern) -> Option<Self> {
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
        })
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

    /// Tries the pattern at each place that is not inside the secret it found last, so that a text of
    /// nothing but start words costs no more than its length.
    fn at(
        &mut self,
        word: &Start,
        hits: &Hits,
        text: &[u8],
        taken: &[usize],
        each: &mut dyn FnMut(Found),
    ) {
        let places = hits.of(word.word);
        if places.is_empty() {
            return;
        }
        let follow = || Follow::of(self.pattern.regex.as_str(), &word.text);
        let follow = word.follow.get_or_init(follow);
        let mut done = 0;
        let mut taken = taken.iter().copied().peekable();
        for start in places.iter().copied() {
            while taken.next_if(|place| *place < start).is_some() {}
            let is_taken = start < done || taken.peek() == Some(&start);
            if is_taken || !follow.allows(&text[start + word.text.len()..]) {
                continue;
            }
            if let Some(found) = self.try_at(start, text)
                && follows(self.pattern, &text[..start])
            {
                done = found.secret.end;
                each(found);
            }
        }
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

/// True when the pattern's `after` word stands before, with no end of the command in between: a
/// line break counts as one unless a `\`, `` ` ``, `^`, a comma or an
/// opening bracket continues the line.
fn follows(pattern: &Pattern, before: &[u8]) -> bool {
    let Some(word) = &pattern.after else {
        return true;
    };
    let reach = before[before.len().saturating_sub(AFTER_REACH)..].to_ascii_lowercase();
    let Some(at) = memmem::rfind(&reach, word.as_bytes()) else {
        return false;
    };
    let between = &reach[at + word.len()..];
    memchr::memchr_iter(b'\n', between).all(|end| {
        let line = between[..end].trim_ascii_end();
        line.last().is_some_and(|b| b"\\`,^[{(".contains(b))
    })
}
