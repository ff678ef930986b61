//! Takes credentials out of all that an outcome says besides its secrets.
//!
//! This comes before a report escapes, encodes and cuts what it shows, since none of that leaves an
//! encoded key as the detector knows it.

use super::bodies::Bodies;
use super::{bytes, name, text};
use crate::model::{
    BlobPath, ExposedKey, Fault, Finding, ImagePart, ImagePlace, Origin, Outcome, RefName, Refs,
    Sighting, Suppression,
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
    if let Some(audited) = &mut outcome.audited {
        hiding.string(&mut audited.repository);
        audited.branch = audited.branch.take().map(|name| hiding.renamed(name));
    }
    // A page whose address is not whole is nobody's.
    outcome
        .forges
        .retain(|forge| hiding.is_shown(&forge.remote) && hiding.is_shown(&forge.address));
    // Steps quote names for a shell, and a key that was quoted is not known for one any more.
    outcome.rewriting = policy::advise(&mut outcome.keys);
    let advice = outcome.keys.iter_mut().flat_map(|key| &mut key.advice);
    let steps = advice.chain(&mut outcome.rewriting);
    steps.for_each(|step| hiding.string(step.text_mut()));
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
    fn shown(&mut self, finding: &Finding, bodies: &Bodies) -> Arc<[String]> {
        if !Arc::ptr_eq(&self.written, &finding.advice) {
            let own = told_of(finding);
            let steps = finding.advice.iter();
            self.shown = steps
                .map(|step| step_without(bodies, step, &own).unwrap_or_else(|| step.clone()))
                .collect();
            self.written = finding.advice.clone();
        }
        self.shown.clone()
    }
}

/// What a report tells of a finding as it is: its fingerprint, and what may be seen of its secret. Its steps repeat it.
fn told_of(finding: &Finding) -> Vec<String> {
    let mut told = vec![finding.fingerprint.to_string()];
    if !finding.secret.is_public() {
        told.push(finding.secret.to_string());
    }
    told.retain(|told| !told.is_empty());
    told
}

/// As [`without`], of a step that is the same for many findings but for what is told of each: it is searched once.
fn step_without(bodies: &Bodies, step: &str, told: &[String]) -> Option<String> {
    let shared = told.iter().fold(Cow::Borrowed(step), |step, told| {
        if step.contains(told.as_str()) {
            Cow::Owned(step.replace(told.as_str(), "..."))
        } else {
            step
        }
    });
    match text(&shared) {
        Cow::Owned(_) => without(bodies, step),
        Cow::Borrowed(_) => {
            let shown = bodies.without(step.as_bytes())?;
            Some(String::from_utf8_lossy(&shown).into_owned())
        }
    }
}

impl Hiding {
    fn finding(&mut self, finding: &mut Finding) {
        self.string(&mut finding.message);
        finding.advice = self.steps.shown(finding, &self.bodies);
        self.path(&mut finding.place.path);
        self.origin(&mut finding.origin);
        if let Some(derivation) = &mut finding.derived_from {
            self.path(&mut derivation.path);
        }
        if let Some(outlet) = &mut finding.outlet {
            self.path(&mut outlet.path);
        }
        if let Some(place) = &mut finding.image {
            self.image(place);
        }
        if finding.place.path.is_name() {
            // The path tells it, and what is behind a blank in a broken key is known for a piece of it there alone.
            return finding.excerpt.replace_text(|_| Some(Vec::new()));
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

    fn image(&self, place: &mut ImagePlace) {
        self.string(&mut place.image);
        if let ImagePart::Layer { created_by, .. } = &mut place.part {
            created_by
                .iter_mut()
                .for_each(|command| self.string(command));
        }
    }

    fn origin(&self, origin: &mut Origin) {
        if let Some(refs) = origin.refs_mut() {
            self.names(refs);
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
        for (branch, seen) in &mut exposure.in_tips {
            self.sighting(seen);
            *branch = self.renamed(branch.clone());
        }
        exposure
            .remotes
            .iter_mut()
            .for_each(|name| self.string(name));
        exposure.staged.iter_mut().for_each(|path| self.path(path));
        self.string(&mut exposure.options);
        exposure
            .way_to_root
            .iter_mut()
            .for_each(|way| self.string(way));
        for tree in &mut exposure.trees {
            self.string(&mut tree.name);
            self.path(&mut tree.folder);
            tree.branch = tree.branch.take().map(|name| self.renamed(name));
            tree.staged.iter_mut().for_each(|(path, _)| self.path(path));
        }
        for introduction in &mut exposure.introduced {
            self.sighting(&mut introduction.at);
            introduction
                .file
                .iter_mut()
                .for_each(|file| self.path(file));
            self.names(&mut introduction.refs);
        }
        for (entry, branch) in &mut exposure.stashed_on {
            *entry = self.renamed(entry.clone());
            *branch = self.renamed(branch.clone());
        }
        for key in &mut exposure.names {
            key.name = self.renamed(key.name.clone());
        }
        exposure.branch = exposure.branch.take().map(|name| self.renamed(name));
        self.names(&mut exposure.published);
        self.names(&mut exposure.local);
    }

    fn sighting(&self, sighting: &mut Sighting) {
        self.path(&mut sighting.path);
        self.string(&mut sighting.date);
    }

    fn renamed(&self, name: RefName) -> RefName {
        self.without(name.as_str()).map_or(name, RefName::new)
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

    fn is_shown(&self, written: &str) -> bool {
        self.without(written).is_none()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_repeats_what_is_told_of_a_finding_hides_what_is_not() {
        let body = ["9fKqT2mXw7bZ4Lp8", "Hd3VnR6yJc5GsA1e"].concat();
        let told = ["649bd9f1fa20768f".to_owned(), "jvx_live_Rt2W...".to_owned()];
        let bodies = Bodies::of([crate::model::Secret::new(&*body, 9)].iter());
        let shown = |step: &str| step_without(&bodies, step, &told);
        let step = "silence: jvxleaks allow 649bd9f1fa20768f -- REASON, or rotate jvx_live_Rt2W...";
        assert_eq!(shown(step), None);
        let of_another = format!("{step} in jvx_live_{body}.txt");
        assert_eq!(
            shown(&of_another).unwrap(),
            format!("{step} in jvx_live_9fKq....txt")
        );
        let half = format!("{step} in {}.txt", &body[12..]);
        assert_eq!(shown(&half).unwrap(), format!("{step} in ....txt"));
    }
}
