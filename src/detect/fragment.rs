//! Which part of a keyword the prefilter searches for.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of a keyword that are searched for: as many as Teddy looks at.
pub(super) const FRAGMENT: usize = 4;

/// In a text full of words, so many others that share a part make it better; more of them only make each of its
/// places cost more.
const MOST_SHARING: u32 = 3;

/// The parts of four bytes of all keywords, and how many keywords have each.
pub(super) struct Fragments {
    keywords: BTreeMap<Vec<u8>, u32>,
    /// Those that are searched for.
    kept: BTreeSet<Vec<u8>>,
}

/// A word, and which part of it is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fragmented {
    lower: Arc<[u8]>,
    /// Where the fragment begins in the word.
    offset: usize,
}

impl Fragmented {
    /// A word of which the part at `offset` is searched for.
    pub(super) fn at(word: &[u8], offset: usize) -> Self {
        Self {
            lower: word.to_ascii_lowercase().into(),
            offset,
        }
    }

    /// The word, in small letters.
    pub(super) fn word(&self) -> &[u8] {
        &self.lower
    }

    /// The part that is searched for.
    pub(super) fn fragment(&self) -> Range<usize> {
        self.offset..self.lower.len().min(self.offset + FRAGMENT)
    }

    /// The bytes of that part.
    fn part(&self) -> &[u8] {
        &self.lower[self.fragment()]
    }

    /// Where in the word the part begins that most others take.
    fn taken_part(&self, taken: &BTreeMap<Vec<u8>, usize>) -> Option<usize> {
        let parts = self.lower.windows(FRAGMENT).enumerate();
        let taken = parts.filter_map(|(at, part)| Some((*taken.get(part)?, at)));
        taken.max().map(|(_, at)| at)
    }

    /// Where the word begins whose fragment is at `at`, if it is there, in any case of letters.
    pub(super) fn start(&self, bytes: &[u8], at: usize) -> Option<usize> {
        let start = at.checked_sub(self.offset)?;
        let there = bytes.get(start..start + self.lower.len())?;
        there.eq_ignore_ascii_case(&self.lower).then_some(start)
    }

    /// As [`Fragmented::start`], in a text whose letters are small.
    pub(super) fn start_in_lower(&self, lower: &[u8], at: usize) -> Option<usize> {
        let start = at.checked_sub(self.offset)?;
        let there = lower.get(start..start + self.lower.len())?;
        // Words that share a fragment differ at their ends.
        let ends_agree = there.first() == self.lower.first() && there.last() == self.lower.last();
        (ends_agree && *there == *self.lower).then_some(start)
    }
}

impl Fragments {
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w [u8]>) -> Self {
        let mut keywords = BTreeMap::new();
        let all: BTreeSet<Vec<u8>> = words.map(<[u8]>::to_ascii_lowercase).collect();
        for keyword in &all {
            for part in keyword.windows(FRAGMENT) {
                *keywords.entry(part.to_vec()).or_default() += 1;
            }
        }
        Self {
            keywords,
            kept: BTreeSet::new(),
        }
    }

    /// The same, where words take these parts if they have one.
    pub(super) fn keeping<'p>(self, parts: impl Iterator<Item = &'p [u8]>) -> Self {
        let kept = parts.map(<[u8]>::to_vec).collect();
        Self { kept, ..self }
    }

    /// A word, in all cases of letters that are searched for, with its best part, however many share that.
    pub(super) fn split(&self, spellings: &[Vec<u8>]) -> Fragmented {
        self.split_by(spellings, u32::MAX)
    }

    /// A word with its best part, for which no more than so many others that share it count.
    fn split_by(&self, spellings: &[impl AsRef<[u8]>], most: u32) -> Fragmented {
        let first = spellings.first().map_or(&[][..], AsRef::as_ref);
        let lower = first.to_ascii_lowercase();
        let is_kept = |part: Range<usize>| {
            let mut parts = spellings.iter().map(|word| &word.as_ref()[part.clone()]);
            parts.all(|part| self.kept.contains(part))
        };
        Fragmented {
            offset: self.best(&lower, most, is_kept),
            lower: lower.into(),
        }
    }

    /// Words, in small letters, with parts that do for many of them: a word whose best part is of use to no
    /// other takes one that others take. Each part costs a look wherever it stands.
    pub(super) fn split_all(&self, words: &[&[u8]]) -> Vec<Fragmented> {
        let mut split: Vec<Fragmented> = words
            .iter()
            .map(|word| self.split_by(&[word], MOST_SHARING))
            .collect();
        let mut taken: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        for word in &split {
            *taken.entry(word.part().to_vec()).or_default() += 1;
        }
        for word in &mut split {
            if taken.get(word.part()) == Some(&1) && !self.kept.contains(word.part()) {
                taken.remove(word.part());
                word.offset = word.taken_part(&taken).unwrap_or(word.offset);
                *taken.entry(word.part().to_vec()).or_default() += 1;
            }
        }
        split
    }

    /// Where the best part of a keyword begins: one that is kept; or that others share, that has few
    /// spellings, and that is rare in text.
    fn best(&self, lower: &[u8], most: u32, is_kept: impl Fn(Range<usize>) -> bool) -> usize {
        // A part without a first letter has one spelling less.
        let begins_word = |at: usize| at == 0 || !lower[at - 1].is_ascii_alphanumeric();
        let score = |at: usize, part: &[u8]| {
            let sharing = self
                .keywords
                .get(part)
                .map_or(0, |count| 5 * (count - 1).min(most));
            let inside = if (at..at + part.len()).any(begins_word) {
                0
            } else {
                2
            };
            let rare = sharing + inside + part.iter().map(rarity).sum::<u32>();
            if COMMON.contains(&part) { 0 } else { rare }
        };
        let parts = lower.windows(FRAGMENT.min(lower.len())).enumerate();
        let is_kept = |at: usize, part: &[u8]| is_kept(at..at + part.len());
        let scored = parts.map(|(at, part)| (is_kept(at, part), score(at, part), Reverse(at)));
        scored.max().map_or(0, |(_, _, at)| at.0)
    }
}

/// Parts that stand everywhere, as in `author`, `function`, `value`, `Token` and every array of PHP: each place
/// costs a look at the word.
const COMMON: [&[u8]; 6] = [b"auth", b"atio", b"tion", b"valu", b"toke", b"' =>"];

/// How rare a byte of a keyword is in source code and prose.
fn rarity(byte: &u8) -> u32 {
    match byte {
        b'j' | b'q' | b'x' | b'z' => 4,
        b'-' => 3,
        b'k' | b'v' | b'/' => 2,
        b'b' | b'f' | b'g' | b'p' | b'w' | b'y' | b'_' | b':' | b'"' | b'0'..=b'9' => 1,
        b'a'..=b'z' | b' ' => 0,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_takes_the_part_that_others_take() {
        let words: [&[u8]; 3] = [b"bearer", b"bearer ", b"authorizationbearer"];
        let fragments = Fragments::new(words.into_iter());
        let parts = |split: &[Fragmented]| split.iter().map(|word| word.part().to_vec()).collect();
        let alone: BTreeSet<Vec<u8>> = parts(&words.map(|word| fragments.split(&[word.to_vec()])));
        let together: BTreeSet<Vec<u8>> = parts(&fragments.split_all(&words));
        assert_eq!((alone.len(), together.len()), (2, 1));
    }
}
