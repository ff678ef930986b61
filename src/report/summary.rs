//! The closing lines of a run: what was found, how much was read, and what was not.

use super::escape;
use crate::model::{Outcome, Stats};

/// How many faults a summary names.
const NAMED: usize = 3;

/// `3 findings (2 errors, 1 warning). Read 1,204 files, 38 MB. Not read: ...` on one line, without
/// the time it took, so that it is the same for every run.
pub fn summary(outcome: &Outcome) -> String {
    let named = named(outcome);
    match (named, outcome.findings.is_empty()) {
        (None, _) => totals(outcome),
        (Some(named), true) => told(outcome, &format!(" ({named})")),
        (Some(named), false) => {
            let inputs = counted(outcome.faults.len() as u64, "input");
            format!("{} Not read: {inputs} ({named}).", totals(outcome))
        }
    }
}

/// The summary without the names of what could not be read.
pub(super) fn totals(outcome: &Outcome) -> String {
    told(outcome, "")
}

/// All sentences. Where nothing was found, the first counts what was not read, and `named` stands behind the number.
fn told(outcome: &Outcome, named: &str) -> String {
    let mut sentences = vec![found(outcome, named)];
    let is_leaked = outcome.is_for_all && !outcome.findings.is_empty();
    let whose = "Everyone who installs the package can read that".to_owned();
    sentences.extend(is_leaked.then_some(whose));
    sentences.extend(exposed(outcome));
    sentences.extend(suppressed(outcome));
    sentences.push(read(outcome));
    sentences.extend(ignored(outcome));
    sentences.extend(skipped(outcome));
    sentences.join(". ") + "."
}

fn found(outcome: &Outcome, named: &str) -> String {
    if outcome.findings.is_empty() {
        return match outcome.faults.len() as u64 {
            0 => "No findings".to_owned(),
            1 => format!("No findings in what was read; 1 input was not read{named}"),
            n => format!(
                "No findings in what was read; {} inputs were not read{named}",
                number(n)
            ),
        };
    }
    let (findings, errors) = (outcome.findings.len() as u64, outcome.errors() as u64);
    let kinds = [(errors, "error"), (findings - errors, "warning")];
    let kinds = kinds.iter().filter(|(n, _)| *n > 0);
    let kinds: Vec<_> = kinds.map(|(n, kind)| counted(*n, kind)).collect();
    format!("{} ({})", counted(findings, "finding"), kinds.join(", "))
}

fn exposed(outcome: &Outcome) -> Option<String> {
    let count = |wanted| {
        let keys = outcome.keys.iter();
        keys.filter(|key| key.action().name() == wanted).count()
    };
    let words = ["rotate", "amend", "expire", "check"];
    let todo: Vec<_> = words
        .into_iter()
        .map(|word| (word, count(word)))
        .filter(|(_, n)| *n > 0)
        .map(|(word, n)| format!("{n} to {word}"))
        .collect();
    let keys = counted(outcome.keys.len() as u64, "distinct key");
    (!todo.is_empty()).then(|| format!("{keys} ({})", todo.join(", ")))
}

fn suppressed(outcome: &Outcome) -> Option<String> {
    let suppressed = outcome.suppressed.len() as u64;
    (suppressed > 0).then(|| format!("{} suppressed", number(suppressed)))
}

fn read(outcome: &Outcome) -> String {
    let stats = &outcome.stats;
    let known = known(stats);
    if let Some(known) = known
        .as_ref()
        .filter(|_| stats.files == 0 && stats.commits == Some(0))
    {
        return format!("Nothing is new: {known}");
    }
    let mut read = format!("Read {}", counted(stats.files, "file"));
    if let Some(commits) = stats.commits {
        read += &format!(" in {}", counted(commits, "commit"));
    }
    read += &format!(", {}", size(stats.bytes));
    if stats.members > 0 {
        read += &format!(", and {}", counted(stats.members, "archive member"));
    }
    if let Some(known) = known {
        read += &format!("; {known}");
    }
    read
}

/// `10,637 objects were read on 2026-01-31 by the same rules`: what an audit knows, it has read.
fn known(stats: &Stats) -> Option<String> {
    let objects = counted(stats.known, "object");
    let were = if stats.known == 1 { "was" } else { "were" };
    let when = match &stats.known_since {
        Some(day) => format!("on {day}"),
        None => "earlier".to_owned(),
    };
    (stats.known > 0).then(|| format!("{objects} {were} read {when} by the same rules"))
}

