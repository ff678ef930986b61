//! What becomes of credentials that a program could read from its environment.

use clap::Args;

/// What becomes of credentials that a program could read from its environment.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixing")]
pub(crate) struct FixingArgs {
    /// Write the reading of a variable in the place of each credential that is the whole of an expression
    ///
    /// Adds the import that it takes, the variable to `.env.example` and `.env` to `.gitignore`. No copy of the secret is
    /// kept. The key is to be rotated all the same.
    #[arg(long)]
    pub(crate) fix: bool,

    /// Show what --fix would change, and change nothing; exit code 1 if it is anything
    #[arg(long, conflicts_with_all = ["fix", "fix_only"])]
    pub(crate) diff: bool,

    /// Fix, and report nothing of what is left
    #[arg(long, conflicts_with = "fix")]
    pub(crate) fix_only: bool,

    /// Fix also where a person should look at the change
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,

    /// With --fix: write the values into an `.env` that git ignores, at the root of the repository
    #[arg(long)]
    pub(crate) write_env: bool,
}

impl FixingArgs {
    /// Whether anything is to be changed, or shown as a change.
    pub(crate) fn is_asked(&self) -> bool {
        self.fix || self.fix_only || self.diff
    }

    /// # Errors
    /// When an option stands without the one that it is about.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.is_asked() || !self.unsafe_fixes,
            "--unsafe-fixes goes with --fix, --fix-only or --diff"
        );
        anyhow::ensure!(
            self.fix || self.fix_only || !self.write_env,
            "--write-env goes with --fix or --fix-only"
        );
        Ok(())
    }
}
