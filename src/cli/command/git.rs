//! `jvxleaks staged`, `range` and `history`: what git holds.

use super::super::args::git::{HistoryArgs, RangeArgs, StagedArgs};
use super::super::args::groups::CommonArgs;
use super::super::args::threads;
use super::super::exit::Exit;
use super::super::output;
use super::super::output::progress;
use super::super::setup::project::Project;
use super::super::setup::review::Review;
use super::super::setup::{self, Setup};
use super::cache::Cache;
use super::fixing::{self, Fixed};
use super::verify;
use jvxleaks::audit::audit;
use jvxleaks::model::{Audited, BlobPath, KeyAction, Outcome, shell_word};
use jvxleaks::policy::{self, ReadsAll};
use jvxleaks::scan::scan;
use jvxleaks::source::{
    Change, GitRepo, History, Progress, Range, RangeSpec, Scope, Source, Staged, Walk, WalkOptions,
};
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

/// Scans what is staged.
pub(in crate::cli) fn staged(args: &StagedArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    args.fixing.check()?;
    let repo = open(None, &args.common)?;
    let mut setup = ready(&repo, &args.common)?;
    setup.policy.edits |= args.fixing.is_asked();
    let source = Staged::new(repo.clone());
    let mut outcome = read(&source, &setup)?;
    let read = (&setup, source.nearby());
    let verbose = args.common.output.verbose;
    if let Fixed::Done(exit) = fixing::run(&args.fixing, &mut outcome, read, Some(&repo), verbose)?
    {
        return Ok(exit);
    }
    finish(outcome, &setup, &args.common, started)
}

/// Scans the commits of a range.
pub(in crate::cli) fn range(args: &RangeArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let repo = open(None, &args.common)?;
    let spec = selection(args)?;
    let review = if args.trust.trust_head_config {
        None
    } else {
        Some(Review::new(&repo, Change::of(&repo, &spec)?))
    };
    let project = project(&repo).reviewed(review.map(Rc::new));
    let setup = ready_in(&project, &args.common)?;
    let mut outcome = setup.complete(read(&Range::new(repo, spec), &setup)?);
    if !outcome.findings.is_empty() {
        outcome.warnings.push(format!(
            "`jvxleaks history{}` says of each key how far it got, and how it is taken out of the commits",
            setup.policy.options
        ));
    }
    finish(outcome, &setup, &args.common, started)
}

/// Audits a whole repository.
pub(in crate::cli) fn history(args: &HistoryArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let repo = open(args.repo.as_deref(), &args.common)?;
    let mut setup = ready(&repo, &args.common)?;
    setup.policy.tells_fingerprints = true;
    let scope = Scope {
        branch: args.branch.clone(),
        since: args.since.clone(),
        max_commits: args.max_commits.map(|most| most as usize),
        reachable_only: args.reachable_only,
    };
    let mut cache = if args.no_cache {
        None
    } else {
        Cache::open(
            &repo,
            setup.detector.rules(),
            args.common.search.input.max_file_size,
            args.cache_dir.as_deref(),
        )
    };
    let seen = cache.as_mut().map(|cache| &mut cache.seen);
    let history = History::new(repo.clone());
    let wanted = !args.no_progress && !args.common.output.quiet;
    let mut outcome = progress::shown(wanted, |progress| {
        audit(
            &history,
            &scope,
            &setup.detector,
            &setup.policy,
            seen,
            progress,
        )
    })?;
    if let Some(cache) = cache {
        outcome.stats.known_since = cache.written.clone();
        cache.save();
    }
    if scope == Scope::default() {
        outcome
            .warnings
            .extend(stale(&repo, &mut setup, &outcome, &args.common)?);
    }
    outcome.audited = Some(audited_as(&repo));
    outcome.forges = repo.forges()?;
    outcome.warnings.extend(before_rewriting(&scope, &outcome));
    if args.verify {
        verify::keys(&mut outcome.keys, &args.sending)?;
    }
    let keys = outcome.keys.iter_mut();
    keys.for_each(|key| key.exposure.options.clone_from(&setup.policy.options));
    lead_to_root(&mut outcome, &repo, args.repo.as_deref());
    outcome.rewriting = policy::advise(&mut outcome.keys);
    finish(outcome, &setup, &args.common, started)
}

/// What is to be known before commits are rewritten by the steps of a report.
fn before_rewriting(scope: &Scope, outcome: &Outcome) -> Vec<String> {
    let mut keys = outcome.keys.iter();
    if !keys.any(|key| key.action() == KeyAction::Amend) {
        return Vec::new();
    }
    let mut notes = Vec::new();
    // A second rewrite that begins at an old commit brings back what the first one took out.
    if *scope != Scope::default() {
        notes.push(
            "a part of the history is listed, and there may be more keys to amend: run `jvxleaks history` alone for \
             the steps that take out all of them"
                .to_owned(),
        );
    }
    notes
}

/// Has the steps begin with the way to the root of the work tree, where paths begin.
fn lead_to_root(outcome: &mut Outcome, repo: &GitRepo, asked: Option<&Path>) {
    let Some(way) = way_to_root(repo, asked) else {
        return;
    };
    // `jvxleaks allow` looks for a finding in the repository around the current folder.
    if !outcome.keys.is_empty() && project(repo).elsewhere().is_some() {
        let note = format!("the commands are for the repository's root: {way}");
        outcome.warnings.push(note);
    }
    let keys = outcome.keys.iter_mut();
    keys.for_each(|key| key.exposure.way_to_root = Some(way.clone()));
}

