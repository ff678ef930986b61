//! A variable of the environment for every option: `JVXLEAKS_FAIL_ON=low` is `--fail-on low`.
//!
//! What is typed counts before it. So a job or a shell sets once what every command, hook and step is to know.

use super::Cli;
use clap::builder::BoolishValueParser;
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command, CommandFactory as _};
use std::collections::BTreeSet;

/// Options that are typed or not there. A variable that is set for all jobs would print secrets into their logs, send keys
/// from all of them, or change files.
const TYPED_ONLY: [&str; 10] = [
    "help",
    "version",
    "show-secrets",
    "verify",
    "yes-send-keys",
    "fix",
    "fix-only",
    "diff",
    "unsafe-fixes",
    "write-env",
];

/// What all variables begin with.
const PREFIX: &str = "JVXLEAKS_";

/// The command line with its variables.
pub(in crate::cli) fn command() -> Command {
    told(Cli::command())
}

fn told(command: Command) -> Command {
    let names = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned());
    let names: Vec<String> = names.collect();
    names
        .into_iter()
        // Who pushes to a server may set what its hooks run with.
        .filter(|name| !matches!(&**name, "pre-receive" | "update"))
        .fold(command.mut_args(named), |command, name| {
            command.mut_subcommand(name, told)
        })
}

/// The option, and what it is called in the environment.
fn named(option: Arg) -> Arg {
    let Some(long) = option.get_long().filter(|long| !TYPED_ONLY.contains(long)) else {
        return option;
    };
    let name = variable(long);
    // A job sets a variable to nothing where an input of a workflow is not given.
    if std::env::var_os(&name).is_some_and(|value| value.is_empty()) {
        return option;
    }
    let option = option.env(name).hide_env_values(true);
    match option.get_action() {
        // `1`, `true` and `yes` switch it on; `0`, `false` and `no` do not; `flase` is an error.
        ArgAction::SetTrue => option.value_parser(BoolishValueParser::new()),
        _ => option,
    }
}

/// What is wrong with variables that are set: those of the prefix that no option has.
pub(in crate::cli) fn unknown(command: &Command) -> Vec<String> {
    let set = std::env::vars_os().filter(|(_, value)| !value.is_empty());
    let set = set.map(|(name, _)| name.to_string_lossy().into_owned());
    let set: Vec<String> = set.filter(|name| name.starts_with(PREFIX)).collect();
    if set.is_empty() {
        return Vec::new();
    }
    let mut known = BTreeSet::new();
    options(command, &mut known);
    let unknown = set.iter().filter(|name| !known.contains(*name));
    unknown.map(|name| complaint(name, &known)).collect()
}

/// `JVXLEAKS_FAIL_NO` for `JVXLEAKS_FAIL_ON`.
fn complaint(name: &str, known: &BTreeSet<String>) -> String {
    if let Some(long) = TYPED_ONLY.iter().find(|long| variable(long) == name) {
        return format!(
            "warning: {name} is set and not read; --{long} counts only where it is typed"
        );
    }
    let like =
        |known: &&String| strsim::jaro_winkler(&name[PREFIX.len()..], &known[PREFIX.len()..]);
    let near = known.iter().filter(|known| like(known) > 0.8);
    let near = near.max_by(|a, b| like(a).total_cmp(&like(b)));
    let near = near.map(|near| format!("; did you mean {near}?"));
    let near = near.unwrap_or_default();
    format!("warning: {name} is set, and no option has that variable{near}")
}

/// The variables of a command's options, and of the commands below it.
fn options(command: &Command, known: &mut BTreeSet<String>) {
    let names = command.get_arguments().filter_map(Arg::get_long);
    let names = names.filter(|long| !TYPED_ONLY.contains(long));
    known.extend(names.map(variable));
    let below = command.get_subcommands();
    below.for_each(|command| options(command, known));
}

fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.to_uppercase().replace('-', "_"))
}

/// The variable that a wrong value stands in: the parser names the option, which nobody typed.
pub(in crate::cli) fn at_fault(said: &clap::Error) -> Option<String> {
    let text = |kind| match said.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    // `--jobs <N>`
    let option = text(ContextKind::InvalidArg)?.split_whitespace().next()?;
    let name = variable(option.strip_prefix("--")?);
    let is_typed = |word: String| word == option || word.starts_with(&format!("{option}="));
    let value = std::env::var(&name).ok()?;
    let is_its = text(ContextKind::InvalidValue).is_some_and(|wrong| value.contains(wrong));
    let is_typed = std::env::args_os().any(|word| is_typed(word.to_string_lossy().into_owned()));
    (is_its && !is_typed).then_some(name)
}
