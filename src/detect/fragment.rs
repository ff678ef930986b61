//! Which part of a keyword the prefilter searches for.

use crate::rules::RuleSet;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of a keyword that are searched for: as many as Teddy looks at.
pub(super) const FRAGMENT: usize = 4;

/// The parts of four bytes of all keywords, and how many keywords have each.
pub(super) struct Fragments {
    keywords: BTreeMap<Vec<u8>, u32>,
}

impl Fragments {
    pub(super) fn new(rules: &RuleSet) -> Self {
        let mut keywords = BTreeMap::new();
        let all: BTreeSet<String> = rules
            .iter()
            .flat_map(|rule| rule.keywords.iter().map(|k| k.to_ascii_lowercase()))
            .collect();
        for keyword in &all {
            for part in keyword.as_bytes().windows(FRAGMENT) {
                *keywords.entry(part.to_vec()).or_default() += 1;
            }
        }
        Self { keywords }
    }

    /// Where the best part of a keyword begins: one that others share, that has few spellings, and
    /// that is rare in text.
    pub(super) fn best(&self, lower: &[u8]) -> usize {
        // A part without a first letter has one spelling less.
        let begins_word = |at: usize| at == 0 || !lower[at - 1].is_ascii_alphanumeric();
        let score = |at: usize, part: &[u8]| {
            let sharing = self.keywords.get(part).map_or(0, |count| 2 * (count - 1));
            let inside = if (at..at + part.len()).any(begins_word) {
                0
            } else {
                2
            };
            sharing + inside + part.iter().map(rarity).sum::<u32>()
        };
        let parts = lower.windows(FRAGMENT.min(lower.len())).enumerate();
        let scored = parts.map(|(at, part)| (score(at, part), Reverse(at)));
        scored.max().map_or(0, |(_, at)| at.0)
    }
}

/// How rare a byte of a keyword is in source code and prose.
fn rarity(byte: &u8) -> u32 {
    match byte {
        b'j' | b'q' | b'x' | b'z' => 4,
        b'k' | b'v' | b'-' | b'/' => 2,
        b'b' | b'f' | b'g' | b'p' | b'w' | b'y' | b'_' | b':' | b'"' | b'0'..=b'9' => 1,
        b'a'..=b'z' | b' ' => 0,
        _ => 2,
    }
}
