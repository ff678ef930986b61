//! A configuration's `[[allow]]` entries: findings that are known to be none, by fingerprint, or by rule and path.

use super::super::RuleName;
use super::path_set::PathSet;
use crate::model::Fingerprint;
use jiff::civil::Date;
use std::sync::atomic::{AtomicBool, Ordering};

/// What an entry allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Allowed {
    /// One secret.
    Finding(Fingerprint),
    /// Whatever this rule and those of its family find at the entry's paths.
    Rule(RuleName),
}

/// One `[[allow]]` entry.
#[derive(Debug)]
pub(in crate::policy) struct ConfigAllow {
    /// 1-based line of the entry.
    pub(in crate::policy) line: usize,
    /// What it allows.
    pub(in crate::policy) what: Allowed,
    /// Why.
    pub(in crate::policy) reason: String,
    /// Where as it is written, to tell entries apart.
    pub(super) written_path: Option<String>,
    /// Where; everywhere if it does not say.
    pub(in crate::policy) path: Option<PathSet>,
    /// The last day on which it counts.
    pub(in crate::policy) expires: Option<Date>,
    /// Whether it silenced a finding in this run.
    pub(in crate::policy) used: AtomicBool,
}

impl ConfigAllow {
    /// True when both allow the same for as long.
    pub(super) fn says_as(&self, other: &Self) -> bool {
        let what = |entry: &Self| {
            let path = entry.written_path.clone();
            (entry.what.clone(), path, entry.expires)
        };
        what(self) == what(other)
    }

    /// True when its last day is past.
    pub(in crate::policy) fn has_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }

    /// True when it allows a finding, of which `is_in` says where it is; it remembers that it did.
    pub(in crate::policy) fn allows(
        &self,
        is_meant: &dyn Fn(&Allowed) -> bool,
        is_in: &dyn Fn(&PathSet) -> bool,
        today: Date,
    ) -> bool {
        let allows = is_meant(&self.what)
            && !self.has_expired(today)
            && self.path.as_ref().is_none_or(is_in);
        if allows {
            self.used.store(true, Ordering::Relaxed);
        }
        allows
    }

    /// True when it allowed nothing so far.
    pub(in crate::policy) fn is_unused(&self) -> bool {
        !self.used.load(Ordering::Relaxed)
    }
}
