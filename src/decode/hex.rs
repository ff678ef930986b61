//! Text written as hexadecimal digits, two a byte: database dumps, `bytes.fromhex`, `unhex`.

use super::Layer;
use super::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// Most digits to either side of the literal that are decoded.
const REACH: usize = 16 << 10;

pub(super) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Hex) {
        let at = trigger.span.start;
        if at < done {
            continue;
        }
        let back = text[at.saturating_sub(REACH)..at].iter().rev();
        let back = back.take_while(|b| b.is_ascii_hexdigit()).count() & !1;
        let ahead = text[at..text.len().min(at + REACH)].iter();
        let ahead = ahead.take_while(|b| b.is_ascii_hexdigit()).count() & !1;
        let stored = Span::new(at - back, at + ahead);
        let pairs = text[stored.range()].chunks_exact(2);
        let bytes: Vec<u8> = pairs
            .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
            .collect();
        let mut layer = Layer::new(Dress::Hex);
        layer.push(&bytes, stored);
        layers.push(layer);
        done = stored.end;
    }
}

/// The value of a hexadecimal digit; 0 for anything else.
pub(super) fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).map_or(0, |value| value as u8)
}
