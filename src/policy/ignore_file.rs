//! `.gitleaksignore`: findings that another tool was told to ignore, as `path:rule:line`
//! (<https://github.com/gitleaks/gitleaks#gitleaksignore>).
//!
//! An entry counts for the rule it names: one of ours, or one of gitleaks' for the kind of secret
//! that a rule of ours reports too ([`KINDS`]). None of gitleaks' rules is about Jourvex keys, so
//! only an entry that says `jourvex-key` silences one.

use super::rule_names::RuleNames;
use super::text::without_mark;
use crate::model::{BlobPath, Finding, Origin};
use std::collections::HashMap;

/// The name of the file, in the scanned root.
pub const IGNORE_FILE: &str = ".gitleaksignore";

/// Rules of gitleaks, and the rules of ours that report the same kind of secret
/// (<https://github.com/gitleaks/gitleaks/blob/v8.30.0/config/gitleaks.toml>).
const KINDS: &[(&str, &[&str])] = &[
    (
        "curl-auth-header",
        &["authorization-header", "api-key-header", "bearer-token"],
    ),
    ("curl-auth-user", &["curl-password"]),
    (
        "generic-api-key",
        &[
            "ansible-password",
            "api-key-header",
            "auth-argument-password",
            "authorization-header",
            "basic-password",
            "bearer-token",
            "header-constant",
            "npm-token",
            "registry-password",
        ],
    ),
    ("jwt", JWT),
    ("jwt-base64", JWT),
    ("npm-access-token", &["npm-token"]),
];

/// Where a JSON Web Token is reported.
const JWT: &[&str] = &[
    "api-key-header",
    "authorization-header",
    "bearer-token",
    "header-constant",
];

/// The entries of an ignore file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreFile {
    /// What is ignored at each path and line.
    entries: HashMap<(BlobPath, usize), Vec<IgnoreEntry>>,
    /// Lines that are no entry, counted from 1.
    pub broken: Vec<usize>,
}

/// What is ignored at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct IgnoreEntry {
    /// The commit it counts for, in hex; empty for everywhere.
    commit: String,
    /// The rule's name, ours or gitleaks'.
    rule: String,
}

impl IgnoreFile {
    /// What is wrong with its lines.
    pub(super) fn remarks(&self) -> impl Iterator<Item = String> + '_ {
        self.broken.iter().map(|line| {
            format!("{IGNORE_FILE}:{line}: expected path:rule:line or commit:path:rule:line")
        })
    }

    /// Reads lines such as `path:rule:line` and `commit:path:rule:line`; `#` begins a comment.
    pub fn parse(text: &str) -> Self {
        let mut file = Self::default();
        for (number, line) in (1..).zip(without_mark(text).lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line) {
                Some((place, entry)) => file.entries.entry(place).or_default().push(entry),
                None => file.broken.push(number),
            }
        }
        file
    }

    /// True when a finding, whose place the file calls `path`, is to be ignored. An entry with a
    /// commit speaks of findings in that commit only.
    pub(super) fn covers(&self, finding: &Finding, path: &BlobPath, rules: &RuleNames) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let commit = match &finding.origin {
            Origin::Commit { commit, .. } => commit.as_str(),
            _ => "",
        };
        let entries = self.entries.get(&(path.clone(), finding.place.line));
        let mut entries = entries.into_iter().flatten();
        entries.any(|entry| {
            (entry.commit.is_empty() || entry.commit == commit) && entry.is_about(finding, rules)
        })
    }
}

impl IgnoreEntry {
    fn is_about(&self, finding: &Finding, rules: &RuleNames) -> bool {
        let rule = &finding.rule;
        if self.rule == rule.id || rules.family(&self.rule) == rule.family {
            return true;
        }
        let kind = KINDS.iter().find(|(name, _)| *name == self.rule);
        kind.is_some_and(|(_, ours)| ours.contains(&rule.id.as_str()))
    }
}

/// The path of an archive's member as gitleaks writes it, `a.zip!b.env`
/// (<https://github.com/gitleaks/gitleaks#archive-scanning>).
pub(super) fn as_gitleaks(path: &BlobPath) -> BlobPath {
    BlobPath::from(path.to_string().replace("!/", "!").as_str())
}

/// The place of an entry and what it says of it. Read from the right: a path may hold `:`.
fn entry(text: &str) -> Option<((BlobPath, usize), IgnoreEntry)> {
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
        let place = (BlobPath::from(path.replace('\\', "/").as_str()), line);
        let entry = IgnoreEntry {
            commit: commit.to_owned(),
            rule: rule.to_owned(),
        };
        (place, entry)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_places_with_or_without_a_commit() {
        let commit = "3f2a9c1e".repeat(5);
        let of = |line: &str| {
            let ((path, line), entry) = entry(line).unwrap();
            (path.to_string(), line, entry.rule, entry.commit)
        };
        let owned = str::to_owned;
        assert_eq!(
            of("C:\\a\\b.js:generic-api-key:12"),
            (owned("C:/a/b.js"), 12, owned("generic-api-key"), owned(""))
        );
        assert_eq!(
            of(&format!("{commit}:src/a:b.js:rule:3")),
            (owned("src/a:b.js"), 3, owned("rule"), commit)
        );
    }

    #[test]
    fn comments_are_skipped_and_broken_lines_are_known() {
        let file =
            IgnoreFile::parse("\u{feff}# a:b:1\n\na.js:rule:1\r\nnothing\na.js:rule:x\n:rule:1\n");
        assert_eq!(file.entries.len(), 1);
        assert_eq!(file.broken, [4, 5, 6]);
    }

    #[test]
    fn no_rule_of_gitleaks_is_about_a_jourvex_key() {
        let ours = KINDS.iter().flat_map(|(_, ours)| ours.iter());
        assert!(
            ours.clone()
                .all(|id| !id.contains("jourvex") && !id.contains("key-ref"))
        );
        assert!(ours.clone().all(|id| *id != "browser-bundle-key"));
    }
}
