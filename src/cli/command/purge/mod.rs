//! `jvxleaks purge-plan`: what takes the keys of a repository out of its history.

pub(in crate::cli) mod args;
mod expressions;
mod steps;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::output::{self, progress};
use super::super::setup;
use super::super::setup::project::Project;
use super::cache::Cache;
use super::git;
use anyhow::Context as _;
use args::PurgeArgs;
use jvxleaks::model::Step;
use jvxleaks::purge::{StoredForms, stored_forms};
use jvxleaks::source::{GitRepo, History};
use std::fs;
use std::path::{Path, PathBuf};
use steps::{Plan, PlanFiles};

/// Runs the command.
pub(in crate::cli) fn run(args: &PurgeArgs) -> anyhow::Result<Exit> {
    let input = &args.search.input;
    threads::limit(input.jobs)?;
    let repo = GitRepo::open(args.repo.as_deref())?.reading_up_to(input.max_file_size);
    let file = place(&args.output, &repo)?;
    let project = Project::part_of(repo.work_dir().unwrap_or_else(|| repo.git_dir()));
    let setup = setup::scan(&project, &args.search.rules, &args.search.silencing, None)?;
    let mut cache = Cache::open(&repo, setup.detector.rules(), input.max_file_size, None);
    let history = History::new(repo.clone());
    let (outcome, forms) = progress::shown(!args.no_progress, |progress| {
        let seen = cache.as_mut().map(|cache| &mut cache.seen);
        stored_forms(&history, &setup.detector, &setup.policy, seen, progress)
    })?;
    if let Some(cache) = cache {
        cache.save();
    }
    let exit = if outcome.faults.is_empty() {
        Exit::Clean
    } else {
        Exit::Trouble
    };
    if forms.is_empty() {
        output::done(
            &outcome,
            "no key is to be taken out, and nothing was written",
        );
        return Ok(exit);
    }
    let files = written(&file, &forms, &args.replacement)?;
    let plan = Plan {
        name: name(&repo),
        way_to_root: git::way_to_root(&repo, args.repo.as_deref()),
        remote: repo.remote_names()?.into_iter().next(),
        tool: args.tool,
        outcome: &outcome,
        forms: &forms,
        files,
    };
    let steps = plan.steps();
    output::generated(|out| {
        steps.iter().try_for_each(|step| {
            let blanks = if matches!(step, Step::Run(_)) {
                "     "
            } else {
                ""
            };
            let mut step = step.clone();
            writeln!(out, "{blanks}{}", output::inert(step.text_mut()))
        })
    })?;
    let count = forms.texts.len() + forms.names.len() + forms.people.len();
    let what = format!(
        "{}: {count} stored forms in plain text, for your eyes alone; the last step deletes it",
        file.display()
    );
    output::done(&outcome, &what);
    Ok(exit)
}

/// The file that is to be written, in full. Git must not get hold of it.
fn place(output: &Path, repo: &GitRepo) -> anyhow::Result<PathBuf> {
    let shown = output.display();
    let folder = setup::project_text::folder_of(output);
    let folder =
        folder.with_context(|| format!("{shown}: its folder is not there; make it first"))?;
    let name = output
        .file_name()
        .with_context(|| format!("{shown}: this is no name of a file; choose another"))?;
    let is_inside = |root: &Path| fs::canonicalize(root).is_ok_and(|root| folder.starts_with(root));
    let roots = [repo.work_dir(), Some(repo.git_dir())];
    anyhow::ensure!(
        !roots.into_iter().flatten().any(is_inside),
        "{shown}: the file holds whole secrets and would be inside the repository; choose a place outside"
    );
    Ok(folder.join(name))
}

/// Writes what the tools read, each file for its owner alone, and none that is there already.
fn written(file: &Path, forms: &StoredForms, replacement: &str) -> anyhow::Result<PlanFiles> {
    let beside = |ending: &str| {
        let mut path = file.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    let all = [
        ("", expressions::replacements(&forms.texts, replacement)),
        (".blobs", expressions::blobs(forms)),
        (".names", expressions::renames(&forms.names, replacement)),
        (".people", expressions::mailmap(&forms.people, replacement)),
    ];
    let all =
        all.map(|(ending, text)| Some((beside(ending), text)).filter(|(_, text)| !text.is_empty()));
    for (path, _) in all.iter().flatten() {
        anyhow::ensure!(
            path.symlink_metadata().is_err(),
            "{}: there is such a file already; delete it, or choose another name",
            path.display()
        );
    }
    for (path, text) in all.iter().flatten() {
        let failed = || {
            format!(
                "{}: cannot be written; choose another place",
                path.display()
            )
        };
        output::replace_private(path, text).with_context(failed)?;
    }
    let [texts, blobs, names, people] = all.map(|file| file.map(|(path, _)| path));
    Ok(PlanFiles {
        texts,
        blobs,
        names,
        people,
    })
}

/// What the repository's folder is called.
fn name(repo: &GitRepo) -> String {
    let folder = repo.work_dir().unwrap_or_else(|| repo.git_dir());
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".git").unwrap_or(&name).to_owned()
}
