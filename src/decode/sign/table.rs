//! The literals that encodings of `jvx_live_` and `authorization` leave in a text.

use super::super::map::inline_map;
use super::super::text::url;
use super::trigger::{Sign, Trigger};
use crate::model::Span;
use aho_corasick::AhoCorasick;
use memchr::memmem;
use std::sync::LazyLock;

/// Signs and their literals, told apart by `|`, and whether these count in this case of letters only.
///
/// These are the short signs, and `forms` makes the long ones. Those of base64 are the parts that do not depend on
/// the bytes before, for each of the three alignments, of `jvx_live_` and of `uthorization`; of the former in two
/// halves each, since a line may end between groups of four characters, and the first is that of `jvx_` alone, since
/// the key may go on in another piece or behind an escape. The last of them is how the configuration of Docker
/// begins (`{"auths":`).
///
/// A gzip stream begins with the same three bytes, and Helm encodes it twice. The two of zlib are told by what
/// stands before them, for usual and for best compression.
const TABLE: [(Sign, bool, &str); 16] = [
    (
        Sign::Base64(0),
        true,
        "anZ4X|X2xpdmVf|dnhf|bGl2ZV|eF9saXZl|dXRob3JpemF0aW9u|eyJhdXRocyI6",
    ),
    (Sign::Base64(1), true, "1dGhvcml6YXRpb2"),
    (Sign::Base64(2), true, "p2eF|V0aG9yaXphdGlvb"),
    (
        Sign::Compressed,
        true,
        "H4sI|SDRzS|\"eJw|\"eJx|\"eJy|\"eJz|\"eNo|\"eNp|\"eNq|\"eNr|'eJw|'eJx|'eJy|'eJz|'eNo|'eNp|'eNq|'eNr\
         | eJw| eJx| eJy| eJz| eNo| eNp| eNq| eNr",
    ),
    (Sign::Characters, true, "'j'|'jv|\"j\"|\"jv|`j`|`jv"),
    (Sign::Reversed, true, "_evil_xvj"),
    (Sign::Escapes, false, "%6a%76%78"),
    (Sign::Utf16, true, "j\0v\0x\0_"),
    (
        Sign::Slashes,
        true,
        r":\/\/|:\\/\\/|:\\\/\\\/|\://|&#47;&#47;",
    ),
    (Sign::Slashes, false, r"\u002f\u002f|&#x2f;&#x2f;|%2f%2f"),
    (Sign::Pieces, true, "jvx|x_live_"),
    // A row each: in one text, as in the built program, a name with `|` behind it is the cell of a table.
    (Sign::Name, false, "authorization"),
    (Sign::Name, false, "bearer"),
    (Sign::Name, false, "-key"),
    (Sign::Name, false, "-token"),
    (Sign::Name, false, "apikey"),
];

