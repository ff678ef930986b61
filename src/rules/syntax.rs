//! A rule file as it is written. Keys that gitleaks also has keep its names. The comments on its keys are what
//! editors show, through the schema.
//!
//! See <https://github.com/gitleaks/gitleaks#configuration> for those.

use super::gate::Gate;
use crate::model::{FileContext, Severity};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use toml::Spanned;

/// The JSON schema of a rule file, which editors complete and check it by.
pub(super) fn schema() -> String {
    format!("{:#}", schemars::schema_for!(FileSyntax).to_value())
}

fn severity(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Severity::ALL.map(Severity::name) })
}

fn contexts(_: &mut SchemaGenerator) -> Schema {
    let kinds = FileContext::ALL.map(FileContext::name);
    json_schema!({ "type": "array", "items": { "type": "string", "enum": kinds } })
}

fn gate(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Gate::names() })
}

/// Rules of jvxleaks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "jvxleaks rules")]
pub(super) struct FileSyntax {
    /// The rules.
    #[serde(default)]
    #[schemars(with = "Vec<RuleSyntax>")]
    pub(super) rules: Vec<Spanned<RuleSyntax>>,
}

/// One `[[rules]]` entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSyntax {
    /// What the rule is called: small letters, digits and hyphens. The id of a built-in rule replaces that rule.
    #[schemars(with = "String")]
    pub(super) id: Spanned<String>,
    /// The rule whose allow comments are good for this one too.
    pub(super) family: Option<String>,
    /// What is found, as the headline of a finding.
    pub(super) description: String,
    /// What the secret looks like. The secret is the group `secret`, else `secretGroup`, else the first.
    #[schemars(with = "Option<String>")]
    pub(super) regex: Option<Spanned<String>>,
    /// Words of which one stands in every file that the rule is tried on, in any case. Taken from the regex if left out.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) keywords: Vec<Spanned<String>>,
    /// Whether the case of keywords counts.
    #[serde(default, rename = "exactKeywords")]
    pub(super) exact_keywords: bool,
    /// Read as `keywords`: rule files that were written for an earlier release have it.
    #[serde(default, rename = "quietKeywords")]
    #[schemars(with = "Vec<String>")]
    pub(super) quiet_keywords: Vec<Spanned<String>>,
    /// Names of headers, as in `* acme-key`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) headers: Vec<Spanned<String>>,
    /// Calls that take a credential, as in `*acme client(user, password)`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) calls: Vec<Spanned<String>>,
    /// Fields and variables that are given one, as in `acme password = password`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) fields: Vec<Spanned<String>>,
    /// Options of command lines, as in `acme token = token`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) flags: Vec<Spanned<String>>,
    /// Fields that hold a credential together.
    #[serde(default)]
    pub(super) records: Vec<RecordSyntax>,
    /// First words of a literal behind which a token stands, as in `bearer`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) schemes: Vec<Spanned<String>>,
    /// Whether a literal is found where its name is used in place of it.
    #[serde(default)]
    pub(super) constants: bool,
    /// Words at which the regex is tried, which is faster.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) start: Vec<Spanned<String>>,
    /// The least entropy of the secret, in bits per character.
    pub(super) entropy: Option<f64>,
    /// The paths of the files that the rule looks at, as a regex.
    #[schemars(with = "Option<String>")]
    pub(super) path: Option<Spanned<String>>,
    /// The group of the regex that is the secret.
    #[serde(rename = "secretGroup")]
    #[schemars(with = "Option<usize>")]
    pub(super) secret_group: Option<Spanned<usize>>,
    /// More shapes of the same secret.
    #[serde(default)]
    #[schemars(with = "Vec<PatternSyntax>")]
    pub(super) patterns: Vec<Spanned<PatternSyntax>>,
    /// What is known to be no secret.
    #[serde(default)]
    #[schemars(with = "Vec<AllowlistSyntax>")]
    pub(super) allowlists: Vec<Spanned<AllowlistSyntax>>,
    /// How bad it is. Without it: high.
    #[serde(default)]
    #[schemars(schema_with = "severity")]
    pub(super) severity: Option<Spanned<String>>,
    /// The kinds of file that the rule looks at. Without it: all.
    #[serde(default)]
    #[schemars(schema_with = "contexts")]
    pub(super) contexts: Vec<Spanned<String>>,
    /// How a credential is told from a placeholder. Without it: none.
    #[serde(default)]
    #[schemars(schema_with = "gate")]
    pub(super) gate: Option<Spanned<String>>,
    /// The beginning of the secret that reports may show.
    pub(super) prefix: Option<String>,
    /// What to do about a finding.
    #[serde(default)]
    pub(super) advice: String,
    /// Pages with more about it.
    #[serde(default)]
    pub(super) references: Vec<String>,
    /// Texts of which each matches once.
    #[serde(default)]
    pub(super) examples: Vec<SampleSyntax>,
    /// Texts of which none matches.
    #[serde(default)]
    pub(super) counterexamples: Vec<SampleSyntax>,
}

/// One entry of `records`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordSyntax {
    /// Names of the user's field.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) user: Vec<Spanned<String>>,
    /// Names of the password's field.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) password: Vec<Spanned<String>>,
    /// Names of the token's field.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) token: Vec<Spanned<String>>,
    /// Names of which one is given the record, or stands above it.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) near: Vec<Spanned<String>>,
}

/// One `[[rules.patterns]]` entry: another shape of the same thing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PatternSyntax {
    /// What the secret looks like.
    #[schemars(with = "String")]
    pub(super) regex: Spanned<String>,
    /// Words at which the regex is tried.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) start: Vec<Spanned<String>>,
    /// The group of the regex that is the secret.
    #[serde(rename = "secretGroup")]
    #[schemars(with = "Option<usize>")]
    pub(super) secret_group: Option<Spanned<usize>>,
    /// A word that stands before it in the same command.
    #[schemars(with = "Option<String>")]
    pub(super) after: Option<Spanned<String>>,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "it made earlier releases faster, and rule files have it"
    )]
    #[schemars(with = "Vec<String>")]
    pub(super) holds: Vec<Spanned<String>>,
    #[serde(default, rename = "valueFollows")]
    pub(super) value_follows: bool,
}

/// One `[[rules.allowlists]]` entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowlistSyntax {
    /// What it is for.
    #[serde(default)]
    #[expect(dead_code, reason = "read by people, accepted for gitleaks' sake")]
    pub(super) description: String,
    /// What is no secret, as regexes.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) regexes: Vec<Spanned<String>>,
    /// Paths where nothing is one, as regexes.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) paths: Vec<Spanned<String>>,
    /// Words that no secret holds.
    #[serde(default)]
    pub(super) stopwords: Vec<String>,
    /// What the regexes are tried on: secret, match or line.
    #[serde(rename = "regexTarget")]
    #[schemars(with = "Option<String>")]
    pub(super) regex_target: Option<Spanned<String>>,
    /// Whether one of these must hold, OR, or all, AND.
    #[schemars(with = "Option<String>")]
    pub(super) condition: Option<Spanned<String>>,
}

/// An example: a text, or a text with the path it stands in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum SampleSyntax {
    Text(String),
    File { path: String, text: String },
}
