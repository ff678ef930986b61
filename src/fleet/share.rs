//! Which repositories of a list one machine of several audits.
//!
//! A name decides by its hash. So a list that grows moves no repository to another machine, and nobody has to be asked.

use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// Most machines that a list is shared among.
const MOST: u32 = 1 << 16;

/// One of several shares of a list: `3/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// Which one, from 1 on.
    number: u32,
    /// How many there are.
    of: u32,
}

/// Why a text names no share.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// It is none.
    #[error(
        "write I/N, as in 3/16, where I is from 1 to N, and N at most 65536; or auto, or auto/N"
    )]
    Malformed,
    /// No engine says which it is.
    #[error(
        "no variable tells which share this is; write I/N. Known are JOB_COMPLETION_INDEX, SLURM_ARRAY_TASK_ID, \
         AWS_BATCH_JOB_ARRAY_INDEX, CI_NODE_INDEX, CIRCLE_NODE_INDEX and BUILDKITE_PARALLEL_JOB"
    )]
    NoVariable,
    /// The engine says which, and not of how many.
    #[error("{0} tells which share this is, and nothing tells of how many; write auto/N")]
    NoCount(&'static str),
    /// A variable has another value than the engine gives it.
    #[error("{0} holds no number of a share; write I/N")]
    Wrong(&'static str),
}

/// How an engine that runs one job many times tells which one this is.
struct JobEngine {
    index: &'static str,
    count: Option<&'static str>,
    /// What the first one is called.
    first: FirstIndex,
}

enum FirstIndex {
    Zero,
    One,
    /// What the first variable says, or else zero; the next is as much more as the second one says, or else one.
    Steps(&'static str, &'static str),
}

/// Kubernetes (<https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode>), Slurm
/// (<https://slurm.schedmd.com/job_array.html>), AWS Batch (<https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html>),
/// GitLab (<https://docs.gitlab.com/ci/yaml/#parallel>), CircleCI and Buildkite, each by its page about parallel jobs.
const ENGINES: [JobEngine; 6] = [
    JobEngine {
        index: "JOB_COMPLETION_INDEX",
        count: None,
        first: FirstIndex::Zero,
    },
    JobEngine {
        index: "SLURM_ARRAY_TASK_ID",
        count: Some("SLURM_ARRAY_TASK_COUNT"),
        first: FirstIndex::Steps("SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
    },
    JobEngine {
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        count: Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        first: FirstIndex::Zero,
    },
    JobEngine {
        index: "CI_NODE_INDEX",
        count: Some("CI_NODE_TOTAL"),
        first: FirstIndex::One,
    },
    JobEngine {
        index: "CIRCLE_NODE_INDEX",
        count: Some("CIRCLE_NODE_TOTAL"),
        first: FirstIndex::Zero,
    },
    JobEngine {
        index: "BUILDKITE_PARALLEL_JOB",
        count: Some("BUILDKITE_PARALLEL_JOB_COUNT"),
        first: FirstIndex::Zero,
    },
];

impl Share {
    /// All of a list.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// `I/N`; `auto` and `auto/N` ask the variables of the engine that runs this job, by `variable`.
    ///
    /// # Errors
    /// When it is none, or no variable tells.
    pub fn parse(
        text: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ShareError> {
        match text.strip_prefix("auto") {
            Some("") => Self::of_engine(None, variable),
            Some(count) => {
                let count = count.strip_prefix('/').ok_or(ShareError::Malformed)?;
                let count = count.parse().map_err(|_| ShareError::Malformed)?;
                Self::of_engine(Some(count), variable)
            }
            None => text.parse(),
        }
    }

    fn of_engine(
        count: Option<u32>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ShareError> {
        let number = |name: &'static str| {
            let value = variable(name).filter(|value| !value.is_empty())?;
            Some(
                value
                    .trim()
                    .parse::<u32>()
                    .map_err(|_| ShareError::Wrong(name)),
            )
        };
        let told = ENGINES
            .iter()
            .find_map(|own| Some((own, number(own.index)?)));
        let (engine, index) = told.ok_or(ShareError::NoVariable)?;
        let (first, step) = match engine.first {
            FirstIndex::Zero => (0, 1),
            FirstIndex::One => (1, 1),
            FirstIndex::Steps(first, step) => (
                number(first).transpose()?.unwrap_or(0),
                number(step).transpose()?.unwrap_or(1).max(1),
            ),
        };
        let wrong = ShareError::Wrong(engine.index);
        let told = engine.count.and_then(number).transpose()?;
        let of = count.or(told).ok_or(ShareError::NoCount(engine.index))?;
        let from_zero = index?.checked_sub(first);
        // An array with gaps, as `1,2,7`, has numbers that belong to no share.
        let from_zero = from_zero.filter(|own| own.is_multiple_of(step));
        let share = from_zero.and_then(|own| Self::new((own / step).saturating_add(1), of));
        share.ok_or(wrong)
    }

    fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of)
            .contains(&number)
            .then_some(Self { number, of })
            .filter(|share| share.of <= MOST)
    }

    /// True for a repository of this share.
    pub fn takes(&self, name: &str) -> bool {
        let digest = Sha256::digest(name);
        let hash = digest
            .iter()
            .take(8)
            .fold(0, |hash, byte| hash << 8 | u64::from(*byte));
        hash % u64::from(self.of) == u64::from(self.number - 1)
    }

    /// How many shares there are.
    pub fn of(&self) -> u32 {
        self.of
    }
}

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let halves = text
            .split_once('/')
            .and_then(|(number, of)| Self::new(number.parse().ok()?, of.parse().ok()?));
        halves.ok_or(ShareError::Malformed)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_in_one_share() {
        for of in [1, 2, 3, 16] {
            for name in ["a", "team/app.git", "größe"] {
                let takes = (1..=of).filter(|number| {
                    let share = Share::new(*number, of).unwrap();
                    share.takes(name)
                });
                assert_eq!(takes.count(), 1, "{name} of {of}");
            }
        }
    }

    #[test]
    fn engines_tell_which_share_this_is() {
        let told = |text: &str, variables: &[(&str, &str)]| {
            let found = Share::parse(text, |name| {
                let mut own = variables.iter();
                own.find(|(own, _)| *own == name)
                    .map(|(_, value)| (*value).to_owned())
            });
            found.map_or_else(|why| why.to_string(), |share| share.to_string())
        };
        let table = [
            told("3/16", &[]),
            told("auto/4", &[("JOB_COMPLETION_INDEX", "0")]),
            told(
                "auto",
                &[
                    ("SLURM_ARRAY_TASK_ID", "7"),
                    ("SLURM_ARRAY_TASK_MIN", "5"),
                    ("SLURM_ARRAY_TASK_COUNT", "4"),
                ],
            ),
            told(
                "auto",
                &[
                    ("AWS_BATCH_JOB_ARRAY_INDEX", "2"),
                    ("AWS_BATCH_JOB_ARRAY_SIZE", "3"),
                ],
            ),
            told("auto", &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "5")]),
            told(
                "auto",
                &[("CIRCLE_NODE_INDEX", "0"), ("CIRCLE_NODE_TOTAL", "2")],
            ),
            told(
                "auto",
                &[
                    ("BUILDKITE_PARALLEL_JOB", "1"),
                    ("BUILDKITE_PARALLEL_JOB_COUNT", "2"),
                ],
            ),
            told("auto", &[("JOB_COMPLETION_INDEX", "0")]),
            told("auto/2", &[("JOB_COMPLETION_INDEX", "2")]),
            told("0/3", &[]),
            told("4/3", &[]),
            told("automatic", &[]),
        ];
        insta::assert_snapshot!(table.join("\n"), @r"
        3/16
        1/4
        3/4
        3/3
        1/5
        1/2
        2/2
        JOB_COMPLETION_INDEX tells which share this is, and nothing tells of how many; write auto/N
        JOB_COMPLETION_INDEX holds no number of a share; write I/N
        write I/N, as in 3/16, where I is from 1 to N, and N at most 65536; or auto, or auto/N
        write I/N, as in 3/16, where I is from 1 to N, and N at most 65536; or auto, or auto/N
        write I/N, as in 3/16, where I is from 1 to N, and N at most 65536; or auto, or auto/N
        ");
    }
}
