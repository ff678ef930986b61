//! What can be typed to audit many repositories, and to bring together what was found.

use super::super::super::args::groups::{SearchArgs, VerdictArgs};
use clap::{Args, ValueEnum};
use jvxleaks::fleet::{MergeFormat, Share};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct FleetArgs {
    /// Folders of repositories, repositories, and files that list them; `-` is a list on standard input
    ///
    /// A list has a path or a clone URL a line; `#` begins a comment. A path is relative to the current folder. Of a
    /// folder that is no repository all repositories in it are read, at any depth.
    #[arg(value_name = "LIST|DIR", required = true)]
    pub(crate) repositories: Vec<PathBuf>,

    /// Write the records to this file
    ///
    /// FILE.part has them meanwhile. What it or FILE has of a repository that has not changed is not read again.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: PathBuf,

    /// Print what `merge` says of FILE, when it is done
    #[arg(short, long, value_name = "FORMAT", value_parser = parse_format(), help_heading = "Output")]
    pub(crate) format: Option<MergeFormat>,

    /// Read only one share of the list, as in 3/16
    ///
    /// `auto` asks the variables of Slurm, AWS Batch, GitLab, CircleCI and Buildkite; `auto/16` those of an indexed job
    /// of Kubernetes, which does not tell the number of shares. A name decides by its hash.
    #[arg(long, value_name = "I/N", value_parser = parse_share, help_heading = "Input")]
    pub(crate) shard: Option<Share>,

    /// Clone what the list has by its URL into this folder, or fetch what is new if it is there
    ///
    /// Git does it, with its own credentials: no token is read here.
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) clone_into: Option<PathBuf>,

    /// How long one clone or fetch may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1200, value_parser = clap::value_parser!(u64).range(1..=86_400), help_heading = "Input")]
    pub(crate) clone_timeout: u64,

    /// Remember in this folder which blobs were read, and read none that any run remembers there
    ///
    /// Each share writes a file of its own there, and reads those of all, so that machines can share the folder.
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) object_cache: Option<PathBuf>,

    /// Read everything, also what an audit with the same rules has read before, and what FILE has of it
    #[arg(long, conflicts_with = "object_cache", help_heading = "Input")]
    pub(crate) no_cache: bool,

    /// Remember in this folder what was read of each repository
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "no_cache",
        help_heading = "Input"
    )]
    pub(crate) cache_dir: Option<PathBuf>,

    /// Hash fingerprints with the key in this file, for records that strangers may read
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) fingerprint_key: Option<PathBuf>,

    /// How to tell how far it is, on standard error
    #[arg(
        long,
        value_name = "HOW",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) progress: ProgressKind,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    #[command(flatten)]
    pub(crate) verdict: VerdictArgs,
}

/// How a long run tells how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A bar where standard error is a terminal
    Auto,
    /// A JSON object a line, one for each repository
    Json,
    /// Nothing
    None,
}

#[derive(Debug, Args)]
pub(crate) struct MergeArgs {
    /// Files of `fleet`, or of `merge --format jsonl`
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// The list or folder that was to be audited: a repository of it that no file has is told, and is exit code 2
    #[arg(long, value_name = "LIST|DIR", help_heading = "Input")]
    pub(crate) inventory: Vec<PathBuf>,

    /// Say what is new, changed and gone since this file was made
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) since_report: Option<PathBuf>,

    /// How to report
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = parse_format(), help_heading = "Output")]
    pub(crate) format: MergeFormat,

    /// Write the report to a file, which is replaced only when the report is whole
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// List every repository of a key
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,

    /// Exit with 0 even if there are keys; what is missing is exit code 2 all the same
    #[arg(long, help_heading = "Verdict")]
    pub(crate) exit_zero: bool,
}

fn parse_share(text: &str) -> Result<Share, String> {
    Share::parse(text, |name| std::env::var(name).ok()).map_err(|why| why.to_string())
}

fn parse_format() -> impl clap::builder::TypedValueParser<Value = MergeFormat> {
    use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};
    let formats = MergeFormat::ALL.iter();
    let values = formats.map(|f| PossibleValue::new(f.name()).help(f.help()));
    PossibleValuesParser::new(values).try_map(|name| name.parse::<MergeFormat>())
}
