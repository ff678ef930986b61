//! SARIF 2.1.0 as GitHub code scanning reads it: one run, its rules, at most 5,000 results.
//!
//! GitHub opens an alert for every result, suppressed or not, so suppressed findings are left out
//! unless they are asked for.
//! There is no snippet, and secrets are always redacted. `automationDetails` is left to whoever
//! uploads the file: an id in it would win over the `category` that a workflow gives.

pub(super) mod fix;
pub(super) mod history;
pub(super) mod place;
pub(super) mod rule;
pub(super) mod suppression;
pub(super) mod text;

use super::options::ReportOptions;
use super::summary::counted;
use super::{accepted, escape};
use crate::model::{ExposedKey, Fault, Finding, Outcome, RuleInfo, Suppression};
use history::Keys;
use place::{Uri, count};
use rule::{descriptor, json, level};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, Message, Notification, PhysicalLocation, Region,
    Result as SarifResult, ResultColumnKind, Run, Sarif, Tool, ToolComponent,
};
use std::collections::BTreeMap;
use std::io::{self, Write};
use text::plain;

/// GitHub keeps this many results of a run and drops the rest without a word.
const RESULTS: usize = 5000;

/// Other places of the same secret that a result links to.
const RELATED: usize = 10;

/// What stands in for the part of a secret that is not shown.
const REDACTED: &str = "...";

/// Writes the log, without indentation: uploads are limited in size.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let log = Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(json("2.1.0"))
        .runs(vec![run(outcome, options)])
        .build();
    let log = serde_json::to_string(&log)?;
    writeln!(out, "{}", escape::json(&log))
}

fn run(outcome: &Outcome, options: &ReportOptions) -> Run {
    let rules = rules(outcome);
    Run::builder()
        .tool(Tool::builder().driver(driver(&rules, options)).build())
        .invocations(vec![invocation(outcome, options)])
        .column_kind(json(&ResultColumnKind::Utf16CodeUnits.to_string()))
        .redaction_tokens(vec![REDACTED.to_owned()])
        .results(results(outcome, options, &rules))
        .build()
}

fn driver(rules: &[&RuleInfo], options: &ReportOptions) -> ToolComponent {
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| descriptor(rule, &options.rule_options))
        .collect();
    let mut driver = ToolComponent::builder()
        .name("jvxleaks")
        .version(options.tool_version)
        .semantic_version(options.tool_version)
        .rules(rules)
        .build();
    driver.information_uri = Some(env!("CARGO_PKG_HOMEPAGE").to_owned());
    driver
}

fn results(outcome: &Outcome, options: &ReportOptions, rules: &[&RuleInfo]) -> Vec<SarifResult> {
    let ids: BTreeMap<&str, i64> = rules.iter().map(|rule| &*rule.id).zip(0..).collect();
    let places = places(outcome);
    let keys = Keys::of(outcome);
    let results = chosen(outcome, options).into_iter().take(RESULTS);
    let results = results.map(|(finding, by)| {
        let same = places.get(&*finding.fingerprint.0);
        let same = same.map_or(&[][..], Vec::as_slice);
        let mut result = result(finding, keys.of_finding(finding), same, options);
        let suppressions = options.with_suppressed.then(|| suppression::of(by));
        result.suppressions = suppressions;
        result.properties = keys.properties(finding);
        result.rule_index = ids.get(&*finding.rule.id).copied();
        result
    });
    results.collect()
}

/// The findings to make results of: those that count, worst first, then the suppressed ones if they
/// are wanted.
fn chosen<'o>(
    outcome: &'o Outcome,
    options: &ReportOptions,
) -> Vec<(&'o Finding, Option<&'o Suppression>)> {
    let counting = Keys::of(outcome).results(outcome);
    let wanted = outcome
        .suppressed
        .iter()
        .filter(|_| options.with_suppressed);
    let suppressed = wanted.map(|s| (&s.finding, Some(&s.by)));
    let counting = counting.into_iter().map(|finding| (finding, None));
    counting.chain(suppressed).collect()
}

