//! Text without what only mail or a display adds to it, inside a key or between a header's name and its value: soft
//! line breaks and `=5F` of quoted-printable (<https://www.rfc-editor.org/rfc/rfc2045#section-6.7>), markup within a
//! line, invisible characters, and the colours of a terminal, as bytes or written as escapes.

use super::super::literal::{PREFIX, SHORTEST_BODY};
use super::super::sign::trigger::windows;
use crate::decode::Layer;
use crate::decode::literal::run::{is_part, run};
use crate::decode::sign::trigger::{Sign, Trigger};
use crate::model::{Dress, Span};
use crate::syntax::is_listed;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "what mail or a display adds: soft line breaks and `=5F`, tags within a word, invisible characters, colours";

/// How far before and behind a sign a text is read, in bytes.
const REACH: (usize, usize) = (512, 4096);

/// How far behind a name, in bytes, something must stand that is left out.
const BEHIND_NAME: usize = 64;

/// How far before `x_live_` the key may begin, in bytes.
const BEFORE_REST: usize = 512;

/// Longest key of which an end is known to be one, in bytes.
const LONGEST_KEY: usize = 512;

/// Longest tag, and longest control sequence, in bytes.
const LONGEST_TAG: usize = 512;
const LONGEST_SEQUENCE: usize = 32;

/// Most backslashes of an escape.
const AGAIN: usize = 8;

/// How long a line of quoted-printable is that goes on in the next, its `=` with it, in bytes. Its writers fill
/// lines up to 76, but break no character that takes three.
const WIDTHS: std::ops::RangeInclusive<usize> = 70..=76;

/// Elements of HTML that stand within a word, and a search for words or a display of code puts around parts of it.
const WITHIN_WORDS: &str = "a abbr b bdi bdo big code del dfn em font hl i ins kbd mark q r rPr s samp small span strong sub sup t \
    tt u var highlight";

/// Namespaces of office documents, and the elements of them that begin something new.
const OFFICE: [&[u8]; 3] = [b"w:", b"a:", b"text:"];
const BEGIN_ANEW: &str = "w:p w:br w:tab w:tc w:tr a:p a:br text:p text:tab text:line-break";

/// What is left out, or stands for another character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Addition {
    /// Nobody sees it, and it says nothing about what stands around it.
    Nothing,
    /// An element around a part of a word, or around one value beside another.
    Element,
    /// The soft end of a line.
    SoftBreak,
    /// A character that is written as another.
    Character(u8),
}

pub(in crate::decode) fn decode(text: &[u8], triggers: &[Trigger], layers: &mut Vec<Layer>) {
    let mut done = 0;
    let mut cut = Vec::new();
    for trigger in triggers {
        let is_cut = match trigger.sign {
            Sign::Name => true,
            Sign::Pieces if trigger.span.start >= done => is_cut(text, trigger.span, &mut done),
            _ => false,
        };
        if is_cut {
            cut.push(trigger.span);
        }
    }
    for window in windows(text, cut.into_iter(), REACH) {
        let layer = bare(text, window);
        if !layer.is_unchanged() {
            layers.push(layer);
        }
    }
}

/// True when something that is left out stands behind a name.
pub(in crate::decode) fn follows_name(text: &[u8], name: Span) -> bool {
    let end = text.len().min(name.end + BEHIND_NAME);
    (name.end..end).any(|at| {
        let added = added(&text[at..]);
        added.is_some_and(|(added, _)| added != Addition::SoftBreak || is_wide_line(text, at))
    })
}

/// True when what ends at `end` goes on behind a soft line break or something that nobody sees.
pub fn goes_on_unseen(text: &[u8], end: usize) -> bool {
    // The `=` of a soft break may be a character of the value too.
    let before = end.checked_sub(1).filter(|at| text[*at] == b'=');
    let mut starts = before.into_iter().chain([end]);
    starts.any(|at| {
        let added = added(&text[at..]);
        added.is_some_and(|(added, length)| {
            let next = text.get(at + length);
            added != Addition::Element && next.is_some_and(u8::is_ascii_graphic)
        })
    })
}

/// True when a key goes on behind something that is left out. `done` is where the last one ended that was read.
fn is_cut(text: &[u8], literal: Span, done: &mut usize) -> bool {
    if &text[literal.range()] == b"x_live_" {
        let floor = literal.start.saturating_sub(BEFORE_REST).max(*done);
        let before = &text[floor..literal.start];
        let starts = memchr::memrchr_iter(b'j', before).take(4);
        let whole = Span::new(0, literal.end);
        *done = literal.end;
        return starts
            .map(|at| Span {
                start: floor + at,
                ..whole
            })
            .any(|key| bare(text, key).text == PREFIX);
    }
    let first = run(text, literal.start);
    *done = first.end;
    let shown = &text[first.range()];
    if !shown.starts_with(PREFIX) && !PREFIX.starts_with(shown) {
        return false;
    }
    let mut at = first.end;
    while let Some((added, length)) = added(&text[at..]) {
        at += length;
        match added {
            Addition::Character(byte) => return is_part(&byte),
            _ if text.get(at).is_some_and(is_part) => return true,
            _ => {}
        }
    }
    false
}

