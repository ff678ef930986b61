//! A rule file as it is written. Keys that gitleaks also has keep its names.
//!
//! See <https://github.com/gitleaks/gitleaks#configuration> for those.

use serde::Deserialize;
use toml::Spanned;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSyntax {
    #[serde(default)]
    pub(super) rules: Vec<Spanned<RuleSyntax>>,
}

/// One `[[rules]]` entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSyntax {
    pub(super) id: Spanned<String>,
    pub(super) family: Option<String>,
    pub(super) description: String,
    pub(super) regex: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) keywords: Vec<Spanned<String>>,
    #[serde(default, rename = "exactKeywords")]
    pub(super) exact_keywords: bool,
    /// Read as `keywords`: rule files that were written for an earlier release have it.
    #[serde(default, rename = "quietKeywords")]
    pub(super) quiet_keywords: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) headers: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) calls: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) fields: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) flags: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) records: Vec<RecordSyntax>,
    #[serde(default)]
    pub(super) schemes: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) constants: bool,
    #[serde(default)]
    pub(super) start: Vec<Spanned<String>>,
    pub(super) entropy: Option<f64>,
    pub(super) path: Option<Spanned<String>>,
    #[serde(rename = "secretGroup")]
    pub(super) secret_group: Option<Spanned<usize>>,
    #[serde(default)]
    pub(super) patterns: Vec<Spanned<PatternSyntax>>,
    #[serde(default)]
    pub(super) allowlists: Vec<Spanned<AllowlistSyntax>>,
    pub(super) severity: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) contexts: Vec<Spanned<String>>,
    pub(super) gate: Option<Spanned<String>>,
    pub(super) prefix: Option<String>,
    #[serde(default)]
    pub(super) advice: String,
    #[serde(default)]
    pub(super) references: Vec<String>,
    #[serde(default)]
    pub(super) examples: Vec<SampleSyntax>,
    #[serde(default)]
    pub(super) counterexamples: Vec<SampleSyntax>,
}

/// One entry of `records`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordSyntax {
    #[serde(default)]
    pub(super) user: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) password: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) token: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) near: Vec<Spanned<String>>,
}

/// One `[[rules.patterns]]` entry: another shape of the same thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternSyntax {
    pub(super) regex: Spanned<String>,
    #[serde(default)]
    pub(super) start: Vec<Spanned<String>>,
    #[serde(rename = "secretGroup")]
    pub(super) secret_group: Option<Spanned<usize>>,
    pub(super) after: Option<Spanned<String>>,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "it made earlier releases faster, and rule files have it"
    )]
    pub(super) holds: Vec<Spanned<String>>,
    #[serde(default, rename = "valueFollows")]
    pub(super) value_follows: bool,
}

/// One `[[rules.allowlists]]` entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowlistSyntax {
    #[serde(default)]
    #[expect(dead_code, reason = "read by people, accepted for gitleaks' sake")]
    pub(super) description: String,
    #[serde(default)]
    pub(super) regexes: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) paths: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) stopwords: Vec<String>,
    #[serde(rename = "regexTarget")]
    pub(super) regex_target: Option<Spanned<String>>,
    pub(super) condition: Option<Spanned<String>>,
}

/// An example: a text, or a text with the path it stands in.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum SampleSyntax {
    Text(String),
    File { path: String, text: String },
}
