//! Exit codes: 0 complete and without errors, 1 errors, 2 anything that makes the answer incomplete.

use jvxleaks::model::{Outcome, Severity};
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// All that was asked for was read, and nothing counts.
    Clean,
    /// Something counts.
    Findings,
    /// Wrong usage, bad configuration, or something that could not be read. Wins over findings.
    Trouble,
}

impl Exit {
    /// The verdict on an outcome: findings of at least `fail_on` count.
    pub(crate) fn of(outcome: &Outcome, fail_on: Severity, exit_zero: bool) -> Self {
        let counts = outcome.findings.iter().any(|f| f.severity >= fail_on);
        match (outcome.faults.is_empty(), counts && !exit_zero) {
            (false, _) => Self::Trouble,
            (true, true) => Self::Findings,
            (true, false) => Self::Clean,
        }
    }

    /// The number that the process ends with.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Trouble => 2,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
