//! What can be typed to have keys sent to their server.

use super::super::super::args::choice::parse_seconds;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A file with keys, such as a list, an `.env` or a report of --show-secrets [default: standard input]
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) sending: SendingArgs,

    /// The format of the answers
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(crate) format: AnswerFormat,
}

/// How keys are sent.
#[derive(Debug, Args)]
#[command(next_help_heading = "Verifying")]
pub(crate) struct SendingArgs {
    /// Send the keys
    ///
    /// Without it, nothing is sent, and it is said what would be.
    #[arg(long)]
    pub(crate) yes_send_keys: bool,

    /// Where the API is
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://jourvex-api.onrender.com"
    )]
    pub(crate) api_url: String,

    /// How long one answer may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = parse_seconds())]
    pub(crate) timeout: u64,

    /// Go through the proxy that the environment names
    #[arg(long)]
    pub(crate) proxy: bool,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// A line for each key
    Text,
    /// One document, schema jvxleaks-verify/1
    Json,
}
