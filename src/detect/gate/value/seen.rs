//! What a program sees of a value: the text without the escapes that it is written in, and what is in its base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Most layers that are taken off.
const DEEPEST: usize = 3;

/// Longest value that is looked into, in bytes.
const LONGEST: usize = 4 << 10;

/// Shortest text that is taken for one, and not for bytes that happen to be letters.
const SHORTEST: usize = 6;

/// The same behind base64 that its `=` gives away.
const SHORTEST_PADDED: usize = 4;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What each layer that is taken off a value leaves: `p%40ss` is `p@ss`, `cGFzc3dvcmQ=` is `password`, and
/// `\u0026lt;token\u0026gt;` is `&lt;token&gt;`, which is `<token>`.
pub(in crate::detect::gate) fn layers(value: &[u8]) -> Vec<Vec<u8>> {
    let mut layers: Vec<Vec<u8>> = Vec::new();
    if value.len() > LONGEST {
        return layers;
    }
    while layers.len() < DEEPEST {
        let outer = layers.last().map_or(value, Vec::as_slice);
        let Some(inner) = unescaped(outer).or_else(|| hidden_text(outer)) else {
            break;
        };
        layers.push(inner);
    }
    layers
}

/// The bytes behind base64 of either alphabet, with or without the `=` at its end.
pub(in crate::detect::gate) fn base64(value: &[u8]) -> Option<Vec<u8>> {
    let standard = value.iter().map(|b| match b {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    });
    BASE64.decode(standard.collect::<Vec<u8>>()).ok()
}

/// The text behind base64 or hexadecimal digits.
fn hidden_text(value: &[u8]) -> Option<Vec<u8>> {
    let is_padded = value.ends_with(b"=");
    let bytes = hexadecimal(value).filter(|bytes| is_text(bytes, SHORTEST));
    let shortest = if is_padded { SHORTEST_PADDED } else { SHORTEST };
    let bytes = bytes.or_else(|| base64(value).filter(|bytes| is_text(bytes, shortest)))?;
    Some(bytes.trim_ascii().to_vec())
}

fn is_text(bytes: &[u8], shortest: usize) -> bool {
    let bytes = bytes.trim_ascii();
    bytes.len() >= shortest
        && !bytes.iter().any(u8::is_ascii_control)
        && std::str::from_utf8(bytes).is_ok()
}

fn hexadecimal(value: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = value.as_chunks::<2>();
    let digits = |pair: &[u8; 2]| digit(pair[0]).zip(digit(pair[1]));
    let bytes = pairs
        .iter()
        .map(|pair| digits(pair).map(|(high, low)| high << 4 | low));
    if rest.is_empty() {
        bytes.collect()
    } else {
        None
    }
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}

/// The text without one layer of escapes; `None` if it has none.
fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let escape = match text[at] {
            b'%' => percent(&text[at..]),
            b'&' => reference(&text[at..]),
            b'\\' => backslash(&text[at..]),
            _ => None,
        };
        let (character, length) = match escape {
            Some((character, length)) => (character, length),
            None => {
                plain.push(text[at]);
                at += 1;
                continue;
            }
        };
        match u8::try_from(character) {
            // Each byte of UTF-8 has an escape of its own.
            Ok(byte) => plain.push(byte),
            Err(_) => {
                let character = char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER);
                plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        at += length;
    }
    (plain.len() < text.len()).then_some(plain)
}

/// `%40`
fn percent(text: &[u8]) -> Option<(u32, usize)> {
    Some((number(text.get(1..3)?, 16)?, 3))
}

/// `&lt;`, `&#60;`, `&#x3c;`
fn reference(text: &[u8]) -> Option<(u32, usize)> {
    let length = text.iter().take(10).position(|b| *b == b';')?;
    let character = match &text[1..length] {
        b"lt" => u32::from(b'<'),
        b"gt" => u32::from(b'>'),
        b"amp" => u32::from(b'&'),
        b"quot" => u32::from(b'"'),
        b"apos" => u32::from(b'\''),
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((character, length + 1))
}

/// `\u003c`, `\x3c`, `\n`
fn backslash(text: &[u8]) -> Option<(u32, usize)> {
    match text.get(1)? {
        b'u' => Some((number(text.get(2..6)?, 16)?, 6)),
        b'x' => Some((number(text.get(2..4)?, 16)?, 4)),
        b'n' => Some((u32::from(b'\n'), 2)),
        b't' => Some((u32::from(b'\t'), 2)),
        b'r' => Some((u32::from(b'\r'), 2)),
        sign @ (b'"' | b'\'' | b'\\' | b'/') => Some((u32::from(*sign), 2)),
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let all = digits.iter().all(u8::is_ascii_alphanumeric);
    let digits = std::str::from_utf8(digits).ok().filter(|_| all)?;
    u32::from_str_radix(digits, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn innermost(value: &str) -> Option<String> {
        let last = layers(value.as_bytes()).pop()?;
        Some(String::from_utf8(last).unwrap())
    }

    #[test]
    fn layers_are_taken_off_one_by_one() {
        for (value, text) in [
            ("p%40ss%3Aword", "p@ss:word"),
            ("s%C3%A9cret", "s\u{e9}cret"),
            (r"\u0026lt;token\u0026gt;", "<token>"),
            ("&#60;token&#x3E;", "<token>"),
            ("dGVzdC1jbGllbnQtc2VjcmV0", "test-client-secret"),
            ("bXkgc2VjcmV0Cg==", "my secret"),
            ("bXklMjBzZWNyZXQ=", "my secret"),
            ("6368616e67656d65", "changeme"),
            (r"fakepwd\n", "fakepwd\n"),
        ] {
            assert_eq!(innermost(value).as_deref(), Some(text), "{value}");
        }
        for value in ["9KciY2TkuL3PGsIyqmbDYh9V", "100%", "a&b;c", r"C:\users", ""] {
            assert_eq!(innermost(value), None, "{value}");
        }
    }
}
