//! `jvxleaks scan`.

use super::args::ScanArgs;
use super::exit::Exit;
use super::{output, setup};
use jvxleaks::scan::scan as run_scan;
use jvxleaks::source::{Source, Stdin, Walk, WalkOptions};
use std::path::Path;
use std::time::Instant;

/// Scans files and folders, or standard input.
pub(super) fn scan(args: &ScanArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let detector = setup::detector(&args.common.rules)?;
    let policy = setup::policy(&args.common.verdict);
    let source = source(args)?;
    let outcome = run_scan(source.as_ref(), &detector, &policy)?;
    output::report(&outcome, &args.common.output, started)?;
    let verdict = &args.common.verdict;
    Ok(Exit::of(&outcome, verdict.fail_on, verdict.exit_zero))
}

fn source(args: &ScanArgs) -> anyhow::Result<Box<dyn Source>> {
    let input = &args.common.input;
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if args.paths.iter().any(|path| is_stdin(path)) {
        anyhow::ensure!(
            args.paths.len() == 1,
            "`-` stands for standard input and goes alone; to scan a file of that name, give `./-`"
        );
        return Ok(Box::new(Stdin {
            max_size: input.max_file_size,
        }));
    }
    Ok(Box::new(Walk::new(WalkOptions {
        roots: args.paths.clone(),
        respect_ignore: !args.no_ignore,
        max_file_size: input.max_file_size,
        threads: input.jobs,
    })))
}
