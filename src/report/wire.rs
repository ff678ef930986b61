//! The JSON shape `jvxleaks/1`, apart from the model, so that either can change without the other.
//!
//! Frozen: a field may be added, none may be renamed, dropped or given another meaning.

use super::options::ReportOptions;
use crate::model::{
    Derivation, Edit, ExposedKey, Fault, Finding, ImagePart, ImagePlace, Liveness, Origin, Outcome,
    RefName, Refs, Reveal, Sighting, Step, Suppressed, Suppression,
};
use serde::Serialize;

/// The name of the shape.
pub(super) const SCHEMA: &str = "jvxleaks/1";

#[derive(Serialize)]
pub(super) struct ToolWire {
    name: &'static str,
    version: &'static str,
}

impl From<&ReportOptions> for ToolWire {
    fn from(options: &ReportOptions) -> Self {
        Self {
            name: "jvxleaks",
            version: options.tool_version,
        }
    }
}

#[derive(Serialize)]
pub(super) struct FindingWire<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    advice: String,
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    secret: String,
    fingerprint: &'a str,
    context: &'static str,
    exposure: Option<&'static str>,
    origin: OriginWire<'a>,
    derived_from: Option<DerivationWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageWire<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<OutletWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixWire<'a>>,
    /// Why there is no `fix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_fixed: Option<&'static str>,
}

impl<'a> From<(&'a Finding, Reveal)> for FindingWire<'a> {
    fn from((finding, reveal): (&'a Finding, Reveal)) -> Self {
        let context = finding.context;
        let (fix, not_fixed) = match &finding.edit {
            None => (None, None),
            Some(Ok(edit)) => (Some(FixWire::from(edit)), None),
            Some(Err(why)) => (None, Some(*why)),
        };
        Self {
            rule: &finding.rule.id,
            severity: finding.severity.name(),
            message: &finding.message,
            advice: finding.advice.join("\n"),
            path: finding.place.path.to_string(),
            line: finding.place.line,
            column: finding.place.column,
            end_line: finding.place.end_line,
            end_column: finding.place.end_column,
            secret: finding.secret.shown(reveal),
            fingerprint: &finding.fingerprint.0,
            context: context.name(),
            exposure: context.reaches_browser().then(|| context.name()),
            origin: OriginWire::from(&finding.origin),
            derived_from: finding.derived_from.as_ref().map(DerivationWire::from),
            image: finding.image.as_ref().map(ImageWire::from),
            outlet: finding.outlet.as_ref().map(|outlet| OutletWire {
                path: outlet.path.to_string(),
                line: outlet.line,
            }),
            fix,
            not_fixed,
        }
    }
}

/// What `--fix` writes in the place of the credential.
#[derive(Serialize)]
struct FixWire<'a> {
    safe: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<&'static str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    variable: &'a str,
    replacements: Vec<ReplacementWire>,
}

/// Offsets and columns are in bytes; the end is exclusive.
#[derive(Serialize)]
struct ReplacementWire {
    offset: usize,
    end_offset: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: String,
}

impl<'a> From<&'a Edit> for FixWire<'a> {
    fn from(edit: &'a Edit) -> Self {
        let replacements = edit.replacements.iter().map(|own| {
            let (start, end) = own.lines;
            ReplacementWire {
                offset: own.span.start,
                end_offset: own.span.end,
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                text: own.wording.text(&edit.variable),
            }
        });
        Self {
            safe: edit.caution.is_none(),
            caution: edit.caution,
            variable: &edit.variable,
            replacements: replacements.collect(),
        }
    }
}

#[derive(Default, Serialize)]
struct OriginWire<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refs: Option<Vec<&'a str>>,
    /// Beside `refs`, which names the first few.
    #[serde(skip_serializing_if = "is_zero")]
    refs_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag_date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
}

impl<'a> From<&'a Origin> for OriginWire<'a> {
    fn from(origin: &'a Origin) -> Self {
        let mut wire = Self {
            kind: origin.kind(),
            ..Self::default()
        };
        match origin {
            Origin::File | Origin::Stdin | Origin::Site { .. } | Origin::Index => {}
            Origin::Commit {
                commit,
                author_date,
                refs,
            }
            | Origin::CommitMessage {
                commit,
                author_date,
                refs,
            } => {
                wire.commit = Some(commit);
                wire.author_date = Some(author_date);
                wire.reached_by(refs);
            }
            Origin::TagMessage { tag, date, refs } => {
                wire.tag = Some(tag);
                wire.tag_date = Some(date.as_str()).filter(|date| !date.is_empty());
                wire.reached_by(refs);
            }
            Origin::Unreachable { object, refs } => {
                wire.object = Some(object);
                if !refs.is_empty() {
                    wire.reached_by(refs);
                }
            }
        }
        wire
    }
}

impl<'a> OriginWire<'a> {
    fn reached_by(&mut self, refs: &'a Refs) {
        self.refs = Some(names(refs));
        self.refs_count = refs.count();
    }
}

fn names(refs: &Refs) -> Vec<&str> {
    refs.named().iter().map(RefName::as_str).collect()
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

#[derive(Serialize)]
struct DerivationWire {
    kind: &'static str,
    path: String,
    line: usize,
    column: usize,
}

/// Where in a container image it is. Numbers count from 1.
#[derive(Default, Serialize)]
struct ImageWire<'a> {
    part: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden_by: Option<usize>,
}

