//! Text without the gaps that the code closes: `"Bearer " + "jvx_" + "..."`, adjacent literals,
//! `.concat(...)`, `${"..."}`, a `\` at the end of a line.
//!
//! What stands between two pieces is left out, whatever the language; a false join only makes text
//! that no rule matches.

use super::pieces::{PREFIX, SHORTEST_BODY};
use super::run::is_part;
use crate::decode::Layer;
use crate::decode::sign::signs::windows;
use crate::model::{Dress, Span};
use memchr::memmem;

/// How far behind a name pieces are joined, in bytes.
const REACH: usize = 4096;

/// How far before it: the name may be a piece itself, and stands near the beginning.
const BEFORE: usize = 512;

/// Longest gap between two pieces, in bytes: an operator, a line break, indentation.
const LONGEST_GAP: usize = 256;

pub(in crate::decode) fn decode(text: &[u8], names: &[Span], layers: &mut Vec<Layer>) {
    for window in windows(text, names.iter().copied(), (BEFORE, REACH)) {
        joined(text, window, layers);
    }
}

/// The window without the gaps between pieces, as far around them as a name reaches.
fn joined(text: &[u8], window: Span, layers: &mut Vec<Layer>) {
    let mut state = State::default();
    let mut open: Option<Layer> = None;
    // Where the last gap ended.
    let (mut literal, mut at) = (window.start, window.start);
    while let Some(skipped) = next_that_matters(&text[at..window.end]) {
        at += skipped;
        let gap = match text[at] {
            b'"' | b'\'' | b'`' | b'\\' | b'$' => state.gap(&text[at..window.end]),
            b')' => {
                state.in_concat = false;
                None
            }
            _ => None,
        };
        match gap {
            Some(_) if state.is_adjacent && ends_in_key(&text[window.start..at]) => at += 1,
            Some(length) => {
                if at - literal > 2 * REACH {
                    layers.extend(open.take().map(|layer| ended(layer, text, literal, window)));
                    literal = at - REACH;
                }
                let layer = open.get_or_insert_with(|| Layer::new(Dress::Joined));
                layer.push(&text[literal..at], Span::new(literal, at));
                at += length;
                literal = at;
            }
            None => at += 1,
        }
    }
    layers.extend(open.map(|layer| ended(layer, text, literal, window)));
}

/// The layer with what follows its last gap.
fn ended(mut layer: Layer, text: &[u8], literal: usize, window: Span) -> Layer {
    let end = window.end.min(literal + REACH);
    layer.push(&text[literal..end], Span::new(literal, end));
    layer
}

/// The bytes at which a gap may begin or a call may end.
const MATTERS: [u8; 6] = *b"\"'`\\$)";

/// Where the next of them stands. Most blocks have none, which is found out for all bytes of one at once.
fn next_that_matters(text: &[u8]) -> Option<usize> {
    let matters = |b: &u8| MATTERS.contains(b);
    let any = |block: &[u8; 32]| {
        let mut found = [0; 32];
        for sign in MATTERS {
            for (found, byte) in found.iter_mut().zip(block) {
                *found |= u8::from(*byte == sign);
            }
        }
        found != [0; 32]
    };
    let (blocks, _) = text.as_chunks::<32>();
    let empty = 32 * blocks.iter().position(any).unwrap_or(blocks.len());
    let found = text[empty..].iter().position(matters)?;
    Some(empty + found)
}

const fn set(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        set[bytes[at] as usize] = true;
        at += 1;
    }
    set
}

/// The bytes that a gap may go on with, behind the quote that ends a piece.
const LEADS_ON: [bool; 256] = set(b"}.|<+~&^*,\\\"'`fbruL@$(");

/// What is open where the scan stands.
#[derive(Default)]
struct State {
    /// Inside the arguments of `.concat(`: a comma joins.
    in_concat: bool,
    /// Inside `${`: a quote and a brace end it.
    in_template: bool,
    /// Nothing but space was in the last gap.
    is_adjacent: bool,
}

impl State {
    /// Length of the gap that `rest` begins with: from the end of one piece to the start of the
    /// next.
    fn gap(&mut self, rest: &[u8]) -> Option<usize> {
        self.is_adjacent = false;
        match rest {
            [b'\\', b'\n', ..] | [b'\\', b'\r', b'\n', ..] => {
                let end = 1 + spaces(&rest[1..]);
                // In Haskell a gap in a string has a backslash at either end.
                Some(end + usize::from(rest[end..].starts_with(b"\\")))
            }
            [b'\\', ..] => None,
            [b'$', b'{', ..] => {
                let open = 2 + spaces(&rest[2..]);
                let quoted = matches!(rest.get(open), Some(b'"' | b'\'' | b'`'));
                self.in_template |= quoted;
                quoted.then_some(open + 1)
            }
            [b'$', ..] => None,
            _ => self.gap_after_quote(rest),
        }
    }

