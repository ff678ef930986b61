//! How many findings there are by rule and by kind of file.

use super::super::escape;
use super::super::summary::number;
use crate::model::{Finding, Outcome, Secret};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Two tables, the most findings first; nothing without findings.
pub(in crate::report) fn tables(outcome: &Outcome) -> String {
    if outcome.findings.is_empty() {
        return String::new();
    }
    let rules = table(outcome, "rule", |finding| &finding.rule.id);
    let kinds = table(outcome, "kind of file", |finding| finding.context.name());
    format!("{rules}\n{kinds}\n")
}

fn table(outcome: &Outcome, head: &str, of: impl Fn(&Finding) -> &str) -> String {
    let mut counts: BTreeMap<&str, (usize, BTreeSet<&Secret>)> = BTreeMap::new();
    for finding in &outcome.findings {
        let (findings, secrets) = counts.entry(of(finding)).or_default();
        *findings += 1;
        secrets.insert(&finding.secret);
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|(_, (findings, _))| Reverse(*findings));
    let mut table = format!("findings  secrets  {head}\n");
    for (name, (findings, secrets)) in rows {
        let (findings, secrets) = (number(findings as u64), number(secrets.len() as u64));
        let name = escape::visible(name);
        table += &format!("{findings:>8}  {secrets:>7}  {name}\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn findings_and_distinct_secrets_are_counted() {
        insta::assert_snapshot!(tables(&sample::outcome()), @"
        findings  secrets  rule
               2        1  jourvex-key
               1        1  auth-header

        findings  secrets  kind of file
               1        1  browser-bundle
               1        1  client-source
               1        1  test
        ");
        assert_eq!(tables(&Outcome::default()), "");
    }
}
