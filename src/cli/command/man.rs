//! `jvxleaks man`: manual pages, one a command, with all of its options.

use super::super::args::environment;
use super::super::exit::Exit;
use super::super::output;
use anyhow::Context as _;
use clap::Command;
use clap_mangen::Man;
use std::path::Path;

/// Prints the page of a command, or writes all pages into a folder.
pub(in crate::cli) fn run(words: &[String], folder: Option<&Path>) -> anyhow::Result<Exit> {
    let mut all = environment::command();
    // Only then does a command know what it is called in full, `jvxleaks-hook-install`.
    all.build();
    if let Some(folder) = folder {
        return std::fs::create_dir_all(folder)
            .map_err(anyhow::Error::from)
            .and_then(|()| pages(&all, folder))
            .map(|()| Exit::Clean)
            .with_context(|| format!("cannot write into {}", folder.display()));
    }
    let mut command = &all;
    for word in words {
        let known = command.find_subcommand(word);
        command = known.with_context(|| {
            let name = command.get_name();
            format!("{name} has no command `{word}`; see `jvxleaks help`")
        })?;
    }
    output::generated(|out| page(command).render(out))
}

/// The page of a command. All are of one program, whatever the last word of the command is.
fn page(command: &Command) -> Man {
    let program = concat!("jvxleaks ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(program)
}

/// Writes the page of a command and those of the commands below it: `jvxleaks-hook-install.1`.
fn pages(command: &Command, folder: &Path) -> anyhow::Result<()> {
    let (man, mut text) = (page(command), Vec::new());
    man.render(&mut text)?;
    output::fill(folder, &man.get_filename(), &text)?;
    let below = command.get_subcommands();
    // `help` says no more than the page of the command that it is about.
    let mut below = below.filter(|sub| sub.get_name() != "help");
    below.try_for_each(|sub| pages(sub, folder))
}
