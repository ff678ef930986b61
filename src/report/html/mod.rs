//! One page for a browser: readable in light and dark, on paper, by keyboard and by a screen reader, without a network.
//!
//! The pieces know nothing of each other: `page` is the frame, `filter` the controls and what a card tells them,
//! `key` and `secret` are cards, `timeline` and `place` what is in them. Text of strangers goes through
//! `escape::visible`, and then through the escaping of the template.

mod filter;
mod key;
mod link;
mod many;
mod page;
mod place;
mod secret;
mod steps;
mod timeline;

pub(crate) use many::{HeldKey, KeyHolder, KeysPage, write_keys};

use super::accepted;
use super::leak::{Leak, leaks};
use super::markdown::ticket::LEGEND;
use super::options::ReportOptions;
use super::summary::{self, counted};
use super::text::keys::{self, amended, heading, short};
use super::{escape, provenance};
use crate::model::{ExposedKey, Finding, Fingerprint, KeyAction, Outcome, RefKind, Suppressed};
use filter::Facets;
use key::{KeyCard, KeyExposure};
use maud::{Markup, html};
use page::{Page, table, write_section};
use std::collections::BTreeMap;
use std::io::{self, Write};
use timeline::TimeScale;

/// Most keys whose steps are unfolded at first.
const UNFOLDED: usize = 10;

/// Writes the page: what could not be read, keys, secrets, and what does not count.
pub(super) fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (keys, _) = keys::chosen(outcome, options);
    let (listed, others) = sorted(outcome, &keys);
    let mut facets = Facets::default();
    keys.iter().for_each(|key| facets.add(&key::tags(key)));
    others
        .iter()
        .for_each(|leak| facets.add(&secret::tags(leak)));
    let today = day_of(outcome, options);
    let scale = TimeScale::of(keys.iter().map(|key| &key.exposure), &today);
    framed(outcome, options, facets).write(out, |out| {
        write_markup(&not_read(outcome), out)?;
        if !keys.is_empty() {
            let intro = legend(&keys);
            let is_open = keys.len() <= UNFOLDED;
            write_section("keys", "Exposed keys", &intro, out, |out| {
                (1..).zip(&keys).try_for_each(|(number, key)| {
                    let places = listed.get(&key.fingerprint).map(Vec::as_slice);
                    let places = places.unwrap_or_default();
                    let exposure = KeyExposure::of(key, places, &outcome.forges, scale);
                    let card = KeyCard::of(key, exposure);
                    write_markup(&card.markup(&format!("key-{number}"), is_open), out)
                })?;
                write_markup(&plan(outcome, is_open), out)
            })?;
        }
        if !others.is_empty() {
            let name = if keys.is_empty() {
                "Secrets"
            } else {
                "Other findings"
            };
            write_section("secrets", name, &html! {}, out, |out| {
                (1..).zip(&others).try_for_each(|(number, leak)| {
                    let id = format!("secret-{number}");
                    write_markup(&secret::card(leak, &outcome.forges, &id), out)
                })
            })?;
        }
        write_markup(&remarks(outcome), out)
    })
}

/// The places of each key, and the secrets that are none of them: a key has all its places in its own card, whichever
/// rule found them.
fn sorted<'o>(outcome: &'o Outcome, keys: &[&'o ExposedKey]) -> (KeyPlaces<'o>, Vec<Leak<'o>>) {
    let listed = keys.iter().map(|key| (&key.fingerprint, Vec::new()));
    let mut listed: KeyPlaces<'o> = listed.collect();
    let mut others = Vec::new();
    for leak in leaks(outcome) {
        let worst = leak.worst();
        match listed.get_mut(&worst.fingerprint) {
            Some(places) if !worst.secret.is_public() => places.extend(leak.findings()),
            _ => others.push(leak),
        }
    }
    (listed, others)
}

/// The findings of each key, by its fingerprint.
type KeyPlaces<'o> = BTreeMap<&'o Fingerprint, Vec<&'o Finding>>;

fn write_markup(markup: &Markup, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(markup.0.as_bytes())
}

/// The page without its sections.
fn framed(outcome: &Outcome, options: &ReportOptions, facets: Facets) -> Page {
    let name = match &outcome.audited {
        Some(audited) => Some(audited.repository.as_str()),
        None => Some(options.scanned.as_str()).filter(|folder| *folder != "."),
    };
    let title = match (name, outcome.audited.is_some()) {
        (Some(name), true) => format!("Keys in the history of {}", escape::visible(name)),
        (Some(name), false) => format!("Secrets in {}", escape::visible(name)),
        (None, _) => "Secrets in what was read".to_owned(),
    };
    let (verdict, mark) = verdict(outcome);
    Page {
        title,
        about: about(outcome, options),
        verdict,
        mark,
        summary: summary::summary(outcome),
        facets,
        version: options.tool_version,
    }
}

/// The day of the report, as `2026-01-31`.
fn day_of(outcome: &Outcome, options: &ReportOptions) -> String {
    let audited = outcome.audited.as_ref().map(|audited| &audited.day);
    keys::day(audited.unwrap_or(&options.ended))
}

