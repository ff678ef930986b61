//! Text written as hexadecimal digits, two a byte: database dumps, `bytes.fromhex`, `unhex`; and with something
//! between the bytes: `6a:76:78`, `6a 76 78`, the rows of a dump, `hex:6a,76,78,\` of a registry file.

use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "`6a7678...`, `6a:76:78`, rows of a dump";

/// Most digits to either side of the literal that are decoded.
const REACH: usize = 16 << 10;

/// How wide lines of nothing but digits are that go on in the next: of `xxd -p`, PEM, MIME, and those that people
/// fold.
const WIDTHS: [usize; 6] = [60, 64, 72, 76, 80, 128];

/// Longest end of a row, in bytes: the text beside it, and the place in front of the next.
const BETWEEN_ROWS: usize = 128;

/// Most bytes before a gap in a row that is wider than others.
const HALF_A_ROW: usize = 8;

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Hex) {
        if trigger.span.start < done {
            continue;
        }
        let layer = match separator(&text[trigger.span.range()]) {
            b"" => lines(text, trigger.span.start, &mut done),
            separator => rows(text, trigger.span.start, separator, &mut done),
        };
        layers.push(layer);
    }
}

/// What stands between the bytes of a sign. In a dump of pairs of bytes that is a space.
fn separator(sign: &[u8]) -> &[u8] {
    let is_digit = |b: &u8| b.is_ascii_hexdigit();
    let start = sign.iter().position(|b| !is_digit(b));
    let rest = start.map_or(&[][..], |start| &sign[start..]);
    let length = rest.iter().take_while(|b| !is_digit(b)).count();
    &rest[..length]
}

/// Nothing but digits, in lines of the same width.
fn lines(text: &[u8], at: usize, done: &mut usize) -> Layer {
    let floor = at.saturating_sub(REACH).max(*done);
    let back = text[floor..at].iter().rev();
    let back = back.take_while(|b| b.is_ascii_hexdigit()).count();
    let ceiling = text.len().min(at + REACH);
    let mut line = Span::new(at - (back & !1), at);
    let mut begins = at - back;
    let mut layer = Layer::new(Dress::Hex);
    loop {
        let ahead = text[line.end..ceiling].iter();
        line.end += ahead.take_while(|b| b.is_ascii_hexdigit()).count();
        let whole = Span::new(line.start, line.end - line.len() % 2);
        let pairs = text[whole.range()].chunks_exact(2);
        let bytes: Vec<u8> = pairs.map(|pair| byte(pair[0], pair[1])).collect();
        layer.push(&bytes, whole);
        *done = whole.end;
        let is_wide = WIDTHS.contains(&(line.end - begins)) && whole == line;
        let Some(next) = is_wide.then(|| next_line(text, line.end)).flatten() else {
            return layer;
        };
        line = Span::new(next, next);
        begins = next;
    }
}

/// Where the digits of the next line begin, unless they are of another key.
fn next_line(text: &[u8], end: usize) -> Option<usize> {
    let rest = &text[end..];
    let behind = rest.strip_prefix(b"\r").unwrap_or(rest);
    let behind = behind.strip_prefix(b"\n")?;
    let blank = behind.iter().take_while(|b| matches!(b, b' ' | b'\t'));
    let line = &behind[blank.count()..];
    let is_digits = line
        .iter()
        .take(2)
        .filter(|b| b.is_ascii_hexdigit())
        .count()
        == 2;
    (is_digits && !line.starts_with(b"6a7678")).then(|| text.len() - line.len())
}

/// Bytes with something between them, and over rows.
fn rows(text: &[u8], at: usize, separator: &[u8], done: &mut usize) -> Layer {
    let mut start = at;
    let mut before = 0;
    while let Some(previous) = pair_before(text, start, separator).filter(|at| at >= done) {
        start = previous;
        before += 1;
        if before == REACH {
            break;
        }
    }
    let mut layer = Layer::new(Dress::Hex);
    let (mut at, mut in_row) = (start, 0);
    for _ in 0..before + REACH {
        let Some(value) = pair_at(text, at) else {
            break;
        };
        layer.push(&[value], Span::new(at, at + 2));
        at += 2;
        *done = at;
        in_row += 1;
        at = match next_in_row(text, at, separator, in_row) {
            Some(next) => next,
            None => match next_row(text, at, separator) {
                Some(next) => {
                    in_row = 0;
                    next
                }
                None => break,
            },
        };
    }
    layer
}

fn pair_at(text: &[u8], at: usize) -> Option<u8> {
    match text.get(at..at + 2)? {
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some(byte(*high, *low))
        }
        _ => None,
    }
}

/// Where the pair before this one begins, if nothing else is in front of that.
fn pair_before(text: &[u8], start: usize, separator: &[u8]) -> Option<usize> {
    let before = text[..start].strip_suffix(separator)?;
    let at = before.len().checked_sub(2)?;
    pair_at(text, at)?;
    let is_alone = at == 0 || !text[at - 1].is_ascii_alphanumeric();
    is_alone.then_some(at)
}

