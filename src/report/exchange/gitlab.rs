//! GitLab's report of secret detection, schema 15.2.4
//! (<https://gitlab.com/gitlab-org/security-products/security-report-schemas>).
//!
//! GitLab refuses a file for one field that it does not know. Remediations are left out: each is a patch, which has the
//! line with the secret in it.

use super::super::escape;
use super::super::options::ReportOptions;
use super::said::{FindingText, fault, findings};
use crate::model::{Outcome, Severity};
use serde::Serialize;
use std::io::{self, Write};

const VERSION: &str = "15.2.4";

/// What stands for the commit of what is in none.
const NO_COMMIT: &str = "0000000";

#[derive(Serialize)]
struct GitlabReport {
    version: &'static str,
    scan: GitlabScan,
    vulnerabilities: Vec<Vulnerability>,
}

#[derive(Serialize)]
struct GitlabScan {
    analyzer: GitlabTool,
    scanner: GitlabTool,
    r#type: &'static str,
    start_time: String,
    end_time: String,
    status: &'static str,
    messages: Vec<GitlabMessage>,
}

#[derive(Clone, Serialize)]
struct GitlabTool {
    id: &'static str,
    name: &'static str,
    version: &'static str,
    vendor: GitlabVendor,
}

#[derive(Clone, Serialize)]
struct GitlabVendor {
    name: &'static str,
}

#[derive(Serialize)]
struct GitlabMessage {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: Vec<GitlabIdentifier>,
    location: GitlabLocation,
}

#[derive(Serialize)]
struct GitlabIdentifier {
    r#type: &'static str,
    name: String,
    value: String,
}

#[derive(Serialize)]
struct GitlabLocation {
    file: String,
    start_line: usize,
    end_line: usize,
    commit: GitlabCommit,
}

#[derive(Serialize)]
struct GitlabCommit {
    sha: String,
}

/// Writes the document.
pub(in crate::report) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let tool = GitlabTool {
        id: "jvxleaks",
        name: "jvxleaks",
        version: options.tool_version,
        vendor: GitlabVendor { name: "jvxleaks" },
    };
    let faults = outcome.faults.iter().map(|own| GitlabMessage {
        level: "fatal",
        value: fault(own),
    });
    let report = GitlabReport {
        version: VERSION,
        scan: GitlabScan {
            analyzer: tool.clone(),
            scanner: tool,
            r#type: "secret_detection",
            start_time: options.started.clone(),
            end_time: options.ended.clone(),
            status: if outcome.faults.is_empty() {
                "success"
            } else {
                "failure"
            },
            messages: faults.collect(),
        },
        vulnerabilities: findings(outcome).iter().map(vulnerability).collect(),
    };
    let report = serde_json::to_string_pretty(&report)?;
    writeln!(out, "{}", escape::json(&report))
}

fn vulnerability(said: &FindingText<'_>) -> Vulnerability {
    let finding = said.finding;
    let rule = &finding.rule;
    let commit = finding.origin.commit().map(|(commit, _)| commit);
    Vulnerability {
        id: said.id(),
        name: escape::visible(&rule.description)
            .chars()
            .take(255)
            .collect(),
        description: said.headline.clone(),
        severity: match finding.severity {
            Severity::Critical => "Critical",
            Severity::High => "High",
            Severity::Medium => "Medium",
            Severity::Low => "Low",
        },
        solution: said.steps.join("\n").chars().take(7000).collect(),
        identifiers: vec![GitlabIdentifier {
            r#type: "jvxleaks_rule_id",
            name: format!("jvxleaks rule {}", escape::visible(&rule.id)),
            value: escape::visible(&rule.id).into_owned(),
        }],
        location: GitlabLocation {
            file: said.path(),
            start_line: said.lines().0,
            end_line: said.lines().1,
            commit: GitlabCommit {
                sha: commit.unwrap_or(NO_COMMIT).to_owned(),
            },
        },
    }
}
