//! How many places of a text agree with a bucket of literals.

use super::fragment::FRAGMENT;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Larger files are left out, in bytes: a few tables of numbers would outweigh all sources.
const LARGEST: u64 = 4 << 20;

/// What is searched for of a word.
pub(super) type Part = [u8; FRAGMENT];

/// Four bytes at a time of a text, each once.
#[derive(Default)]
pub(super) struct Text {
    times: HashMap<Part, u64>,
    /// Those that stand there more than twice: how often. The others tell little, and are most of them.
    often: Vec<u64>,
    /// Which of these have a value in one half of one byte: a bit for each.
    having: Vec<[Vec<u64>; 16]>,
}

impl Text {
    /// What stands in every `nth` file of these folders, as `reading` has it.
    pub(super) fn of(
        folders: &[PathBuf],
        nth: usize,
        reading: impl Fn(Vec<u8>) -> Option<Vec<u8>>,
    ) -> Self {
        let mut text = Self::default();
        let mut files: Vec<PathBuf> = folders.iter().flat_map(|folder| files(folder)).collect();
        files.sort_unstable();
        for file in files.iter().step_by(nth) {
            let read = reading(std::fs::read(file).unwrap_or_default());
            text.count(&read.unwrap_or_default(), 1);
        }
        text.indexed()
    }

    /// With these bytes as often as makes them as long as all the rest.
    pub(super) fn and_as_much_of(mut self, bytes: &[u8]) -> Self {
        let total: u64 = self.times.values().sum();
        self.count(bytes, total / bytes.len() as u64);
        self.indexed()
    }

    /// How often this part stands there.
    pub(super) fn times(&self, part: Part) -> u64 {
        self.times.get(&part).copied().unwrap_or(0)
    }

    /// The source of a table of [`super::kept`].
    pub(super) fn table(&self, buckets: &[Vec<Part>]) -> String {
        let agree: u64 = buckets.iter().map(|bucket| self.agreeing(bucket)).sum();
        let total: u64 = self.times.values().sum();
        let mut table = format!("// One of {} places agrees.\n", total / agree.max(1));
        for bucket in buckets {
            let quoted = |part: &Part| format!("b\"{}\"", part.escape_ascii());
            // What stands there often is compared first.
            let mut bucket = bucket.clone();
            bucket.sort_by_key(|part| (Reverse(self.times(*part)), *part));
            let row: Vec<_> = bucket.iter().map(quoted).collect();
            let _ = writeln!(table, "    &[{}],", row.join(", "));
        }
        table
    }

    fn count(&mut self, bytes: &[u8], times: u64) {
        for part in bytes.windows(FRAGMENT) {
            *self
                .times
                .entry(*part.first_chunk().expect("four"))
                .or_default() += times;
        }
    }

    fn indexed(self) -> Self {
        let times = self.times;
        let often: BTreeMap<&Part, u64> = times
            .iter()
            .map(|(part, n)| (part, *n))
            .filter(|(_, n)| *n > 2)
            .collect();
        let empty = vec![0; often.len().div_ceil(64)];
        let mut having: Vec<[Vec<u64>; 16]> = (0..2 * FRAGMENT)
            .map(|_| std::array::from_fn(|_| empty.clone()))
            .collect();
        for (index, part) in often.keys().enumerate() {
            for (at, byte) in part.iter().enumerate() {
                for (half, value) in [(2 * at, byte & 0xF), (2 * at + 1, byte >> 4)] {
                    having[half][usize::from(value)][index / 64] |= 1 << (index % 64);
                }
            }
        }
        let often = often.into_values().collect();
        Self {
            times,
            often,
            having,
        }
    }

    /// How many places agree with a bucket of these parts: in each of four bytes, in its low half and in its
    /// high half, with some part.
    pub(super) fn agreeing(&self, bucket: &[Part]) -> u64 {
        let mut halves = [0_u16; 2 * FRAGMENT];
        for (at, byte) in bucket.iter().flat_map(|part| part.iter().enumerate()) {
            halves[2 * at] |= 1 << (byte & 0xF);
            halves[2 * at + 1] |= 1 << (byte >> 4);
        }
        let mut agreeing = vec![u64::MAX; self.often.len().div_ceil(64)];
        let mut any = vec![0; agreeing.len()];
        for (values, having) in halves.iter().zip(&self.having) {
            any.fill(0);
            for value in (0..16).filter(|value| values >> value & 1 == 1) {
                any.iter_mut()
                    .zip(&having[value])
                    .for_each(|(any, set)| *any |= set);
            }
            agreeing
                .iter_mut()
                .zip(&any)
                .for_each(|(agreeing, any)| *agreeing &= any);
        }
        let mut times = 0;
        for (index, word) in agreeing.iter().enumerate().filter(|(_, word)| **word != 0) {
            let bits = (0..64).filter(|bit| word >> bit & 1 == 1);
            let here = bits.filter_map(|bit| self.often.get(64 * index + bit));
            times += here.sum::<u64>();
        }
        times
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => files.extend(self::files(&entry.path())),
            Ok(metadata) if metadata.is_file() && metadata.len() <= LARGEST => {
                files.push(entry.path());
            }
            _ => {}
        }
    }
    files
}
