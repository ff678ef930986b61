//! Where bytes come from. A source hands every blob it is asked for to a sink, and names each
//! input that it could not read: nothing is left out in silence.

mod disk;
mod git;
mod lfs;
mod memory;
mod message;
mod progress;
mod remedy;
mod several;
mod skimmer;
mod stdin;
mod submodule;

pub use disk::walk::{Walk, WalkOptions};
pub use git::*;
pub use memory::Memory;
pub use message::{Cleanup, MessageFile};
pub use progress::Progress;
pub use several::Several;
pub use stdin::{Stdin, standard_input};

use crate::model::{Alone, Blob, BlobPath, Fault, Nearby, Origin, Skim};
use std::path::PathBuf;

/// One thing that a source met.
#[derive(Debug)]
pub enum Event<'a> {
    /// Bytes to look into.
    Blob(Blob<'a>),
    /// Bytes that were asked for by name, and not met on the way: a file on the command line.
    Named(Blob<'a>),
    /// The name of a file or folder, which may hold a key as any text. It is no file.
    Name(Blob<'a>),
    /// A file of so many bytes that were read and have no sign of anything in them; the blob is without them.
    Signless(Blob<'a>, u64),
    /// An input that was asked for and could not be read; the source goes on with the next.
    Fault(Fault),
    /// An input passed over on purpose, by kind: "device", "submodule".
    Skipped(&'static str),
    /// The same of one that has a name, which is told with `-v`: "LFS object not here".
    PassedOver(BlobPath, &'static str),
    /// So many files, and folders with all that is in them, that an ignore file hides.
    Ignored {
        /// Files and links.
        files: u64,
        /// Folders; what is in them was not listed.
        folders: u64,
    },
    /// What the user may not know of what was read.
    Note(String),
    /// One commit whose changes and text were handed out.
    Commit,
}

/// No name that is shorter holds a key, in bytes.
const SHORTEST_NAME: usize = 24;

/// Hands on the name of what is at a path, if it may hold a key.
fn hand_on_name(path: &[u8], origin: impl FnOnce() -> Origin, sink: Sink<'_>) {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    if name.len() >= SHORTEST_NAME {
        sink(Event::Name(Blob {
            path: &BlobPath::from_bytes(path).name(),
            origin: &origin(),
            bytes: name,
        }));
    }
}

/// Takes events from any number of threads at once.
pub type Sink<'s> = &'s (dyn Fn(Event<'_>) + Sync);

/// Somewhere to read blobs from.
pub trait Source: Sync {
    /// Hands every blob to `sink`, from any number of threads, in no promised order.
    ///
    /// # Errors
    /// When nothing could be read at all; what could not be read of many is a
    /// [`Event::Fault`] instead.
    fn visit(&self, sink: Sink<'_>) -> Result<(), SourceError>;

    /// As [`Source::visit`], but may skim large blobs first and hand out an [`Event::Signless`] in place of a blob.
    ///
    /// # Errors
    /// As [`Source::visit`].
    fn visit_skimming(&self, sink: Sink<'_>, _skim: &dyn Skim) -> Result<(), SourceError> {
        self.visit(sink)
    }

    /// The files around its blobs, for those whose kind no single file tells. By default, none.
    fn nearby(&self) -> &dyn Nearby {
        &Alone
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
