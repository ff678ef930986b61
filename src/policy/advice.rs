//! What to do about a finding, in steps that can be followed.

use crate::model::{BlobPath, Match};

/// The steps for this match, one a line.
pub(super) fn lines(matched: &Match, path: &BlobPath) -> Vec<String> {
    let _ = path;
    vec![
        matched.rule.advice.clone(),
        format!(
            "not a secret? put `jvxleaks:allow {} -- reason` in a comment above the line",
            matched.rule.id
        ),
    ]
}
