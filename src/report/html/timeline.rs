//! How far a key got, in the order of time: first seen, published, taken out, ended.

use super::super::escape;
use super::super::summary::counted;
use super::super::text::keys::{day, first, label, line_of, short, still_on};
use super::link;
use super::place::path;
use crate::model::{Exposure, Forge, KeyAction, Liveness, LivenessState, RefName, Refs, Sighting};
use jiff::civil::Date;
use maud::{Markup, html};

/// Width of the bar in the units of its picture.
const WIDTH: i64 = 1000;

/// Least that is shown of it.
const THINNEST: i64 = 4;

/// The days that all bars of a page stand for.
#[derive(Clone, Copy)]
pub(super) struct TimeScale {
    from: Date,
    to: Date,
}

impl TimeScale {
    /// From the first day that any key was seen to `today`, both as `2026-01-31`.
    pub(super) fn of<'k>(
        keys: impl IntoIterator<Item = &'k Exposure>,
        today: &str,
    ) -> Option<Self> {
        let keys = keys.into_iter();
        let days = keys.filter_map(|exposure| parsed(&first(exposure)?.date));
        let (from, to) = (days.min()?, parsed(today)?);
        (from < to).then_some(Self { from, to })
    }

    /// From the first day that any key was seen to the last of which a commit tells.
    pub(super) fn within<'k>(keys: impl Iterator<Item = &'k Exposure> + Clone) -> Option<Self> {
        let dates = keys.clone().flat_map(|exposure| {
            let seen = [
                &exposure.first_seen,
                &exposure.last_seen,
                &exposure.removed_in,
            ];
            seen.into_iter().flatten().map(|at| at.date.as_str())
        });
        Self::of(keys, dates.max()?)
    }

    /// How many days before the end of the scale, if it is in it.
    fn days_since(&self, at: Date) -> Option<i64> {
        (self.from <= at && at <= self.to).then(|| days(at, self.to))
    }

    fn x(&self, at: Date) -> i64 {
        let at = at.clamp(self.from, self.to);
        days(self.from, at) * WIDTH / days(self.from, self.to).max(1)
    }
}

/// Where a key is at one moment of its life.
struct TimelineEvent {
    what: &'static str,
    day: Option<String>,
    detail: Markup,
    mark: &'static str,
}

/// The events of one key in one repository.
pub(super) struct Timeline {
    events: Vec<TimelineEvent>,
    bar: Option<Markup>,
}

impl Timeline {
    /// What the repository with these pages tells of a key.
    pub(super) fn of(
        exposure: &Exposure,
        liveness: Option<&Liveness>,
        forges: &[Forge],
        scale: Option<TimeScale>,
    ) -> Self {
        let seen = |at: &Sighting, with_line| sighting(at, exposure, forges, with_line);
        let begin = match (&exposure.first_seen, &exposure.in_tag) {
            (Some(at), _) => event("First commit", Some(at), seen(at, true), "on"),
            (None, Some(at)) => event("In the text of a tag", Some(at), seen(at, true), "on"),
            (None, None) => event("In no commit", None, html! {}, "off"),
        };
        let events = [
            Some(begin),
            Some(reach(exposure)),
            Some(removal(exposure, &seen)),
            liveness.map(ending),
        ];
        Self {
            events: events.into_iter().flatten().collect(),
            bar: scale.and_then(|scale| bar(exposure, scale)),
        }
    }

    /// A list of the events, below a bar that shows how long.
    pub(super) fn markup(&self) -> Markup {
        html! {
            @if let Some(bar) = &self.bar { (bar) "\n" }
            ol .timeline {
                @for event in &self.events {
                    "\n" li .(event.mark) {
                        strong { (event.what) }
                        @if let Some(day) = &event.day { " " time datetime=(day) { (day) } }
                        " " span .detail { (event.detail) }
                    }
                }
            }
        }
    }
}

fn event(
    what: &'static str,
    at: Option<&Sighting>,
    detail: Markup,
    mark: &'static str,
) -> TimelineEvent {
    TimelineEvent {
        what,
        day: at.map(|at| day(&at.date)).filter(|day| !day.is_empty()),
        detail,
        mark,
    }
}

