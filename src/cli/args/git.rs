//! What can be typed to scan what git holds.

use super::super::command::verify::args::SendingArgs;
use super::fixing::FixingArgs;
use super::groups::{CommonArgs, TrustArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct StagedArgs {
    #[command(flatten)]
    pub(crate) fixing: FixingArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RangeArgs {
    /// `A..B` or `^A B`: what B reaches and A does not; `A...B`: what only one of them reaches; names of
    /// commits: those alone, or with --not all that they reach
    #[arg(value_name = "SPEC", required_unless_present = "unpushed")]
    pub(crate) specs: Vec<String>,

    /// Leave out what the options after it name, as in `--not --remotes=origin`
    #[arg(long, requires = "remotes", help_heading = "Input")]
    pub(crate) not: bool,

    /// With --not: leave out what is on the branches of this remote, or of all remotes
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "*", requires = "not", help_heading = "Input")]
    pub(crate) remotes: Option<String>,

    /// Scan what a push of HEAD, or of SPEC, to this remote would publish
    #[arg(
        long,
        value_name = "REMOTE",
        conflicts_with = "remotes",
        help_heading = "Input"
    )]
    pub(crate) unpushed: Option<String>,

    #[command(flatten)]
    pub(crate) trust: TrustArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// The repository [default: the one around the current folder]
    #[arg(value_name = "REPO")]
    pub(crate) repo: Option<PathBuf>,

    /// Report only what the commits of this branch (or other revision) introduced
    #[arg(long, value_name = "REV", help_heading = "Input")]
    pub(crate) branch: Option<String>,

    /// Report only what commits since this day introduced, as in 2026-01-31, yesterday or '2 weeks ago'
    #[arg(long, value_name = "DATE", help_heading = "Input")]
    pub(crate) since: Option<String>,

    /// Report only what the newest so many commits introduced
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Input")]
    pub(crate) max_commits: Option<u32>,

    /// Leave out what only reflogs know, or nothing
    #[arg(long, help_heading = "Input")]
    pub(crate) reachable_only: bool,

    /// Read everything, also what an audit with the same rules has read before
    ///
    /// What was read is remembered as ids of objects and hashes, without a name or a text.
    #[arg(long, help_heading = "Input")]
    pub(crate) no_cache: bool,

    /// Remember in this folder what was read
    ///
    /// Otherwise it is `$XDG_CACHE_HOME/jvxleaks` or `~/.cache/jvxleaks`. `jvxleaks cache clean` empties it.
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "no_cache",
        help_heading = "Input"
    )]
    pub(crate) cache_dir: Option<PathBuf>,

    /// Ask the Journey API of each of its keys whether it is alive, as `jvxleaks verify` does
    #[arg(long, requires = "yes_send_keys", help_heading = "Verifying")]
    pub(crate) verify: bool,

    #[command(flatten)]
    pub(crate) sending: SendingArgs,

    /// Show no progress bar; there is none anyway where standard error is no terminal
    #[arg(long, help_heading = "Output")]
    pub(crate) no_progress: bool,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}