    fn gap_after_quote(&mut self, rest: &[u8]) -> Option<usize> {
        let rest = &rest[..rest.len().min(LONGEST_GAP)];
        let mut at = 1 + spaces(&rest[1..]);
        if !rest.get(at).is_some_and(|b| LEADS_ON[usize::from(*b)]) {
            return None;
        }
        if self.in_template && rest.get(at) == Some(&b'}') {
            self.in_template = false;
            return Some(at + 1);
        }
        let operator = self.operator(&rest[at..]);
        self.is_adjacent = operator == 0;
        at += operator;
        at += spaces(&rest[at..]);
        // A line continuation, in BASIC too, and the letters in front of a literal: f"", r'', @"", L"".
        if rest[at..].starts_with(b"\\\n") || rest[at..].starts_with(b"_\n") {
            at += 2 + spaces(&rest[at + 2..]);
        }
        let sigil = |b: &&u8| matches!(**b, b'f' | b'b' | b'r' | b'u' | b'L' | b'@' | b'$' | b'(');
        if at > 1 {
            at += rest[at..].iter().take(2).take_while(sigil).count();
        }
        let quote = matches!(rest.get(at), Some(b'"' | b'\'' | b'`'));
        // An empty literal is no gap: `""` opens and closes.
        (quote && at > 1).then_some(at + 1)
    }

    fn operator(&mut self, rest: &[u8]) -> usize {
        const OPERATORS: [&[u8]; 11] = [
            b"..", b"||", b"<>", b"<<", b"++", b"+", b".", b"~", b"&", b"^", b"*",
        ];
        if let Some(call) = rest.strip_prefix(b".concat(") {
            self.in_concat = true;
            return ".concat(".len() + spaces(call);
        }
        if self.in_concat && rest.first() == Some(&b',') {
            return 1;
        }
        let known = OPERATORS.iter().find(|operator| rest.starts_with(operator));
        known.map_or(0, |operator| operator.len())
    }
}

/// True when a whole key stands before a quote: what follows without an operator is then the next
/// argument of a command or the next field of a log more often than the rest of the key.
fn ends_in_key(before: &[u8]) -> bool {
    let length = before.iter().rev().take(REACH).take_while(|b| is_part(b));
    let length = length.count();
    let run = &before[before.len() - length..];
    memmem::find(run, PREFIX).is_some_and(|at| run.len() - at >= PREFIX.len() + SHORTEST_BODY)
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(text: &str) -> String {
        let mut layers = Vec::new();
        joined(text.as_bytes(), Span::new(0, text.len()), &mut layers);
        let read = |layer: Layer| String::from_utf8(layer.text).unwrap();
        layers
            .into_iter()
            .map(read)
            .next()
            .unwrap_or(text.to_owned())
    }

    #[test]
    fn pieces_become_one_literal() {
        for text in [
            "k = \"jvx_\" + 'live_' + `abc`;",
            "k = \"jvx_live_\"\n    \"abc\";",
            "k = 'jvx_' . \"live_abc\";",
            "k = \"jvx_live_\".concat(\"abc\");",
            "k = \"jvx_\".concat(\"live_\", \"abc\");",
            "k = `jvx_live_${\"abc\"}`;",
            "k = \"jvx_live_\\\n    abc\";",
            "k = \"jvx_live_\" +\n  \"abc\";",
            "k = \"jvx_live_\" \\\n  \"abc\";",
            "k = f\"jvx_\" f\"live_abc\";",
        ] {
            assert!(
                join(text).contains("jvx_live_abc"),
                "{text}: {}",
                join(text)
            );
        }
    }

    #[test]
    fn what_no_operator_joins_stays_apart() {
        for text in [
            "call 'jvx_live_0123456789abcdef' 'next'",
            "\"GET\", \"jvx_live_0123456789abcdef\" \"agent\"",
            "[\"jvx_live_\", \"abc\"]",
            "{\"a\":\"b\"}",
            "\"\"",
            "x = \"a\" + b",
        ] {
            assert_eq!(join(text), text);
        }
    }

    #[test]
    fn what_is_far_from_every_gap_is_left_out() {
        let far = "x".repeat(3 * REACH);
        let text = format!("{far}\"jvx_\" + \"live_a\"{far}\"jvx_\" + \"live_b\"{far}");
        let mut layers = Vec::new();
        joined(text.as_bytes(), Span::new(0, text.len()), &mut layers);
        assert_eq!(layers.len(), 2);
        for (layer, key) in layers.iter().zip(["jvx_live_a", "jvx_live_b"]) {
            let at = memmem::find(&layer.text, key.as_bytes()).unwrap();
            assert!(layer.text.len() < 3 * REACH);
            let stored = layer.stored(Span::new(at, at + key.len()));
            assert!(text[stored.range()].starts_with("jvx_\" + \"live_"));
        }
    }
}