/// Who else has it. Git keeps no date of a push.
fn reach(exposure: &Exposure) -> TimelineEvent {
    let (published, local) = (&exposure.published, &exposure.local);
    match exposure.asks_for() {
        KeyAction::Rotate if exposure.is_tag_alone() => {
            let detail = html! { (names(published)) ", which may have been pushed" };
            event("Perhaps published", None, detail, "bad")
        }
        KeyAction::Rotate => event("Published", None, names(published), "bad"),
        KeyAction::Amend if local.is_empty() => {
            event("Not published", None, html! { "the index alone" }, "off")
        }
        KeyAction::Amend => event("Not published", None, names(local), "off"),
        _ => {
            let kept = exposure.is_kept_by_undo();
            let detail = html! {
                "no branch or tag holds it"
                @if kept { ", the index keeps it from a resolved conflict" }
            };
            event("Not published", None, detail, "off")
        }
    }
}

/// Whether files are rid of it.
fn removal(exposure: &Exposure, seen: &dyn Fn(&Sighting, bool) -> Markup) -> TimelineEvent {
    let held = |words: Markup| event("Not removed", None, words, "open");
    if let Some(at) = exposure.in_head.first() {
        let others = exposure.in_head.len() - 1;
        return held(html! {
            "still in HEAD, " code { (line_of(at)) }
            @if others > 0 { " and " (others) " more" }
        });
    }
    if !exposure.staged.is_empty() || exposure.in_index {
        return held(html! { "staged for the next commit" });
    }
    match (still_on(exposure), &exposure.removed_in) {
        (Some(branch), _) => held(html! { (branch) }),
        (None, Some(at)) => event("Removed from files", Some(at), seen(at, false), "on"),
        (None, None) if first(exposure).is_none() => held(html! { "git keeps the object" }),
        (None, None) => event("In no file of HEAD", None, html! {}, "on"),
    }
}

/// What its server says.
fn ending(told: &Liveness) -> TimelineEvent {
    let (what, mark) = match told.state {
        LivenessState::Dead => ("Rotated", "good"),
        LivenessState::Alive => ("Still alive", "bad"),
        LivenessState::Unknown => ("Perhaps alive", "open"),
    };
    TimelineEvent {
        what,
        day: Some(day(&told.at)),
        detail: html! { (escape::visible(&told.reason)) },
        mark,
    }
}

/// A commit with its page, and the line if it is wanted.
fn sighting(at: &Sighting, exposure: &Exposure, forges: &[Forge], with_line: bool) -> Markup {
    let introduced = exposure.introduced.iter();
    let mut same = introduced.filter(|own| own.at.commit == at.commit);
    let refs = same.next().map_or(&exposure.published, |own| &own.refs);
    let forge = forges.iter().find(|forge| forge.has_any(refs.named()));
    let commit = forge.and_then(|forge| link::to_commit(forge, &at.commit));
    let line = forge.and_then(|forge| link::to_line(forge, &at.commit, &at.path, at.line));
    html! {
        (path(&short(&at.commit), commit.as_deref()))
        @if with_line { " " (path(&format!("{}:{}", at.path, at.line), line.as_deref())) }
    }
}

/// All refs that are known by name, and the number of the others.
fn names(refs: &Refs) -> Markup {
    let named = refs.named();
    let more = refs.count() - named.len();
    let parts: Vec<String> = named.iter().map(|name: &RefName| label(name)).collect();
    html! {
        (parts.join(", "))
        @if more > 0 { " and " (more) " more" }
    }
}

/// A picture of what the list says: dark as long as files held it, light as long as the history does.
fn bar(exposure: &Exposure, scale: TimeScale) -> Option<Markup> {
    let from = parsed(&first(exposure)?.date)?;
    let removed = exposure.removed_in.as_ref();
    let removed = removed.filter(|_| exposure.in_head.is_empty() && exposure.in_tips.is_empty());
    let until = removed.and_then(|at| parsed(&at.date)).unwrap_or(scale.to);
    // A day is too thin to be seen.
    let start = scale.x(from).min(WIDTH - THINNEST);
    let held = (scale.x(until) - start).max(THINNEST);
    let days = scale.days_since(from)?;
    let kind = match exposure.asks_for() {
        KeyAction::Rotate => "bad",
        _ => "open",
    };
    Some(html! {
        div .span {
            svg .(kind) viewBox={ "0 0 " (WIDTH) " 8" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect .axis x="0" y="3.5" width=(WIDTH) height="1" {}
                rect .history x=(start) y="1" width=(WIDTH - start) height="6" {}
                rect .files x=(start) y="1" width=(held) height="6" {}
            }
            span { (counted(days.unsigned_abs(), "day")) " in the history" }
        }
    })
}

