//! Lists of pieces that a call joins: `["jvx", "live", "..."].join("_")`, `"_".join([...])`,
//! `implode("_", [...])`.

use super::Layer;
use super::trigger::Trigger;
use crate::model::{Dress, Span};

/// Longest distance from the list's bracket to its end, in bytes.
const REACH: usize = 2048;

/// Most pieces in a list.
const MOST: usize = 64;

pub(super) fn decode(text: &[u8], names: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for name in names {
        if name.span.start < done {
            continue;
        }
        let Some(list) = List::at(text, name.span.start) else {
            continue;
        };
        done = list.end;
        if let Some(separator) = list.separator(text) {
            layers.push(list.joined(text, separator));
        }
    }
}

/// A bracketed list of string literals.
struct List {
    /// Offset of the bracket that opens it.
    start: usize,
    /// Offset behind the bracket that closes it.
    end: usize,
    pieces: Vec<Span>,
}

impl List {
    /// The list whose first piece begins at `first`.
    fn at(text: &[u8], first: usize) -> Option<Self> {
        let quote = first.checked_sub(1)?;
        let before = text[..quote].trim_ascii_end();
        let start = before
            .len()
            .checked_sub(1)
            .filter(|i| matches!(before[*i], b'[' | b'('))?;
        let mut list = Self {
            start,
            end: 0,
            pieces: Vec::new(),
        };
        let limit = text.len().min(start + REACH);
        let mut at = quote;
        while list.pieces.len() < MOST {
            let quote = *text[..limit]
                .get(at)
                .filter(|b| matches!(b, b'"' | b'\'' | b'`'))?;
            let length = memchr::memchr(quote, &text[at + 1..limit])?;
            list.pieces.push(Span::new(at + 1, at + 1 + length));
            at += length + 2;
            at += spaces(&text[at..limit]);
            match text[..limit].get(at)? {
                b',' => at += 1 + spaces(&text[at + 1..limit]),
                b']' | b')' => {
                    list.end = at + 1;
                    return (list.pieces.len() > 1).then_some(list);
                }
                _ => return None,
            }
        }
        None
    }

    /// What the call around the list puts between the pieces.
    fn separator<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        let behind = text[self.end..text.len().min(self.end + 64)].trim_ascii_start();
        if let Some(call) = behind.strip_prefix(b".join") {
            let call = call.strip_prefix(b"(").unwrap_or(call).trim_ascii_start();
            return match call.first()? {
                b'"' | b'\'' | b'`' => literal(call),
                // Without an argument JavaScript joins with a comma and Ruby with nothing.
                _ => Some(b""),
            };
        }
        let before = text[self.start.saturating_sub(64)..self.start].trim_ascii_end();
        if let Some(before) = before
            .strip_suffix(b".join(")
            .or(before.strip_suffix(b".join"))
        {
            return literal_before(before);
        }
        let before = before
            .strip_suffix(b"array")
            .unwrap_or(before)
            .trim_ascii_end();
        let before = before.strip_suffix(b",")?.trim_ascii_end();
        memchr::memmem::find(before, b"implode(").and(literal_before(before))
    }

    fn joined(&self, text: &[u8], separator: &[u8]) -> Layer {
        let mut layer = Layer::new(Dress::Joined);
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                layer.push(separator, Span::new(piece.start, piece.start));
            }
            layer.push(&text[piece.range()], *piece);
        }
        layer
    }
}

/// The content of the short literal that `text` begins with.
fn literal(text: &[u8]) -> Option<&[u8]> {
    let quote = *text.first()?;
    let end = text[1..].iter().take(8).position(|b| *b == quote)?;
    Some(&text[1..=end])
}

/// The content of the short literal that `text` ends with.
fn literal_before(text: &[u8]) -> Option<&[u8]> {
    let (quote, rest) = text
        .split_last()
        .filter(|(b, _)| matches!(b, b'"' | b'\''))?;
    let start = rest.iter().rev().take(8).position(|b| b == quote)?;
    Some(&rest[rest.len() - start..])
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::super::layers_of;

    #[test]
    fn lists_are_joined_as_their_call_says() {
        for text in [
            r#"k=["jvx","live","abc"].join("_")"#,
            r#"k=["jvx_live_", "abc"].join("")"#,
            "k = '_'.join(['jvx', 'live', 'abc'])",
            "k = \"\".join((\"jvx_live_\",\n  \"abc\"))",
            "k = %w[x]; ['jvx', 'live', 'abc'].join '_'",
            "$k = implode('_', ['jvx', 'live', 'abc']);",
            "$k = implode('_', array('jvx', 'live', 'abc'));",
        ] {
            let found = layers_of(text.as_bytes());
            let found = found.iter().any(|l| l.text == b"jvx_live_abc");
            assert!(found, "{text}");
        }
    }
}
