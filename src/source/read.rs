//! Reads one file into a buffer that is used again for the next: four system calls a file, and no
//! allocation once the buffer has grown to the size of ordinary files.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// A buffer that grew past this many bytes is given back after the file that needed it.
const KEEP: usize = 16 << 20;

/// First size of the buffer, in bytes: most source files fit.
const FIRST: usize = 128 << 10;

/// What a path turned out to be.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// A regular file's bytes.
    Bytes(&'a [u8]),
    /// A FIFO, socket or device: reading it could block or never end.
    Special,
    /// Larger than the limit; the size in bytes.
    TooLarge(u64),
}

/// One thread's reading buffer.
#[derive(Debug)]
pub(super) struct Reader {
    buffer: Vec<u8>,
    limit: u64,
}

impl Reader {
    /// A reader that refuses files of more than `limit` bytes.
    pub(super) fn new(limit: u64) -> Self {
        Self {
            buffer: Vec::new(),
            limit,
        }
    }

    /// The content of the file at `path`, as it was when it was opened.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Content<'_>> {
        let mut file = open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Ok(Content::Special);
        }
        if metadata.len() > self.limit {
            return Ok(Content::TooLarge(metadata.len()));
        }
        self.make_room(metadata.len() as usize);
        match metadata.len() as usize {
            0 => self.read_unsized(&file),
            size => {
                let len = fill(&mut file, &mut self.buffer[..size])?;
                Ok(Content::Bytes(&self.buffer[..len]))
            }
        }
    }

    /// Files such as those in `/proc` say that they are empty and are not.
    fn read_unsized(&mut self, file: &File) -> io::Result<Content<'_>> {
        self.buffer.clear();
        let size = file.take(self.limit + 1).read_to_end(&mut self.buffer)? as u64;
        if size > self.limit {
            return Ok(Content::TooLarge(size));
        }
        Ok(Content::Bytes(&self.buffer))
    }

    fn make_room(&mut self, size: usize) {
        if self.buffer.capacity() > KEEP && size <= KEEP {
            self.buffer = Vec::new();
        }
        if self.buffer.len() < size {
            self.buffer.resize(size.max(FIRST), 0);
        }
    }
}

/// Reads until `buffer` is full or the file ends; gives the number of bytes read.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match file.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(n) => len += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(len)
}

/// Opens for reading. Never waits: a file that was replaced by a FIFO since it was listed must not
/// hang the scan.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC;
    OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
