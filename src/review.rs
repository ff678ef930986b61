//! What a change under review accepts by itself, for its reviewers to see.

use crate::detect::Detector;
use crate::model::{BlobPath, Finding, Origin, Outcome, Secret, Suppressed, Suppression};
use crate::policy::Policy;
use crate::scan::scan;
use crate::source::{Change, Source};
use std::collections::BTreeSet;

/// Marks the findings whose comment the change brought: those that were not accepted in that file
/// before it. One that no diff shows does not count, since no reviewer sees it: in a member of an archive, in a
/// binary file, in an object of Git LFS, in what `.gitattributes` hides, in the text of a commit, and in a commit of
/// which the head holds nothing any more.
pub fn mark_accepted(outcome: &mut Outcome, change: &Change, detector: &Detector, policy: &Policy) {
    let commented = outcome.suppressed.iter().filter(|s| is_inline(s));
    let files: BTreeSet<BlobPath> = commented.map(|s| file(&s.finding)).collect();
    if files.is_empty() {
        return;
    }
    let accepted_in = |files: &dyn Source| accepted_in(files, detector, policy);
    let before = accepted_in(&change.before(files.iter().cloned()));
    let known: BTreeSet<_> = before.iter().map(|s| key(&s.finding)).collect();
    for suppressed in outcome.suppressed.iter_mut().filter(|s| is_inline(s)) {
        let finding = &suppressed.finding;
        suppressed.in_change = is_touched(change, finding) && !known.contains(&key(finding));
    }
    if !outcome
        .suppressed
        .iter()
        .any(|s| s.in_change && is_inline(s))
    {
        return;
    }
    let after = accepted_in(&change.after(files));
    let after = after.iter().map(|s| &s.finding);
    let shown: BTreeSet<_> = after
        .filter(|finding| finding.place.path.archive().is_none())
        .map(|finding| (&finding.rule.family, &finding.secret))
        .collect();
    // A file may have another name in the head.
    let is_shown = |finding: &Finding| match &finding.origin {
        origin if origin.is_file() => is_text(change, finding),
        Origin::Commit { .. } => {
            let path = &finding.place.path;
            path.archive().is_none() && shown.contains(&(&finding.rule.family, &finding.secret))
        }
        _ => false,
    };
    let unseen = |s: &mut Suppressed| s.in_change && is_inline(s) && !is_shown(&s.finding);
    let unseen: Vec<_> = outcome.suppressed.extract_if(.., unseen).collect();
    for suppressed in unseen {
        distrust(outcome, suppressed, policy);
    }
    outcome.sort_findings();
}

/// What comments accept in some files.
fn accepted_in(files: &dyn Source, detector: &Detector, policy: &Policy) -> Vec<Suppressed> {
    let scanned = scan(files, detector, policy).unwrap_or_default();
    let mut accepted = scanned.suppressed;
    accepted.retain(is_inline);
    accepted
}

/// Says of findings of older commits why the comment that a later one has put there does not count.
pub fn tell_later_comments(
    outcome: &mut Outcome,
    change: &Change,
    detector: &Detector,
    policy: &Policy,
) {
    let is_older = |finding: &&Finding| {
        let is_commit = matches!(finding.origin, Origin::Commit { .. });
        is_commit && finding.place.path.archive().is_none()
    };
    let older: Vec<&Finding> = outcome.findings.iter().filter(is_older).collect();
    if older.is_empty() {
        return;
    }
    let files: BTreeSet<BlobPath> = older.iter().map(|finding| file(finding)).collect();
    let after = accepted_in(&change.after(files), detector, policy);
    let after: BTreeSet<_> = after.iter().map(|s| key(&s.finding)).collect();
    let told = older.into_iter().filter(|f| after.contains(&key(f)));
    let told = told.filter_map(|finding| {
        let (commit, _) = finding.origin.commit()?;
        let commit = commit.get(..7).unwrap_or(commit);
        let (place, id, options) = (&finding.place, &finding.fingerprint, &policy.options);
        Some(format!(
            "{}:{}: the allow comment of a later commit does not count for {commit}, which stays without it; type `jvxleaks allow {id}{options} -- REASON`",
            place.path, place.line
        ))
    });
    let told: BTreeSet<String> = told.collect();
    outcome.warnings.extend(told);
}

/// Reports a finding whose comment does not count, unless something else accepts it.
fn distrust(outcome: &mut Outcome, suppressed: Suppressed, policy: &Policy) {
    let place = &suppressed.finding.place;
    outcome.warnings.push(format!(
        "{}:{}: the allow comment does not count here, since no diff shows it to a reviewer (archives, binary files, objects of Git LFS, what `.gitattributes` hides, texts of commits, what a later commit takes back); use `jvxleaks allow`",
        place.path, place.line
    ));
    match policy.exception(&suppressed.finding, &[]) {
        Some((by, in_change)) => outcome.suppressed.push(Suppressed {
            by,
            in_change,
            ..suppressed
        }),
        None => outcome.findings.push(suppressed.finding),
    }
}

/// False for a file of the work tree that the change leaves as it is, such as what a build made.
fn is_touched(change: &Change, finding: &Finding) -> bool {
    finding.origin != Origin::File || change.touches(&file(finding)).unwrap_or(true)
}

/// True for a place in a file of the head that a reviewer sees as text.
fn is_text(change: &Change, finding: &Finding) -> bool {
    let path = &finding.place.path;
    path.archive().is_none() && change.shows(None, path)
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
