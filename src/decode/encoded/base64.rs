//! Base64 and base64url (<https://www.rfc-editor.org/rfc/rfc4648>), at any alignment, over lines,
//! whether these end in line breaks or in `\n`, as JSON has it.

use crate::decode::Layer;
use crate::decode::sign::forms::swap_case;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = r"base64 and base64url at all three alignments, also with small letters before capitals, also over lines that end inside the prefix, in line breaks or a written `\n`";

/// Longest encoded run that is decoded, in bytes. Larger ones are files of their own kind, such as
/// inline source maps, and are decoded in a window around the literal.
const REACH: usize = 64 << 10;

/// A line of a wrapped run is at least this long: MIME wraps at 76 characters, PEM at 64.
const SHORTEST_LINE: usize = 48;

/// Most backslashes of a line break that is written `\n`.
const AGAIN: usize = 8;

/// How a key begins in base64.
const KEY: &[u8] = b"anZ4X2xp";

/// Decodes the runs that hold a literal. Each line of a run is one stored thing: whoever looks at the
/// place sees the whole of it.
pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers {
        let (shift, is_swapped) = match trigger.sign {
            Sign::Base64(shift) => (shift, false),
            Sign::SwappedBase64(shift) => (shift, true),
            _ => continue,
        };
        if trigger.span.start < done {
            continue;
        }
        let run = Base64Run::around(text, trigger.span);
        let first = trigger.span.start + usize::from(shift);
        layers.push(run.decode(text, first, is_swapped));
        done = run.end();
    }
}

/// The lines of a run of base64 characters.
pub(in crate::decode) struct Base64Run {
    lines: Vec<Span>,
}

impl Base64Run {
    fn around(text: &[u8], literal: Span) -> Self {
        let mut start = literal.start;
        let floor = start.saturating_sub(REACH);
        let mut next_line = None;
        loop {
            let end = start;
            while start > floor && value(text[start - 1]).is_some() {
                start -= 1;
            }
            start += written_break(&text[floor..start], &text[start..end]);
            if let Some(next) = next_line.filter(|next| are_keys(text, start, *next)) {
                start = next;
                break;
            }
            next_line = Some(start);
            match line_break_before(&text[floor..start]) {
                Some(gap) => start -= gap,
                None => break,
            }
        }
        Self::from(text, start, literal.end + REACH)
    }

    /// The run that begins at `start` and ends before `ceiling`.
    pub(in crate::decode) fn from(text: &[u8], start: usize, ceiling: usize) -> Self {
        let ceiling = text.len().min(ceiling);
        let mut line = Span::new(start, start);
        let mut lines = Vec::new();
        let mut begin = start;
        loop {
            let more = text[line.end..ceiling].iter();
            line.end += more.take_while(|b| value(**b).is_some()).count();
            lines.push(line);
            let rest = &text[line.end..ceiling];
            // A slash that JSON escapes is part of the line.
            let next = if rest.starts_with(b"\\/") {
                line.end + 1
            } else {
                let is_long = line.end - begin >= SHORTEST_LINE;
                let gap = line_break_after(rest).filter(|_| is_long);
                let next = gap.map(|gap| line.end + gap);
                match next.filter(|next| !are_keys(text, begin, *next)) {
                    Some(next) => begin = next,
                    None => return Self { lines },
                }
                begin
            };
            line = Span::new(next, next);
        }
    }

    /// Where its last line ends.
    pub(in crate::decode) fn end(&self) -> usize {
        self.lines.last().map_or(0, |line| line.end)
    }

