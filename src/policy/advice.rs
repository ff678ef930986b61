//! What to do about a finding, in steps that can be followed.

use crate::model::{BlobPath, Match};

/// The steps for this match, one a line.
pub(super) fn lines(matched: &Match, path: &BlobPath) -> Vec<String> {
    let _ = path;
    let mut lines = vec![matched.rule.advice.clone()];
    lines.extend(matched.advice.iter().cloned());
    lines.push(format!(
        "not a secret? put `jvxleaks:allow {} -- reason` in a comment above the line",
        matched.rule.id
    ));
    lines
}
