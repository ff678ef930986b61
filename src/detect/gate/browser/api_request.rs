//! A request that a browser sends to the Journey API with an `Authorization` header of its own.

use super::super::candidate::{Candidate, GatePage, Refusal};
use super::HARMLESS;
use super::reference::runs_on_server;
use crate::detect::code::SiteKind;
use crate::model::{FileContext, Span};
use crate::rules::{Gate, LazyRegex};
use memchr::memmem;

/// What this gate says of itself.
pub(in crate::detect::gate) const API_REQUEST: GatePage = GatePage {
    gate: Gate::ApiRequest,
    judges: "the scheme of an `Authorization` header that a browser sends to the Journey API",
    harmless: HARMLESS,
    judge,
    judge_shown: judge,
};

/// How far from the header the API may be named: bundlers move a constant to the top of its module,
/// and a bundle of megabytes has requests to other services far away.
const REACH: usize = 16 << 10;

/// How far behind the scheme a literal key would stand.
const VALUE: usize = 64;

/// Gives the span of the scheme, or why no key is sent here.
fn judge(candidate: &Candidate<'_>) -> Result<Span, Refusal> {
    let site = candidate.site.ok_or("not in a script or a page")?;
    match site.kind {
        SiteKind::Code | SiteKind::Eval => {}
        SiteKind::Literal if site.token + 1 == candidate.whole.start => {}
        _ => return Err("in a comment or a text"),
    }
    if candidate.context == FileContext::ClientSource && runs_on_server(site) {
        return Err("sent by a part that runs on the server");
    }
    if !is_put_together(candidate) {
        return Err("a literal value, which other rules judge");
    }
    if !names_api(candidate) {
        return Err("no request to the Journey API");
    }
    Ok(candidate.span)
}

/// The scheme is all that is written: what follows is put in when the program runs, or was already
/// lost in the build (`Bearer undefined`).
fn is_put_together(candidate: &Candidate<'_>) -> bool {
    static GOES_ON: LazyRegex =
        LazyRegex::fixed(r#"(?-u)\A(?:\ *\\{0,3}["'`]|\ +\$\{|\ +undefined\b)"#);
    let after = candidate.near_after();
    let value = &after[..after.len().min(VALUE)];
    GOES_ON.is_match(after) && memmem::find(value, b"jvx_live_").is_none()
}

fn names_api(candidate: &Candidate<'_>) -> bool {
    let (text, at) = (candidate.text, candidate.span.start);
    let near = &text[at.saturating_sub(REACH)..text.len().min(at + REACH)];
    memmem::find(near, b"jourvex-api").is_some()
        || (memmem::find(near, b"/api/journey").is_some()
            && memmem::find(near, b"jourvex").is_some())
}
