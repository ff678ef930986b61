//! Which kind of place a blob's bytes came from.

use super::super::{BlobPath, Refs};

/// Where bytes were read. The fields are those that the JSON report's `origin` carries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A file of the work tree.
    File,
    /// Standard input.
    Stdin,
    /// What a web server gave a browser, or would give one.
    Site {
        /// What it would be called in a folder that is served: `assets/app.js`, `index.html` for `/`. Its end tells
        /// what kind of text it is, also where the URL does not.
        file: BlobPath,
    },
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

/// The refs of an origin, borrowed as the origin is: to be read or to be changed.
macro_rules! refs_of {
    ($origin:expr) => {
        match $origin {
            Self::File | Self::Stdin | Self::Site { .. } | Self::Index => None,
            Self::Commit { refs, .. }
            | Self::CommitMessage { refs, .. }
            | Self::TagMessage { refs, .. }
            | Self::Unreachable { refs, .. } => Some(refs),
        }
    };
}

impl Origin {
    /// The word that JSON uses for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Stdin => "stdin",
            Self::Site { .. } => "site",
            Self::Index => "index",
            Self::Commit { .. } => "commit",
            Self::CommitMessage { .. } => "commit-message",
            Self::TagMessage { .. } => "tag-message",
            Self::Unreachable { .. } => "unreachable",
        }
    }

    /// True for a file as the next commit would hold it: of the work tree or the index.
    pub fn is_file(&self) -> bool {
        matches!(self, Self::File | Self::Index)
    }

    /// True for what is there now, and no part of a history.
    pub fn is_present(&self) -> bool {
        self.is_file() || *self == Self::Stdin || self.is_site()
    }

    /// True for what browsers are given.
    pub fn is_site(&self) -> bool {
        matches!(self, Self::Site { .. })
    }

    /// True where a search for the same finding in files, in the index or in commits does not come.
    pub fn is_elsewhere(&self) -> bool {
        *self == Self::Stdin || self.is_site()
    }

    /// True for the text of a commit or tag, which is no file.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::CommitMessage { .. } | Self::TagMessage { .. })
    }

    /// The commit whose file or text it is, and the author's date.
    pub fn commit(&self) -> Option<(&str, &str)> {
        match self {
            Self::Commit {
                commit,
                author_date,
                ..
            }
            | Self::CommitMessage {
                commit,
                author_date,
                ..
            } => Some((commit, author_date)),
            _ => None,
        }
    }

    /// The full id of the object that says where it is: a commit, a tag, or what nothing holds.
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::TagMessage { tag, .. } => Some(tag),
            Self::Unreachable { object, .. } => Some(object),
            _ => self.commit().map(|(commit, _)| commit),
        }
    }

    /// The refs that reach it.
    pub fn refs(&self) -> Option<&Refs> {
        refs_of!(self)
    }

    /// The refs that reach it, to be changed.
    pub fn refs_mut(&mut self) -> Option<&mut Refs> {
        refs_of!(self)
    }
}
