//! How bad a finding is.

use std::fmt;
use std::str::FromStr;

/// From least to most severe, so that `>=` asks "at least as bad as".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing, no credential at risk.
    Low,
    /// A credential of unknown reach, or one in documentation, in tests or in somebody else's code.
    Medium,
    /// A credential that whoever reads the file can use.
    High,
    /// A credential that is, or is about to be, public.
    Critical,
}

impl Severity {
    /// All levels, least severe first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// True for what fails a run unless it is told otherwise; anything less is a warning.
    pub fn is_error(self) -> bool {
        self >= Self::High
    }

    /// The level's name as rule files, options and JSON spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|s| s.name() == name);
        known.ok_or_else(|| "expected low, medium, high or critical".to_owned())
    }
}
