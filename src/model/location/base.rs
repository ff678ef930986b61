//! From paths as the scan names them to paths as seen from another folder.

use super::super::BlobPath;
use std::borrow::Cow;

/// Where blob paths begin, seen from another folder: that of a configuration, the root of a
/// repository, or the current one.
///
/// The default leaves all paths as they are.
///
/// `jvxleaks scan src` calls a file `a.js` that the configuration beside `src` calls `src/a.js`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The folder that they are seen from, absolute, without a final `/`.
    folder: Option<Vec<u8>>,
    /// From there to where blob paths begin: empty, or ending in `/`.
    prefix: Vec<u8>,
    /// The way back, where it is below: without a final `/`.
    below: Vec<u8>,
}

impl Base {
    /// `paths` is the folder that blob paths are relative to, `folder` the one that the user's
    /// paths are relative to; both absolute. If the first is not below the second, the user's
    /// paths are taken to mean the scan's.
    pub fn new(paths: &BlobPath, folder: &BlobPath) -> Self {
        let folder = trimmed(folder.as_bytes()).to_vec();
        let below = trimmed(paths.as_bytes()).strip_prefix(folder.as_slice());
        let prefix = match below {
            Some([b'/', rest @ ..]) if !rest.is_empty() => [rest, b"/"].concat(),
            _ => Vec::new(),
        };
        Self {
            folder: Some(folder),
            prefix,
            below: Vec::new(),
        }
    }

    /// Of blobs in the folder `paths` that the user typed as `typed`, to their paths from the current folder, which is
    /// `here`. What is elsewhere keeps the path that was typed.
    pub fn typed(typed: &BlobPath, paths: &BlobPath, here: &BlobPath) -> Self {
        let from_here = Self::new(paths, here);
        let (paths, here) = (trimmed(paths.as_bytes()), trimmed(here.as_bytes()));
        if paths == here || !from_here.prefix.is_empty() {
            return from_here;
        }
        let above = here.strip_prefix(paths);
        match above.and_then(|rest| rest.strip_prefix(b"/")) {
            Some(below) => Self {
                below: below.to_vec(),
                ..from_here
            },
            None => Self {
                prefix: [trimmed(typed.as_bytes()), b"/"].concat(),
                ..from_here
            },
        }
    }

    /// The folder where blob paths begin, as it is called there; `.` where that is the same.
    pub fn start(&self) -> String {
        match trimmed(&self.prefix) {
            [] if !self.below.is_empty() => {
                let up = self.below.split(|b| *b == b'/').map(|_| "..");
                up.collect::<Vec<_>>().join("/")
            }
            [] if self.prefix.is_empty() => ".".to_owned(),
            [] => "/".to_owned(),
            start => String::from_utf8_lossy(start).into_owned(),
        }
    }

    /// A blob's path as it is called there.
    pub fn seen_from<'p>(&self, path: &'p BlobPath) -> Cow<'p, BlobPath> {
        let bytes = path.as_bytes();
        if path.is_url() {
            return Cow::Borrowed(path);
        }
        if bytes.first() == Some(&b'/') {
            let folder = self.folder.as_deref();
            let inside = folder.and_then(|folder| bytes.strip_prefix(folder));
            return match folder.filter(|_| inside.is_some_and(|rest| rest.starts_with(b"/"))) {
                Some(folder) => Cow::Owned(path.map_file(|file| file[folder.len() + 1..].to_vec())),
                None => Cow::Borrowed(path),
            };
        }
        if bytes == b"." {
            return Cow::Owned(self.start().as_str().into());
        }
        if !self.below.is_empty() {
            return Cow::Owned(path.map_file(|file| from_below(file, &self.below)));
        }
        let dotted = bytes.starts_with(b".") || bytes.windows(2).any(|pair| pair == b"/.");
        if self.prefix.is_empty() && !dotted {
            return Cow::Borrowed(path);
        }
        let joined = |file: &[u8]| without_dots(&[self.prefix.as_slice(), file].concat());
        Cow::Owned(path.map_file(joined))
    }
}