/// `(literal, sign, exact)`
type Signed = (&'static [u8], Sign, bool);

/// The short signs.
pub(in crate::decode) static SIGNS: LazyLock<Vec<Signed>> = LazyLock::new(|| {
    let row = |(sign, exact, literals): &(Sign, bool, &'static str)| {
        let (sign, exact, literals) = (*sign, *exact, *literals);
        literals
            .split('|')
            .map(move |literal| (literal.as_bytes(), sign, exact))
    };
    TABLE.iter().flat_map(row).collect()
});

/// A literal to look for in the raw bytes of every blob.
#[derive(Clone, Copy, Debug)]
pub struct Needle {
    /// The literal.
    pub literal: &'static [u8],
    /// Where in it the four bytes begin that are searched for, if that matters: those that it shares with
    /// others, or that are the same in any case of letters.
    pub part: Option<usize>,
    /// How far behind it bytes decide whether it counts.
    pub reach: usize,
    pub(super) counts: fn(&[u8], Span) -> bool,
}

impl Needle {
    /// One that counts wherever it stands.
    pub(super) fn new(literal: &'static [u8], part: Option<usize>) -> Self {
        Self {
            literal,
            part,
            reach: 0,
            counts: |_, _| true,
        }
    }

    /// The slashes of a URL.
    pub(super) fn slashes(literal: &'static [u8], part: usize) -> Self {
        Self {
            reach: url::REACH,
            counts: url::has_userinfo,
            ..Self::new(literal, Some(part))
        }
    }

    /// A short sign.
    pub(super) fn of(literal: &'static [u8], sign: Sign) -> Self {
        let mut cores = CORES_IN_BASE64.iter();
        let part = cores.find_map(|core| memmem::find(literal, core));
        match sign {
            Sign::Characters => Self {
                reach: SPELLED,
                counts: is_spelled,
                ..Self::new(literal, None)
            },
            _ => Self::new(literal, part),
        }
    }

    /// True when the literal counts that stands at `start` of a text.
    pub fn counts(&self, text: &[u8], start: usize) -> bool {
        (self.counts)(text, Span::new(start, start + self.literal.len()))
    }
}

/// Literals to look for in the raw bytes of every blob: every short sign but names, which rules ask for.
///
/// Those of three bytes are few, since they are searched for apart.
pub fn needles() -> Vec<Needle> {
    let others = [&b"t\0h\0o\0r"[..]].into_iter();
    let others = others.chain(inline_map::NEEDLES.iter().copied());
    let others = others.map(|literal| Needle::new(literal, None));
    let slashes = url::SLASHES.iter();
    let slashes = slashes.map(|(needle, at)| Needle::slashes(needle, *at));
    let waking = waking().map(|(literal, sign)| Needle::of(literal, sign));
    waking.chain(others).chain(slashes).collect()
}

/// The short signs of keys.
pub(in crate::decode) fn waking() -> impl Iterator<Item = (&'static [u8], Sign)> {
    let is_other = |sign: &Sign| matches!(sign, Sign::Name | Sign::Slashes);
    let signs = SIGNS.iter().filter(move |(_, sign, _)| !is_other(sign));
    let signs = signs.map(|(literal, sign, _)| (*literal, *sign));
    let in_capitals: &[u8] = b"%6A%76%78";
    signs.chain([(in_capitals, Sign::Escapes)])
}

/// How far behind a character of a key the next one stands at most, in bytes.
const SPELLED: usize = 24;

/// True when signs and blanks alone stand between the first characters of a key and the literal that begins with the
/// next one: `"j" + "v`, `'jv', 'x`.
fn is_spelled(text: &[u8], literal: Span) -> bool {
    let behind = &text[literal.end..text.len().min(literal.end + SPELLED)];
    let (quote, next, behind) = match (&text[literal.range()], behind) {
        ([quote, b'j', b'v'], [close, behind @ ..]) if close == quote => (*quote, b'x', behind),
        ([quote, b'j', _], behind) => (*quote, b'v', behind),
        _ => return false,
    };
    let between = |b: &u8| b.is_ascii_whitespace() || b",+.&;~|<>\\_".contains(b);
    let gap = behind.iter().take_while(|b| between(b)).count();
    behind[gap..].starts_with(&[quote, next])
}

/// The literals of all signs, in any case of letters, for whoever searches a text for other words in
/// the same go; the number of a literal in this list is what [`Signs::note`](crate::decode::Signs::note)
/// takes.
pub fn literals() -> impl Iterator<Item = &'static [u8]> {
    SIGNS.iter().map(|(literal, ..)| *literal)
}

/// The sign whose literal stands at `span` of `text`; `None` when it does in another case of
/// letters than counts.
pub(super) fn trigger(literal: usize, span: Span, text: &[u8]) -> Option<Trigger> {
    let (bytes, sign, exact) = *SIGNS.get(literal)?;
    // A whole prefix is known by its first letters.
    let is_rest_of_prefix = bytes == b"x_live_" && text[..span.start].ends_with(b"jv");
    let is_written = !exact || &text[span.range()] == bytes;
    let may_count = match sign {
        Sign::Slashes => url::has_userinfo(text, span),
        Sign::Characters => is_spelled(text, span),
        _ => true,
    };
    let counts = !is_rest_of_prefix && is_written && may_count;
    counts.then_some(Trigger { sign, span })
}

/// The group of four in the middle of `jvx_live_` in base64, for each alignment: no line ends inside it.
const CORES_IN_BASE64: [&[u8]; 3] = [b"X2xp", b"bGl2", b"eF9s"];

/// Finds the literals of all signs.
pub(in crate::decode) static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(literals())
        .ok()
});

#[cfg(test)]
mod tests {
    use super::super::signs::find;
    use super::*;
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD_NO_PAD;

    #[test]
    fn every_alignment_of_base64_leaves_a_sign_that_knows_it() {
        for word in ["jvx_live_", "Authorization:", "authorization:"] {
            for before in ["", "x", "xy", "xyz", "{\"k\":\""] {
                let encoded = STANDARD_NO_PAD.encode(format!("{before}{word}ABCDEFGH"));
                let triggers = find(encoded.as_bytes()).triggers;
                let base64 = triggers.iter().filter_map(|t| match t.sign {
                    Sign::Base64(shift) => Some((t.span.start + usize::from(shift)) % 4),
                    _ => None,
                });
                let base64: Vec<_> = base64.collect();
                let is_known = !base64.is_empty() && base64.iter().all(|rest| *rest == 0);
                assert!(is_known, "{before}{word}: {encoded}: {base64:?}");
            }
        }
    }
}
