//! `jvxleaks ci`: a job's event decides what is read, and the verdict is about that alone.

pub(in crate::cli) mod args;
mod event;
mod provider;
mod range;
mod runner;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::output;
use super::super::setup::project::Project;
use super::super::setup::review::Review;
use super::super::setup::{self, Setup};
use args::CiArgs;
use event::Task;
use jvxleaks::model::{Outcome, Severity};
use jvxleaks::redact;
use jvxleaks::report::{Format, ReportOptions};
use jvxleaks::scan::scan;
use jvxleaks::source::{Change, GitRepo, Several, Source, Walk, WalkOptions};
use provider::JobRepository;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

/// Reads what the event is about, and reports it as a job does: log, annotations, summary, outputs.
pub(in crate::cli) fn run(args: &CiArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let read = args.search.files();
    output::keep_apart(read, &args.sarif)?;
    threads::limit(args.search.input.jobs)?;
    let repo = GitRepo::open(None);
    let task = runner::task(&JobRepository {
        head: &|| repo.as_ref().ok().and_then(|repo| repo.head().0),
        default_branch: &|| repo.as_ref().ok().and_then(range::default_branch),
    })?;
    let repo = repo?.reading_up_to(args.search.input.max_file_size);
    let root = root(&repo);
    let source = source(&repo, &task, &root, args)?;
    let review = review(&repo, &task, args)?;
    let setup = setup(args, Project::part_of(&root).reviewed(review.clone()))?
        .reporting([Format::default()]);
    let outcome = scan(&source, &setup.detector, &setup.policy)?;
    let outcome = redact::outcome(setup.complete(outcome));
    report(&task, &outcome)?;
    if !args.quiet {
        output::summary(&outcome, started);
    }
    if !outcome.faults.is_empty() && repo.is_part() {
        let advice = task.commits.as_ref().map(|commits| commits.whole_clone);
        let advice = advice.unwrap_or(event::WHOLE_CLONE);
        output::say(&format!("this clone is not whole; {advice}"));
    }
    let exit = Exit::of(&outcome, setup.fail_on, args.verdict.exit_zero);
    let exit = match &args.sarif {
        Some(file) => exit.max(sarif(args, &root, review, file)?),
        None => exit,
    };
    runner::output(&outputs(&outcome, exit))?;
    Ok(exit)
}

fn setup(args: &CiArgs, project: Project) -> anyhow::Result<Setup> {
    let setup = setup::scan(
        &project,
        &args.search.rules,
        &args.search.silencing,
        Some(&args.verdict),
    )?
    .beside_history(&project);
    if setup.names_baseline(&args.search.silencing) {
        setup.require_baseline()?;
    }
    Ok(setup)
}

/// The review of the commits that an event brought. Without any, the checkout decides.
fn review(repo: &GitRepo, task: &Task, args: &CiArgs) -> anyhow::Result<Option<Rc<Review>>> {
    let commits = task.commits.as_ref();
    let Some(commits) = commits.filter(|_| !args.trust.trust_head_config) else {
        return Ok(None);
    };
    let base = range::base(repo, commits)?;
    let change = Change::between(repo, base.as_deref(), &commits.head)?;
    Ok(Some(Rc::new(Review::new(repo, change))))
}

fn source(repo: &GitRepo, task: &Task, root: &Path, args: &CiArgs) -> anyhow::Result<Several> {
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    if let Some(commits) = &task.commits {
        sources.push(Box::new(range::source(repo, commits)?));
    }
    if task.tree {
        sources.push(Box::new(tree(root, args)));
    }
    Ok(Several(sources))
}

/// All files of the work tree that git does not ignore.
fn tree(root: &Path, args: &CiArgs) -> Walk {
    Walk::new(WalkOptions {
        roots: vec![root.to_owned()],
        respect_ignore: true,
        max_file_size: args.search.input.max_file_size,
        threads: args.search.input.jobs,
    })
}

fn root(repo: &GitRepo) -> PathBuf {
    repo.work_dir().unwrap_or(repo.git_dir()).to_owned()
}

/// The log in words, then the annotations, then the summary. Each is cut to what GitHub takes.
fn report(task: &Task, outcome: &Outcome) -> anyhow::Result<()> {
    let annotations: Option<Format> = task.log.and_then(|name| name.parse().ok());
    let options = ReportOptions::default();
    output::generated(|out| {
        writeln!(out, "{}", task.about)?;
        Format::default().write(outcome, &options, out)?;
        annotations.map_or(Ok(()), |format| format.write(outcome, &options, out))
    })?;
    runner::summarize(&task.about, outcome)
}

/// Writes a SARIF file about the whole tree. What is found there is for code scanning to tell, what
/// could not be read is not.
fn sarif(
    args: &CiArgs,
    root: &Path,
    review: Option<Rc<Review>>,
    file: &Path,
) -> anyhow::Result<Exit> {
    let sarif: Format = "sarif".parse().map_err(anyhow::Error::msg)?;
    let project = Project::of(&[root.to_owned()])?.reviewed(review);
    let setup = setup(args, project)?.reporting([sarif]);
    let outcome = setup.complete(scan(&tree(root, args), &setup.detector, &setup.policy)?);
    let outcome = redact::outcome(outcome);
    let options = ReportOptions {
        root: setup.root,
        ..ReportOptions::default()
    };
    output::to_file(file, |out| {
        output::redacted(out, |out| sarif.write(&outcome, &options, out))
    })?;
    for fault in &outcome.faults {
        output::say(&format!("not read: {}: {}", fault.path, fault.what));
    }
    Ok(Exit::of(&outcome, Severity::Critical, true))
}

/// Numbers only: nothing here is anybody's text.
fn outputs(outcome: &Outcome, exit: Exit) -> [(&'static str, String); 7] {
    let (stats, errors) = (&outcome.stats, outcome.errors());
    [
        ("exit-code", exit.code().to_string()),
        ("findings", outcome.findings.len().to_string()),
        ("errors", errors.to_string()),
        ("warnings", (outcome.findings.len() - errors).to_string()),
        ("not-read", outcome.faults.len().to_string()),
        ("commits", stats.commits.unwrap_or_default().to_string()),
        ("files", stats.files.to_string()),
    ]
}