impl<'a> From<&'a ImagePlace> for ImageWire<'a> {
    fn from(place: &'a ImagePlace) -> Self {
        let mut wire = Self {
            part: place.part.kind(),
            name: &place.image,
            ..Self::default()
        };
        match &place.part {
            ImagePart::Layer {
                number,
                of,
                created_by,
                hidden_by,
            } => {
                wire.layer = Some(*number);
                wire.layers = Some(*of);
                wire.created_by = created_by.as_deref();
                wire.hidden_by = *hidden_by;
            }
            ImagePart::Step(step) => wire.step = Some(*step),
            ImagePart::Setting(_)
            | ImagePart::Unlisted
            | ImagePart::Manifest
            | ImagePart::Attestation => {}
        }
        wire
    }
}

#[derive(Serialize)]
struct OutletWire {
    path: String,
    line: usize,
}

impl From<&Derivation> for DerivationWire {
    fn from(from: &Derivation) -> Self {
        Self {
            kind: from.kind,
            path: from.path.to_string(),
            line: from.line,
            column: from.column,
        }
    }
}

#[derive(Serialize)]
pub(super) struct SuppressedWire<'a> {
    #[serde(flatten)]
    finding: FindingWire<'a>,
    suppressed_by: SuppressionWire<'a>,
    accepted_by_change: bool,
}

impl<'a> From<(&'a Suppressed, Reveal)> for SuppressedWire<'a> {
    fn from((suppressed, reveal): (&'a Suppressed, Reveal)) -> Self {
        Self {
            finding: FindingWire::from((&suppressed.finding, reveal)),
            suppressed_by: SuppressionWire::from(&suppressed.by),
            accepted_by_change: suppressed.in_change,
        }
    }
}

#[derive(Serialize)]
struct SuppressionWire<'a> {
    kind: &'static str,
    mark: Option<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> From<&'a Suppression> for SuppressionWire<'a> {
    fn from(by: &'a Suppression) -> Self {
        let (kind, mark, reason) = match by {
            Suppression::Inline { mark, reason } => ("inline", Some(mark), reason.as_deref()),
            Suppression::Config { reason } => ("config", None, reason.as_deref()),
            Suppression::Baseline => ("baseline", None, None),
            Suppression::IgnoreFile => ("ignore-file", None, None),
        };
        let mark = mark.map(String::as_str);
        Self { kind, mark, reason }
    }
}

#[derive(Serialize)]
pub(super) struct KeyWire<'a> {
    prefix: String,
    rule: &'a str,
    severity: &'static str,
    fingerprint: &'a str,
    action: &'static str,
    first_seen: Option<SightingWire<'a>>,
    last_seen: Option<SightingWire<'a>>,
    removed_in: Option<SightingWire<'a>>,
    in_head: bool,
    in_index: bool,
    published: Vec<&'a str>,
    /// Beside `published` and `local`, which name the first few.
    published_count: usize,
    local: Vec<&'a str>,
    local_count: usize,
    places: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    liveness: Option<LivenessWire<'a>>,
    advice: String,
}

/// What a server said of a key.
#[derive(Debug, Serialize)]
struct LivenessWire<'a> {
    state: &'static str,
    reason: &'a str,
    at: &'a str,
}

impl<'a> From<&'a Liveness> for LivenessWire<'a> {
    fn from(told: &'a Liveness) -> Self {
        Self {
            state: told.state.name(),
            reason: &told.reason,
            at: &told.at,
        }
    }
}

impl<'a> From<&'a ExposedKey> for KeyWire<'a> {
    fn from(key: &'a ExposedKey) -> Self {
        let seen = |at: &'a Option<Sighting>| at.as_ref().map(SightingWire::from);
        let exposure = &key.exposure;
        Self {
            prefix: key.secret.to_string(),
            rule: &key.rule.id,
            severity: key.severity.name(),
            fingerprint: &key.fingerprint.0,
            action: key.action().name(),
            first_seen: seen(&exposure.first_seen),
            last_seen: seen(&exposure.last_seen),
            removed_in: seen(&exposure.removed_in),
            in_head: !exposure.in_head.is_empty(),
            in_index: exposure.in_index,
            published: names(&exposure.published),
            published_count: exposure.published.count(),
            local: names(&exposure.local),
            local_count: exposure.local.count(),
            places: key.places,
            liveness: key.liveness.as_ref().map(LivenessWire::from),
            advice: Step::lines(&key.advice),
        }
    }
}

#[derive(Serialize)]
struct SightingWire<'a> {
    commit: &'a str,
    author_date: &'a str,
    path: String,
    line: usize,
}

impl<'a> From<&'a Sighting> for SightingWire<'a> {
    fn from(at: &'a Sighting) -> Self {
        Self {
            commit: &at.commit,
            author_date: &at.date,
            path: at.path.to_string(),
            line: at.line,
        }
    }
}

#[derive(Serialize)]
pub(super) struct FaultWire<'a> {
    path: String,
    what: &'a str,
}

impl<'a> From<&'a Fault> for FaultWire<'a> {
    fn from(fault: &'a Fault) -> Self {
        Self {
            path: fault.path.to_string(),
            what: &fault.what,
        }
    }
}

#[derive(Serialize)]
pub(super) struct StatsWire {
    files: u64,
    bytes: u64,
    commits: u64,
    /// Objects that an earlier audit read; told of audits with a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ignored_folders: Option<u64>,
}

impl From<&Outcome> for StatsWire {
    fn from(outcome: &Outcome) -> Self {
        let stats = &outcome.stats;
        Self {
            files: stats.files,
            bytes: stats.bytes,
            commits: stats.commits.unwrap_or_default(),
            known: (stats.known > 0).then_some(stats.known),
            ignored: Some(stats.ignored).filter(|n| *n > 0),
            ignored_folders: Some(stats.ignored_folders).filter(|n| *n > 0),
        }
    }
}
