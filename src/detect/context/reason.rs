//! What decided the kind of a file, in words for people.

use super::mark::{self, MarkSide};
use crate::model::{BlobPath, FileContext};

pub(super) const PAGE_DATA: &str =
    "it is of a kind that only browsers read: a page, a style, a payload, a worker of a page";

pub(super) const CONFIGURES: &str = "its name is one that bundlers and frameworks read";

/// A file's kind and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What findings in it are reported to be in.
    pub context: FileContext,
    /// What it would be in any other folder, which decides what rules look at it: the bundle of an example
    /// is a bundle all the same.
    pub role: FileContext,
    reason: Reason,
}

/// What decided the kind of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A convention on names and places.
    Convention(&'static str),
    /// A folder or a name that files of a kind have.
    Named(String, FileContext),
    /// A folder that tools build into.
    Folder(&'static str),
    /// Words of the text, weighed; and what made them count.
    Marks(MarkSide, &'static str),
    /// A file around it, and what it says.
    Neighbour(BlobPath, &'static str),
    /// Nothing speaks for any other kind.
    Nothing,
}

impl Kind {
    pub(super) fn new(context: FileContext, reason: Reason) -> Self {
        Self {
            context,
            role: context,
            reason,
        }
    }

    pub(super) fn by(context: FileContext, convention: &'static str) -> Self {
        Self::new(context, Reason::Convention(convention))
    }

    /// The same file, in a folder or under a name by which it is no part of the program.
    pub(super) fn in_place(self, context: FileContext, by: &str) -> Self {
        Self {
            context,
            reason: Reason::Named(by.to_owned(), context),
            ..self
        }
    }

    /// What decided, as the end of a sentence that begins with "because". `text` is the file's.
    pub fn because(&self, text: &[u8]) -> String {
        match &self.reason {
            Reason::Convention(what) => (*what).to_owned(),
            Reason::Named(by, context) => {
                let what = match context {
                    FileContext::Documentation => "documentation",
                    FileContext::Example => "examples",
                    FileContext::Lockfile => "lock files",
                    FileContext::ThirdParty => "code of others",
                    _ => "tests and what they need",
                };
                format!("`{by}` in its path names {what}")
            }
            Reason::Folder(folder) => {
                format!(
                    "of its folder: tools write their output to {}",
                    folder.trim_start_matches('/')
                )
            }
            Reason::Marks(side, what) => {
                let who = match side {
                    MarkSide::Page => "pages",
                    _ => "servers, commands or builds",
                };
                let (own, other) = mark::words(text, *side);
                let against = if other.is_empty() {
                    String::new()
                } else {
                    format!("; against {}", other.join(", "))
                };
                format!(
                    "{what}what it uses is for {who}: {}{against}",
                    own.join(", ")
                )
            }
            Reason::Neighbour(path, what) => format!("{path} {what}"),
            Reason::Nothing => "neither its path nor its text says more".to_owned(),
        }
    }
}
