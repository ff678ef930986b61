//! Where a blob is, in a form that is the same on every system.

use std::fmt;
use std::path::{Path, PathBuf};

/// A path relative to the scanned root, with `/` between its parts, as bytes.
///
/// Git and Unix paths need not be UTF-8; `Display` replaces what is not and is for people, while
/// [`BlobPath::as_bytes`] is exact. Reports escape control characters themselves.
///
/// The path of an archive's member starts with that of the archive: `outer.zip!/inner/config.env`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobPath {
    bytes: Vec<u8>,
    member: Option<MemberAt>,
}

/// Where in the path of an archive's member its parts are, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct MemberAt {
    /// The end of the file's path.
    file_end: usize,
    /// The start of the path in the innermost archive.
    own_start: usize,
}

/// What the name of a file is reported as; no member of an archive is called so.
const NAME: &[u8] = b"(name)";

/// What stands between an archive's path and that of its member.
const INSIDE: &[u8] = b"!/";

impl BlobPath {
    /// A path from its bytes, `/`-separated already (git's own form).
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            member: None,
        }
    }

    /// The path of a member of the archive at this path.
    #[must_use]
    pub fn member(&self, name: &[u8]) -> Self {
        let file_end = self.member.map_or(self.bytes.len(), |at| at.file_end);
        let own_start = self.bytes.len() + INSIDE.len();
        Self {
            bytes: [&self.bytes, INSIDE, name].concat(),
            member: Some(MemberAt {
                file_end,
                own_start,
            }),
        }
    }

    /// The path under which the name of the file or folder at this path is reported, as a text of its own.
    #[must_use]
    pub fn name(&self) -> Self {
        self.member(NAME)
    }

    /// True for [`BlobPath::name`] of some path.
    pub fn is_name(&self) -> bool {
        self.inside_file().strip_prefix(INSIDE) == Some(NAME)
    }

    /// The path with each of its parts replaced: that of the file, and each name in an archive.
    #[must_use]
    pub fn map(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let Some(at) = self.member else {
            return Self::from_bytes(change(&self.bytes));
        };
        let file = Self::from_bytes(change(&self.bytes[..at.file_end]));
        let between = self
            .bytes
            .get(at.file_end + INSIDE.len()..at.own_start - INSIDE.len());
        let outer = between.map_or(file.clone(), |name| file.member(&change(name)));
        outer.member(&change(&self.bytes[at.own_start..]))
    }

    /// The path with that of the file replaced, and the names in archives as they are.
    #[must_use]
    pub fn map_file(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let end = self.member.map_or(self.bytes.len(), |at| at.file_end);
        let file = change(&self.bytes[..end]);
        let member = self.member.map(|at| MemberAt {
            file_end: file.len(),
            own_start: file.len() + (at.own_start - end),
        });
        Self {
            bytes: [&file, &self.bytes[end..]].concat(),
            member,
        }
    }

    /// The file that holds the outermost archive, for the path of a member.
    pub fn archive(&self) -> Option<Self> {
        let at = self.member?;
        Some(Self::from_bytes(&self.bytes[..at.file_end]))
    }

    /// The path in the innermost archive, for the path of a member.
    pub fn in_archive(&self) -> Option<Self> {
        let at = self.member?;
        Some(Self::from_bytes(&self.bytes[at.own_start..]))
    }

    /// What the path of a member has after that of the file: `!/inner/config.env`, else nothing.
    pub fn inside_file(&self) -> &[u8] {
        let at = self.member.map_or(self.bytes.len(), |at| at.file_end);
        &self.bytes[at..]
    }

    /// As a path of this system.
    pub fn to_native(&self) -> PathBuf {
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            PathBuf::from(std::ffi::OsStr::from_bytes(&self.bytes))
        }
        #[cfg(not(unix))]
        {
            PathBuf::from(String::from_utf8_lossy(&self.bytes).into_owned())
        }
    }

    /// A path of this system. A leading `./` is dropped; on Windows `\` becomes `/`.
    pub fn from_native(path: &Path) -> Self {
        let mut new = Self::default();
        new.set_native(path);
        new
    }

    /// Becomes `path`, as [`BlobPath::from_native`] has it, in the memory it already holds.
    pub fn set_native(&mut self, path: &Path) {
        self.set_under(path, Path::new("."));
    }

    /// Becomes the part of `path` below `base`, which is `.` for `base` itself, or the whole of it if it is not
    /// below, in the memory it already holds. Called for every file, so it compares bytes and not
    /// components.
    pub fn set_under(&mut self, path: &Path, base: &Path) {
        self.bytes.clear();
        self.member = None;
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt;
            let (path, base) = (path.as_os_str().as_bytes(), base.as_os_str().as_bytes());
            let base = base.strip_suffix(b"/").unwrap_or(base);
            self.bytes.extend_from_slice(match path.strip_prefix(base) {
                Some(b"" | b"/") => b".",
                Some([b'/', below @ ..]) => below,
                _ => path,
            });
        }
        #[cfg(not(unix))]
        {
            let below = path.strip_prefix(base).ok();
            let below = below.map(|rest| match rest.as_os_str().is_empty() {
                true => Path::new("."),
                false => rest,
            });
            let path = below.unwrap_or(path).to_string_lossy().replace('\\', "/");
            self.bytes.extend_from_slice(path.as_bytes());
        }
    }

    /// The exact bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// True for what is on a web server: `https://example.com/app.js`. No system has two slashes in a path.
    pub fn is_url(&self) -> bool {
        let scheme = self.bytes.iter().position(|b| *b == b':');
        scheme.is_some_and(|end| self.bytes[end..].starts_with(b"://"))
    }

    /// The last part, after the final `/`.
    pub fn file_name(&self) -> &[u8] {
        self.bytes.rsplit(|b| *b == b'/').next().unwrap_or_default()
    }

    /// What follows the last dot of the file name, if there is one that is not its first byte.
    pub fn extension(&self) -> Option<&[u8]> {
        let name = self.file_name();
        let dot = name.iter().rposition(|b| *b == b'.').filter(|d| *d > 0)?;
        Some(&name[dot + 1..])
    }

    /// The folders above the file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &[u8]> {
        let parts = self.bytes.split(|b| *b == b'/');
        let count = self.bytes.iter().filter(|b| **b == b'/').count();
        parts.take(count)
    }
}

impl fmt::Display for BlobPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&String::from_utf8_lossy(&self.bytes))
    }
}

impl From<&str> for BlobPath {
    fn from(path: &str) -> Self {
        Self::from_bytes(path.as_bytes())
    }
}
