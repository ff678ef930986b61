//! Changes of a text, of which an edit is made.

use crate::model::{Span, Wording};

/// The bytes that go and what comes there.
#[derive(Clone, Debug)]
pub(super) struct TextChange {
    pub(super) span: Span,
    pub(super) wording: Wording,
}

/// All that a file gets in the place of a credential.
pub(super) struct TextChanges {
    pub(super) own: Vec<TextChange>,
    /// As of [`crate::model::Edit`].
    pub(super) caution: Option<&'static str>,
}

impl TextChange {
    pub(super) fn new(span: Span, wording: Wording) -> Self {
        Self { span, wording }
    }

    /// A text that is put in, in front of the byte at `at`.
    pub(super) fn insertion(at: usize, text: impl Into<String>) -> Self {
        Self::new(Span::new(at, at), Wording::plain(text))
    }
}

impl TextChanges {
    /// One change, after which the program does the same as before.
    pub(super) fn safe(span: Span, wording: Wording) -> Self {
        Self {
            own: vec![TextChange::new(span, wording)],
            caution: None,
        }
    }
}
