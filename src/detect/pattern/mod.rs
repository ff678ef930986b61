//! A rule's patterns, tried where its words stand.

pub(super) mod after;
pub(super) mod keyword;

use super::header_value;
use crate::model::Span;
use crate::rules::{Pattern, Rule};
use after::follows;
use keyword::{KeywordIndex, WordHits, WordId};
use regex::bytes::{CaptureLocations, Regex};

/// Longest stretch that a pattern with start words looks at, in bytes: longer than any header
/// value that servers accept, and a bound on the work at each place.
const WINDOW: usize = 8 << 10;

/// What a pattern or a name found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The secret.
    pub(super) secret: Span,
    /// The scheme in front of it, or the user of a password.
    pub(super) scheme: Option<Span>,
    /// The whole match: from the name to the value, or from the value to the name.
    pub(super) whole: Span,
}

/// The words of one rule, looked up once.
#[derive(Debug)]
pub(super) struct RuleWords {
    keywords: Vec<WordId>,
    /// For each pattern, the words that it starts with.
    starts: Vec<Vec<WordId>>,
}

impl RuleWords {
    pub(super) fn new(rule: &Rule, index: &KeywordIndex) -> Self {
        let ids = |words: &[String]| -> Vec<WordId> {
            words.iter().filter_map(|w| index.id(w)).collect()
        };
        Self {
            keywords: if rule.runs_over_everything() {
                Vec::new()
            } else {
                ids(&rule.keywords)
            },
            starts: rule.patterns.iter().map(|p| ids(&p.start)).collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, rule: &Rule, hits: &WordHits, text: &[u8]) -> bool {
        rule.runs_over_everything() || self.keywords.iter().any(|word| hits.has(*word, text))
    }
}

/// Hands every match of the rule's patterns to `each`.
pub(super) fn search(
    rule: &Rule,
    words: &RuleWords,
    hits: &WordHits,
    text: &[u8],
    each: &mut dyn FnMut(Found),
) {
    for (pattern, starts) in rule.patterns.iter().zip(&words.starts) {
        let Some(mut shape) = Shape::new(pattern) else {
            continue;
        };
        if pattern.start.is_empty() {
            shape.everywhere(text, each)
        } else {
            for word in starts {
                shape.at(hits.of(*word, text), text, each);
            }
        }
    }
}

/// What these patterns find where they all begin at one place of a text.
pub(super) fn found_at<'p>(
    patterns: &'p [Pattern],
    text: &'p [u8],
    start: usize,
) -> impl Iterator<Item = Found> + 'p {
    let shapes = patterns.iter().filter_map(Shape::new);
    shapes.filter_map(move |mut shape| shape.try_at(start, text))
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

    /// Tries the pattern at each place of a word, but for those inside the secret that was found last: a text of
    /// nothing but words costs no more than its length.
    fn at(&mut self, places: &[usize], text: &[u8], each: &mut dyn FnMut(Found)) {
        let mut done = 0;
        for (number, start) in places.iter().copied().enumerate() {
            if start >= done
                && follows(self.pattern.after.as_deref(), &text[..start])
                && let next = places.get(number + 1).copied()
                && let Some(found) = self.try_at(start, self.up_to(next, text))
            {
                let found = match next {
                    Some(next) if found.secret.start == start => before(found, next, text),
                    _ => found,
                };
                done = found.secret.end;
                each(found);
            }
        }
    }

    /// The text as far as a secret may go that is all of a match: up to the next one.
    fn up_to<'t>(&self, next: Option<usize>, text: &'t [u8]) -> &'t [u8] {
        match next.filter(|_| self.secret == 0 && !self.pattern.value_follows) {
            Some(next) => &text[..next],
            None => text,
        }
    }

    fn try_at(&mut self, start: usize, text: &[u8]) -> Option<Found> {
        let window = &text[start..text.len().min(start + WINDOW)];
        self.regex.captures_read(&mut self.groups, window)?;
        let found = self.groups(start);
        if !self.pattern.value_follows {
            return Some(found);
        }
        let value = header_value::at(text, found.whole.end)?;
        Some(Found {
            secret: value.secret,
            scheme: value.scheme,
            whole: found.whole.around(value.secret),
        })
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
/// What was found, as far as the next secret that begins with the same word: `jvx_live_abc_jvx_live_def`.
fn before(found: Found, next: usize, text: &[u8]) -> Found {
    if next >= found.secret.end {
        return found;
    }
    let joins = |b: &&u8| matches!(**b, b'_' | b'-');
    let joined = text[..next].iter().rev().take_while(joins).count();
    let end = (next - joined).max(found.secret.start);
    Found {
        secret: Span::new(found.secret.start, end),
        whole: Span::new(found.whole.start, end),
        ..found
    }
}
