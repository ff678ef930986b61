//! Words: what people write where a credential belongs, and what identifiers are made of.
//!
//! The lists are `rules/words.txt`, SCOWL's small English list, `rules/jargon.txt`, the vocabulary of credentials that
//! no dictionary has, `rules/abroad.txt`, what placeholders say in other languages, and `rules/names.txt`, names.

use super::super::candidate::Refusal;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

const LISTS: [&str; 4] = [
    include_str!("../../../../rules/words.txt"),
    include_str!("../../../../rules/jargon.txt"),
    include_str!("../../../../rules/abroad.txt"),
    include_str!("../../../../rules/names.txt"),
];

/// Longest word of the lists.
const LONGEST_WORD: usize = 12;

/// How many bytes of a value are looked at.
const LONGEST: usize = 256;

/// Shortest word that counts when the value itself marks its ends.
const SHORTEST: usize = 3;

/// Shortest word that counts inside a run of letters.
const SHORTEST_INSIDE: usize = 4;

/// Refuses a value at least half of whose letters are words.
pub(in crate::detect::gate) fn check(value: &[u8]) -> Result<(), Refusal> {
    let value = &value[..value.len().min(LONGEST)];
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    // Hexadecimal spells `cab`, `dead` and `feed` by chance.
    let hex = |b: &u8| b.is_ascii_hexdigit() || !b.is_ascii_alphanumeric();
    if digits >= letters / 2 && value.iter().all(hex) {
        return Ok(());
    }
    if letters >= SHORTEST && covered(value) * 2 >= letters && letters * 3 >= value.len() {
        return Err("made of words");
    }
    Ok(())
}

/// How many letters of `value` stand in words.
pub(in crate::detect::gate) fn covered(value: &[u8]) -> usize {
    let mut covered = 0;
    for run in letter_runs(value) {
        let parts: usize = camel_parts(run).map(part_covered).sum();
        let lower = run.to_ascii_lowercase();
        covered += parts.max(segmented(&lower));
    }
    covered
}

/// True when `word`, in lower case, is on a list.
pub(in crate::detect::gate) fn is_word(word: &[u8]) -> bool {
    word.len() <= LONGEST_WORD && WORDS.contains(&word.iter().fold(0, spell))
}

/// A word as a number: five bits a letter, so that twelve letters fit. Adds one letter.
fn spell(word: u64, letter: &u8) -> u64 {
    word << 5 | u64::from(letter & 0x1F)
}

/// All words of the lists.
pub(super) fn lists() -> impl Iterator<Item = &'static str> {
    let lines = LISTS.iter().flat_map(|list| list.lines());
    lines.filter(|line| !line.starts_with('#'))
}

/// All words of the lists, spelled as numbers. Built when the first value comes this far, in about a
/// millisecond; every question after that is one multiplication and one look.
static WORDS: LazyLock<HashSet<u64, BuildHasherDefault<Spread>>> = LazyLock::new(|| {
    lists()
        .map(|word| word.bytes().fold(0, |sum, b| spell(sum, &b)))
        .collect()
});

/// Spreads the numbers of words over a hash table (Fibonacci hashing: Knuth, The Art of Computer
/// Programming, volume 3, section 6.4).
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes
            .iter()
            .for_each(|b| self.write_u64(self.0 ^ u64::from(*b)));
    }

    fn write_u64(&mut self, word: u64) {
        let spread = word.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = spread ^ spread >> 32;
    }
}

fn part_covered(part: &[u8]) -> usize {
    let lower = part.to_ascii_lowercase();
    if lower.len() >= SHORTEST && (is_word(&lower) || plural_of_word(&lower)) {
        return lower.len();
    }
    segmented(&lower)
}

fn plural_of_word(word: &[u8]) -> bool {
    word.len() > SHORTEST && word.strip_suffix(b"s").is_some_and(is_word)
}

fn letter_runs(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value
        .split(|b| !b.is_ascii_alphabetic())
        .filter(|run| !run.is_empty())
}

/// Splits `apiKeyHTTPServer` into `api`, `Key`, `HTTP`, `Server`.
pub(in crate::detect::gate) fn camel_parts(run: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let boundary = (1..rest.len()).find(|&i| {
            let (before, here) = (rest[i - 1], rest[i]);
            let next_is_lower = rest.get(i + 1).is_some_and(u8::is_ascii_lowercase);
            here.is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_lower)
        });
        let (part, tail) = rest.split_at(boundary.unwrap_or(rest.len()));
        rest = tail;
        Some(part)
    })
}

/// The most letters of a lower-case run that words of four letters or more can cover.
fn segmented(run: &[u8]) -> usize {
    let mut best = vec![0; run.len() + 1];
    for start in 0..run.len() {
        best[start + 1] = best[start + 1].max(best[start]);
        let mut word = 0;
        for (length, letter) in (1..=LONGEST_WORD).zip(&run[start..]) {
            word = spell(word, letter);
            let covered = best[start] + length;
            if length >= SHORTEST_INSIDE && covered > best[start + length] && WORDS.contains(&word)
            {
                best[start + length] = covered;
            }
        }
    }
    best[run.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found() {
        let lines = LISTS.iter().flat_map(|list| list.lines());
        let words: Vec<_> = lines.filter(|line| !line.starts_with('#')).collect();
        let fits = |w: &&str| w.len() <= LONGEST_WORD && w.bytes().all(|b| b.is_ascii_lowercase());
        assert!(words.iter().all(fits));
        assert!(words.iter().all(|w| is_word(w.as_bytes())));
        assert!(!is_word(b"qzx") && !is_word(b"") && !is_word(b"zzzzz"));
    }

    #[test]
    fn values_made_of_words_are_refused() {
        for value in [
            "journeyUpdateReceived",
            "YOUR_KEY_HERE",
            "badge--is-active",
            "rate_limit_per_minute",
            "my-secret-api-key",
            "YourApiKeyGoesHere",
            "test-token",
            "oauth2_access_token_123",
            "dashboard-widget-container-01",
            "yourapikeygoeshere",
        ] {
            assert!(check(value.as_bytes()).is_err(), "{value}");
        }
    }
}