/// The rules that ran, and those of findings that are not among them.
fn rules(outcome: &Outcome) -> Vec<&RuleInfo> {
    let suppressed = outcome.suppressed.iter().map(|s| &s.finding);
    let of_findings = outcome.findings.iter().chain(suppressed);
    let of_findings = of_findings.map(|finding| &finding.rule);
    let mut rules: Vec<&RuleInfo> = Vec::new();
    for rule in outcome.rules.iter().chain(of_findings) {
        if !rules.iter().any(|known| known.id == rule.id) {
            rules.push(rule);
        }
    }
    rules
}

/// All findings by the fingerprint they share.
fn places(outcome: &Outcome) -> BTreeMap<&str, Vec<&Finding>> {
    let mut places: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for finding in outcome
        .findings
        .iter()
        .filter(|f| !f.fingerprint.0.is_empty())
    {
        places
            .entry(&*finding.fingerprint.0)
            .or_default()
            .push(finding);
    }
    places
}

fn result(
    finding: &Finding,
    key: Option<&ExposedKey>,
    same: &[&Finding],
    options: &ReportOptions,
) -> SarifResult {
    let others = same.iter().filter(|other| !std::ptr::eq(**other, finding));
    let others: Vec<_> = others.copied().take(RELATED).collect();
    let unlinked = same.len().saturating_sub(1 + others.len());
    let mut result = SarifResult::builder()
        .rule_id(escape::visible(&finding.rule.id).into_owned())
        .level(level(finding.severity))
        .message(message(text::message(finding, key, others.len(), unlinked)))
        .locations(vec![location(finding, options)])
        .build();
    result.partial_fingerprints = place::alert_id(finding)
        .map(|print| BTreeMap::from([("primaryLocationLineHash".to_owned(), print)]));
    let artifact = physical(place::uri(finding, &options.root)).artifact_location;
    result.fixes = artifact.and_then(|artifact| fix::of(finding, artifact));
    if !others.is_empty() {
        let related = (1..).zip(others).map(|(id, other)| Location {
            id: Some(id),
            ..location(other, options)
        });
        result.related_locations = Some(related.collect());
    }
    result
}

/// The place, on one line even if the secret goes on: a pull request shows an alert only if all of
/// its lines are in the change.
fn location(finding: &Finding, options: &ReportOptions) -> Location {
    let mut region = Region::builder()
        .start_line(count(finding.place.line))
        .build();
    if let Some((start, end)) = place::columns(finding) {
        region.start_column = Some(count(start));
        region.end_column = end.map(count);
    }
    let mut physical = physical(place::uri(finding, &options.root));
    physical.region = Some(region);
    Location::builder().physical_location(physical).build()
}

fn physical(uri: Uri) -> PhysicalLocation {
    let mut artifact = ArtifactLocation::builder().uri(uri.text).build();
    artifact.uri_base_id = uri.relative.then(|| "%SRCROOT%".to_owned());
    PhysicalLocation::builder()
        .artifact_location(artifact)
        .build()
}

fn invocation(outcome: &Outcome, options: &ReportOptions) -> Invocation {
    let cut = chosen(outcome, options).len().saturating_sub(RESULTS);
    let left_out = (cut > 0).then(|| {
        let cut = counted(cut as u64, "finding");
        notification(
            "warning",
            format!("{cut} left out, the least severe: code scanning keeps {RESULTS}."),
        )
    });
    let faults = outcome
        .faults
        .iter()
        .map(|f| located("error", "Not read", f, options));
    let passed_over = outcome.passed_over.iter();
    let passed_over = passed_over.map(|p| located("note", "Skipped", p, options));
    // Also where suppressed results are left out: a reviewer should see what the change accepts.
    let accepted = accepted::by_this_change(outcome);
    let accepted = accepted.into_iter().map(|suppressed| {
        let text = plain(&format!(
            "Accepted by this change: {}",
            accepted::words(suppressed)
        ));
        let mut notification = notification("note", text);
        notification.locations = Some(vec![location(&suppressed.finding, options)]);
        notification
    });
    let warnings = outcome
        .warnings
        .iter()
        .map(|w| notification("note", plain(w)));
    let mut invocation = Invocation::builder()
        .execution_successful(outcome.faults.is_empty())
        .tool_execution_notifications(
            faults
                .chain(passed_over)
                .chain(accepted)
                .chain(left_out)
                .collect::<Vec<_>>(),
        )
        .build();
    if !outcome.warnings.is_empty() {
        invocation.tool_configuration_notifications = Some(warnings.collect());
    }
    invocation
}

