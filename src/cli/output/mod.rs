//! Where reports go: standard output, or a file that is replaced only when the report is whole.
//!
//! Nothing leaves the program but through [`Redacting`], unless `--show-secrets` asks for a whole report.

pub(super) mod confirm;
pub(super) mod progress;
pub(super) mod redacting;

use super::args::environment;
use super::args::groups::{ColorWhen, OutputArgs};
use super::exit::Exit;
use super::interrupt;
use super::setup::Setup;
use super::setup::project_text::folder_of;
use anyhow::Context as _;
use clap::error::{ContextValue, ErrorKind};
use jvxleaks::model::{Outcome, Reveal, Step};
use jvxleaks::redact::{self, CommandLine};
use jvxleaks::report::{Format, Paths, ReportOptions, text, visible};
use redacting::Redacting;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// What was typed. It is searched before the first message.
static ASKED: LazyLock<CommandLine> = LazyLock::new(|| {
    let words = std::env::args_os().skip(1);
    CommandLine::new(words.map(|word| word.to_string_lossy().into_owned()))
});

/// Refuses what the format cannot do, and a report that would take the place of another one or of a file that is
/// to be read, before anything is.
pub(super) fn check<'p>(
    args: &'p OutputArgs,
    read: impl IntoIterator<Item = &'p PathBuf>,
) -> anyhow::Result<()> {
    let also = args.reports.iter().map(|report| &report.file);
    keep_apart(read, args.output.iter().chain(also))?;
    anyhow::ensure!(
        !args.statistics || args.format.can_count(),
        "--statistics counts in text and concise reports; choose one of these as --format"
    );
    anyhow::ensure!(
        args.max_findings.is_none() || args.format.can_be_limited(),
        "--max-findings limits text, markdown and concise reports; {} has all findings",
        args.format
    );
    Ok(())
}

/// Refuses a report in the place of another one, or of a file that is to be read.
pub(super) fn keep_apart<'p>(
    read: impl IntoIterator<Item = &'p PathBuf>,
    written: impl IntoIterator<Item = &'p PathBuf>,
) -> anyhow::Result<()> {
    // Folders are read, and pipes and devices are not replaced.
    let is_file = |path: &&PathBuf| fs::metadata(path).map_or(true, |m| m.is_file());
    let read = read.into_iter().filter(is_file);
    let mut taken: BTreeMap<PathBuf, &str> = BTreeMap::new();
    taken.extend(read.map(|path| (in_full(path), "a file to be read")));
    for path in written.into_iter().filter(is_file) {
        if let Some(other) = taken.insert(in_full(path), "another report") {
            let path = path.display();
            anyhow::bail!("{path}: a report would take the place of {other}; choose another file");
        }
    }
    Ok(())
}

/// A path without links; of a file that is not there yet, its folder's.
fn in_full(path: &Path) -> PathBuf {
    let new = || Some(folder_of(path)?.join(path.file_name()?));
    let there = fs::canonicalize(path).ok();
    there.or_else(new).unwrap_or_else(|| path.to_owned())
}

/// Writes the report, and the closing summary to standard error.
///
/// The summary goes with the text and concise formats, and with every format whose report goes to a file: it
/// holds the one figure that differs from run to run, the time.
///
/// The setup knows where paths begin.
pub(super) fn report(
    outcome: Outcome,
    args: &OutputArgs,
    setup: &Setup,
    started: Instant,
) -> anyhow::Result<()> {
    report_as(args.format, outcome, args, setup, started)
}

/// As [`report`], in the concise format in the place of the usual one.
pub(super) fn report_short(
    outcome: Outcome,
    args: &OutputArgs,
    setup: &Setup,
    started: Instant,
) -> anyhow::Result<()> {
    let concise = "concise".parse().unwrap_or_default();
    let is_usual = args.format == Format::default();
    let format = if is_usual { concise } else { args.format };
    report_as(format, outcome, args, setup, started)
}

fn report_as(
    format: Format,
    outcome: Outcome,
    args: &OutputArgs,
    setup: &Setup,
    started: Instant,
) -> anyhow::Result<()> {
    // A report that cannot be written takes no other with it.
    let also = args.reports.iter().map(|also| {
        let outcome = outcome.clone();
        written(
            outcome,
            also.format,
            Some(&also.file),
            args,
            (setup, started),
        )
        .map(|_| ())
    });
    let also: Vec<anyhow::Result<()>> = also.collect();
    let file = args.output.as_deref();
    let outcome = written(outcome, format, file, args, (setup, started))?;
    if !args.quiet && (format.can_count() || file.is_some()) {
        summary(&outcome, started);
    }
    also.into_iter().collect()
}

