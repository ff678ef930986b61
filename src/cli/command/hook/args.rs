//! What can be typed about hooks.

use super::super::super::args::groups::CommonArgs;
use super::script::Hook;
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct HookArgs {
    #[command(subcommand)]
    pub(crate) command: HookCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookCommand {
    /// Do what a git hook is for; this is what every hook calls
    #[command(subcommand)]
    Run(HookRun),
    /// Put hooks into a repository, or in place for all of yours
    ///
    /// Honours core.hooksPath, linked work trees and submodules. A hook that is there already is
    /// run first; where that cannot be done, nothing is changed and the line to add is printed.
    /// Without a choice, the hooks for commits and pushes.
    Install(ChoiceArgs),
    /// Take the hooks away again, and put back those that were there before
    ///
    /// Without a choice, all of them.
    Uninstall(ChoiceArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookRun {
    /// Scan what the commit that is being made would publish
    ///
    /// Reads the index: all that is staged, and each FILE. A FILE that is not in the index is read
    /// from disk. Run by pre-commit with --from-ref and --to-ref, it also reads every commit
    /// between the two.
    #[command(alias = "pre-merge-commit")]
    PreCommit {
        /// Files to read whether or not they are changed
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        common: Box<CommonArgs>,
    },
    /// Scan what the push that is being made would publish
    ///
    /// Called by git, with REMOTE and URL, it reads which refs are pushed from standard input: of
    /// every one, all commits that the remote lacks. If standard input is empty, it takes all
    /// branches and tags for pushed. Called by pre-commit, without them, it reads
    /// `PRE_COMMIT_TO_REF --not --remotes=PRE_COMMIT_REMOTE_NAME`; by hand, `HEAD --not --remotes`.
    PrePush {
        /// The remote's name, or its URL
        #[arg(value_name = "REMOTE")]
        remote: Option<String>,
        /// The remote's URL
        #[arg(value_name = "URL", requires = "remote")]
        url: Option<String>,
        #[command(flatten)]
        common: Box<CommonArgs>,
    },
    /// Scan the message of the commit that is being made
    ///
    /// Comment lines, and what `git commit --verbose` shows below its scissors line, are left out
    /// when git leaves them out.
    CommitMsg {
        /// The file with the message
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        common: Box<CommonArgs>,
    },
    /// On a server: scan what a push brings, before any ref names it
    ///
    /// Reads from standard input which refs are pushed: of every one, all commits that no ref has yet, and the texts of
    /// tags. Configuration and rules are those that options name, and never what is pushed.
    PreReceive {
        #[command(flatten)]
        server: ServerArgs,
        #[command(flatten)]
        common: Box<CommonArgs>,
    },
    /// On a server: the same for one ref, for servers that know no other hook
    Update {
        /// The ref that is pushed
        #[arg(value_name = "REF")]
        name: String,
        /// What it names now
        #[arg(value_name = "OLD")]
        old: String,
        /// What it is going to name
        #[arg(value_name = "NEW")]
        new: String,
        #[command(flatten)]
        server: ServerArgs,
        #[command(flatten)]
        common: Box<CommonArgs>,
    },
}

impl HookRun {
    /// True for a hook of a server, which no one who pushes may skip by a variable.
    pub(super) fn is_of_server(&self) -> bool {
        matches!(self, Self::PreReceive { .. } | Self::Update { .. })
    }

    /// The options that all hooks have.
    pub(super) fn common(&self) -> &CommonArgs {
        match self {
            Self::PreCommit { common, .. }
            | Self::PrePush { common, .. }
            | Self::CommitMsg { common, .. }
            | Self::PreReceive { common, .. }
            | Self::Update { common, .. } => common,
        }
    }
}

/// What a server decides about pushes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerArgs {
    /// Stop after so many seconds: some servers end every hook after five, and let the push pass
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) time_limit: Option<u64>,

    /// What becomes of a push that could not be read in time
    #[arg(
        long,
        value_name = "VERDICT",
        default_value = "refuse",
        requires = "time_limit"
    )]
    pub(crate) on_time_limit: TimeVerdict,
}

/// What becomes of a push that could not be read in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeVerdict {
    /// It is refused.
    Refuse,
    /// It passes, and the one who pushes is told that nobody looked at all of it.
    Accept,
}

/// Which hooks.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// The hook for commits, and the one for merges that git commits by itself
    #[arg(long)]
    pub(crate) pre_commit: bool,

    /// The hook for pushes
    #[arg(long)]
    pub(crate) pre_push: bool,

    /// The hook for commit messages; the hook for pushes reads them too
    #[arg(long)]
    pub(crate) commit_msg: bool,

    /// On a server: the hook for what is pushed to this repository, a bare one as a rule
    #[arg(long, value_name = "REPO", conflicts_with_all = ["pre_commit", "pre_push", "commit_msg", "global"])]
    pub(crate) server: Option<PathBuf>,

    /// For all repositories of this user, through core.hooksPath of the global configuration
    #[arg(long)]
    pub(crate) global: bool,

    /// Say nothing of what was done
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl ChoiceArgs {
    /// The hooks that were chosen, or these.
    pub(super) fn hooks(&self, default: &[Hook]) -> Vec<Hook> {
        if self.server.is_some() {
            return vec![Hook::PreReceive];
        }
        if !(self.pre_commit || self.pre_push || self.commit_msg) {
            return default.to_vec();
        }
        let is_chosen = |hook: &Hook| match hook {
            Hook::PreCommit | Hook::PreMergeCommit => self.pre_commit,
            Hook::PrePush => self.pre_push,
            Hook::CommitMsg => self.commit_msg,
            Hook::PreReceive => false,
        };
        Hook::ALL.into_iter().filter(is_chosen).collect()
    }
}
