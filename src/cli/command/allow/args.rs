//! What can be typed to silence a finding.

use super::super::super::args::groups::{InputArgs, RuleArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct AllowArgs {
    /// The finding, by its fingerprint or its place, both as reports print them
    #[arg(
        value_name = "FINGERPRINT|PATH:LINE",
        required_unless_present = "last",
        conflicts_with = "last"
    )]
    pub(crate) finding: Option<String>,

    /// Why it may stay, for those who read the configuration
    #[arg(value_name = "REASON", last = true, required = true)]
    pub(crate) reason: Vec<String>,

    /// Take what a commit would be refused for now, or else what a push would
    #[arg(long, help_heading = "Input")]
    pub(crate) last: bool,

    /// Do not ask before a Jourvex key is silenced
    #[arg(long, help_heading = "Silencing")]
    pub(crate) yes: bool,

    /// Write to this configuration instead of `.jvxleaks.toml` [default: at the root of the repository]
    #[arg(short, long, value_name = "FILE", help_heading = "Silencing")]
    pub(crate) config: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
