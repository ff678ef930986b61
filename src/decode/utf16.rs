//! UTF-16, with a byte-order mark or without (<https://www.rfc-editor.org/rfc/rfc2781>).

/// What to look for in raw bytes: `jvx` and `uthor` in either byte order. The high byte of the first
/// unit is left out, so that both orders share a literal.
pub(super) const NEEDLES: &[&[u8]] = &[
    b"j\0v\0x\0",
    b"\0j\0v\0x",
    b"u\0t\0h\0o\0r",
    b"U\0T\0H\0O\0R",
];

/// How many bytes of a file without a byte-order mark are looked at.
const SAMPLE: usize = 512;

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// The UTF-8 form of a UTF-16 text; `None` when `bytes` are not UTF-16. Half a unit at the end and
/// lone surrogates become U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let (order, bytes) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (Order::Little, rest),
        [0xFE, 0xFF, rest @ ..] => (Order::Big, rest),
        _ => (guess(bytes)?, bytes),
    };
    let unit = |pair: &[u8]| match (order, pair) {
        (Order::Little, &[a, b]) => u16::from_le_bytes([a, b]),
        (Order::Big, &[a, b]) => u16::from_be_bytes([a, b]),
        _ => 0xFFFD,
    };
    let mut text = String::with_capacity(bytes.len() / 2);
    let chars = char::decode_utf16(bytes.chunks(2).map(unit));
    text.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    Some(text.into_bytes())
}

/// Text in a Latin script has a zero in nearly every second byte and none in the others.
fn guess(bytes: &[u8]) -> Option<Order> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |first: usize| {
        sample
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let units = sample.len() / 2;
    let mostly = |zeros: usize| zeros * 10 >= units * 8;
    let hardly = |zeros: usize| zeros * 20 <= units;
    let (even, odd) = (zeros(0), zeros(1));
    match (mostly(odd) && hardly(even), mostly(even) && hardly(odd)) {
        (true, _) => Some(Order::Little),
        (_, true) => Some(Order::Big),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn both_orders_decode_with_and_without_a_mark() {
        let text = "naïve = \"🔑\"\r\nkey";
        for (to_bytes, mark) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], [0xFF, 0xFE]),
            (u16::to_be_bytes, [0xFE, 0xFF]),
        ] {
            let plain = units(text, to_bytes);
            let marked = [&mark[..], &plain].concat();
            assert_eq!(decode(&plain).unwrap(), text.as_bytes());
            assert_eq!(decode(&marked).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn other_bytes_are_left_alone() {
        assert_eq!(decode(b"plain text, quite long enough"), None);
        assert_eq!(decode(&[0; 64]), None);
        assert_eq!(decode(b""), None);
    }
}