fn located(level: &str, title: &str, fault: &Fault, options: &ReportOptions) -> Notification {
    let text = plain(&format!("{title}: {}: {}", fault.path, fault.what));
    let mut notification = notification(level, text);
    if !fault.path.as_bytes().is_empty() {
        let physical = physical(Uri::of(&fault.path, &options.root));
        let location = Location::builder().physical_location(physical).build();
        notification.locations = Some(vec![location]);
    }
    notification
}

fn notification(level: &str, text: String) -> Notification {
    Notification::builder()
        .level(json(level))
        .message(message(text))
        .build()
}

fn message(text: String) -> Message {
    Message::builder().text(text).build()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use serde_json::Value;

    fn parsed(outcome: &Outcome) -> Value {
        serde_json::from_str(&sample::report("sarif", outcome)).unwrap()
    }

    #[test]
    fn the_log_has_what_code_scanning_reads() {
        let log = format!("{:#}", parsed(&sample::outcome()));
        insta::assert_snapshot!(log, @r#"
        {
          "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
          "runs": [
            {
              "columnKind": "utf16CodeUnits",
              "invocations": [
                {
                  "executionSuccessful": false,
                  "toolConfigurationNotifications": [
                    {
                      "level": "note",
                      "message": {
                        "text": "the allow comment at a.py:3 matches nothing"
                      }
                    }
                  ],
                  "toolExecutionNotifications": [
                    {
                      "level": "error",
                      "locations": [
                        {
                          "physicalLocation": {
                            "artifactLocation": {
                              "uri": "assets/old.zip",
                              "uriBaseId": "%SRCROOT%"
                            }
                          }
                        }
                      ],
                      "message": {
                        "text": "Not read: assets/old.zip: larger than 256 MiB"
                      }
                    }
                  ]
                }
              ],
              "redactionTokens": [
                "..."
              ],
              "results": [
                {
                  "level": "error",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app.ts",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 44,
                          "startColumn": 5,
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "live Jourvex API key in client code (jvx_live_9fKq...). Found in base64. It is in commit 3f2a9c1 of 2026-01-03 (branch main). ROTATE NOW: published: origin/main, tag v1.2, exposed since 2026-01-03, still in HEAD. The same secret is [also here](1)."
                  },
                  "partialFingerprints": {
                    "primaryLocationLineHash": "e29a1ebcf966edca:1"
                  },
                  "properties": {
                    "action": "rotate",
                    "authorDate": "2026-01-03T09:00:00Z",
                    "commit": "3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e3f2a9c1e",
                    "fingerprint": "c0ffee",
                    "inHead": true,
                    "published": [
                      "refs/remotes/origin/main",
                      "refs/tags/v1.2"
                    ],
                    "publishedCount": 2
                  },
                  "relatedLocations": [
                    {
                      "id": 1,
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/tracking/client.ts",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 56,
                          "startColumn": 17,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "ruleId": "jourvex-key",
                  "ruleIndex": 0
                },
                {
                  "level": "error",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "src/tracking/client.ts",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 56,
                          "startColumn": 17,
                          "startLine": 2
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "live Jourvex API key in client code (jvx_live_9fKq...). The same secret is [also here](1)."
                  },
                  "relatedLocations": [
                    {
                      "id": 1,
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "app.ts",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 44,
                          "startColumn": 5,
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "ruleId": "jourvex-key",
                  "ruleIndex": 0
                },
                {
                  "level": "warning",
                  "locations": [
                    {
                      "physicalLocation": {
                        "artifactLocation": {
                          "uri": "tests/gr%C3%B6%C3%9Fe%20test.py",
                          "uriBaseId": "%SRCROOT%"
                        },
                        "region": {
                          "endColumn": 50,
                          "startColumn": 10,
                          "startLine": 1
                        }
                      }
                    }
                  ],
                  "message": {
                    "text": "hardcoded Authorization header (aHVu...)."
                  },
                  "ruleId": "auth-header",
                  "ruleIndex": 1
                }
              ],
              "tool": {
                "driver": {
                  "informationUri": "https://jourvex-api.onrender.com",
                  "name": "jvxleaks",
                  "rules": [
                    {
                      "defaultConfiguration": {
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "A live key of the Journey API"
                      },
                      "help": {
                        "markdown": "**A live key of the Journey API**\n\n* Read the key from the environment.\n* https://docs.example.com/keys\n* More: jvxleaks explain jourvex-key\n",
                        "text": "Read the key from the environment.\nhttps://docs.example.com/keys\nMore: jvxleaks explain jourvex-key"
                      },
                      "helpUri": "https://docs.example.com/keys",
                      "id": "jourvex-key",
                      "name": "JourvexKey",
                      "properties": {
                        "precision": "high",
                        "security-severity": "9.5",
                        "tags": [
                          "security",
                          "secret"
                        ]
                      },
                      "shortDescription": {
                        "text": "A live key of the Journey API"
                      }
                    },
                    {
                      "defaultConfiguration": {
                        "level": "error"
                      },
                      "fullDescription": {
                        "text": "A live key of the Journey API"
                      },
                      "help": {
                        "markdown": "**A live key of the Journey API**\n\n* Read the key from the environment.\n* https://docs.example.com/keys\n* More: jvxleaks explain auth-header\n",
                        "text": "Read the key from the environment.\nhttps://docs.example.com/keys\nMore: jvxleaks explain auth-header"
                      },
                      "helpUri": "https://docs.example.com/keys",
                      "id": "auth-header",
                      "name": "AuthHeader",
                      "properties": {
                        "precision": "high",
                        "security-severity": "8.0",
                        "tags": [
                          "security",
                          "secret"
                        ]
                      },
                      "shortDescription": {
                        "text": "A live key of the Journey API"
                      }
                    }
                  ],
                  "semanticVersion": "1.2.3",
                  "version": "1.2.3"
                }
              }
            }
          ],
          "version": "2.1.0"
        }
        "#);
    }

    #[test]
    fn results_are_cut_by_severity_and_counted() {
        let mut outcome = sample::outcome();
        outcome.findings = vec![sample::password_in_test(); 10];
        outcome.faults.clear();
        outcome
            .findings
            .extend(vec![sample::key_in_file(); RESULTS]);
        let run = &parsed(&outcome)["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), RESULTS);
        assert!(results.iter().all(|result| result["level"] == "error"));
        let notice = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        insta::assert_snapshot!(notice, @r#""10 findings left out, the least severe: code scanning keeps 5000.""#);
    }

    #[test]
    fn suppressed_findings_are_left_out() {
        let outcome = Outcome {
            findings: Vec::new(),
            ..sample::outcome()
        };
        assert_eq!(
            parsed(&outcome)["runs"][0]["results"],
            serde_json::json!([])
        );
    }

    #[test]
    fn a_result_links_to_ten_others_and_counts_the_rest() {
        let outcome = Outcome {
            findings: vec![sample::key_in_file(); 15],
            ..Outcome::default()
        };
        let result = &parsed(&outcome)["runs"][0]["results"][3];
        assert_eq!(
            result["relatedLocations"].as_array().unwrap().len(),
            RELATED
        );
        assert_eq!(result["relatedLocations"][9]["id"], 10);
        let text = result["message"]["text"].as_str().unwrap();
        assert!(
            text.ends_with("[also here](10) and in 4 more places."),
            "{text}"
        );
    }

    #[test]
    fn hostile_text_makes_no_link_and_no_placeholder() {
        let mut finding = sample::key_in_file();
        finding.message = "a [b](https://evil.example) {0}\n::error::c".to_owned();
        let outcome = Outcome {
            findings: vec![finding],
            ..Outcome::default()
        };
        let text = &parsed(&outcome)["runs"][0]["results"][0]["message"]["text"];
        insta::assert_snapshot!(text, @r#""a \\[b\\](https://evil.example) {{0}}\\n::error::c (jvx_live_9fKq...).""#);
    }
}
