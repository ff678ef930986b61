//! `jvxleaks package`.

pub(in crate::cli) mod args;

use super::super::args::threads;
use super::super::exit::Exit;
use super::super::setup::project::Project;
use super::super::{output, setup};
use args::{PackageArgs, PublishedBy};
use clap::ValueEnum as _;
use jvxleaks::decode::archive;
use jvxleaks::model::{BlobPath, Outcome};
use jvxleaks::policy::ReadsAll;
use jvxleaks::report::visible;
use jvxleaks::scan::scan;
use jvxleaks::source::{PackageFiles, PackageKind, PackageListing, Source, Walk, WalkOptions};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
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
        check_archive(args)?;
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

/// Bytes by which a file is told for an archive.
const HEAD: u64 = 64 << 10;

/// Makes sure that a file is an archive, which is what a package is published as: `package npm package.json` would read
/// nothing of the package. What cannot be read is left to who reads it.
fn check_archive(args: &PackageArgs) -> anyhow::Result<()> {
    let path = &args.path;
    // A pipe would be emptied.
    if !path.is_file() {
        return Ok(());
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    if read.is_err() || archive::kinds(&head) != [None, None] {
        return Ok(());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let kind = args.kind.to_possible_value();
    anyhow::bail!(
        "{}: neither a folder nor an archive; type `jvxleaks package {} {}` for the package in that folder",
        path.display(),
        kind.as_ref().map_or("KIND", |kind| kind.get_name()),
        folder.unwrap_or(Path::new(".")).display(),
    )
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