    /// Decodes the run so that a group of four begins at `first`. Characters before the first whole
    /// group belong to something else.
    pub(in crate::decode) fn decode(&self, text: &[u8], first: usize, is_swapped: bool) -> Layer {
        let before = |line: &Span| line.end.min(first).saturating_sub(line.start);
        let mut skip = self.lines.iter().map(before).sum::<usize>() % 4;
        let all = self.lines.iter().map(Span::len).sum::<usize>();
        let mut decoded = EncodedLine {
            layer: Layer::new(Dress::Base64),
            bytes: Vec::with_capacity(all * 3 / 4),
            stored: None,
            bits: 0,
            held: 0,
        };
        for line in &self.lines {
            for at in line.range() {
                let byte = if is_swapped {
                    swap_case(text[at])
                } else {
                    text[at]
                };
                match value(byte) {
                    Some(_) if skip > 0 => skip -= 1,
                    Some(value) => decoded.add(value, at),
                    None => {}
                }
            }
            decoded.end();
        }
        decoded.layer
    }
}

/// A line of a run as far as it is decoded.
struct EncodedLine {
    layer: Layer,
    bytes: Vec<u8>,
    /// The characters that the bytes come from.
    stored: Option<Span>,
    bits: u32,
    /// How many bits are left over.
    held: u32,
}

impl EncodedLine {
    fn add(&mut self, value: u8, at: usize) {
        let start = self.stored.map_or(at, |stored| stored.start);
        self.stored = Some(Span::new(start, at + 1));
        self.bits = self.bits << 6 | u32::from(value);
        self.held += 6;
        if self.held >= 8 {
            self.held -= 8;
            self.bytes.push((self.bits >> self.held) as u8);
        }
    }

    /// Ends the line. A byte of which a part stands in it belongs to the next, with that part.
    fn end(&mut self) {
        if let Some(stored) = self.stored.filter(|_| !self.bytes.is_empty()) {
            self.layer.push(&self.bytes, stored);
            self.bytes.clear();
            self.stored = (self.held > 0).then(|| Span::new(stored.end - 1, stored.end));
        }
    }
}

/// True when two lines that follow each other are of a list of keys, of which each is encoded by itself: then
/// they are no run.
fn are_keys(text: &[u8], line: usize, next: usize) -> bool {
    let is_key = |start: usize| text[start..].starts_with(KEY);
    is_key(line) && is_key(next)
}

/// Six bits, for the characters of both alphabets.
fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// Length of what belongs to a line break that is written `\n`, where the characters from `line` on follow `before`:
/// its `n` is one of base64 too.
fn written_break(before: &[u8], line: &[u8]) -> usize {
    usize::from(before.ends_with(b"\\") && line.starts_with(b"n"))
}

/// Length of a line break with indentation at the end of `text`, if the line before it is long.
fn line_break_before(text: &[u8]) -> Option<usize> {
    let rest = match text.strip_suffix(b"\\n") {
        Some(rest) => {
            let rest = without_backslashes(rest);
            let before = rest.strip_suffix(b"\\r").map(without_backslashes);
            before.unwrap_or(rest)
        }
        None => {
            let indent = text.iter().rev();
            let indent = indent.take_while(|b| matches!(b, b' ' | b'\t')).count();
            let rest = text[..text.len() - indent].strip_suffix(b"\n")?;
            rest.strip_suffix(b"\r").unwrap_or(rest)
        }
    };
    let line = rest
        .iter()
        .rev()
        .take(SHORTEST_LINE)
        .take_while(|b| value(**b).is_some());
    (line.count() == SHORTEST_LINE).then(|| text.len() - rest.len())
}

/// Without the backslashes at the end: one more for each time that a text was escaped again.
fn without_backslashes(text: &[u8]) -> &[u8] {
    let more = text.iter().rev().take(AGAIN).take_while(|b| **b == b'\\');
    &text[..text.len() - more.count()]
}

