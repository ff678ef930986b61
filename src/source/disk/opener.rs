//! Opens files for reading. Most files stand in the folder of the one before, and are opened by their name in
//! it: the way there, which costs as much as the file itself, is gone once a folder.

use std::fs::File;
use std::io;
use std::path::Path;

/// One thread's way to files.
#[cfg(unix)]
#[derive(Debug, Default)]
pub(super) struct Opener {
    /// The path of the folder that the file before was in.
    path: Vec<u8>,
    /// That folder, once a second file in it is asked for.
    folder: Option<std::os::fd::OwnedFd>,
}

#[cfg(unix)]
impl Opener {
    /// Opens for reading. Never waits: a file that was replaced by a FIFO since it was listed must not
    /// hang the scan.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(in crate::source) fn open(&mut self, path: &Path) -> io::Result<File> {
        match self.open_in_folder(path) {
            Some(file) => Ok(file),
            None => {
                // Where few files may be open, it is one too many.
                self.folder = None;
                system::open(rustix::fs::CWD, path)
            }
        }
    }

    /// The file, if it stands in the folder of the one before and can be opened there.
    fn open_in_folder(&mut self, path: &Path) -> Option<File> {
        use std::os::unix::ffi::OsStrExt;
        let path = path.as_os_str().as_bytes();
        let (folder, name) = path.split_at(path.iter().rposition(|byte| *byte == b'/')? + 1);
        if self.path != folder {
            self.folder = None;
            self.path.clear();
            self.path.extend_from_slice(folder);
            return None;
        }
        if self.folder.is_none() {
            self.folder = system::open_folder(folder).ok();
        }
        system::open(self.folder.as_ref()?, name).ok()
    }
}

#[cfg(unix)]
mod system {
    use rustix::fs::{Mode, OFlags};
    use rustix::io::retry_on_intr;
    use rustix::path::Arg;
    use std::fs::File;
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};

    /// Opens a folder only to open what is in it, where the system tells that apart from reading it.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const WAY: OFlags = OFlags::PATH;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const WAY: OFlags = OFlags::RDONLY;

    pub(in crate::source) fn open(folder: impl AsFd, name: impl Arg + Copy) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let open = || rustix::fs::openat(&folder, name, flags, Mode::empty());
        Ok(retry_on_intr(open)?.into())
    }

    pub(super) fn open_folder(path: &[u8]) -> io::Result<OwnedFd> {
        let flags = WAY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let open = || rustix::fs::open(path, flags, Mode::empty());
        Ok(retry_on_intr(open)?)
    }
}

/// One thread's way to files.
#[cfg(not(unix))]
#[derive(Debug, Default)]
pub(super) struct Opener;

#[cfg(not(unix))]
impl Opener {
    /// Opens for reading.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub(in crate::source) fn open(&mut self, path: &Path) -> io::Result<File> {
        File::open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn text(opener: &mut Opener, path: &Path) -> String {
        io::read_to_string(opener.open(path).unwrap()).unwrap()
    }

    #[test]
    fn files_are_those_at_their_paths_whatever_was_opened_before() {
        let temporary = tempfile::tempdir().unwrap();
        let path = |name: &str| temporary.path().join(name);
        fs::create_dir_all(path("a/b")).unwrap();
        let names = ["1", "2", "a/1", "a/2", "a/b/1", "a/b/2", "a/3"];
        for name in names {
            fs::write(path(name), name).unwrap();
        }
        let mut opener = Opener::default();
        for name in names.iter().chain(names.iter().rev()) {
            for _ in 0..2 {
                assert_eq!(text(&mut opener, &path(name)), *name);
            }
        }
        for missing in ["a/4", "a/b/c/1"] {
            let error = opener.open(&path(missing)).map(drop).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound, "{missing}");
        }
    }

    #[test]
    fn a_folder_that_another_took_the_place_of_is_the_new_one() {
        let temporary = tempfile::tempdir().unwrap();
        let path = |name: &str| temporary.path().join(name);
        fs::create_dir(path("folder")).unwrap();
        for name in ["folder/1", "folder/2"] {
            fs::write(path(name), name).unwrap();
        }
        let mut opener = Opener::default();
        assert_eq!(text(&mut opener, &path("folder/1")), "folder/1");
        assert_eq!(text(&mut opener, &path("folder/2")), "folder/2");
        fs::rename(path("folder"), path("gone")).unwrap();
        fs::create_dir(path("folder")).unwrap();
        fs::write(path("folder/3"), "new").unwrap();
        assert_eq!(text(&mut opener, &path("folder/3")), "new");
    }
}
