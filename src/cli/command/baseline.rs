//! `jvxleaks baseline create|update|prune`: accept what is known today.

use super::super::args::threads;
use super::super::args::{AcceptArgs, BaselineCommand, BaselineScanArgs};
use super::super::exit::Exit;
use super::super::output;
use super::super::output::confirm::{self, Risk};
use super::super::setup::project::Project;
use super::super::setup::project_text;
use super::super::setup::{self, Setup};
use super::accepting::{self, Accepted, Known};
use super::git;
use anyhow::Context as _;
use jvxleaks::model::Outcome;
use jvxleaks::policy::Baseline;
use jvxleaks::redact;

/// Most accepted findings that are listed.
const LISTED: usize = 50;

/// Runs one of the commands.
pub(in crate::cli) fn run(command: &BaselineCommand) -> anyhow::Result<Exit> {
    let input = match command {
        BaselineCommand::Create(args) | BaselineCommand::Update(args) => &args.scan.search.input,
        BaselineCommand::Prune(args) => &args.search.input,
    };
    threads::limit(input.jobs)?;
    match command {
        BaselineCommand::Create(args) => create(args),
        BaselineCommand::Update(args) => update(args),
        BaselineCommand::Prune(args) => prune(args),
    }
}

fn create(args: &AcceptArgs) -> anyhow::Result<Exit> {
    let (project, repo) = accepting::project(args)?;
    let setup = setup::scan(
        &project,
        &args.scan.search.rules,
        &args.scan.search.silencing,
        None,
    )?;
    let file = project_text::shown(&setup.baseline).display().to_string();
    anyhow::ensure!(
        setup.baseline.symlink_metadata().is_err(),
        "{file}: there is a baseline already; change it with `jvxleaks baseline update`, or name \
         another with --baseline"
    );
    let accepted = accepting::read(args, &project, repo.as_ref(), &setup)?;
    accept(Baseline::new(&file), &accepted, args, &setup, "accepted")
}

fn update(args: &AcceptArgs) -> anyhow::Result<Exit> {
    let (project, repo) = accepting::project(args)?;
    let mut setup = setup::scan(
        &project,
        &args.scan.search.rules,
        &args.scan.search.silencing,
        None,
    )?;
    if setup.names_baseline(&args.scan.search.silencing) {
        setup.require_baseline()?;
    }
    let accepted = accepting::read(args, &project, repo.as_ref(), &setup)?;
    let file = project_text::shown(&setup.baseline).display().to_string();
    let baseline = setup.policy.baseline.take();
    let baseline = baseline.unwrap_or_else(|| Baseline::new(&file));
    accept(baseline, &accepted, args, &setup, "added")
}

/// Adds what was read to a baseline, lists it, and asks before a Jourvex key.
fn accept(
    mut baseline: Baseline,
    accepted: &Accepted,
    args: &AcceptArgs,
    setup: &Setup,
    done: &str,
) -> anyhow::Result<Exit> {
    let file = project_text::shown(&setup.baseline).display().to_string();
    let known = accepted.known.iter();
    let new = known.filter(|k| baseline.add(&k.fingerprint, &k.rule, &k.path));
    let new: Vec<&Known> = new.collect();
    new.iter().take(LISTED).for_each(|known| list(known));
    if new.len() > LISTED {
        output::line(&format!(
            "and {} more, which {file} names",
            new.len() - LISTED
        ));
    }
    let keys = new.iter().filter(|known| known.is_jourvex_key);
    let keys: Vec<&str> = keys.map(|known| known.shown.as_str()).collect();
    if let Some(risk) = Risk::of(&keys).filter(|_| !args.yes) {
        if !confirm::is_possible() {
            risk.say();
        } else if !risk.ask("accepted")? {
            output::say(&format!("{file}: not changed"));
            return Ok(Exit::Trouble);
        }
    }
    write(&baseline, setup)?;
    let what = format!("{file}: {} {done}", counted(new.len()));
    output::done(&accepted.outcome, &what);
    Ok(exit(&accepted.outcome))
}

fn list(known: &Known) {
    let Known {
        fingerprint,
        rule,
        path,
        line,
        shown,
        ..
    } = known;
    output::line(&format!("{fingerprint} {rule} {shown} in {path}:{line}"));
}

fn prune(args: &BaselineScanArgs) -> anyhow::Result<Exit> {
    let project = Project::of(&args.tree.paths)?;
    let mut setup = setup::scan(&project, &args.search.rules, &args.search.silencing, None)?;
    setup.require_baseline()?;
    let file = project_text::shown(&setup.baseline).display().to_string();
    anyhow::ensure!(
        setup.policy.reads_all.baseline,
        "{file}: to tell which entries match nothing, all that it speaks of must be read; scan the \
         folder it is in"
    );
    let mut outcome = accepting::of_files(args, &setup)?;
    // An entry may be for what only a commit holds any more.
    if let Some(repo) = accepting::repository(&project, args.search.input.max_file_size)? {
        let audited = git::audited(&repo, &setup, args.search.input.max_file_size)?;
        outcome.faults.extend(redact::outcome(audited).faults);
    }
    if !outcome.faults.is_empty() {
        let what =
            format!("{file}: not changed, since the findings of what was not read are unknown");
        output::done(&outcome, &what);
        return Ok(Exit::Trouble);
    }
    let mut baseline = setup.policy.baseline.take().unwrap_or_default();
    let active = &setup.policy.rules.active;
    let removed = baseline.prune(|rule| active.iter().any(|id| id == rule));
    write(&baseline, &setup)?;
    output::done(&outcome, &format!("{file}: {} removed", counted(removed)));
    Ok(Exit::Clean)
}

fn write(baseline: &Baseline, setup: &Setup) -> anyhow::Result<()> {
    // The path of an entry reminds people of where it was; a key in it would be published.
    let text = baseline.to_string();
    let file = project_text::shown(&setup.baseline).display();
    let text = redact::bytes(text.as_bytes());
    output::replace(&setup.baseline, |out| out.write_all(&text))
        .with_context(|| format!("{file}: cannot write the baseline"))
}

fn counted(count: usize) -> String {
    match count {
        1 => "1 finding".to_owned(),
        count => format!("{count} findings"),
    }
}

/// What was not read is not accepted either.
fn exit(outcome: &Outcome) -> Exit {
    if outcome.faults.is_empty() {
        Exit::Clean
    } else {
        Exit::Trouble
    }
}
