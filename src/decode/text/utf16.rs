//! UTF-16, with a byte-order mark or without (<https://www.rfc-editor.org/rfc/rfc2781>).

use super::units::Units;
use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    "UTF-16 in either order, with and without a mark: whole files, and runs among other bytes";

/// How many bytes of a file without a byte-order mark are looked at.
pub(in crate::decode) const SAMPLE: usize = 512;

/// True when `bytes` begin as UTF-16 does: with a mark, or in a Latin script without one. Of most files the
/// first four bytes tell that they do not.
pub(in crate::decode) fn begins(bytes: &[u8]) -> bool {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, 0, b, 0, ..] | [0, a, 0, b, ..] => *a > 0 && *b > 0 && guess(bytes).is_some(),
        _ => false,
    }
}

/// How the units of a text are stored that begins with a mark, and where they begin.
pub(super) fn marked(bytes: &[u8]) -> Option<(Units, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => Some((in_order(false), 2)),
        [0xFE, 0xFF, ..] => Some((in_order(true), 2)),
        _ => None,
    }
}

/// How the units of a text are stored that is UTF-16 from its beginning on, without a mark.
pub(super) fn guessed(bytes: &[u8]) -> Option<Units> {
    guess(bytes).map(in_order)
}

pub(super) fn in_order(is_big: bool) -> Units {
    Units {
        size: 2,
        is_big,
        decode,
    }
}

/// Appends the text of units. Half a unit at the end and lone surrogates become U+FFFD.
fn decode(bytes: &[u8], is_big: bool, text: &mut String) {
    let unit = |pair: &[u8]| match (is_big, pair) {
        (false, &[a, b]) => u16::from_le_bytes([a, b]),
        (true, &[a, b]) => u16::from_be_bytes([a, b]),
        _ => 0xFFFD,
    };
    let chars = char::decode_utf16(bytes.chunks(2).map(unit));
    text.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

/// Whether the larger byte comes first: text in a Latin script has a zero in nearly every second byte and none in the
/// others.
fn guess(bytes: &[u8]) -> Option<bool> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |first: usize| {
        sample
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let units = sample.len() / 2;
    let mostly = |zeros: usize| zeros * 10 >= units * 8;
    let hardly = |zeros: usize| zeros * 20 <= units;
    let (even, odd) = (zeros(0), zeros(1));
    match (mostly(odd) && hardly(even), mostly(even) && hardly(odd)) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    }
}

/// Longest run of UTF-16 that is taken out of other bytes, in bytes.
const LONGEST: usize = 16 << 10;

/// Runs of UTF-16 text among other bytes: strings in a program, a member of a container. Only
/// printable ASCII counts, since anything may look like the rest; the bytes of the other order are
/// the same run one byte further on.
pub(in crate::decode) fn embedded(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Utf16) {
        let at = trigger.span.start;
        if at < done {
            continue;
        }
        let is_unit = |pair: &[u8]| pair[1] == 0 && (0x20..0x7F).contains(&pair[0]);
        let back = text[at.saturating_sub(LONGEST)..at]
            .rchunks_exact(2)
            .take_while(|p| is_unit(p));
        let start = at - 2 * back.count();
        let ahead = &text[at..text.len().min(at + LONGEST)];
        let mut end = at + 2 * ahead.chunks_exact(2).take_while(|p| is_unit(p)).count();
        // In big-endian order the zero of the last unit stands before its letter.
        let last = text.get(end).filter(|b| b.is_ascii_graphic());
        let mut layer = Layer::new(Dress::Utf16);
        for unit in (start..end).step_by(2) {
            layer.push(&text[unit..=unit], Span::new(unit, unit + 2));
        }
        if let Some(last) = last {
            layer.push(&[*last], Span::new(end, end + 1));
            end += 1;
        }
        layers.push(layer);
        done = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::text::wide::decode;

    fn units(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn both_orders_decode_with_and_without_a_mark() {
        let text = "naïve = \"🔑\"\r\nkey";
        for (to_bytes, mark) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], [0xFF, 0xFE]),
            (u16::to_be_bytes, [0xFE, 0xFF]),
        ] {
            let plain = units(text, to_bytes);
            let marked = [&mark[..], &plain].concat();
            assert_eq!(decode(&plain).unwrap(), text.as_bytes());
            assert_eq!(decode(&marked).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn other_bytes_are_left_alone() {
        assert_eq!(decode(b"plain text, quite long enough"), None);
        assert_eq!(decode(&[0; 64]), None);
        assert_eq!(decode(b""), None);
    }

    #[test]
    fn the_first_bytes_tell_that_a_text_is_utf16() {
        for text in ["# naïve", "key = 1"] {
            for to_bytes in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
                assert!(begins(&units(text, to_bytes)), "{text}");
                assert!(
                    begins(&units(&format!("\u{feff}{text}"), to_bytes)),
                    "{text}"
                );
            }
        }
        assert!(begins(b"\xFF\xFE"));
        for bytes in [
            &b"key = 1"[..],
            b"",
            b"k",
            b"k\0e\0\0\0\0\0\0\0\0\0",
            b"\0\0\0\0\0\0\0\0",
            b"k\0e\0",
        ] {
            assert!(!begins(bytes), "{bytes:?}");
        }
    }
}