/// The command that leads to the root of the work tree from anywhere in it, or else from here by the path that was
/// given: a report names no folder of this machine by itself.
fn way_to_root(repo: &GitRepo, asked: Option<&Path>) -> Option<String> {
    let here = std::env::current_dir()
        .and_then(std::fs::canonicalize)
        .ok()?;
    let root = std::fs::canonicalize(repo.work_dir()?).ok()?;
    if here == root {
        return None;
    }
    let at = asked.filter(|_| !here.starts_with(&root)).map(|path| {
        let path = BlobPath::from_native(path);
        format!(" -C {}", shell_word(path.as_bytes()))
    });
    let at = at.unwrap_or_default();
    Some(format!("cd \"$(git{at} rev-parse --show-toplevel)\""))
}

/// What a report says of the repository.
fn audited_as(repo: &GitRepo) -> Audited {
    let folder = repo.work_dir().unwrap_or(repo.git_dir());
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().unwrap_or_default();
    let (head, branch) = repo.head();
    Audited {
        repository: name.to_string_lossy().into_owned(),
        head,
        branch,
        day: jiff::Zoned::now().date().to_string(),
    }
}

/// Audits all of a repository for another command, with what earlier audits know of it.
pub(super) fn audited(repo: &GitRepo, setup: &Setup, longest: u64) -> anyhow::Result<Outcome> {
    let mut cache = Cache::open(repo, setup.detector.rules(), longest, None);
    let outcome = audit(
        &History::new(repo.clone()),
        &Scope::default(),
        &setup.detector,
        &setup.policy,
        cache.as_mut().map(|cache| &mut cache.seen),
        &Progress::default(),
    )?;
    if let Some(cache) = cache {
        cache.save();
    }
    Ok(outcome)
}

/// The exceptions that silence nothing, neither in the history nor in the files. Those are read only if
/// some exception silenced nothing so far.
fn stale(
    repo: &GitRepo,
    setup: &mut Setup,
    audited: &Outcome,
    common: &CommonArgs,
) -> anyhow::Result<Vec<String>> {
    setup.policy.reads_all = ReadsAll {
        config: true,
        baseline: true,
        files: true,
        commits: true,
    };
    let stale = |setup: &Setup| {
        let told = setup.policy.finish(true).into_iter();
        told.filter(|what| !audited.warnings.contains(what))
            .collect::<Vec<_>>()
    };
    let Some(root) = repo.work_dir().filter(|_| audited.faults.is_empty()) else {
        return Ok(Vec::new());
    };
    if stale(setup).is_empty() {
        return Ok(Vec::new());
    }
    let files = Walk::new(WalkOptions {
        roots: vec![root.to_owned()],
        respect_ignore: true,
        max_file_size: common.search.input.max_file_size,
        threads: common.search.input.jobs,
    });
    let files = read(&files, setup)?;
    Ok(if files.faults.is_empty() {
        stale(setup)
    } else {
        Vec::new()
    })
}

/// Opens a repository, whose blobs are read up to the size that the options give.
pub(in crate::cli) fn open(path: Option<&Path>, common: &CommonArgs) -> anyhow::Result<GitRepo> {
    Ok(GitRepo::open(path)?.reading_up_to(common.search.input.max_file_size))
}

/// Makes a scan of `repo` ready, with the files at the root of its work tree.
pub(in crate::cli) fn ready(repo: &GitRepo, common: &CommonArgs) -> anyhow::Result<Setup> {
    ready_in(&project(repo), common)
}

fn project(repo: &GitRepo) -> Project {
    Project::part_of(repo.work_dir().unwrap_or_else(|| repo.git_dir()))
}

fn ready_in(project: &Project, common: &CommonArgs) -> anyhow::Result<Setup> {
    output::check(&common.output, common.files())?;
    threads::limit(common.search.input.jobs)?;
    let verdict = Some(&common.verdict);
    let setup = setup::scan(
        project,
        &common.search.rules,
        &common.search.silencing,
        verdict,
    )?
    .reporting(common.output.formats());
    if setup.names_baseline(&common.search.silencing) {
        setup.require_baseline()?;
    }
    Ok(setup)
}

/// Scans a source.
pub(in crate::cli) fn read(source: &dyn Source, setup: &Setup) -> anyhow::Result<Outcome> {
    Ok(scan(source, &setup.detector, &setup.policy)?)
}

/// Reports an outcome, and tells how the command ends.
pub(super) fn finish(
    outcome: Outcome,
    setup: &Setup,
    common: &CommonArgs,
    started: Instant,
) -> anyhow::Result<Exit> {
    let exit = Exit::of(&outcome, setup.fail_on, common.verdict.exit_zero);
    output::report(outcome, &common.output, setup, started)?;
    Ok(exit)
}

/// As [`finish`], with one line a place where the report would be for people at a terminal.
pub(super) fn finish_short(
    outcome: Outcome,
    setup: &Setup,
    common: &CommonArgs,
    started: Instant,
) -> anyhow::Result<Exit> {
    let exit = Exit::of(&outcome, setup.fail_on, common.verdict.exit_zero);
    output::report_short(outcome, &common.output, setup, started)?;
    Ok(exit)
}

/// The commits that the options select.
fn selection(args: &RangeArgs) -> anyhow::Result<RangeSpec> {
    let specs = match args.specs.as_slice() {
        [] => vec!["HEAD".to_owned()],
        specs => specs.to_vec(),
    };
    let mut selected = RangeSpec::parse_all(&specs).map_err(anyhow::Error::msg)?;
    if let Some(remote) = args.unpushed.as_ref().or(args.remotes.as_ref()) {
        selected.single = false;
        selected.exclude_remotes = Some(remote.clone());
    }
    Ok(selected)
}
