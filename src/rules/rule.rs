//! A rule as it is used: checked, with its patterns and its limits.

use super::{Gate, LazyRegex, Names, Sample};
use crate::model::{BlobPath, FileContext, RuleInfo};
use std::str::FromStr;
use std::sync::Arc;

/// What to look for, and when a match counts.
#[derive(Debug)]
pub struct Rule {
    /// Id, description, severity and advice.
    pub info: Arc<RuleInfo>,
    /// The rule as its file has it, a file of rules by itself.
    pub written: String,
    /// One of these must be in a blob before the rule looks at it, in any case of letters;
    /// as written, since that spelling is searched for too.
    pub keywords: Vec<String>,
    /// True when the keywords count only as written, in this case of letters.
    pub exact_keywords: bool,
    /// True when the keywords were not written but taken from the regex.
    pub keywords_derived: bool,
    /// The shapes a match may have.
    pub patterns: Vec<Pattern>,
    /// What a credential is called.
    pub names: Names,
    /// What tells a credential from a placeholder.
    pub gate: Gate,
    /// Least Shannon entropy of the secret, in bits a byte.
    pub entropy: Option<f64>,
    /// Paths that the rule looks at; none means all.
    pub path: Option<LazyRegex>,
    /// File contexts that the rule applies to; none means all.
    pub contexts: Vec<FileContext>,
    /// Exceptions.
    pub allowlists: Vec<Allowlist>,
    /// Texts that must match exactly once.
    pub examples: Vec<Sample>,
    /// Texts that must not match.
    pub counterexamples: Vec<Sample>,
}

impl Rule {
    /// True when no literal tells which blobs to look at, so that the rule runs over every one.
    pub fn runs_over_everything(&self) -> bool {
        self.keywords.is_empty() && !self.names.constants
    }

    /// True when the rule looks into files of this kind at this path.
    pub fn applies_to(&self, path: &BlobPath, context: FileContext) -> bool {
        let by_kind = self.contexts.is_empty() || self.contexts.contains(&context);
        let by_path = self.path.as_ref();
        by_kind && by_path.is_none_or(|regex| regex.is_match(path.as_bytes()))
    }
}

/// One shape of a match.
///
/// The named groups `secret`, and `scheme` or `user`, give a gate what it needs; without `secret`, the group
/// `secretGroup` or else the first group or else the whole match is the secret, as in gitleaks.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The shape.
    pub regex: Arc<LazyRegex>,
    /// Words at which the regex is tried, in any case of letters. Empty: anywhere in the text.
    pub start: Vec<String>,
    /// A word that must stand before the match in the same command or statement.
    pub after: Option<String>,
    /// True when the value of a header begins where the match ends: a scheme, if there is one, and the secret.
    pub value_follows: bool,
    /// The number of the group that holds the secret.
    pub secret_group: Option<usize>,
}

/// An exception to a rule, with gitleaks' meaning.
#[derive(Debug)]
pub struct Allowlist {
    /// Regexes over the target.
    pub regexes: Vec<LazyRegex>,
    /// Regexes over the path.
    pub paths: Vec<LazyRegex>,
    /// Words that make a secret harmless, in any case of letters.
    pub stopwords: Vec<String>,
    /// What the regexes look at.
    pub target: Target,
    /// True when every kind of condition that is given must hold, not just one.
    pub all: bool,
}

/// What an allowlist's regexes look at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// The secret.
    #[default]
    Secret,
    /// The whole match.
    Match,
    /// The line.
    Line,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "secret" => Ok(Self::Secret),
            "match" => Ok(Self::Match),
            "line" => Ok(Self::Line),
            _ => Err("expected secret, match or line".to_owned()),
        }
    }
}

impl Allowlist {
    /// True when the exception covers this match.
    pub fn covers(&self, path: &[u8], secret: &[u8], matched: &[u8], line: &[u8]) -> bool {
        let target = match self.target {
            Target::Secret => secret,
            Target::Match => matched,
            Target::Line => line,
        };
        let lower = secret.to_ascii_lowercase();
        let has = |word: &String| memchr::memmem::find(&lower, word.as_bytes()).is_some();
        let checks = [
            (
                self.regexes.len(),
                self.regexes.iter().any(|r| r.is_match(target)),
            ),
            (
                self.paths.len(),
                self.paths.iter().any(|r| r.is_match(path)),
            ),
            (self.stopwords.len(), self.stopwords.iter().any(has)),
        ];
        let mut given = checks.iter().filter(|(count, _)| *count > 0).map(|c| c.1);
        if self.all {
            checks.iter().any(|c| c.0 > 0) && given.all(|holds| holds)
        } else {
            given.any(|holds| holds)
        }
    }
}
