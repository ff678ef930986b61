//! The file of a run while it is made: each record is written when its repository is done, so that a run that is ended goes
//! on where it was.

use super::super::super::output;
use anyhow::Context as _;
use jvxleaks::fleet::{Head, RecordsRead, RepositoryRecord, read_records};
use jvxleaks::model::lock;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Records that are made, and those of earlier runs.
pub(super) struct Journal {
    output: PathBuf,
    part: PathBuf,
    head: Head,
    written: Mutex<Written>,
    /// What earlier runs with the same head say.
    known: BTreeMap<String, RepositoryRecord>,
}

struct Written {
    file: File,
    end: u64,
    /// Where the line of each repository is, by its name.
    lines: BTreeMap<String, Range<u64>>,
}

impl Journal {
    /// Begins a file, or goes on with one that a run left which was ended. Unless it is to be `is_fresh`, a finished one tells
    /// what is known.
    ///
    /// # Errors
    /// When another run writes it, or it cannot be written.
    pub(super) fn open(output: &Path, head: Head, is_fresh: bool) -> anyhow::Result<Self> {
        let mut name = OsString::from(output);
        name.push(".part");
        let part = PathBuf::from(name);
        let shown = part.display().to_string();
        let cannot = || format!("{shown}: cannot be written; choose another file with --output");
        may_be_replaced(output)?;
        may_be_replaced(&part)?;
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&part).with_context(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "{shown}: another run writes it; wait for that one, or choose another file with --output"
            ),
            Err(TryLockError::Error(why)) => return Err(why).with_context(cannot),
        }
        let mut known = BTreeMap::new();
        if let Some(finished) = File::open(output).ok().filter(|_| !is_fresh) {
            take(&finished, &head, &mut known);
        }
        let end = match take(&file, &head, &mut known) {
            // What is behind the last whole line was being written when the run was ended.
            Some(read) if read.head == head => read.end,
            // Another list: what is known is written anew when its repositories are done.
            _ => 0,
        };
        file.set_len(end).with_context(cannot)?;
        file.seek(SeekFrom::Start(end)).with_context(cannot)?;
        let line = if end == 0 {
            head.line()?
        } else {
            String::new()
        };
        file.write_all(line.as_bytes()).with_context(cannot)?;
        known.retain(|_, record| record.is_whole());
        Ok(Self {
            output: output.to_owned(),
            part,
            head,
            written: Mutex::new(Written {
                file,
                end: end + line.len() as u64,
                lines: BTreeMap::new(),
            }),
            known,
        })
    }

    /// What an earlier run says of a repository.
    pub(super) fn known(&self, name: &str) -> Option<&RepositoryRecord> {
        self.known.get(name)
    }

    /// Writes a record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&self, record: &RepositoryRecord) -> io::Result<()> {
        let line = record.line()?;
        let mut written = lock(&self.written);
        written.file.write_all(line.as_bytes())?;
        let start = written.end;
        written.end += line.len() as u64;
        let range = start..written.end;
        written.lines.insert(record.name.clone(), range);
        Ok(())
    }

    /// Puts the whole file in its place, in order of the names.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Written {
            mut file, lines, ..
        } = jvxleaks::model::unlock(self.written);
        output::to_file(&self.output, |out| {
            out.write_all(self.head.line()?.as_bytes())?;
            for range in lines.values() {
                file.seek(SeekFrom::Start(range.start))?;
                let length = range.end - range.start;
                let copied = io::copy(&mut (&mut file).take(length), out)?;
                if copied != length {
                    return Err(io::Error::other(
                        "the file of the run was cut off meanwhile",
                    ));
                }
            }
            out.write_all(Head::end(lines.len())?.as_bytes())
        })?;
        let _ = fs::remove_file(&self.part);
        Ok(())
    }
}

/// Refuses a place in which something else is than records.
fn may_be_replaced(path: &Path) -> anyhow::Result<()> {
    let shown = path.display();
    let Ok(about) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    anyhow::ensure!(
        about.is_file(),
        "{shown}: it is no regular file; choose another file with --output"
    );
    let file = File::open(path).with_context(|| format!("{shown}: cannot be read"))?;
    let is_empty = about.len() == 0;
    anyhow::ensure!(
        is_empty || read_records(BufReader::new(file), &mut |_, _| ()).is_ok(),
        "{shown}: it is there and holds no records; choose another file with --output, or remove it"
    );
    Ok(())
}

/// Takes over the records of a file that was made alike, of whatever list. Gives what the file is, if it is one.
fn take(
    file: &File,
    head: &Head,
    known: &mut BTreeMap<String, RepositoryRecord>,
) -> Option<RecordsRead> {
    let mut records = BTreeMap::new();
    let read = read_records(BufReader::new(file), &mut |record, _| {
        records.insert(record.name.clone(), record);
    });
    let made = |head: &Head| {
        let Head {
            versions,
            rules,
            fingerprint_keys,
            ..
        } = head.clone();
        (versions, rules, fingerprint_keys)
    };
    let read = read.ok()?;
    if made(&read.head) == made(head) {
        known.extend(records);
    }
    Some(read)
}
