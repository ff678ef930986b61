//! The nouns every other folder speaks in. Plain values, std only, no input or output.
//!
//! Flow: a [`Blob`] is read, [`Match`]es are found in it, policy turns them into [`Finding`]s,
//! and a run ends as one [`Outcome`] that a report prints.

mod base;
mod blob;
mod context;
mod cover;
mod excerpt;
mod exposure;
mod failure;
mod fault;
mod finding;
mod line_index;
mod lock;
mod matched;
mod nearby;
mod origin;
mod outcome;
mod path;
mod ref_name;
mod rule_info;
mod secret;
mod severity;
mod skim;
mod span;

pub use base::Base;
pub use blob::Blob;
pub use context::FileContext;
pub use cover::Cover;
pub use excerpt::{Excerpt, Fragment, Rendered};
pub use exposure::{Below, ExposedKey, Exposure, Introduction, KeyAction, Sighting};
pub use failure::Failure;
pub use fault::Fault;
pub use finding::{Derivation, Finding, Fingerprint, Place, Suppressed, Suppression};
pub use line_index::{LineIndex, Position};
pub use lock::{lock, unlock};
pub use matched::{Detection, Dress, Drop, Effort, Match};
pub use nearby::{Alone, Nearby};
pub use origin::Origin;
pub use outcome::{Dropped, Outcome, Stats};
pub use path::BlobPath;
pub use ref_name::{RefKind, RefName, Refs};
pub use rule_info::RuleInfo;
pub use secret::{Reveal, Secret};
pub use severity::Severity;
pub use skim::{EXCLUDED, Skim};
pub use span::Span;
