//! `jvxleaks config show|schema`: what holds for a scan here, and which option, variable or line says so.

use super::super::args::{ConfigCommand, ScanArgs};
use super::super::args::{environment, threads};
use super::super::exit::Exit;
use super::super::output;
use super::super::setup::project::Project;
use super::super::setup::project_text;
use super::super::setup::{self, Setup};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use jvxleaks::policy::{Config, IGNORE_FILE, Said};
use std::io::{self, Write};

/// Options that the configuration has as well, its key, and whether both count together.
const SHARED: [(&str, &str, bool); 6] = [
    ("rules", "rules.files", true),
    ("enable", "rules.enable", false),
    ("disable", "rules.disable", true),
    ("baseline", "baseline", false),
    ("severity", "severity", false),
    ("fail-on", "fail-on", false),
];

/// Prints the settings or the schema.
pub(in crate::cli) fn run(command: &ConfigCommand, typed: &ArgMatches) -> anyhow::Result<Exit> {
    let args = match command {
        ConfigCommand::Schema => {
            return output::generated(|out| writeln!(out, "{}", Config::schema()));
        }
        ConfigCommand::Show(args) => args,
    };
    threads::limit(args.common.search.input.jobs)?;
    let project = Project::of(&args.tree.paths)?;
    let common = &args.common;
    let setup = setup::scan(
        &project,
        &common.search.rules,
        &common.search.silencing,
        Some(&common.verdict),
    )?;
    let mut rows = files(&project, args, &setup);
    rows.extend(rules(&setup));
    rows.extend(settings(typed, &setup));
    output::generated(|out| write(&rows, out))
}

/// One value, and where it comes from.
struct Row {
    name: String,
    value: String,
    from: String,
}

impl Row {
    fn new(name: &str, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
            from: from.into(),
        }
    }
}

/// Puts each value below the others.
fn write(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let widest = |text: fn(&Row) -> &String| {
        let lengths = rows.iter().map(|row| text(row).chars().count());
        lengths.filter(|n| *n <= 48).max().unwrap_or(0)
    };
    let (name, value) = (widest(|row| &row.name), widest(|row| &row.value));
    for row in rows {
        let shown = output::inert(&row.value);
        writeln!(
            out,
            "{:name$}  {shown:value$}  {}",
            row.name,
            output::inert(&row.from)
        )?;
    }
    Ok(())
}

/// The files by which the project speaks.
fn files(project: &Project, args: &ScanArgs, setup: &Setup) -> Vec<Row> {
    let silencing = &args.common.search.silencing;
    let config = match setup.policy.config.file.as_str() {
        "" => Row::new("configuration file", "none", "none was found"),
        file if silencing.config.is_some() => Row::new("configuration file", file, "named"),
        file => Row::new("configuration file", file, "found"),
    };
    let file = project_text::shown(&setup.baseline).display().to_string();
    let from = match &setup.policy.baseline {
        None => "not there".to_owned(),
        Some(baseline) => {
            let how = if setup.names_baseline(silencing) {
                "named"
            } else {
                "found"
            };
            let entries = if baseline.len() == 1 {
                "entry"
            } else {
                "entries"
            };
            format!("{how}, {} {entries}", baseline.len())
        }
    };
    let baseline = Row::new("baseline file", file, from);
    let ignore = match project.paths.join(IGNORE_FILE).exists() {
        true if setup.policy.foreign_allows && !silencing.no_config => "found",
        true => "not read",
        false => "not there",
    };
    vec![
        config,
        baseline,
        Row::new("ignore file", IGNORE_FILE, ignore),
    ]
}

/// The rules that run, and those that do not.
fn rules(setup: &Setup) -> Vec<Row> {
    let names = &setup.policy.rules;
    let off = names.known.iter().filter(|id| !names.active.contains(id));
    let off: Vec<&str> = off.map(String::as_str).collect();
    let count = format!("{} of {}", names.active.len(), names.known.len());
    let off = if off.is_empty() {
        String::new()
    } else {
        format!("without {}", off.join(", "))
    };
    vec![Row::new("rules", count, off)]
}

/// What options, variables and the configuration say; else the default.
fn settings(typed: &ArgMatches, setup: &Setup) -> Vec<Row> {
    let command = environment::command();
    let show = below(&command, &["config", "show"]);
    let typed = typed.subcommand().and_then(|(_, sub)| sub.subcommand());
    let (Some(show), Some((_, typed))) = (show, typed) else {
        return Vec::new();
    };
    let config = &setup.policy.config;
    let mut rows = Vec::new();
    for option in show.get_arguments() {
        let Some(long) = option.get_long().filter(|long| *long != "help") else {
            continue;
        };
        let given = given(option, long, typed);
        let shared = SHARED.iter().find(|(name, ..)| *name == long);
        let said = shared
            .map(|(_, key, _)| said(config, key))
            .unwrap_or_default();
        let counts = given.is_empty() || shared.is_some_and(|(.., both)| *both);
        let said = said.into_iter().map(|said| {
            if counts {
                row(config, long, said)
            } else {
                Row {
                    from: format!("{}:{}, replaced", config.file, said.line),
                    ..row(config, long, said)
                }
            }
        });
        let before = rows.len();
        rows.extend(given);
        rows.extend(said);
        if rows.len() == before {
            rows.extend(default(option, long, setup));
        }
    }
    let is_shared = |said: &Said| SHARED.iter().any(|(_, key, _)| *key == said.key);
    let others = config.said.iter().filter(|said| !is_shared(said));
    rows.extend(others.map(|said| row(config, &said.key, said)));
    rows
}

fn below<'c>(command: &'c Command, names: &[&str]) -> Option<&'c Command> {
    names
        .iter()
        .try_fold(command, |command, name| command.find_subcommand(name))
}

/// What was typed, or stands in the environment.
fn given(option: &Arg, long: &str, typed: &ArgMatches) -> Vec<Row> {
    let id = option.get_id().as_str();
    let from = match typed.value_source(id) {
        Some(ValueSource::CommandLine) => format!("--{long}"),
        Some(ValueSource::EnvVariable) => {
            let name = option.get_env().unwrap_or_default();
            name.to_string_lossy().into_owned()
        }
        _ => return Vec::new(),
    };
    let is_switch = !option.get_action().takes_values();
    let values = typed.get_raw(id).into_iter().flatten();
    let values = values.map(|value| value.to_string_lossy().into_owned());
    let values: Vec<String> = if is_switch {
        vec![typed.get_flag(id).to_string()]
    } else {
        values.collect()
    };
    let rows = values
        .into_iter()
        .map(|value| Row::new(long, value, &*from));
    rows.collect()
}

/// What holds where nobody says anything; nothing for a list that is empty.
fn default(option: &Arg, long: &str, setup: &Setup) -> Option<Row> {
    let written = option.get_default_values().first();
    let written = written.map(|value| value.to_string_lossy().into_owned());
    let value = match long {
        "severity" => setup.policy.least_severity.to_string(),
        "fail-on" => setup.fail_on.to_string(),
        _ if !option.get_action().takes_values() => "false".to_owned(),
        _ => written?,
    };
    Some(Row::new(long, value, "default"))
}

fn said<'c>(config: &'c Config, key: &str) -> Vec<&'c Said> {
    config.said.iter().filter(|said| said.key == key).collect()
}

fn row(config: &Config, name: &str, said: &Said) -> Row {
    Row::new(name, &*said.value, format!("{}:{}", config.file, said.line))
}