/// Where the next pair of a row begins: behind the separator, or at once where a dump has bytes in pairs; behind the
/// first half of a row the gap is wider.
fn next_in_row(text: &[u8], at: usize, separator: &[u8], in_row: usize) -> Option<usize> {
    if separator == b" " && pair_at(text, at).is_some() {
        return Some(at);
    }
    let rest = text[at..].strip_prefix(separator)?;
    let next = text.len() - rest.len();
    let is_half = separator == b" " && in_row == HALF_A_ROW && rest.starts_with(b" ");
    let next = next + usize::from(is_half);
    pair_at(text, next).map(|_| next)
}

/// Where the first pair of the next row begins, behind the text beside this row and the place in front of the next.
fn next_row(text: &[u8], at: usize, separator: &[u8]) -> Option<usize> {
    let window = &text[..text.len().min(at + BETWEEN_ROWS)];
    let rest = &window[at..];
    let break_at = memchr::memchr(b'\n', rest)?;
    let beside = rest[..break_at].trim_ascii_end();
    let is_end = match separator {
        b" " => beside.is_empty() || beside.starts_with(b"  ") || beside.starts_with(b" |"),
        _ => {
            let continued = beside.strip_suffix(b"\\").unwrap_or(beside);
            continued.trim_ascii_end() == separator.trim_ascii_end()
        }
    };
    let blank = |at: usize| {
        let blank = window[at..]
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t'));
        at + blank.count()
    };
    let start = blank(at + break_at + 1);
    let digits = window[start..].iter().take_while(|b| b.is_ascii_hexdigit());
    let place = digits.count();
    let start = match (separator, place) {
        (b" ", 5..=16) => {
            let colon = usize::from(window.get(start + place) == Some(&b':'));
            blank(start + place + colon)
        }
        _ => start,
    };
    pair_at(window, start).filter(|_| is_end).map(|_| start)
}

fn byte(high: u8, low: u8) -> u8 {
    digit(high) << 4 | digit(low)
}

/// The value of a hexadecimal digit; 0 for anything else.
pub(in crate::decode) fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).map_or(0, |value| value as u8)
}

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;
    use crate::model::Dress;

    const KEY: &str = "jvx_live_0123456789abcdefghijklmnop";

    /// The bytes in hexadecimal, with something between them.
    fn hex(text: &str, separator: &str) -> String {
        let bytes = text.bytes().map(|byte| format!("{byte:02x}"));
        bytes.collect::<Vec<_>>().join(separator)
    }

    fn finds_key(text: &str) -> bool {
        let found = layers_of(text.as_bytes());
        let mut hex = found.iter().filter(|l| l.dress == Dress::Hex);
        hex.any(|l| String::from_utf8_lossy(&l.text).contains(KEY))
    }

    #[test]
    fn bytes_may_have_something_between_them() {
        for separator in ["", " ", ":", "-", ",", ", "] {
            let bytes = hex(&format!("key={KEY}"), separator);
            for bytes in [bytes.to_ascii_uppercase(), bytes] {
                let text = format!("k = \"{bytes}\"");
                assert!(finds_key(&text), "{text}");
            }
        }
    }

    #[test]
    fn lines_of_one_width_are_one() {
        for width in [60, 64, 76] {
            let all = hex(&format!("{}{KEY} and more", "-".repeat(24)), "");
            let lines = all.as_bytes().chunks(width).map(String::from_utf8_lossy);
            let text = lines.collect::<Vec<_>>().join("\n");
            assert!(finds_key(&text), "{text}");
        }
    }

    #[test]
    fn the_rows_of_a_dump_are_one_text() {
        let text = format!("A={KEY}\nB=another line");
        let rows = |row: &dyn Fn(usize, &[u8]) -> String| {
            let rows = text.as_bytes().chunks(16).enumerate();
            let rows = rows.map(|(number, bytes)| row(number * 16, bytes));
            rows.collect::<Vec<_>>().join("\n")
        };
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace('\n', ".");
        let pairs = |bytes: &[u8]| hex(&String::from_utf8_lossy(bytes), " ");
        let plain = rows(&|_, bytes| format!(" {}", pairs(bytes)));
        assert!(finds_key(&plain), "{plain}");
        let halves = rows(&|at, bytes| {
            let (first, second) = bytes.split_at(bytes.len().min(8));
            format!(
                "{at:08x}  {}  {}  |{}|",
                pairs(first),
                pairs(second),
                shown(bytes)
            )
        });
        assert!(finds_key(&halves), "{halves}");
        let groups = rows(&|at, bytes| {
            let groups = bytes
                .chunks(2)
                .map(|group| hex(&String::from_utf8_lossy(group), ""));
            format!(
                "{at:08x}: {}  {}",
                groups.collect::<Vec<_>>().join(" "),
                shown(bytes)
            )
        });
        assert!(finds_key(&groups), "{groups}");
        let registry = rows(&|_, bytes| format!("  {}", hex(&String::from_utf8_lossy(bytes), ",")));
        let registry = format!("\"k\"=hex:{}", registry.trim_start().replace('\n', ",\\\n"));
        assert!(finds_key(&registry), "{registry}");
    }

    #[test]
    fn keys_on_lines_of_their_own_stay_apart() {
        let key = &KEY[..32];
        let text = format!("{}\n{}", hex(key, ""), hex(key, ""));
        let found = layers_of(text.as_bytes());
        assert!(found.iter().all(|l| l.text.len() <= key.len()), "{found:?}");
    }
}
