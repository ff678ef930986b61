//! A variable of the environment for every option: `JVXLEAKS_FAIL_ON=low` is `--fail-on low`.
//!
//! What is typed counts before it. So a job or a shell sets once what every command, hook and step is to know.

use super::args::Cli;
use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, Command, CommandFactory as _};

/// Options that are typed or not there. A variable that is set for all jobs would print secrets into their logs.
const TYPED_ONLY: [&str; 3] = ["help", "version", "show-secrets"];

/// The command line with its variables.
pub(super) fn command() -> Command {
    told(Cli::command())
}

fn told(command: Command) -> Command {
    let names = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned());
    let names: Vec<String> = names.collect();
    names
        .into_iter()
        .fold(command.mut_args(named), |command, name| {
            command.mut_subcommand(name, told)
        })
}

/// The option, and what it is called in the environment.
fn named(option: Arg) -> Arg {
    let Some(long) = option.get_long().filter(|long| !TYPED_ONLY.contains(long)) else {
        return option;
    };
    let name = format!("JVXLEAKS_{}", long.to_uppercase().replace('-', "_"));
    // A job sets a variable to nothing where an input of a workflow is not given.
    if std::env::var_os(&name).is_some_and(|value| value.is_empty()) {
        return option;
    }
    let option = option.env(name).hide_env_values(true);
    match option.get_action() {
        // `1`, `true` and `yes` switch it on; `0`, `false` and `no` do not.
        ArgAction::SetTrue => option.value_parser(FalseyValueParser::new()),
        _ => option,
    }
}
