//! Reads one file into a buffer that is used again for the next: four system calls a file, and no
//! allocation once the buffer has grown to the size of ordinary files.

use super::super::remedy::with_remedy;
use super::opener::Opener;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A buffer that grew past this many bytes is given back after the file that needed it.
const KEEP: usize = 16 << 20;

/// First size of the buffer, in bytes: most source files fit, and it fits into the cache of a core.
const FIRST: usize = 256 << 10;

/// What a path turned out to be.
#[derive(Debug)]
pub(in crate::source) enum FileContent<'a> {
    /// A regular file's bytes.
    Bytes(&'a [u8]),
    /// A FIFO, socket or device: reading it could block or never end.
    Special,
    /// Larger than the limit; the size in bytes.
    TooLarge(u64),
}

/// How large a file is.
pub(in crate::source) enum Size {
    /// A regular file of so many bytes.
    Bytes(u64),
    /// Something that is not read.
    Not(FileContent<'static>),
}

/// One thread's reading buffer.
#[derive(Debug)]
pub(in crate::source) struct FileReader {
    buffer: Vec<u8>,
    limit: u64,
    opener: Opener,
}

impl FileReader {
    /// A reader that refuses files of more than `limit` bytes.
    pub(in crate::source) fn new(limit: u64) -> Self {
        Self {
            buffer: Vec::new(),
            limit,
            opener: Opener::default(),
        }
    }

    /// The size in bytes past which it refuses files.
    pub(in crate::source) fn limit(&self) -> u64 {
        self.limit
    }

    /// The content of the file at `path`, as it was when it was opened.
    ///
    /// # Errors
    /// When the file cannot be opened or read.
    pub(in crate::source) fn read(&mut self, path: &Path) -> io::Result<FileContent<'_>> {
        let file = self.open(path)?;
        match self.size(&file)? {
            Size::Bytes(size) => self.whole(&file, size),
            Size::Not(content) => Ok(content),
        }
    }

    /// Opens what is at `path`.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub(in crate::source) fn open(&mut self, path: &Path) -> io::Result<File> {
        self.opener.open(path)
    }

    /// The size of what was opened, if it is to be read.
    ///
    /// # Errors
    /// When it is a folder.
    pub(in crate::source) fn size(&self, file: &File) -> io::Result<Size> {
        let (kind, size) = system::kind_and_size(file)?;
        Ok(match kind {
            FileKind::Folder => return Err(io::ErrorKind::IsADirectory.into()),
            FileKind::Special => Size::Not(FileContent::Special),
            FileKind::File if size > self.limit => Size::Not(FileContent::TooLarge(size)),
            FileKind::File => Size::Bytes(size),
        })
    }

    /// The content of an open file that had `size` bytes when it was opened.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(in crate::source) fn whole(
        &mut self,
        file: &File,
        size: u64,
    ) -> io::Result<FileContent<'_>> {
        self.buffer.clear();
        let Ok(size @ 1..) = usize::try_from(size) else {
            return self.read_unsized(file);
        };
        self.make_room(size);
        fill(file, &mut self.buffer, size)?;
        // What was added to the file since it was opened.
        self.buffer.truncate(size);
        Ok(FileContent::Bytes(&self.buffer))
    }

    /// Files such as those in `/proc` say that they are empty and are not.
    fn read_unsized(&mut self, file: &File) -> io::Result<FileContent<'_>> {
        let size = file.take(self.limit + 1).read_to_end(&mut self.buffer)? as u64;
        if size > self.limit {
            return Ok(FileContent::TooLarge(size));
        }
        Ok(FileContent::Bytes(&self.buffer))
    }

    fn make_room(&mut self, size: usize) {
        if self.buffer.capacity() > KEEP && size <= KEEP {
            self.buffer = Vec::new();
        }
        self.buffer.reserve_exact(size.max(FIRST));
    }
}

/// True where nothing is: also below a file, as in `README.md/docs`.
pub(super) fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// Why something could not be read, and what to do.
pub(in crate::source) fn unreadable(error: &io::Error) -> String {
    let next = match error.kind() {
        io::ErrorKind::PermissionDenied => "run as a user who may read it, or leave it out",
        io::ErrorKind::NotFound => "it vanished during the scan; run it again",
        _ => "run the scan again, or check the file system",
    };
    with_remedy(format!("cannot be read: {error}"), next)
}

/// What an open file is.
enum FileKind {
    File,
    Folder,
    Special,
}

/// Reads until `buffer` has `full` bytes, or its room is used up, or the file ends. It may have more than `full`
/// then, if it has room for them.
///
/// # Errors
/// When the file cannot be read.
pub(in crate::source) fn fill(file: &File, buffer: &mut Vec<u8>, full: usize) -> io::Result<()> {
    while buffer.len() < full.min(buffer.capacity()) {
        match system::append(file, buffer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// The system calls themselves: a scan of small files spends more on what the standard library does around
/// them (all that `statx` knows of a file, C's points of cancellation) than on the search.
#[cfg(unix)]
mod system {
    use super::FileKind;
    use rustix::buffer::spare_capacity;
    use rustix::fs::FileType;
    use std::fs::File;
    use std::io;

    /// The size in bytes.
    pub(super) fn kind_and_size(file: &File) -> io::Result<(FileKind, u64)> {
        let stat = rustix::fs::fstat(file)?;
        let kind = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => FileKind::File,
            FileType::Directory => FileKind::Folder,
            _ => FileKind::Special,
        };
        Ok((kind, u64::try_from(stat.st_size).unwrap_or(0)))
    }

    /// Reads once into what room `buffer` has left, which nobody need have filled before.
    pub(super) fn append(file: &File, buffer: &mut Vec<u8>) -> io::Result<usize> {
        Ok(rustix::io::read(file, spare_capacity(buffer))?)
    }
}

#[cfg(not(unix))]
mod system {
    use super::FileKind;
    use std::fs::File;
    use std::io::{self, Read};

    /// The size in bytes.
    pub(super) fn kind_and_size(file: &File) -> io::Result<(FileKind, u64)> {
        let metadata = file.metadata()?;
        let kind = match metadata.file_type() {
            kind if kind.is_file() => FileKind::File,
            kind if kind.is_dir() => FileKind::Folder,
            _ => FileKind::Special,
        };
        Ok((kind, metadata.len()))
    }

    /// Reads until `buffer` has no room left.
    pub(super) fn append(file: &File, buffer: &mut Vec<u8>) -> io::Result<usize> {
        let room = buffer.capacity() - buffer.len();
        file.take(room as u64).read_to_end(buffer)
    }
}