/// Writes one report, to a file or to standard output. Gives the outcome as it was written.
fn written(
    outcome: Outcome,
    format: Format,
    file: Option<&Path>,
    args: &OutputArgs,
    (setup, started): (&Setup, Instant),
) -> anyhow::Result<Outcome> {
    let reveal = if args.show_secrets && format.can_reveal() {
        Reveal::Whole
    } else {
        Reveal::Redacted
    };
    let outcome = match format.paths() {
        Paths::Scanned => outcome,
        Paths::Here => outcome.seen_from(&setup.here),
        Paths::Repository => outcome.seen_from(&setup.root),
    };
    let outcome = match reveal {
        Reveal::Whole => outcome,
        Reveal::Redacted => redact::outcome(outcome),
    };
    let usual = ReportOptions::default();
    let options = ReportOptions {
        shows_all: setup.shows_all.unwrap_or(usual.shows_all),
        reveal,
        color: file.is_none() && wants_color(args.color),
        verbose: args.verbose,
        max_findings: args.max_findings.map(|most| most as usize),
        statistics: args.statistics,
        rule_options: setup.rule_options.clone(),
        allow_options: setup.policy.options.clone(),
        width: file.is_none().then(width).flatten(),
        root: setup.root.clone(),
        scanned: redact::text(&setup.here.start()).into_owned(),
        with_suppressed: args.sarif_include_suppressed,
        started: ago(started.elapsed()),
        ended: ago(Duration::ZERO),
        ..usual
    };
    let write = |out: &mut dyn Write| match reveal {
        Reveal::Whole => format.write(&outcome, &options, out),
        Reveal::Redacted => redacted(out, |out| format.write(&outcome, &options, out)),
    };
    match file {
        Some(path) => to_file(path, write)?,
        None => to_stdout(write)?,
    }
    Ok(outcome)
}

/// The time so long ago, in UTC.
fn ago(since: Duration) -> String {
    let now = jiff::Timestamp::now();
    let then = now.checked_sub(since).unwrap_or(now);
    then.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Writes to `out`, without keys.
pub(super) fn redacted(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = Redacting::new(out);
    write(&mut out)?;
    out.flush()
}

/// Writes the closing summary to standard error.
pub(super) fn summary(outcome: &Outcome, started: Instant) {
    let took = duration(started.elapsed());
    let summary = text::summary(outcome);
    let _ = writeln!(stderr(), "{summary} Took {took}.");
}

/// `9,999 ms` is said in milliseconds, what takes longer in seconds.
pub(super) fn duration(took: Duration) -> String {
    match took.as_secs() {
        0..10 => format!("{} ms", took.as_millis()),
        seconds => format!("{seconds} s"),
    }
}

/// Writes something that is not a report to standard output.
pub(super) fn generated(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(io::stdout().lock());
    redacted(&mut out, write)?;
    out.flush()?;
    Ok(Exit::Clean)
}

/// Says on standard error what could not be read and what was done.
pub(super) fn done(outcome: &Outcome, what: &str) {
    let told = Outcome {
        faults: outcome.faults.clone(),
        ..Outcome::default()
    };
    let mut err = stderr();
    let _ = Format::default().write(&redact::outcome(told), &ReportOptions::default(), &mut err);
    let _ = writeln!(err, "{}", in_one_line(what));
}

/// Says something to the person at the terminal, in one line of standard error.
pub(super) fn say(text: &str) {
    let _ = writeln!(stderr(), "jvxleaks: {}", in_one_line(text));
}

/// Asks the person at the terminal, who answers in the same line.
pub(super) fn ask(question: &str) {
    let mut err = stderr();
    let _ =
        write!(err, "jvxleaks: {} ", in_one_line(question).trim_end()).and_then(|()| err.flush());
}

/// One line of standard error that another program reads.
pub(super) fn bare(text: &str) {
    let _ = writeln!(stderr(), "{}", in_one_line(text));
}

/// One line of standard error that can be copied as it is.
pub(super) fn line(text: &str) {
    let _ = writeln!(stderr(), "  {}", in_one_line(text));
}

/// A step, in one line of standard error. A command can be copied as it is.
pub(super) fn step(step: &Step) {
    let blanks = match step {
        Step::Say(_) => "  ",
        Step::Run(_) => "    ",
    };
    let mut step = step.clone();
    let text = step.text_mut();
    let _ = writeln!(stderr(), "{blanks}{}", in_one_line(text));
}

/// Prints an error, once, in one line.
pub(super) fn error(error: &anyhow::Error) {
    let text = in_one_line(&format!("{error:#}"));
    let _ = writeln!(stderr(), "jvxleaks: error: {text}");
}

/// Prints what the parser of the command line has to say: help, the version, or what is wrong.
///
/// # Errors
/// When it cannot be written.
pub(super) fn usage(said: &mut clap::Error) -> io::Result<()> {
    let variable = environment::at_fault(said);
    // What it quotes first: colours would stand between a token and its end.
    let quoted = said.context().filter_map(|(kind, value)| match value {
        ContextValue::String(quoted) => match redact::text(quoted) {
            Cow::Owned(shown) => Some((kind, ContextValue::String(shown))),
            Cow::Borrowed(_) => None,
        },
        _ => None,
    });
    for (kind, shown) in quoted.collect::<Vec<_>>() {
        said.insert(kind, shown);
    }
    let mut text = said.render().ansi().to_string();
    if let Some(name) = variable {
        text += &format!("\nThe value is that of the variable {name}; change it, or unset it.\n");
    }
    if is_reason_misplaced(said) {
        text += "\nThe reason stands behind `--`: jvxleaks allow FINGERPRINT -- REASON\n";
    }
    let text = ASKED.text(&text);
    let write = |out: &mut dyn Write| redacted(out, |out| out.write_all(text.as_bytes()));
    if said.use_stderr() {
        write(&mut anstream::stderr())
    } else {
        write(&mut anstream::stdout())
    }
}

/// True for `jvxleaks allow FINGERPRINT known key`, where words stand that no option takes.
fn is_reason_misplaced(said: &clap::Error) -> bool {
    let mut words = std::env::args_os().skip(1);
    let is_allow = words.next().is_some_and(|word| word == "allow");
    let is_unknown = said.kind() == ErrorKind::UnknownArgument;
    is_allow && is_unknown && !words.any(|word| word == "--")
}

/// Standard error, without keys.
fn stderr() -> Redacting<io::StderrLock<'static>> {
    Redacting::new(io::stderr().lock())
}

