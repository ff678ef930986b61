//! Takes credentials out of all that an outcome says besides its secrets.
//!
//! This comes before a report escapes, encodes and cuts what it shows, since none of that leaves an
//! encoded key as the detector knows it.

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
    let mut steps = Steps::default();
    for found in &mut outcome.findings {
        finding(found, &mut steps);
    }
    outcome.keys.iter_mut().for_each(exposed);
    for suppressed in &mut outcome.suppressed {
        finding(&mut suppressed.finding, &mut steps);
        match &mut suppressed.by {
            Suppression::Inline { mark, reason } => {
                string(mark);
                reason.iter_mut().for_each(string);
            }
            Suppression::Config { reason } => reason.iter_mut().for_each(string),
            Suppression::Baseline | Suppression::IgnoreFile => {}
        }
    }
    for dropped in &mut outcome.dropped {
        path(&mut dropped.path);
        string(&mut dropped.rule);
        string(&mut dropped.reason);
    }
    outcome.faults.iter_mut().for_each(fault);
    outcome.passed_over.iter_mut().for_each(fault);
    outcome.warnings.iter_mut().for_each(string);
    outcome
}

/// The advice that was gone over last, before and after: many findings in a row share it.
#[derive(Default)]
struct Steps {
    written: Arc<[String]>,
    shown: Arc<[String]>,
}

impl Steps {
    fn shown(&mut self, written: &Arc<[String]>) -> Arc<[String]> {
        if !Arc::ptr_eq(&self.written, written) {
            let shown = written.iter().map(|step| text(step).into_owned());
            self.shown = shown.collect();
            self.written = written.clone();
        }
        self.shown.clone()
    }
}

fn finding(finding: &mut Finding, steps: &mut Steps) {
    string(&mut finding.message);
    finding.advice = steps.shown(&finding.advice);
    path(&mut finding.place.path);
    origin(&mut finding.origin);
    if let Some(derivation) = &mut finding.derived_from {
        path(&mut derivation.path);
    }
    finding.excerpt.replace_text(|line| match bytes(line) {
        Cow::Borrowed(_) => None,
        Cow::Owned(shown) => Some(shown),
    });
}

fn origin(origin: &mut Origin) {
    match origin {
        Origin::Commit { refs, .. }
        | Origin::CommitMessage { refs, .. }
        | Origin::TagMessage { refs, .. }
        | Origin::Unreachable { refs, .. } => names(refs),
        Origin::File | Origin::Stdin | Origin::Index => {}
    }
}

fn exposed(key: &mut ExposedKey) {
    let exposure = &mut key.exposure;
    let one = [
        &mut exposure.first_seen,
        &mut exposure.last_seen,
        &mut exposure.removed_in,
    ];
    one.into_iter().flatten().for_each(sighting);
    exposure.in_head.iter_mut().for_each(sighting);
    exposure.staged.iter_mut().for_each(path);
    for introduction in &mut exposure.introduced {
        sighting(&mut introduction.at);
        introduction.file.iter_mut().for_each(path);
        names(&mut introduction.refs);
    }
    exposure.branch.iter_mut().for_each(|branch| {
        if let Cow::Owned(shown) = text(branch.as_str()) {
            *branch = RefName::new(shown);
        }
    });
    names(&mut exposure.published);
    names(&mut exposure.local);
    // Steps quote names for a shell, and a key that was quoted is not known for one any more.
    key.advice = policy::rotation(&key.rule, exposure);
    key.advice.iter_mut().for_each(string);
}

fn sighting(sighting: &mut Sighting) {
    path(&mut sighting.path);
    string(&mut sighting.date);
}

fn names(refs: &mut Refs) {
    refs.rename(|name| match text(name.as_str()) {
        Cow::Owned(shown) => Some(RefName::new(shown)),
        Cow::Borrowed(_) => None,
    });
}

fn fault(fault: &mut Fault) {
    path(&mut fault.path);
    string(&mut fault.what);
}

fn path(path: &mut BlobPath) {
    if let Cow::Owned(_) = name(path.as_bytes()) {
        *path = path.map(|part| name(part).into_owned());
    }
}

fn string(value: &mut String) {
    if let Cow::Owned(shown) = text(value) {
        *value = shown;
    }
}
