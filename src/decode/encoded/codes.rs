//! Lists of character codes: `String.fromCharCode(106, 118, ...)`, `[]byte{0x6a, 0x76, ...}`, `{"type": "Buffer",
//! "data": [106, 118, ...]}`.

use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// Most codes before and after the literal that are decoded.
const LONGEST: usize = 4096;

/// Most space between two codes, in bytes: a line end and indentation.
const WIDEST: usize = 128;

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Codes) {
        if trigger.span.start < done {
            continue;
        }
        let (mut at, mut before) = (trigger.span.start, 0);
        while let Some(start) = code_before(text, at).filter(|start| *start >= done) {
            at = start;
            before += 1;
            if before == LONGEST {
                break;
            }
        }
        let mut layer = Layer::new(Dress::Escaped);
        for _ in 0..before + LONGEST {
            let Some((code, end)) = number(text, at) else {
                break;
            };
            layer.push(&[code], Span::new(at, end));
            done = end;
            match separator(text, end) {
                Some(next) => at = next,
                None => break,
            }
        }
        tail(text, done, &mut layer);
        layers.push(layer);
    }
}

/// A code below 256 in decimal or hexadecimal, and where it ends.
fn number(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = &text[at..text.len().min(at + 8)];
    let (radix, skip) = match rest {
        [b'0', b'x' | b'X', ..] => (16, 2),
        _ => (10, 0),
    };
    let digits = rest[skip..]
        .iter()
        .take_while(|b| char::from(**b).is_digit(radix))
        .count();
    let digits = std::str::from_utf8(&rest[skip..skip + digits]).ok()?;
    let code = u8::from_str_radix(digits, radix).ok()?;
    Some((code, at + skip + digits.len()))
}

/// Where the next code may begin, behind a comma, space, or both.
fn separator(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + WIDEST)];
    let comma = usize::from(rest.first() == Some(&b','));
    let space = rest[comma..].iter().take_while(|b| b.is_ascii_whitespace());
    let length = comma + space.count();
    (length > 0).then_some(at + length)
}

/// Where the code before this one begins.
fn code_before(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(WIDEST);
    let rest = text[floor..at].trim_ascii_end();
    let rest = rest.strip_suffix(b",").unwrap_or(rest);
    let code = rest
        .iter()
        .rev()
        .take(4)
        .take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'x' | b'X'));
    let start = floor + rest.len() - code.count();
    let is_code = number(text, start).is_some_and(|(_, end)| end == floor + rest.len());
    let is_alone = start == 0 || !text[start - 1].is_ascii_alphanumeric();
    (is_code && is_alone && floor + rest.len() < at).then_some(start)
}

/// What a literal adds to the codes: `String.fromCharCode(106, 118) + "x_live_..."`.
fn tail(text: &[u8], at: usize, layer: &mut Layer) {
    let rest = &text[at..text.len().min(at + 64)];
    let joins = |b: &&u8| matches!(**b, b')' | b']' | b'}' | b'+' | b'.' | b' ' | b'\n');
    let gap = rest.iter().take_while(joins).count();
    if gap == 0 || !matches!(rest.get(gap), Some(b'"' | b'\'' | b'`')) {
        return;
    }
    let start = at + gap + 1;
    let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-');
    let length = text[start..].iter().take(256).take_while(part).count();
    layer.push(
        &text[start..start + length],
        Span::new(start, start + length),
    );
}