/// `HEAD 3f2a9c1 on main, read on 2026-01-31, https://github.com/team/app`.
fn about(outcome: &Outcome, options: &ReportOptions) -> Markup {
    let audited = outcome.audited.as_ref();
    let head = audited.and_then(|audited| audited.head.as_ref());
    let branch = audited.and_then(|audited| match audited.branch.as_ref()?.kind() {
        RefKind::Branch(name) => Some(escape::visible(name)),
        _ => None,
    });
    let day = day_of(outcome, options);
    html! {
        @if let Some(head) = head {
            "HEAD " code { (short(head)) } @if let Some(branch) = branch { " on " code { (branch) } } " · "
        }
        "read on " time datetime=(day) { (day) }
        @for forge in &outcome.forges { " · " a href=(forge.address) rel="noreferrer" { (forge.address) } }
    }
}

/// What the outcome comes to, and how bad that is.
fn verdict(outcome: &Outcome) -> (String, &'static str) {
    let keys = outcome.keys.iter();
    let rotate = keys.filter(|key| key.action() == KeyAction::Rotate).count() as u64;
    let unread = outcome.faults.len() as u64;
    let (found, mark) = match (
        rotate,
        outcome.errors() as u64,
        outcome.findings.len() as u64,
    ) {
        (0, 0, 0) if unread > 0 => ("Nothing found in what was read".to_owned(), "open"),
        (0, 0, 0) => ("Nothing found".to_owned(), "good"),
        (0, 0, warnings) => (
            format!("{}, no errors", counted(warnings, "warning")),
            "open",
        ),
        (0, errors, _) => (counted(errors, "error"), "bad"),
        (keys, _, _) => (format!("{} to rotate now", counted(keys, "key")), "bad"),
    };
    match unread {
        0 => (found, mark),
        unread => {
            let were = if unread == 1 { "was" } else { "were" };
            let inputs = counted(unread, "input");
            (
                format!("{found}. Not complete: {inputs} {were} not read"),
                mark,
            )
        }
    }
}

fn not_read(outcome: &Outcome) -> Markup {
    let faults = outcome.faults.iter();
    let rows = faults.map(|fault| {
        let path = fault.path.to_string();
        [
            html! { code { (escape::visible(&path)) } },
            steps::words(&fault.what),
        ]
    });
    table(
        "Not read",
        ["What", "Why"],
        &rows.collect::<Vec<_>>(),
        false,
    )
}

/// What the words of the keys mean.
fn legend(keys: &[&ExposedKey]) -> Markup {
    let is_there = |action| keys.iter().any(|key| key.action() == action);
    let words = LEGEND.iter().filter(|(action, _)| is_there(*action));
    html! {
        dl .legend {
            @for (action, meaning) in words {
                "\n" div { dt { span .badge.(action.name()) { (heading(*action)) } } dd { (meaning) } }
            }
        }
        "\n"
    }
}

/// The steps that belong to several keys, which each of them says are below all.
fn plan(outcome: &Outcome, is_open: bool) -> Markup {
    html! {
        @if !outcome.rewriting.is_empty() {
            details .steps.plan open[is_open] {
                summary { "AMEND ALL: " (amended(outcome)) ", in one rewrite" }
                (steps::list(&outcome.rewriting))
            }
            "\n"
        }
    }
}

/// What does not count, and what is to be known besides.
fn remarks(outcome: &Outcome) -> Markup {
    let brought = accepted::by_this_change(outcome).into_iter();
    let brought: Vec<_> = brought.map(accepted_row).collect();
    let accepted = outcome.suppressed.iter().filter(|own| !own.in_change);
    let accepted: Vec<_> = accepted.map(accepted_row).collect();
    let head = ["Place", "Rule", "Accepted by", "Reason"];
    let notes = outcome.warnings.iter();
    let notes: Vec<_> = notes.map(|note| [steps::words(note)]).collect();
    let passed = outcome.passed_over.iter().map(|passed| {
        let path = passed.path.to_string();
        [
            html! { code { (escape::visible(&path)) } },
            steps::words(&passed.what),
        ]
    });
    let dropped = outcome.dropped.iter().map(|own| {
        let at = format!("{}:{}:{}", own.path, own.line, own.column);
        let cell = |text: &str| html! { (escape::visible(text)) };
        [
            html! { code { (escape::visible(&at)) } },
            cell(&own.rule),
            cell(&own.reason),
        ]
    });
    html! {
        (table("Accepted by this change", head, &brought, false))
        (table("Notes", ["Note"], &notes, false))
        (table("Accepted", head, &accepted, true))
        (table("Passed over", ["What", "Why"], &passed.collect::<Vec<_>>(), true))
        (table("Taken for harmless", ["Place", "Rule", "Why"], &dropped.collect::<Vec<_>>(), true))
    }
}

fn accepted_row(suppressed: &Suppressed) -> [Markup; 4] {
    let finding = &suppressed.finding;
    let place = &finding.place;
    let at = format!("{}:{}:{}", place.path, place.line, place.column);
    let origin = provenance::words(&finding.origin);
    let (by, reason) = accepted::by(&suppressed.by);
    [
        html! { code { (escape::visible(&at)) } @if let Some(origin) = origin { " " (escape::visible(&origin)) } },
        html! { (escape::visible(&finding.rule.id)) },
        html! { (escape::visible(by)) },
        html! { (escape::visible(reason.unwrap_or_default())) },
    ]
}
