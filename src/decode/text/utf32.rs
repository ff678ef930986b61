//! UTF-32, with a byte-order mark (<https://www.unicode.org/faq/utf_bom.html>) or without: `iconv -t UTF-32LE` writes
//! none.

use super::units::Units;

/// What it takes off, as `ARCHITECTURE.md` says it.
pub(in crate::decode) const TAKES_OFF: &str = "UTF-32 in either order";

/// Units of ASCII at the beginning of a text that tell where no mark does.
const TELLING: usize = 8;

/// True when `bytes` begin as UTF-32. Such files are few, and what they hold no search for words can see.
pub(in crate::decode) fn begins(bytes: &[u8]) -> bool {
    units(bytes).is_some()
}

/// How the units of a UTF-32 text are stored, and where they begin; `None` when `bytes` are none.
pub(super) fn units(bytes: &[u8]) -> Option<(Units, usize)> {
    let marked = is_big(bytes).map(|is_big| (is_big, 4));
    let (is_big, start) = marked.or_else(|| Some((guessed(bytes)?, 0)))?;
    let units = Units {
        size: 4,
        is_big,
        decode,
    };
    Some((units, start))
}

/// Whether the larger byte comes first, by what the first units hold.
fn guessed(bytes: &[u8]) -> Option<bool> {
    let first = bytes.get(..4 * TELLING)?;
    let is_text = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let holds = |is_big: bool| {
        let mut units = first.chunks_exact(4);
        units.all(|unit| match (is_big, unit) {
            (false, [letter, 0, 0, 0]) | (true, [0, 0, 0, letter]) => is_text(*letter),
            _ => false,
        })
    };
    [false, true].into_iter().find(|is_big| holds(*is_big))
}

/// Appends the text of units. What is no character, and a part of one at the end, become U+FFFD.
fn decode(bytes: &[u8], is_big: bool, text: &mut String) {
    let character = |unit: &[u8]| {
        let number = unit.try_into().ok().map(to_number(is_big));
        let character = number.and_then(char::from_u32);
        character.unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    text.extend(bytes.chunks(4).map(character));
}

fn to_number(is_big: bool) -> fn([u8; 4]) -> u32 {
    if is_big {
        u32::from_be_bytes
    } else {
        u32::from_le_bytes
    }
}

/// Whether the larger byte comes first, by the mark. The mark of the smaller order is also that of UTF-16 with
/// an empty character behind it, so the first unit must be a character too.
fn is_big(bytes: &[u8]) -> Option<bool> {
    let (mark, rest) = bytes.split_first_chunk::<4>()?;
    let is_big = match mark {
        [0xFF, 0xFE, 0, 0] => false,
        [0, 0, 0xFE, 0xFF] => true,
        _ => return None,
    };
    let first = rest.first_chunk::<4>()?;
    char::from_u32(to_number(is_big)(*first)).map(|_| is_big)
}

#[cfg(test)]
mod tests {
    use crate::decode::text::wide::decode;

    fn units(text: &str, to_bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
        let marked = std::iter::once('\u{FEFF}').chain(text.chars());
        marked.flat_map(|c| to_bytes(u32::from(c))).collect()
    }

    #[test]
    fn both_orders_decode() {
        let text = "naïve = \"🔑\"\r\nkey";
        for to_bytes in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
            let marked = units(text, to_bytes);
            assert_eq!(decode(&marked).unwrap(), text.as_bytes());
            let text = "some_key = \"🔑\"\n";
            let unmarked = &units(text, to_bytes)[4..];
            assert_eq!(decode(unmarked).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn what_is_no_character_is_replaced() {
        let bytes = [units("a", u32::to_le_bytes), vec![0, 0xD8, 0, 0, 7]].concat();
        assert_eq!(decode(&bytes).unwrap(), "a\u{FFFD}\u{FFFD}".as_bytes());
    }

    #[test]
    fn other_bytes_are_left_alone() {
        let utf16 = b"\xFF\xFE\0\0a\0b\0c\0d\0";
        for bytes in [&b"text"[..], &utf16[..], b"\xFF\xFE\0\0", b""] {
            assert!(super::units(bytes).is_none());
        }
    }
}
