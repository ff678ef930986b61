//! What earlier audits of a repository read, in the user's cache folder. A cache that cannot be
//! read or written costs time and nothing else, so neither is an error.

use super::super::args::CacheCommand;
use super::super::exit::Exit;
use super::super::output;
use super::super::user_folder::user_folder;
use anyhow::Context as _;
use jvxleaks::rules::RuleSet;
use jvxleaks::source::{GitRepo, Seen};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What a file of the cache is called behind its last dot.
const EXTENSION: &str = "seen";

/// Runs one of the commands about the cache.
pub(in crate::cli) fn run(command: &CacheCommand) -> anyhow::Result<Exit> {
    let CacheCommand::Clean { cache_dir } = command;
    let folder = cache_dir.clone().or_else(folder);
    let folder =
        folder.context("there is no cache folder; set HOME, or name one with --cache-dir")?;
    let (count, bytes) = clean(&folder)?;
    let files = if count == 1 { "file" } else { "files" };
    output::say(&format!(
        "{}: removed {count} {files}, {bytes} bytes",
        folder.display()
    ));
    Ok(Exit::Clean)
}

/// Removes the files that audits wrote, and nothing else that lies there. Gives how many, and their bytes.
fn clean(folder: &Path) -> anyhow::Result<(usize, u64)> {
    let (mut count, mut bytes) = (0, 0);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == NotFound => return Ok((0, 0)),
        entries => entries.with_context(|| format!("cannot read {}", folder.display()))?,
    };
    for entry in entries {
        let path = entry
            .with_context(|| format!("cannot read {}", folder.display()))?
            .path();
        if path.extension().is_some_and(|end| end == EXTENSION) {
            let size = path.symlink_metadata().map_or(0, |about| about.len());
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            (count, bytes) = (count + 1, bytes + size);
        }
    }
    Ok((count, bytes))
}

/// The cache of one repository.
pub(in crate::cli) struct Cache {
    file: PathBuf,
    key: String,
    /// The day on which it was written last.
    pub(in crate::cli) written: Option<String>,
    /// What is known; an audit adds to it.
    pub(in crate::cli) seen: Seen,
}

impl Cache {
    /// What was read of `repo` with these rules, of blobs up to `longest` bytes; none where the user
    /// has no cache folder and names none.
    pub(in crate::cli) fn open(
        repo: &GitRepo,
        rules: &RuleSet,
        longest: u64,
        named: Option<&Path>,
    ) -> Option<Self> {
        let place = repo.git_dir().as_os_str().as_encoded_bytes();
        let folder = named.map(Path::to_owned).or_else(folder)?;
        let file = folder.join(format!("{}.{EXTENSION}", hex(&[place])));
        let limit = longest.to_le_bytes();
        let key = hex(&[
            place,
            rules.identity().as_bytes(),
            build().as_bytes(),
            &limit,
        ]);
        let text = fs::read_to_string(&file).unwrap_or_default();
        let seen = Seen::parse(&text, &key);
        let written = day(&file);
        Some(Self {
            file,
            key,
            written,
            seen,
        })
    }

    /// Writes down what is known now.
    pub(super) fn save(&self) {
        if self.seen.has_news() && self.file.parent().is_some_and(make) {
            let text = self.seen.to_text(&self.key);
            let _ = output::replace_private(&self.file, text.as_bytes());
        }
    }
}

/// The day of a file's last change, as `2026-01-31`.
fn day(file: &Path) -> Option<String> {
    let changed = fs::metadata(file).and_then(|file| file.modified()).ok()?;
    let changed = jiff::Timestamp::try_from(changed).ok()?;
    Some(changed.strftime("%F").to_string())
}

/// `$XDG_CACHE_HOME/jvxleaks`, or what stands for it on this system.
fn folder() -> Option<PathBuf> {
    user_folder("XDG_CACHE_HOME", ".cache", "LOCALAPPDATA")
}

/// Makes the folder, for its owner alone.
fn make(folder: &Path) -> bool {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).is_ok()
}

/// The version, and what tells two builds of it apart: another build may find more.
fn build() -> String {
    let program = std::env::current_exe().and_then(fs::metadata).ok();
    let changed = program.as_ref().and_then(|p| p.modified().ok());
    let changed = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let size = program.map(|p| p.len());
    format!("{} {size:?} {changed:?}", env!("CARGO_PKG_VERSION"))
}

fn hex(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    bytes[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