/// The names of files are anyone's text, and a terminal obeys control characters. Keys are looked for
/// before those are escaped.
fn in_one_line(text: &str) -> String {
    inert(&ASKED.text(text).replace(['\n', '\r'], " "))
}

/// Text of strangers as it may be printed: without keys, and with nothing hidden.
pub(super) fn inert(text: &str) -> String {
    visible(&redact::text(text)).into_owned()
}

/// The same of a text of several lines, each by itself.
pub(super) fn inert_lines(text: &str) -> String {
    let lines = text
        .split('\n')
        .map(|line| visible(&redact::text(line)).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn wants_color(when: ColorWhen) -> bool {
    match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto => {
            anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
        }
    }
}

/// The columns that COLUMNS or the terminal tells.
pub(super) fn width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok();
    let columns = columns.and_then(|text| text.parse().ok());
    columns.or_else(|| {
        let (width, _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(usize::from(width.0))
    })
}

pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    match written {
        // Whoever reads has seen enough; the verdict stands all the same.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("standard output: cannot write the report"),
    }
}

/// Writes a report to a file, which is replaced only when the report is whole.
pub(super) fn to_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let cannot = || {
        format!(
            "{}: cannot write the report; choose another file",
            path.display()
        )
    };
    match fs::metadata(path) {
        // A pipe or a device such as /dev/stderr is written to, not replaced.
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            let mut out = BufWriter::new(
                File::options()
                    .write(true)
                    .open(path)
                    .with_context(cannot)?,
            );
            write(&mut out)
                .and_then(|()| out.flush())
                .with_context(cannot)
        }
        _ => replace(path, write).with_context(cannot),
    }
}

/// Writes a file that is replaced only when all of it is written.
pub(super) fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    anyhow::ensure!(!target.is_dir(), "it is a folder");
    let folder = target
        .parent()
        .map(Path::to_owned)
        .filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| PathBuf::from("."));
    anyhow::ensure!(folder.is_dir(), "its folder is not there");
    // The error of the temporary file would name that file, which nobody asked for.
    let made = interrupt::forget_at_end(|| temporary(&folder));
    let (mut file, _unfinished) = made.map_err(|e| io::Error::from(e.kind()))?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(&mut out).and_then(|()| out.flush())?;
    drop(out);
    file.persist(&target)?;
    Ok(())
}

/// Writes a file of a folder that is filled, where a link could lead anywhere: it was not named.
pub(super) fn fill(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    let is_link = fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink());
    anyhow::ensure!(
        !is_link,
        "{name} is a symbolic link, which is not followed; remove it"
    );
    replace(&path, |out| out.write_all(bytes)).with_context(|| name.to_owned())
}

/// Writes a file that only its owner may read, and that is replaced only when all of it is written.
pub(super) fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let (mut file, _unfinished) =
        interrupt::forget_at_end(|| tempfile::NamedTempFile::new_in(folder))?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// Writes a file that has an owner and a mode already, and that is replaced only when all of it is written.
pub(super) fn replace_kept(path: &Path, bytes: &[u8], about: &fs::Metadata) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let (mut file, _unfinished) =
        interrupt::forget_at_end(|| tempfile::NamedTempFile::new_in(folder))?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let made = file.as_file().metadata()?;
        if (made.uid(), made.gid()) != (about.uid(), about.gid()) {
            chown(file.path(), Some(about.uid()), Some(about.gid()))?;
        }
    }
    file.as_file().set_permissions(about.permissions())?;
    file.persist(path)?;
    Ok(())
}

/// Writes a program that everyone may run, and that is replaced only when all of it is written.
pub(super) fn replace_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o755))?;
    }
    file.persist(path)?;
    Ok(())
}

/// A file beside the target, so that renaming it is atomic, readable as new files usually are.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".jvxleaks-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_is_told_in_seconds() {
        let told = [4, 9_999, 10_000, 45_293].map(|ms| duration(Duration::from_millis(ms)));
        assert_eq!(told, ["4 ms", "9999 ms", "10 s", "45 s"]);
    }
}
