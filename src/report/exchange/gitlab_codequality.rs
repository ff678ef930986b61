//! GitLab's report of code quality, which every edition shows in a merge request
//! (<https://docs.gitlab.com/ci/testing/code_quality/>).

use super::super::escape;
use super::super::options::ReportOptions;
use super::said::{FindingText, fault, findings};
use crate::model::{Fault, Outcome, Severity};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct QualityIssue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: QualityLocation,
}

#[derive(Serialize)]
struct QualityLocation {
    path: String,
    lines: QualityLines,
}

#[derive(Serialize)]
struct QualityLines {
    begin: usize,
}

/// Writes the list. What could not be read is a blocker: nobody knows what is in it.
pub(in crate::report) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let found = findings(outcome);
    let issues = found.iter().map(of_finding);
    let issues: Vec<_> = issues.chain(outcome.faults.iter().map(of_fault)).collect();
    let issues = serde_json::to_string_pretty(&issues)?;
    writeln!(out, "{}", escape::json(&issues))
}

fn of_finding(said: &FindingText<'_>) -> QualityIssue {
    QualityIssue {
        description: said.headline.clone(),
        check_name: escape::visible(&said.finding.rule.id).into_owned(),
        fingerprint: said.id(),
        severity: match said.finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
        },
        location: QualityLocation {
            path: said.path(),
            lines: QualityLines {
                begin: said.lines().0,
            },
        },
    }
}

fn of_fault(own: &Fault) -> QualityIssue {
    let path = escape::visible(&own.path.to_string()).into_owned();
    QualityIssue {
        description: fault(own),
        check_name: "not-read".to_owned(),
        fingerprint: format!("not-read:{path}"),
        severity: "blocker",
        location: QualityLocation {
            path,
            lines: QualityLines { begin: 1 },
        },
    }
}
