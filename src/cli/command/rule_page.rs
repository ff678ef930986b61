//! A Markdown page for each rule, made of the rule, so that it says what the rule does.

use super::super::output;
use super::explain::BRACES;
use jvxleaks::detect::gate_page;
use jvxleaks::rules::{Rule, RuleSet, Sample};
use std::fmt::Write as _;
use std::path::Path;

/// Writes the page of each rule, and one that lists them, into a folder.
///
/// # Errors
/// When one cannot be written.
pub(in crate::cli) fn write_all(rules: &RuleSet, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    for rule in rules.iter() {
        let name = format!("{}.md", rule.info.id);
        output::fill(folder, &name, page(rule).as_bytes())?;
    }
    output::fill(folder, "README.md", list(rules).as_bytes())
}

fn list(rules: &RuleSet) -> String {
    let mut text = "# Rules\n\n| rule | severity | what it finds |\n|---|---|---|\n".to_owned();
    for rule in rules.iter() {
        let info = &rule.info;
        let (id, severity) = (&info.id, info.severity);
        let _ = writeln!(
            text,
            "| [{id}]({id}.md) | {severity} | {} |",
            info.description
        );
    }
    text
}

fn page(rule: &Rule) -> String {
    let info = &rule.info;
    let mut text = format!(
        "# {}\n\n{}. Its severity is {} in ordinary source.\n",
        info.id, info.description, info.severity
    );
    if !info.advice.trim().is_empty() {
        let _ = write!(text, "\n## What to do\n{}\n", info.advice.trim());
    }
    if !rule.examples.is_empty() {
        let _ = write!(text, "\n## What it finds\n{}", samples(&rule.examples));
    }
    let harmless = gate_page(rule.gate).harmless;
    if !harmless.is_empty() || !rule.counterexamples.is_empty() {
        text.push_str("\n## What it takes to be harmless\n");
    }
    for reason in harmless {
        let _ = writeln!(text, "- {reason}");
    }
    if !rule.counterexamples.is_empty() {
        let _ = write!(text, "\n{}", samples(&rule.counterexamples));
    }
    let mut all = rule.examples.iter().chain(&rule.counterexamples);
    if all.any(|sample| sample.written != sample.text) {
        let _ = write!(text, "\n{BRACES}\n");
    }
    if !info.references.is_empty() {
        text.push_str("\n## More\n");
        for reference in &info.references {
            let _ = writeln!(text, "- <{reference}>");
        }
    }
    text
}

/// Examples in a fence that is longer than any run of its signs within.
fn samples(samples: &[Sample]) -> String {
    let mut fence = "```".to_owned();
    while samples.iter().any(|sample| sample.written.contains(&fence)) {
        fence.push('`');
    }
    let written: Vec<&str> = samples.iter().map(|s| s.written.as_str()).collect();
    format!("{fence}text\n{}\n{fence}\n", written.join("\n\n"))
}
