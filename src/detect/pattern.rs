//! A rule's patterns, tried where its words stand.

use super::keyword::{Hits, KeywordIndex, WordId};
use crate::model::Span;
use crate::rules::{Pattern, Rule};
use memchr::memmem;
use regex::bytes::{Captures, Regex};

/// How far back the word of a pattern's `after` may stand, in bytes.
const AFTER_REACH: usize = 1024;

/// Longest stretch that a pattern with start words looks at, in bytes: longer than any header
/// value that servers accept, and a bound on the work at each place.
const WINDOW: usize = 16 << 10;

/// The words of one rule, looked up once.
#[derive(Debug)]
pub(super) struct RuleWords {
    keywords: Vec<WordId>,
    starts: Vec<Vec<WordId>>,
}

/// What a pattern found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The secret.
    pub(super) secret: Span,
    /// The scheme in front of it.
    pub(super) scheme: Option<Span>,
    /// The whole match.
    pub(super) whole: Span,
}

impl RuleWords {
    pub(super) fn new(rule: &Rule, index: &KeywordIndex) -> Self {
        let ids = |words: &[String]| words.iter().filter_map(|w| index.id(w)).collect();
        Self {
            keywords: ids(&rule.keywords),
            starts: rule.patterns.iter().map(|p| ids(&p.start)).collect(),
        }
    }

    /// True when the text has what the rule asks for before it is tried.
    pub(super) fn wake(&self, hits: &Hits) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|word| hits.has(*word))
    }
}

/// Hands every match of the rule's patterns to `each`.
pub(super) fn search(
    rule: &Rule,
    words: &RuleWords,
    hits: &Hits,
    text: &[u8],
    each: &mut dyn FnMut(Found),
) {
    for (pattern, starts) in rule.patterns.iter().zip(&words.starts) {
        let Some(regex) = pattern.regex.get() else {
            continue;
        };
        if pattern.start.is_empty() {
            for captures in regex.captures_iter(text) {
                each(found(pattern, &captures, 0));
            }
            continue;
        }
        for word in starts {
            search_at(pattern, regex, hits.of(*word), text, each);
        }
    }
}

/// Tries the pattern at each place that is not inside the secret it found last, so that a text of
/// nothing but start words costs no more than its length.
fn search_at(
    pattern: &Pattern,
    regex: &Regex,
    places: &[usize],
    text: &[u8],
    each: &mut dyn FnMut(Found),
) {
    let mut done = 0;
    for start in places.iter().copied() {
        if start < done {
            continue;
        }
        let window = &text[start..text.len().min(start + WINDOW)];
        if let Some(captures) = regex.captures(window)
            && follows(pattern, &text[..start])
        {
            let found = found(pattern, &captures, start);
            done = found.secret.end;
            each(found);
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

fn found(pattern: &Pattern, captures: &Captures<'_>, shift: usize) -> Found {
    let group = |m: regex::bytes::Match<'_>| Span::from(m.range()).shifted(shift);
    let whole = captures.get(0).map_or(Span::new(shift, shift), group);
    let numbered = pattern.secret_group.and_then(|n| captures.get(n));
    let first = || {
        (pattern.secret_group.is_none())
            .then(|| captures.get(1))
            .flatten()
    };
    let secret = captures.name("secret").or(numbered).or_else(first);
    Found {
        secret: secret.map_or(whole, group),
        scheme: captures.name("scheme").map(group),
        whole,
    }
}
