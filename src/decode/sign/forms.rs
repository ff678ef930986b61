//! How the beginning of a key looks in each encoding, and in each encoding of an encoding.
//!
//! The literals are made, not listed: `jvx_live_` is written in every way that is known here, and what comes of
//! the ways that hide bytes of any kind is written again. A literal is a sign for the outermost decoder; in what
//! that takes off, the signs of the next are looked for. They are a thousand, and all are long, so they are
//! searched for apart from the few short ones (`sampled`). Of a key no more is written than the search takes, since
//! what comes behind it may be written in another way, or on the next line.

use super::sampled::{Literal, SHORTEST, Sampled};
use super::trigger::Sign;
use crate::decode::PREFIX;
use crate::syntax::listed;
use std::ops::ControlFlow;
use std::sync::LazyLock;

/// All forms of a key that are long, made ready.
pub(super) static FORMS: LazyLock<Sampled<Form>> =
    LazyLock::new(|| Sampled::new(all().into_iter()));

/// Ways to escape its `_` alone: no sign of its own, since `jvx` stands there, until it is hidden. Written apart from the
/// key, since all literals of this program stand side by side in it.
const UNDERSCORES: &str = r"%5F %5f \u005f \x5f \_ &#95;";

/// Fewest characters of a key that are written.
const FEWEST: usize = 3;

/// So many are enough for base64 at each of the three alignments.
const FOR_BASE64: usize = 9;

/// A literal that an encoding leaves, and what it is a sign of.
#[derive(Clone, Debug)]
pub struct Form {
    pub(in crate::decode) literal: Vec<u8>,
    pub(in crate::decode) sign: Sign,
}

/// A number, as a way to write bytes has it.
#[derive(Clone, Copy, Debug)]
enum Number {
    Decimal(usize),
    Hex(usize),
    Octal(usize),
}

/// A way to write bytes one by one: what stands before each number, the number, and what stands behind it. The last
/// one is written without the latter.
#[derive(Clone, Copy, Debug)]
struct FormRow(Sign, &'static str, Number, &'static str);

/// The ways that other encodings are hidden in, or hidden by.
const HIDING: [FormRow; 8] = [
    FormRow(Sign::Hex, "", Number::Hex(2), ""),
    FormRow(Sign::Escapes, "%", Number::Hex(2), ""),
    FormRow(Sign::Escapes, "\\x", Number::Hex(2), ""),
    FormRow(Sign::Escapes, "\\u", Number::Hex(4), ""),
    FormRow(Sign::Escapes, "\\", Number::Octal(3), ""),
    FormRow(Sign::Escapes, "&#", Number::Decimal(1), ";"),
    FormRow(Sign::Codes, "", Number::Decimal(1), ","),
    FormRow(Sign::Codes, "", Number::Decimal(1), ", "),
];

/// The ways in which people write a key and nothing else.
const OTHERS: [FormRow; 32] = [
    FormRow(Sign::Hex, "", Number::Hex(2), " "),
    FormRow(Sign::Hex, "", Number::Hex(2), ":"),
    FormRow(Sign::Hex, "", Number::Hex(2), "-"),
    FormRow(Sign::Hex, "", Number::Hex(2), ","),
    FormRow(Sign::Hex, "", Number::Hex(2), ", "),
    FormRow(Sign::Escapes, "%u", Number::Hex(4), ""),
    FormRow(Sign::Escapes, "\\\\x", Number::Hex(2), ""),
    FormRow(Sign::Escapes, "\\\\u", Number::Hex(4), ""),
    FormRow(Sign::Escapes, "\\\\\\\\u", Number::Hex(4), ""),
    FormRow(Sign::Escapes, "\\\\", Number::Octal(3), ""),
    FormRow(Sign::Escapes, "\\\\u{", Number::Hex(2), "}"),
    FormRow(Sign::Escapes, "\\\\x{", Number::Hex(2), "}"),
    FormRow(Sign::Escapes, "\\U", Number::Hex(8), ""),
    FormRow(Sign::Escapes, "\\u{", Number::Hex(2), "}"),
    FormRow(Sign::Escapes, "\\u{", Number::Hex(4), "}"),
    FormRow(Sign::Escapes, "\\x{", Number::Hex(2), "}"),
    FormRow(Sign::Escapes, "\\x{", Number::Hex(4), "}"),
    FormRow(Sign::Escapes, "&#", Number::Decimal(4), ";"),
    FormRow(Sign::Escapes, "&#", Number::Decimal(5), ";"),
    FormRow(Sign::Escapes, "&#", Number::Decimal(6), ";"),
    FormRow(Sign::Escapes, "&#", Number::Decimal(7), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(2), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(3), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(4), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(5), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(6), ";"),
    FormRow(Sign::Codes, "", Number::Decimal(1), " "),
    FormRow(Sign::Codes, "", Number::Decimal(1), ",\n"),
    FormRow(Sign::Codes, "", Number::Decimal(1), "#"),
    FormRow(Sign::Codes, "0x", Number::Hex(2), ","),
    FormRow(Sign::Codes, "0x", Number::Hex(2), ", "),
    FormRow(Sign::Codes, "0x", Number::Hex(2), " "),
];

