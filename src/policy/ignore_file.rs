//! `.gitleaksignore`: places that another tool was told to ignore.
//!
//! Its rules have other names than ours, so a place counts for all of them
//! (<https://github.com/gitleaks/gitleaks#gitleaksignore>).

use crate::model::{BlobPath, Finding, Origin};
use std::collections::{HashMap, HashSet};

/// The name of the file, in the scanned root.
pub const IGNORE_FILE: &str = ".gitleaksignore";

/// The places of an ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreFile {
    /// Path and line, with the commits it counts for; none stands for everywhere.
    places: HashMap<(BlobPath, usize), HashSet<String>>,
    /// Lines that are no place, counted from 1.
    pub broken: Vec<usize>,
}

impl IgnoreFile {
    /// Reads lines such as `path:rule:line` and `commit:path:rule:line`; `#` begins a comment.
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match place(line) {
                Some((commit, key)) => {
                    file.places
                        .entry(key)
                        .or_default()
                        .insert(commit.to_owned());
                }
                None => file.broken.push(number),
            }
        }
        file
    }

    /// True when the place of a finding, which the file calls `path`, is to be ignored. A line
    /// with a commit speaks of findings in that commit only.
    pub(super) fn covers(&self, finding: &Finding, path: &BlobPath) -> bool {
        if self.places.is_empty() {
            return false;
        }
        let commits = self.places.get(&(path.clone(), finding.place.line));
        let commit = match &finding.origin {
            Origin::Commit { commit, .. } => commit.as_str(),
            _ => "",
        };
        commits.is_some_and(|commits| commits.contains("") || commits.contains(commit))
    }
}

/// The path of an archive's member as gitleaks writes it, `a.zip!b.env`
/// (<https://github.com/gitleaks/gitleaks#archive-scanning>).
pub(super) fn as_gitleaks(path: &BlobPath) -> BlobPath {
    BlobPath::from(path.to_string().replace("!/", "!").as_str())
}

/// The commit (empty if there is none), path and line. Read from the right: a path may hold `:`.
fn place(text: &str) -> Option<(&str, (BlobPath, usize))> {
    let (rest, line) = text.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let is_commit = |word: &str| word.len() >= 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let (commit, path) = match rest.split_once(':') {
        Some((commit, path)) if is_commit(commit) => (commit, path),
        _ => ("", rest),
    };
    let whole = !rule.is_empty() && !path.is_empty();
    whole.then(|| {
        (
            commit,
            (BlobPath::from(path.replace('\\', "/").as_str()), line),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_places_with_or_without_a_commit() {
        let commit = "3f2a9c1e".repeat(5);
        let (found, key) = place("C:\\a\\b.js:generic-api-key:12").unwrap();
        assert_eq!((found, key.1), ("", 12));
        assert_eq!(key.0.to_string(), "C:/a/b.js");
        let line = format!("{commit}:src/a:b.js:rule:3");
        let (found, key) = place(&line).unwrap();
        assert_eq!(
            (found, key.0.to_string(), key.1),
            (commit.as_str(), "src/a:b.js".to_owned(), 3)
        );
    }

    #[test]
    fn comments_are_skipped_and_broken_lines_are_known() {
        let file = IgnoreFile::parse("# a:b:1\n\na.js:rule:1\r\nnothing\na.js:rule:x\n:rule:1\n");
        assert_eq!(file.places.len(), 1);
        assert_eq!(file.broken, [4, 5, 6]);
    }
}
