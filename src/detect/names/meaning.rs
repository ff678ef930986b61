//! What a name of a rule says of a value, and where such a name is read.

use crate::rules::{Record, Role};
use std::sync::Arc;

/// What a name of a rule says of a value.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    Header,
    Call(Vec<Role>),
    Field(Role),
    Flag(Role),
    Record(Arc<Record>),
    Scheme,
}

/// Where a name is to be read; nowhere when it is none of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Stands {
    /// Where its value may stand: it is a field.
    pub(super) near_values: bool,
    /// Where it is called. What it is handed may be a name.
    pub(super) called: bool,
    /// Wherever it stands: what a header is given may be a name.
    pub(super) anywhere: bool,
    /// Where a literal begins with it, or something is put in behind it, whatever that is; else where its value is.
    pub(super) begins: bool,
}

impl Stands {
    pub(super) fn with(mut self, meaning: &Meaning) -> Self {
        match meaning {
            Meaning::Field(_) | Meaning::Flag(_) | Meaning::Record(_) => self.near_values = true,
            Meaning::Call(_) => self.called = true,
            Meaning::Header => self.anywhere = true,
            Meaning::Scheme => self.begins = true,
        }
        self
    }

    /// True when nothing need say that the name is given a value.
    pub(super) fn may_be_bare(self) -> bool {
        self.anywhere || self.begins
    }
}
