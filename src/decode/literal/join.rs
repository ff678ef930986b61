//! Text without the gaps that the code closes: `"Bearer " + "jvx_" + "..."`, adjacent literals,
//! `.concat(...)`, `${"..."}`, a `\` at the end of a line.
//!
//! What stands between two pieces is left out, whatever the language; a false join only makes text
//! that no rule matches.

use super::super::sign::trigger::windows;
use super::glue::{self, Glue, closing};
use super::run::is_part;
use super::{PREFIX, SHORTEST_BODY};
use crate::decode::Layer;
use crate::model::{Dress, Span};
use crate::syntax::is_quote;
use memchr::memmem;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = r#"text without the gaps that code closes: `"a" + "b"`, adjacent literals, `.concat`, `${"b"}`, continued lines"#;

/// How far behind a name pieces are joined, in bytes.
const REACH: usize = 4096;

/// How far before it: the name may be a piece itself, and stands near the beginning.
const BEFORE: usize = 512;

pub(in crate::decode) fn decode(text: &[u8], names: &[Span], layers: &mut Vec<Layer>) {
    for window in windows(text, names.iter().copied(), (BEFORE, REACH)) {
        joined(text, window, layers);
    }
}

/// The window without the gaps between pieces, as far around them as a name reaches.
fn joined(text: &[u8], window: Span, layers: &mut Vec<Layer>) {
    let mut open: Option<Layer> = None;
    // Where the last gap ended, and what was in it.
    let (mut literal, mut at, mut gap) = (window.start, window.start, &b""[..]);
    let begins_gap = |b: &u8| is_quote(b) || matches!(b, b'\\' | b'$');
    while let Some(skipped) = text[at..window.end].iter().position(begins_gap) {
        at += skipped;
        let rest = &text[at..window.end];
        let end = match rest {
            [b'$', ..] => hole(rest).map(|length| at + length),
            [b'\\', ..] => line_end(rest).map(|length| at + length),
            [_, b'}', ..] if gap.starts_with(b"$") => Some(at + 2),
            [_, behind @ ..] => {
                let is_called = gap.contains(&b'(') && !text[literal..at].contains(&b')');
                match behind.trim_ascii_start().first() {
                    Some(b',') if !is_called => None,
                    Some(sign) if LEADS_ON.contains(sign) => next(text, window, at),
                    _ => None,
                }
            }
            [] => None,
        };
        let Some(end) = end else {
            at += 1;
            continue;
        };
        gap = &text[at..end];
        if at - literal > 2 * REACH {
            layers.extend(open.take().map(|layer| ended(layer, text, literal, window)));
            literal = at - REACH;
        }
        let layer = open.get_or_insert_with(|| Layer::new(Dress::Joined));
        layer.push(&text[literal..at], Span::new(literal, at));
        (literal, at) = (end, end);
    }
    layers.extend(open.map(|layer| ended(layer, text, literal, window)));
}

/// The layer with what follows its last gap.
fn ended(mut layer: Layer, text: &[u8], literal: usize, window: Span) -> Layer {
    let end = window.end.min(literal + REACH);
    layer.push(&text[literal..end], Span::new(literal, end));
    layer
}

/// What joins begins with one of these; nearly all that is behind a quote does not.
const LEADS_ON: &[u8] = b",.|<+~&^*\\\"'`fbruL@$(/%";

/// Where the literal begins that is joined to the one whose quote is at `at`.
fn next(text: &[u8], window: Span, at: usize) -> Option<usize> {
    let behind = at + closing(text, at);
    let next = glue::next(text, None, at, behind)?;
    let is_joined = match next.glue {
        Glue::Joined => !next.is_elsewhere,
        // An empty literal is no gap: `""` opens and closes.
        Glue::Adjacent => next.start > behind + 1 && !ends_in_key(&text[window.start..at]),
        Glue::Listed => true,
    };
    (is_joined && next.start < window.end).then_some(next.start)
}

/// Length of what opens a hole in a literal that another literal stands in: `${"`.
fn hole(rest: &[u8]) -> Option<usize> {
    let inner = rest.strip_prefix(b"${")?;
    let open = 2 + spaces(inner);
    rest.get(open).is_some_and(is_quote).then_some(open + 1)
}

/// Length of a `\` and the end of a line, with what the next one is indented by. In Haskell such a gap has a backslash
/// at either end.
fn line_end(rest: &[u8]) -> Option<usize> {
    let is_there = rest.starts_with(b"\\\n") || rest.starts_with(b"\\\r\n");
    let end = 1 + spaces(&rest[1..]);
    is_there.then(|| end + usize::from(rest[end..].starts_with(b"\\")))
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
