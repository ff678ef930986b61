//! What a source meets, who takes it, and what the source asks meanwhile.

use super::object_id::ObjectId;
use crate::model::{Blob, BlobPath, Fault};

/// One thing that a source met.
#[derive(Debug)]
pub enum Event<'a> {
    /// Bytes to look into.
    Blob(Blob<'a>),
    /// Bytes that were asked for by name, and not met on the way: a file on the command line.
    Named(Blob<'a>),
    /// The name of a file or folder, which may hold a key as any text. It is no file.
    Name(Blob<'a>),
    /// A file of so many bytes that were read and have no sign of anything in them.
    Signless(&'a BlobPath, u64),
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
    /// All of these commits, parents before children; the last that is handed out of them.
    Order(&'a [ObjectId]),
}

/// Takes what a source met, and tells it what need not be read. Called by any number of threads at once.
///
/// A closure that takes events is one too: it wants all files, and takes every part of them for a sign.
pub trait Consumer: Sync {
    /// Takes one thing that the source met.
    fn take(&self, event: Event<'_>);

    /// False when what is at `path` need not be opened. What was asked for by name is, whatever this says.
    fn wants(&self, _path: &BlobPath) -> bool {
        true
    }

    /// False when nothing that is looked for is in the name of a file, folder or ref.
    fn wants_name(&self, _name: &[u8]) -> bool {
        true
    }

    /// False when there is no sign in `bytes`, a part of some text, of what is looked for. Only bytes that stand
    /// as near as [`Consumer::reach`] have a say in it. So nothing is in a text whose parts are without a sign, if
    /// each begins that far before the end of the one before. And nothing is in a new version of it, if there
    /// is no sign that near to where it differs.
    fn has_sign(&self, _bytes: &[u8]) -> bool {
        true
    }

    /// How much of the text around it decides whether a byte is a sign, in bytes.
    fn reach(&self) -> usize {
        0
    }
}

impl<F: Fn(Event<'_>) + Sync> Consumer for F {
    fn take(&self, event: Event<'_>) {
        self(event);
    }
}
