//! Gates of names: whether code brings the value of a variable to a browser.

mod api_request;
mod public_name;
mod reference;

pub(super) use api_request::API_REQUEST;
pub(super) use public_name::PUBLIC_NAME;
pub(super) use reference::{
    BROWSER_REFERENCE, BUILD_INLINING, HANDOVER, PAGE_WRITING, SERVER_INLINING, runs_on_server,
};

/// What all of these gates take to be harmless.
const HARMLESS: &[&str] = &[
    "the name in a comment, or in a text that the program shows",
    "code that runs on a server, in a build or in a development proxy",
    "warnings that name a variable and declarations of its type",
];
