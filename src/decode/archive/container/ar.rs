//! Unix `ar`, of which Debian's packages and static libraries are made.

use super::super::budget::Budget;
use super::super::member::{BROKEN, FoundMember, MemberSink, cleaned, member};
use crate::model::Span;

/// What an archive begins with.
const MARK: usize = b"!<arch>\n".len();

/// Length of the header before each member.
const HEADER: usize = 60;

pub(in crate::decode::archive) fn read(bytes: &[u8], budget: &Budget, sink: MemberSink<'_>) {
    let (mut at, mut long_names) = (MARK, &b""[..]);
    while at < bytes.len() && !budget.is_spent() {
        let Some((name, size)) = header(bytes, at) else {
            return sink(FoundMember::Skipped(BROKEN));
        };
        let start = at + HEADER;
        let end = start.saturating_add(size);
        let content = &bytes[start..end.min(bytes.len())];
        // Each member begins at an even place.
        at = end.saturating_add(end % 2);
        match name {
            b"//" => long_names = content,
            b"/" | b"/SYM64/" | b"__.SYMDEF" | b"__.SYMDEF SORTED" => {}
            _ => {
                let (name, inside) = full_name(name, content, long_names);
                let reader = budget.metered(&content[inside..]);
                let packed = |length| Some(Span::new(start + inside, start + inside + length));
                let size = (size - inside) as u64;
                member(&cleaned(name), reader, Some(size), packed, budget, sink);
            }
        }
    }
}

/// Name and size of the member at a place.
fn header(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let header = bytes.get(at..at + HEADER)?;
    let size = std::str::from_utf8(&header[48..58]).ok()?;
    let is_whole = header.ends_with(b"`\n");
    let size = size.trim_end().parse().ok().filter(|_| is_whole)?;
    Some((header[..16].trim_ascii_end(), size))
}

/// The name of a member, and how many bytes of it stand before the content: `/12` is a place in the
/// list of long names (GNU), `#1/20` says that 20 bytes of the content are the name (BSD).
fn full_name<'a>(name: &'a [u8], content: &'a [u8], long_names: &'a [u8]) -> (&'a [u8], usize) {
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<usize>().ok();
    if let Some(length) = name.strip_prefix(b"#1/").and_then(number)
        && let Some(name) = content.get(..length)
    {
        let end = name.iter().position(|b| *b == 0).unwrap_or(length);
        return (&name[..end], length);
    }
    if let Some(place) = name.strip_prefix(b"/").and_then(number)
        && let Some(names) = long_names.get(place..)
    {
        let end = names.iter().position(|b| matches!(b, b'\n' | 0));
        let name = &names[..end.unwrap_or(names.len())];
        return (name.strip_suffix(b"/").unwrap_or(name), 0);
    }
    (name.strip_suffix(b"/").unwrap_or(name), 0)
}
