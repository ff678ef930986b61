//! The nouns every other folder speaks in. Plain values, std only, no input or output.
//!
//! Flow: a [`Blob`] is read, [`Match`]es are found in it, policy turns them into [`Finding`]s,
//! and a run ends as one [`Outcome`] that a report prints.

mod location;
mod lock;
mod result;
mod text;

pub use location::base::Base;
pub use location::blob::Blob;
pub use location::context::FileContext;
pub use location::forge::{Forge, ForgeKind};
pub use location::image::{ImagePart, ImagePlace};
pub use location::nearby::{Alone, Nearby, ProjectFile};
pub use location::origin::Origin;
pub use location::path::BlobPath;
pub use location::ref_name::{RefKind, RefName, Refs};
pub use lock::{lock, unlock};
pub use result::dress::Dress;
pub use result::exposure::{
    Below, ExposedKey, Exposure, Introduction, KeyAction, KeyInRef, OtherTree, Sighting,
};
pub use result::failure::Failure;
pub use result::fault::Fault;
pub use result::finding::{
    Derivation, Finding, Fingerprint, Outlet, Place, Suppressed, Suppression,
};
pub use result::liveness::{Liveness, LivenessState};
pub use result::matched::{Detection, Drop, Effort, Match};
pub use result::outcome::{Audited, Dropped, EXCLUDED, Outcome, Stats};
pub use result::rule_info::RuleInfo;
pub use result::severity::Severity;
pub use result::step::Step;
pub use text::cover::Cover;
pub use text::edit::{Edit, Replacement, Wording, changed};
pub use text::excerpt::{Excerpt, Fragment, Rendered};
pub use text::line_index::{LineIndex, Position};
pub use text::secret::{KEY_PREFIX, Reveal, Secret};
pub use text::shell::shell_word;
pub use text::span::Span;
