//! Finds which parts of words are best searched for, and in which buckets of a search: see `kept`.

use super::agreement::{Part, Text};
use super::buckets::{BUCKETS, ROOM};
use super::fragment::FRAGMENT;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Runs from which the best arrangement is taken; how many changes each tries.
const RUNS: u64 = 4;
const TRIES: u32 = 300_000;

/// One in so many changes is of a word's part; the others are of places.
const RECUT: usize = 4;

/// A change that makes it worse by this share is taken one time in three at the start, and at the end
/// (<https://en.wikipedia.org/wiki/Simulated_annealing>).
const HEAT: (f64, f64) = (0.03, 0.0003);

/// What it costs that a bucket agrees with a place, and for each part of the bucket, which is compared then. That
/// a part stands there costs more, since the search begins anew behind it, and so does each word that may be
/// around it. Estimated from how long searches took.
const AGREEING: f64 = 1.0;
const COMPARED: f64 = 0.25;
const PART: f64 = 2.0;
const WORD: f64 = 0.5;

/// A word that is searched for.
pub(super) struct Sought {
    /// In all cases of letters that are searched for.
    spellings: Vec<Vec<u8>>,
    /// Where the part of it begins that is searched for.
    offset: usize,
    /// Where other parts begin that will do as well.
    others: Vec<usize>,
}

/// Which part of each word is searched for, and in which bucket.
#[derive(Clone)]
struct Arrangement {
    offsets: Vec<usize>,
    buckets: Vec<Vec<Part>>,
    /// How many places agree with each bucket.
    agreeing: Vec<u64>,
}

/// The best arrangement that was tried, in so many buckets.
pub(super) fn buckets(words: &[Sought], count: usize, text: &Text) -> Vec<Vec<Part>> {
    assert_eq!(count % BUCKETS, 0, "a search has {BUCKETS} buckets");
    let seeds: Vec<u64> = (1..=RUNS)
        .map(|run| run.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .collect();
    let tried = seeds
        .par_iter()
        .map(|seed| run(words, count, text, Random(*seed)));
    let best = tried.min_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, best)| best.buckets).unwrap_or_default()
}

/// The best arrangement of one run, and what it costs.
fn run(words: &[Sought], count: usize, text: &Text, mut random: Random) -> (f64, Arrangement) {
    let mut now = Arrangement::first(words, count, text);
    let mut cost = now.cost(words, text);
    let mut best = (cost, now.clone());
    for step in 0..TRIES {
        let next = match random.below(RECUT) {
            0 => now.recut(words, text, &mut random),
            _ => now.exchanged(text, &mut random),
        };
        let Some(next) = next else {
            continue;
        };
        let (worse, share) = (
            next.cost(words, text) - cost,
            f64::from(step) / f64::from(TRIES),
        );
        let heat = cost * HEAT.0 * (HEAT.1 / HEAT.0).powf(share);
        if worse < 0.0 || random.share() < (-worse / heat).exp() {
            (now, cost) = (next, cost + worse);
            if cost < best.0 {
                best = (cost, now.clone());
            }
        }
    }
    best
}

impl Arrangement {
    fn first(words: &[Sought], count: usize, text: &Text) -> Self {
        let mut first = Self {
            offsets: words.iter().map(|word| word.offset).collect(),
            buckets: vec![Vec::new(); count],
            agreeing: vec![0; count],
        };
        for part in first.parts(words).into_keys() {
            assert!(first.place(part, text), "more parts than places");
        }
        first
    }

    /// Each part that is searched for, and of how many words.
    fn parts(&self, words: &[Sought]) -> BTreeMap<Part, u32> {
        let mut parts = BTreeMap::new();
        for (word, offset) in words.iter().zip(&self.offsets) {
            for part in word.parts(*offset) {
                *parts.entry(part).or_default() += 1;
            }
        }
        parts
    }

    fn cost(&self, words: &[Sought], text: &Text) -> f64 {
        let searches = self
            .buckets
            .chunks(BUCKETS)
            .zip(self.agreeing.chunks(BUCKETS));
        let agreeing = searches.map(|(buckets, agreeing)| {
            // Shorter buckets are filled up.
            let longest = buckets.iter().map(Vec::len).max().unwrap_or(0);
            agreeing.iter().sum::<u64>() as f64 * (AGREEING + COMPARED * longest as f64)
        });
        let standing = self.parts(words).into_iter().map(|(part, words)| {
            let times = text.times(part) as f64;
            times * (PART + WORD * f64::from(words))
        });
        agreeing.sum::<f64>() + standing.sum::<f64>()
    }

