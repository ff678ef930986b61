//! What tells zlib streams from text, and the loose objects of git, which are such.

/// True of the two bytes that a zlib stream begins with. They are text too: `x^2 + y`.
#[inline]
pub(in crate::decode::archive) fn has_header(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, _, ..] => {
            let is_header = u16::from_be_bytes([*method, *flags]).is_multiple_of(31);
            let needs_dictionary = flags & 0x20 != 0;
            is_header && !needs_dictionary
        }
        _ => false,
    }
}

/// True of a text, also of one that begins with a header: `x\u{1}`.
pub(in crate::decode::archive) fn may_be_text(bytes: &[u8]) -> bool {
    let is_control = |c: char| c.is_control() && !c.is_ascii_whitespace();
    let own = if bytes[1].is_ascii() {
        &bytes[2..]
    } else {
        bytes
    };
    std::str::from_utf8(own).is_ok_and(|text| !text.contains(is_control))
}

/// The content of a loose object of git, without its header: `blob 12\0`.
pub(in crate::decode::archive) fn object(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(32).position(|b| *b == 0)?;
    let header = std::str::from_utf8(&bytes[..end]).ok()?;
    let (kind, size) = header.split_once(' ')?;
    let content = &bytes[end + 1..];
    let is_object = matches!(kind, "blob" | "tree" | "commit" | "tag")
        && size.parse::<usize>() == Ok(content.len());
    is_object.then_some(content)
}
