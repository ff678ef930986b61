//! `.jvxleaks-baseline`: the findings that a project knows of and has accepted.
//!
//! An entry is a [fingerprint](super::fingerprint()) with a rule and a path to remind people of
//! what it is. Only the fingerprint counts: it is the same wherever the secret stands, so an entry
//! survives moves, rebases and squashes, and a new key in the place of an old one is not hidden.
//!
//! The fingerprint is salted with the rule's id and not with a salt of each file. A salt of its
//! own would tie every entry to its file: the ids of reports and of `[[allow]]` entries would
//! differ from it, and two branches that both create a baseline could not be merged. What a salt
//! guards against, guessing weak passwords wholesale, is slowed by the rounds of the fingerprint;
//! and a baseline lies beside the very secrets that it accepts.
//!
//! One entry a line, sorted by fingerprint: two branches that add entries rarely add neighbours,
//! and if git's `merge=union` joins them, the result is still a baseline.

use super::is_fingerprint;
use super::text::without_mark;
use crate::model::Fingerprint;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// The name under which a baseline is looked for.
pub const BASELINE_FILE: &str = ".jvxleaks-baseline";

/// The first words of a baseline; behind them stands the version.
const TITLE: &str = "# jvxleaks baseline ";

/// A baseline of this version or none may hold [former](super::fingerprint::former) fingerprints.
const FORMER: char = '1';

/// The version that is written.
const VERSION: char = '2';

const HEADER: &str = "\
: accepted findings, as `fingerprint rule path`. Only the fingerprint counts.
# Change it with `jvxleaks baseline update` and `jvxleaks baseline prune`.
";

/// Why a baseline is not one. The text names the file and the line.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct BaselineError {
    /// The file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// What is wrong, and what to do.
    pub what: String,
}

/// One accepted finding.
#[derive(Debug)]
struct BaselineEntry {
    rule: String,
    path: String,
    used: AtomicBool,
}

/// The accepted findings. `Display` gives the file.
#[derive(Debug, Default)]
pub struct Baseline {
    /// What errors and warnings call the file.
    file: String,
    entries: BTreeMap<String, BaselineEntry>,
    /// The rules that entries were read of.
    rules: BTreeSet<String>,
    /// Whether a former version may have written it, or a part of it.
    has_former: bool,
}

impl Baseline {
    /// A baseline that accepts nothing yet.
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            entries: BTreeMap::new(),
            rules: BTreeSet::new(),
            has_former: false,
        }
    }

    /// Reads the text of a baseline that errors call `file`.
    ///
    /// # Errors
    /// When a line is no entry.
    pub fn parse(file: &str, text: &str) -> Result<Self, BaselineError> {
        let mut baseline = Self::new(file);
        // Of a baseline that git joined of two, either part may be the former one.
        let text = without_mark(text);
        let mut versions = text.lines().filter_map(|line| line.strip_prefix(TITLE));
        let is_new = |version: &str| version.starts_with(VERSION);
        baseline.has_former = !text.starts_with(TITLE) || !versions.all(is_new);
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (fingerprint, entry) = entry(line).map_err(|what| BaselineError {
                file: file.to_owned(),
                line: number,
                what: what.to_owned(),
            })?;
            baseline.rules.insert(entry.rule.clone());
            baseline.entries.entry(fingerprint).or_insert(entry);
        }
        Ok(baseline)
    }

    /// Accepts a finding, and tells whether it is new; `path` reminds people of where it was. An entry
    /// that is there already stays as it is, so that moving a file changes nothing.
    pub fn add(&mut self, fingerprint: &Fingerprint, rule: &str, path: &str) -> bool {
        let Fingerprint(id) = fingerprint;
        let is_new = !self.entries.contains_key(id);
        self.entries
            .entry(id.clone())
            .or_insert_with(|| BaselineEntry {
                rule: rule.to_owned(),
                path: in_one_line(path),
                used: AtomicBool::new(true),
            });
        is_new
    }

    /// Drops the entries that accepted nothing in this run, and says how many. Those of rules that
    /// did not run stay.
    pub fn prune(&mut self, ran: impl Fn(&str) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(|_, entry| !entry.is_stale(&ran));
        before - self.entries.len()
    }

    /// True when some entry may be a former fingerprint.
    pub(super) fn has_former(&self) -> bool {
        self.has_former && !self.is_empty()
    }

    /// True when some entry is of a rule.
    pub(super) fn names(&self, rule: &str) -> bool {
        self.rules.contains(rule)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True when it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// True when a finding is accepted; the entry remembers it.
    pub(super) fn accepts(&self, fingerprint: &Fingerprint) -> bool {
        let entry = self.entries.get(&fingerprint.0);
        if let Some(entry) = entry {
            entry.used.store(true, Ordering::Relaxed);
        }
        entry.is_some()
    }

    /// A warning for each entry that accepted nothing in this run, of rules that ran.
    pub(super) fn stale(&self, ran: impl Fn(&str) -> bool) -> Vec<String> {
        let stale = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.is_stale(&ran));
        let told = stale.map(|(id, entry)| {
            let (file, rule, path) = (&self.file, &entry.rule, &entry.path);
            format!(
                "{file}: the entry {id} ({rule} in {path}) matches nothing any more; \
                 remove it with `jvxleaks baseline prune`"
            )
        });
        told.collect()
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.has_former { FORMER } else { VERSION };
        write!(f, "{TITLE}{version}{HEADER}")?;
        let mut entries = self.entries.iter();
        entries.try_for_each(|(id, entry)| writeln!(f, "{id} {} {}", entry.rule, entry.path))
    }
}

