//! A configuration file as it is written.

use serde::Deserialize;
use toml::Spanned;

/// A whole `.jvxleaks.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ConfigSyntax {
    pub(super) severity: Option<Spanned<String>>,
    pub(super) fail_on: Option<Spanned<String>>,
    pub(super) foreign_allows: Option<bool>,
    pub(super) baseline: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) paths: PathsSyntax,
    #[serde(default)]
    pub(super) rules: RulesSyntax,
    #[serde(default)]
    pub(super) allow: Vec<Spanned<AllowSyntax>>,
}

/// `[paths]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PathsSyntax {
    #[serde(default)]
    pub(super) exclude: Vec<Spanned<String>>,
}

/// `[rules]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesSyntax {
    #[serde(default)]
    pub(super) enable: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) disable: Vec<Spanned<String>>,
}

/// One `[[allow]]` entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowSyntax {
    pub(super) fingerprint: Spanned<String>,
    pub(super) reason: Spanned<String>,
    pub(super) path: Option<Spanned<String>>,
    pub(super) expires: Option<Spanned<String>>,
}
