//! Bytes inside bytes: encodings, escapes and pieces, each with a way back to where it is stored.
//!
//! [`text()`] turns a whole blob into the text that lines and columns refer to. [`layers`] finds
//! encoded parts in that text; a [`Layer`] maps every span of its decoded text to the stored bytes
//! that it came from. Every decoder starts from a literal that its encoding leaves (`trigger`) and
//! looks at a bounded window around it, so that all of them together are linear in the text.

pub mod archive;
mod encoded;
mod layer;
mod literal;
mod map;
mod sign;
mod text;

pub use encoded::inflate::Inflation;
pub use layer::Layer;
pub use map::{inline_map, source_map};
#[cfg(test)]
pub use sign::forms::dressed;
pub use sign::forms::{Form, all as forms};
pub use sign::mark::{may_hold_key, may_hold_url};
pub use sign::sampled::{Literal, SHORTEST, Sampled};
pub use sign::signs::Signs;
pub use sign::table::{Needle, literals, needles};
pub use text::display::goes_on_unseen;

use encoded::{base64, codes, hex, inflate};
use literal::{join, lines, pieces};
#[cfg(test)]
use sign::{forms, signs, table, trigger};
use std::borrow::Cow;
use text::{display, escape, reverse, url, utf16, wide};

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

/// The encoded parts of a text, decoded once. What is encoded inside them is found by asking again, up
/// to [`DEPTH`] times in all. What is compressed counts against the inflation.
pub fn layers(text: &[u8], signs: &Signs, inflation: &Inflation) -> Vec<Layer> {
    let mut layers = Vec::new();
    let Signs { triggers, names } = signs;
    base64::decode(text, triggers, &mut layers);
    inflate::decode(text, triggers, inflation, &mut layers);
    hex::decode(text, triggers, &mut layers);
    codes::decode(text, triggers, &mut layers);
    reverse::decode(text, triggers, &mut layers);
    utf16::embedded(text, triggers, &mut layers);
    escape::decode(text, triggers, &mut layers);
    url::decode(text, triggers, &mut layers);
    display::decode(text, triggers, &mut layers);
    lines::decode(text, names, &mut layers);
    pieces::decode(text, triggers, &mut layers);
    join::decode(text, names, &mut layers);
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