/// Calls for one character, and what joins two of them: `Chr(106) & Chr(118)`, `[char]106+[char]118`.
const CALLS: &str = "chr( Chr( CHR( char( Char( CHAR( ChrW( [char] [Char]";
const JOINS: [&str; 9] = [" & ", "&", " . ", ".", " || ", "||", " + ", "+", ", "];

/// Ways to escape some characters of a literal and leave the others.
const ESCAPES: [FormRow; 5] = [
    FormRow(Sign::Escapes, "\\x", Number::Hex(2), ""),
    FormRow(Sign::Escapes, "\\u", Number::Hex(4), ""),
    FormRow(Sign::Escapes, "\\", Number::Octal(3), ""),
    FormRow(Sign::Escapes, "&#", Number::Decimal(1), ";"),
    FormRow(Sign::Escapes, "&#x", Number::Hex(2), ";"),
];

/// All literals: of a key, and of a key that is hidden once more.
pub fn all() -> Vec<Form> {
    let hidden: Vec<Form> = hiding(PREFIX).collect();
    let half_escaped =
        listed(UNDERSCORES).map(|escape| format!("jvx{escape}live{escape}").into_bytes());
    let half_escaped = half_escaped.flat_map(|text| hiding(&text).collect::<Vec<_>>());
    let others = OTHERS.iter().flat_map(|each| each.of(PREFIX));
    let dumped = [0, 1].into_iter().flat_map(dumped);
    let twice = hidden.iter().flat_map(|form| hiding(&form.literal));
    let mut forms: Vec<Form> = twice
        .chain(half_escaped)
        .chain(others)
        .chain(dumped)
        .chain(calls())
        .chain(mixed())
        .chain(base64(PREFIX).into_iter().map(swapped))
        .collect();
    forms.extend(hidden);
    // What is turned round twice is as it was, and what is turned round once is a short sign.
    forms.retain(|form| form.literal != PREFIX && form.literal.len() >= SHORTEST);
    forms.sort_by(|a, b| a.literal.cmp(&b.literal));
    forms.dedup_by(|a, b| a.literal == b.literal);
    forms
}

/// What bytes look like in every way that hides them.
fn hiding(text: &[u8]) -> impl Iterator<Item = Form> {
    let each = HIDING.iter().flat_map(|each| each.of(text));
    // Nobody writes the units of UTF-16 as UTF-16 again.
    let wide = (!text.contains(&0)).then(|| utf16(text));
    let others = [reversed(text)].into_iter().chain(wide);
    each.chain(others).chain(base64(text))
}

/// Calls for the first character of a key, with as much of the next as is long enough.
fn calls() -> impl Iterator<Item = Form> {
    let joined = |name: &str| {
        let name = name.to_owned();
        JOINS.iter().map(move |join| {
            let close = if name.ends_with('(') { ")" } else { "" };
            Form {
                literal: format!("{name}{}{close}{join}{name}", PREFIX[0]).into_bytes(),
                sign: Sign::Codes,
            }
        })
    };
    listed(CALLS).flat_map(joined)
}

/// Keys of which some of the first characters are escaped, in one way or in the two of character references, as a tool
/// writes them that picks at random: `\x6av\x78\x5f`, `&#106;&#x76;`. Where `jvx` is left as it is, that is a sign.
fn mixed() -> Vec<Form> {
    let alone = ESCAPES.iter().map(std::slice::from_ref);
    let references = &ESCAPES[3..];
    let ways = alone.chain([references]);
    let mut forms = Vec::new();
    for way in ways {
        for is_upper in [false, true] {
            mix(way, is_upper, &mut Vec::new(), PREFIX, &mut forms);
        }
    }
    forms
}

