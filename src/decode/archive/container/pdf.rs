//! The compressed streams of a PDF: pages, objects, attached files
//! ([ISO 32000](https://pdfa.org/resource/iso-32000-2/), 7.3.8 and 7.4).

use super::super::budget::{Budget, BudgetEnd};
use super::super::crates;
use super::super::member::{FoundMember, MemberSink, member};
use memchr::memmem;
use std::borrow::Cow;
use std::cell::Cell;

/// What stands before the bytes of a stream.
const STREAM: &[u8] = b"stream";

/// How far before it its dictionary may begin.
const DICTIONARY: usize = 8 << 10;

/// The words for a PDF whose streams are encrypted.
pub(in crate::decode::archive) const ENCRYPTED: &str = "encrypted PDF";

/// The words for what pages show: a string for each few letters, in the codes of a font. Only what stands
/// in one string, in letters, can be found.
pub(in crate::decode::archive) const DRAWN: &str = "text drawn by PDF pages";

/// The words for a stream that is packed in a way that is not known here, as LZW.
pub(in crate::decode::archive) const UNKNOWN: &str = "PDF stream of an unknown filter";

pub(in crate::decode::archive) fn read(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    if is_encrypted(bytes) {
        return sink(FoundMember::Skipped(ENCRYPTED));
    }
    let mut is_drawn = draws_text(bytes);
    streams(bytes, budget, &mut |found| {
        if let FoundMember::Member(member) = &found {
            is_drawn = is_drawn || draws_text(member.bytes);
        }
        sink(found);
    });
    if is_drawn {
        sink(FoundMember::Skipped(DRAWN));
    }
}

fn streams(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    let mut done = 0;
    while let Some(found) = memmem::find(&bytes[done..], STREAM)
        && !budget.is_spent()
    {
        let at = done + found;
        let dictionary = &bytes[done.max(at.saturating_sub(DICTIONARY))..at];
        done = at + STREAM.len();
        let is_end = dictionary.ends_with(b"end");
        let data = &bytes[done..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        if let Some(data) = data.strip_prefix(b"\n").filter(|_| !is_end) {
            done += stream(dictionary, data, at, budget, sink);
        }
    }
}

/// The trailer of an encrypted file says with what: `/Encrypt 5 0 R`.
fn is_encrypted(bytes: &[u8]) -> bool {
    let mark = b"/Encrypt";
    memmem::find_iter(bytes, mark).any(|at| {
        let next = bytes.get(at + mark.len());
        next.is_some_and(|b| b.is_ascii_whitespace() || *b == b'<')
    })
}

/// Hands out what is in the stream that `data` begins with; how many bytes of it need no other look.
fn stream(
    dictionary: &[u8],
    data: &[u8],
    at: usize,
    budget: &Budget,
    sink: MemberSink<'_>,
) -> usize {
    let (path, dictionary) = object(dictionary, at);
    let (mut data, mut length) = (Cow::Borrowed(data), 0);
    for filter in filters(dictionary) {
        match filter {
            b"ASCII85Decode" | b"A85" | b"ASCIIHexDecode" | b"AHx" => {
                let end = data.iter().position(|b| matches!(b, b'~' | b'>'));
                let text = &data[..end.unwrap_or(data.len())];
                length += text.len();
                data = Cow::Owned(if filter.ends_with(b"x") || filter.contains(&b'H') {
                    hexadecimal(text)
                } else {
                    base85(text)
                });
            }
            b"FlateDecode" | b"Fl" => {
                let read = inflate(path.as_bytes(), &data, budget, sink);
                return length.max(read);
            }
            // There is no text in an image.
            b"DCTDecode" | b"JPXDecode" | b"CCITTFaxDecode" | b"JBIG2Decode" => return length,
            _ => {
                sink(FoundMember::Skipped(UNKNOWN));
                return length;
            }
        }
    }
    if let Cow::Owned(text) = &data {
        let reader = budget.metered(text.as_slice());
        member(path.as_bytes(), reader, None, |_| None, budget, sink);
    }
    length
}

/// Inflates what is behind the two bytes of a zlib header, up to its end, as readers of PDFs do: many
/// writers get the checksum wrong. How many bytes of it that was, if it has an end.
fn inflate(path: &[u8], data: &[u8], budget: &Budget, sink: MemberSink<'_>) -> usize {
    let behind = Cell::new(0);
    let stream = crates::deflate(data.get(2..).unwrap_or_default(), &behind);
    let reader = budget.metered(stream);
    match member(path, reader, None, |_| None, budget, sink) {
        BudgetEnd::Whole => data.len() - behind.get(),
        _ => 0,
    }
}

/// True of a stream that shows text: `BT /F1 12 Tf [(jv) -20 (x)] TJ ET`.
fn draws_text(stream: &[u8]) -> bool {
    let is_space = |at: usize| stream.get(at).is_none_or(u8::is_ascii_whitespace);
    let shows = |operator: &[u8; 2]| {
        memmem::find_iter(stream, operator).any(|at| {
            let operand = stream[..at].trim_ascii_end();
            is_space(at + 2) && matches!(operand, [.., b')' | b']' | b'>'])
        })
    };
    let mut begins = memmem::find_iter(stream, b"BT");
    begins.any(|at| is_space(at + 2) && (at == 0 || is_space(at - 1)))
        && (shows(b"Tj") || shows(b"TJ"))
}

/// The name for an object, `object-12`, and its dictionary, by what stands before a stream: `12 0 obj
/// <</Length 9>>`. One without a number is named by the place of its stream.
fn object(before: &[u8], at: usize) -> (String, &[u8]) {
    let start = memmem::rfind(before, b"obj");
    let (head, dictionary) = before.split_at(start.unwrap_or_default());
    let mut words = head.trim_ascii_end().rsplit(u8::is_ascii_whitespace);
    let number = words.nth(1).filter(|number| !number.is_empty());
    let number = number.filter(|number| number.iter().all(u8::is_ascii_digit));
    match number.and_then(|number| std::str::from_utf8(number).ok()) {
        Some(number) => (format!("object-{number}"), dictionary),
        None => (format!("stream-{at}"), dictionary),
    }
}

/// The names behind `/Filter`: `/FlateDecode`, or `[/ASCII85Decode /FlateDecode]`.
fn filters(dictionary: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mark = b"/Filter";
    let start = memmem::find(dictionary, mark).map(|at| at + mark.len());
    let rest = start.map_or(&b""[..], |start| dictionary[start..].trim_ascii_start());
    let (list, most) = match rest.strip_prefix(b"[") {
        Some(list) => (list.split(|b| *b == b']').next().unwrap_or_default(), 9),
        None => (rest, 1),
    };
    let names = list.split(|b| *b == b'/').skip(1).take(most);
    names.map(|name| {
        let end = name.iter().position(|b| !b.is_ascii_alphanumeric());
        &name[..end.unwrap_or(name.len())]
    })
}

/// `6a7678` is `jvx`.
fn hexadecimal(text: &[u8]) -> Vec<u8> {
    let digits = text.iter().filter_map(|b| char::from(*b).to_digit(16));
    let digits: Vec<u8> = digits.map(|digit| digit as u8).collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default())
        .collect()
}

