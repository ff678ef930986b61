//! The findings of one secret by one rule, which reports for people tell together.

use super::text::wrap::shortened;
use super::{escape, provenance};
use crate::model::{Finding, Origin, Outcome, Secret};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Longest path in a line that names a place, in bytes.
const LONGEST_PATH: usize = 200;

/// One secret with all its places, the worst first; of equals those in older commits, then in the order of the outcome.
pub(super) struct Leak<'o>(Vec<&'o Finding>);

impl<'o> Leak<'o> {
    /// The finding that stands for all.
    pub(super) fn worst(&self) -> &'o Finding {
        self.0[0]
    }

    /// All of them.
    pub(super) fn findings(&self) -> &[&'o Finding] {
        &self.0
    }

    /// In one line: the worst, and how many other places there are.
    pub(super) fn line(&self) -> String {
        match self.0.len() - 1 {
            0 => line(self.worst(), "", ""),
            more => line(self.worst(), "", &format!(" (+{more})")),
        }
    }
}

/// The secrets of an outcome, worst first, then by place.
pub(super) fn leaks(outcome: &Outcome) -> Vec<Leak<'_>> {
    let mut of: BTreeMap<(&str, &Secret), Vec<&Finding>> = BTreeMap::new();
    for finding in &outcome.findings {
        let key = (finding.rule.id.as_str(), &finding.secret);
        of.entry(key).or_default().push(finding);
    }
    let mut leaks: Vec<Leak<'_>> = of.into_values().map(Leak).collect();
    for leak in &mut leaks {
        // Of commits, the one that brought it in stands for all: others only kept it, or copied it.
        leak.0
            .sort_by_key(|finding| (Reverse(finding.severity), outcome.age(finding)));
    }
    leaks.sort_by(|a, b| {
        let (a, b) = (a.worst(), b.worst());
        let worse = b.severity.cmp(&a.severity);
        worse.then_with(|| a.sort_key().cmp(&b.sort_key()))
    });
    leaks
}

/// `a.py:3:1`, as a terminal or an editor opens it.
pub(super) fn place(finding: &Finding) -> String {
    let place = &finding.place;
    let path = place.path.to_string();
    let path = escape::visible(&path);
    let path = shortened(&path, LONGEST_PATH);
    format!("{path}:{}:{}", place.line, place.column)
}

/// `a.py:3:1 in commit 3f2a9c1 of 2026-01-03`, without the refs that reach the commit.
pub(super) fn dated_place(finding: &Finding) -> String {
    let words = [commit(finding), provenance::image_part(finding)];
    let words = words.into_iter().flatten();
    words.fold(place(finding), |place, words| format!("{place} {words}"))
}

/// `in commit 3f2a9c1 of 2026-01-03`; nothing for what can be opened.
pub(super) fn commit(finding: &Finding) -> Option<String> {
    let origin = match finding.origin {
        Origin::Index => None,
        _ => provenance::origin(&finding.origin),
    };
    origin.map(|origin| escape::visible(&origin).into_owned())
}

/// `a.py:3:1: critical[jourvex-key] Live Jourvex API key c0ffee`, with words of ours before and behind the message.
pub(super) fn line(finding: &Finding, before: &str, more: &str) -> String {
    let place = place(finding);
    let message = escape::visible(&finding.message);
    let message = shortened(&message, 80);
    let rule = escape::visible(&finding.rule.id);
    let rule = shortened(&rule, 60);
    let id = &finding.fingerprint;
    let line = format!(
        "{place}: {}[{rule}] {before}{message}{more} {id}",
        finding.severity
    );
    escape::line_start(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use crate::report::sample;

    #[test]
    fn a_secret_is_told_once_by_its_worst_place() {
        let mut outcome = sample::outcome();
        outcome.findings[0].severity = Severity::Low;
        let leaks = leaks(&outcome);
        let lines: Vec<_> = leaks.iter().map(Leak::line).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        src/tracking/client.ts:2:17: critical[jourvex-key] live Jourvex API key in client code (+1) c0ffee
        tests/größe test.py:1:13: medium[auth-header] hardcoded Authorization header dec0de
        ");
        assert_eq!(
            dated_place(leaks[0].findings()[1]),
            "app.ts:1:5 in commit 3f2a9c1 of 2026-01-03"
        );
    }

    #[test]
    fn no_line_is_long() {
        let mut finding = sample::key_in_file();
        finding.place.path = "a/".repeat(4000).as_str().into();
        finding.message = "m".repeat(4000);
        assert!(line(&finding, "", "").len() < 400);
        finding.place.path = "::error::owned".into();
        assert!(line(&finding, "", "").starts_with(r"\x3a:error"));
    }
}
