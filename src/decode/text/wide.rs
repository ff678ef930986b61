//! A text in UTF-16 or UTF-32, and one of which only parts are: `>>` appends in whatever encoding it likes.
//!
//! Such a text is read as one. Where units are wide they become UTF-8, and single bytes stay as they are: a run
//! without any zero byte, of which UTF-16 in a Latin script has one in each unit, that reads as text by itself.

use super::units::Units;
use super::{utf16, utf32};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    "files of which parts are wide and parts single bytes, as `>>` leaves them: read as one text";

/// Fewest single bytes in a row that are read as such. No credential with what tells it is shorter.
const NARROW: usize = 16;

/// Fewest bytes of ASCII among them where the others are in no encoding that is known: `contrase\xF1a`. Two bytes of
/// a Chinese character may both look like ASCII, those of a dozen in a row do not.
const ASCII: usize = 24;

/// Units of a Latin script in a row that tell where units begin.
const TELLING: usize = 8;

/// Different bytes among those: ideographic spaces (`30 00`) look like zeros of the other order.
const DIFFERENT: usize = 3;

/// Most blanks that such a line is indented by.
const INDENT: usize = 64;

/// The UTF-8 form of a text of which a part is wide; `None` of all others.
pub(in crate::decode) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let (units, front, start) = begin(bytes)?;
    let mut text = WideText {
        bytes,
        units,
        judged: 0,
        text: Vec::with_capacity(bytes.len() / units.size),
    };
    text.text.extend_from_slice(&bytes[..front]);
    text.read(start);
    Some(text.text)
}

/// True when [`decode`] may take something off: of most texts the first four bytes and the lack of a zero tell that
/// it does not.
pub(in crate::decode) fn is_wide(bytes: &[u8]) -> bool {
    utf16::begins(bytes) || utf32::begins(bytes) || appended(bytes).is_some()
}

/// How the first wide part of a text is stored, where the single bytes in front of it end, and where it begins: a mark
/// may stand between.
fn begin(bytes: &[u8]) -> Option<(Units, usize, usize)> {
    let marked = utf32::units(bytes).or_else(|| utf16::marked(bytes));
    let marked = marked.map(|(units, start)| (units, 0, start));
    let told = marked.or_else(|| appended(bytes));
    told.or_else(|| Some((utf16::guessed(bytes)?, 0, 0)))
}

/// The UTF-16 in front of a text of single bytes or behind one: behind a mark, or made of lines. A string
/// among other bytes is none. Single bytes hold no zero, so the first one tells.
fn appended(bytes: &[u8]) -> Option<(Units, usize, usize)> {
    let zero = memchr::memchr(0, bytes)?;
    let behind = |is_big: bool, mark: &[u8]| {
        let start = if is_big { zero } else { zero.checked_sub(1)? };
        let (before, wide) = bytes.split_at(start);
        let marked = before.strip_suffix(mark);
        // Where it seems to begin with the end of a line this is the other order, read from one byte too early.
        let is_surely = before.is_empty() || (!is_big && wide[0] != b'\n');
        let is_line = || before.ends_with(b"\n") || (is_surely && holds_line(wide, is_big));
        let is_there = is_latin(wide, is_big) && (marked.is_some() || is_line());
        let front = marked.unwrap_or(before);
        (is_there && !front.iter().any(is_control))
            .then(|| (utf16::in_order(is_big), front.len(), start))
    };
    let (small, big) = (b"\xFF\xFE", b"\xFE\xFF");
    let is_big = bytes[..zero].ends_with(big);
    let little = (!is_big).then(|| behind(false, small)).flatten();
    little.or_else(|| behind(true, big))
}

/// True when a line ends in units of a Latin script.
fn holds_line(wide: &[u8], is_big: bool) -> bool {
    let (zero, letter) = if is_big { (0, 1) } else { (1, 0) };
    let mut latin = wide.chunks_exact(2).take_while(|unit| unit[zero] == 0);
    latin.any(|unit| unit[letter] == b'\n')
}

/// True for units of UTF-16 in a Latin script, behind what a line is indented by.
fn is_latin(bytes: &[u8], is_big: bool) -> bool {
    let blank = if is_big { [0, b' '] } else { [b' ', 0] };
    let indent = bytes.chunks_exact(2).take(INDENT);
    let indent = indent.take_while(|unit| *unit == blank).count();
    let Some(units) = bytes.get(2 * indent..2 * (indent + TELLING)) else {
        return false;
    };
    let mut letters = [0; TELLING];
    for (letter, unit) in letters.iter_mut().zip(units.chunks_exact(2)) {
        let (large, small) = if is_big {
            (unit[0], unit[1])
        } else {
            (unit[1], unit[0])
        };
        if large != 0 || is_control(&small) {
            return false;
        }
        *letter = small;
    }
    letters.sort_unstable();
    letters.chunk_by(|a, b| a == b).count() >= DIFFERENT
}

/// True for what no text holds.
fn is_control(byte: &u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B)
}

/// A text that is being read.
struct WideText<'b> {
    bytes: &'b [u8],
    units: Units,
    /// Up to where it is known whether a run without zeros is single bytes.
    judged: usize,
    text: Vec<u8>,
}

