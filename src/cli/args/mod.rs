//! What can be typed. The text here is the reference: `--help`, the man page and the completions
//! are made of it.

pub(in crate::cli) mod choice;
pub(super) mod environment;
pub(super) mod fixing;
pub(super) mod git;
pub(super) mod groups;
pub(super) mod report_to;
pub(in crate::cli) mod size;
pub(super) mod threads;

use super::command::allow::args::AllowArgs;
use super::command::ci::args::CiArgs;
use super::command::fleet::args::{FleetArgs, MergeArgs};
use super::command::hook::args::HookArgs;
use super::command::package::args::PackageArgs;
use super::command::purge::args::PurgeArgs;
use super::command::site::args::SiteArgs;
use super::command::verify::args::VerifyArgs;
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use fixing::FixingArgs;
use git::{HistoryArgs, RangeArgs, StagedArgs};
use groups::{CommonArgs, RuleArgs, SearchArgs};
use std::path::PathBuf;

/// The version, and whether there is code that opens connections.
const VERSION: &str = if cfg!(feature = "net") {
    concat!(env!("CARGO_PKG_VERSION"), " (net)")
} else {
    env!("CARGO_PKG_VERSION")
};

/// Finds leaked Jourvex API keys and hardcoded Authorization headers.
///
/// Exit codes: 0 complete, without errors; 1 errors, which are findings of severity high or critical;
/// 2 wrong usage, bad configuration, or something that was asked for and could not be read (2 wins
/// over 1). Other findings are warnings.
///
/// Every option but --show-secrets and those that send keys or change files has a variable of the environment, which its help names. What is typed counts
/// before it.
#[derive(Debug, Parser)]
#[command(name = "jvxleaks", version = VERSION, max_term_width = 100)]
#[command(arg_required_else_help = true, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Scan files and folders, or standard input
    ///
    /// Hidden files are read, `.git` is not. Inside a git repository `.gitignore` is respected, but
    /// for files that git tracks all the same; a path named on the command line is always read.
    /// Symbolic links are not followed.
    Scan(ScanArgs),
    /// Scan what is staged for the next commit
    ///
    /// Reads the index, not the files on disk: what is staged is what would be published.
    Staged(StagedArgs),
    /// Scan the commits of a range, each against all of its parents, and their messages
    ///
    /// What is added and removed again within the range is found, and what a merge itself adds.
    Range(RangeArgs),
    /// Audit everything a repository ever held, and say which keys to rotate
    ///
    /// Reads every object: all branches and tags, stashes, notes, reflogs, what nothing refers to
    /// any more, and the messages of commits and tags. Changes nothing in the repository.
    History(HistoryArgs),
    /// Audit many repositories, and write a record of each
    ///
    /// Reads each as `history` does, and blobs that several of them have once. Every repository of the list has a record,
    /// whatever happens. The files of several machines come together with `merge`.
    Fleet(FleetArgs),
    /// Bring the records of many repositories together: one item a key
    ///
    /// What is not in the files is told, and is exit code 2: shares of a list, repositories of the inventory, what an audit
    /// could not read.
    Merge(MergeArgs),
    /// Scan what would be published of a package, before it is
    ///
    /// Tells by the documented rules of npm and cargo which files of a folder a package holds, and runs neither, nor
    /// any script of the project. Of a Python project the archives in dist/ are read. Whoever installs a package can read
    /// all of it.
    Package(PackageArgs),
    /// Plan how the keys of a repository are taken out of its history
    ///
    /// Reads everything as `history` does. Writes a file for git-filter-repo or the BFG with every form in which
    /// an object stores a key: encoded, in pieces, in names and messages. Prints the steps, in order, and changes nothing
    /// in the repository.
    PurgePlan(PurgeArgs),
    /// Ask the Journey API whether keys are alive
    ///
    /// Sends each key once, as a program would that uses it: the dashboard says "last used" of it then, so look at that
    /// first. No scan, hook or job does this. Exit codes: 0 all are dead; 1 one is alive; 2 of one nobody knows.
    Verify(VerifyArgs),
    /// Scan what a web site gives to browsers
    ///
    /// Asks for the page, what it loads and what that loads: scripts, modules, chunks, workers, data, source maps.
    /// Of other origins nothing is asked for, unless they are named. With --har it reads what a browser saved, and
    /// asks nobody. What could not be read is exit code 2. Scan sites of your own.
    #[command(
        override_usage = "jvxleaks site [OPTIONS] <URL>...\n       jvxleaks site [OPTIONS] --har <FILE>"
    )]
    Site(Box<SiteArgs>),
    /// Run as a git hook, and put hooks in place
    Hook(HookArgs),
    /// Scan what the event of a GitHub Actions job is about
    ///
    /// pull_request: the commits of the head that the base lacks. push: the commits since the last
    /// push; of a new branch, those that no other branch has; of a tag, the whole tree too.
    /// merge_group: the commits of the group. schedule, workflow_dispatch, repository_dispatch and
    /// release: the whole tree. Needs `fetch-depth: 0` at actions/checkout; commits that are not
    /// there are an error.
    Ci(CiArgs),
    /// Silence one finding, and say why
    ///
    /// Writes an `[[allow]]` entry to `.jvxleaks.toml`, for the secret wherever it stands: in files, in
    /// what is staged, in commits that are there already. No other secret is silenced with it. The
    /// finding is looked for first in the files, then in the index, then in the history.
    #[command(
        override_usage = "jvxleaks allow [OPTIONS] <FINGERPRINT|PATH:LINE|--last> -- <REASON>..."
    )]
    Allow(AllowArgs),
    /// Accept the findings of today, so that only new ones are reported
    ///
    /// A baseline holds fingerprints of rule and secret, never a secret: an entry survives moves
    /// and rewritten history, and does not hide a new key in the place of an old one.
    Baseline(BaselineArgs),
    /// List, show and check rules
    Rules(RulesArgs),
    /// Say what a rule finds, what it takes to be harmless, and what to do
    Explain(ExplainArgs),
    /// Show the settings of a scan and where each comes from
    Config(ConfigArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Look after what audits remember
    Cache(CacheArgs),
    /// Print a manual page, or write all of them
    Man {
        /// The command that it is about, such as `history` or `hook install` [default: all in short].
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
        /// Write one page per command into this folder
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        folder: Option<PathBuf>,
    },
}

