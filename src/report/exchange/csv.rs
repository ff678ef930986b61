//! A table for a spreadsheet: one line a finding, then one for what could not be read.

use super::super::options::ReportOptions;
use super::said::{fault, findings};
use crate::model::Outcome;
use std::io::{self, Write};

const HEAD: [&str; 10] = [
    "severity",
    "rule",
    "finding",
    "path",
    "line",
    "column",
    "commit",
    "date",
    "fingerprint",
    "steps",
];

/// Writes the table, with a head.
pub(in crate::report) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    for said in findings(outcome) {
        let finding = said.finding;
        let (commit, date) = finding.origin.commit().unwrap_or_default();
        let cells = [
            finding.severity.name().to_owned(),
            finding.rule.id.clone(),
            said.headline.clone(),
            said.path(),
            finding.place.line.to_string(),
            finding.place.column.to_string(),
            commit.to_owned(),
            date.to_owned(),
            finding.fingerprint.0.clone(),
            said.steps.join("; "),
        ];
        table.write_record(cells.iter().map(|own| inert(own)))?;
    }
    for own in &outcome.faults {
        let path = own.path.to_string();
        let what = fault(own);
        let cells = ["", "not-read", &what, &path, "", "", "", "", "", ""];
        table.write_record(cells.map(inert))?;
    }
    table.flush()
}

/// A cell that no spreadsheet takes for a formula (<https://owasp.org/www-community/attacks/CSV_Injection>).
pub(crate) fn inert(cell: &str) -> String {
    let cell = super::super::escape::visible(cell);
    if cell.starts_with(['=', '+', '-', '@']) {
        format!("'{cell}")
    } else {
        cell.into_owned()
    }
}
