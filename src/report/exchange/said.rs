//! A finding in the words that all these formats share.

use super::super::sarif::history::Keys;
use super::super::text::keys::{heading, reach};
use super::super::{escape, provenance};
use crate::model::{Fault, Finding, Outcome};
use sha2::{Digest, Sha256};

/// A finding, in words without a secret.
pub(super) struct FindingText<'o> {
    pub(super) finding: &'o Finding,
    /// What it is and where it came from, on one line.
    pub(super) headline: String,
    /// How far the key got, of an audit, and what to do: one step a line.
    pub(super) steps: Vec<String>,
}

impl FindingText<'_> {
    /// The name of its file: of a member of an archive the archive's, which is the file that other tools know.
    pub(super) fn path(&self) -> String {
        let path = &self.finding.place.path;
        let file = path.archive();
        let file = file.as_ref().unwrap_or(path);
        escape::visible(&file.to_string()).into_owned()
    }

    /// The 1-based lines of that file from the first to the last.
    pub(super) fn lines(&self) -> (usize, usize) {
        let place = &self.finding.place;
        match place.path.archive() {
            Some(_) => (1, 1),
            None => (place.line, place.end_line),
        }
    }

    /// An id that is the same in every run, and another one for each place.
    pub(super) fn id(&self) -> String {
        let place = &self.finding.place;
        let origin = self.finding.origin.object().unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [
            self.finding.rule.id.as_bytes(),
            self.finding.fingerprint.0.as_bytes(),
            origin.as_bytes(),
            place.path.as_bytes(),
            format!("{}:{}", place.line, place.column).as_bytes(),
        ] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let bytes = digest.iter().take(16);
        bytes.map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The findings of an outcome, in its order.
pub(super) fn findings(outcome: &Outcome) -> Vec<FindingText<'_>> {
    let keys = Keys::of(outcome);
    let said = outcome.findings.iter().map(|finding| {
        let key = keys.of_finding(finding);
        let action = key.map(|key| format!("{}: ", heading(key.action())));
        let action = action.unwrap_or_default();
        let origin = provenance::words(&finding.origin);
        let origin = origin.map(|words| format!(", {words}")).unwrap_or_default();
        let image = provenance::image(finding).into_iter();
        let image: String = image.map(|words| format!(", {words}")).collect();
        let place = &finding.place;
        let member = place.path.archive();
        let member = member.map(|_| format!(", in {}:{}", place.path, place.line));
        let headline = format!(
            "{action}{} ({}){origin}{}{image}",
            finding.message,
            finding.secret,
            member.unwrap_or_default()
        );
        let steps = key
            .map(reach)
            .into_iter()
            .chain(finding.advice.iter().cloned());
        FindingText {
            finding,
            headline: escape::visible(&headline).into_owned(),
            steps: steps
                .map(|step| escape::visible(&step).into_owned())
                .collect(),
        }
    });
    said.collect()
}

/// What could not be read, as `path: what`.
pub(super) fn fault(fault: &Fault) -> String {
    escape::visible(&format!("{}: {}", fault.path, fault.what)).into_owned()
}
