//! What decided the kind of a file, in words for people.

use super::mark::{self, Side};
use crate::model::{BlobPath, FileContext};

/// A file's kind and what decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The kind.
    pub context: FileContext,
    reason: Reason,
}

/// What decided the kind of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A convention on names and places.
    Convention(&'static str),
    /// A folder that tools build into.
    Folder(&'static str),
    /// Words of the text, weighed; and what made them count.
    Marks(Side, &'static str),
    /// A file around it, and what it says.
    Neighbour(BlobPath, &'static str),
    /// Nothing speaks for any other kind.
    Nothing,
}

impl Kind {
    pub(super) fn new(context: FileContext, reason: Reason) -> Self {
        Self { context, reason }
    }

    pub(super) fn by(context: FileContext, convention: &'static str) -> Self {
        Self::new(context, Reason::Convention(convention))
    }

    /// What decided, as the end of a sentence that begins with "because". `text` is the file's.
    pub fn because(&self, text: &[u8]) -> String {
        match &self.reason {
            Reason::Convention(what) => (*what).to_owned(),
            Reason::Folder(folder) => {
                format!(
                    "of its folder: tools write their output to {}",
                    folder.trim_start_matches('/')
                )
            }
            Reason::Marks(side, what) => {
                let who = match side {
                    Side::Page => "pages",
                    _ => "servers, commands or builds",
                };
                let (own, other) = mark::words(text, *side);
                let against = match other.is_empty() {
                    true => String::new(),
                    false => format!("; against {}", other.join(", ")),
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
