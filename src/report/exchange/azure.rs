//! Commands in the log of an Azure pipeline, which become errors and warnings of the run
//! (<https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands>).

use super::super::options::ReportOptions;
use super::said::{FindingText, fault, findings};
use crate::model::Outcome;
use std::io::{self, Write};

/// Writes the commands, one a line, and one that fails the step if there is an error or something was not read.
pub(in crate::report) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    for own in &outcome.faults {
        let what = value(&fault(own));
        writeln!(out, "##vso[task.logissue type=error;code=not-read]{what}")?;
    }
    findings(outcome)
        .iter()
        .try_for_each(|said| issue(said, out))
}

fn issue(said: &FindingText<'_>, out: &mut dyn Write) -> io::Result<()> {
    let kind = if said.finding.severity.is_error() {
        "error"
    } else {
        "warning"
    };
    let lines: Vec<String> = std::iter::once(&said.headline)
        .chain(&said.steps)
        .map(|line| value(line))
        .collect();
    writeln!(
        out,
        "##vso[task.logissue type={kind};sourcepath={};linenumber={};code={}]{}",
        property(&said.path()),
        said.lines().0,
        property(&said.finding.rule.id),
        lines.join(". "),
    )
}

/// A text in which the agent sees no command.
fn value(text: &str) -> String {
    text.replace('%', "%AZP25").replace("##", "# #")
}

fn property(text: &str) -> String {
    value(text).replace(';', "%3B").replace(']', "%5D")
}
