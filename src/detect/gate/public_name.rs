//! Names whose prefix makes a bundler copy the value into what browsers get.

use super::reference::is_match;
use super::{Candidate, Refusal};
use crate::detect::code::SiteKind;
use crate::model::Span;
use regex::bytes::Regex;
use std::sync::OnceLock;

/// Words of a sentence that tells people not to use the name it goes on to give.
const WARNS: &str =
    r"(?i-u)\b(?:never|not|don't|avoid|without|instead of|must not|no longer|forbid\w*|bann?\w*)\b";

/// Gives the name's span, unless it stands in a warning.
pub(super) fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    static WARNING: OnceLock<Option<Regex>> = OnceLock::new();
    let before = candidate.near_before();
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = &before[start..];
    let in_prose = match candidate.site.map(|site| site.kind) {
        Some(SiteKind::Comment | SiteKind::Literal | SiteKind::Markup) => true,
        Some(SiteKind::Code | SiteKind::Eval) => false,
        None => line.trim_ascii_start().starts_with(b"#"),
    };
    match in_prose && is_match(&WARNING, WARNS, line) {
        true => Err("a warning that names the variable"),
        false => Ok(candidate.span),
    }
}
