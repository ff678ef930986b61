//! Options that several commands take.

use super::choice::{parse_format, parse_jobs, parse_severity};
use super::report_to::{ReportTo, parse_report};
use super::size::parse_size;
use clap::{Args, ValueEnum};
use jvxleaks::model::Severity;
use jvxleaks::model::shell_word;
use jvxleaks::report::Format;
use std::path::PathBuf;

/// What every search takes: how much is read, by which rules, and what is accepted.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) silencing: SilencingArgs,
}

/// Options of every command that scans.
#[derive(Debug, Args)]
pub(crate) struct CommonArgs {
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    #[command(flatten)]
    pub(crate) verdict: VerdictArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

impl SearchArgs {
    /// The files that options name to be read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.silencing.files().chain(&self.rules.rules)
    }
}

impl CommonArgs {
    /// The files that options name to be read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.search.files()
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Largest file to read, such as 500K, 64M or 1G; a larger one makes the scan incomplete
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = parse_size)]
    pub(crate) max_file_size: u64,

    /// Number of threads, at most 256; 0 takes one per core
    #[arg(short, long, value_name = "N", default_value_t = 0, value_parser = parse_jobs())]
    pub(crate) jobs: usize,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RuleArgs {
    /// Add the rules of a file; a rule with the id of a built-in one replaces it
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    /// Run only this rule (repeatable, or several with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) enable: Vec<String>,

    /// Do not run this rule (repeatable, or several with commas)
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) disable: Vec<String>,
}

impl RuleArgs {
    /// The same for another command: ` --rules FILE`. Without it, that one would know other rules.
    pub(crate) fn again(&self) -> String {
        let files = self.rules.iter();
        let files = files.map(|file| ("rules", file.as_os_str().as_encoded_bytes()));
        let enable = self.enable.iter().map(|id| ("enable", id.as_bytes()));
        let disable = self.disable.iter().map(|id| ("disable", id.as_bytes()));
        let all = files.chain(enable).chain(disable);
        all.map(|(name, value)| format!(" --{name} {}", shell_word(value)))
            .collect()
    }
}

impl SilencingArgs {
    /// With no word of the project's own files.
    pub(crate) fn of_options() -> Self {
        Self {
            config: None,
            no_config: true,
            baseline: None,
            no_foreign_allows: false,
        }
    }

    /// The configuration for another command: ` --config FILE`. Without it, that one would read or change another.
    pub(crate) fn again(&self) -> String {
        let config = self.config.as_ref();
        let config = config.map(|file| shell_word(file.as_os_str().as_encoded_bytes()));
        config.map_or_else(String::new, |file| format!(" --config {file}"))
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Silencing")]
pub(crate) struct SilencingArgs {
    /// Read this configuration instead of looking for one
    ///
    /// Otherwise `.jvxleaks.toml` is looked for in the scanned folder and those above it, up to
    /// the root of the git repository.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Read no `.jvxleaks.toml`, `.jvxleaks-baseline` or `.gitleaksignore` that is found
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,

    /// Do not report the findings of this baseline
    ///
    /// Otherwise the configuration names it, or `.jvxleaks-baseline` is looked for as the
    /// configuration is.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Do not honour other tools' allow comments and `.gitleaksignore`
    #[arg(long)]
    pub(crate) no_foreign_allows: bool,
}

impl SilencingArgs {
    /// The files that options name to be read.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.config.iter().chain(&self.baseline)
    }
}

/// Options of commands that read commits under review.
#[derive(Debug, Args)]
#[command(next_help_heading = "Silencing")]
pub(crate) struct TrustArgs {
    /// Let the work tree's configuration, baseline and ignore file decide about the commits read
    ///
    /// Otherwise those count that the commits start from, also where an option names a file of the
    /// repository, so that no change silences itself. Allow comments and new `[[allow]]` entries
    /// count at once and are listed.
    #[arg(long)]
    pub(crate) trust_head_config: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Verdict")]
pub(crate) struct VerdictArgs {
    /// Report findings from this severity up [default: low]
    #[arg(long, value_name = "LEVEL", value_parser = parse_severity())]
    pub(crate) severity: Option<Severity>,

    /// Exit with 1 only for findings from this severity up [default: high]
    #[arg(long, value_name = "LEVEL", value_parser = parse_severity())]
    pub(crate) fail_on: Option<Severity>,

    /// Exit with 0 even if there are findings; an incomplete scan still exits with 2
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// How to report
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = parse_format())]
    pub(crate) format: Format,

    /// Write the report to a file, which is replaced only when the report is whole
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Also write the report in another format to a file (repeatable), as in `sarif=leaks.sarif`
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = parse_report())]
    pub(crate) reports: Vec<ReportTo>,

    /// Print whole secrets
    ///
    /// Without it, no report shows more of a secret than its public prefix and four characters.
    #[arg(long)]
    pub(crate) show_secrets: bool,

    /// Put suppressed findings into SARIF too, marked as suppressed
    ///
    /// GitHub code scanning ignores the mark and opens an alert for each of them.
    #[arg(long)]
    pub(crate) sarif_include_suppressed: bool,

    /// Show so many secrets at most, the worst, and count the others
    ///
    /// For text, markdown and concise. The exit code is that of all findings.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) max_findings: Option<u32>,

    /// Count the findings by rule and by kind of file instead of showing them
    #[arg(long, conflicts_with = "max_findings")]
    pub(crate) statistics: bool,

    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,

    /// No closing summary
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Show every place of a secret, and list what was taken for harmless, and why
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

impl OutputArgs {
    /// All formats that are asked for.
    pub(crate) fn formats(&self) -> impl Iterator<Item = Format> + '_ {
        let also = self.reports.iter().map(|report| report.format);
        std::iter::once(self.format).chain(also)
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal that has it, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}
