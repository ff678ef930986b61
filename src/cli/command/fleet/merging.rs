//! `jvxleaks merge`: what many files of records say together.

use super::super::super::exit::Exit;
use super::super::super::output;
use super::args::MergeArgs;
use super::inventory;
use jvxleaks::fleet::{MergeFormat, MergeOptions, Merged, read_records};
use jvxleaks::model::Severity;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::Path;

/// Brings files together.
pub(in crate::cli) fn merge(args: &MergeArgs) -> anyhow::Result<Exit> {
    let read = args.files.iter().chain(&args.since_report);
    output::keep_apart(read.chain(&args.inventory), &args.output)?;
    let mut merged = Merged::default();
    for file in &args.files {
        if let Err(what) = take(file, &mut merged) {
            merged.trouble(file.display().to_string(), what);
        }
    }
    anyhow::ensure!(
        !args.format.has_records() || merged.troubles.is_empty(),
        "{}",
        merged
            .troubles
            .iter()
            .next()
            .map_or_else(String::new, |trouble| {
                format!(
                    "{}: {}; nothing was written, since its records would be missing",
                    trouble.at, trouble.what
                )
            })
    );
    let old = args.since_report.as_deref().map(|file| {
        let mut old = Merged::default();
        let taken = take(file, &mut old);
        taken.map_err(|what| anyhow::anyhow!("{}: {what}", file.display()))?;
        anyhow::Ok(old)
    });
    let old = old.transpose()?;
    let names = match args.inventory.as_slice() {
        [] => Vec::new(),
        lists => inventory::read(lists)?.into_keys().collect(),
    };
    merged.check(names.iter().map(String::as_str));
    if let Some(old) = &old {
        merged.check_since(old, &names);
    }
    let options = MergeOptions {
        verbose: args.verbose,
        width: args.output.is_none().then(output::width).flatten(),
    };
    let write = |out: &mut dyn Write| written(args.format, (&merged, old.as_ref()), &options, out);
    match &args.output {
        Some(file) => output::to_file(file, write)?,
        None => output::to_stdout(write)?,
    }
    if args.format.has_records() || args.output.is_some() {
        for trouble in &merged.troubles {
            output::say(&format!("{}: {}", trouble.at, trouble.what));
        }
    }
    Ok(exit(&merged, args.exit_zero))
}

/// Prints what one file says.
pub(super) fn tell(file: &Path, format: MergeFormat) -> anyhow::Result<()> {
    let mut merged = Merged::default();
    let taken = take(file, &mut merged);
    taken.map_err(|what| anyhow::anyhow!("{}: {what}", file.display()))?;
    merged.check(std::iter::empty());
    let options = MergeOptions {
        verbose: false,
        width: output::width(),
    };
    output::to_stdout(|out| written(format, (&merged, None), &options, out))
}

fn written(
    format: MergeFormat,
    (merged, old): (&Merged, Option<&Merged>),
    options: &MergeOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    output::redacted(out, |out| format.write(merged, old, options, out))
}

/// Takes over a file.
fn take(file: &Path, merged: &mut Merged) -> Result<(), String> {
    let opened =
        File::open(file).map_err(|why| format!("cannot be read: {why}; check the path"))?;
    let read = read_records(BufReader::new(opened), &mut |record, _| merged.add(record))?;
    merged.join(&read.head);
    match read.bad {
        _ if read.is_whole => Ok(()),
        Some(line) => Err(format!(
            "line {line} is no record; the others were taken, make it again with `jvxleaks fleet`"
        )),
        None => Err("it is cut off; make it again with `jvxleaks fleet`".to_owned()),
    }
}

fn exit(merged: &Merged, exit_zero: bool) -> Exit {
    let is_bad = |severity| severity >= Severity::High;
    let counts = merged
        .keys()
        .iter()
        .any(|key| key.is_open() && is_bad(key.severity));
    if !merged.is_complete() {
        Exit::Trouble
    } else if counts && !exit_zero {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
