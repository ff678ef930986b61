//! A finding's place in SARIF's terms: URIs, UTF-16 columns, and an id for what is no file.

use crate::model::{Base, BlobPath, Finding, Origin, Reveal};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use sha2::{Digest, Sha256};

/// What stands as it is in a URI's path; `:` is not in it, so no folder reads as a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A file's URI: relative to the root of the repository, or with the scheme `file` for an absolute path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Uri {
    /// The percent-encoded text.
    pub(crate) text: String,
    /// Whether it is relative to the root.
    pub(crate) relative: bool,
}

impl Uri {
    /// The URI of a path that the scan names, seen from `root`. What a member is called in its
    /// archive is no part of the file system.
    pub(crate) fn of(path: &BlobPath, root: &Base) -> Self {
        let file = path.archive();
        let file = root.seen_from(file.as_ref().unwrap_or(path));
        let relative = !file.as_bytes().starts_with(b"/");
        let path = [file.as_bytes(), path.inside_file()].concat();
        let path = percent_encode(&path, PATH);
        let text = if relative {
            path.to_string()
        } else {
            format!("file://{path}")
        };
        Self { text, relative }
    }
}

/// The URI of the finding's file. What has no path gets a relative one made up, since code scanning
/// refuses a file with any other scheme.
pub(in crate::report) fn uri(finding: &Finding, root: &Base) -> Uri {
    let path = &finding.place.path;
    let made_up = match &finding.origin {
        _ if !path.as_bytes().is_empty() => return Uri::of(path, root),
        Origin::CommitMessage { .. } => "COMMIT_MSG",
        Origin::TagMessage { .. } => "TAG_MSG",
        Origin::Stdin => "STDIN",
        _ => "UNNAMED",
    };
    Uri::of(&BlobPath::from(made_up), &Base::default())
}

/// First column and column after the last, 1-based and in UTF-16 code units, on the first line.
///
/// The model counts bytes and keeps only a part of the line, so this is known when that part begins
/// where the line does and is UTF-8. Nothing is better than a wrong column: viewers then mark the line.
pub(in crate::report) fn columns(finding: &Finding) -> Option<(usize, Option<usize>)> {
    let place = &finding.place;
    let line = finding.excerpt.render(Reveal::Whole);
    let (before, marked) = (
        line.text.get(..line.focus.start)?,
        line.text.get(line.focus)?,
    );
    if before.len() + 1 != place.column || before.contains(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let start = utf16(before) + 1;
    let one_line = place.line == place.end_line;
    let whole = one_line && Some(marked.len()) == place.end_column.checked_sub(place.column);
    let exact = whole && !marked.contains(char::REPLACEMENT_CHARACTER);
    Some((start, exact.then(|| start + utf16(marked))))
}

/// A line or column: SARIF counts from 1.
pub(in crate::report) fn count(n: usize) -> i64 {
    i64::try_from(n.max(1)).unwrap_or(i64::MAX)
}

fn utf16(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// What alerts are told apart by: in a file of the tree GitHub's hash of the line, if there is one,
/// and nothing else, since the uploader would find it wrong; elsewhere an id that is the same in
/// every run and made without the secret.
pub(in crate::report) fn alert_id(finding: &Finding) -> Option<String> {
    let is_member = finding.place.path.archive().is_some();
    if finding.origin.is_file() && !is_member {
        return finding.line_hash.clone();
    }
    let id = finding.origin.object().unwrap_or_default();
    let place = &finding.place;
    let at = format!("{}:{}", place.line, place.column);
    let parts = [
        finding.rule.id.as_bytes(),
        finding.origin.kind().as_bytes(),
        id.as_bytes(),
    ];
    let mut hash = Sha256::new();
    for part in parts
        .into_iter()
        .chain([place.path.as_bytes(), at.as_bytes()])
    {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let hex: String = digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(format!("{hex}:1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn encoded(path: &[u8]) -> String {
        Uri::of(&BlobPath::from_bytes(path), &Base::default()).text
    }

    #[test]
    fn paths_become_percent_encoded_uris() {
        let paths: [&[u8]; 5] = [
            b"src/a-b_c.ts",
            b"a b/#?%.js",
            b"C:/x",
            b"/etc/x",
            b"\xff[id]",
        ];
        insta::assert_snapshot!(paths.map(encoded).join("\n"), @"
        src/a-b_c.ts
        a%20b/%23%3F%25.js
        C%3A/x
        file:///etc/x
        %FF%5Bid%5D
        ");
        insta::assert_snapshot!(encoded("größe/日".as_bytes()), @"gr%C3%B6%C3%9Fe/%E6%97%A5");
    }

    #[test]
    fn columns_count_utf16_units() {
        let secret = "hunter2hunter2";
        let at = |text: &str| columns(&sample::finding("a", text, secret));
        assert_eq!(at("x=hunter2hunter2;\n"), Some((3, Some(17))));
        assert_eq!(at("x\né😀=hunter2hunter2\n"), Some((5, Some(19))));
    }

    #[test]
    fn a_column_that_is_not_known_is_left_out() {
        let far = format!("{}=hunter2hunter2", "x".repeat(500));
        assert_eq!(columns(&sample::finding("a", &far, "hunter2hunter2")), None);
        let lines = "k=hunter2\nhunter2;";
        let finding = sample::finding("a", lines, "hunter2\nhunter2");
        assert_eq!(columns(&finding), Some((3, None)));
    }

    #[test]
    fn only_what_is_no_file_gets_an_id() {
        assert_eq!(alert_id(&sample::key_in_file()), None);
        let finding = sample::key_in_commit();
        let id = alert_id(&finding).unwrap();
        assert_eq!(id.len(), 18);
        let mut moved = finding.clone();
        moved.place.line += 1;
        assert_ne!(alert_id(&moved), Some(id.clone()));
        assert_eq!(alert_id(&finding), Some(id));
    }
}
