//! Which kind of place a blob's bytes came from.

use super::super::Refs;

/// Where bytes were read. The fields are those that the JSON report's `origin` carries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file of the work tree.
    File,
    /// Standard input.
    Stdin,
    /// A blob in the git index.
    Index,
    /// A blob that a commit holds at the finding's path.
    Commit {
        /// Full object id of the commit, in hex.
        commit: String,
        /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
        author_date: String,
        /// The refs that reach it.
        refs: Refs,
    },
    /// The text of a commit.
    CommitMessage {
        /// Full object id of the commit, in hex.
        commit: String,
        /// The author's date, `YYYY-MM-DDTHH:MM:SSZ`.
        author_date: String,
        /// The refs that reach it.
        refs: Refs,
    },
    /// The text of an annotated tag.
    TagMessage {
        /// Full object id of the tag object, in hex.
        tag: String,
        /// The tagger's date, `YYYY-MM-DDTHH:MM:SSZ`; empty where it has none.
        date: String,
        /// The refs that reach it.
        refs: Refs,
    },
    /// An object that no commit holds.
    Unreachable {
        /// Full object id of the object itself, in hex.
        object: String,
        /// The refs that name it, or a tree that holds it.
        refs: Refs,
    },
}

impl Origin {
    /// The word that JSON uses for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stdin => "stdin",
            Self::Index => "index",
            Self::Commit { .. } => "commit",
            Self::CommitMessage { .. } => "commit-message",
            Self::TagMessage { .. } => "tag-message",
            Self::Unreachable { .. } => "unreachable",
        }
    }
}
