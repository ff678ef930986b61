//! JUnit's XML, as CI servers read it: a suite for each rule that found something, a failed case for each finding.

use super::super::escape;
use super::super::options::ReportOptions;
use super::said::{FindingText, fault, findings};
use crate::model::Outcome;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the document. What could not be read is an error; a scan without a finding is one case that passed.
pub(in crate::report) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut report = Report::new("jvxleaks");
    let found = findings(outcome);
    let mut by_rule: BTreeMap<&str, Vec<&FindingText<'_>>> = BTreeMap::new();
    for said in &found {
        by_rule.entry(&said.finding.rule.id).or_default().push(said);
    }
    for (rule, found) in by_rule {
        let mut suite = TestSuite::new(escape::visible(rule).into_owned());
        suite.add_test_cases(found.into_iter().map(failed));
        report.add_test_suite(suite);
    }
    let mut reading = TestSuite::new("reading");
    for own in &outcome.faults {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(fault(own)).set_type("not-read");
        let path = own.path.to_string();
        reading.add_test_case(TestCase::new(escape::visible(&path).into_owned(), status));
    }
    if outcome.faults.is_empty() {
        let all = TestCase::new("all that was asked for was read", TestCaseStatus::success());
        reading.add_test_case(all);
    }
    report.add_test_suite(reading);
    let text = report.to_string().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
}

fn failed(said: &FindingText<'_>) -> TestCase {
    let place = &said.finding.place;
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_message(said.headline.clone())
        .set_type(said.finding.severity.name())
        .set_description(said.steps.join("\n"));
    let name = format!("{}:{}:{}", place.path, place.line, place.column);
    let name = escape::visible(&name).into_owned();
    let mut case = TestCase::new(name, status);
    case.set_classname(said.path());
    case
}
