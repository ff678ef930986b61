//! What a SARIF log says of a rule.

use super::super::escape;
use super::text::{pascal_case, plain};
use crate::model::{RuleInfo, Severity};
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor, ResultLevel,
};
use std::collections::BTreeMap;

/// Code scanning refuses a longer description of a rule.
const LONGEST_DESCRIPTION: usize = 1024;

/// The description of a rule, with what code scanning sorts its alerts by.
pub(super) fn descriptor(rule: &RuleInfo, options: &str) -> ReportingDescriptor {
    let score = match rule.severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    };
    let facts = [("precision", "high"), ("security-severity", score)];
    let facts = facts.map(|(name, value)| (name.to_owned(), json(value)));
    let properties = PropertyBag::builder()
        .tags(vec!["security".to_owned(), "secret".to_owned()])
        .additional_properties(BTreeMap::from(facts))
        .build();
    let description = string(&rule.description);
    let level = json(&level(rule.severity).to_string());
    let mut descriptor = ReportingDescriptor::builder()
        .id(escape::visible(&rule.id).into_owned())
        .name(pascal_case(&rule.id))
        .short_description(description.clone())
        .full_description(description)
        .help(help(rule, options))
        .default_configuration(ReportingConfiguration::builder().level(level).build())
        .properties(properties)
        .build();
    let page = rule
        .references
        .iter()
        .find(|page| page.starts_with("https://") && page.bytes().all(|b| b.is_ascii_graphic()));
    descriptor.help_uri = page.cloned();
    descriptor
}

/// What to do, and where more is said: by a command with these options, which it needs to know the rule.
fn help(rule: &RuleInfo, options: &str) -> MultiformatMessageString {
    let page = format!("More: jvxleaks explain {}{options}", rule.id);
    let lines = rule
        .advice
        .lines()
        .chain(rule.references.iter().map(String::as_str))
        .chain([page.as_str()]);
    let lines: Vec<_> = lines.map(plain).collect();
    let text = lines.join("\n");
    let items = lines.iter().map(|line| format!("* {line}\n"));
    let markdown = format!(
        "**{}**\n\n{}",
        plain(&rule.description),
        items.collect::<String>()
    );
    MultiformatMessageString::builder()
        .text(text)
        .markdown(markdown)
        .build()
}

fn string(text: &str) -> MultiformatMessageString {
    let text: String = plain(text).chars().take(LONGEST_DESCRIPTION).collect();
    MultiformatMessageString::builder().text(text).build()
}

/// How SARIF calls a severity.
pub(in crate::report) fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low => ResultLevel::Note,
    }
}

/// A text as JSON.
pub(in crate::report) fn json(text: &str) -> serde_json::Value {
    serde_json::Value::from(text)
}
