//! From paths as the scan names them to paths as seen from another folder.

use super::BlobPath;
use std::borrow::Cow;

/// Where blob paths begin, seen from another folder: that of a configuration, or the root of a
/// repository.
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
        }
    }

    /// A blob's path as it is called there.
    pub fn seen_from<'p>(&self, path: &'p BlobPath) -> Cow<'p, BlobPath> {
        let bytes = path.as_bytes();
        if bytes.first() == Some(&b'/') {
            let folder = self.folder.as_deref();
            let inside = folder.and_then(|folder| bytes.strip_prefix(folder));
            return match inside.and_then(|rest| rest.strip_prefix(b"/")) {
                Some(rest) => Cow::Owned(BlobPath::from_bytes(rest)),
                None => Cow::Borrowed(path),
            };
        }
        let dotted = bytes.starts_with(b".") || bytes.windows(2).any(|pair| pair == b"/.");
        if self.prefix.is_empty() && !dotted {
            return Cow::Borrowed(path);
        }
        let joined = [self.prefix.as_slice(), bytes].concat();
        Cow::Owned(BlobPath::from_bytes(without_dots(&joined)))
    }
}

fn trimmed(path: &[u8]) -> &[u8] {
    path.strip_suffix(b"/").unwrap_or(path)
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
    parts.join(&b'/')
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
    fn a_configuration_from_elsewhere_speaks_of_the_scanned_paths() {
        assert_eq!(seen("/r", "/etc", "a.js"), "a.js");
        assert_eq!(seen("/rest", "/r", "a.js"), "a.js");
    }
}
