//! The card of a key: what to do, how far it got in each repository, the steps, and all places.

use super::super::escape;
use super::super::text::keys::{heading, identity};
use super::filter::CardTags;
use super::place::{PlaceItem, folded};
use super::steps;
use super::timeline::{TimeScale, Timeline};
use crate::model::{ExposedKey, Finding, Fingerprint, Forge, KeyAction, Severity, Step};
use maud::{Markup, html};

/// A key, whatever number of repositories holds it.
pub(super) struct KeyCard<'k> {
    /// What to do; of several repositories the most urgent.
    pub(super) action: KeyAction,
    /// The worst severity.
    pub(super) severity: Severity,
    /// The rule's id.
    pub(super) rule: &'k str,
    /// What may be shown of the secret; nothing of some.
    pub(super) secret: Option<String>,
    /// The rule and the first place.
    pub(super) name: String,
    /// Id of rule and secret.
    pub(super) fingerprint: &'k Fingerprint,
    /// What each repository tells of it.
    pub(super) exposures: Vec<KeyExposure<'k>>,
}

/// A key in one repository.
pub(super) struct KeyExposure<'k> {
    /// The repository, where there are several.
    pub(super) repository: Option<&'k str>,
    /// How far it got.
    pub(super) timeline: Timeline,
    /// What to do.
    pub(super) steps: &'k [Step],
    /// How it is accepted.
    pub(super) silence: Markup,
    /// Where it stands.
    pub(super) places: Vec<PlaceItem>,
}

impl<'k> KeyExposure<'k> {
    /// What an audit tells.
    pub(super) fn of(
        key: &'k ExposedKey,
        findings: &[&Finding],
        forges: &[Forge],
        scale: Option<TimeScale>,
    ) -> Self {
        let places = findings.iter();
        let silence = findings.first().map(|own| steps::silence(&own.advice));
        Self {
            repository: None,
            timeline: Timeline::of(&key.exposure, key.liveness.as_ref(), forges, scale),
            steps: &key.advice,
            silence: silence.unwrap_or_default(),
            places: places.map(|own| PlaceItem::of(own, forges)).collect(),
        }
    }

    fn markup(&self, is_open: bool) -> Markup {
        html! {
            @if let Some(name) = self.repository { h4 { (escape::visible(name)) } }
            (self.timeline.markup())
            @if !self.steps.is_empty() {
                "\n" details .steps open[is_open] {
                    summary { "What to do" }
                    (steps::list(self.steps))
                }
            }
            "\n" (folded(&self.places, false)) (self.silence)
        }
    }
}

impl<'k> KeyCard<'k> {
    /// A key of one audit.
    pub(super) fn of(key: &'k ExposedKey, exposure: KeyExposure<'k>) -> Self {
        Self {
            action: key.action(),
            severity: key.severity,
            rule: &key.rule.id,
            secret: Some(key.secret.to_string()).filter(|shown| shown != "..."),
            name: identity(key),
            fingerprint: &key.fingerprint,
            exposures: vec![exposure],
        }
    }

    /// What it can be filtered by.
    pub(super) fn tags(&self) -> CardTags<'_> {
        let exposures = self.exposures.iter();
        CardTags {
            action: Some(self.action),
            severity: self.severity,
            rule: self.rule,
            repositories: exposures.filter_map(|own| own.repository).collect(),
        }
    }

    /// The card, with its steps unfolded where there is room for them.
    pub(super) fn markup(&self, id: &str, is_open: bool) -> Markup {
        let head = html! {
            span .badge.(self.action.name()) { (heading(self.action)) }
            @if let Some(secret) = &self.secret { " " code { (escape::visible(secret)) } }
            " " span .name { (self.name) }
        };
        let body = html! {
            p .meta { (self.severity) @if !self.fingerprint.0.is_empty() { " · " code { (self.fingerprint) } } }
            @for exposure in &self.exposures { "\n" (exposure.markup(is_open)) }
        };
        self.tags().card(id, &head, &body)
    }
}

/// What the card of a key of one audit can be filtered by.
pub(super) fn tags(key: &ExposedKey) -> CardTags<'_> {
    CardTags {
        action: Some(key.action()),
        severity: key.severity,
        rule: &key.rule.id,
        repositories: Vec::new(),
    }
}
