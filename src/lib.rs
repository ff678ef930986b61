//! jvxleaks finds leaked Jourvex API keys and hardcoded `Authorization` headers.
//!
//! A [`Scanner`] takes bytes or a path and gives an [`Outcome`]: findings, what does not count and why, and what
//! could not be read. [`report`] writes one down in the formats of the command, [`rules`] holds what is looked for, and
//! [`model`] has the nouns of both.
//!
//! ```
//! use jvxleaks::report::{Format, ReportOptions};
//! use jvxleaks::{RuleSet, Scanner};
//! use std::str::FromStr as _;
//!
//! let mut rules = RuleSet::builtin()?;
//! rules.add_text("own.toml", "[[rules]]\nid = 'acme-token'\ndescription = 'Acme token'\nregex = 'acme_[0-9]{12}'")?;
//! let outcome = Scanner::new(rules)?.scan_bytes("notes.txt", b"it is acme_042424831907");
//! let mut text = Vec::new();
//! Format::from_str("concise")?.write(&outcome, &ReportOptions::default(), &mut text)?;
//! assert!(String::from_utf8(text)?.starts_with("notes.txt:1:7: high[acme-token] Acme token "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The features `archives` and `git` may be left out: then what is packed is told as not read, and of a folder all files
//! are read, whatever an ignore file says.
//!
//! All other modules are there for the command and for the tests of this project. They may change in any release.
//!
//! Data flows one way: `source` hands out blobs, `detect` finds matches in them with the help of [`rules`] and
//! `decode`, `policy` decides which of them count, and [`report`] turns the outcome into bytes; `scan` connects them,
//! `audit` does for the whole history of a repository, and `review` tells what a change accepts by itself. A folder
//! imports only from those above it in the list of `ARCHITECTURE.md`, and `tests/architecture/` holds it to that.

#[cfg(feature = "git")]
#[doc(hidden)]
pub mod audit;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod detect;
#[doc(hidden)]
pub mod fix;
#[doc(hidden)]
pub mod fleet;
mod inspect;
pub mod model;
#[doc(hidden)]
pub mod policy;
#[cfg(feature = "git")]
#[doc(hidden)]
pub mod purge;
#[doc(hidden)]
pub mod redact;
pub mod report;
#[cfg(feature = "git")]
#[doc(hidden)]
pub mod review;
pub mod rules;
#[doc(hidden)]
pub mod scan;
mod scanner;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod syntax;

#[cfg(feature = "net")]
#[doc(hidden)]
pub mod verify;

pub use model::{Fault, Finding, Outcome};
pub use rules::RuleSet;
pub use scanner::{Scanner, ScannerError};
pub use source::SourceError;
