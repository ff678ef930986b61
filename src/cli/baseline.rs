//! `jvxleaks baseline create|update|prune`: accept what is known today.

use super::args::{BaselineCommand, BaselineScanArgs};
use super::exit::Exit;
use super::project::{self, Project};
use super::setup::{self, Setup};
use super::{output, scan, threads};
use anyhow::Context as _;
use jvxleaks::model::Outcome;
use jvxleaks::policy::Baseline;
use jvxleaks::redact;
use jvxleaks::scan::scan as run_scan;

/// Runs one of the commands.
pub(super) fn run(command: &BaselineCommand) -> anyhow::Result<Exit> {
    let (args, run): (_, fn(&BaselineScanArgs) -> _) = match command {
        BaselineCommand::Create(args) => (args, create),
        BaselineCommand::Update(args) => (args, update),
        BaselineCommand::Prune(args) => (args, prune),
    };
    threads::limit(args.input.jobs)?;
    run(args)
}

fn create(args: &BaselineScanArgs) -> anyhow::Result<Exit> {
    let project = Project::of(&args.tree.paths)?;
    let setup = setup::scan(&project, &args.rules, &args.silencing, None)?;
    let file = project::shown(&setup.baseline).display().to_string();
    anyhow::ensure!(
        setup.baseline.symlink_metadata().is_err(),
        "{file}: there is a baseline already; change it with `jvxleaks baseline update`, or name \
         another with --baseline"
    );
    let outcome = read(args, &setup)?;
    let mut baseline = Baseline::new(&file);
    accept(&mut baseline, &outcome, &project, &setup);
    write(&baseline, &setup)?;
    output::done(
        &outcome,
        &format!("{file}: {} accepted", counted(baseline.len())),
    );
    Ok(exit(&outcome))
}

fn update(args: &BaselineScanArgs) -> anyhow::Result<Exit> {
    let project = Project::of(&args.tree.paths)?;
    let mut setup = setup::scan(&project, &args.rules, &args.silencing, None)?;
    setup.require_baseline()?;
    let outcome = read(args, &setup)?;
    let mut baseline = setup.policy.baseline.take().unwrap_or_default();
    let before = baseline.len();
    accept(&mut baseline, &outcome, &project, &setup);
    write(&baseline, &setup)?;
    let added = baseline.len() - before;
    let file = project::shown(&setup.baseline).display();
    output::done(&outcome, &format!("{file}: {} added", counted(added)));
    Ok(exit(&outcome))
}

fn prune(args: &BaselineScanArgs) -> anyhow::Result<Exit> {
    let project = Project::of(&args.tree.paths)?;
    let mut setup = setup::scan(&project, &args.rules, &args.silencing, None)?;
    setup.require_baseline()?;
    let file = project::shown(&setup.baseline).display().to_string();
    anyhow::ensure!(
        setup.policy.reach.baseline,
        "{file}: to tell which entries match nothing, all that it speaks of must be read; scan the \
         folder it is in"
    );
    let outcome = read(args, &setup)?;
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

fn read(args: &BaselineScanArgs, setup: &Setup) -> anyhow::Result<Outcome> {
    let source = scan::source(&args.tree, &args.input)?;
    let outcome = run_scan(source.as_ref(), &setup.detector, &setup.policy)?;
    Ok(redact::outcome(outcome))
}

fn accept(baseline: &mut Baseline, outcome: &Outcome, project: &Project, setup: &Setup) {
    let folder = project::folder_of(&setup.baseline);
    let base = setup::base(project, folder.as_deref().unwrap_or(&project.paths));
    for finding in &outcome.findings {
        baseline.accept(finding, &*base.seen_from(&finding.place.path));
    }
}

fn write(baseline: &Baseline, setup: &Setup) -> anyhow::Result<()> {
    // The path of an entry reminds people of where it was; a key in it would be published.
    let text = baseline.to_string();
    let file = project::shown(&setup.baseline).display();
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
    match outcome.faults.is_empty() {
        true => Exit::Clean,
        false => Exit::Trouble,
    }
}
