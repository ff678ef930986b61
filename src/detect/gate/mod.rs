//! The gate tells a credential from everything that only looks like one.
//!
//! A pattern says "this has the shape"; the gate asks, in this order, whether the value is put in at
//! run time (`placeholder`), is a run or a sequence (`sequence`), is made of words (`words`), and
//! whether it is as random as its length and alphabet promise (`randomness`). Every refusal has a
//! reason that `-v` prints. `header`, `jourvex_key` and `userinfo` combine these for each kind of
//! value.

mod header;
mod jourvex_key;
mod jwt;
mod placeholder;
mod randomness;
mod sample;
mod sequence;
mod token;
mod userinfo;
mod words;

use crate::model::Span;
use crate::rules::Gate;

/// Why a candidate is no credential.
pub(super) type Refusal = &'static str;

/// A value that a pattern matched, in its text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'t> {
    /// The text around it.
    pub(super) text: &'t [u8],
    /// The value's bytes.
    pub(super) span: Span,
    /// The authentication scheme in front of it, if the pattern knows one.
    pub(super) scheme: Option<&'t [u8]>,
}

impl<'t> Candidate<'t> {
    pub(super) fn value(&self) -> &'t [u8] {
        &self.text[self.span.range()]
    }

    fn before(&self) -> &'t [u8] {
        &self.text[..self.span.start]
    }

    fn after(&self) -> &'t [u8] {
        &self.text[self.span.end..]
    }
}

/// Judges a candidate: the span of the credential proper, or why it is none.
pub(super) fn judge(gate: Gate, candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    match gate {
        Gate::None => Ok(candidate.span),
        Gate::JourvexKey => jourvex_key::judge(candidate),
        Gate::Header => header::judge(candidate),
        Gate::Userinfo => userinfo::judge(candidate),
        Gate::Token => token::judge(candidate).map(|()| candidate.span),
    }
}

/// Shannon entropy of `value`, in bits a byte: what a rule's `entropy` asks for.
pub(super) fn entropy(value: &[u8]) -> f64 {
    randomness::entropy(value)
}
