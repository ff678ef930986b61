//! Which finding is meant, from what was typed.

use anyhow::Context as _;
use jvxleaks::model::{Base, BlobPath, Finding, Fingerprint};
use jvxleaks::policy::is_fingerprint;
use std::path::PathBuf;

/// What was typed to name a finding.
#[derive(Debug)]
pub(super) enum Wanted {
    /// A fingerprint.
    Id(Fingerprint),
    /// A place.
    At(At),
}

/// A place, as reports print it.
#[derive(Debug)]
pub(super) struct At {
    path: String,
    line: usize,
    column: Option<usize>,
}

impl Wanted {
    /// Reads a fingerprint, `PATH:LINE` or `PATH:LINE:COLUMN`.
    ///
    /// # Errors
    /// When it is none of these. What was typed is not repeated: it may be the secret itself.
    pub(super) fn parse(text: &str) -> anyhow::Result<Self> {
        let lower = text.to_ascii_lowercase();
        if is_fingerprint(&lower) {
            return Ok(Self::Id(Fingerprint(lower)));
        }
        let at = At::parse(text).context(
            "this is neither a fingerprint, which has 32 hexadecimal digits, nor PATH:LINE; \
             copy one of them from a report",
        )?;
        Ok(Self::At(at))
    }

    /// True for the finding that is meant; paths of files on disk and in the index are seen from `here`.
    pub(super) fn is(&self, finding: &Finding, here: &Base) -> bool {
        match self {
            Self::Id(id) => finding.fingerprint == *id,
            Self::At(at) => at.is(finding, here),
        }
    }
}

impl At {
    fn parse(text: &str) -> Option<Self> {
        let (before, last) = numbered(text)?;
        let (path, line, column) = match numbered(before) {
            Some((path, line)) => (path, line, Some(last)),
            None => (before, last, None),
        };
        (!path.is_empty()).then(|| Self {
            path: path.strip_prefix("./").unwrap_or(path).to_owned(),
            line,
            column,
        })
    }

    /// The file on disk: the archive, if a member is named.
    pub(super) fn file(&self) -> PathBuf {
        let file = self.path.split("!/").next().unwrap_or_default();
        PathBuf::from(file)
    }

    /// What reports name it.
    pub(super) fn shown(&self) -> String {
        match self.column {
            Some(column) => format!("{}:{}:{column}", self.path, self.line),
            None => format!("{}:{}", self.path, self.line),
        }
    }

    /// Commits name files from the root of the repository, and so do reports of commits.
    fn is(&self, finding: &Finding, here: &Base) -> bool {
        let place = &finding.place;
        let is_path = |path: &BlobPath| path.to_string().replace('\\', "/") == self.path;
        (place.line..=place.end_line).contains(&self.line)
            && self.column.is_none_or(|column| column == place.column)
            && (is_path(&place.path) || is_path(&here.seen_from(&place.path)))
    }
}

/// `a:12` as `a` and 12.
fn numbered(text: &str) -> Option<(&str, usize)> {
    let (before, number) = text.rsplit_once(':')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((before, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        match Wanted::parse(text) {
            Ok(Wanted::Id(id)) => format!("id {id}"),
            Ok(Wanted::At(at)) => format!("{} line {} column {:?}", at.path, at.line, at.column),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn fingerprints_and_places_are_read_as_reports_print_them() {
        let id = "AB".repeat(16);
        assert_eq!(parsed(&id), format!("id {}", "ab".repeat(16)));
        assert_eq!(parsed("src/a.js:3"), "src/a.js line 3 column None");
        assert_eq!(parsed("./a.js:3:39"), "a.js line 3 column Some(39)");
        assert_eq!(parsed("C:\\a:3"), "C:\\a line 3 column None");
        assert_eq!(
            parsed("a.zip!/b:c.env:1:2"),
            "a.zip!/b:c.env line 1 column Some(2)"
        );
    }

    #[test]
    fn nothing_else_is_taken_or_repeated() {
        for text in ["hunter2", "a.js", "a.js:0", ":3", "a.js:x", ""] {
            let error = parsed(text);
            assert!(error.contains("32 hexadecimal digits"), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