impl BaselineEntry {
    fn is_stale(&self, ran: impl Fn(&str) -> bool) -> bool {
        !self.used.load(Ordering::Relaxed) && ran(&self.rule)
    }
}

fn entry(line: &str) -> Result<(String, BaselineEntry), &'static str> {
    let mut words = line.splitn(3, ' ');
    let (id, rule, path) = (words.next(), words.next(), words.next());
    let id = id.unwrap_or_default();
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].contains(&id) {
        return Err("an unresolved merge conflict; keep the entries of both sides");
    }
    if !is_fingerprint(id) {
        return Err(
            "expected `fingerprint rule path`, the fingerprint being 32 hexadecimal digits",
        );
    }
    let entry = BaselineEntry {
        rule: rule.unwrap_or_default().to_owned(),
        path: path.unwrap_or_default().to_owned(),
        used: AtomicBool::new(false),
    };
    Ok((id.to_owned(), entry))
}

/// A path may hold anything, and an entry is one line.
fn in_one_line(path: &str) -> String {
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    path.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Finding;
    use crate::policy::{Policy, sample};

    fn findings(text: &str) -> Vec<Finding> {
        let detection = sample::detection(text);
        sample::verdict(&Policy::default(), "src/a.js", &detection).findings
    }

    fn of(text: &str) -> Baseline {
        let mut baseline = Baseline::new("b");
        for finding in findings(text) {
            let (rule, path) = (&finding.rule.id, finding.place.path.to_string());
            baseline.add(&finding.fingerprint, rule, &path);
        }
        baseline
    }

    #[test]
    fn what_is_written_can_be_read() {
        let written = of("KEY KEY\nKEY").to_string();
        let read =
            Baseline::parse("b", &format!("\u{feff}{}", written.replace('\n', "\r\n"))).unwrap();
        assert_eq!((read.len(), read.to_string()), (3, written.clone()));
        let lines: Vec<_> = written.lines().skip(2).collect();
        assert!(lines.is_sorted(), "{written}");
        assert!(
            lines.iter().all(|l| l.ends_with(" test-key src/a.js")),
            "{written}"
        );
    }

    #[test]
    fn it_holds_no_secret_and_no_line() {
        let written = of("\n\n\nKEY").to_string();
        assert!(!written.contains("secret number"), "{written}");
        assert_eq!(of("KEY").to_string(), written);
    }

    #[test]
    fn two_sides_of_a_merge_joined_are_a_baseline() {
        let (one, two) = (of("KEY").to_string(), of("KEY KEY").to_string());
        let joined = Baseline::parse("b", &format!("{two}{one}")).unwrap();
        assert_eq!(joined.to_string(), two);
    }

    #[test]
    fn a_baseline_of_a_former_version_stays_one() {
        let written = of("KEY").to_string();
        let former = written.replace("baseline 2", "baseline 1");
        for (text, has_former) in [
            (written.clone(), false),
            (former.clone(), true),
            (format!("{written}{former}"), true),
            (written.lines().skip(2).collect(), true),
        ] {
            let read = Baseline::parse("b", &text).unwrap();
            assert_eq!(read.has_former(), has_former, "{text}");
            let again = Baseline::parse("b", &read.to_string()).unwrap();
            assert_eq!(again.has_former(), has_former, "{text}");
        }
    }

    #[test]
    fn errors_name_the_line() {
        let error = |text: &str| Baseline::parse("b", text).unwrap_err().to_string();
        assert!(error("# x\n<<<<<<< HEAD\n").starts_with("b:2: an unresolved merge conflict"));
        assert!(error("hunter2 rule path").starts_with("b:1: expected `fingerprint rule path`"));
    }

    #[test]
    fn entries_that_accept_nothing_are_stale_and_pruned() {
        let mut baseline = Baseline::parse("b", &of("KEY KEY").to_string()).unwrap();
        assert!(baseline.accepts(&findings("KEY")[0].fingerprint));
        assert_eq!(baseline.stale(|_| true).len(), 1);
        assert!(baseline.stale(|_| false).is_empty());
        assert_eq!(baseline.prune(|_| false), 0);
        assert_eq!(baseline.prune(|_| true), 1);
        assert_eq!(baseline.to_string(), of("KEY").to_string());
    }

    #[test]
    fn a_path_of_two_lines_stays_on_one() {
        let mut baseline = Baseline::new("b");
        baseline.add(&findings("KEY")[0].fingerprint, "test-key", "a\nb\x1b[0m");
        assert_eq!(baseline.to_string().lines().count(), 3);
    }
}
