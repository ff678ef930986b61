//! How fast files are scanned that are made of nothing but what one stage starts from, and files of
//! dense near-misses: megabytes a second on one core, over detection and policy.
//!
//! `cargo bench --bench adversarial -- [NAME] [MEGABYTES]`. The numbers of two sizes differ where a
//! stage is worse than linear; `tests/properties/linear.rs` fails then.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its numbers, or stops"
)]
#![allow(dead_code, reason = "the tests use more of these files")]

#[path = "../tests/properties/adversarial.rs"]
mod adversarial;
#[path = "../tests/properties/draw.rs"]
mod draw;
#[path = "../tests/properties/scanner.rs"]
mod scanner;

use adversarial::{Input, inputs, near_misses};
use std::time::{Duration, Instant};

/// Bytes of an adversarial input, unless told otherwise.
const MEGABYTES: usize = 5;

/// Bytes of dense near-misses.
const NEAR_MISS_MEGABYTES: usize = 50;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words: Vec<&str> = words.into_iter().filter(|w| !w.starts_with("--")).collect();
    let size = words.iter().find_map(|w| w.parse().ok());
    let name = words.iter().find(|w| w.parse::<usize>().is_err());
    let wanted = |input: &Input| name.is_none_or(|name| input.name.contains(name));
    for input in inputs().iter().filter(|i| wanted(i)) {
        measure(input, size.unwrap_or(MEGABYTES));
    }
    for input in near_misses().iter().filter(|i| wanted(i)) {
        measure(input, size.unwrap_or(NEAR_MISS_MEGABYTES));
    }
}

/// Prints the speed at a quarter of the size and at the size.
fn measure(input: &Input, megabytes: usize) {
    let size = megabytes * 1_000_000;
    let speed = |size: usize| {
        let bytes = input.bytes(size);
        let time = best_of_two(input.path, &bytes);
        bytes.len() as f64 / 1e6 / time.as_secs_f64()
    };
    let (part, whole) = (speed(size / 4), speed(size));
    let name = input.name.escape_default();
    println!("{name:<55} {part:>9.1} MB/s {whole:>9.1} MB/s");
}

fn best_of_two(path: &str, bytes: &[u8]) -> Duration {
    let run = |_| {
        let start = Instant::now();
        std::hint::black_box(scanner::scan_quietly(path, bytes));
        start.elapsed()
    };
    (0..2).map(run).min().unwrap_or_default()
}