/// Goes on with a literal, of which `rest` is not written yet, in every way until it is long enough.
fn mix(
    ways: &[FormRow],
    is_upper: bool,
    written: &mut Vec<u8>,
    rest: &[u8],
    forms: &mut Vec<Form>,
) {
    let is_left = PREFIX.starts_with(written) && written.len() >= FEWEST;
    let Some((first, rest)) = rest.split_first().filter(|_| !is_left) else {
        return;
    };
    let length = written.len();
    let escaped = ways.iter().map(|way| {
        let FormRow(_, before, number, behind) = way;
        format!("{before}{}{behind}", number.of(*first, is_upper))
    });
    let all = escaped.chain([char::from(*first).to_string()]);
    for text in all.collect::<Vec<_>>() {
        written.extend_from_slice(text.as_bytes());
        if written.len() >= SHORTEST {
            forms.push(Form {
                literal: written.clone(),
                sign: Sign::Escapes,
            })
        } else {
            mix(ways, is_upper, written, rest, forms)
        }
        written.truncate(length);
    }
}

impl FormRow {
    /// What the bytes begin with, with small letters and with capitals where the numbers have some.
    fn of(self, text: &[u8]) -> [Form; 2] {
        [false, true].map(|is_upper| {
            let lengths = FEWEST..=text.len();
            let mut written = lengths.map(|length| self.write(&text[..length], is_upper));
            let long_enough = written.find(|literal| literal.len() >= SHORTEST);
            Form {
                literal: long_enough.unwrap_or_default(),
                sign: self.0,
            }
        })
    }

    fn write(self, text: &[u8], is_upper: bool) -> Vec<u8> {
        let Self(_, before, number, behind) = self;
        let bytes = text.iter().map(|byte| number.of(*byte, is_upper));
        let written: Vec<String> = bytes.map(|number| format!("{before}{number}")).collect();
        written.join(behind).into_bytes()
    }
}

impl Number {
    fn of(self, byte: u8, is_upper: bool) -> String {
        match (self, is_upper) {
            (Self::Decimal(width), _) => format!("{byte:0width$}"),
            (Self::Octal(width), _) => format!("{byte:0width$o}"),
            (Self::Hex(width), false) => format!("{byte:0width$x}"),
            (Self::Hex(width), true) => format!("{byte:0width$X}"),
        }
    }
}

/// Pairs of bytes in hexadecimal, as in a dump: `6a76 785f 6c`, or `6a 7678 5f6c`.
fn dumped(odd: usize) -> [Form; 2] {
    let bytes = PREFIX.iter().take(FEWEST + 2).enumerate();
    let text = bytes.map(|(index, byte)| {
        if index > 0 && index % 2 == odd {
            format!(" {byte:02x}")
        } else {
            format!("{byte:02x}")
        }
    });
    let text: String = text.collect();
    [text.to_ascii_uppercase(), text].map(|literal| Form {
        literal: literal.into_bytes(),
        sign: Sign::Hex,
    })
}

fn reversed(text: &[u8]) -> Form {
    Form {
        literal: text.iter().take(SHORTEST).rev().copied().collect(),
        sign: Sign::Reversed,
    }
}

/// Without the zero of the last unit, so that it is that of the other order too.
fn utf16(text: &[u8]) -> Form {
    let units = text.iter().take(SHORTEST.div_ceil(2));
    let mut literal: Vec<u8> = units.flat_map(|byte| [*byte, 0]).collect();
    literal.pop();
    Form {
        literal,
        sign: Sign::Utf16,
    }
}

/// The characters that do not depend on what stands before and behind, for each of the three alignments.
fn base64(text: &[u8]) -> Vec<Form> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = &text[..FOR_BASE64];
    let bit = |at: usize| usize::from(text[at / 8] >> (7 - at % 8) & 1);
    let at_alignment = |before: usize| {
        let first = (8 * before).div_ceil(6);
        let start = 6 * first - 8 * before;
        let characters = (start..8 * text.len() - 5).step_by(6);
        let value = |at: usize| (at..at + 6).fold(0, |value, at| value << 1 | bit(at));
        Form {
            literal: characters.map(|at| ALPHABET[value(at)]).collect(),
            // Groups of four begin where three bytes do.
            sign: Sign::Base64((4 - first % 4) as u8 % 4),
        }
    };
    (0..3).map(at_alignment).collect()
}

/// A letter in the other case, as in the alphabet that begins with small letters.
pub(in crate::decode) fn swap_case(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() {
        byte ^ b' '
    } else {
        byte
    }
}

