//! What a baseline is to accept: the findings of files, of commits, or of a report.

use super::super::args::{AcceptArgs, BaselineScanArgs};
use super::super::setup::project::Project;
use super::super::setup::project_text;
use super::super::setup::{self, Setup};
use super::{git, scan};
use anyhow::Context as _;
use jvxleaks::model::{Finding, Fingerprint, KEY_PREFIX, Outcome};
use jvxleaks::policy::{is_fingerprint, is_jourvex_key};
use jvxleaks::redact;
use jvxleaks::scan::scan as run_scan;
use jvxleaks::source::{GitRepo, Range, RangeSpec};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A finding, as far as a baseline and the person who accepts it are told of it.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Known {
    pub(super) fingerprint: Fingerprint,
    pub(in crate::cli) rule: String,
    /// As the baseline names it.
    pub(in crate::cli) path: String,
    pub(in crate::cli) line: usize,
    /// The part of the secret that may be shown.
    pub(in crate::cli) shown: String,
    pub(super) is_jourvex_key: bool,
}

/// What was read.
pub(in crate::cli) struct Accepted {
    pub(in crate::cli) known: Vec<Known>,
    pub(in crate::cli) outcome: Outcome,
}

/// The project that the options speak of: of commits, the repository around the current folder.
///
/// # Errors
/// When there is none.
pub(in crate::cli) fn project(args: &AcceptArgs) -> anyhow::Result<(Project, Option<GitRepo>)> {
    if !args.history && args.range.is_none() {
        return Ok((Project::of(&args.scan.tree.paths)?, None));
    }
    let repo = GitRepo::open(None)?.reading_up_to(args.scan.search.input.max_file_size);
    let root = repo.work_dir().unwrap_or_else(|| repo.git_dir());
    Ok((Project::of(&[root.to_owned()])?, Some(repo)))
}

/// Reads what the options ask for.
///
/// # Errors
/// When nothing of it can be read.
pub(in crate::cli) fn read(
    args: &AcceptArgs,
    project: &Project,
    repo: Option<&GitRepo>,
    setup: &Setup,
) -> anyhow::Result<Accepted> {
    if let Some(file) = &args.from {
        return Ok(Accepted {
            known: of_report(file)?,
            outcome: Outcome::default(),
        });
    }
    let outcome = match (repo, &args.range) {
        (Some(repo), Some(spec)) => {
            let range = Range::new(repo.clone(), RangeSpec::parse(spec));
            redact::outcome(git::read(&range, setup)?)
        }
        (Some(repo), None) => redact::outcome(git::audited(
            repo,
            setup,
            args.scan.search.input.max_file_size,
        )?),
        (None, _) => of_files(&args.scan, setup)?,
    };
    let folder = project_text::folder_of(&setup.baseline);
    let base = setup::base(project, folder.as_deref().unwrap_or(&project.paths));
    let known = outcome.findings.iter();
    let known = known.map(|f| known_of(f, base.seen_from(&f.place.path).to_string()));
    Ok(Accepted {
        known: known.collect(),
        outcome,
    })
}

/// Scans files and folders.
///
/// # Errors
/// When nothing of them can be read.
pub(super) fn of_files(args: &BaselineScanArgs, setup: &Setup) -> anyhow::Result<Outcome> {
    let source = scan::source(&args.tree, &args.search.input)?;
    let outcome = run_scan(source.as_ref(), &setup.detector, &setup.policy)?;
    Ok(redact::outcome(outcome))
}

fn known_of(finding: &Finding, path: String) -> Known {
    Known {
        fingerprint: finding.fingerprint.clone(),
        rule: finding.rule.id.clone(),
        path,
        line: finding.place.line,
        shown: finding.secret.to_string(),
        is_jourvex_key: is_jourvex_key(finding),
    }
}

/// What is read of a JSON report.
#[derive(Deserialize)]
struct Report {
    schema: String,
    findings: Vec<Reported>,
}

#[derive(Deserialize)]
struct Reported {
    rule: String,
    path: String,
    line: usize,
    secret: String,
    fingerprint: String,
}

fn of_report(file: &Path) -> anyhow::Result<Vec<Known>> {
    let text = project_text::read(file)?.text;
    let name = project_text::shown(file).display().to_string();
    // The words of the parser may quote the report.
    let report: Report = serde_json::from_str(&text).ok().with_context(|| {
        format!("{name}: this is no JSON report; make one with `--format json -o FILE`")
    })?;
    anyhow::ensure!(
        report.schema == "jvxleaks/1",
        "{name}: its schema is not jvxleaks/1; make the report with this version"
    );
    let known = report.findings.into_iter().map(|reported| {
        anyhow::ensure!(
            is_fingerprint(&reported.fingerprint),
            "{name}: a finding has no fingerprint of 32 hexadecimal digits; make the report anew"
        );
        Ok(Known {
            fingerprint: Fingerprint(reported.fingerprint),
            is_jourvex_key: reported.secret.starts_with(KEY_PREFIX),
            shown: shown(&reported.secret),
            rule: one_word(&reported.rule),
            path: reported.path,
            line: reported.line,
        })
    });
    known.collect()
}

/// A report made with `--show-secrets` has them whole.
fn shown(secret: &str) -> String {
    if secret.starts_with(KEY_PREFIX) {
        redact::text(secret).into_owned()
    } else {
        "...".to_owned()
    }
}

/// Blanks part the columns of a baseline.
fn one_word(rule: &str) -> String {
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    rule.replace(is_blank, "-")
}

/// The repository around a project's files, if there is one.
///
/// # Errors
/// When it cannot be opened.
pub(in crate::cli) fn repository(
    project: &Project,
    longest: u64,
) -> anyhow::Result<Option<GitRepo>> {
    if project.is_in_repository() {
        let root: PathBuf = project.root().to_owned();
        Ok(Some(GitRepo::open(Some(&root))?.reading_up_to(longest)))
    } else {
        Ok(None)
    }
}
