//! Keywords for a rule that names none: literals that every match of its regex must hold.

use regex_syntax::hir::literal::{ExtractKind, Extractor};

/// Shortest literal worth searching for: a shorter one is in nearly every file.
const SHORTEST: usize = 3;

/// Longest literal that is worth more than a shorter one.
const LONGEST: usize = 12;

/// More literals than this are worse than running the regex itself.
const MOST: usize = 16;

/// Literals of which every match of the regex starts or ends with one, in lower case; empty when
/// the regex has none that are long enough.
pub(super) fn of_regex(source: &str) -> Vec<String> {
    [ExtractKind::Prefix, ExtractKind::Suffix]
        .into_iter()
        .filter_map(|kind| literals(source, kind))
        .max_by_key(|found| found.iter().map(String::len).min())
        .unwrap_or_default()
}

/// The longest literals of which there are few enough.
fn literals(source: &str, kind: ExtractKind) -> Option<Vec<String>> {
    let mut parser = regex_syntax::ParserBuilder::new().utf8(false).build();
    let hir = parser.parse(source).ok()?;
    let mut extractor = Extractor::new();
    extractor.kind(kind.clone()).limit_total(4096);
    let whole = extractor.extract(&hir);
    (SHORTEST..=LONGEST).rev().find_map(|length| {
        let mut seq = whole.clone();
        match kind {
            ExtractKind::Suffix => seq.keep_last_bytes(length),
            _ => seq.keep_first_bytes(length),
        }
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_ascii_lowercase()).ok();
        let found = seq.literals()?.iter().map(|l| text(l.as_bytes()));
        let mut found: Vec<_> = found.collect::<Option<_>>()?;
        found.sort();
        found.dedup();
        let few = !found.is_empty() && found.len() <= MOST;
        (few && found.iter().all(|l| l.len() >= SHORTEST)).then_some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::of_regex;

    #[test]
    fn literals_come_from_either_end() {
        assert_eq!(of_regex("acme_[a-z]{8}"), ["acme_"]);
        assert_eq!(of_regex("[a-z]{8}_ACME"), ["_acme"]);
        assert_eq!(of_regex("(?i-u)tok-[a-z]+"), ["tok-"]);
        assert_eq!(of_regex("(?i)tok-[a-z]+"), ["tok-", "to\u{212a}-"]);
        assert_eq!(of_regex("x-[0-1]"), ["x-0", "x-1"]);
        assert_eq!(of_regex("(?:ghp|gho)_[a-z]+"), ["gho_", "ghp_"]);
    }

    #[test]
    fn a_regex_without_literals_gives_none() {
        assert!(of_regex("[a-f0-9]{32}").is_empty());
        assert!(of_regex("a[0-9]+").is_empty());
    }
}
