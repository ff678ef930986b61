//! The gate tells a credential from everything that only looks like one.
//!
//! A pattern says "this has the shape"; the gate asks, in this order, whether the value is put in at
//! run time (`placeholder`), is a run or a sequence (`sequence`), is made of words (`words`), and
//! whether it is as random as its length and alphabet promise (`randomness`). Every refusal has a
//! reason that `-v` prints. `header`, `jourvex_key` and `userinfo` combine these for each kind of
//! value.
//!
//! Names of variables are no values: for those, `browser` asks where the code runs and where the value goes.

mod browser;
mod candidate;
mod header;
mod jourvex_key;
mod lately;
mod literal;
mod password;
mod token;
mod userinfo;
mod value;

pub(super) use super::context::rust_tests::tests_of_rust;
pub use candidate::GatePage;
pub(super) use candidate::{Candidate, Refusal};
pub(super) use literal::{broken_off, cut_off, holds_random, random_literals};

use crate::model::{FileContext, Span};
use crate::rules::Gate;

/// Everything that matches counts.
const NONE: GatePage = GatePage {
    gate: Gate::None,
    judges: "nothing: everything that matches counts",
    harmless: &[],
    judge: let_through,
    judge_shown: let_through,
};

/// As [`NONE`], of what is no secret.
const SETTING: GatePage = GatePage {
    gate: Gate::Setting,
    judges: "nothing: everything that matches counts, and it is a setting, not a secret",
    ..NONE
};

fn let_through(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    Ok(candidate.span)
}

/// All gates, in the order of [`Gate`].
pub static GATES: [GatePage; 15] = [
    NONE,
    jourvex_key::JOURVEX_KEY,
    header::HEADER,
    userinfo::USERINFO,
    password::PASSWORD,
    header::BASE64_PAIR,
    token::TOKEN,
    browser::BROWSER_REFERENCE,
    browser::BUILD_INLINING,
    browser::SERVER_INLINING,
    browser::HANDOVER,
    browser::PAGE_WRITING,
    browser::PUBLIC_NAME,
    browser::API_REQUEST,
    SETTING,
];

/// What a gate says of itself.
pub fn page(gate: Gate) -> &'static GatePage {
    &GATES[gate as usize]
}

/// Judges a candidate: the span of the credential proper, or why it is none.
pub(super) fn judge(gate: Gate, candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    // In a program that is built, literals and tables of bytes stand side by side.
    if candidate.value().contains(&0) {
        return Err("it holds zero bytes, as no text does");
    }
    (page(gate).judge)(candidate)
}

/// As [`judge`], of a text that is only to be shown: what stands around a key clears it of nothing.
pub(super) fn judge_alone(gate: Gate, candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    (page(gate).judge_shown)(candidate)
}

/// The context of the part of the file that the candidate stands in: a page's frontmatter or its
/// loader is server code in a file for browsers.
pub(super) fn part_of(candidate: &Candidate<'_>) -> FileContext {
    match candidate.context {
        FileContext::ClientSource if candidate.site.is_some_and(browser::runs_on_server) => {
            FileContext::Server
        }
        context => context,
    }
}

/// True for what is made of words, such as an address or the name of a variable.
pub(super) fn is_words(value: &[u8]) -> bool {
    value::words::check(value).is_err()
}

/// Shannon entropy of `value`, in bits a byte: what a rule's `entropy` asks for.
pub(super) fn entropy(value: &[u8]) -> f64 {
    value::randomness::entropy(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gate_stands_at_its_own_place_in_the_table() {
        for (at, page) in GATES.iter().enumerate() {
            assert_eq!(page.gate as usize, at, "{}", page.gate);
        }
    }
}