impl Command {
    /// What the command reads of the work tree.
    pub(crate) fn tree(&mut self) -> Option<&mut TreeArgs> {
        let tree = match self {
            Self::Scan(args) => &mut args.tree,
            Self::Baseline(args) => match &mut args.command {
                BaselineCommand::Create(args) | BaselineCommand::Update(args) => {
                    &mut args.scan.tree
                }
                BaselineCommand::Prune(args) => &mut args.tree,
            },
            _ => return None,
        };
        Some(tree)
    }
}

#[derive(Debug, Args)]
pub(crate) struct CacheArgs {
    #[command(subcommand)]
    pub(crate) command: CacheCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CacheCommand {
    /// Remove what audits remember; the next one reads everything
    Clean {
        /// The folder, if audits were told to remember elsewhere
        #[arg(long, value_name = "DIR")]
        cache_dir: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show what holds for a scan, and which option, variable or line says so
    ///
    /// Takes the options of `scan`, and reads none of the paths.
    Show(Box<ScanArgs>),
    /// Print the JSON schema of `.jvxleaks.toml`, for editors
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,

    #[command(flatten)]
    pub(crate) fixing: FixingArgs,

    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// What to read of the work tree.
#[derive(Debug, Args)]
pub(crate) struct TreeArgs {
    /// Files and folders to scan; `-` is standard input, `@FILE` the paths in FILE
    ///
    /// FILE holds a path a line, or between zero bytes as `git diff --name-only -z` writes them; `@-` reads them from
    /// standard input. A path that is there and begins with `@` is that path.
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,

    /// The path of what comes through standard input: it tells the kind of file, and is what reports say
    #[arg(long, value_name = "PATH", help_heading = "Input")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Read files that `.gitignore` hides, such as `.env` and build output
    #[arg(long, help_heading = "Input")]
    pub(crate) no_ignore: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BaselineArgs {
    #[command(subcommand)]
    pub(crate) command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Write a baseline of all findings there are; refuses to replace one
    Create(AcceptArgs),
    /// Add the findings that are not in the baseline yet, and list them
    Update(AcceptArgs),
    /// Remove the entries that match nothing any more, neither in files nor in commits
    Prune(BaselineScanArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AcceptArgs {
    /// Accept the findings of this JSON report, made by any command with `--format json`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["range", "history", "paths"], help_heading = "Input")]
    pub(crate) from: Option<PathBuf>,

    /// Accept the findings of the commits of a range, as in `main..HEAD`
    #[arg(long, value_name = "SPEC", conflicts_with_all = ["history", "paths"], help_heading = "Input")]
    pub(crate) range: Option<String>,

    /// Accept the findings of all that the repository ever held
    #[arg(long, conflicts_with = "paths", help_heading = "Input")]
    pub(crate) history: bool,

    /// Do not ask before a Jourvex key is accepted
    #[arg(long, help_heading = "Silencing")]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) scan: BaselineScanArgs,
}

#[derive(Debug, Args)]
pub(crate) struct BaselineScanArgs {
    #[command(flatten)]
    pub(crate) tree: TreeArgs,
    #[command(flatten)]
    pub(crate) search: SearchArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List the rules, one a line
    List(RuleArgs),
    /// Show all of one rule
    Show {
        /// The rule's id.
        #[arg(value_name = "RULE")]
        id: String,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Write a Markdown page about each rule, and one that lists them, into a folder
    Pages {
        /// The folder, which is made if it is not there.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Print the JSON schema of rule files, for editors
    Schema,
    /// Run the examples of all rules, built in and added, through the scanner
    ///
    /// Each example must give one match, of its own rule; each counterexample none. Exits with 1
    /// when one does not.
    Check {
        /// Rule files to check together with the built-in rules.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        rules: RuleArgs,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A rule's id, a file: what kind of file it is taken for, or `rotate`: how a key is rotated
    #[arg(value_name = "RULE|PATH|rotate")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}