/// Length of a line break with indentation at the start of `text`, if base64 goes on behind it: a
/// line of nothing else, and not the next entry's name or a variable.
fn line_break_after(text: &[u8]) -> Option<usize> {
    let line = match text.first()? {
        b'\\' => {
            let rest = written(text, b'r').unwrap_or(text);
            written(rest, b'n')?
        }
        _ => {
            let rest = text.strip_prefix(b"\r").unwrap_or(text);
            let rest = rest.strip_prefix(b"\n")?;
            let indent = rest.iter().take_while(|b| matches!(b, b' ' | b'\t'));
            &rest[indent.count()..]
        }
    };
    let length = line.iter().take_while(|b| value(**b).is_some()).count();
    let padding = line[length..].iter().take(2).take_while(|b| **b == b'=');
    let end = line.get(length + padding.count());
    let is_alone = end.is_none_or(|b| !(b.is_ascii_alphanumeric() || b":=.([{ ".contains(b)));
    (length > 0 && is_alone).then(|| text.len() - line.len())
}

/// What follows an escape such as `\n`, whose backslash may be escaped in turn.
fn written(text: &[u8], letter: u8) -> Option<&[u8]> {
    let backslashes = text.iter().take(AGAIN).take_while(|b| **b == b'\\').count();
    let rest = &text[backslashes..];
    (backslashes > 0).then(|| rest.strip_prefix(&[letter]))?
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;
    use crate::model::Dress;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    fn decoded(text: &str) -> Vec<(String, String)> {
        let found = layers_of(text.as_bytes())
            .into_iter()
            .filter(|l| l.dress == Dress::Base64);
        let both = |layer: super::Layer| {
            let stored = layer.stored((0..layer.text.len()).into());
            let stored = text[stored.range()].to_owned();
            (String::from_utf8_lossy(&layer.text).into_owned(), stored)
        };
        found.map(both).collect()
    }

    #[test]
    fn every_alignment_decodes_to_the_whole_token() {
        for before in ["", "k=", "x", "{\"key\":\""] {
            let plain = format!("{before}jvx_live_Abc123?!");
            for encoded in [STANDARD.encode(&plain), URL_SAFE_NO_PAD.encode(&plain)] {
                let found = decoded(&format!("data: \"{encoded}\" # x"));
                assert_eq!(found[0].0, plain);
                assert_eq!(found[0].1, encoded.trim_end_matches('='));
            }
        }
    }

    #[test]
    fn a_run_wrapped_over_lines_is_one() {
        let plain = format!("{}jvx_live_Abc123{}", "-".repeat(100), "+".repeat(90));
        let encoded = STANDARD.encode(&plain);
        let lines: Vec<&str> = encoded
            .as_bytes()
            .chunks(76)
            .map(|c| std::str::from_utf8(c).unwrap())
            .collect();
        let found = decoded(&format!("data: |\n  {}\nend", lines.join("\n  ")));
        assert_eq!(found[0].0, plain);
    }

    #[test]
    fn a_line_break_may_be_written_as_an_escape() {
        let plain = format!("{}jvx_live_Abc123{}", "-".repeat(100), "+".repeat(90));
        let encoded = STANDARD.encode(&plain);
        for line_break in [r"\n", r"\r\n", r"\\n", r"\\r\\n"] {
            let lines = encoded.as_bytes().chunks(60).map(String::from_utf8_lossy);
            let lines = lines.collect::<Vec<_>>().join(line_break);
            let found = decoded(&format!("{{\"content\":\"{lines}{line_break}\"}}"));
            assert_eq!(found[0].0, plain, "{line_break}");
        }
    }

    #[test]
    fn a_slash_may_be_escaped() {
        let plain = "???jvx_live_???";
        let encoded = STANDARD.encode(plain);
        assert!(encoded.starts_with("Pz8/"));
        let found = decoded(&format!("\"{}\"", encoded.replace('/', "\\/")));
        assert!(found[0].0.ends_with("jvx_live_???"), "{found:?}");
    }

    #[test]
    fn a_line_may_end_inside_the_prefix() {
        for width in [64, 76] {
            for before in width / 4 * 3 - 12..=width / 4 * 3 {
                let plain = format!("{}jvx_live_Abc123", "-".repeat(before));
                let encoded = STANDARD.encode(&plain);
                let text = format!("{}\n{}", &encoded[..width], &encoded[width..]);
                let found = decoded(&text);
                assert_eq!(found.first().map(|f| &f.0), Some(&plain), "{text}");
            }
        }
    }

    #[test]
    fn what_a_line_holds_is_stored_in_that_line() {
        let plain = format!("{}jvx_live_Abc123", "-".repeat(120));
        for skew in ["", "/", "/a"] {
            let encoded = format!("{skew}{}", STANDARD.encode(&plain));
            let text = format!(
                "{}\n{}\n{}",
                &encoded[..64],
                &encoded[64..128],
                &encoded[128..]
            );
            let found = layers_of(text.as_bytes());
            let layer = found.iter().find(|l| l.dress == Dress::Base64).unwrap();
            let at = memchr::memmem::find(&layer.text, b"jvx_live_").unwrap();
            let stored = layer.stored((at..layer.text.len()).into());
            assert!(
                stored.start >= 64 && stored.end == text.trim_end_matches('=').len(),
                "{stored:?}"
            );
        }
    }

    #[test]
    fn what_was_encoded_twice_is_decoded_twice() {
        for inside in ["", "x", "xy"] {
            for outside in ["", "x", "xy"] {
                let inner = STANDARD.encode(format!("{inside}jvx_live_Abc123"));
                let text = format!("k = \"{}\"", STANDARD.encode(format!("{outside}{inner}")));
                let found = layers_of(text.as_bytes());
                let ends = |l: &super::Layer| l.text.ends_with(b"jvx_live_Abc123");
                assert!(found.iter().any(ends), "{text}");
            }
        }
    }

    #[test]
    fn keys_on_lines_of_their_own_stay_apart() {
        let plain = ["Abc", "Def", "Ghi"].map(|part| format!("jvx_live_{}", part.repeat(12)));
        let lines = plain.each_ref().map(|key| STANDARD.encode(key));
        assert!(lines[0].len() >= super::SHORTEST_LINE && !lines[0].ends_with('='));
        for (first, between) in [("", "\n"), ("  ", "\r\n  ")] {
            let found = decoded(&format!("{first}{}\n", lines.join(between)));
            let found: Vec<_> = found.into_iter().map(|(text, _)| text).collect();
            assert_eq!(found, plain);
        }
    }

    #[test]
    fn the_next_entry_is_not_part_of_a_run() {
        let plain = format!("jvx_live_{}", "Abc123".repeat(7));
        let encoded = STANDARD.encode(&plain);
        assert!(encoded.len() >= super::SHORTEST_LINE && !encoded.ends_with('='));
        for next in ["apiVersion: v1", "  cert: x", "B=2", "call(x)"] {
            let found = decoded(&format!("key: {encoded}\n{next}\n"));
            assert_eq!(found[0].0, plain, "{next}");
        }
    }

    #[test]
    fn what_is_glued_in_front_does_not_matter() {
        let encoded = STANDARD.encode("jvx_live_Abc123");
        for glue in ["/a", "/ab", "/abc", "/abcd"] {
            let found = decoded(&format!("{glue}{encoded}"));
            assert!(found[0].0.ends_with("jvx_live_Abc123"), "{glue}: {found:?}");
        }
    }

    #[test]
    fn an_alphabet_that_begins_with_small_letters_is_decoded() {
        let body = (0..24).map(|at| char::from(b"9fKq2MZpT4bXc7Yw"[at * 7 % 16]));
        let key: String = "jvx_live_".chars().chain(body).collect();
        for before in ["", "B", "Bearer "] {
            let encoded = STANDARD.encode(format!("{before}{key}"));
            let swapped: String = encoded
                .bytes()
                .map(|b| char::from(super::swap_case(b)))
                .collect();
            let found = decoded(&format!("const a=['{swapped}','title']"));
            assert!(
                found.iter().any(|(text, _)| text.contains(&key)),
                "{before}: {found:?}"
            );
        }
    }
}
