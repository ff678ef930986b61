//! A credential in a file of settings.

use super::super::change::TextChange;
use super::super::variable::{VARIABLE, variable};
use crate::model::Span;

pub(super) const COMMENT: &str = "it is in a comment; delete it there";
pub(super) const NOT_ALONE: &str = "the credential is a part of a longer text";
pub(super) const NO_SETTING: &str = "it is not the value of a setting";

/// The variable that is read, and the changes.
pub(super) type Replaced = Result<(String, Vec<TextChange>), &'static str>;

/// A credential in a file of settings.
pub(super) struct SettingSecret<'t> {
    pub(super) text: &'t [u8],
    pub(super) span: Span,
    pub(super) is_jourvex: bool,
}

impl SettingSecret<'_> {
    /// The variable, by the name of what is set.
    pub(super) fn variable(&self, name: &[u8]) -> String {
        if self.is_jourvex {
            VARIABLE.to_owned()
        } else {
            variable(Some(name))
        }
    }
}
