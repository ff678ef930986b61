//! One JSON object a line, for tools that read a report as it comes. The fields are those of
//! `jvxleaks/1`; `kind` tells what a line is, and the summary is the last line of a whole report.

use super::escape;
use super::options::ReportOptions;
use super::wire::{FaultWire, FindingWire, KeyWire, SCHEMA, StatsWire, SuppressedWire, ToolWire};
use crate::model::{Outcome, Step};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum JsonLine<'a> {
    Finding(FindingWire<'a>),
    Key(KeyWire<'a>),
    Suppressed(SuppressedWire<'a>),
    Fault(FaultWire<'a>),
    Skipped(FaultWire<'a>),
    Summary(Summary<'a>),
}

#[derive(Serialize)]
struct Summary<'a> {
    schema: &'static str,
    tool: ToolWire,
    root: &'a str,
    findings: usize,
    keys: usize,
    #[serde(skip_serializing_if = "String::is_empty")]
    rewriting: String,
    suppressed: usize,
    faults: usize,
    stats: StatsWire,
}

/// Writes all lines.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reveal = options.reveal;
    let findings = outcome
        .findings
        .iter()
        .map(|f| JsonLine::Finding((f, reveal).into()));
    let keys = outcome.keys.iter().map(|key| JsonLine::Key(key.into()));
    let suppressed = outcome
        .suppressed
        .iter()
        .map(|s| JsonLine::Suppressed((s, reveal).into()));
    let faults = outcome
        .faults
        .iter()
        .map(|fault| JsonLine::Fault(fault.into()));
    let passed_over = outcome.passed_over.iter();
    let skipped = passed_over.map(|skip| JsonLine::Skipped(skip.into()));
    let summary = JsonLine::Summary(summary(outcome, options));
    let mut lines = findings
        .chain(keys)
        .chain(suppressed)
        .chain(faults)
        .chain(skipped)
        .chain([summary]);
    lines.try_for_each(|line| write_line(&line, out))
}

fn summary<'a>(outcome: &Outcome, options: &'a ReportOptions) -> Summary<'a> {
    Summary {
        schema: SCHEMA,
        tool: options.into(),
        root: &options.scanned,
        findings: outcome.findings.len(),
        keys: outcome.keys.len(),
        rewriting: Step::lines(&outcome.rewriting),
        suppressed: outcome.suppressed.len(),
        faults: outcome.faults.len(),
        stats: outcome.into(),
    }
}

fn write_line(line: &JsonLine<'_>, out: &mut dyn Write) -> io::Result<()> {
    let line = serde_json::to_string(line)?;
    writeln!(out, "{}", escape::json(&line))
}

#[cfg(test)]
mod tests {
    use crate::report::sample;

    #[test]
    fn each_line_is_one_object_and_the_last_sums_up() {
        insta::assert_snapshot!(sample::report("jsonl", &sample::outcome()), @r#"
        {"kind":"finding","rule":"jourvex-key","severity":"critical","message":"live Jourvex API key in client code","advice":"instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq","path":"app.ts","line":1,"column":5,"end_line":1,"end_column":44,"secret":"jvx_live_9fKq...","fingerprint":"c0ffee","context":"browser-bundle","exposure":"browser-bundle","origin":{"kind":"commit","commit":"3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e","author_date":"2026-01-03T09:00:00Z","refs":["refs/heads/main"],"refs_count":1},"derived_from":{"kind":"source-map","path":"src/app.ts","line":1,"column":880}}
        {"kind":"finding","rule":"jourvex-key","severity":"critical","message":"live Jourvex API key in client code","advice":"instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq","path":"src/tracking/client.ts","line":2,"column":17,"end_line":2,"end_column":56,"secret":"jvx_live_9fKq...","fingerprint":"c0ffee","context":"client-source","exposure":"client-source","origin":{"kind":"file"},"derived_from":null}
        {"kind":"finding","rule":"auth-header","severity":"medium","message":"hardcoded Authorization header","advice":"instead: read it from the environment","path":"tests/größe test.py","line":1,"column":13,"end_line":1,"end_column":53,"secret":"aHVu...","fingerprint":"dec0de","context":"test","exposure":null,"origin":{"kind":"file"},"derived_from":null}
        {"kind":"key","prefix":"jvx_live_9fKq...","rule":"jourvex-key","severity":"critical","fingerprint":"c0ffee","action":"rotate","first_seen":{"commit":"3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e","author_date":"2026-01-03T09:00:00Z","path":"src/client.ts","line":14},"last_seen":{"commit":"3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e","author_date":"2026-01-03T09:00:00Z","path":"src/client.ts","line":14},"removed_in":null,"in_head":true,"in_index":false,"published":["refs/remotes/origin/main","refs/tags/v1.2"],"published_count":2,"local":[],"local_count":0,"places":4,"advice":"rotate at Settings -> API Access\nremove the literal"}
        {"kind":"suppressed","rule":"jourvex-key","severity":"critical","message":"live Jourvex API key in client code","advice":"instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq","path":"src/tracking/client.ts","line":2,"column":17,"end_line":2,"end_column":56,"secret":"jvx_live_9fKq...","fingerprint":"c0ffee","context":"client-source","exposure":"client-source","origin":{"kind":"file"},"derived_from":null,"suppressed_by":{"kind":"inline","mark":"jvxleaks:allow","reason":"rotated in May"},"accepted_by_change":false}
        {"kind":"fault","path":"assets/old.zip","what":"larger than 256 MiB"}
        {"kind":"summary","schema":"jvxleaks/1","tool":{"name":"jvxleaks","version":"1.2.3"},"root":".","findings":3,"keys":1,"suppressed":1,"faults":1,"stats":{"files":1204,"bytes":38214000,"commits":12}}
        "#);
    }

    #[test]
    fn hostile_text_opens_no_line_of_its_own() {
        let outcome = sample::hostile();
        let report = sample::report("jsonl", &outcome);
        let faults = outcome.faults.len();
        assert_eq!(
            report.lines().count(),
            outcome.findings.len() + 1 + 1 + faults + 1
        );
        let whole = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
        assert!(report.lines().all(whole), "{report}");
    }
}
