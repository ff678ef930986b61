//! A comment between two pieces of a string.

use memchr::memmem;

/// `//` joins in Fortran, where a string and no comment follows it.
fn slashes(rest: &[u8]) -> Option<usize> {
    let behind = rest.strip_prefix(b"//")?;
    let blanks = behind.iter().take_while(|b| **b == b' ').count();
    matches!(behind.get(blanks), Some(b'"' | b'\'')).then_some(2 + blanks)
}

/// Length of a comment at the start of `rest`.
pub(in crate::decode) fn comment(rest: &[u8], is_spaced: bool) -> Option<usize> {
    const BLOCKS: [(&[u8], &[u8]); 3] = [(b"/*", b"*/"), (b"(*", b"*)"), (b"{-", b"-}")];
    for (open, close) in BLOCKS {
        if rest.starts_with(open) {
            let end = memmem::find(&rest[2..], close)?;
            return Some(2 + end + close.len());
        }
    }
    if let Some(length) = slashes(rest) {
        return Some(length);
    }
    let to_line_end = rest.starts_with(b"//")
        || (is_spaced && rest.starts_with(b"# "))
        || (is_spaced && rest.starts_with(b"-- "));
    let line = || memchr::memchr(b'\n', rest);
    to_line_end.then(line).flatten()
}
