//! The card of a secret that no list of keys tells: its worst place, the others folded, and what to do.

use super::super::escape;
use super::super::leak::Leak;
use super::super::summary::counted;
use super::super::text::drawing::label;
use super::filter::CardTags;
use super::place::{PlaceItem, folded};
use super::steps;
use crate::model::Forge;
use maud::{Markup, html};

/// What it can be filtered by.
pub(super) fn tags<'l>(leak: &Leak<'l>) -> CardTags<'l> {
    let worst = leak.worst();
    CardTags {
        action: None,
        severity: worst.severity,
        rule: &worst.rule.id,
        repositories: Vec::new(),
    }
}

/// The card.
pub(super) fn card(leak: &Leak<'_>, forges: &[Forge], id: &str) -> Markup {
    let worst = leak.worst();
    let shown = Some(worst.secret.to_string()).filter(|shown| shown != "...");
    let severity = worst.severity.name();
    let head = html! {
        span .badge.(severity) { (severity) } " "
        span .name { (escape::visible(&worst.message)) }
        @if let Some(shown) = shown { " " code { (escape::visible(&shown)) } }
    };
    let others = leak.findings().iter().skip(1);
    let others: Vec<PlaceItem> = others.map(|own| PlaceItem::of(own, forges)).collect();
    let body = html! {
        p .meta {
            (escape::visible(&worst.rule.id)) " · " (counted(leak.findings().len() as u64, "place"))
            @if !worst.fingerprint.0.is_empty() { " · " code { (worst.fingerprint) } }
            @if let Some(label) = label(worst) { " · " (label) }
        }
        "\n" (PlaceItem::of(worst, forges).markup())
        "\n" (folded(&others, true))
        "\n" (advice(leak))
    };
    tags(leak).card(id, &head, &body)
}

/// What to do about a real one, and behind a fold about a false one.
fn advice(leak: &Leak<'_>) -> Markup {
    let advice = &leak.worst().advice;
    let steps = advice.iter().filter(|step| !steps::is_silence(step));
    let steps: Vec<&str> = steps.map(String::as_str).collect();
    // Lines of a sample stand farther in than its first, and that belongs to no word.
    let runs =
        steps.chunk_by(|one, next| is_indented(next) && (is_indented(one) || term(one).is_none()));
    html! {
        @if !steps.is_empty() {
            ul .advice { @for run in runs { "\n" li { (step(run)) } } }
        }
        (steps::silence(advice))
    }
}

/// A sentence, or the lines of a sample.
fn step(run: &[&str]) -> Markup {
    let margin = run
        .iter()
        .map(|line| line.len() - line.trim_start_matches(' ').len());
    let margin = margin.min().unwrap_or_default();
    let lines = run.iter().map(|line| escape::source_line(&line[margin..]));
    let lines: Vec<_> = lines.collect();
    html! {
        @if let [step] = run {
            @match term(step) {
                Some((term, rest)) => { strong { (escape::visible(term)) } " " (steps::words(rest)) },
                None => { (steps::words(step)) },
            }
        } @else { pre { code { (lines.join("\n")) } } }
    }
}

/// `rotate: Settings` begins with a word of ours.
fn term(step: &str) -> Option<(&str, &str)> {
    let term = step.split_once(": ");
    term.filter(|(term, _)| term.bytes().all(|b| b.is_ascii_lowercase()))
}

fn is_indented(step: &str) -> bool {
    step.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_code_and_keeps_its_shape() {
        let sample = ["    app.get(<x>)", "      res.json()"];
        assert_eq!(
            step(&sample).into_string(),
            "<pre><code>app.get(&lt;x&gt;)\n  res.json()</code></pre>"
        );
        assert_eq!(
            step(&["rotate: run `x`"]).into_string(),
            "<strong>rotate</strong> run <code>x</code>"
        );
    }
}
