//! Reviewdog's diagnostics (<https://github.com/reviewdog/reviewdog/tree/master/proto/rdf>), with the edits that fix.

use super::super::escape;
use super::super::options::ReportOptions;
use super::said::{FindingText, fault, findings};
use crate::model::{Edit, Fault, Outcome, Position};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct DiagnosticResult {
    source: DiagnosticSource,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Serialize)]
struct DiagnosticSource {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    location: DiagnosticLocation,
    severity: &'static str,
    code: DiagnosticCode,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<DiagnosticSuggestion>,
}

#[derive(Serialize)]
struct DiagnosticLocation {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<DiagnosticRange>,
}

/// Lines and columns are 1-based; columns count bytes.
#[derive(Serialize)]
struct DiagnosticRange {
    start: DiagnosticPosition,
    end: DiagnosticPosition,
}

#[derive(Serialize)]
struct DiagnosticPosition {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct DiagnosticCode {
    value: String,
}

#[derive(Serialize)]
struct DiagnosticSuggestion {
    range: DiagnosticRange,
    text: String,
}

/// Writes the document.
pub(in crate::report) fn write(
    outcome: &Outcome,
    _options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let found = findings(outcome);
    let diagnostics = found.iter().map(of_finding);
    let result = DiagnosticResult {
        source: DiagnosticSource {
            name: "jvxleaks",
            url: env!("CARGO_PKG_HOMEPAGE"),
        },
        diagnostics: diagnostics
            .chain(outcome.faults.iter().map(of_fault))
            .collect(),
    };
    let result = serde_json::to_string_pretty(&result)?;
    writeln!(out, "{}", escape::json(&result))
}

fn range((start, end): (Position, Position)) -> DiagnosticRange {
    let position = |own: Position| DiagnosticPosition {
        line: own.line,
        column: own.column,
    };
    DiagnosticRange {
        start: position(start),
        end: position(end),
    }
}

fn of_finding(said: &FindingText<'_>) -> Diagnostic {
    let place = &said.finding.place;
    let position = |line, column| Position { line, column };
    let start = position(place.line, place.column);
    let end = position(place.end_line, place.end_column);
    let edit = said
        .finding
        .edit
        .as_ref()
        .and_then(|edit| edit.as_ref().ok());
    let safe = edit.filter(|edit| edit.caution.is_none());
    let lines: Vec<&str> = std::iter::once(&said.headline)
        .chain(&said.steps)
        .map(String::as_str)
        .collect();
    Diagnostic {
        message: lines.join("\n"),
        location: DiagnosticLocation {
            path: said.path(),
            range: place.path.archive().is_none().then(|| range((start, end))),
        },
        severity: if said.finding.severity.is_error() {
            "ERROR"
        } else {
            "WARNING"
        },
        code: DiagnosticCode {
            value: escape::visible(&said.finding.rule.id).into_owned(),
        },
        suggestions: safe.map(suggestions).unwrap_or_default(),
    }
}

fn suggestions(edit: &Edit) -> Vec<DiagnosticSuggestion> {
    let replacements = edit.replacements.iter();
    replacements
        .map(|own| DiagnosticSuggestion {
            range: range(own.lines),
            text: own.wording.text(&edit.variable),
        })
        .collect()
}

fn of_fault(own: &Fault) -> Diagnostic {
    Diagnostic {
        message: fault(own),
        location: DiagnosticLocation {
            path: escape::visible(&own.path.to_string()).into_owned(),
            range: None,
        },
        severity: "ERROR",
        code: DiagnosticCode {
            value: "not-read".to_owned(),
        },
        suggestions: Vec::new(),
    }
}