/// `12 ignored (2 folders); --no-ignore reads them`. What is in an ignored folder was not listed.
fn ignored(outcome: &Outcome) -> Option<String> {
    let (ignored, folders) = (outcome.stats.ignored, outcome.stats.ignored_folders);
    let folders = match folders {
        0 => String::new(),
        some => format!(" ({})", counted(some, "folder")),
    };
    let them = if ignored == 1 { "it" } else { "them" };
    let number = number(ignored);
    (ignored > 0).then(|| format!("{number} ignored{folders}; --no-ignore reads {them}"))
}

fn skipped(outcome: &Outcome) -> Option<String> {
    let kinds: Vec<_> = outcome
        .stats
        .skipped
        .iter()
        .map(|(kind, n)| format!("{kind} ({})", number(*n)))
        .collect();
    (!kinds.is_empty()).then(|| format!("Skipped: {}", kinds.join(", ")))
}

/// The first few of the inputs that were not read, and why.
fn named(outcome: &Outcome) -> Option<String> {
    let faults = &outcome.faults;
    let mut named: Vec<_> = faults
        .iter()
        .take(NAMED)
        .map(|fault| format!("{}: {}", fault.path, fault.what))
        .map(|fault| escape::visible(&fault).into_owned())
        .collect();
    if faults.len() > NAMED {
        named.push(format!(
            "and {} more",
            number((faults.len() - NAMED) as u64)
        ));
    }
    (!faults.is_empty()).then(|| named.join("; "))
}

/// `1 file`, `1,204 files`.
pub(super) fn counted(n: u64, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", number(n))
}

/// A number with a comma between its thousands.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in the largest unit that leaves at least one of it, with two digits at the least.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    let mut amount = bytes as f64 / 1000.0;
    let mut unit = 0;
    while amount >= 999.5 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    let decimals = usize::from(amount < 9.95);
    format!("{amount:.decimals$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlobPath, Fault};
    use crate::report::sample;

    #[test]
    fn a_summary_tells_what_was_found_and_what_was_not_read() {
        insta::assert_snapshot!(summary(&sample::outcome()), @"3 findings (2 errors, 1 warning). 1 distinct key (1 to rotate). 1 suppressed. Read 1,204 files in 12 commits, 38 MB. Skipped: device (2). Not read: 1 input (assets/old.zip: larger than 256 MiB).");
        insta::assert_snapshot!(summary(&Outcome::default()), @"No findings. Read 0 files, 0 bytes.");
    }

    #[test]
    fn a_summary_names_three_faults() {
        let mut outcome = Outcome::default();
        let fault = |n| Fault::new(BlobPath::from(format!("{n}\x1b").as_str()), "gone");
        outcome.faults = (0..5).map(fault).collect();
        insta::assert_snapshot!(summary(&outcome), @r"No findings in what was read; 5 inputs were not read (0\x1b: gone; 1\x1b: gone; 2\x1b: gone; and 2 more). Read 0 files, 0 bytes.");
    }

    #[test]
    fn what_an_earlier_audit_read_is_not_told_as_read() {
        let mut outcome = Outcome::default();
        outcome.stats.commits = Some(0);
        outcome.stats.known = 10_637;
        insta::assert_snapshot!(summary(&outcome), @"No findings. Nothing is new: 10,637 objects were read earlier by the same rules.");
        outcome.stats.known_since = Some("2026-01-31".to_owned());
        outcome.stats.files = 1;
        insta::assert_snapshot!(summary(&outcome), @"No findings. Read 1 file in 0 commits, 0 bytes; 10,637 objects were read on 2026-01-31 by the same rules.");
    }

    #[test]
    fn what_is_ignored_is_counted_folders_apart() {
        let told = |ignored, ignored_folders| {
            let mut outcome = Outcome::default();
            outcome.stats.ignored = ignored;
            outcome.stats.ignored_folders = ignored_folders;
            self::ignored(&outcome)
        };
        assert_eq!(told(0, 0), None);
        let told = [(1, 0), (1200, 0), (12, 2), (1, 1)].map(|(all, of)| told(all, of).unwrap());
        insta::assert_snapshot!(told.join("\n"), @"
        1 ignored; --no-ignore reads it
        1,200 ignored; --no-ignore reads them
        12 ignored (2 folders); --no-ignore reads them
        1 ignored (1 folder); --no-ignore reads it
        ");
    }

    #[test]
    fn sizes_are_for_people() {
        let sizes = [
            0,
            1,
            999,
            1000,
            9_949,
            34_567,
            999_600,
            38_214_000,
            u64::MAX,
        ]
        .map(size);
        insta::assert_snapshot!(sizes.join(" | "), @"0 bytes | 1 byte | 999 bytes | 1.0 kB | 9.9 kB | 35 kB | 1.0 MB | 38 MB | 18447 PB");
    }
}
