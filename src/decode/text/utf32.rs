//! UTF-32 with a byte-order mark (<https://www.unicode.org/faq/utf_bom.html>). Without one nobody writes it.

/// True when `bytes` begin with the mark of UTF-32. Such files are few, and what they hold no search for
/// words can see.
pub(in crate::decode) fn is_marked(bytes: &[u8]) -> bool {
    order(bytes).is_some()
}

/// The UTF-8 form of a UTF-32 text; `None` when `bytes` are none. What is no character, and a part of one
/// at the end, become U+FFFD.
pub(in crate::decode) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let to_number = order(bytes)?;
    let character = |unit: &[u8]| {
        let number = unit.try_into().ok().map(to_number);
        number
            .and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let text: String = bytes[4..].chunks(4).map(character).collect();
    Some(text.into_bytes())
}

/// How four bytes make a number, by the mark. The mark of the smaller order is also that of UTF-16 with
/// an empty character behind it, so the first unit must be a character too.
fn order(bytes: &[u8]) -> Option<fn([u8; 4]) -> u32> {
    let (mark, rest) = bytes.split_first_chunk::<4>()?;
    let to_number = match mark {
        [0xFF, 0xFE, 0, 0] => u32::from_le_bytes,
        [0, 0, 0xFE, 0xFF] => u32::from_be_bytes,
        _ => return None,
    };
    let first = rest.first_chunk::<4>()?;
    char::from_u32(to_number(*first)).map(|_| to_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, to_bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
        let marked = std::iter::once('\u{FEFF}').chain(text.chars());
        marked.flat_map(|c| to_bytes(u32::from(c))).collect()
    }

    #[test]
    fn both_orders_decode() {
        let text = "naïve = \"🔑\"\r\nkey";
        for to_bytes in [u32::to_le_bytes as fn(u32) -> [u8; 4], u32::to_be_bytes] {
            assert_eq!(decode(&units(text, to_bytes)).unwrap(), text.as_bytes());
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
            assert_eq!(decode(bytes), None);
        }
    }
}
