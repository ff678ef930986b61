//! Literals whose ends are no plain quotes: brackets, and quotes in what is put into a literal.

/// How literals between brackets begin and end.
const BRACKETED: [(&[u8], &[u8]); 11] = [
    (b"%q(", b")"),
    (b"%q{", b"}"),
    (b"%q[", b"]"),
    (b"%Q(", b")"),
    (b"q{", b"}"),
    (b"qq{", b"}"),
    (b"q(", b")"),
    (b"~s(", b")"),
    (b"~S(", b")"),
    (b"[[", b"]]"),
    (b"{|", b"|}"),
];

/// Longest literal between brackets, in bytes.
const LONGEST_BRACKETED: usize = 512;

/// The lengths, in bytes, of what opens a literal between brackets, of what is in it and of what closes it: `%q(abc)` of
/// Ruby, `q{abc}` of Perl, `~s(abc)` of Elixir, `[[abc]]` of Lua, `{|abc|}` of OCaml. On one line and without blanks, since
/// what looks like it is code in other languages.
pub(super) fn bracketed(rest: &[u8]) -> Option<[usize; 3]> {
    let (open, close) = BRACKETED.iter().find(|(open, _)| rest.starts_with(open))?;
    let body = &rest[open.len()..rest.len().min(open.len() + LONGEST_BRACKETED)];
    let ends = |b: &u8| !b.is_ascii_graphic() || b"\"'`,()[]{}<>|".contains(b);
    let length = body.iter().position(ends)?;
    let is_closed = length > 0 && body[length..].starts_with(close);
    is_closed.then_some([open.len(), length, close.len()])
}

/// Longest insertion with a literal in it, in bytes.
const LONGEST_INSERTION: usize = 256;

/// Where what is put into a literal ends, if the quote at `at` opens a literal in that:
/// `"Basic ${base64encode("a:b")}"`.
pub(super) fn inserted(rest: &[u8], at: usize, quote: u8) -> Option<usize> {
    let before = &rest[at.saturating_sub(LONGEST_INSERTION)..at];
    let opens = before.last().is_some_and(|b| b"([ ,:=".contains(b));
    let brace = before.iter().rposition(|b| matches!(b, b'{' | b'}'))?;
    let sign = brace.checked_sub(1).map(|sign| before[sign]);
    if !opens || before[brace] == b'}' || !matches!(sign, Some(b'$' | b'#')) {
        return None;
    }
    let behind = &rest[at + 1..rest.len().min(at + LONGEST_INSERTION)];
    let line = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
    let end = memchr::memchr(b'}', line)?;
    let quotes = line[..end].iter().filter(|b| **b == quote).count();
    (quotes % 2 == 1).then_some(at + 1 + end + 1)
}

/// True behind a `//` that joins what stands before it with a literal.
pub(super) fn joins_in_fortran(behind: &[u8]) -> bool {
    let blanks = behind.iter().take_while(|b| **b == b' ').count();
    matches!(behind.get(blanks), Some(b'"' | b'\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_between_brackets_are_told_from_code() {
        for text in ["%q(abc)", "q{abc}", "~s(abc)", "[[abc]]", "{|abc|} in"] {
            assert!(bracketed(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "{|x| x + 1}",
            "[[a, b]]",
            "[[ -n x ]]",
            "q{a b}",
            "[[]]",
            "q(f(x))",
        ] {
            assert!(bracketed(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_quote_in_what_is_put_in_opens_a_literal_of_its_own() {
        let ends = |text: &str, at| inserted(text.as_bytes(), at, b'"');
        assert_eq!(ends("Basic ${b64(\"a:b\")}\"", 12), Some(19));
        assert_eq!(ends("a ${b}\", \"c\"", 6), None);
        assert_eq!(ends("a ${\", \"b\": \"}\"", 4), None);
    }
}