impl WideText<'_> {
    /// Reads wide units from `at` on, and single bytes between them.
    fn read(&mut self, mut at: usize) {
        let mut begun = at;
        while at < self.bytes.len() {
            if let Some(end) = self.single(at) {
                self.wide(begun, at);
                self.text.extend_from_slice(&self.bytes[at..end]);
                (at, begun) = (end, end);
            } else if self.is_astray(begun, at) {
                // A single byte stood in front: its pair was of two units.
                self.wide(begun, at - 2);
                self.text.push(self.bytes[at - 2]);
                (at, begun) = (at - 1, at - 1);
            } else {
                at += self.units.size;
            }
        }
        self.wide(begun, self.bytes.len());
    }

    fn wide(&mut self, start: usize, end: usize) {
        let mut text = String::with_capacity((end - start) / self.units.size);
        (self.units.decode)(&self.bytes[start..end], self.units.is_big, &mut text);
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Where the single bytes end that begin at `at`.
    fn single(&mut self, at: usize) -> Option<usize> {
        let unit = &self.bytes[at..self.bytes.len().min(at + self.units.size)];
        if at < self.judged || unit.contains(&0) {
            return None;
        }
        let zero = memchr::memchr(0, &self.bytes[at..]).map(|zero| at + zero);
        let end = match zero {
            Some(zero) if self.units.is_big => zero,
            Some(zero) => zero - 1,
            None => self.bytes.len(),
        };
        self.judged = end;
        is_narrow(&self.bytes[at..end]).then_some(end)
    }

    /// True where units in a Latin script begin one byte in front of `at`.
    fn is_astray(&self, begun: usize, at: usize) -> bool {
        let zero = if self.units.is_big { at + 1 } else { at };
        self.units.size == 2
            && at > begun
            && self.bytes.get(zero) == Some(&0)
            && is_latin(&self.bytes[at - 1..], self.units.is_big)
    }
}

/// True for what reads as text byte by byte.
fn is_narrow(bytes: &[u8]) -> bool {
    let is_text = || !bytes.iter().any(is_control) && std::str::from_utf8(bytes).is_ok();
    let is_no_ascii = |b: &u8| !b.is_ascii() || is_control(b);
    bytes.len() >= NARROW && (bytes.split(is_no_ascii).any(|run| run.len() >= ASCII) || is_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, is_big: bool) -> Vec<u8> {
        let to_bytes = if is_big {
            u16::to_be_bytes
        } else {
            u16::to_le_bytes
        };
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    fn shown(bytes: &[u8]) -> Option<String> {
        decode(bytes).map(|text| String::from_utf8_lossy(&text).into_owned())
    }

    #[test]
    fn single_bytes_and_wide_units_are_read_in_one_text() {
        let narrow = "a line of bytes, naïve\n";
        let wide = "a wide line, 一つ\r\n";
        for is_big in [false, true] {
            let mark = units("\u{feff}", is_big);
            let wide_bytes = units(wide, is_big);
            // `1` makes what follows begin at an odd place.
            for parts in [
                vec![wide, narrow],
                vec![wide, narrow, wide, narrow],
                vec![wide, "1", wide],
                vec![wide, "1", narrow, wide],
                vec![narrow, wide],
                vec!["1\n", wide, narrow, "1", wide],
            ] {
                let stored = parts.iter().flat_map(|part| {
                    if *part == wide {
                        wide_bytes.clone()
                    } else {
                        part.as_bytes().to_vec()
                    }
                });
                let stored: Vec<u8> = stored.collect();
                let marked = [&mark, &stored[..]].concat();
                let stored = if parts[0] == wide { marked } else { stored };
                assert_eq!(shown(&stored).unwrap(), parts.concat(), "{parts:?}");
            }
            let behind_mark = [narrow.as_bytes(), &mark, &wide_bytes].concat();
            assert_eq!(shown(&behind_mark).unwrap(), [narrow, wide].concat());
            let only_marked = [&mark, narrow.as_bytes()].concat();
            assert_eq!(shown(&only_marked).unwrap(), narrow);
        }
    }

    #[test]
    fn bytes_behind_utf32_are_read() {
        let wide: Vec<u8> = "\u{feff}wide\n"
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        let stored = [&wide, &b"a line of bytes\n"[..], &wide[4..]].concat();
        assert_eq!(shown(&stored).unwrap(), "wide\na line of bytes\nwide\n");
    }

    #[test]
    fn wide_texts_of_other_scripts_stay_whole() {
        for text in [
            "密码是一个用于身份验证的字符串，一般来说应当保密。\r\n".repeat(9),
            "\u{3000}".repeat(40),
            "пароль и ключ не хранятся здесь\r\n".repeat(9),
            "पासवर्ड और कुंजी यहाँ नहीं हैं\n".repeat(9),
        ] {
            for is_big in [false, true] {
                let stored = units(&format!("\u{feff}{text}"), is_big);
                assert_eq!(shown(&stored).unwrap(), text);
            }
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_left_alone() {
        for bytes in [
            &b"plain text, quite long enough"[..],
            b"a\0b",
            b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"\x01\x02\x03\x04\x05\x06\x07\x08t\0e\0x\0t\0\n\0h\0e\0r\0e\0",
            b"in a program: t\0e\0x\0t\0 \0h\0e\0r\0e\0",
            b"1234\x005678",
            b"",
        ] {
            assert_eq!(decode(bytes), None, "{bytes:?}");
            assert!(!is_wide(bytes), "{bytes:?}");
        }
    }
}
