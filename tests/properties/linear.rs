//! No input makes any stage worse than linear: twice the bytes take about twice the time.

use crate::adversarial::{Input, inputs};
use crate::scanner::scan;
use std::time::{Duration, Instant};

/// Larger than any window that a stage looks at, so that what is measured is growth.
const SMALLEST: usize = 256 << 10;

/// At this size no stage that is worse than linear hides.
const LARGEST: usize = 2 << 20;

/// Shorter times say nothing.
const LONG_ENOUGH: Duration = Duration::from_millis(20);

/// A machine that does other things as well measures a linear stage at up to so much.
const MOST: f64 = 3.0;

fn best_of_three(input: &Input, size: usize) -> Duration {
    let bytes = input.bytes(size);
    let run = |_| {
        let start = Instant::now();
        std::hint::black_box(scan(input.path, &bytes));
        start.elapsed()
    };
    (0..3).map(run).min().unwrap_or_default()
}

/// How much longer twice the bytes take.
fn growth(input: &Input) -> f64 {
    let mut size = SMALLEST;
    let mut time = best_of_three(input, size);
    while time < LONG_ENOUGH && size < LARGEST {
        size *= 2;
        time = best_of_three(input, size);
    }
    let twice = best_of_three(input, size * 2);
    twice.as_secs_f64() / time.as_secs_f64().max(0.005)
}

#[test]
fn twice_the_bytes_take_no_more_than_three_times_as_long() {
    for input in inputs() {
        // A pause of the machine may spoil one measurement, not three.
        let growth = (0..3)
            .map(|_| growth(&input))
            .find(|growth| *growth <= MOST);
        assert!(
            growth.is_some(),
            "{} in {} grows faster",
            input.name,
            input.path
        );
    }
}
