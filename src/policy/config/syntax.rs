//! A configuration file as it is written. The comments on its keys are what editors show, through the schema.

use crate::model::Severity;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// What a project has decided about the findings of jvxleaks.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = ".jvxleaks.toml")]
pub(in crate::policy) struct ConfigSyntax {
    /// Findings below this severity are not reported. Without it: low.
    #[serde(default)]
    #[schemars(schema_with = "severity")]
    pub(in crate::policy) severity: Option<Spanned<String>>,
    /// Findings from this severity up fail the run. Without it: high.
    #[serde(default)]
    #[schemars(schema_with = "severity")]
    pub(super) fail_on: Option<Spanned<String>>,
    /// Whether allow comments of other tools and `.gitleaksignore` count. Without it they do.
    #[schemars(with = "Option<bool>")]
    pub(in crate::policy) foreign_allows: Option<Spanned<bool>>,
    /// The file of the baseline, seen from the folder of this file.
    #[schemars(with = "Option<String>")]
    pub(in crate::policy) baseline: Option<Spanned<String>>,
    /// What is read.
    #[serde(default)]
    pub(in crate::policy) paths: PathsSyntax,
    /// Which rules run, and where.
    #[serde(default)]
    pub(in crate::policy) rules: RulesSyntax,
    /// What a hook of a server lets pass.
    #[serde(default)]
    pub(in crate::policy) server: ServerSyntax,
    /// Findings that are known to be none, or to be harmless.
    #[serde(default)]
    #[schemars(with = "Vec<AllowSyntax>")]
    pub(in crate::policy) allow: Vec<Spanned<AllowSyntax>>,
}

/// `[paths]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct PathsSyntax {
    /// Paths that are not read: patterns as in `.gitignore`, without `!`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::policy) exclude: Vec<Spanned<String>>,
}

/// `[server]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct ServerSyntax {
    /// Whether the push option `jvxleaks.skip=REASON` lets a push pass. Without it, it does, and is noted.
    #[schemars(with = "Option<bool>")]
    pub(in crate::policy) bypass: Option<Spanned<bool>>,
}

/// `[rules]`: lists of rules and files, and a table for each rule that has settings.
#[derive(Debug, Default, JsonSchema)]
#[schemars(default)]
pub(in crate::policy) struct RulesSyntax {
    /// The only rules to run.
    #[schemars(with = "Vec<String>")]
    pub(super) enable: Vec<Spanned<String>>,
    /// Rules not to run.
    #[schemars(with = "Vec<String>")]
    pub(super) disable: Vec<Spanned<String>>,
    /// Files of rules, below the folder of this file.
    #[schemars(with = "Vec<String>")]
    pub(in crate::policy) files: Vec<Spanned<String>>,
    /// Settings of one rule, under its id.
    #[schemars(with = "BTreeMap<String, RuleSection>", flatten)]
    pub(in crate::policy) settings: Vec<(String, Spanned<RuleSection>)>,
}

/// `[rules."ID"]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(
    deny_unknown_fields,
    expecting = "`enable`, `disable`, `files`, or a table for a rule, with `paths` or `severity`"
)]
pub(in crate::policy) struct RuleSection {
    /// The only paths for which the rule runs: patterns as in `.gitignore`, without `!`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::policy) paths: Vec<Spanned<String>>,
    /// The severity of all that the rule finds.
    #[serde(default)]
    #[schemars(schema_with = "severity")]
    pub(in crate::policy) severity: Option<Spanned<String>>,
}

fn severity(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Severity::ALL.map(Severity::name) })
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::policy) struct AllowSyntax {
    /// The finding's fingerprint, which every report has.
    #[schemars(with = "Option<String>", extend("pattern" = "^[0-9A-Fa-f]{32}$"))]
    pub(in crate::policy) fingerprint: Option<Spanned<String>>,
    /// In place of a fingerprint: whatever this rule finds at `paths`.
    #[schemars(with = "Option<String>")]
    pub(in crate::policy) rule: Option<Spanned<String>>,
    /// The only paths where the entry counts: patterns as in `.gitignore`, without `!`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(in crate::policy) paths: Vec<Spanned<String>>,
    /// Why the finding may stay.
    #[schemars(with = "String", length(min = 1))]
    pub(in crate::policy) reason: Spanned<String>,
    /// One pattern more beside `paths`.
    #[schemars(with = "Option<String>")]
    pub(in crate::policy) path: Option<Spanned<String>>,
    /// The last day on which the entry counts, as in 2027-06-30.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub(in crate::policy) expires: Option<Spanned<String>>,
}
