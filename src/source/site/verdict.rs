//! What an answer means, by how surely something was said to be there.

use super::links::{Link, Sure};
use super::served::{self, Media};
use url::Url;

/// What is not asked for, as the summary counts it.
pub(super) const ELSEWHERE: &str = "file of another origin";
/// A chunk or worker that a script names and the server does not have.
pub(super) const NO_FILE: &str = "named file not there";
/// A source map that a comment names. Most sites leave them out on purpose.
pub(super) const NO_MAP: &str = "source map not there";
/// What is no text.
pub(super) const PICTURE: &str = "image, font or video";

/// What is done with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AnswerUse {
    /// It is what was asked for.
    Read,
    /// The server has nothing there.
    Absent,
    /// It is left out on purpose.
    PassOver(&'static str),
    /// It was asked for and cannot be read: the cause, and what to do.
    Fault(String),
}

/// What to do with an answer of this status and kind to a link, or to a page that was typed.
pub(super) fn of(status: u16, media: Media, link: &Link, is_typed: bool) -> AnswerUse {
    let is_sure = link.sure == Sure::Loads;
    match status {
        200..=299 if is_typed && media == Media::Picture => {
            AnswerUse::Fault("it is an image, font or video; name a page".to_owned())
        }
        200..=299 => of_content(media, link),
        404 | 410 => AnswerUse::Absent,
        401 | 403 | 407 if is_sure => AnswerUse::Fault(login(status, is_typed)),
        401 if link.sure == Sure::Named => AnswerUse::Fault(login(status, is_typed)),
        // A store of files says of what is not there that nobody may see it.
        401 | 403 | 407 => AnswerUse::Absent,
        400..=499 if link.sure == Sure::Guessed => AnswerUse::Absent,
        429 | 500..=599 => {
            AnswerUse::Fault(format!("the server answered {status}; try again later"))
        }
        _ => AnswerUse::Fault(format!("the server answered {status}; check the URL")),
    }
}

fn of_content(media: Media, link: &Link) -> AnswerUse {
    match (media, link.expects) {
        (Media::Picture, _) => AnswerUse::PassOver(PICTURE),
        (Media::Page, Media::Page) => AnswerUse::Read,
        // Many servers answer with their page whatever is asked for.
        (Media::Page, _) if link.sure != Sure::Loads => AnswerUse::Absent,
        (Media::Page, expected) => AnswerUse::Fault(format!(
            "a page came in place of {}: it is not there, or behind a login",
            words(expected)
        )),
        _ => AnswerUse::Read,
    }
}

/// What a kind is called in a sentence.
fn words(media: Media) -> &'static str {
    match media {
        Media::Page => "a page",
        Media::Script => "a script",
        Media::Style => "a style sheet",
        Media::Map => "a source map",
        Media::Data => "data",
        Media::Picture => "an image, font or video",
    }
}

/// Of what the page cannot do without.
pub(super) fn absent(status: u16) -> String {
    format!("the server answered {status}: the page loads what is not there; check the deployment")
}

fn login(status: u16, is_typed: bool) -> String {
    let what = if is_typed { "the page" } else { "it" };
    format!("the server answered {status}: {what} is behind a login; {PASS}")
}

/// How to get behind a login.
const PASS: &str =
    "give what a browser sends, as in --header 'Cookie: NAME=VALUE', or save a HAR and give --har";

/// Of a URL that leads to another server.
pub(super) fn elsewhere(origin: &str, is_page: bool) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    if is_page {
        format!(
            "it redirects to {origin}, as to a login: name that page if it is the site's own, or {PASS}"
        )
    } else {
        format!("it redirects to {origin}, which is not asked; --also-from {host} reads it")
    }
}

/// Of a page in whose place a login of the same site came.
pub(super) fn led_to_login(at: &Url) -> String {
    format!(
        "it leads to a login, {}, which was read in its place; {PASS}",
        at.path()
    )
}

/// True for the URL of a page that asks who somebody is.
pub(super) fn is_login(url: &Url) -> bool {
    served::is_login(url.path())
}
