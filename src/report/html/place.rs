//! Where a secret stands: the path as a link, where it came from, and its line.

use super::super::text::drawing::{cut_mark, origins};
use super::super::text::keys::{day, short};
use super::super::{escape, summary};
use super::link;
use crate::model::{Finding, Forge, Refs, Reveal, Sighting};
use maud::{Markup, html};

/// One place, ready to be written.
pub(super) struct PlaceItem {
    /// `src/a.js:3:1`.
    at: String,
    /// Its page on a forge.
    link: Option<String>,
    /// Commit and refs, archive, encoding.
    notes: Vec<String>,
    /// The line, before, in and behind the secret.
    excerpt: Option<[String; 3]>,
    line: usize,
}

impl PlaceItem {
    pub(super) fn of(finding: &Finding, forges: &[Forge]) -> Self {
        let place = &finding.place;
        let shown = finding.excerpt.render(Reveal::Redacted);
        let focus = shown.focus;
        let parts = [
            &shown.text[..focus.start],
            &shown.text[focus.clone()],
            &shown.text[focus.end..],
        ];
        let [before, secret, after] = parts.map(|part| escape::source_line(part).into_owned());
        let before = format!("{}{before}", cut_mark(finding));
        let is_there = !shown.text.is_empty();
        Self {
            at: format!("{}:{}:{}", place.path, place.line, place.column),
            link: link::to_place(forges, &finding.origin, &place.path, place.line),
            notes: origins(finding),
            excerpt: is_there.then_some([before, secret, after]),
            line: place.line,
        }
    }

    /// A place of which only the commit is known, in a repository with these pages if they have what `refs` reach.
    pub(super) fn of_sighting(at: &Sighting, refs: &Refs, forges: &[Forge]) -> Self {
        let forge = forges.iter().find(|forge| forge.has_any(refs.named()));
        let commit = format!("commit {} of {}", short(&at.commit), day(&at.date));
        Self {
            at: format!("{}:{}", at.path, at.line),
            link: forge.and_then(|forge| link::to_line(forge, &at.commit, &at.path, at.line)),
            notes: vec![commit],
            excerpt: None,
            line: at.line,
        }
    }

    /// The place with its line.
    pub(super) fn markup(&self) -> Markup {
        html! {
            p .at { (path(&self.at, self.link.as_deref()))
                @for note in &self.notes { span .note { (escape::visible(note)) } }
            }
            @if let Some([before, secret, after]) = &self.excerpt {
                pre .excerpt { span .number aria-hidden="true" { (self.line) }
                    code { (before.trim_start()) mark { (secret) } (after.trim_end()) } }
            }
        }
    }
}

/// A path, as a link where there is a page.
pub(super) fn path(at: &str, link: Option<&str>) -> Markup {
    let at = escape::visible(at);
    html! {
        @match link {
            Some(link) => a href=(link) rel="noreferrer" { code { (at) } },
            None => code { (at) },
        }
    }
}

/// Places behind a line that tells their number; nothing where there are none.
pub(super) fn folded(places: &[PlaceItem], more: bool) -> Markup {
    let noun = if more { "more place" } else { "place" };
    html! {
        @if !places.is_empty() {
            details .places {
                summary { (summary::counted(places.len() as u64, noun)) }
                ol {
                    @for place in places { "\n" li { (place.markup()) } }
                }
            }
        }
    }
}
