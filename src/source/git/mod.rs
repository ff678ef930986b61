//! Where git keeps bytes: the index, a range of commits, everything a repository ever held.
//!
//! libgit2 opens repositories and reads single objects; `pack` and `decoding` decode whole packs. Nothing here runs what a repository configures, and
//! nothing but `restage` writes to one.

mod additions;
mod audit;
mod change;
mod committed;
mod nearby;
mod pack;
mod pointers;
mod progress;
mod provenance;
mod push;
mod range;
mod refs;
mod remote;
mod repo;
mod restage;
mod staged;
mod state;

pub use change::{Change, FilesOf, Side};
pub use pack::known_blobs::KnownBlobs;
pub use provenance::exposure::{KeyHits, Spot};
pub use refs::branches::RemoteBranches;
pub(super) use repo::git_dir::common_dir;
pub use repo::git_dir::git_dir;
pub(super) use repo::index::tracked_paths;
pub(super) use repo::tree_settings::tree_settings;

pub use audit::content::MightHit;
pub use audit::history::History;
pub use audit::reading::ObjectHits;
pub use audit::scope::Scope;
pub use audit::seen::Seen;
pub use audit::tally::ObjectsRead;
pub use progress::Progress;
pub use provenance::Provenance;
pub use provenance::trail::{Appearance, HitPlace, Look, Trail};
pub use push::{Push, RefUpdate};
pub use range::Range;
pub use refs::order::Ordered;
pub use refs::remotes::Destination;
pub use refs::revision::RangeSpec;
pub use remote::mirror::{mirror, mirror_of};
pub use repo::object::{COMMIT_MESSAGE, ObjectKind, TAG_MESSAGE};
pub use repo::open::GitRepo;
pub use repo::settings::{HooksFolder, UserSettings};
pub use staged::Staged;
pub use state::RepositoryState;
