//! A sign that something encoded left in a text, and the windows around such signs.

use crate::decode::PREFIX;
use crate::model::Span;

/// What a literal is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::decode) enum Sign {
    /// Base64 whose groups of four begin this many bytes after the literal's first byte, modulo 4.
    Base64(u8),
    /// The same with small letters before capitals, as obfuscators of JavaScript write it.
    SwappedBase64(u8),

    /// The beginning of something compressed, in base64.
    Compressed,
    /// Pairs of hexadecimal digits.
    Hex,
    /// A list of character codes.
    Codes,
    /// The first character or two of a key by themselves, and others behind them.
    Characters,
    /// Text back to front.
    Reversed,
    /// UTF-16 among other bytes.
    Utf16,
    /// String escapes, percent-encoding or character references.
    Escapes,
    /// The slashes of a URL in escapes, with what may be a password behind.
    Slashes,
    /// The beginning of a key, or what escapes leave of it.
    Pieces,
    /// A name whose value may be in pieces.
    Name,
}

/// A literal in a text that something encoded may be found by.
#[derive(Clone, Copy, Debug)]
pub(in crate::decode) struct Trigger {
    pub(in crate::decode) sign: Sign,
    pub(in crate::decode) span: Span,
}

impl Trigger {
    /// True when a header's name is followed by escapes: `authorization%3A`.
    pub(in crate::decode) fn leads_to_escapes(&self, text: &[u8]) -> bool {
        let is_escape = match &text[self.span.end..] {
            [b'\\', next, ..] => matches!(next, b'u' | b'U' | b'x' | b'X'),
            after => matches!(after.first(), Some(b'%' | b'&')),
        };
        is_escape && text[self.span.range()].eq_ignore_ascii_case(b"authorization")
    }

    /// Where the first piece of a key may begin, behind its quote.
    pub(in crate::decode) fn first_piece(&self, text: &[u8]) -> Option<usize> {
        match (self.sign, &text[self.span.range()]) {
            (Sign::Pieces, b"jvx") => Some(self.span.start),
            (Sign::Characters, _) => Some(self.span.start + 1),
            _ => None,
        }
    }

    /// True for a sign of a key that is not masked already, and not of a header alone.
    pub(in crate::decode) fn tells_key(&self, text: &[u8]) -> bool {
        let (literal, start) = (&text[self.span.range()], self.span.start);
        match (self.sign, literal) {
            (Sign::Pieces, b"jvx") => {
                !text[self.span.end..].starts_with(b"leaks") && !is_masked(&text[start..])
            }
            (Sign::Pieces, b"x_live_") => {
                let whole = start.checked_sub(2).map(|at| &text[at..]);
                !whole.is_some_and(is_masked)
            }
            (Sign::Pieces | Sign::Name | Sign::Slashes, _) => false,
            (Sign::Base64(_), _) => !HEADER_IN_BASE64.contains(&literal),
            _ => true,
        }
    }
}

/// True when `rest` begins with what reports show of a key: `jvx_live_9fKq...`.
fn is_masked(rest: &[u8]) -> bool {
    let Some(body) = rest.strip_prefix(PREFIX) else {
        return false;
    };
    let part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-');
    let shown = body.iter().take_while(part).count();
    shown <= 4 && body[shown..].starts_with(b"...")
}

/// The signs of a header's name in base64 and of Docker's `{"auths":`; the others are those of a key.
const HEADER_IN_BASE64: [&[u8]; 4] = [
    b"V0aG9yaXphdGlvb",
    b"1dGhvcml6YXRpb2",
    b"dXRob3JpemF0aW9u",
    b"eyJhdXRocyI6",
];

/// Windows of so many bytes before and behind some spans that come in order, merged where they touch.
pub(in crate::decode) fn windows(
    text: &[u8],
    spans: impl Iterator<Item = Span>,
    (before, behind): (usize, usize),
) -> Vec<Span> {
    let mut windows: Vec<Span> = Vec::new();
    for span in spans {
        let start = span.start.saturating_sub(before);
        let end = (span.end + behind).min(text.len());
        match windows.last_mut() {
            Some(last) if last.end >= start => last.end = last.end.max(end),
            _ => windows.push(Span::new(start, end)),
        }
    }
    windows
}
