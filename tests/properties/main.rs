//! What holds for any key, header, placeholder and file: random ones.
//!
//! A case is a seed, which `draw` turns into choices; `PROPTEST_CASES` says how many are tried. Keys
//! are made at run time, so that nothing live-looking is committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
#![allow(dead_code, reason = "the benchmark uses more of these files")]

mod adversarial;
mod carriers;
mod draw;
mod dress;
mod fixes;
mod forms;
mod fuzz;
mod headers;
mod ignore_rules;
mod keys;
mod mutants;
mod nesting;
mod placeholders;
mod places;
mod planted;
mod printed;
mod records;
mod redaction;
mod scanner;
mod wide;

use proptest::test_runner::Config;

/// As many cases as asked for; a failing one is told by its seed, which has no smaller one, and needs no file.
fn config() -> Config {
    Config {
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    }
}

/// The same of a test that runs git or the program: so many cases where nobody says how many.
fn few(cases: u32) -> Config {
    let is_said = std::env::var_os("PROPTEST_CASES").is_some();
    let all = config();
    Config {
        cases: if is_said { all.cases } else { cases },
        ..all
    }
}
