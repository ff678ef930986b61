//! How to take out again what a hook found, of what is not published yet.

use jvxleaks::model::{
    Base, BlobPath, Exposure, Finding, Introduction, KeyInRef, Origin, OtherTree, RefName,
    Sighting, Step,
};
use jvxleaks::policy;
use jvxleaks::source::GitRepo;
use std::collections::BTreeSet;

/// The steps; none where a hook found nothing in commits or in the index. They name files as `here` does,
/// where the person stands who types them, and of the branches that hold a commit first the one that is `pushed`.
pub(super) fn steps(
    repo: &GitRepo,
    findings: &[Finding],
    here: &Base,
    pushed: &[RefName],
) -> Vec<Step> {
    let staged = findings.iter().filter(|f| f.origin == Origin::Index);
    let staged: BTreeSet<BlobPath> = staged.map(|f| shown(f, here)).collect();
    let exposure = Exposure {
        staged: staged.into_iter().collect(),
        has_head: repo.has_head(),
        trees: trees(repo, here),
        names: names(findings),
        introduced: introduced(repo, findings, here, pushed),
        ..Exposure::default()
    };
    policy::rewriting(&exposure)
}

/// The refs that hold it in their name.
fn names(findings: &[Finding]) -> Vec<KeyInRef> {
    let names = findings.iter().filter(|f| is_ref_name(f)).map(file);
    let names: BTreeSet<BlobPath> = names.collect();
    let names = names.iter().map(|name| KeyInRef {
        name: RefName::new(name.to_string()),
        leads_to_key: false,
    });
    names.collect()
}

/// Whether it is the name of a branch, a tag or another ref that holds it: no commit is rewritten for that.
pub(super) fn is_ref_name(finding: &Finding) -> bool {
    let path = &finding.place.path;
    let is_name = finding.origin != Origin::Index && path.is_name();
    is_name && file(finding).as_bytes().starts_with(b"refs/")
}

/// What to do about parents of the commit that is being made: what they hold is pushed with it, whatever is taken out
/// now. `findings` still have their secrets.
pub(super) fn of_parents(repo: &GitRepo, findings: &[Finding]) -> Vec<Step> {
    let staged = findings.iter().filter(|f| f.origin == Origin::Index);
    let staged: Vec<(BlobPath, &[u8])> = staged.map(|f| (file(f), f.secret.expose())).collect();
    let holds = |commit: &str| {
        let mut held = staged.iter();
        held.any(|(path, secret)| repo.has_text(commit, path, secret))
    };
    let mut steps = Vec::new();
    let merged = merged(repo).into_iter().filter(|commit| holds(commit));
    let merged: Vec<String> = merged.map(|id| id.chars().take(7).collect()).collect();
    if !merged.is_empty() {
        steps.push(Step::say(format!(
            "the merged commit {} holds it too, and is pushed with the merge: leave the merge, and see how that one \
             is rewritten",
            merged.join(" and ")
        )));
        steps.push(Step::run("git merge --abort"));
    } else if holds("HEAD") {
        steps.push(Step::say(
            "HEAD holds it too, and is pushed with this commit: see how that one is rewritten",
        ));
    } else {
        return steps;
    }
    steps.push(Step::run("jvxleaks history"));
    steps
}

/// The commits that are being merged. Before a merge that git commits itself, only the environment names them.
fn merged(repo: &GitRepo) -> BTreeSet<String> {
    let text = std::fs::read_to_string(repo.git_dir().join("MERGE_HEAD")).unwrap_or_default();
    let noted = text.lines().map(str::to_owned);
    let told = std::env::vars_os().filter_map(|(name, _)| {
        let name = name.into_string().ok()?;
        name.strip_prefix("GITHEAD_").map(str::to_owned)
    });
    noted.chain(told).collect()
}

/// How the message of a commit that is there already is changed: a rebase stops where a hook refuses the new one.
pub(super) fn of_message(repo: &GitRepo) -> Vec<Step> {
    if repo.git_dir().join("rebase-merge").is_dir() {
        vec![
            Step::say("to reword the commit at which the rebase stops:"),
            Step::run("git commit --amend --allow-empty"),
            Step::run("git rebase --continue"),
        ]
    } else {
        Vec::new()
    }
}

/// The other work trees, by the way from `here`.
fn trees(repo: &GitRepo, here: &Base) -> Vec<OtherTree> {
    let trees = repo.other_trees().into_iter().map(|tree| OtherTree {
        folder: here.seen_from(&tree.folder).into_owned(),
        ..tree
    });
    trees.collect()
}

fn introduced(
    repo: &GitRepo,
    findings: &[Finding],
    from: &Base,
    pushed: &[RefName],
) -> Vec<Introduction> {
    let findings: Vec<&Finding> = findings.iter().filter(|f| !is_ref_name(f)).collect();
    let commits = findings.iter().filter_map(|f| commit(f));
    let commits: BTreeSet<String> = commits.collect();
    let commits: Vec<String> = commits.into_iter().collect();
    let ordered = repo.in_order(&commits, pushed).unwrap_or_default();
    let mut introduced = Vec::new();
    for (ordered, order) in ordered.into_iter().zip(0..) {
        let here = findings
            .iter()
            .filter(|f| commit(f).as_ref() == Some(&ordered.commit));
        let here: BTreeSet<(Option<BlobPath>, BlobPath, usize)> =
            here.map(|f| introduced_at(f, from)).collect();
        introduced.extend(here.into_iter().map(|(file, path, line)| Introduction {
            at: Sighting {
                commit: ordered.commit.clone(),
                date: String::new(),
                path,
                line,
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
    finding.origin.commit().map(|(commit, _)| commit.to_owned())
}

/// The file that holds it, as git takes it and as it is shown, each once; none: the commit's message, with the line.
fn introduced_at(finding: &Finding, from: &Base) -> (Option<BlobPath>, BlobPath, usize) {
    match finding.origin {
        Origin::Commit { .. } => {
            let file = from.seen_from(&file(finding)).into_owned();
            (Some(file), shown(finding, from), 1)
        }
        _ => (None, finding.place.path.clone(), finding.place.line),
    }
}

/// The file from where steps are typed, or that its name holds the key.
fn shown(finding: &Finding, from: &Base) -> BlobPath {
    let file = from.seen_from(&file(finding)).into_owned();
    if finding.place.path.is_name() {
        file.name()
    } else {
        file
    }
}

fn file(finding: &Finding) -> BlobPath {
    let path = &finding.place.path;
    path.archive().unwrap_or_else(|| path.clone())
}
