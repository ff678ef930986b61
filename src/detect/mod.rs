//! From bytes to matches: pure functions, no input or output.
//!
//! One pass over the raw bytes (`prefilter`) decides whether a blob is worth anything more. Only
//! then is it decoded, its kind of file told (`context`), its rules' patterns tried (`pattern`),
//! each candidate judged (`gate`), and what overlaps settled (`overlap`).

mod check;
mod code;
mod context;
mod cover;
mod detector;
mod flow;
mod framework;
mod gate;
mod header_value;
mod names;
mod notebook;
mod overlap;
mod pattern;
mod prefilter;
mod reading;
mod ready;
mod search;
mod undress;

pub use check::{Complaint, check_rules};
pub use context::{Kind, classify};
pub use detector::Detector;
pub use gate::{GATES, GatePage, page as gate_page};
