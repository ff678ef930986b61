//! Source maps inside a bundle, as a `data:` URL: out of sight until they are decoded.

use crate::decode::Layer;
use crate::model::{Dress, Span};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use memchr::memmem;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "maps inside a bundle";

/// What stands before a map that is part of a bundle
/// (<https://tc39.es/ecma426/#sec-linking-generated-code>).
const INLINE: &[u8] = b"sourceMappingURL=data:application/json";

/// What to look for in raw bytes: what a map holds is out of sight until it is decoded.
pub(in crate::decode) const NEEDLES: &[&[u8]] = &[INLINE];

/// How far behind [`INLINE`] the data begins: `;charset=utf-8;base64,`.
const PARAMETERS: usize = 64;

/// Longest map in percent-encoding that is decoded, in bytes; each of its characters may be a run of its own.
/// What is behind that is read as the text that it is.
const LONGEST_PERCENT: usize = 1 << 20;

/// The maps inside a bundle, decoded one by one. In a development build there is one per module, inside
/// a string that is run by `eval`.
pub fn maps(text: &[u8]) -> impl Iterator<Item = Layer> + '_ {
    let mut done = 0;
    memmem::find_iter(text, INLINE).filter_map(move |at| {
        let layer = (at >= done).then(|| decoded(text, at + INLINE.len()))??;
        done = layer.stored(Span::new(0, layer.text.len())).end;
        (!layer.text.is_empty()).then_some(layer)
    })
}

fn decoded(text: &[u8], from: usize) -> Option<Layer> {
    let head = &text[from..text.len().min(from + PARAMETERS)];
    let comma = memchr::memchr(b',', head)?;
    let start = from + comma + 1;
    let rest = &text[start..];
    if head[..comma].ends_with(b";base64") {
        base64_layer(rest, start)
    } else {
        Some(percent_layer(rest, start))
    }
}

/// Base64, up to the first byte that is none. A broken end is left off; what comes before it is
/// still read.
fn base64_layer(rest: &[u8], start: usize) -> Option<Layer> {
    let digit = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'+' | b'/');
    let digits = rest.iter().take_while(digit).count();
    let whole = digits & !3;
    let bytes = STANDARD.decode(&rest[..whole]).ok()?;
    let mut layer = Layer::new(Dress::Base64);
    layer.push_steps(&bytes, Span::new(start, start + whole), (3, 4));
    let padded = rest.get(whole..whole + 4);
    let padded = padded.filter(|end: &&[u8]| end.ends_with(b"="));
    if let Some(end) = padded.and_then(|end| STANDARD.decode(end).ok()) {
        layer.push(&end, Span::new(start + whole, start + whole + 4));
    }
    Some(layer)
}

/// Percent-encoding, up to the quote or the space that ends the URL.
fn percent_layer(rest: &[u8], start: usize) -> Layer {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'`' | b'\\');
    let rest = &rest[..rest.len().min(LONGEST_PERCENT)];
    let rest = &rest[..rest.iter().position(ends).unwrap_or(rest.len())];
    let mut layer = Layer::new(Dress::Percent);
    let mut at = 0;
    while at < rest.len() {
        let literal = memchr::memchr(b'%', &rest[at..]).unwrap_or(rest.len() - at);
        layer.push(
            &rest[at..at + literal],
            Span::new(start + at, start + at + literal),
        );
        at += literal;
        let digits = rest
            .get(at + 1..at + 3)
            .and_then(|d| std::str::from_utf8(d).ok());
        let byte = digits.and_then(|d| u8::from_str_radix(d, 16).ok());
        let length = if byte.is_some() {
            3
        } else {
            rest.len().min(at + 1) - at
        };
        let stored = Span::new(start + at, start + at + length);
        match byte {
            Some(byte) => layer.push(&[byte], stored),
            None => layer.push(&rest[at..at + length], stored),
        }
        at += length;
    }
    layer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_maps_are_decoded_and_know_their_bytes() {
        let json = r#"{"sources":["a.js"],"sourcesContent":["x = 'KEY';"]}"#;
        let base64 = STANDARD.encode(json);
        let percent = json
            .replace('{', "%7B")
            .replace('"', "%22")
            .replace(' ', "%20")
            .replace('\'', "%27");
        for (head, data) in [
            (";charset=utf-8;base64,", base64.as_str()),
            (";base64,", base64.as_str()),
            (",", percent.as_str()),
        ] {
            let text = format!("a;\n//# sourceMappingURL=data:application/json{head}{data}\\n\")");
            let layers: Vec<Layer> = maps(text.as_bytes()).collect();
            let [layer] = layers.as_slice() else {
                panic!("{head}")
            };
            assert_eq!(String::from_utf8_lossy(&layer.text), json, "{head}");
            let key = json.find("KEY").unwrap();
            let stored = layer.stored(Span::new(key, key + 3));
            let map = text.find(data).unwrap();
            assert!(stored.start >= map && stored.end <= map + data.len() && stored.len() <= 8);
        }
        for text in [
            "data:application/json;base64",
            "data:application/json;base64,",
            "app.js.map",
        ] {
            let text = format!("//# sourceMappingURL={text}");
            assert_eq!(maps(text.as_bytes()).count(), 0, "{text}");
        }
    }
}
