//! Escapes inside text: `\x6a`, `\u006a`, `\u{6a}`, `\152`, `\_`, `\:`, `%6A`, `%u006A`, `&#106;`, `&#x006a;`, `&quot;`.
//!
//! All kinds are undone in one go, since what was escaped once by a language is often escaped
//! again by a format, and an escape of the one is no text of the other.

use super::super::sign::trigger::windows;
use crate::decode::Layer;
use crate::decode::encoded::hex::digit;
use crate::decode::literal::run::{is_part, run};
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str =
    r"`\x6a` `\u006a` `\u{6a}` `\152` `\_`, `%6A`, `%u006A`, `&#106;` `&#x006a;` `&quot;`";

/// How far around a literal escapes are undone, in bytes.
const REACH: usize = 4096;

/// Longest form of `jv` in escapes, in bytes: `\U0000006a\U00000076`.
const LONGEST: usize = 20;

/// What escapes begin with.
const KINDS: &[u8] = br"\%&";

/// Most backslashes in front of an escape's own.
const AGAIN: usize = 7;

/// Named character references that stand next to keys, with what they stand for.
const NAMED: [(&[u8], u8); 11] = [
    (b"quot;", b'"'),
    (b"apos;", b'\''),
    (b"lowbar;", b'_'),
    (b"amp;", b'&'),
    (b"lt;", b'<'),
    (b"gt;", b'>'),
    (b"num;", b'#'),
    (b"colon;", b':'),
    (b"commat;", b'@'),
    (b"sol;", b'/'),
    (b"nbsp;", b' '),
];

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    // Where the last key ended that was read.
    let mut done = 0;
    let is_sign = |t: &&Trigger| match t.sign {
        Sign::Escapes => true,
        Sign::Name => t.leads_to_escapes(text),
        Sign::Pieces if is_rest(text, t.span) => true,
        Sign::Pieces => t.span.start >= done && goes_on(text, t.span, &mut done),
        _ => false,
    };
    let signs = triggers.iter().filter(is_sign).map(|t| t.span);
    for window in windows(text, signs, (REACH, REACH)) {
        let layer = unescape(text, window, KINDS);
        if !layer.is_unchanged() {
            layers.push(layer);
        }
    }
}

/// True when the literal is what escapes leave: `jvx_&#108;ive_`, `j%76x_live_`.
fn is_rest(text: &[u8], literal: Span) -> bool {
    let (before, after) = (&text[..literal.start], &text[literal.end..]);
    let escapes = |near: &[u8]| near.iter().any(|b| matches!(b, b'\\' | b'%' | b'&'));
    match &text[literal.range()] {
        b"jvx" => {
            !after.starts_with(b"_live_") && escapes(&after[..after.len().min("_live_".len())])
        }
        b"x_live_" => {
            !before.ends_with(b"jv") && escapes(&before[before.len().saturating_sub(LONGEST)..])
        }
        _ => false,
    }
}

/// True when a key that begins at the literal goes on behind an escape: `jvx_live_abc\u002ddef`.
fn goes_on(text: &[u8], literal: Span, done: &mut usize) -> bool {
    if &text[literal.range()] != b"jvx" || !text[literal.end..].starts_with(b"_live_") {
        return false;
    }
    let end = run(text, literal.start).end;
    *done = end;
    let rest = &text[end..text.len().min(end + LONGEST)];
    escape(rest)
        .is_some_and(|(byte, length)| is_part(&byte) && rest.get(length).is_some_and(is_part))
}

/// A part of a text without the escapes that begin with one of these bytes.
pub(in crate::decode) fn unescape(text: &[u8], window: Span, kinds: &[u8]) -> Layer {
    let mut layer = Layer::new(Dress::Escaped);
    let (mut literal, mut at) = (window.start, window.start);
    while at < window.end {
        let rest = &text[at..window.end];
        let escape = kinds.contains(&text[at]).then(|| escape(rest)).flatten();
        match escape {
            Some((byte, length)) => {
                layer.push(&text[literal..at], Span::new(literal, at));
                layer.push(&[byte], Span::new(at, at + length));
                at += length;
                literal = at;
            }
            None => at += 1,
        }
    }
    layer.push(&text[literal..at], Span::new(literal, at));
    layer
}

/// The byte that `rest` begins with an escape of, and the escape's length. Only ASCII: nothing else
/// is part of a key or of a header's name.
fn escape(rest: &[u8]) -> Option<(u8, usize)> {
    match rest.first()? {
        b'%' if matches!(rest.get(1), Some(b'u')) => {
            hex_digits(&rest[2..], 4).map(|byte| (byte, 6))
        }
        b'%' => hex_digits(&rest[1..], 2).map(|byte| (byte, 3)),
        b'&' => reference(&rest[1..]).map(|(byte, length)| (byte, length + 1)),
        b'\\' => backslash(&rest[1..]).map(|(byte, length)| (byte, length + 1)),
        _ => None,
    }
}

