//! The command line: options, exit codes, and the one place that prints.

mod args;
mod command;
mod exit;
mod interrupt;
mod output;
mod setup;
mod user_folder;

use args::{Cli, Command};
use clap::{ArgMatches, FromArgMatches as _};
use exit::Exit;
use jvxleaks::model::Failure;
use std::io;
use std::process::ExitCode;

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    Failure::keep_quiet();
    interrupt::fail_at_size_limit();
    let command = args::environment::command();
    let unknown = args::environment::unknown(&command);
    unknown.iter().for_each(|what| output::say(what));
    let typed = command.try_get_matches();
    let read = typed.and_then(|typed| Ok((Cli::from_arg_matches(&typed)?, typed)));
    let (cli, typed) = match read {
        Ok(read) => read,
        Err(mut said) => {
            let is_wrong = said.use_stderr();
            return match output::usage(&mut said) {
                _ if is_wrong => Exit::Trouble.into(),
                Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                    output::error(&anyhow::Error::from(e).context("standard output"));
                    Exit::Trouble.into()
                }
                _ => Exit::Clean.into(),
            };
        }
    };
    match Failure::caught(|| run(cli, &typed)) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(error)) if is_closed_pipe(&error) => Exit::Clean.into(),
        Ok(Err(error)) => {
            output::error(&error);
            Exit::Trouble.into()
        }
        Err(failure) => {
            output::error(&anyhow::anyhow!("nothing is reported: {failure}"));
            Exit::Trouble.into()
        }
    }
}

fn run(mut cli: Cli, typed: &ArgMatches) -> anyhow::Result<Exit> {
    if let Some(tree) = cli.command.tree() {
        tree.paths = setup::paths::listed(&tree.paths)?;
    }
    match cli.command {
        Command::Scan(args) => command::scan::scan(&args),
        Command::Staged(args) => command::git::staged(&args),
        Command::Range(args) => command::git::range(&args),
        Command::History(args) => command::git::history(&args),
        Command::Fleet(args) => command::fleet::run(&args),
        Command::Merge(args) => command::fleet::merge(&args),
        Command::Package(args) => command::package::run(&args),
        Command::PurgePlan(args) => command::purge::run(&args),
        Command::Verify(args) => command::verify::run(&args),
        Command::Site(args) => command::site::run(&args),
        Command::Hook(args) => command::hook::run(&args.command),
        Command::Ci(args) => command::ci::run(&args),
        Command::Allow(args) => command::allow::run(&args),
        Command::Baseline(args) => command::baseline::run(&args.command),
        Command::Rules(args) => command::rules::run(&args),
        Command::Explain(args) => command::explain::run(&args),
        Command::Completions { shell } => output::generated(|out| {
            // The generator panics where it cannot write, as into `head`.
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut args::environment::command(),
                "jvxleaks",
                &mut script,
            );
            out.write_all(&script)
        }),
        Command::Config(args) => command::config::run(&args.command, typed),
        Command::Cache(args) => command::cache::run(&args.command),
        Command::Man { command, folder } => command::man::run(&command, folder.as_deref()),
    }
}

/// `jvxleaks ... | head`: whoever reads has seen enough.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_consistent() {
        args::environment::command().debug_assert();
    }
}
