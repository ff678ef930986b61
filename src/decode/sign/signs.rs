//! All signs of encodings in one text.

use super::forms;
use super::table::trigger;
use super::trigger::{Sign, Trigger};
use crate::decode::text::display;
use crate::model::Span;
use std::ops::ControlFlow;

/// The signs of encodings in one text.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// The signs themselves, by position of their end.
    pub(in crate::decode) triggers: Vec<Trigger>,
    /// Where names stand whose value may be in pieces. Names are in many texts, encodings in few: those
    /// that stand close to each other are one span.
    pub(in crate::decode) names: Vec<Span>,
}

/// Names that are no farther from each other than this are one span, in bytes: less than any decoder
/// reads around a name.
const CLOSE: usize = 512;

impl Signs {
    /// Notes that a literal stands at `span` of `text`, if it does in the case of letters that counts.
    pub fn note(&mut self, literal: usize, span: Span, text: &[u8]) {
        let Some(trigger) = trigger(literal, span, text) else {
            return;
        };
        if matches!(trigger.sign, Sign::Name | Sign::Pieces) {
            self.name(span);
        }
        let leads_on = || trigger.leads_to_escapes(text) || display::follows_name(text, span);
        if trigger.sign != Sign::Name || leads_on() {
            self.triggers.push(trigger);
        }
    }

    /// Notes all forms of a key that begin in `text[start..end]`.
    pub fn note_forms(&mut self, text: &[u8], start: usize, end: usize) {
        let _ = forms::visit(text, (start, end), |form, at| {
            let span = Span::new(at, at + form.literal.len());
            let sign = form.sign;
            self.triggers.push(Trigger { sign, span });
            ControlFlow::Continue(())
        });
    }

    fn name(&mut self, span: Span) {
        match self.names.last_mut() {
            Some(last) if last.start <= span.start && span.start <= last.end + CLOSE => {
                last.end = last.end.max(span.end);
            }
            _ => self.names.push(span),
        }
    }

    /// Brings what was noted into the order of the text. Literals that one search finds are in order but for
    /// a few, so that this costs next to nothing.
    pub fn sort(&mut self) {
        self.triggers.sort_by_key(|t| (t.span.end, t.span.start));
        let mut names = std::mem::take(&mut self.names);
        names.sort();
        for span in names {
            self.name(span);
        }
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.triggers.is_empty() && self.names.is_empty()
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.triggers.clear();
        self.names.clear();
    }

    /// The signs that are in none of these spans, which come in order and do not overlap.
    #[must_use]
    pub fn outside(&self, spans: &[Span]) -> Self {
        let is_outside = |sign: &Span| {
            let after = spans.partition_point(|span| span.start <= sign.start);
            after == 0 || sign.end > spans[after - 1].end
        };
        let triggers = self.triggers.iter().filter(|t| is_outside(&t.span));
        let names = self.names.iter().filter(|name| is_outside(name));
        Self {
            triggers: triggers.copied().collect(),
            names: names.copied().collect(),
        }
    }
}

/// All signs in a text.
#[cfg(test)]
pub(in crate::decode) fn find(text: &[u8]) -> Signs {
    let mut signs = Signs::default();
    let automaton = super::table::AUTOMATON.as_ref();
    let hits = automaton.unwrap().find_overlapping_iter(text);
    for hit in hits {
        signs.note(hit.pattern().as_usize(), Span::from(hit.range()), text);
    }
    signs.note_forms(text, 0, text.len());
    signs.sort();
    signs
}