fn days(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

fn parsed(date: &str) -> Option<Date> {
    date.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ExposedKey, ForgeKind};
    use crate::report::sample;

    fn told(key: &ExposedKey) -> String {
        let scale = TimeScale::of([&key.exposure], "2026-01-13");
        let forge = Forge {
            remote: "origin".to_owned(),
            kind: ForgeKind::GitHub,
            address: "https://github.com/team/app".to_owned(),
            is_mirrored: false,
        };
        let markup = Timeline::of(&key.exposure, key.liveness.as_ref(), &[forge], scale).markup();
        markup.into_string().replace(&"3f2a9c1e".repeat(5), "ID")
    }

    #[test]
    fn a_published_key_has_a_day_where_git_tells_it() {
        let key = sample::exposed(KeyAction::Rotate);
        insta::assert_snapshot!(told(&key), @r#"
        <div class="span"><svg class="bad" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="axis" x="0" y="3.5" width="1000" height="1"></rect><rect class="history" x="0" y="1" width="1000" height="6"></rect><rect class="files" x="0" y="1" width="1000" height="6"></rect></svg><span>10 days in the history</span></div>
        <ol class="timeline">
        <li class="on"><strong>First commit</strong> <time datetime="2026-01-03">2026-01-03</time> <span class="detail"><a href="https://github.com/team/app/commit/ID" rel="noreferrer"><code>3f2a9c1</code></a> <a href="https://github.com/team/app/blob/ID/src/client.ts#L14" rel="noreferrer"><code>src/client.ts:14</code></a></span></li>
        <li class="bad"><strong>Published</strong> <span class="detail">origin/main, tag v1.2</span></li>
        <li class="open"><strong>Not removed</strong> <span class="detail">still in HEAD, <code>src/client.ts:14</code></span></li></ol>
        "#);
    }

    #[test]
    fn a_key_that_is_ended_was_removed_and_rotated() {
        let mut key = sample::exposed(KeyAction::Rotate);
        let exposure = &mut key.exposure;
        exposure.in_head.clear();
        exposure.removed_in = exposure.first_seen.clone().map(|mut at| {
            "2026-01-08T00:00:00Z".clone_into(&mut at.date);
            at
        });
        key.liveness = Some(Liveness {
            state: LivenessState::Dead,
            reason: "the server refuses it".to_owned(),
            at: "2026-01-12T00:00:00Z".to_owned(),
        });
        insta::assert_snapshot!(told(&key), @r#"
        <div class="span"><svg class="bad" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="axis" x="0" y="3.5" width="1000" height="1"></rect><rect class="history" x="0" y="1" width="1000" height="6"></rect><rect class="files" x="0" y="1" width="500" height="6"></rect></svg><span>10 days in the history</span></div>
        <ol class="timeline">
        <li class="on"><strong>First commit</strong> <time datetime="2026-01-03">2026-01-03</time> <span class="detail"><a href="https://github.com/team/app/commit/ID" rel="noreferrer"><code>3f2a9c1</code></a> <a href="https://github.com/team/app/blob/ID/src/client.ts#L14" rel="noreferrer"><code>src/client.ts:14</code></a></span></li>
        <li class="bad"><strong>Published</strong> <span class="detail">origin/main, tag v1.2</span></li>
        <li class="on"><strong>Removed from files</strong> <time datetime="2026-01-08">2026-01-08</time> <span class="detail"><a href="https://github.com/team/app/commit/ID" rel="noreferrer"><code>3f2a9c1</code></a></span></li>
        <li class="good"><strong>Rotated</strong> <time datetime="2026-01-12">2026-01-12</time> <span class="detail">the server refuses it</span></li></ol>
        "#);
    }

    #[test]
    fn what_never_left_this_machine_is_not_linked() {
        let key = sample::exposed(KeyAction::Amend);
        insta::assert_snapshot!(told(&key), @r#"
        <div class="span"><svg class="open" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="axis" x="0" y="3.5" width="1000" height="1"></rect><rect class="history" x="0" y="1" width="1000" height="6"></rect><rect class="files" x="0" y="1" width="1000" height="6"></rect></svg><span>10 days in the history</span></div>
        <ol class="timeline">
        <li class="on"><strong>First commit</strong> <time datetime="2026-01-03">2026-01-03</time> <span class="detail"><code>3f2a9c1</code> <code>src/client.ts:14</code></span></li>
        <li class="off"><strong>Not published</strong> <span class="detail">branch wip, stash@{0}</span></li>
        <li class="on"><strong>In no file of HEAD</strong> <span class="detail"></span></li></ol>
        "#);
    }
}
