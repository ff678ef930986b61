//! Rules prove themselves: every example runs through the real detector with all rules loaded.

use super::Detector;
use crate::model::{Blob, BlobPath, Origin};
use crate::rules::{Rule, Sample};

/// Something that is wrong with a rule, or worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// The rule's id.
    pub rule: String,
    /// What is wrong, in one line; holds examples only as they are written.
    pub what: String,
    /// False for a hint that does not make the check fail.
    pub is_error: bool,
}

/// Runs the examples of all rules: each must give exactly one match, of its own rule, and each
/// counterexample none. A detector that keeps its drops tells why an example gives none.
pub fn check_rules(detector: &Detector) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for rule in detector.rules().iter() {
        let mut complain = |what: String, is_error| {
            complaints.push(Complaint {
                rule: rule.info.id.clone(),
                what,
                is_error,
            });
        };
        for sample in &rule.examples {
            if let Err(what) = expect_one(detector, rule, sample) {
                complain(what, true);
            }
        }
        for sample in &rule.counterexamples {
            if let Err(what) = expect_none(detector, sample) {
                complain(what, true);
            }
        }
        if rule.examples.is_empty() {
            complain(
                "has no examples, so nothing shows that it works".to_owned(),
                false,
            );
        }
        if rule.runs_over_everything() {
            let what = "its regex has no literal of 3 letters or more and it names no keywords, so it \
                        runs over every byte of every file; name keywords to make it fast";
            complain(what.to_owned(), false);
        }
    }
    complaints
}

fn expect_one(detector: &Detector, rule: &Rule, sample: &Sample) -> Result<(), String> {
    let found = rules_found(detector, sample);
    if found == [rule.info.id.clone()] {
        return Ok(());
    }
    let instead = match found.as_slice() {
        [] => reason(detector, sample),
        _ => format!("matches of {}", found.join(", ")),
    };
    Err(format!(
        "the example `{}` should give one match of its rule and gives {instead}",
        sample.written
    ))
}

fn expect_none(detector: &Detector, sample: &Sample) -> Result<(), String> {
    let found = rules_found(detector, sample);
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "the counterexample `{}` matches {}",
            sample.written,
            found.join(", ")
        ))
    }
}

fn rules_found(detector: &Detector, sample: &Sample) -> Vec<String> {
    let path = BlobPath::from(sample.path.as_str());
    let detection = detector.detect(&blob(&path, sample));
    let matches = detection.map(|d| d.matches).unwrap_or_default();
    matches.iter().map(|m| m.rule.id.clone()).collect()
}

fn reason(detector: &Detector, sample: &Sample) -> String {
    let path = BlobPath::from(sample.path.as_str());
    let detection = detector.detect(&blob(&path, sample));
    let drop = detection.and_then(|d| d.drops.into_iter().next());
    drop.map_or("none".to_owned(), |drop| format!("none ({})", drop.reason))
}

fn blob<'a>(path: &'a BlobPath, sample: &'a Sample) -> Blob<'a> {
    Blob {
        path,
        origin: &Origin::File,
        bytes: sample.text.as_bytes(),
    }
}