impl BlobPath {
    /// What it is called in a folder; both are absolute.
    pub fn relative_to(&self, folder: &Self) -> Self {
        let (path, folder) = (trimmed(self.as_bytes()), trimmed(folder.as_bytes()));
        match from_below(path, folder) {
            here if here.is_empty() => Self::from("."),
            way => Self::from_bytes(way),
        }
    }
}

fn trimmed(path: &[u8]) -> &[u8] {
    path.strip_suffix(b"/").unwrap_or(path)
}

/// A path as it is called in a folder below: `a/b` in `a` is `b`, `c` is `../c`.
fn from_below(path: &[u8], folder: &[u8]) -> Vec<u8> {
    let mut parts = path.split(|b| *b == b'/').peekable();
    let mut folders = folder.split(|b| *b == b'/').peekable();
    while folders.peek().is_some() && folders.peek() == parts.peek() {
        folders.next();
        parts.next();
    }
    let up = folders.map(|_| &b".."[..]);
    up.chain(parts).collect::<Vec<_>>().join(&b'/')
}

/// `a/./b/../c` is `a/c`.
fn without_dots(path: &[u8]) -> Vec<u8> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let root: &[u8] = if path.starts_with(b"/") { b"/" } else { b"" };
    [root, &parts.join(&b'/')].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(paths: &str, folder: &str, path: &str) -> String {
        let base = Base::new(&paths.into(), &folder.into());
        base.seen_from(&path.into()).to_string()
    }

    #[test]
    fn paths_are_told_from_the_folder_of_the_configuration() {
        assert_eq!(seen("/r", "/r", "a.js"), "a.js");
        assert_eq!(seen("/r/src/x", "/r", "a.js"), "src/x/a.js");
        assert_eq!(seen("/r/src", "/r", "../b/./c.js"), "b/c.js");
        assert_eq!(seen("/r", "/r", "/r/src/a.js"), "src/a.js");
        assert_eq!(seen("/r", "/r", ".env"), ".env");
        assert_eq!(seen("/", "/", "a/.b"), "a/.b");
    }

    #[test]
    fn what_was_typed_tells_where_paths_begin() {
        let told = |typed: &str, paths: &str| {
            let base = Base::typed(&typed.into(), &paths.into(), &"/r".into());
            let path = base.seen_from(&"x/.env".into()).to_string();
            format!("{} {path}", base.start())
        };
        assert_eq!(told(".", "/r"), ". x/.env");
        assert_eq!(told("./a/", "/r/a"), "a a/x/.env");
        assert_eq!(told("/r/a", "/r/a"), "a a/x/.env");
        assert_eq!(told("..", "/"), ".. ../x/.env");
        let up = Base::typed(&"..".into(), &"/r".into(), &"/r/a/b".into());
        let seen = |path: &str| up.seen_from(&path.into()).to_string();
        assert_eq!(
            [seen("a/b/c"), seen("a/d"), seen("e")],
            ["c", "../d", "../../e"]
        );
        assert_eq!([up.start(), seen(".")], ["../..", "../.."]);
        assert_eq!(told("/o/b", "/o/b"), "/o/b /o/b/x/.env");
        assert_eq!(told("/", "/"), ".. ../x/.env");
    }

    #[test]
    fn a_member_stays_one() {
        let member = BlobPath::from("b.zip").member(b"c/d.zip").member(b"e");
        for (base, path) in [
            (Base::new(&"/r/a".into(), &"/r".into()), member.clone()),
            (
                Base::new(&"/r".into(), &"/x".into()),
                member.map_file(|file| [b"/x/a/", file].concat()),
            ),
        ] {
            let seen = base.seen_from(&path).into_owned();
            assert_eq!(seen.to_string(), "a/b.zip!/c/d.zip!/e");
            assert_eq!(seen.archive(), Some("a/b.zip".into()));
            assert_eq!(seen.in_archive(), Some("e".into()));
        }
    }

    #[test]
    fn a_url_is_the_same_from_everywhere() {
        let url = "https://example.com/.well-known/a.js";
        assert_eq!(seen("/r/src", "/r", url), url);
    }

    #[test]
    fn a_configuration_from_elsewhere_speaks_of_the_scanned_paths() {
        assert_eq!(seen("/r", "/etc", "a.js"), "a.js");
        assert_eq!(seen("/rest", "/r", "a.js"), "a.js");
    }
}
