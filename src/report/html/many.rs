//! The page about many repositories: a card for each key, and in it a part for each repository that holds it.

use super::super::escape;
use super::filter::Facets;
use super::key::{KeyCard, KeyExposure};
use super::page::{Page, table, write_section};
use super::place::PlaceItem;
use super::timeline::{TimeScale, Timeline};
use super::{UNFOLDED, steps, write_markup};
use crate::model::{Exposure, Fingerprint, Forge, KeyAction, Severity, Step};
use maud::html;
use std::io::{self, Write};

/// What a page about many repositories shows.
pub(crate) struct KeysPage<'m> {
    /// What was read.
    pub(crate) about: String,
    /// What it comes to, in a few words.
    pub(crate) verdict: String,
    /// The counts.
    pub(crate) summary: String,
    /// The keys, most urgent first.
    pub(crate) keys: Vec<HeldKey<'m>>,
    /// What is missing or was not read, each with the reason.
    pub(crate) unread: Vec<[String; 2]>,
}

/// A key that repositories hold.
pub(crate) struct HeldKey<'m> {
    /// What to do where it got farthest.
    pub(crate) action: KeyAction,
    /// The worst severity.
    pub(crate) severity: Severity,
    /// The rule's id.
    pub(crate) rule: &'m str,
    /// What may be shown of it.
    pub(crate) secret: &'m str,
    /// Rule, repositories, and how it compares with an earlier report.
    pub(crate) name: String,
    /// Id of rule and secret.
    pub(crate) fingerprint: Fingerprint,
    /// The repositories, most urgent first.
    pub(crate) holders: Vec<KeyHolder<'m>>,
}

/// A repository that holds a key.
pub(crate) struct KeyHolder<'m> {
    /// Its name.
    pub(crate) repository: &'m str,
    /// How far the key got there.
    pub(crate) exposure: Exposure,
    /// Where the commits are that brought it in.
    pub(crate) introduced: Vec<crate::model::Sighting>,
    /// What to do there.
    pub(crate) steps: Vec<Step>,
    /// Where people read it.
    pub(crate) forges: Vec<Forge>,
}

/// Writes the page.
pub(crate) fn write_keys(page: &KeysPage<'_>, out: &mut dyn Write) -> io::Result<()> {
    let exposures = page.keys.iter().flat_map(|key| &key.holders);
    let exposures = exposures.map(|holder| &holder.exposure);
    // The page is the same whenever it is made: time ends with the newest commit.
    let scale = TimeScale::within(exposures);
    let cards = page.keys.iter().map(|key| card(key, scale));
    let cards: Vec<KeyCard<'_>> = cards.collect();
    let mut facets = Facets::default();
    cards.iter().for_each(|card| facets.add(&card.tags()));
    let is_bad = page.keys.iter().any(|key| key.action == KeyAction::Rotate);
    let mark = match (is_bad, page.keys.is_empty() && page.unread.is_empty()) {
        (true, _) => "bad",
        (false, true) => "good",
        (false, false) => "open",
    };
    let frame = Page {
        title: "Keys in many repositories".to_owned(),
        about: html! { (escape::visible(&page.about)) },
        verdict: page.verdict.clone(),
        mark,
        summary: page.summary.clone(),
        facets,
        version: env!("CARGO_PKG_VERSION"),
    };
    let rows = page.unread.iter().map(|[what, why]| {
        [
            html! { code { (escape::visible(what)) } },
            steps::words(why),
        ]
    });
    let rows: Vec<_> = rows.collect();
    frame.write(out, |out| {
        write_markup(&table("Not read", ["What", "Why"], &rows, false), out)?;
        if cards.is_empty() {
            return Ok(());
        }
        write_section("keys", "Exposed keys", &html! {}, out, |out| {
            (1..).zip(&cards).try_for_each(|(number, card)| {
                let is_open = cards.len() <= UNFOLDED && card.exposures.len() == 1;
                write_markup(&card.markup(&format!("key-{number}"), is_open), out)
            })
        })
    })
}

fn card<'k>(key: &'k HeldKey<'_>, scale: Option<TimeScale>) -> KeyCard<'k> {
    let exposures = key.holders.iter().map(|holder| {
        let places = holder.introduced.iter();
        let refs = &holder.exposure.published;
        let places = places.map(|at| PlaceItem::of_sighting(at, refs, &holder.forges));
        KeyExposure {
            repository: Some(holder.repository),
            timeline: Timeline::of(&holder.exposure, None, &holder.forges, scale),
            steps: &holder.steps,
            silence: html! {},
            places: places.collect(),
        }
    });
    KeyCard {
        action: key.action,
        severity: key.severity,
        rule: key.rule,
        secret: Some(key.secret.to_owned()).filter(|shown| shown != "..."),
        name: escape::visible(&key.name).into_owned(),
        fingerprint: &key.fingerprint,
        exposures: exposures.collect(),
    }
}
