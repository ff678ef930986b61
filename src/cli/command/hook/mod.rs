//! `jvxleaks hook`: what git hooks call, and putting hooks in place.

pub(in crate::cli) mod args;
mod existing;
mod folder;
mod input;
mod install;
mod rewriting;
mod run;
mod script;
mod server;
mod uninstall;

use super::super::exit::Exit;
use args::HookCommand;

/// Runs one of the commands.
pub(in crate::cli) fn run(command: &HookCommand) -> anyhow::Result<Exit> {
    match command {
        HookCommand::Run(hook) => run::run(hook),
        HookCommand::Install(args) => install::install(args),
        HookCommand::Uninstall(args) => uninstall::uninstall(args),
    }
}
