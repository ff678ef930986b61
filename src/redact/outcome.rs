//! Takes credentials out of all that an outcome says besides its secrets.
//!
//! This comes before a report escapes, encodes and cuts what it shows, since none of that leaves an
//! encoded key as the detector knows it.

use super::bodies::Bodies;
use super::{bytes, name, text};
use crate::model::{
    BlobPath, ExposedKey, Fault, Finding, Origin, Outcome, RefName, Refs, Sighting, Suppression,
};
use crate::policy;
use std::borrow::Cow;
use std::sync::Arc;

/// The outcome without credentials in paths, names of refs, messages, reasons and excerpts. A path in it may be none
/// that can be opened any more.
#[must_use]
pub fn outcome(mut outcome: Outcome) -> Outcome {
    let found = outcome.findings.iter();
    let accepted = outcome.suppressed.iter().map(|by| &by.finding);
    let mut hiding = Hiding {
        bodies: Bodies::of(found.chain(accepted).map(|finding| &finding.secret)),
        steps: Steps::default(),
    };
    for found in &mut outcome.findings {
        hiding.finding(found);
    }
    for key in &mut outcome.keys {
        hiding.exposed(key);
    }
    for suppressed in &mut outcome.suppressed {
        hiding.finding(&mut suppressed.finding);
        match &mut suppressed.by {
            Suppression::Inline { mark, reason } => {
                hiding.string(mark);
                reason.iter_mut().for_each(|reason| hiding.string(reason));
            }
            Suppression::Config { reason } => {
                reason.iter_mut().for_each(|reason| hiding.string(reason));
            }
            Suppression::Baseline | Suppression::IgnoreFile => {}
        }
    }
    for dropped in &mut outcome.dropped {
        hiding.path(&mut dropped.path);
        hiding.string(&mut dropped.rule);
        hiding.string(&mut dropped.reason);
    }
    let faults = outcome.faults.iter_mut().chain(&mut outcome.passed_over);
    faults.for_each(|fault| hiding.fault(fault));
    let warnings = outcome.warnings.iter_mut();
    warnings.for_each(|warning| hiding.string(warning));
    outcome
}

/// What is hidden in one outcome.
struct Hiding {
    bodies: Bodies,
    steps: Steps,
}

/// The advice that was gone over last, before and after: many findings in a row share it.
#[derive(Default)]
struct Steps {
    written: Arc<[String]>,
    shown: Arc<[String]>,
}

impl Steps {
    fn shown(&mut self, written: &Arc<[String]>, bodies: &Bodies) -> Arc<[String]> {
        if !Arc::ptr_eq(&self.written, written) {
            let steps = written.iter();
            self.shown = steps
                .map(|step| without(bodies, step).unwrap_or_else(|| step.clone()))
                .collect();
            self.written = written.clone();
        }
        self.shown.clone()
    }
}

impl Hiding {
    fn finding(&mut self, finding: &mut Finding) {
        self.string(&mut finding.message);
        finding.advice = self.steps.shown(&finding.advice, &self.bodies);
        self.path(&mut finding.place.path);
        self.origin(&mut finding.origin);
        if let Some(derivation) = &mut finding.derived_from {
            self.path(&mut derivation.path);
        }
        let bodies = &self.bodies;
        finding.excerpt.replace_text(|line| {
            let shown = bytes(line);
            let without = bodies.without(&shown);
            without.or(match shown {
                Cow::Borrowed(_) => None,
                Cow::Owned(shown) => Some(shown),
            })
        });
    }

    fn origin(&self, origin: &mut Origin) {
        match origin {
            Origin::Commit { refs, .. }
            | Origin::CommitMessage { refs, .. }
            | Origin::TagMessage { refs, .. }
            | Origin::Unreachable { refs, .. } => self.names(refs),
            Origin::File | Origin::Stdin | Origin::Index => {}
        }
    }

    fn exposed(&self, key: &mut ExposedKey) {
        let exposure = &mut key.exposure;
        let one = [
            &mut exposure.first_seen,
            &mut exposure.in_tag,
            &mut exposure.last_seen,
            &mut exposure.removed_in,
        ];
        let one = one.into_iter().flatten();
        one.chain(&mut exposure.in_head)
            .for_each(|seen| self.sighting(seen));
        exposure.staged.iter_mut().for_each(|path| self.path(path));
        for introduction in &mut exposure.introduced {
            self.sighting(&mut introduction.at);
            introduction
                .file
                .iter_mut()
                .for_each(|file| self.path(file));
            self.names(&mut introduction.refs);
        }
        if let Some(branch) = &mut exposure.branch
            && let Some(shown) = self.without(branch.as_str())
        {
            *branch = RefName::new(shown);
        }
        self.names(&mut exposure.published);
        self.names(&mut exposure.local);
        // Steps quote names for a shell, and a key that was quoted is not known for one any more.
        key.advice = policy::rotation(&key.rule, exposure);
        key.advice.iter_mut().for_each(|step| self.string(step));
    }

    fn sighting(&self, sighting: &mut Sighting) {
        self.path(&mut sighting.path);
        self.string(&mut sighting.date);
    }

    fn names(&self, refs: &mut Refs) {
        refs.rename(|name| self.without(name.as_str()).map(RefName::new));
    }

    fn fault(&self, fault: &mut Fault) {
        self.path(&mut fault.path);
        self.string(&mut fault.what);
    }

    fn path(&self, path: &mut BlobPath) {
        let shown = name(path.as_bytes());
        if matches!(shown, Cow::Owned(_)) || self.bodies.without(&shown).is_some() {
            *path = path.map(|part| {
                let shown = name(part).into_owned();
                self.bodies.without(&shown).unwrap_or(shown)
            });
        }
    }

    fn string(&self, value: &mut String) {
        if let Some(shown) = self.without(value) {
            *value = shown;
        }
    }

    /// The text as it may be shown; `None` when it may stay.
    fn without(&self, written: &str) -> Option<String> {
        without(&self.bodies, written)
    }
}

fn without(bodies: &Bodies, written: &str) -> Option<String> {
    let shown = text(written);
    if let Some(shown) = bodies.without(shown.as_bytes()) {
        return Some(String::from_utf8_lossy(&shown).into_owned());
    }
    match shown {
        Cow::Owned(shown) => Some(shown),
        Cow::Borrowed(_) => None,
    }
}
