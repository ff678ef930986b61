//! What can be typed to plan a rewrite of history.

use super::super::super::args::groups::SearchArgs;
use clap::{Args, ValueEnum};
use jvxleaks::model::KEY_PREFIX;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct PurgeArgs {
    /// The repository [default: the one around the current folder]
    #[arg(value_name = "REPO")]
    pub(crate) repo: Option<PathBuf>,

    /// Write the texts that are replaced to this file, outside of the work tree; it holds whole secrets
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: PathBuf,

    /// What takes the place of each of them
    #[arg(long, value_name = "TEXT", default_value = "REMOVED", value_parser = parse_replacement, help_heading = "Output")]
    pub(crate) replacement: String,

    /// The tool that rewrites
    #[arg(
        long,
        value_name = "TOOL",
        default_value = "filter-repo",
        help_heading = "Output"
    )]
    pub(crate) tool: RewritingTool,

    /// Show no progress bar; there is none anyway where standard error is no terminal
    #[arg(long, help_heading = "Output")]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

/// What rewrites a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RewritingTool {
    /// git-filter-repo: files, names, messages and people
    FilterRepo,
    /// The BFG: files alone
    Bfg,
}

/// A text that means itself in the files of both tools, and in names of files.
fn parse_replacement(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_key = text.starts_with(KEY_PREFIX);
    if !text.is_empty() && text.len() <= 32 && text.chars().all(is_plain) && !is_key {
        Ok(text.to_owned())
    } else {
        Err("choose 1 to 32 letters, digits, `-`, `_` and `.`".to_owned())
    }
}
