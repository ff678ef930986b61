//! What cards can be filtered by, and the controls for it. They work with the page's script alone, and are not shown
//! where it does not run.

use super::super::escape;
use super::super::text::keys::heading;
use crate::model::{KeyAction, Severity};
use maud::{Markup, html};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What a card tells the filters.
pub(super) struct CardTags<'c> {
    /// What to do about the key; nothing tells of a secret that no audit looked at.
    pub(super) action: Option<KeyAction>,
    /// The worst severity of its places.
    pub(super) severity: Severity,
    /// The id of the rule.
    pub(super) rule: &'c str,
    /// The repositories that hold it, if these have names.
    pub(super) repositories: Vec<&'c str>,
}

impl CardTags<'_> {
    /// A card of the page.
    pub(super) fn card(&self, id: &str, head: &Markup, body: &Markup) -> Markup {
        let repositories = self.repositories.iter();
        let repositories = repositories.map(|name| escape::visible(name));
        // No name has a line break in it that is not escaped.
        let repositories = repositories.collect::<Vec<_>>().join("\n");
        let repositories = Some(repositories).filter(|names| !names.is_empty());
        html! {
            article .card id=(id) data-action=[self.action.map(KeyAction::name)] data-severity=(self.severity.name())
                data-rule=(escape::visible(self.rule)) data-repository=[repositories] aria-labelledby={ (id) "-name" } {
                "\n" h3 id={ (id) "-name" } { (head) } "\n" (body) "\n"
            }
            "\n"
        }
    }
}

/// How many cards there are of each kind.
#[derive(Default)]
pub(super) struct Facets {
    actions: BTreeMap<KeyAction, usize>,
    severities: BTreeMap<Reverse<Severity>, usize>,
    rules: BTreeMap<String, usize>,
    repositories: BTreeMap<String, usize>,
    cards: usize,
}

/// Values of one kind: what a card is tagged with, what a reader is told, and the number of cards.
type FacetValues = Vec<(String, String, usize)>;

impl Facets {
    /// Counts a card.
    pub(super) fn add(&mut self, tags: &CardTags<'_>) {
        self.cards += 1;
        if let Some(action) = tags.action {
            *self.actions.entry(action).or_default() += 1;
        }
        *self.severities.entry(Reverse(tags.severity)).or_default() += 1;
        let rule = escape::visible(tags.rule).into_owned();
        *self.rules.entry(rule).or_default() += 1;
        for name in &tags.repositories {
            let name = escape::visible(name).into_owned();
            *self.repositories.entry(name).or_default() += 1;
        }
    }

    /// A choice for each kind of which there are several values, and a search; nothing for a card alone.
    pub(super) fn controls(&self) -> Markup {
        let actions = self.actions.iter();
        let actions = actions.map(|(a, n)| (a.name().to_owned(), heading(*a).to_owned(), *n));
        let severities = self.severities.iter();
        let severities = severities.map(|(s, n)| (s.0.to_string(), s.0.to_string(), *n));
        let kinds: [(&str, &str, FacetValues); 4] = [
            ("action", "Action", actions.collect()),
            ("severity", "Severity", severities.collect()),
            ("rule", "Rule", named(&self.rules)),
            ("repository", "Repository", named(&self.repositories)),
        ];
        html! {
            @if self.cards > 1 {
                section .filters aria-label="Filters" {
                    @for (name, label, values) in kinds.iter().filter(|(_, _, values)| values.len() > 1) {
                        "\n" label { span { (label) }
                            select data-facet=(name) autocomplete="off" {
                                option value="" { "all" }
                                @for (value, told, count) in values {
                                    "\n" option value=(value) { (told) " (" (count) ")" }
                                }
                            }
                        }
                    }
                    "\n" label .search { span { "Text" }
                        input type="search" autocomplete="off" spellcheck="false" placeholder="path, ref, fingerprint";
                    }
                    "\n" button type="button" data-do="clear" { "Clear" }
                    "\n" button type="button" data-do="unfold" aria-pressed="false" { "Unfold all" }
                    "\n" output data-total=(self.cards) { (self.cards) " shown" }
                }
                "\n"
            }
        }
    }
}

fn named(values: &BTreeMap<String, usize>) -> FacetValues {
    let values = values.iter();
    let values = values.map(|(name, count)| (name.clone(), name.clone(), *count));
    values.collect()
}