/// Five characters from `!` to `u` are four bytes, and `z` is four times zero.
fn base85(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut number, mut count) = (0_u32, 0);
    for b in text {
        match b {
            b'z' if count == 0 => bytes.extend([0; 4]),
            b'!'..=b'u' => {
                number = number.wrapping_mul(85).wrapping_add(u32::from(b - b'!'));
                count += 1;
            }
            _ => {}
        }
        if count == 5 {
            bytes.extend(number.to_be_bytes());
            (number, count) = (0, 0);
        }
    }
    if count > 1 {
        let filled = (count..5).fold(number, |n, _| n.wrapping_mul(85).wrapping_add(84));
        bytes.extend(&filled.to_be_bytes()[..count - 1]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_names_behind_their_word() {
        let listed = |text: &str| {
            let names = filters(text.as_bytes());
            names
                .map(|name| String::from_utf8_lossy(name).into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(listed("<</Filter/FlateDecode/Length 9>>"), "FlateDecode");
        assert_eq!(listed("<< /Filter [ /A85 /Fl ] /X /Y >>"), "A85 Fl");
        assert_eq!(listed("<</Length 9>>"), "");
        assert_eq!(listed("<</Filter 5 0 R>>"), "");
    }

    #[test]
    fn text_is_drawn_by_operators() {
        assert!(draws_text(b"BT /F1 12 Tf [(jv) -20 (x)] TJ ET"));
        assert!(draws_text(b"q\nBT\n<0102>Tj"));
        assert!(!draws_text(b"BT Tj TJ"));
        assert!(!draws_text(b"(ABT ) Tj"));
    }

    #[test]
    fn letters_become_bytes() {
        assert_eq!(hexadecimal(b"6a 7678\n7"), b"jvxp");
        // As Python's `base64.a85encode` writes them.
        assert_eq!(
            base85(b"9jqo^BlbD-BleB1DJ+*+F(f,q"),
            b"Man is distinguished"
        );
        assert_eq!(base85(b"z9jqo"), b"\0\0\0\0Man");
    }
}
