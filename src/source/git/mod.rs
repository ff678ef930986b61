//! Where git keeps bytes: the index, a range of commits, everything a repository ever held.
//!
//! libgit2 opens repositories and reads single objects; `pack` and `decoding` decode whole packs. Nothing here writes to a repository or runs what it configures.

mod ancestry;
mod boundary;
mod branches;
mod chains;
mod content;
mod decoding;
mod delta;
mod exposure;
mod forest;
mod graph;
mod history;
mod index;
mod inflate;
mod kept_graph;
mod links;
mod lock;
mod named;
mod object;
mod object_id;
mod open;
mod pack;
mod places;
mod pointers;
mod provenance;
mod push;
mod range;
mod reached;
mod reading;
mod ref_targets;
mod refs;
mod revision;
mod scope;
mod seen;
mod settings;
mod shelf;
mod similar;
mod single;
mod staged;
mod store;
mod tally;
mod tracing;
mod trail;
mod tree_settings;
mod trees;
mod unread;

pub use branches::RemoteBranches;
pub use exposure::{KeyHits, Spot};
pub(super) use index::tracked_paths;
pub(super) use tree_settings::TreeSettings;

pub use history::{Candidate, History, Hits, ObjectsRead};
pub use object::{COMMIT_MESSAGE, ObjectKind, TAG_MESSAGE};
pub use object_id::ObjectId;
pub use open::GitRepo;
pub use places::Look;
pub use provenance::Provenance;
pub use push::{Push, RefUpdate};
pub use range::Range;
pub use revision::RangeSpec;
pub use scope::Scope;
pub use seen::Seen;
pub use settings::{HooksFolder, UserSettings};
pub use staged::Staged;
pub use trail::{Appearance, HitPlace, Trail};
