//! `jvxleaks hook run`: from what git or pre-commit hands a hook to what has to be read.

use super::super::super::args::groups::CommonArgs;
use super::args::HookRun;
use super::input::{self, given};
use super::rewriting;
use super::server;
use crate::cli::command::git;
use crate::cli::exit::Exit;
use crate::cli::output;
use anyhow::Context as _;
use jvxleaks::model::{Finding, Origin, Outcome, RefName, Step};
use jvxleaks::redact;
use jvxleaks::source::{
    Destination, GitRepo, Push, Range, RangeSpec, RefUpdate, Several, Source, Staged, Walk,
    WalkOptions,
};
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Does what a hook is for. Whatever went wrong, it ends with what that means for who commits or pushes.
pub(super) fn run(hook: &HookRun) -> anyhow::Result<Exit> {
    if !hook.is_of_server() && is_skipped() {
        output::say("skipped, because SKIP names it; nothing was checked");
        return Ok(Exit::Clean);
    }
    check(hook).or_else(|error| {
        if crate::cli::is_closed_pipe(&error) {
            return Err(error);
        }
        output::error(&error);
        output::say(match hook {
            HookRun::PrePush { .. } => "nothing was pushed",
            HookRun::PreReceive { .. } | HookRun::Update { .. } => {
                server::tell_gitlab(
                    "the push is refused, since it could not be checked; ask who keeps the server",
                );
                "the push is refused"
            }
            HookRun::PreCommit { .. } | HookRun::CommitMsg { .. } => "nothing was committed",
        });
        Ok(Exit::Trouble)
    })
}

fn check(hook: &HookRun) -> anyhow::Result<Exit> {
    match hook {
        HookRun::PreReceive { server, common } => {
            // Git asks for no push without a ref: another program has read the list.
            let updates = || {
                let updates = input::updates("pre-receive", RefUpdate::received)?;
                anyhow::ensure!(
                    !updates.is_empty(),
                    "standard input: no ref is there, so nothing could be checked; hand on all of the hook's standard input"
                );
                Ok(updates)
            };
            server::receive(updates, true, server, common)
        }
        HookRun::Update {
            name,
            old,
            new,
            server,
            common,
        } => {
            let update = || {
                let update = RefUpdate::received(&format!("{old} {new} {name}"));
                let what = "this is not what git tells an update hook: a ref and two ids";
                Ok(vec![update.context(what)?])
            };
            // Git hands it no push options.
            server::receive(update, false, server, common)
        }
        HookRun::PreCommit { .. } | HookRun::PrePush { .. } | HookRun::CommitMsg { .. } => {
            before(hook)
        }
    }
}

/// The check of a commit or push that is being made here.
fn before(hook: &HookRun) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let repo = git::open(None, hook.common())?;
    let mut note = None;
    let mut pushed = Vec::new();
    let (source, common, what) = match hook {
        HookRun::PreCommit { files, common } => (commit(&repo, files, common)?, common, "commit"),
        HookRun::PrePush {
            remote,
            url,
            common,
        } => {
            let destination = remote.as_ref().map(|remote| Destination {
                remote: remote.clone(),
                url: url.clone(),
            });
            let (source, refs) = push(&repo, destination, &mut note)?;
            pushed = refs;
            (source, common, "push")
        }
        HookRun::CommitMsg { file, common } => (message(&repo, file, common), common, "commit"),
        HookRun::PreReceive { .. } | HookRun::Update { .. } => return Ok(Exit::Trouble),
    };
    let mut setup = git::ready(&repo, common)?;
    setup.policy.is_unpublished = is_unpublished();
    setup.shows_all = Some(match hook {
        HookRun::PreCommit { .. } => "jvxleaks staged -v",
        HookRun::PrePush { .. } => "jvxleaks range --unpushed REMOTE -v",
        _ => "--format json",
    });
    let outcome = once(git::read(source.as_ref(), &setup)?);
    let refused = outcome.findings.iter();
    let refused = refused.filter(|f| f.severity >= setup.fail_on).cloned();
    let refused: Vec<Finding> = refused.collect();
    let mut more = rewriting::of_parents(&repo, &refused);
    if matches!(hook, HookRun::CommitMsg { .. }) {
        more.extend(rewriting::of_message(&repo));
    }
    // Before a step quotes a name for a shell: a key that was quoted is not known for one any more.
    let refused = redact::outcome(Outcome {
        findings: refused,
        ..Outcome::default()
    });
    let mut steps = rewriting::steps(&repo, &refused.findings, &setup.here, &pushed);
    steps.extend(more);
    let keeps_commits = refused.findings.iter().all(rewriting::is_ref_name);
    let exit = git::finish(outcome, &setup, common, started)?;
    if exit != Exit::Clean {
        if let Some(note) = note {
            output::say(note);
        }
        say_how_to_take_out(what, &steps, keeps_commits);
        say_how_to_skip(what);
    }
    Ok(exit)
}

/// Not so where pre-commit names two ends and no remote: in a job, both are pushed already.
fn is_unpublished() -> bool {
    given("PRE_COMMIT_FROM_REF").is_none() || given("PRE_COMMIT_REMOTE_NAME").is_some()
}

fn say_how_to_take_out(what: &str, steps: &[Step], keeps_commits: bool) {
    output::say(match (what, steps.is_empty()) {
        ("push", true) => return,
        ("push", false) if keeps_commits => "nothing was pushed; to take it out:",
        ("push", false) => {
            "nothing was pushed; a push sends every commit, also what a later one took out, so rewrite it:"
        }
        (_, true) => "nothing was committed",
        (_, false) => "nothing was committed; to take it out:",
    });
    steps.iter().for_each(output::step);
}

