//! One JSON document for the whole outcome, schema `jvxleaks/1`.

use super::escape;
use super::options::ReportOptions;
use super::wire::{FaultWire, FindingWire, KeyWire, SCHEMA, StatsWire, SuppressedWire, ToolWire};
use crate::model::{Outcome, Step};
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct JsonDocument<'a> {
    schema: &'static str,
    tool: ToolWire,
    root: &'a str,
    findings: Vec<FindingWire<'a>>,
    keys: Vec<KeyWire<'a>>,
    /// How to take several keys out of local commits, in one go.
    #[serde(skip_serializing_if = "String::is_empty")]
    rewriting: String,
    suppressed: Vec<SuppressedWire<'a>>,
    faults: Vec<FaultWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<FaultWire<'a>>,
    stats: StatsWire,
}

/// Writes the document, indented, with a newline at its end.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reveal = options.reveal;
    let findings = outcome.findings.iter().map(|f| (f, reveal).into());
    let suppressed = outcome.suppressed.iter().map(|s| (s, reveal).into());
    let document = JsonDocument {
        schema: SCHEMA,
        tool: options.into(),
        root: &options.scanned,
        findings: findings.collect(),
        keys: outcome.keys.iter().map(KeyWire::from).collect(),
        rewriting: Step::lines(&outcome.rewriting),
        suppressed: suppressed.collect(),
        faults: outcome.faults.iter().map(FaultWire::from).collect(),
        skipped: outcome.passed_over.iter().map(FaultWire::from).collect(),
        stats: outcome.into(),
    };
    let document = serde_json::to_string_pretty(&document)?;
    writeln!(out, "{}", escape::json(&document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_document_has_the_frozen_shape() {
        insta::assert_snapshot!(sample::report("json", &sample::outcome()), @r#"
        {
          "schema": "jvxleaks/1",
          "tool": {
            "name": "jvxleaks",
            "version": "1.2.3"
          },
          "root": ".",
          "findings": [
            {
              "rule": "jourvex-key",
              "severity": "critical",
              "message": "live Jourvex API key in client code",
              "advice": "instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq",
              "path": "app.ts",
              "line": 1,
              "column": 5,
              "end_line": 1,
              "end_column": 44,
              "secret": "jvx_live_9fKq...",
              "fingerprint": "c0ffee",
              "context": "browser-bundle",
              "exposure": "browser-bundle",
              "origin": {
                "kind": "commit",
                "commit": "3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e",
                "author_date": "2026-01-03T09:00:00Z",
                "refs": [
                  "refs/heads/main"
                ],
                "refs_count": 1
              },
              "derived_from": {
                "kind": "source-map",
                "path": "src/app.ts",
                "line": 1,
                "column": 880
              }
            },
            {
              "rule": "jourvex-key",
              "severity": "critical",
              "message": "live Jourvex API key in client code",
              "advice": "instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq",
              "path": "src/tracking/client.ts",
              "line": 2,
              "column": 17,
              "end_line": 2,
              "end_column": 56,
              "secret": "jvx_live_9fKq...",
              "fingerprint": "c0ffee",
              "context": "client-source",
              "exposure": "client-source",
              "origin": {
                "kind": "file"
              },
              "derived_from": null
            },
            {
              "rule": "auth-header",
              "severity": "medium",
              "message": "hardcoded Authorization header",
              "advice": "instead: read it from the environment",
              "path": "tests/größe test.py",
              "line": 1,
              "column": 13,
              "end_line": 1,
              "end_column": 53,
              "secret": "aHVu...",
              "fingerprint": "dec0de",
              "context": "test",
              "exposure": null,
              "origin": {
                "kind": "file"
              },
              "derived_from": null
            }
          ],
          "keys": [
            {
              "prefix": "jvx_live_9fKq...",
              "rule": "jourvex-key",
              "severity": "critical",
              "fingerprint": "c0ffee",
              "action": "rotate",
              "first_seen": {
                "commit": "3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e",
                "author_date": "2026-01-03T09:00:00Z",
                "path": "src/client.ts",
                "line": 14
              },
              "last_seen": {
                "commit": "3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e",
                "author_date": "2026-01-03T09:00:00Z",
                "path": "src/client.ts",
                "line": 14
              },
              "removed_in": null,
              "in_head": true,
              "in_index": false,
              "published": [
                "refs/remotes/origin/main",
                "refs/tags/v1.2"
              ],
              "published_count": 2,
              "local": [],
              "local_count": 0,
              "places": 4,
              "advice": "rotate at Settings -> API Access\nremove the literal"
            }
          ],
          "suppressed": [
            {
              "rule": "jourvex-key",
              "severity": "critical",
              "message": "live Jourvex API key in client code",
              "advice": "instead: read process.env.JOURVEX_API_KEY on your server\nrotate: Settings -> API Access, the key with prefix jvx_live_9fKq",
              "path": "src/tracking/client.ts",
              "line": 2,
              "column": 17,
              "end_line": 2,
              "end_column": 56,
              "secret": "jvx_live_9fKq...",
              "fingerprint": "c0ffee",
              "context": "client-source",
              "exposure": "client-source",
              "origin": {
                "kind": "file"
              },
              "derived_from": null,
              "suppressed_by": {
                "kind": "inline",
                "mark": "jvxleaks:allow",
                "reason": "rotated in May"
              },
              "accepted_by_change": false
            }
          ],
          "faults": [
            {
              "path": "assets/old.zip",
              "what": "larger than 256 MiB"
            }
          ],
          "stats": {
            "files": 1204,
            "bytes": 38214000,
            "commits": 12
          }
        }
        "#);
    }

    #[test]
    fn every_origin_carries_what_applies_to_it() {
        use crate::model::{Origin, RefName, Refs};
        let origins = [
            Origin::Stdin,
            Origin::Index,
            Origin::TagMessage {
                tag: "7a6".to_owned(),
                date: "2026-01-03T09:00:00Z".to_owned(),
                refs: [RefName::new("refs/tags/v1")].into(),
            },
            Origin::Unreachable {
                object: "0b1".to_owned(),
                refs: Refs::default(),
            },
        ];
        let finding = |origin| crate::model::Finding {
            origin,
            ..sample::key_in_file()
        };
        let outcome = Outcome {
            findings: origins.map(finding).into(),
            ..Outcome::default()
        };
        let report: serde_json::Value =
            serde_json::from_str(&sample::report("json", &outcome)).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let origins: Vec<_> = findings.map(|f| f["origin"].to_string()).collect();
        insta::assert_snapshot!(origins.join("\n"), @r#"
        {"kind":"stdin"}
        {"kind":"index"}
        {"kind":"tag-message","refs":["refs/tags/v1"],"refs_count":1,"tag":"7a6","tag_date":"2026-01-03T09:00:00Z"}
        {"kind":"unreachable","object":"0b1"}
        "#);
    }

    #[test]
    fn a_hostile_text_comes_back_as_it_was() {
        let outcome = sample::hostile();
        let report: serde_json::Value =
            serde_json::from_str(&sample::report("json", &outcome)).unwrap();
        assert_eq!(
            report["findings"][3]["message"],
            outcome.findings[3].message.as_str()
        );
    }
}
