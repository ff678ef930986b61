//! Which part of a keyword the prefilter searches for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a keyword that are searched for: as many as Teddy looks at.
pub(in crate::detect) const FRAGMENT: usize = 4;

/// Which parts of some words are searched for.
pub(in crate::detect) struct Fragments {
    /// How many words have each part.
    sharing: BTreeMap<Vec<u8>, u32>,
    /// Where the part of each word begins.
    offsets: BTreeMap<Vec<u8>, usize>,
}

/// A word, and which part of it is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::detect) struct Fragmented {
    lower: Arc<[u8]>,
    /// Where the fragment begins in the word.
    offset: usize,
}

impl Fragmented {
    /// A word of which the part at `offset` is searched for.
    pub(in crate::detect) fn at(word: &[u8], offset: usize) -> Self {
        Self {
            lower: word.to_ascii_lowercase().into(),
            offset,
        }
    }

    /// The word, in small letters.
    pub(in crate::detect) fn word(&self) -> &[u8] {
        &self.lower
    }

    /// The part that is searched for.
    pub(in crate::detect) fn fragment(&self) -> Range<usize> {
        self.offset..self.lower.len().min(self.offset + FRAGMENT)
    }

    /// Where in the word the part begins.
    pub(in crate::detect) fn offset(&self) -> usize {
        self.offset
    }

    /// Where the word begins whose fragment is at `at`, if it is there, in any case of letters.
    pub(in crate::detect) fn start(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let start = at.checked_sub(self.offset)?;
        let there = bytes.get(start..start + self.lower.len())?;
        // Words that share a fragment differ at their ends.
        let ends_agree = there.last().map(u8::to_ascii_lowercase) == self.lower.last().copied();
        (ends_agree && there.eq_ignore_ascii_case(&self.lower)).then_some(start)
    }

    /// As [`Fragmented::start`], in a text whose letters are small.
    pub(in crate::detect) fn start_in_lower(&self, lower: &[u8], at: usize) -> Option<usize> {
        let start = at.checked_sub(self.offset)?;
        let there = lower.get(start..start + self.lower.len())?;
        let ends_agree = there.first() == self.lower.first() && there.last() == self.lower.last();
        (ends_agree && *there == *self.lower).then_some(start)
    }
}

impl Fragments {
    /// The parts of these words: each takes one that a shorter word takes, if there is one, since each part costs a
    /// look wherever it stands; else its best.
    pub(in crate::detect) fn new<'w>(words: impl Iterator<Item = &'w [u8]>) -> Self {
        let all: BTreeSet<Vec<u8>> = words.map(<[u8]>::to_ascii_lowercase).collect();
        let mut sharing = BTreeMap::new();
        for part in all.iter().flat_map(|word| word.windows(FRAGMENT)) {
            *sharing.entry(part.to_vec()).or_default() += 1;
        }
        let mut fragments = Self {
            sharing,
            offsets: BTreeMap::new(),
        };
        let mut by_length: Vec<Vec<u8>> = all.into_iter().collect();
        by_length.sort_by_key(Vec::len);
        let mut taken: BTreeSet<Vec<u8>> = BTreeSet::new();
        for word in by_length {
            let offset = fragments.best(&word, &taken);
            taken.insert(word[offset..word.len().min(offset + FRAGMENT)].to_vec());
            fragments.offsets.insert(word, offset);
        }
        fragments
    }

    /// A word with its part.
    pub(in crate::detect) fn split(&self, word: &[u8]) -> Fragmented {
        let lower = word.to_ascii_lowercase();
        let offset = self.offsets.get(&lower).copied();
        let offset = offset.unwrap_or_else(|| self.best(&lower, &BTreeSet::new()));
        Fragmented {
            offset,
            lower: lower.into(),
        }
    }

    /// Where the best part of a keyword begins: one that is taken already; or that
    /// others share, that has few spellings, and that is rare in text.
    fn best(&self, lower: &[u8], taken: &BTreeSet<Vec<u8>>) -> usize {
        // A part without a first letter has one spelling less.
        let begins_word = |at: usize| at == 0 || !lower[at - 1].is_ascii_alphanumeric();
        let score = |at: usize, part: &[u8]| {
            let sharing = self.sharing.get(part).map_or(0, |count| 5 * (count - 1));
            let inside = if (at..at + part.len()).any(begins_word) {
                0
            } else {
                2
            };
            let rare = sharing + inside + part.iter().map(rarity).sum::<u32>();
            if COMMON.contains(&part) { 0 } else { rare }
        };
        let parts = lower.windows(FRAGMENT.min(lower.len())).enumerate();
        let scored = parts.map(|(at, part)| (taken.contains(part), score(at, part), Reverse(at)));
        scored.max().map_or(0, |(_, _, at)| at.0)
    }
}

/// Where the rarest part of a word begins that has so many bytes.
pub(super) fn rarest(lower: &[u8], length: usize) -> usize {
    let score = |part: &[u8]| {
        let common = part.windows(FRAGMENT).filter(|four| COMMON.contains(four));
        let rare: u32 = part.iter().map(rarity).sum();
        (Reverse(common.count()), rare)
    };
    let parts = lower.windows(length).enumerate();
    let scored = parts.map(|(at, part)| (score(part), Reverse(at)));
    scored.max().map_or(0, |(_, at)| at.0)
}

/// Parts that stand everywhere, as in `author`, `function`, `value`, `Token` and every array of PHP: each place
/// costs a look at the word.
const COMMON: [&[u8]; 23] = [
    b"auth", b"atio", b"tion", b"valu", b"toke", b"' =>", b"http", b"user", b"enco", b"ncod",
    b"code", b"temp", b"empl", b"stri", b"enti", b"icat", b"ttps", b"mpla", b"er =", b"dent",
    b"r = ", b"plat", b"asic",
];

/// How rare a byte of a keyword is in source code and prose.
fn rarity(byte: &u8) -> u32 {
    match byte {
        b'j' | b'q' | b'x' | b'z' => 4,
        b'-' => 3,
        b'k' | b'v' | b'/' => 2,
        b'b' | b'f' | b'g' | b'p' | b'w' | b'y' | b'_' | b':' | b'"' | b'0'..=b'9' => 1,
        b'a'..=b'z' | b' ' => 0,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_the_part_that_others_take() {
        let words: [&[u8]; 4] = [b"bearer", b"bearer ", b"authorizationbearer", b"auth"];
        let fragments = Fragments::new(words.into_iter());
        let parts: BTreeSet<Vec<u8>> = words
            .map(|word| word[fragments.split(word).fragment()].to_vec())
            .into();
        assert_eq!(parts.len(), 2);
    }
}