    /// Puts a part where it adds least; false when there is no room.
    fn place(&mut self, part: Part, text: &Text) -> bool {
        let with = |bucket: usize| {
            let mut parts = self.buckets[bucket].clone();
            parts.push(part);
            (text.agreeing(&parts), parts)
        };
        let open = (0..self.buckets.len()).filter(|bucket| self.buckets[*bucket].len() < ROOM);
        let tried = open.map(|bucket| (bucket, with(bucket)));
        let best = tried.min_by_key(|(bucket, (agreeing, _))| agreeing - self.agreeing[*bucket]);
        let Some((bucket, (agreeing, parts))) = best else {
            return false;
        };
        self.agreeing[bucket] = agreeing;
        self.buckets[bucket] = parts;
        true
    }

    /// With one part in another bucket, or two exchanged.
    fn exchanged(&self, text: &Text, random: &mut Random) -> Option<Self> {
        let count = self.buckets.len();
        let (a, b) = (random.below(count), random.below(count));
        if a == b || self.buckets[a].is_empty() {
            return None;
        }
        let mut next = self.clone();
        let from = random.below(next.buckets[a].len());
        let moved = next.buckets[a].swap_remove(from);
        let others = next.buckets[b].len();
        if others >= ROOM || (others > 0 && random.below(2) == 0) {
            let back = next.buckets[b].swap_remove(random.below(others));
            next.buckets[a].push(back);
        }
        next.buckets[b].push(moved);
        for bucket in [a, b] {
            next.agreeing[bucket] = text.agreeing(&next.buckets[bucket]);
        }
        Some(next)
    }

    /// With another part of some word; two times in three also of the words that share its part now.
    fn recut(&self, words: &[Sought], text: &Text, random: &mut Random) -> Option<Self> {
        let number = random.below(words.len());
        let word = &words[number];
        if word.others.is_empty() {
            return None;
        }
        let offset = word.others[random.below(word.others.len())];
        let part = word.parts(offset).pop_last()?;
        let old = word.parts(self.offsets[number]);
        let mut next = self.clone();
        next.offsets[number] = offset;
        if random.below(3) > 0 {
            for (other, offset) in words.iter().zip(&mut next.offsets) {
                if !old.is_disjoint(&other.parts(*offset)) {
                    *offset = other.offset_of(&part).unwrap_or(*offset);
                }
            }
        }
        let parts = next.parts(words);
        for (bucket, agreeing) in next.buckets.iter_mut().zip(&mut next.agreeing) {
            let before = bucket.len();
            bucket.retain(|part| parts.contains_key(part));
            if bucket.len() < before {
                *agreeing = text.agreeing(bucket);
            }
        }
        let placed: BTreeSet<Part> = next.buckets.iter().flatten().copied().collect();
        let mut fresh = parts.into_keys().filter(|part| !placed.contains(part));
        fresh.all(|part| next.place(part, text)).then_some(next)
    }
}

impl Sought {
    pub(super) fn new(spellings: Vec<Vec<u8>>, offset: usize, others: Vec<usize>) -> Self {
        Self {
            spellings,
            offset,
            others,
        }
    }

    /// A word of which any part will do without a letter that begins a word: such a letter may be a capital.
    pub(super) fn inside(spellings: Vec<Vec<u8>>, offset: usize) -> Self {
        let word = &spellings[0];
        let begins = |at: usize| at == 0 || !word[at - 1].is_ascii_alphanumeric();
        let may_be_capital = |at: usize| begins(at) && word[at].is_ascii_alphabetic();
        let is_inside = |offset: &usize| !(*offset..offset + FRAGMENT).any(may_be_capital);
        let others = (0..=word.len() - FRAGMENT).filter(is_inside).collect();
        Self::new(spellings, offset, others)
    }

    fn parts(&self, offset: usize) -> BTreeSet<Part> {
        let part = |word: &Vec<u8>| *word[offset..].first_chunk().expect("a whole part");
        self.spellings.iter().map(part).collect()
    }

    /// Where this part begins in some spelling, if it will do.
    fn offset_of(&self, part: &Part) -> Option<usize> {
        let mut others = self.others.iter().copied();
        others.find(|offset| self.parts(*offset).contains(part))
    }
}

/// Xorshift: the same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or(0)
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        self.below(1 << 20) as f64 / f64::from(1 << 20)
    }
}
