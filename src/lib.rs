//! jvxleaks finds leaked Jourvex API keys and hardcoded `Authorization` headers.
//!
//! The library is the engine, the binary only parses options and prints. Data flows one way:
//! [`source`] hands out blobs, [`detect`] finds matches in them with the help of [`rules`] and
//! [`decode`], [`policy`] decides which of them count, and [`report`] turns the outcome into
//! bytes; [`scan`] connects them, and [`audit`] does for the whole history of a repository; [`review`] tells what a change accepts by itself. A folder imports only from those above it in the list of
//! `ARCHITECTURE.md`, and `tests/architecture.rs` holds it to that.

pub mod audit;
pub mod decode;
pub mod detect;
mod inspect;
pub mod model;
pub mod policy;
pub mod redact;
pub mod report;
pub mod review;
pub mod rules;
pub mod scan;
pub mod source;
pub mod syntax;
