//! No input makes any stage worse than linear: twice the bytes take about twice the time.
//!
//! A program of its own, so that no other test runs at the same time and is measured with it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(dead_code, reason = "the properties use more of these files")]

mod adversarial;
mod draw;
mod scanner;

use crate::adversarial::{Input, inputs, near_misses};
use crate::scanner::scan_quietly;
use std::time::{Duration, Instant};

/// Larger than any window that a stage looks at, so that what is measured is growth.
const SMALLEST: usize = 128 << 10;

/// At this size no stage that is worse than linear hides.
const LARGEST: usize = 2 << 20;

/// Shorter times say nothing.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// A machine that does other things as well measures a linear stage at up to so much.
const MOST: f64 = 3.0;

/// The best of so many runs, so that a pause of the machine is no result.
fn best_of(runs: usize, input: &Input, size: usize) -> Duration {
    let bytes = input.bytes(size);
    let run = |_| {
        let start = Instant::now();
        std::hint::black_box(scan_quietly(input.path, &bytes));
        start.elapsed()
    };
    (0..runs).map(run).min().unwrap_or_default()
}

/// A size that takes long enough to be compared.
fn size_for(input: &Input) -> usize {
    let mut size = SMALLEST;
    while size < LARGEST && best_of(1, input, size) < LONG_ENOUGH {
        size *= 2;
    }
    size
}

/// How much longer twice the bytes take.
fn growth(runs: usize, input: &Input, size: usize) -> f64 {
    let once = best_of(runs, input, size).max(LONG_ENOUGH / 4);
    best_of(runs, input, size * 2).as_secs_f64() / once.as_secs_f64()
}

#[test]
#[ignore = "a timing: run it with `cargo test --test linear -- --ignored` on a quiet machine"]
fn twice_the_bytes_take_no_more_than_three_times_as_long() {
    for input in inputs().into_iter().chain(near_misses()) {
        let size = size_for(&input);
        // Most are seen to be linear at once; the others get the chance to be measured well.
        let is_linear = [1, 3, 3, 5, 5]
            .into_iter()
            .any(|runs| growth(runs, &input, size) <= MOST);
        assert!(is_linear, "{} in {} grows faster", input.name, input.path);
    }
}
