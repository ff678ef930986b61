//! What can be typed about the event of a job.

use super::super::super::args::groups::{SearchArgs, TrustArgs, VerdictArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct CiArgs {
    /// Also write a SARIF file about the whole work tree, whatever the event
    ///
    /// Code scanning takes an alert that the next file lacks for fixed, so a file about a few
    /// commits would close the alerts of all others. The exit code is about the event alone.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) sarif: Option<PathBuf>,

    /// No closing summary
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,

    #[command(flatten)]
    pub(crate) search: SearchArgs,
    #[command(flatten)]
    pub(crate) trust: TrustArgs,
    #[command(flatten)]
    pub(crate) verdict: VerdictArgs,
}