/// The window without what is left out.
fn bare(text: &[u8], window: Span) -> Layer {
    let mut layer = Layer::new(Dress::Joined);
    let (mut literal, mut at) = (window.start, window.start);
    while at < window.end {
        let found = added(&text[at..window.end]);
        let found = found.filter(|(added, _)| {
            let before = &text[literal..at];
            match added {
                Addition::Element => !ends_in_whole_key(&layer.text, before),
                Addition::SoftBreak => ends_in_key(&layer.text, before) || is_wide_line(text, at),
                Addition::Nothing | Addition::Character(_) => true,
            }
        });
        let Some((added, length)) = found else {
            at += 1;
            continue;
        };
        layer.push(&text[literal..at], Span::new(literal, at));
        if let Addition::Character(byte) = added {
            layer.push(&[byte], Span::new(at, at + length));
        }
        at += length;
        literal = at;
    }
    layer.push(&text[literal..at], Span::new(literal, at));
    layer
}

/// What a key has in two texts, the second behind the first, where they end.
fn last_part(first: &[u8], second: &[u8]) -> Vec<u8> {
    let mut part: Vec<u8> = Vec::new();
    let both = second.iter().rev().chain(first.iter().rev());
    part.extend(both.take(LONGEST_KEY).take_while(|b| is_part(b)));
    part.reverse();
    part
}

/// True where a key, or its first letters, are what a text ends in.
fn ends_in_key(first: &[u8], second: &[u8]) -> bool {
    let part = last_part(first, second);
    let begins = |length: &usize| part.ends_with(&PREFIX[..*length]);
    memchr::memmem::find(&part, PREFIX).is_some() || (1..=PREFIX.len()).any(|n| begins(&n))
}

/// True where a text ends in a key that may be whole: an element behind it may be about something else.
fn ends_in_whole_key(first: &[u8], second: &[u8]) -> bool {
    let part = last_part(first, second);
    let at = memchr::memmem::find(&part, PREFIX);
    at.is_some_and(|at| part.len() >= at + PREFIX.len() + SHORTEST_BODY)
}

/// True when the line that ends at this `=` is as long as those of quoted-printable.
fn is_wide_line(text: &[u8], at: usize) -> bool {
    let floor = at.saturating_sub(*WIDTHS.end() + 1);
    let start = memchr::memrchr(b'\n', &text[floor..at]).map_or(floor, |found| floor + found + 1);
    WIDTHS.contains(&(at + 1 - start))
}

/// What `rest` begins with, if it is left out or stands for a character, and its length.
fn added(rest: &[u8]) -> Option<(Addition, usize)> {
    match rest.first()? {
        b'=' => quoted_printable(rest),
        b'<' => element(rest),
        b'^' => {
            let sequence = rest.strip_prefix(b"^[")?;
            control_sequence(sequence).map(|length| (Addition::Nothing, 2 + length))
        }
        0x1B | 0xC2 | 0xCD | 0xE1 | 0xE2 | 0xEF | b'\\' | b'&' | b'%' => {
            let (character, length) = character(rest)?;
            match character {
                '\u{1B}' => {
                    let sequence = control_sequence(&rest[length..])?;
                    Some((Addition::Nothing, length + sequence))
                }
                _ => is_invisible(character).then_some((Addition::Nothing, length)),
            }
        }
        _ => None,
    }
}

/// A soft line break, or a character that is escaped though it is ASCII: letters and digits never are.
fn quoted_printable(rest: &[u8]) -> Option<(Addition, usize)> {
    let behind = &rest[1..rest.len().min(64)];
    if let [high, low, ..] = behind
        && let Some(byte) = hex(&[*high, *low]).and_then(|code| u8::try_from(code).ok())
        && (byte == b' ' || byte.is_ascii_punctuation())
    {
        return Some((Addition::Character(byte), 3));
    }
    let blank = behind.iter().take_while(|b| matches!(b, b' ' | b'\t'));
    let blank = blank.count();
    let line_end = match behind[blank..] {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => return None,
    };
    Some((Addition::SoftBreak, 1 + blank + line_end))
}