/// The same with small letters before capitals
/// (<https://github.com/javascript-obfuscator/javascript-obfuscator>, `stringArrayEncoding`).
fn swapped(form: Form) -> Form {
    let Sign::Base64(shift) = form.sign else {
        return form;
    };
    Form {
        literal: form.literal.iter().map(|b| swap_case(*b)).collect(),
        sign: Sign::SwappedBase64(shift),
    }
}

/// A key in every way that leaves a sign, and in every way that may be hidden in another: whole, as somebody would
/// write it. With each, how.
#[cfg(test)]
pub fn dressed(key: &[u8]) -> Vec<(String, Vec<u8>)> {
    let hidden = hidden(key);
    let within = |(name, text): &(String, Vec<u8>)| {
        let twice = self::hidden(text).into_iter();
        let named = twice.map(|(outer, text)| (format!("{name} in {outer}"), text));
        named.collect::<Vec<_>>()
    };
    let twice: Vec<_> = hidden.iter().flat_map(within).collect();
    let half_escaped = ["%5F", "%5f", "\\u005f", "\\x5f", "\\_", "&#95;"].map(|escape| {
        let key = String::from_utf8_lossy(key).replace('_', escape);
        (escape.to_owned(), key.into_bytes())
    });
    let half_escaped: Vec<_> = half_escaped.iter().flat_map(within).collect();
    let others = OTHERS.iter().flat_map(|each| each.dressed(key));
    let others = others.collect();
    [hidden, twice, half_escaped, others].concat()
}

#[cfg(test)]
fn hidden(text: &[u8]) -> Vec<(String, Vec<u8>)> {
    use ::base64::Engine as _;
    use ::base64::engine::general_purpose::STANDARD;
    let turned = text.iter().rev().copied().collect();
    let mut all = vec![("reversed".to_owned(), turned)];
    if !text.contains(&0) {
        let units = text.iter().flat_map(|byte| [*byte, 0]);
        all.push(("UTF-16".to_owned(), units.collect()));
    }
    for before in ["", ":", "::"] {
        let encoded = STANDARD.encode([before.as_bytes(), text].concat());
        all.push((format!("base64 behind {before:?}"), encoded.into_bytes()));
    }
    all.extend(HIDING.iter().flat_map(|each| each.dressed(text)));
    all
}

#[cfg(test)]
impl FormRow {
    fn dressed(self, text: &[u8]) -> [(String, Vec<u8>); 2] {
        [false, true].map(|is_upper| {
            let mut whole = self.write(text, is_upper);
            whole.extend(self.3.trim_end_matches([' ', ',', '-', ':', '\n']).bytes());
            (format!("{self:?}, capitals {is_upper}"), whole)
        })
    }
}

impl Literal for Form {
    fn bytes(&self) -> &[u8] {
        &self.literal
    }
}

/// Shows `each` all forms that begin in `text[start..end]`, with where they begin, in no order. Ends when `each`
/// breaks.
pub(in crate::decode) fn visit(
    text: &[u8],
    (start, end): (usize, usize),
    mut each: impl FnMut(&Form, usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let forms = &*FORMS;
    let window = &text[start..text.len().min(end + forms.longest())];
    forms.visit(window, |form, at| {
        if start + at < end {
            each(form, start + at)
        } else {
            ControlFlow::Continue(())
        }
    })
}

/// True when a form is in a text.
pub(in crate::decode) fn holds_form(text: &[u8]) -> bool {
    let found = visit(text, (0, text.len()), |_, _| ControlFlow::Break(()));
    found.is_break()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_is_long_enough_to_be_sampled() {
        for form in all() {
            assert!(form.literal.len() >= SHORTEST, "{form:?}");
        }
    }

    #[test]
    fn base64_at_each_alignment_knows_where_its_groups_begin() {
        use ::base64::Engine as _;
        use ::base64::engine::general_purpose::STANDARD_NO_PAD;
        for (before, form) in ["", "x", "xy"].iter().zip(base64(PREFIX)) {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}jvx_live_ABC"));
            let literal = String::from_utf8(form.literal).unwrap();
            let at = encoded.find(&literal).expect("the literal");
            let Sign::Base64(shift) = form.sign else {
                panic!("{:?}", form.sign);
            };
            assert_eq!((at + usize::from(shift)) % 4, 0, "{encoded}: {literal}");
        }
    }
}
