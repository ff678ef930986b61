//! A rule as it is used: checked, with its patterns and its limits.

use super::{LazyRegex, Names, Sample};
use crate::model::{BlobPath, FileContext, RuleInfo};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What to look for, and when a match counts.
#[derive(Debug)]
pub struct Rule {
    /// Id, description, severity and advice.
    pub info: Arc<RuleInfo>,
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

/// Which placeholder gate judges a rule's matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Everything that matches counts.
    None,
    /// The body of a Jourvex key.
    JourvexKey,
    /// The value of an `Authorization` or API-key header.
    Header,
    /// `user:password`, the password judged.
    Userinfo,
    /// A password alone; the group `user` is who it belongs to, if the pattern knows.
    Password,
    /// `user:password` in base64, or a password.
    Base64Pair,
    /// Any other token: placeholders, sequences and words are dropped.
    Token,
    /// The name of a variable that code of a browser reads.
    BrowserReference,
    /// The name of a variable whose value a build writes into its output.
    BuildInlining,
    /// The name of a variable that server code reads and gives to a page.
    Handover,
    /// A name whose prefix makes its value public.
    PublicName,
    /// The scheme of an `Authorization` header that a browser sends to the Journey API.
    ApiRequest,
    /// Everything that matches counts, and it is a setting, not a secret.
    Setting,
}

impl Gate {
    const ALL: [(&'static str, Self); 13] = [
        ("none", Self::None),
        ("jourvex-key", Self::JourvexKey),
        ("header", Self::Header),
        ("userinfo", Self::Userinfo),
        ("password", Self::Password),
        ("base64-pair", Self::Base64Pair),
        ("token", Self::Token),
        ("browser-reference", Self::BrowserReference),
        ("build-inlining", Self::BuildInlining),
        ("handover", Self::Handover),
        ("public-name", Self::PublicName),
        ("api-request", Self::ApiRequest),
        ("setting", Self::Setting),
    ];

    /// The names of all gates.
    pub(super) fn names() -> [&'static str; 13] {
        Self::ALL.map(|(name, _)| name)
    }

    /// True when a match is a name or a setting, which reports may show whole.
    pub fn finds_names(self) -> bool {
        self.asks_where() || self == Self::Setting
    }

    /// True when a value has no shape of its own, such as that of any header.
    pub fn takes_any(self) -> bool {
        matches!(
            self,
            Self::Header | Self::Userinfo | Self::Password | Self::Base64Pair
        )
    }

    /// True when the verdict depends on what kind of code stands around the match.
    pub fn asks_where(self) -> bool {
        matches!(
            self,
            Self::BrowserReference
                | Self::BuildInlining
                | Self::Handover
                | Self::PublicName
                | Self::ApiRequest
        )
    }
}

impl FromStr for Gate {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.iter().find(|(n, _)| *n == name);
        known.map(|(_, gate)| *gate).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(n, _)| *n).collect();
            format!("expected one of {}", names.join(", "))
        })
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(_, gate)| gate == self);
        f.pad(name.map_or("", |(name, _)| name))
    }
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
        match self.all {
            true => checks.iter().any(|c| c.0 > 0) && given.all(|holds| holds),
            false => given.any(|holds| holds),
        }
    }
}
