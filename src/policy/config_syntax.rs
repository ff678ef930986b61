//! A configuration file as it is written.

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::fmt;
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

/// `[rules]`: lists of rules and files, and a table for each rule that has settings.
#[derive(Debug, Default)]
pub(super) struct RulesSyntax {
    pub(super) enable: Vec<Spanned<String>>,
    pub(super) disable: Vec<Spanned<String>>,
    pub(super) files: Vec<Spanned<String>>,
    pub(super) settings: Vec<(String, Spanned<RuleSyntax>)>,
}

/// `[rules."ID"]`.
#[derive(Debug, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "`enable`, `disable`, `files`, or a table for a rule, with `paths` or `severity`"
)]
pub(super) struct RuleSyntax {
    #[serde(default)]
    pub(super) paths: Vec<Spanned<String>>,
    pub(super) severity: Option<Spanned<String>>,
}

impl<'de> Deserialize<'de> for RulesSyntax {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RulesVisitor)
    }
}

/// The names of rules are keys beside those that are known, which no derived reader takes apart with lines.
struct RulesVisitor;

impl<'de> Visitor<'de> for RulesVisitor {
    type Value = RulesSyntax;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RulesSyntax, A::Error> {
        let mut rules = RulesSyntax::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "enable" => rules.enable = map.next_value()?,
                "disable" => rules.disable = map.next_value()?,
                "files" => rules.files = map.next_value()?,
                _ => rules.settings.push((key, map.next_value()?)),
            }
        }
        Ok(rules)
    }
}

/// One `[[allow]]` entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowSyntax {
    pub(super) fingerprint: Option<Spanned<String>>,
    pub(super) rule: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) paths: Vec<Spanned<String>>,
    pub(super) reason: Spanned<String>,
    pub(super) path: Option<Spanned<String>>,
    pub(super) expires: Option<Spanned<String>>,
}
