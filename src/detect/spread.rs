//! Finds how the prefilter's literals are best spread over the buckets of its search: see `buckets`.

use super::buckets::KEPT;
use super::literals::SLIM;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Every so manieth file is read, which is enough to tell arrangements apart.
const NTH: usize = 25;

/// Exchanges that are tried.
const TRIES: u32 = 300_000;

/// At the start an exchange that makes it worse by so much, as a logarithm, is still taken one time in three
/// (<https://en.wikipedia.org/wiki/Simulated_annealing>).
const HEAT: f64 = 1.0;

/// Four bytes at a time of a text, each once.
struct Windows {
    /// How often each stands in the text.
    times: Vec<u64>,
    /// Which of them have a value in one half of one byte: a bit for each.
    having: Vec<[Vec<u64>; 16]>,
}

/// The text of [`KEPT`] for these literals, by the files in `folder`.
pub(super) fn over_buckets(literals: &[Vec<u8>], folder: &Path) -> String {
    let windows = Windows::of(folder);
    let (agree, buckets) = arranged(literals, &windows);
    let total: u64 = windows.times.iter().sum();
    let mut table = format!("// One of {} places agrees.\n", total / agree.max(1));
    for bucket in &buckets {
        let quoted = |n: &usize| format!("b\"{}\"", literals[*n].escape_ascii());
        let row: Vec<_> = bucket.iter().map(quoted).collect();
        let _ = writeln!(table, "    &[{}],", row.join(", "));
    }
    table
}

/// The best arrangement in buckets that was tried, behind how many places agree.
fn arranged(literals: &[Vec<u8>], windows: &Windows) -> (u64, Vec<Vec<usize>>) {
    let agreement = |bucket: &[usize]| windows.agreement(bucket.iter().map(|n| &literals[*n]));
    let count = KEPT.len();
    // What a bucket has room for.
    let most = SLIM / count;
    let dealt = |bucket| (bucket..literals.len()).step_by(count).collect();
    let mut buckets: Vec<Vec<usize>> = (0..count).map(dealt).collect();
    let mut costs: Vec<u64> = buckets.iter().map(|bucket| agreement(bucket)).collect();
    let mut best = (u64::MAX, Vec::new());
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for step in 0..TRIES {
        let (a, b) = (random.below(count), random.below(count));
        if a == b || buckets[a].is_empty() {
            continue;
        }
        let (mut own, mut other) = (buckets[a].clone(), buckets[b].clone());
        let moved = own.swap_remove(random.below(own.len()));
        if other.len() >= most || (!other.is_empty() && random.below(2) == 0) {
            own.push(other.swap_remove(random.below(other.len())));
        }
        other.push(moved);
        let new = (agreement(&own), agreement(&other));
        let worse = (cost(new.0 + new.1) / cost(costs[a] + costs[b])).ln();
        let heat = HEAT * (1.0 - f64::from(step) / f64::from(TRIES)).powi(2);
        if worse < 0.0 || random.share() < (-worse / heat).exp() {
            (buckets[a], buckets[b]) = (own, other);
            (costs[a], costs[b]) = new;
            best = best.min((costs.iter().sum(), buckets.clone()));
        }
    }
    best
}

/// A number of places as a cost; the few between none and some make no difference.
fn cost(places: u64) -> f64 {
    50.0 + places as f64
}

impl Windows {
    fn of(folder: &Path) -> Self {
        let mut counts: BTreeMap<[u8; 4], u64> = BTreeMap::new();
        let mut files = files(folder);
        files.sort_unstable();
        for file in files.iter().step_by(NTH) {
            let bytes = std::fs::read(file).unwrap_or_default();
            for window in bytes.windows(4) {
                *counts
                    .entry([window[0], window[1], window[2], window[3]])
                    .or_default() += 1;
            }
        }
        // What stands there once or twice tells little, and is most of them.
        counts.retain(|_, times| *times > 2);
        let words = counts.len().div_ceil(64);
        let mut having = vec![[const { Vec::new() }; 16]; 8];
        having
            .iter_mut()
            .flatten()
            .for_each(|set| set.resize(words, 0));
        for (index, window) in counts.keys().enumerate() {
            for (at, byte) in window.iter().enumerate() {
                for (half, value) in [(2 * at, byte & 0xF), (2 * at + 1, byte >> 4)] {
                    having[half][usize::from(value)][index / 64] |= 1 << (index % 64);
                }
            }
        }
        Self {
            times: counts.into_values().collect(),
            having,
        }
    }

    /// How many places agree with a bucket of these literals: in each of four bytes, in its low half and in
    /// its high half, with some literal.
    fn agreement<'l>(&self, bucket: impl Iterator<Item = &'l Vec<u8>>) -> u64 {
        let mut halves = [0_u16; 8];
        for literal in bucket {
            for (at, byte) in literal.iter().take(4).enumerate() {
                halves[2 * at] |= 1 << (byte & 0xF);
                halves[2 * at + 1] |= 1 << (byte >> 4);
            }
        }
        let mut agreeing = vec![u64::MAX; self.times.len().div_ceil(64)];
        for (values, having) in halves.iter().zip(&self.having) {
            let mut any = vec![0; agreeing.len()];
            for value in (0..16).filter(|value| values >> value & 1 == 1) {
                any.iter_mut()
                    .zip(&having[value])
                    .for_each(|(any, set)| *any |= set);
            }
            agreeing
                .iter_mut()
                .zip(any)
                .for_each(|(agreeing, any)| *agreeing &= any);
        }
        let mut times = 0;
        for (index, word) in agreeing.iter().enumerate().filter(|(_, word)| **word != 0) {
            let bits = (0..64).filter(|bit| word >> bit & 1 == 1);
            let here = bits.filter_map(|bit| self.times.get(64 * index + bit));
            times += here.sum::<u64>();
        }
        times
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(self::files(&entry.path())),
            Ok(kind) if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    files
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
