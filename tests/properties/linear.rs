//! No input makes any stage worse than linear, in work or in memory.
//!
//! Work is counted, not timed: places of words, decoded texts and their bytes are the same in every run. Memory
//! is what the process has at most, so this is a program of its own, and its tests run one after the other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(dead_code, reason = "the properties use more of these files")]

mod adversarial;
mod draw;
mod scanner;

use crate::adversarial::{Input, inputs, near_misses};
use jvxleaks::model::Effort;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Larger than any window that a stage looks at, so that what is counted is growth.
const SMALLER: usize = 160 << 10;

static ALONE: Mutex<()> = Mutex::new(());

fn all() -> impl Iterator<Item = Input> {
    inputs().into_iter().chain(near_misses())
}

#[test]
fn twice_the_bytes_are_twice_the_work() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let inputs: Vec<Input> = all().collect();
    inputs.par_iter().for_each(|input| {
        let once = scanner::effort(input.path, &input.bytes(SMALLER));
        let twice = scanner::effort(input.path, &input.bytes(2 * SMALLER));
        // What is around the end of a section is decoded with both.
        let is_linear = |count: fn(&Effort) -> u64, around: u64| {
            count(&twice) <= 2 * count(&once) + count(&once) / 8 + around
        };
        assert!(
            is_linear(|e| e.steps, 2_000)
                && is_linear(|e| e.layers, 100)
                && is_linear(|e| e.bytes, 200_000),
            "{} in {}: {once:?}, of twice as much {twice:?}",
            input.name.escape_default(),
            input.path
        );
    });
}

/// The most that this process had in memory, in bytes, since it was asked to forget it.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    1024 * kib.unwrap().trim().parse::<usize>().unwrap()
}

/// Forgets the most, and gives what it is then: what is in memory now.
#[cfg(target_os = "linux")]
fn forget_peak() -> usize {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak()
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_costs_no_more_than_eight_times_its_size_and_64_mib() {
    const SIZE: usize = 1 << 19;
    /// What a finding takes that is reported, its line and its path with it.
    const FINDING: usize = 2 << 10;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    for input in all() {
        let bytes = input.bytes(SIZE);
        let before = forget_peak();
        let findings = scanner::scan_quietly(input.path, &bytes).findings.len();
        let cost = peak().saturating_sub(before);
        assert!(
            cost <= 8 * SIZE + (64 << 20) + FINDING * findings,
            "{} in {}: {} MiB for one",
            input.name.escape_default(),
            input.path,
            cost >> 20
        );
    }
}
