//! Lines of a program that are kept as a list of JSON strings, as in the cells of a notebook
//! (<https://nbformat.readthedocs.io/en/latest/format_description.html>): read as the program, so
//! that what it joins over lines can be seen.

use super::super::sign::trigger::windows;
use crate::decode::Layer;
use crate::model::{Dress, Span};
use memchr::memmem;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    "lines of a program kept as JSON strings, as in notebooks, so that `join` sees over their ends";

/// How far around a literal lines are read, in bytes.
const REACH: usize = 4096;

/// What ends a line that is not the last.
const LINE_END: &[u8] = b"\\n\",";

pub(in crate::decode) fn decode(text: &[u8], names: &[Span], layers: &mut Vec<Layer>) {
    for window in windows(text, names.iter().copied(), (REACH, REACH)) {
        if memmem::find(&text[window.range()], LINE_END).is_some() {
            layers.push(program(text, window));
        }
    }
}

/// The window with its line ends as such, and without the escapes of JSON.
fn program(text: &[u8], window: Span) -> Layer {
    let mut layer = Layer::new(Dress::Joined);
    let (mut literal, mut at) = (window.start, window.start);
    while let Some(found) = memchr::memchr(b'\\', &text[at..window.end]) {
        at += found;
        let Some((character, length)) = escape(&text[at..window.end]) else {
            at = window.end.min(at + 2);
            continue;
        };
        layer.push(&text[literal..at], Span::new(literal, at));
        layer.push(&[character], Span::new(at, at + length));
        at += length;
        literal = at;
    }
    layer.push(&text[literal..window.end], Span::new(literal, window.end));
    layer
}

/// The character that an escape stands for, and its length in bytes; that of a line end takes in
/// all up to the next line.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    match text.get(1)? {
        escaped @ (b'"' | b'\\' | b'/') => Some((*escaped, 2)),
        b't' => Some((b'\t', 2)),
        b'n' => Some((b'\n', line_end(text).unwrap_or(2))),
        _ => None,
    }
}

fn line_end(text: &[u8]) -> Option<usize> {
    let behind = text.strip_prefix(LINE_END)?;
    let space = behind.iter().take_while(|b| b.is_ascii_whitespace());
    let length = LINE_END.len() + space.count();
    (text.get(length) == Some(&b'"')).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;

    fn texts(text: &str) -> Vec<String> {
        let layers = layers_of(text.as_bytes());
        let texts = layers.iter().map(|l| String::from_utf8_lossy(&l.text));
        texts.map(String::from).collect()
    }

    #[test]
    fn lines_of_a_cell_are_read_as_a_program() {
        let cell = r#"["k = (\n", "  \"jvx_live_\"\n",
            "  \"abc\\\"\"\n", ")"]"#;
        let texts = texts(cell);
        assert!(texts.contains(&"[\"k = (\n  \"jvx_live_\"\n  \"abc\\\"\"\n)\"]".to_owned()));
        assert!(
            texts.iter().any(|t| t.contains("jvx_live_abc")),
            "{texts:?}"
        );
    }

    #[test]
    fn places_are_those_of_the_notebook() {
        let cell = "[\"k = \\\"jvx_live_\\\" + \\\\\\n\",\n \"\\\"abc\\\"\"]";
        let layers = layers_of(cell.as_bytes());
        let joined = layers.iter().find_map(|layer| {
            let at = memchr::memmem::find(&layer.text, b"jvx_live_abc")?;
            Some(layer.stored(crate::model::Span::new(at, at + 12)))
        });
        let stored = joined.expect("a joined key");
        assert!(cell[stored.range()].starts_with("jvx_live_"));
        assert!(cell[stored.range()].ends_with("abc"));
    }

    #[test]
    fn other_lists_are_left_alone() {
        let texts = texts(r#"["jvx_live_", "abc", "x"]"#);
        assert!(!texts.iter().any(|text| text.contains('[')), "{texts:?}");
    }
}
