//! What a gate is asked, and what it answers.

use super::super::code::Site;
use super::super::flow::Goes;
use crate::model::{FileContext, Span};
use crate::rules::Gate;

/// Why a candidate is no credential.
pub(in crate::detect) type Refusal = &'static str;

/// A value that a pattern matched, in its text.
#[derive(Clone, Copy, Debug)]
pub(in crate::detect) struct Candidate<'t> {
    /// The text around it.
    pub(in crate::detect) text: &'t [u8],
    /// The value's bytes.
    pub(in crate::detect) span: Span,
    /// The authentication scheme in front of it, or the user of a password, if the pattern knows one.
    pub(in crate::detect) scheme: Option<&'t [u8]>,
    /// All that the pattern matched.
    pub(in crate::detect) whole: Span,
    /// Where the value goes that it names; only for gates that ask for it.
    pub(in crate::detect) goes: Goes,
    /// What kind of file it is in.
    pub(in crate::detect) context: FileContext,
    /// What stands around the whole match; only for gates that ask for it.
    pub(in crate::detect) site: Option<&'t Site<'t>>,
    /// True when the text was decoded from what may hold bytes of any kind.
    pub(in crate::detect) is_encoded: bool,
}

/// Judges a candidate: the span of the credential proper, or why it is none.
pub(super) type Judge = fn(&Candidate<'_>) -> Result<Span, Refusal>;

/// What a gate says of itself, and how it judges.
#[derive(Debug)]
pub struct GatePage {
    /// Which gate it is.
    pub gate: Gate,
    /// What it judges, in a few words.
    pub judges: &'static str,
    /// What it takes to be harmless, as `-v` words it.
    pub harmless: &'static [&'static str],
    pub(super) judge: Judge,
    /// As `judge`, of a text that is only to be shown: what stands around a key clears it of nothing.
    pub(super) judge_shown: Judge,
}

/// How far around a candidate a gate looks when it need not look further, in bytes.
const NEAR: usize = 512;

impl<'t> Candidate<'t> {
    pub(in crate::detect) fn value(&self) -> &'t [u8] {
        &self.text[self.span.range()]
    }

    pub(super) fn before(&self) -> &'t [u8] {
        &self.text[..self.span.start]
    }

    pub(super) fn after(&self) -> &'t [u8] {
        &self.text[self.span.end..]
    }

    pub(super) fn near_before(&self) -> &'t [u8] {
        &self.text[self.span.start.saturating_sub(NEAR)..self.span.start]
    }

    pub(super) fn near_after(&self) -> &'t [u8] {
        &self.text[self.span.end..self.text.len().min(self.span.end + NEAR)]
    }
}
