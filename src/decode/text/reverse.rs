//! Keys written back to front, for `.split("").reverse().join("")`, as they are or encoded.

use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "keys written back to front";

/// Longest text that is turned round.
const LONGEST: usize = 4096;

/// How a key begins, which is how one that is turned round ends.
const KEY: &[u8] = b"_evil_xvj";

/// Characters behind an encoded beginning that belong to the same group of base64.
const OF_GROUP: usize = 3;

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut last = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Reversed) {
        let literal = &text[trigger.span.range()];
        let signs: &[u8] = match literal {
            KEY => b"_-",
            _ => b"_-+/=",
        };
        let part = |b: &&u8| b.is_ascii_alphanumeric() || signs.contains(b) || literal.contains(b);
        let group = match literal {
            KEY => 0,
            _ => OF_GROUP,
        };
        let behind = text[trigger.span.end..].iter().take(group);
        let end = trigger.span.end + behind.take_while(part).count();
        // A key does not reach into the one before it.
        let floor = end.saturating_sub(LONGEST).max(last);
        let before = text[floor..end].iter().rev();
        last = end;
        let length = before.take_while(part).count();
        let stored = Span::new(end - length, end);
        let bytes: Vec<u8> = text[stored.range()].iter().rev().copied().collect();
        let mut layer = Layer::new(Dress::Joined);
        layer.push(&bytes, stored);
        layers.push(layer);
    }
}