/// What is staged and what is named; with `--from-ref` and `--to-ref` of pre-commit, also the
/// commits between them, since a comparison of the two ends misses what was added and removed.
fn commit(
    repo: &GitRepo,
    files: &[PathBuf],
    common: &CommonArgs,
) -> anyhow::Result<Box<dyn Source>> {
    let mut sources: Vec<Box<dyn Source>> = Vec::new();
    if let (Some(from), Some(to)) = (given("PRE_COMMIT_FROM_REF"), given("PRE_COMMIT_TO_REF")) {
        let spec = RangeSpec {
            include: vec![to],
            exclude: vec![from],
            ..RangeSpec::default()
        };
        sources.push(Box::new(Range::new(repo.clone(), spec)));
    }
    let staged = Staged::new(repo.clone());
    let outside = match files {
        [] => Vec::new(),
        _ => staged.clone().also(files.iter().cloned()).lacking()?,
    };
    let inside = files.iter().filter(|file| !outside.contains(file));
    sources.push(Box::new(staged.also(inside.cloned())));
    if !outside.is_empty() {
        sources.push(Box::new(Walk::new(WalkOptions {
            roots: outside,
            respect_ignore: false,
            max_file_size: common.search.input.max_file_size,
            threads: common.search.input.jobs,
        })));
    }
    Ok(Box::new(Several(sources)))
}

/// What is said where nothing was told about the push, and something was found.
const UNTOLD: &str = "standard input named no ref, so all branches and tags were read that the remote is not known to have; \
     hand standard input on (lefthook: `use_stdin: true`) to have only the pushed ones read";

/// Every ref that git names, or the one that pre-commit names. Without any, whoever called may have
/// kept them for himself: then everything is read, and the note says why. Gives also the names of what is pushed.
fn push(
    repo: &GitRepo,
    destination: Option<Destination>,
    note: &mut Option<&'static str>,
) -> anyhow::Result<(Box<dyn Source>, Vec<RefName>)> {
    let repo = repo.clone();
    let Some(destination) = destination else {
        let spec = pushed_by_pre_commit(&repo)?;
        let branch = given("PRE_COMMIT_LOCAL_BRANCH");
        return Ok((Box::new(Range::new(repo, spec)), refs_of(branch)));
    };
    let updates = input::updates("pre-push", RefUpdate::parse)?;
    let named = refs_of(updates.iter().map(|update| &update.local));
    let push = if updates.is_empty() {
        *note = Some(UNTOLD);
        Push::of_anything(repo)
    } else {
        Push::new(repo, updates)
    };
    Ok((Box::new(push.to(destination)), named))
}

/// Those of the names that are refs: what is pushed may be any name of a commit.
fn refs_of(names: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<RefName> {
    let names = names.into_iter();
    let refs = names.filter(|name| name.as_ref().starts_with("refs/"));
    refs.map(RefName::new).collect()
}

/// pre-commit hands on the first ref alone, and no commit at all when the first commit of a
/// repository is pushed. Without the name of a remote, what any remote has is left out only when
/// nothing says where to begin: in a CI job a remote branch holds the very commits in question.
fn pushed_by_pre_commit(repo: &GitRepo) -> anyhow::Result<RangeSpec> {
    let from = given("PRE_COMMIT_FROM_REF");
    let any = || from.is_none().then(|| "*".to_owned());
    let remote = match given("PRE_COMMIT_REMOTE_NAME") {
        Some(remote) => {
            let branch = given("PRE_COMMIT_REMOTE_BRANCH").map(RefName::new);
            let at = branch.as_ref().zip(from.as_deref());
            let url = given("PRE_COMMIT_REMOTE_URL");
            let destination = Destination { remote, url };
            let is_known = repo.remembers(&destination, at)?;
            is_known.then_some(destination.remote)
        }
        None => any(),
    };
    Ok(RangeSpec {
        include: vec![given("PRE_COMMIT_TO_REF").unwrap_or_else(|| "HEAD".to_owned())],
        exclude_remotes: remote,
        exclude: from.into_iter().collect(),
        ..RangeSpec::default()
    })
}

fn message(repo: &GitRepo, file: &Path, common: &CommonArgs) -> Box<dyn Source> {
    // Git sets this for hooks of a commit that opens no editor.
    let edited = env::var_os("GIT_EDITOR").is_none_or(|editor| editor != ":");
    let limit = common.search.input.max_file_size;
    Box::new(repo.message_file(file.to_owned(), edited, limit))
}

/// Without what the index holds only because a commit of the range added it.
fn once(mut outcome: Outcome) -> Outcome {
    let key = |f: &Finding| (f.place.clone(), f.rule.family.clone(), f.secret.clone());
    let added: BTreeSet<_> = outcome
        .findings
        .iter()
        .filter(|f| matches!(f.origin, Origin::Commit { .. }))
        .map(key)
        .collect();
    outcome
        .findings
        .retain(|f| f.origin != Origin::Index || !added.contains(&key(f)));
    outcome
}

/// pre-commit's own way to skip a hook, for hooks that it does not run.
fn is_skipped() -> bool {
    let skip = env::var("SKIP").unwrap_or_default();
    !is_run_by_pre_commit() && skip.split(',').any(|name| name.trim() == "jvxleaks")
}

fn is_run_by_pre_commit() -> bool {
    given("PRE_COMMIT").is_some()
}

fn say_how_to_skip(what: &str) {
    let no_verify = format!("git {what} --no-verify");
    output::say(&if is_run_by_pre_commit() {
        format!("to skip this once: SKIP with the id of this hook, or {no_verify}")
    } else {
        format!("to skip this once: SKIP=jvxleaks git {what} ..., or {no_verify}")
    });
}
