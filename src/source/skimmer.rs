//! Reads small files whole, and large ones window by window while each is in the processor's cache: only
//! those with a sign of something in them are read whole too. A quarter of the Linux tree's bytes are in
//! files of more than a megabyte, and skimming them makes a scan of it 6 % shorter.
//!
//! What a folder lists as a file is read at once. Only what does not end within the first window, or is
//! none after all, is asked what it is: one system call less for nearly all files, or 1 % of a scan.

use super::Consumer;
use super::disk::read::{self, FileContent, FileReader, Size};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

/// Larger files are skimmed, this many bytes at a time: what the cache of a core has room for.
const WINDOW: usize = 256 << 10;

/// One thread's reader that may skim.
pub(super) struct Skimmer<'s> {
    reader: FileReader,
    window: Vec<u8>,
    consumer: &'s dyn Consumer,
}

/// What was read of a file.
pub(super) enum Skimmed<'a> {
    /// All of it, and it is here.
    Content(FileContent<'a>),
    /// All of these many bytes, in which there is no sign of anything.
    Signless(u64),
}

impl<'s> Skimmer<'s> {
    /// Refuses files of more than `limit` bytes, and asks `consumer` which of the others are read whole.
    pub(super) fn new(limit: u64, consumer: &'s dyn Consumer) -> Self {
        Self {
            reader: FileReader::new(limit),
            window: Vec::new(),
            consumer,
        }
    }

    /// The size in bytes past which it refuses files.
    pub(super) fn limit(&self) -> u64 {
        self.reader.limit()
    }

    /// What there is to know of what is at `path`, whatever that is.
    ///
    /// # Errors
    /// When it cannot be opened or read, or is a folder.
    pub(super) fn read(&mut self, path: &Path) -> io::Result<Skimmed<'_>> {
        let file = self.reader.open(path)?;
        match self.reader.size(&file)? {
            Size::Bytes(_) => self.content(file),
            Size::Not(content) => Ok(Skimmed::Content(content)),
        }
    }

    /// The same of what a folder has just listed as a regular file.
    ///
    /// # Errors
    /// When it cannot be opened or read, or has become a folder.
    pub(super) fn read_listed(&mut self, path: &Path) -> io::Result<Skimmed<'_>> {
        let file = self.reader.open(path)?;
        self.content(file)
    }

    fn content(&mut self, mut file: File) -> io::Result<Skimmed<'_>> {
        self.window.clear();
        self.window.reserve_exact(WINDOW);
        let first = read::fill(&file, &mut self.window, WINDOW);
        let small = 1..WINDOW.min(usize::try_from(self.limit()).unwrap_or(usize::MAX));
        if first.is_ok() && small.contains(&self.window.len()) {
            return Ok(Skimmed::Content(FileContent::Bytes(&self.window)));
        }
        let size = match self.reader.size(&file)? {
            Size::Bytes(size) => size,
            Size::Not(content) => return Ok(Skimmed::Content(content)),
        };
        first?;
        if size > WINDOW as u64
            && let Some(read) = self.signless(&file, size)?
        {
            return Ok(Skimmed::Signless(read));
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(Skimmed::Content(self.reader.whole(&file, size)?))
    }

    /// How many bytes were read of a file whose first are in the window, if there is no sign of anything in
    /// them.
    fn signless(&mut self, file: &File, size: u64) -> io::Result<Option<u64>> {
        let consumer = self.consumer;
        if consumer.reach() > WINDOW / 2 {
            return Ok(None);
        }
        let window = &mut self.window;
        let (mut read, mut kept) = (0, 0);
        loop {
            if consumer.has_sign(window) {
                return Ok(None);
            }
            read += (window.len() - kept) as u64;
            if read >= size || window.len() < window.capacity() {
                return Ok(Some(read));
            }
            // What begins at the end of this window is whole in the next.
            kept = consumer.reach();
            window.drain(..window.len() - kept);
            let left = usize::try_from(size - read).unwrap_or(usize::MAX);
            read::fill(file, window, left.saturating_add(kept))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Event;
    use super::*;

    /// Looks for a word.
    struct Word(&'static [u8]);

    impl Consumer for Word {
        fn take(&self, _: Event<'_>) {}

        fn has_sign(&self, bytes: &[u8]) -> bool {
            memchr::memmem::find(bytes, self.0).is_some()
        }

        fn reach(&self) -> usize {
            self.0.len()
        }
    }

    /// True when a file of `size` bytes with the word at `at` is read whole, and as it is.
    fn is_read_whole(size: usize, at: Option<usize>) -> bool {
        let word = Word(b"sign");
        let mut text = vec![b'.'; size];
        if let Some(at) = at {
            text[at..at + 4].copy_from_slice(b"sign");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &text).unwrap();
        let mut skimmer = Skimmer::new(u64::MAX, &word);
        match skimmer.read(file.path()).unwrap() {
            Skimmed::Content(FileContent::Bytes(bytes)) => {
                assert!(bytes == text, "{size} bytes, word at {at:?}");
                true
            }
            Skimmed::Content(other) => panic!("{other:?}"),
            Skimmed::Signless(read) => {
                assert_eq!(read, size as u64, "word at {at:?}");
                false
            }
        }
    }

    #[test]
    fn a_word_is_seen_wherever_a_window_ends() {
        let size = 3 * WINDOW;
        for end in [WINDOW, 2 * WINDOW - 4, 3 * WINDOW - 9] {
            for at in end - 6..end + 6 {
                assert!(is_read_whole(size, Some(at)), "{at}");
            }
        }
        assert!(is_read_whole(size, Some(0)));
        assert!(is_read_whole(size, Some(size - 4)));
    }

    #[test]
    fn a_large_file_without_a_word_is_read_to_its_end() {
        for size in [
            WINDOW + 1,
            WINDOW + 4,
            2 * WINDOW - 4,
            2 * WINDOW,
            5 * WINDOW + 3,
        ] {
            assert!(!is_read_whole(size, None), "{size}");
        }
    }

    #[test]
    fn a_small_file_is_read_whole() {
        for size in [1, 4096, WINDOW] {
            assert!(is_read_whole(size, None), "{size}");
        }
    }

    #[test]
    fn what_is_listed_as_a_file_is_asked_what_it_is_where_that_matters() {
        let folder = tempfile::tempdir().unwrap();
        let (large, empty) = (folder.path().join("large"), folder.path().join("empty"));
        std::fs::write(&large, "0123456789").unwrap();
        std::fs::write(&empty, "").unwrap();
        let listed = |limit, path: &Path| {
            let mut skimmer = Skimmer::new(limit, &|_: Event<'_>| {});
            let read = skimmer.read_listed(path).map(|read| match read {
                Skimmed::Content(content) => format!("{content:?}"),
                Skimmed::Signless(size) => format!("{size} without a sign"),
            });
            read.unwrap_or_else(|error| error.kind().to_string())
        };
        assert_eq!(listed(9, &large), "TooLarge(10)");
        assert!(listed(10, &large).starts_with("Bytes("));
        assert_eq!(listed(10, &empty), "Bytes([])");
        if cfg!(unix) {
            assert_eq!(listed(10, folder.path()), "is a directory");
            assert_eq!(listed(10, Path::new("/dev/null")), "Special");
        }
    }
}
