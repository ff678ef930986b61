//! Gates of names: whether code brings the value of a variable to a browser.

mod api_request;
mod handover;
mod public_name;
mod reference;

pub(super) use api_request::judge as api_request;
pub(super) use public_name::judge as public_name;
pub(super) use reference::{handed_over, in_browser, in_build, runs_on_server};
