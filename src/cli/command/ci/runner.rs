//! The runner of a GitHub Actions job: where the event is, and where the summary and outputs go.

use super::event::{self, Task};
use super::provider::{JobRepository, PROVIDERS, Provider};
use crate::cli::output::redacted;
use anyhow::Context as _;
use jvxleaks::model::Outcome;
use jvxleaks::report::{Format, ReportOptions};
use std::env;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Larger than any event that GitHub writes, in bytes.
const LONGEST_EVENT: u64 = 64 << 20;

/// What the event of this job asks for, or else its variables.
///
/// # Errors
/// When this is no job, or its event says nothing that can be read.
pub(super) fn task(repository: &JobRepository<'_>) -> anyhow::Result<Task> {
    let get = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    let named = get("GITHUB_EVENT_NAME");
    if let Some(provider) = Provider::of(&get).filter(|_| named.is_none()) {
        return provider.task(&get, repository).map_err(anyhow::Error::msg);
    }
    let name = named.with_context(|| {
        let names: Vec<&str> = PROVIDERS.iter().map(|own| own.name).collect();
        format!(
            "GITHUB_EVENT_NAME is not set: this is no job of GitHub, Gitea, Forgejo, {}; run `jvxleaks range A..B` or `jvxleaks scan`",
            names.join(", ")
        )
    })?;
    let path = place("GITHUB_EVENT_PATH").context("GITHUB_EVENT_PATH is not set")?;
    event::task(&name, &event(&path)?).map_err(anyhow::Error::msg)
}

/// The text of the event, which is a file: whatever else stands at its path may keep a job waiting.
fn event(path: &Path) -> anyhow::Result<String> {
    let shown = path.display();
    let unread = || format!("{shown}: the event cannot be read");
    let metadata = path.metadata().with_context(unread)?;
    anyhow::ensure!(
        metadata.is_file(),
        "{shown}: not a regular file, so no event; GITHUB_EVENT_PATH must name the one that GitHub wrote"
    );
    anyhow::ensure!(
        metadata.len() <= LONGEST_EVENT,
        "{shown}: larger than 64 MiB, so no event; was the file changed?"
    );
    std::fs::read_to_string(path).with_context(unread)
}

/// Appends the outcome to the job's summary, when there is one.
pub(super) fn summarize(about: &str, outcome: &Outcome) -> anyhow::Result<()> {
    let Some(path) = place("GITHUB_STEP_SUMMARY") else {
        return Ok(());
    };
    let markdown: Format = "markdown".parse().map_err(anyhow::Error::msg)?;
    append(&path, |out| {
        markdown.write(outcome, &ReportOptions::default(), out)?;
        writeln!(out, "\n{about}.\n")
    })
}

/// Writes the step's outputs. Each has a delimiter that nobody can guess, so that no value can end
/// itself and begin another.
pub(super) fn output(values: &[(&str, String)]) -> anyhow::Result<()> {
    let Some(path) = place("GITHUB_OUTPUT") else {
        return Ok(());
    };
    append(&path, |out| {
        values.iter().try_for_each(|(name, value)| {
            let end = delimiter();
            writeln!(out, "{name}<<{end}\n{value}\n{end}")
        })
    })
}

fn place(name: &str) -> Option<PathBuf> {
    let set = env::var_os(name).filter(|value| !value.is_empty());
    set.map(PathBuf::from)
}

fn append(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let open = || OpenOptions::new().append(true).create(true).open(path);
    let written = open().and_then(|file: File| {
        let mut out = BufWriter::new(file);
        redacted(&mut out, write)?;
        out.flush()
    });
    written.with_context(|| format!("{}: cannot be written", path.display()))
}

/// 128 random bits: the keys of a hash map's state come from the system.
fn delimiter() -> String {
    let random = || RandomState::new().hash_one(0_u8);
    format!("jvxleaks_{:016x}{:016x}", random(), random())
}
