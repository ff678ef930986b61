//! How to take out again what a hook found, of what is not published yet.

use jvxleaks::model::{Base, BlobPath, Exposure, Finding, Introduction, Origin, Refs, Sighting};
use jvxleaks::policy;
use jvxleaks::source::GitRepo;
use std::collections::BTreeSet;

/// The steps, one a line; none where a hook found nothing in commits or in the index. They name files as `here` does,
/// where the person stands who types them.
pub(super) fn steps(repo: &GitRepo, findings: &[Finding], here: &Base) -> Vec<String> {
    let staged = findings.iter().filter(|f| f.origin == Origin::Index);
    let staged: BTreeSet<BlobPath> = staged
        .map(|f| here.seen_from(&file(f)).into_owned())
        .collect();
    let exposure = Exposure {
        staged: staged.into_iter().collect(),
        has_head: repo.has_head(),
        introduced: introduced(repo, findings, here),
        ..Exposure::default()
    };
    policy::rewriting(&exposure)
}

fn introduced(repo: &GitRepo, findings: &[Finding], from: &Base) -> Vec<Introduction> {
    let commits: BTreeSet<String> = findings.iter().filter_map(commit).collect();
    let commits: Vec<String> = commits.into_iter().collect();
    let ordered = repo.in_order(&commits).unwrap_or_default();
    let mut introduced = Vec::new();
    for ordered in ordered {
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
            below: ordered.below,
            refs: Refs::default(),
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