/// A tag of an element within words, or the empty comment that separates two texts of a page.
fn element(rest: &[u8]) -> Option<(Addition, usize)> {
    let rest = &rest[..rest.len().min(LONGEST_TAG)];
    let inside = &rest[1..];
    if let Some(comment) = inside.strip_prefix(b"!--") {
        let blank = comment.iter().take_while(|b| **b == b' ').count();
        let end = 4 + blank + 3;
        return comment[blank..]
            .starts_with(b"-->")
            .then_some((Addition::Nothing, end));
    }
    let name = inside.strip_prefix(b"/").unwrap_or(inside);
    let length = name
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-'));
    let name = &name[..length.count()];
    let is_office = OFFICE.iter().any(|space| name.starts_with(space));
    let added = match name {
        b"wbr" => Addition::Nothing,
        _ if is_office && !is_listed(BEGIN_ANEW, name) => Addition::Nothing,
        _ if is_listed(WITHIN_WORDS, name) => Addition::Element,
        _ => return None,
    };
    let end = inside
        .iter()
        .position(|b| matches!(b, b'>' | b'<' | b'\n'))?;
    (inside[end] == b'>').then_some((added, 1 + end + 1))
}

/// Length of a control sequence behind its escape character: a colour, a style, a link.
fn control_sequence(rest: &[u8]) -> Option<usize> {
    let window = &rest[..rest.len().min(LONGEST_SEQUENCE)];
    match window.first()? {
        b'[' => {
            let parameters = window[1..].iter().take_while(|b| (0x20..0x40).contains(*b));
            let end = 1 + parameters.count();
            let is_final = window.get(end).is_some_and(|b| (0x40..0x7F).contains(b));
            is_final.then_some(end + 1)
        }
        b'(' | b')' => (window.len() > 1).then_some(2),
        b']' => {
            let link = &rest[..rest.len().min(LONGEST_TAG)];
            let ends = |at: &usize| match link[*at] {
                0x07 => true,
                byte => byte == b'\\' && link[..*at].ends_with(b"\x1B"),
            };
            (1..link.len()).find(ends).map(|end| end + 1)
        }
        _ => None,
    }
}

/// A character that is stored as it is, as an escape, as a character reference, or percent-encoded, and its length.
fn character(rest: &[u8]) -> Option<(char, usize)> {
    match rest.first()? {
        b'\\' => escape(rest),
        b'&' => reference(rest),
        b'%' => {
            let bytes: Vec<u8> = rest.chunks(3).take(3).map_while(percent).collect();
            first_character(&bytes).map(|(character, length)| (character, 3 * length))
        }
        _ => first_character(&rest[..rest.len().min(4)]),
    }
}

fn percent(triple: &[u8]) -> Option<u8> {
    let digits = triple
        .strip_prefix(b"%")
        .filter(|digits| digits.len() == 2)?;
    hex(digits).and_then(|code| u8::try_from(code).ok())
}

fn first_character(bytes: &[u8]) -> Option<(char, usize)> {
    let valid = bytes.utf8_chunks().next()?.valid();
    valid.chars().next().map(|c| (c, c.len_utf8()))
}

fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let backslashes = rest.iter().take(AGAIN).take_while(|b| **b == b'\\').count();
    let (letter, behind) = rest[backslashes..].split_first()?;
    let (code, length) = match (letter, behind) {
        (b'e' | b'E', [b'[', ..]) => (0x1B, 0),
        (b'0', [b'3', b'3', ..]) => (0x1B, 2),
        (b'x' | b'u', [b'{', digits @ ..]) => {
            let length = digits.iter().take(6).position(|b| *b == b'}')?;
            (hex(&digits[..length])?, length + 2)
        }
        (b'x', [high, low, ..]) => (hex(&[*high, *low])?, 2),
        (b'u', digits) => (hex(digits.get(..4)?)?, 4),
        _ => return None,
    };
    char::from_u32(code).map(|c| (c, backslashes + 1 + length))
}

fn reference(rest: &[u8]) -> Option<(char, usize)> {
    let end = rest.iter().take(24).position(|b| *b == b';')?;
    let code = match &rest[1..end] {
        b"shy" => 0xAD,
        b"zwnj" => 0x200C,
        b"zwj" => 0x200D,
        b"ZeroWidthSpace" => 0x200B,
        b"NoBreak" => 0x2060,
        [b'#', b'x' | b'X', digits @ ..] => hex(digits)?,
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    char::from_u32(code).map(|c| (c, end + 1))
}

fn hex(digits: &[u8]) -> Option<u32> {
    let is_number = digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
    u32::from_str_radix(text, 16).ok()
}

/// True for characters that take no room: soft hyphens, joiners, marks of direction and of byte order.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{34F}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{FEFF}'
    )
}
