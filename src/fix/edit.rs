//! An edit of a file.

use crate::model::Span;

/// What a file gets in the place of one credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go, in the stored file.
    pub span: Span,
    /// What comes there.
    pub replacement: String,
    /// What the program needs besides, such as `import os`.
    pub import: Option<TextInsertion>,
    /// The variable that is read.
    pub variable: String,
    /// Why a person should look at it; none where the program does the same as before.
    pub caution: Option<&'static str>,
}

/// A text that is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextInsertion {
    /// In front of which byte of the stored file.
    pub at: usize,
    /// The text, with its line end.
    pub text: String,
}
