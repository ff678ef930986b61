//! Detections for tests: every `KEY` of a text is a match of its own secret.

use super::{Policy, Verdict};
use crate::model::{
    Blob, BlobPath, Cover, Detection, Dress, Effort, FileContext, LineIndex, Match, Origin,
    RuleInfo, Secret, Severity, Span,
};
use std::borrow::Cow;
use std::sync::Arc;

/// A rule without advice.
pub(super) fn rule(id: &str) -> RuleInfo {
    RuleInfo {
        id: id.to_owned(),
        family: id.to_owned(),
        description: "Test key".to_owned(),
        severity: Severity::High,
        advice: String::new(),
        references: Vec::new(),
        public_prefix: String::new(),
    }
}

/// The secret of the nth `KEY`, counted from 1.
pub(super) fn secret(n: usize) -> Secret {
    Secret::new(format!("secret number {n}"), 0)
}

/// A match of `test-key` for each `KEY` in `text`.
pub(super) fn detection(text: &str) -> (Detection<'_>, LineIndex) {
    let rule = Arc::new(rule("test-key"));
    let found = (1..).zip(text.match_indices("KEY"));
    let matches = found.map(|(n, (at, key))| Match {
        rule: rule.clone(),
        span: Span::new(at, at + key.len()),
        pieces: vec![Span::new(at, at + key.len())],
        own: vec![Span::new(at, at + key.len())],
        secret: secret(n),
        dress: Dress::Plain,
        severity: Severity::High,
        message: "Test key".to_owned(),
        context: FileContext::Source,
        advice: Vec::new(),
        derivation: None,
        outlet: None,
    });
    let detection = Detection {
        text: Cow::Borrowed(text.as_bytes()),
        context: FileContext::Source,
        seen: BlobPath::default(),
        matches: matches.collect(),
        cover: Cover::default(),
        drops: Vec::new(),
        faults: Vec::new(),
        effort: Effort::default(),
    };
    (detection, LineIndex::new(text.as_bytes()))
}

/// What a policy makes of a detection in a file of the work tree.
pub(super) fn verdict(
    policy: &Policy,
    path: &str,
    (detection, lines): &(Detection<'_>, LineIndex),
) -> Verdict {
    let blob = Blob {
        path: &BlobPath::from(path),
        origin: &Origin::File,
        bytes: &detection.text,
    };
    policy.apply(&blob, detection, lines)
}
