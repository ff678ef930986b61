//! What a change under review accepts by itself, for its reviewers to see.

use crate::detect::Detector;
use crate::model::{BlobPath, Finding, Outcome, Secret, Suppressed, Suppression};
use crate::policy::Policy;
use crate::scan::scan;
use crate::source::Change;
use std::collections::BTreeSet;

/// Marks the findings whose comment the change brought: those that were not accepted in that file
/// before it.
pub fn mark_accepted(outcome: &mut Outcome, change: &Change, detector: &Detector, policy: &Policy) {
    let commented = outcome.suppressed.iter().filter(|s| is_inline(s));
    let files: BTreeSet<BlobPath> = commented.map(|s| file(&s.finding)).collect();
    if files.is_empty() {
        return;
    }
    let before = change.before(files.into_iter().collect());
    let before = scan(&before, detector, policy).unwrap_or_default();
    let before = before.suppressed.iter().filter(|s| is_inline(s));
    let known: BTreeSet<_> = before.map(|s| key(&s.finding)).collect();
    for suppressed in outcome.suppressed.iter_mut().filter(|s| is_inline(s)) {
        suppressed.in_change = !known.contains(&key(&suppressed.finding));
    }
}

fn is_inline(suppressed: &Suppressed) -> bool {
    matches!(suppressed.by, Suppression::Inline { .. })
}

/// The file that holds a finding, or the archive with it.
fn file(finding: &Finding) -> BlobPath {
    let path = &finding.place.path;
    path.archive().unwrap_or_else(|| path.clone())
}

fn key(finding: &Finding) -> (BlobPath, String, Secret) {
    let path = finding.place.path.clone();
    (path, finding.rule.family.clone(), finding.secret.clone())
}
