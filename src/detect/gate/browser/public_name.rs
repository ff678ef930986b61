//! Names whose prefix makes a bundler copy the value into what browsers get.

use super::super::candidate::{Candidate, GatePage, Refusal};
use super::HARMLESS;
use crate::detect::code::SiteKind;
use crate::model::Span;
use crate::rules::{Gate, LazyRegex};

/// What this gate says of itself.
pub(in crate::detect::gate) const PUBLIC_NAME: GatePage = GatePage {
    gate: Gate::PublicName,
    judges: "a name whose prefix makes its value public",
    harmless: HARMLESS,
    judge,
    judge_shown: judge,
};

/// Words of a sentence that tells people not to use the name it goes on to give.
const WARNS: &str =
    r"(?i-u)\b(?:never|not|don't|avoid|without|instead of|must not|no longer|forbid\w*|bann?\w*)\b";

/// Gives the name's span, unless it stands in a warning.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    static WARNING: LazyRegex = LazyRegex::fixed(WARNS);
    let before = candidate.near_before();
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let line = &before[start..];
    let in_prose = match candidate.site.map(|site| site.kind) {
        Some(SiteKind::Comment | SiteKind::Literal | SiteKind::Markup) => true,
        Some(SiteKind::Code | SiteKind::Eval) => false,
        None => line.trim_ascii_start().starts_with(b"#"),
    };
    if in_prose && WARNING.is_match(line) {
        Err("a warning that names the variable")
    } else {
        Ok(candidate.span)
    }
}
