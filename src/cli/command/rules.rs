//! `jvxleaks rules list|show|pages|schema|check`.

use super::super::args::groups::RuleArgs;
use super::super::args::{RulesArgs, RulesCommand};
use super::super::exit::Exit;
use super::super::{output, setup};
use super::rule_page;
use anyhow::Context as _;
use jvxleaks::detect::{Detector, check_rules};
use jvxleaks::rules::{Rule, RuleSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Runs a `rules` command.
pub(in crate::cli) fn run(args: &RulesArgs) -> anyhow::Result<Exit> {
    match &args.command {
        RulesCommand::List(rules) => list(rules),
        RulesCommand::Show { id, rules } => show(id, rules),
        RulesCommand::Pages { folder, rules } => pages(folder, rules),
        RulesCommand::Schema => output::generated(|out| writeln!(out, "{}", RuleSet::schema())),
        RulesCommand::Check { files, rules } => check(files, rules),
    }
}

fn list(args: &RuleArgs) -> anyhow::Result<Exit> {
    let rules = setup::rules(args)?;
    let widest = rules.ids().iter().map(|id| id.len()).max().unwrap_or(0);
    output::generated(|out| {
        for rule in rules.iter() {
            let info = &rule.info;
            writeln!(
                out,
                "{:widest$}  {:8}  {}",
                info.id, info.severity, info.description
            )?;
        }
        Ok(())
    })
}

fn pages(folder: &Path, args: &RuleArgs) -> anyhow::Result<Exit> {
    let rules = setup::rules(args)?;
    rule_page::write_all(&rules, folder)
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    Ok(Exit::Clean)
}

fn show(id: &str, args: &RuleArgs) -> anyhow::Result<Exit> {
    let rules = setup::rules(args)?;
    let rule = rules.find(id)?;
    output::generated(|out| write_rule(rule, out))
}

/// The rule as its file has it, and as comments what it comes to where the file does not say it. Without them, or with
/// them, it is a file of rules.
fn write_rule(rule: &Rule, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# severity  {}", rule.info.severity)?;
    writeln!(out, "# gate      {}", rule.gate)?;
    let origin = if rule.keywords_derived {
        " (taken from the rule)"
    } else {
        ""
    };
    match rule.keywords.is_empty() {
        true if rule.runs_over_everything() => {
            writeln!(out, "# keywords  none: runs over everything")?;
        }
        true => writeln!(out, "# keywords  those of the other rules with names")?,
        false => writeln!(out, "# keywords  {}{origin}", rule.keywords.join(", "))?,
    }
    out.write_all(rule.written.as_bytes())
}

fn check(files: &[PathBuf], args: &RuleArgs) -> anyhow::Result<Exit> {
    let mut rules = setup::rules(args)?;
    for file in files {
        let mut own = RuleSet::default();
        own.add_file(file)?;
        anyhow::ensure!(
            !own.ids().is_empty(),
            "{}: there are no rules in it; each begins with `[[rules]]`",
            file.display()
        );
        rules.add_file(file)?;
    }
    let detector = Detector::new(rules).keeping_drops();
    let complaints = check_rules(&detector);
    let failed = complaints.iter().filter(|c| c.is_error).count();
    output::generated(|out| {
        for complaint in &complaints {
            let level = if complaint.is_error {
                "error"
            } else {
                "warning"
            };
            writeln!(out, "{level}[{}]: {}", complaint.rule, complaint.what)?;
        }
        let count = |pick: fn(&Rule) -> usize| detector.rules().iter().map(pick).sum::<usize>();
        let examples = count(|rule| rule.examples.len());
        let counterexamples = count(|rule| rule.counterexamples.len());
        let rules = detector.rules().ids().len();
        writeln!(
            out,
            "{rules} rules, {examples} examples, {counterexamples} counterexamples: {failed} failed"
        )
    })?;
    Ok(if failed == 0 {
        Exit::Clean
    } else {
        Exit::Findings
    })
}
