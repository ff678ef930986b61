//! Bytes inside bytes: encodings, escapes and pieces, each with a way back to where it is stored.
//!
//! [`text()`] turns a whole blob into the text that lines and columns refer to. [`layers`] finds
//! encoded parts in that text; a [`Layer`] maps every span of its decoded text to the stored bytes
//! that it came from. Every decoder starts from a literal that its encoding leaves (`trigger`) and
//! looks at a bounded window around it, so that all of them together are linear in the text.

pub mod archive;
mod encoded;
pub mod image;
mod layer;
mod literal;
mod map;
mod sign;
mod text;

pub use encoded::inflate::Inflation;
pub use layer::Layer;
pub use literal::{PREFIX, SHORTEST_BODY, WHOLE_BODY};
pub use map::{inline_map, source_map};
#[cfg(test)]
pub use sign::forms::dressed;
pub use sign::forms::{Form, all as forms};
pub use sign::mark::{may_hold_key, may_hold_url};
pub use sign::sampled::{Literal, SHORTEST, Sampled};
pub use sign::signs::Signs;
pub use sign::table::{Needle, literals, needles};
pub use text::display::goes_on_unseen;

use crate::model::Span;
use encoded::{base64, codes, hex, inflate};
use literal::{format, join, lines, named, pieces, word_list};
use sign::trigger::Trigger;
#[cfg(test)]
use sign::{forms, signs, table, trigger};
use std::borrow::Cow;
use text::{display, escape, reverse, url, utf16, utf32, wide};

/// The text of a blob: what is UTF-16 or UTF-32 of it becomes UTF-8, a byte-order mark is dropped, all else stays.
pub fn text(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.starts_with(MARK) {
        return Cow::Borrowed(without_mark(bytes));
    }
    match wide::decode(bytes) {
        Some(text) => Cow::Owned(text),
        None => Cow::Borrowed(bytes),
    }
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text behind its byte order mark of UTF-8, if it has one.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(MARK).unwrap_or(bytes)
}

/// True when `bytes` begin as a text in UTF-16 or UTF-32 does, or such a text follows one of single bytes: in it no
/// search for words sees anything before it is decoded.
pub fn is_wide(bytes: &[u8]) -> bool {
    wide::is_wide(bytes)
}

/// How many of its first bytes decide whether a text is wide.
pub const WIDE: usize = utf16::SAMPLE;

/// How many encodings may lie inside one another: base64 in JSON escapes in base64 is three.
pub const DEPTH: usize = 3;

/// A text with what is known of it.
struct SignedText<'t> {
    bytes: &'t [u8],
    triggers: &'t [Trigger],
    names: &'t [Span],
    inflation: &'t Inflation,
}

/// Takes one kind of encoding off a text.
#[derive(Debug)]
pub struct Decoder {
    /// Its file, from this folder.
    pub file: &'static str,
    /// What it takes off, in Markdown.
    pub takes_off: &'static str,
    decode: fn(&SignedText<'_>, &mut Vec<Layer>),
}

impl Decoder {
    const fn new(
        file: &'static str,
        takes_off: &'static str,
        decode: fn(&SignedText<'_>, &mut Vec<Layer>),
    ) -> Self {
        Self {
            file,
            takes_off,
            decode,
        }
    }
}

/// All decoders, in the order in which they are asked.
#[rustfmt::skip]
pub static DECODERS: [Decoder; 12] = [
    Decoder::new("encoded/base64", base64::TAKES_OFF, |text, found| base64::decode(text.bytes, text.triggers, found)),
    Decoder::new("encoded/inflate", inflate::TAKES_OFF, |text, found| inflate::decode(text.bytes, text.triggers, text.inflation, found)),
    Decoder::new("encoded/hex", hex::TAKES_OFF, |text, found| hex::decode(text.bytes, text.triggers, found)),
    Decoder::new("encoded/codes", codes::TAKES_OFF, |text, found| codes::decode(text.bytes, text.triggers, found)),
    Decoder::new("text/reverse", reverse::TAKES_OFF, |text, found| reverse::decode(text.bytes, text.triggers, found)),
    Decoder::new("text/utf16", utf16::TAKES_OFF, |text, found| utf16::embedded(text.bytes, text.triggers, found)),
    Decoder::new("text/escape", escape::TAKES_OFF, |text, found| escape::decode(text.bytes, text.triggers, found)),
    Decoder::new("text/url", url::TAKES_OFF, |text, found| url::decode(text.bytes, text.triggers, found)),
    Decoder::new("text/display", display::TAKES_OFF, |text, found| display::decode(text.bytes, text.triggers, found)),
    Decoder::new("literal/lines", lines::TAKES_OFF, |text, found| lines::decode(text.bytes, text.names, found)),
    Decoder::new("literal/pieces", pieces::TAKES_OFF, |text, found| pieces::decode(text.bytes, text.triggers, found)),
    Decoder::new("literal/join", join::TAKES_OFF, |text, found| join::decode(text.bytes, text.names, found)),
];

/// What else takes something off: whole texts, and the parts of `literal/pieces` and of bundles.
pub const OTHERS: [(&str, &str); 7] = [
    ("text/utf32", utf32::TAKES_OFF),
    ("text/wide", wide::TAKES_OFF),
    ("literal/word_list", word_list::TAKES_OFF),
    ("literal/format", format::TAKES_OFF),
    ("literal/named", named::TAKES_OFF),
    ("map/source_map", source_map::TAKES_OFF),
    ("map/inline_map", inline_map::TAKES_OFF),
];

/// The encoded parts of a text, decoded once. What is encoded inside them is found by asking again, up
/// to [`DEPTH`] times in all. What is compressed counts against the inflation.
pub fn layers(text: &[u8], signs: &Signs, inflation: &Inflation) -> Vec<Layer> {
    let mut layers = Vec::new();
    let text = SignedText {
        bytes: text,
        triggers: &signs.triggers,
        names: &signs.names,
        inflation,
    };
    for decoder in &DECODERS {
        (decoder.decode)(&text, &mut layers);
    }
    layers
}

/// The literals of which one wakes a file: every sign of a key.
#[cfg(test)]
pub fn waking() -> impl Iterator<Item = Vec<u8>> {
    let forms = forms::all().into_iter().map(|form| form.literal);
    let signs = table::waking().map(|(literal, sign)| match sign {
        trigger::Sign::Characters if literal[2] == b'v' => {
            [literal, &literal[..1], b",", &literal[..1], b"x_"].concat()
        }
        trigger::Sign::Characters => [literal, &literal[..1], b"vx"].concat(),
        _ => literal.to_vec(),
    });
    signs.chain(forms)
}

/// As [`layers`], for a text whose signs nobody has looked for yet, with what is encoded inside.
#[cfg(test)]
fn layers_of(text: &[u8]) -> Vec<Layer> {
    let inflation = Inflation::new(text.len());
    let mut found = layers(text, &signs::find(text), &inflation);
    let mut fresh = 0;
    for _ in 1..DEPTH {
        let end = found.len();
        for outer in fresh..end {
            let text = &found[outer].text;
            let inner = layers(text, &signs::find(text), &inflation).into_iter();
            let inner: Vec<_> = inner.map(|layer| layer.inside(&found[outer])).collect();
            found.extend(inner);
        }
        fresh = end;
    }
    found
}

/// True when something in a text is read as a key with the body `abcdef`.
#[cfg(test)]
fn is_read(text: &str) -> bool {
    let found = layers_of(text.as_bytes());
    found.iter().any(|l| l.text.starts_with(b"jvx_live_abcdef"))
}
