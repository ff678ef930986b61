//! Keys written back to front, for `.split("").reverse().join("")`.

use super::Layer;
use super::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// Longest key that is turned round.
const LONGEST: usize = 4096;

pub(super) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut last = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Reversed) {
        let end = trigger.span.end;
        let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-');
        // A key does not reach into the one before it.
        let before = text[end.saturating_sub(LONGEST).max(last)..end]
            .iter()
            .rev();
        last = end;
        let length = before.take_while(part).count();
        let stored = Span::new(end - length, end);
        let bytes: Vec<u8> = text[stored.range()].iter().rev().copied().collect();
        let mut layer = Layer::new(Dress::Joined);
        layer.push(&bytes, stored);
        layers.push(layer);
    }
}
