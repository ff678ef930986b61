//! Finds how the prefilter's literals are best spread over the buckets of its search: see `buckets`.

use super::buckets::KEPT;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Every so manieth file is read, which is enough to tell arrangements apart.
const NTH: usize = 25;

/// Exchanges that are tried.
const TRIES: u32 = 12_000;

/// At the start an exchange that makes it worse by so much, as a logarithm, is still taken one time in three
/// (<https://en.wikipedia.org/wiki/Simulated_annealing>).
const HEAT: f64 = 0.5;

/// Four bytes, and how often they stand in the text.
type Windows = Vec<([u8; 4], u64)>;

/// The text of [`KEPT`] for these literals, by the files in `folder`.
pub(super) fn over_buckets(literals: &[Vec<u8>], folder: &Path) -> String {
    let windows = windows(folder);
    let (agree, buckets) = arranged(literals, &windows);
    let total: u64 = windows.iter().map(|(_, times)| times).sum();
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
    let agreement = |bucket: &[usize]| agreement(windows, bucket.iter().map(|n| &literals[*n]));
    let count = KEPT.len();
    // All buckets are filled up to the fullest.
    let most = literals.len().div_ceil(count);
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
        if other.len() == most || (!other.is_empty() && random.below(2) == 0) {
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

/// How many places agree with a bucket of these literals: in each of four bytes, in its low half and in
/// its high half, with some literal.
fn agreement<'l>(windows: &Windows, bucket: impl Iterator<Item = &'l Vec<u8>>) -> u64 {
    let mut halves = [(0_u16, 0_u16); 4];
    for literal in bucket {
        for ((low, high), byte) in halves.iter_mut().zip(literal) {
            *low |= 1 << (byte & 0xF);
            *high |= 1 << (byte >> 4);
        }
    }
    let agrees = |window: &[u8; 4]| {
        let mut bytes = window.iter().zip(&halves);
        bytes.all(|(byte, (low, high))| low >> (byte & 0xF) & high >> (byte >> 4) & 1 == 1)
    };
    let agreeing = windows.iter().filter(|(window, _)| agrees(window));
    agreeing.map(|(_, times)| times).sum()
}

fn windows(folder: &Path) -> Windows {
    let mut counts: HashMap<[u8; 4], u64> = HashMap::new();
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
    counts.into_iter().filter(|(_, times)| *times > 2).collect()
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
