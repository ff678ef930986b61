//! Lists of character codes: `String.fromCharCode(106, 118, ...)`, `[]byte{0x6a, 0x76, ...}`, `{"type": "Buffer",
//! "data": [106, 118, ...]}`, `#106#118` of Pascal.

use crate::decode::Layer;
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "`106,118,120`, `0x6a, 0x76`, `#106#118`";

/// Most codes before and after the literal that are decoded.
const LONGEST: usize = 4096;

/// Most space between two codes, in bytes: a line end and indentation.
const WIDEST: usize = 128;

/// Longest name of a call for one character, in letters.
const LONGEST_NAME: usize = 6;

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    for trigger in triggers.iter().filter(|t| t.sign == Sign::Codes) {
        if trigger.span.start < done {
            continue;
        }
        // The first code of a call: `Chr(106)`, `[char]106`.
        let call = text[trigger.span.range()]
            .iter()
            .position(u8::is_ascii_digit);
        let is_called = call.is_some_and(|at| at > 0);
        let (mut at, mut before) = (trigger.span.start + call.unwrap_or(0), 0);
        if is_called {
            let mut layer = Layer::new(Dress::Escaped);
            for _ in 0..LONGEST {
                let Some((code, end)) = number(text, at) else {
                    break;
                };
                layer.push(&[code], Span::new(at, end));
                done = end;
                match next_call(text, end) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            layers.push(layer);
            continue;
        }
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

/// Where the code of the next call begins, behind what joins the two: `) & Chr(`, `+[char]`, `) & _` and a line.
fn next_call(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + WIDEST)];
    let skip = |from: usize, signs: &[u8]| {
        let skipped = rest[from..].iter().take_while(|b| signs.contains(b));
        from + skipped.count()
    };
    let end = skip(0, b") ");
    let joined = skip(end, b"&+.|,");
    let name = skip(joined, b" \t\r\n_\\`[");
    let letters = rest[name..].iter().take(LONGEST_NAME);
    let open = name + letters.take_while(|b| b.is_ascii_alphabetic()).count();
    let code = skip(open, b"$(]");
    (joined > end && code > open).then_some(at + code)
}

/// Where the next code may begin, behind a comma or `#`, space, or both.
fn separator(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + WIDEST)];
    let comma = usize::from(matches!(rest.first(), Some(b',' | b'#')));
    let space = rest[comma..].iter().take_while(|b| b.is_ascii_whitespace());
    let length = comma + space.count();
    (length > 0).then_some(at + length)
}

/// Where the code before this one begins.
fn code_before(text: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(WIDEST);
    let rest = text[floor..at].trim_ascii_end();
    let rest = rest
        .strip_suffix(b",")
        .or(rest.strip_suffix(b"#"))
        .unwrap_or(rest);
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

#[cfg(test)]
mod tests {
    use crate::decode::layers_of;

    #[test]
    fn calls_for_one_character_are_read_in_a_row() {
        let codes = b"jvx_live_Q7";
        for (call, join) in [
            ("Chr({})", " & "),
            ("chr({})", "."),
            ("CHR({})", "||"),
            ("[char]{}", "+"),
            ("char({})", ", "),
        ] {
            let calls = codes.map(|code| call.replace("{}", &code.to_string()));
            // A line that goes on in the next, as VBA has it.
            let (first, rest) = calls.split_at(4);
            let text = format!("k = {}{join}_\n  {}\n", first.join(join), rest.join(join));
            let text = if join == " & " {
                text
            } else {
                calls.join(join)
            };
            let layers = layers_of(text.as_bytes());
            let is_read = layers.iter().any(|layer| layer.text.starts_with(codes));
            assert!(is_read, "{text}");
        }
    }
}
