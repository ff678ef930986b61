//! `jvxleaks scan`.

use super::super::args::groups::InputArgs;
use super::super::args::threads;
use super::super::args::{ScanArgs, TreeArgs};
use super::super::exit::Exit;
use super::super::setup::project::Project;
use super::super::{output, setup};
use super::fixing::{self, Fixed};
use jvxleaks::model::BlobPath;
use jvxleaks::scan::scan as run_scan;
use jvxleaks::source::{Source, Stdin, Walk, WalkOptions};
use std::path::Path;
use std::time::Instant;

/// Scans files and folders, or standard input.
pub(in crate::cli) fn scan(args: &ScanArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let common = &args.common;
    output::check(&common.output, common.files().chain(&args.tree.paths))?;
    threads::limit(common.search.input.jobs)?;
    let asked = &args.fixing;
    asked.check()?;
    anyhow::ensure!(
        !asked.is_asked() || !args.tree.paths.iter().any(|path| path.as_os_str() == "-"),
        "standard input cannot be fixed; name files"
    );
    let project = Project::of(&args.tree.paths)?;
    let mut setup = setup::scan(
        &project,
        &common.search.rules,
        &common.search.silencing,
        Some(&common.verdict),
    )?
    .beside_history(&project)
    .verbose(common.output.verbose)
    .reporting(common.output.formats());
    setup.policy.edits |= asked.is_asked();
    if setup.names_baseline(&common.search.silencing) {
        setup.require_baseline()?;
    }
    let source = source(&args.tree, &common.search.input)?;
    let mut outcome = run_scan(source.as_ref(), &setup.detector, &setup.policy)?;
    if !outcome.findings.is_empty() {
        outcome.warnings.extend(project.elsewhere());
    }
    let read = (&setup, source.nearby());
    let verbose = common.output.verbose;
    if let Fixed::Done(exit) = fixing::run(asked, &mut outcome, read, None, verbose)? {
        return Ok(exit);
    }
    let exit = Exit::of(&outcome, setup.fail_on, common.verdict.exit_zero);
    output::report(outcome, &common.output, &setup, started)?;
    Ok(exit)
}

/// The files and folders that were typed, or standard input.
pub(in crate::cli) fn source(
    args: &TreeArgs,
    input: &InputArgs,
) -> anyhow::Result<Box<dyn Source>> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if args.paths.iter().any(|path| is_stdin(path)) {
        anyhow::ensure!(
            args.paths.len() == 1,
            "`-` stands for standard input and goes alone; to scan a file of that name, give `./-`"
        );
        return Ok(Box::new(Stdin {
            path: args.stdin_filename.as_deref().map(from_here),
            max_size: input.max_file_size,
        }));
    }
    anyhow::ensure!(
        args.stdin_filename.is_none(),
        "--stdin-filename is about standard input; scan `-` with it"
    );
    Ok(Box::new(Walk::new(WalkOptions {
        roots: args.paths.clone(),
        respect_ignore: !args.no_ignore,
        max_file_size: input.max_file_size,
        threads: input.jobs,
    })))
}

/// A path of an editor, which is absolute, as one below the current folder.
fn from_here(path: &Path) -> BlobPath {
    let here = std::env::current_dir().unwrap_or_default();
    BlobPath::from_native(path.strip_prefix(here).unwrap_or(path))
}
