//! Where bytes come from. A source hands every blob it is asked for to a consumer, and names each
//! input that it could not read: nothing is left out in silence.

mod consumer;
mod disk;
#[cfg(feature = "git")]
mod git;
mod lfs;
mod memory;
mod message;
mod object_id;
mod package;
mod project;
mod remedy;
mod several;
mod site;
mod skimmer;
mod stdin;
mod submodule;

pub use consumer::{Consumer, Event};
pub use disk::walk::{Walk, WalkOptions};
#[cfg(feature = "git")]
pub use git::*;
pub use memory::Memory;
pub use message::{Cleanup, MessageFile};
pub use object_id::ObjectId;
pub use package::{PackageError, PackageFiles, PackageKind, PackageListing};
pub use several::Several;
pub use site::Har;
#[cfg(feature = "net")]
pub(crate) use site::agent;
#[cfg(feature = "net")]
pub use site::{Bounds, SiteOptions, WebSite};
pub use stdin::{Stdin, standard_input};

use crate::model::{Alone, Blob, BlobPath, EXCLUDED, Nearby, Origin};
use std::path::PathBuf;

/// Without the feature, no folder is the work tree of a repository, so that no ignore file hides anything in it.
#[cfg(not(feature = "git"))]
mod git {
    use super::disk::tree_settings::TreeSettings;
    use std::path::{Path, PathBuf};

    pub(super) fn git_dir(_: &Path) -> Option<PathBuf> {
        None
    }

    pub(super) fn common_dir(git_dir: &Path) -> PathBuf {
        git_dir.to_owned()
    }

    pub(super) fn tree_settings(_: &Path, _: &Path) -> TreeSettings {
        TreeSettings::default()
    }

    pub(super) fn tracked_paths(_: &Path) -> Result<Vec<(Vec<u8>, bool)>, String> {
        Ok(Vec::new())
    }
}

/// No name that is shorter holds a key, in bytes.
const SHORTEST_NAME: usize = 24;

/// True for a name that may hold a key.
fn is_sought(name: &[u8], consumer: &dyn Consumer) -> bool {
    name.len() >= SHORTEST_NAME && consumer.wants_name(name)
}

/// Hands on the name of what is at a path, if it may hold a key.
fn hand_on_name(path: &[u8], origin: impl FnOnce() -> Origin, consumer: &dyn Consumer) {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    if is_sought(name, consumer) {
        consumer.take(Event::Name(Blob {
            path: &BlobPath::from_bytes(path).name(),
            origin: &origin(),
            bytes: name,
        }));
    }
}

/// Asks whether what is at a path is to be opened, and tells that it was not.
fn is_wanted(path: &BlobPath, consumer: &dyn Consumer) -> bool {
    let wants = consumer.wants(path);
    if !wants {
        consumer.take(Event::Skipped(EXCLUDED));
    }
    wants
}

/// Somewhere to read blobs from.
pub trait Source: Sync {
    /// Hands every blob that `consumer` wants to it, from any number of threads, in no promised order. Of one that
    /// has no sign of anything in it, as [`Consumer::has_sign`] says, it may be told as [`Event::Signless`].
    ///
    /// # Errors
    /// When nothing could be read at all; what could not be read of many is a
    /// [`Event::Fault`] instead.
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError>;

    /// The files around its blobs, for those whose kind no single file tells. By default, none.
    fn nearby(&self) -> &dyn Nearby {
        &Alone
    }

    /// True for a folder that was asked for by name, by its path as blobs have it: what of an image in it cannot be read
    /// is a fault.
    fn names_folder(&self, _folder: &BlobPath) -> bool {
        false
    }

    /// True when it tells of each commit it reads, so that none is a number too.
    fn counts_commits(&self) -> bool {
        false
    }
}

/// Why a source could not be read at all. The text names the input and the next step.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The paths on the command line, where none of them is there.
    #[error("{}: {MISSING}", listed(.0))]
    Missing(Vec<PathBuf>),
    /// Standard input could not be read.
    #[error("standard input: {0}")]
    StandardInput(std::io::Error),
    /// No git repository there.
    #[error("{}: not a git repository (nor is any folder above it); run inside one, or name one", .0.display())]
    NotARepository(PathBuf),
    /// Git itself would refuse the repository, because someone else could have planted it.
    #[error("{path}: this repository belongs to another user; if you trust it, run `git config --global --add safe.directory {path}`", path = .0.display())]
    DubiousOwnership(PathBuf),
    /// A repository that cannot be read.
    #[error("{}: {reason}", path.display())]
    Repository {
        /// Its git folder, or the path that was asked for.
        path: PathBuf,
        /// The cause and the next step.
        reason: String,
    },
    /// A revision that names no commit.
    #[error("{revision}: {reason}")]
    Revision {
        /// As it was given.
        revision: String,
        /// The cause and the next step.
        reason: String,
    },
}

/// The text of a fault for a path on the command line that is not there.
const MISSING: &str = "no such file or folder; check the path, or give `-` to read standard input";

fn listed(paths: &[PathBuf]) -> String {
    let names = paths.iter().map(|path| path.display().to_string());
    names.collect::<Vec<_>>().join(", ")
}

/// The text of a fault for an input over the size limit.
fn too_large(size: Option<u64>, limit: u64) -> String {
    const MIB: u64 = 1 << 20;
    let limit = match limit % MIB {
        0 => format!("{} MiB", limit / MIB),
        _ => format!("{limit} bytes"),
    };
    let size = size.map_or(String::new(), |size| format!(" ({size} bytes)"));
    format!("larger than {limit}{size}; raise --max-file-size to read it")
}
