//! What can be typed to scan what a web site gives to browsers.

use super::super::super::args::choice::parse_seconds;
use super::super::super::args::groups::{OutputArgs, RuleArgs, SilencingArgs, VerdictArgs};
use super::super::super::args::size::parse_size;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct SiteArgs {
    /// Pages to ask for, as in https://example.com/app
    #[arg(value_name = "URL", required_unless_present = "har")]
    pub(crate) urls: Vec<String>,

    /// Read what a browser loaded, which its developer tools saved as HAR with content, and ask nobody
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "urls",
        help_heading = "Input"
    )]
    pub(crate) har: Option<PathBuf>,

    /// Also read what this host gives, as in cdn.example.com (repeatable)
    #[arg(long, value_name = "HOST", help_heading = "Input")]
    pub(crate) also_from: Vec<String>,

    /// Also ask for `app.js.map` where `app.js` names no source map
    #[arg(long, help_heading = "Input")]
    pub(crate) hidden_maps: bool,

    #[command(flatten)]
    pub(crate) asking: AskingArgs,

    #[command(flatten)]
    pub(crate) rules: RuleArgs,

    #[command(flatten)]
    pub(crate) silencing: SilencingArgs,

    #[command(flatten)]
    pub(crate) verdict: VerdictArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// How servers are asked, and how much.
#[derive(Args)]
#[command(next_help_heading = "Asking")]
pub(crate) struct AskingArgs {
    /// Most requests, those after a redirect among them
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_requests: u32,

    /// Longest answer to read, such as 500K or 64M; a longer one makes the scan incomplete
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size)]
    pub(crate) max_file_size: u64,

    /// Most bytes of all answers, or of the HAR
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = parse_size)]
    pub(crate) max_bytes: u64,

    /// How many files may lie between a page and what is loaded; 1 is what the page itself names
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) depth: u32,

    /// Most requests to one host in a second
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rate: u32,

    /// How long one answer may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = parse_seconds())]
    pub(crate) timeout: u64,

    /// Send this to the page's own origin, as in 'Cookie: session=...' (repeatable)
    ///
    /// No other host gets it, and no report shows its value.
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<String>,

    /// Go through the proxy that the environment names
    #[arg(long)]
    pub(crate) proxy: bool,
}

/// Values of headers are credentials.
impl std::fmt::Debug for AskingArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AskingArgs").finish_non_exhaustive()
    }
}
