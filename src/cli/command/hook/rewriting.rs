//! How to take out again what a hook found, of what is not published yet.

use jvxleaks::model::{Base, BlobPath, Exposure, Finding, Introduction, Origin, Sighting, Step};
use jvxleaks::policy;
use jvxleaks::source::GitRepo;
use std::collections::BTreeSet;

/// The steps; none where a hook found nothing in commits or in the index. They name files as `here` does,
/// where the person stands who types them, and of the branches that hold a commit first the one that is `pushed`.
pub(super) fn steps(
    repo: &GitRepo,
    findings: &[Finding],
    here: &Base,
    pushed: &[String],
) -> Vec<Step> {
    let staged = findings.iter().filter(|f| f.origin == Origin::Index);
    let staged: BTreeSet<BlobPath> = staged
        .map(|f| here.seen_from(&file(f)).into_owned())
        .collect();
    let exposure = Exposure {
        staged: staged.into_iter().collect(),
        has_head: repo.has_head(),
        introduced: introduced(repo, findings, here, pushed),
        ..Exposure::default()
    };
    policy::rewriting(&exposure)
}

fn introduced(
    repo: &GitRepo,
    findings: &[Finding],
    from: &Base,
    pushed: &[String],
) -> Vec<Introduction> {
    let commits: BTreeSet<String> = findings.iter().filter_map(commit).collect();
    let commits: Vec<String> = commits.into_iter().collect();
    let ordered = repo.in_order(&commits, pushed).unwrap_or_default();
    let mut introduced = Vec::new();
    for (ordered, order) in ordered.into_iter().zip(0..) {
        let here = findings
            .iter()
            .filter(|f| commit(f).as_ref() == Some(&ordered.commit));
        let here: BTreeSet<Option<BlobPath>> = here.map(introduced_file).collect();
        let here = here
            .into_iter()
            .map(|file| file.map(|file| from.seen_from(&file).into_owned()));
        introduced.extend(here.map(|file| Introduction {
            at: Sighting {
                commit: ordered.commit.clone(),
                date: String::new(),
                path: file.clone().unwrap_or_default(),
                line: 1,
            },
            file,
            parents: ordered.parents,
            order,
            below: ordered.below,
            refs: ordered.refs.clone(),
        }));
    }
    introduced
}

fn commit(finding: &Finding) -> Option<String> {
    match &finding.origin {
        Origin::Commit { commit, .. } | Origin::CommitMessage { commit, .. } => {
            Some(commit.clone())
        }
        _ => None,
    }
}

/// The file that holds it; none: the commit's message.
fn introduced_file(finding: &Finding) -> Option<BlobPath> {
    matches!(finding.origin, Origin::Commit { .. }).then(|| file(finding))
}

fn file(finding: &Finding) -> BlobPath {
    let path = &finding.place.path;
    path.archive().unwrap_or_else(|| path.clone())
}
