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
use anyhow::Context as _;
use args::PurgeArgs;
use jvxleaks::model::{Step, shell_word};
use jvxleaks::purge::{StoredForms, stored_forms};
use jvxleaks::source::{GitRepo, History, SourceError};
use std::fs;
use std::path::{Path, PathBuf};
use steps::{Plan, PlanFiles, RewrittenCopy};

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
    let plan = Plan {
        at: at(&repo, args.repo.as_deref()),
        copies: copies(&repo, &file)?,
        files: written(&file, &forms, &args.replacement)?,
        tool: args.tool,
        outcome: &outcome,
        forms: &forms,
    };
    show(&plan)?;
    let files: Vec<String> = plan
        .files
        .all()
        .map(|file| file.display().to_string())
        .collect();
    let what = format!(
        "{}: secrets in plain text, for your eyes alone; the last step deletes them",
        files.join(", ")
    );
    output::done(&outcome, &what);
    Ok(exit)
}

/// Prints the steps. Where that fails, nobody was told of the files, and they go.
fn show(plan: &Plan<'_>) -> anyhow::Result<()> {
    let steps = plan.steps();
    let said = output::generated(|out| {
        steps.iter().try_for_each(|step| {
            let blanks = if matches!(step, Step::Run(_)) {
                "     "
            } else {
                ""
            };
            let mut step = step.clone();
            writeln!(out, "{blanks}{}", output::inert(step.text_mut()))
        })
    });
    if said.is_err() {
        let files = plan.files.all();
        files.for_each(|file| drop(fs::remove_file(file)));
    }
    said.map(|_| ())
}

/// Where git finds the repository, if it is not the one around the current folder.
fn at(repo: &GitRepo, asked: Option<&Path>) -> String {
    let full = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (here, folder) = (full(Path::new(".")), full(repo.git_dir()));
    let root = repo.work_dir().map(full);
    let typed = asked.map(|path| shell_word(path.as_os_str().as_encoded_bytes()));
    let is_root = |path: &Path| Some(full(path)) == root || root.is_none() && full(path) == folder;
    match (asked, typed) {
        (None, _) if is_root(&here) => String::new(),
        (None, _) if root.is_some() && !here.starts_with(&folder) => {
            " -C \"$(git rev-parse --show-toplevel)\"".to_owned()
        }
        (None, _) => " -C \"$(git rev-parse --absolute-git-dir)\"".to_owned(),
        (Some(path), Some(typed)) if root.is_some() && !is_root(path) => {
            format!(" -C \"$(git -C {typed} rev-parse --show-toplevel)\"")
        }
        (Some(_), typed) => format!(" -C {}", typed.unwrap_or_default()),
    }
}

/// The copies that are to be made, beside the file, where nothing of these names is.
fn copies(repo: &GitRepo, file: &Path) -> anyhow::Result<Vec<RewrittenCopy>> {
    let name = name(repo);
    let beside = file.parent().unwrap_or(Path::new("."));
    let free = |own: &str| {
        let folders = (1..).map(|number| match number {
            1 => beside.join(format!("{own}-purge.git")),
            number => beside.join(format!("{own}-purge-{number}.git")),
        });
        let mut folders = folders.into_iter();
        folders.find(|folder| folder.symlink_metadata().is_err())
    };
    let remotes = repo.remote_names()?;
    let names: Vec<(Option<String>, String)> = match remotes.as_slice() {
        [] => vec![(None, name)],
        [only] => vec![(Some(only.clone()), name)],
        all => all
            .iter()
            .zip(1..)
            .map(|(remote, number)| (Some(remote.clone()), format!("{name}-remote-{number}")))
            .collect(),
    };
    let copies = names.into_iter().filter_map(|(remote, own)| {
        let folder = free(&own)?;
        Some(RewrittenCopy { remote, folder })
    });
    Ok(copies.collect())
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
    let mut roots = [repo.work_dir(), Some(repo.git_dir())]
        .into_iter()
        .flatten();
    // Of another work tree, a superproject or anything else: git could get hold of the file there too.
    let around = GitRepo::open(Some(&folder));
    let is_outside = matches!(around, Err(SourceError::NotARepository(_))) && !roots.any(is_inside);
    anyhow::ensure!(
        is_outside,
        "{shown}: the file holds whole secrets and would be inside a repository; choose a place outside"
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
    let all: [(&str, Vec<u8>); 5] = [
        ("", expressions::replacements(&forms.texts, replacement)),
        (".blobs", expressions::blobs(forms)),
        (".names", expressions::renames(&forms.names, replacement)),
        (".refs", expressions::refs(&forms.refs)),
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
    let [texts, blobs, names, refs, people] = all.map(|file| file.map(|(path, _)| path));
    Ok(PlanFiles {
        texts,
        blobs,
        names,
        people,
        refs,
    })
}

/// What the repository's folder is called.
fn name(repo: &GitRepo) -> String {
    let folder = repo.work_dir().unwrap_or_else(|| repo.git_dir());
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".git").unwrap_or(&name).to_owned()
}