fn backslash(rest: &[u8]) -> Option<(u8, usize)> {
    match rest.first()? {
        b'u' | b'x' if rest.get(1) == Some(&b'{') => {
            let digits = rest[2..]
                .iter()
                .take(6)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
            let closed = rest.get(2 + digits) == Some(&b'}');
            let byte = hex_digits(&rest[2..], digits)?;
            closed.then_some((byte, digits + 3))
        }
        b'x' => hex_digits(&rest[1..], 2).map(|byte| (byte, 3)),
        b'u' => hex_digits(&rest[1..], 4).map(|byte| (byte, 5)),
        b'U' => hex_digits(&rest[1..], 8).map(|byte| (byte, 9)),
        b'0'..=b'3' => {
            let octal = rest.get(..3)?;
            let all = octal.iter().all(|b| (b'0'..=b'7').contains(b));
            let byte = octal
                .iter()
                .fold(0_u32, |sum, b| sum * 8 + u32::from(b & 7));
            (all && byte < 128).then_some((byte as u8, 3))
        }
        b'"' | b'\'' | b'/' | b'_' | b'-' | b':' | b'=' | b'#' | b'!' | b'@' => Some((rest[0], 1)),
        b'\\' => escaped_again(rest),
        _ => None,
    }
}

/// An escape whose backslash was escaped in turn, as JSON in a string in JSON has it: up to
/// [`AGAIN`] more backslashes and what they escape.
fn escaped_again(rest: &[u8]) -> Option<(u8, usize)> {
    let more = rest
        .iter()
        .take(AGAIN + 1)
        .take_while(|b| **b == b'\\')
        .count();
    let escaped = rest.get(more).filter(|b| b"\"'/ux0123".contains(b));
    if more > AGAIN || escaped.is_none() {
        return None;
    }
    backslash(&rest[more..]).map(|(byte, length)| (byte, length + more))
}

fn reference(rest: &[u8]) -> Option<(u8, usize)> {
    if let Some((name, byte)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
        return Some((*byte, name.len()));
    }
    let rest = rest.strip_prefix(b"#")?;
    let (radix, skip) = match rest.first()? {
        b'x' | b'X' => (16, 1),
        _ => (10, 0),
    };
    let end = rest.iter().take(10).position(|b| *b == b';')?;
    let digits = std::str::from_utf8(rest.get(skip..end)?).ok()?;
    let byte = u8::from_str_radix(digits, radix)
        .ok()
        .filter(u8::is_ascii)?;
    Some((byte, end + 2))
}

/// The ASCII character that `count` hexadecimal digits spell.
fn hex_digits(rest: &[u8], count: usize) -> Option<u8> {
    let digits = rest.get(..count).filter(|d| !d.is_empty())?;
    let all = digits.iter().all(u8::is_ascii_hexdigit);
    let value = digits
        .iter()
        .fold(0_u64, |sum, b| sum << 4 | u64::from(digit(*b)));
    (all && value < 128).then_some(value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unescaped(text: &str) -> String {
        let layer = unescape(text.as_bytes(), Span::new(0, text.len()), KINDS);
        String::from_utf8(layer.text).unwrap()
    }

    #[test]
    fn every_kind_of_escape_is_undone() {
        for text in [
            r"\x6avx_live_",
            r"\u006avx_live_",
            r"\u{6a}vx_live_",
            r"\152vx_live_",
            "%6Avx%5Flive%5f",
            "&#106;vx&lowbar;live&#x5f;",
            "&#0106;&#000118;x_live&#x005f;",
            r"\x{6a}\u{0076}x_live_",
            r"\\152\\166x_live_",
            "%u006avx_live_",
            r"jvx\_live\_",
            r"\U0000006avx_live_",
        ] {
            assert_eq!(unescaped(text), "jvx_live_", "{text}");
        }
    }

    #[test]
    fn a_prefix_of_which_any_part_is_escaped_is_found() {
        for text in [
            r"j\x76x_live_Abc",
            "jvx_%6cive_Abc",
            "jvx_live%5FAbc",
            r"jvx\_live\_Abc",
            "jvx_l&#105;v&#x65;_Abc",
            r"\U0000006a\U00000076x_live_Abc",
            r"\u{6a}\u{76}x_live_Abc",
            r"\x6av\x78\x5f\x6ci\x76e\x5fAb\x63",
            r"jv\x78\x5flive_Abc",
            r"\u006avx_l\u0069ve_Abc",
            "&#106;&#x76;&#120;&#x5f;&#108;&#x69;ve_Abc",
        ] {
            let layers = crate::decode::layers_of(text.as_bytes());
            let found = layers.iter().any(|l| l.text == b"jvx_live_Abc");
            assert!(found, "{text}");
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [r"\q \u12 %zz & &#; \x 100% é", "a & b", r"\n"] {
            assert_eq!(unescaped(text), text);
        }
    }
}
