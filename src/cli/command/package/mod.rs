//! `jvxleaks package`.

pub(in crate::cli) mod args;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::setup::project::Project;
use super::super::{output, setup};
use args::{PackageArgs, PublishedBy};
use jvxleaks::model::{BlobPath, Outcome};
use jvxleaks::policy::ReadsAll;
use jvxleaks::report::visible;
use jvxleaks::scan::scan;
use jvxleaks::source::{PackageFiles, PackageKind, PackageListing, Source, Walk, WalkOptions};
use std::time::Instant;

impl From<PublishedBy> for PackageKind {
    fn from(by: PublishedBy) -> Self {
        match by {
            PublishedBy::Npm => Self::Npm,
            PublishedBy::Cargo => Self::Cargo,
            PublishedBy::Pypi => Self::Pypi,
        }
    }
}

/// Scans what would be published of a package.
pub(in crate::cli) fn run(args: &PackageArgs) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let (common, input) = (&args.common, &args.common.search.input);
    output::check(&common.output, common.files().chain([&args.path]))?;
    threads::limit(input.jobs)?;
    let listing = if args.path.is_dir() {
        Some(PackageKind::from(args.kind).list(&args.path)?)
    } else {
        PackageKind::from(args.kind).check_archive(&args.path)?;
        None
    };
    if args.list {
        return list(args, listing.unwrap_or_default());
    }
    let project = Project::of(std::slice::from_ref(&args.path))?;
    let mut setup = setup::scan(
        &project,
        &common.search.rules,
        &common.search.silencing,
        Some(&common.verdict),
    )?
    .verbose(common.output.verbose)
    .reporting(common.output.formats());
    // A part of the project is read: nothing tells which exceptions are stale.
    setup.policy.reads_all = ReadsAll::default();
    if setup.names_baseline(&common.search.silencing) {
        setup.require_baseline()?;
    }
    let source: Box<dyn Source> = match listing {
        Some(listing) => Box::new(PackageFiles::new(
            args.path.clone(),
            listing,
            input.max_file_size,
        )),
        None => Box::new(Walk::new(WalkOptions {
            roots: vec![args.path.clone()],
            respect_ignore: false,
            max_file_size: input.max_file_size,
            threads: input.jobs,
        })),
    };
    let mut outcome = scan(source.as_ref(), &setup.detector, &setup.policy)?;
    outcome.is_for_all = true;
    let exit = Exit::of(&outcome, setup.fail_on, common.verdict.exit_zero);
    output::report(outcome, &common.output, &setup, started)?;
    Ok(exit)
}

/// Writes the names of files. What could not be told is told, as of a scan.
fn list(args: &PackageArgs, listing: PackageListing) -> anyhow::Result<Exit> {
    anyhow::ensure!(
        args.path.exists(),
        "{}: no such folder; check the path",
        args.path.display()
    );
    anyhow::ensure!(
        args.path.is_dir(),
        "--list is about a folder; an archive holds what it holds (tar -tzf, unzip -l)"
    );
    output::generated(|out| {
        for file in &listing.files {
            let path = BlobPath::from_native(file).to_string();
            writeln!(out, "{}", visible(&path))?;
        }
        Ok(())
    })?;
    let outcome = Outcome {
        faults: listing.faults,
        ..Outcome::default()
    };
    let is_whole = outcome.faults.is_empty();
    let notes = listing.notes.iter();
    let faults = outcome.faults.iter().map(|fault| match &fault.what {
        what if fault.path.as_bytes().is_empty() => what.clone(),
        what => format!("{}: {what}", fault.path),
    });
    for said in notes.cloned().chain(faults) {
        output::say(&said);
    }
    Ok(if is_whole { Exit::Clean } else { Exit::Trouble })
}
