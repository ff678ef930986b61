//! One line a place, for editors, `grep` and short logs.

use super::super::options::ReportOptions;
use super::super::sarif::history::Keys;
use super::super::summary::counted;
use super::super::{leak, text};
use super::keys::heading;
use super::statistics;
use crate::model::Outcome;
use std::io::{self, Write};

/// Writes a line for each finding, the worst first, and what could not be read.
pub(in crate::report) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    if options.statistics {
        out.write_all(statistics::tables(outcome).as_bytes())?;
    } else {
        let findings = super::super::options::worst_first(outcome);
        let keys = Keys::of(outcome);
        let most = options.max_findings.unwrap_or(findings.len());
        for finding in findings.iter().take(most) {
            let origin = leak::commit(finding);
            let origin = origin.map(|origin| format!(" {origin}"));
            let key = keys.of_finding(finding);
            let action = key.map(|key| format!("{}: ", heading(key.action())));
            let line = leak::line(
                finding,
                &action.unwrap_or_default(),
                &origin.unwrap_or_default(),
            );
            writeln!(out, "{line}")?;
        }
        if findings.len() > most {
            let more = counted((findings.len() - most) as u64, "more finding");
            writeln!(out, "and {more}")?;
        }
    }
    let rest = text::remarks(outcome, options);
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn each_place_is_one_line() {
        insta::assert_snapshot!(sample::report("concise", &sample::outcome()), @"
        app.ts:1:5: critical[jourvex-key] ROTATE NOW: live Jourvex API key in client code in commit 3f2a9c1 of 2026-01-03 c0ffee
        src/tracking/client.ts:2:17: critical[jourvex-key] live Jourvex API key in client code c0ffee
        tests/größe test.py:1:13: medium[auth-header] hardcoded Authorization header dec0de
        note: the allow comment at a.py:3 matches nothing
        not read: assets/old.zip: larger than 256 MiB
        ");
    }

    #[test]
    fn what_is_beyond_the_limit_is_counted() {
        let options = ReportOptions {
            max_findings: Some(1),
            ..sample::options()
        };
        for (name, more) in [
            ("concise", "\nand 2 more findings\n"),
            ("text", "\nand 1 more secret, by --max-findings\n"),
            ("markdown", "\n1 more row left out by --max-findings.\n"),
        ] {
            let report = sample::written(&name.parse().unwrap(), &sample::outcome(), &options);
            assert!(report.contains(more), "{report}");
        }
    }
}
