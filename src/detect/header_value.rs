//! The value of an authentication header: a scheme, if there is one, and what it is followed by
//! (<https://www.rfc-editor.org/rfc/rfc9110#name-credentials>).

use crate::model::Span;

/// Shortest and longest secret that is looked at, in bytes.
const SHORTEST: usize = 4;
const LONGEST: usize = 16 << 10;

/// Longest name of a scheme, in bytes.
const LONGEST_SCHEME: usize = 31;

/// A header's value in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeaderValue {
    pub(super) scheme: Option<Span>,
    pub(super) secret: Span,
}

/// The value that begins at `start`; `None` if what stands there is too short for one.
pub(super) fn at(text: &[u8], start: usize) -> Option<HeaderValue> {
    let with_scheme = scheme(text, start).and_then(|(scheme, after)| {
        // `Basic ops abc`, as tools write it that encode the two themselves: users may be short.
        let is_basic = text[scheme.range()].eq_ignore_ascii_case(b"basic");
        let secret = secret(text, after, if is_basic { 1 } else { SHORTEST })?;
        let scheme = Some(scheme);
        Some(HeaderValue { scheme, secret })
    });
    with_scheme.or_else(|| {
        let secret = secret(text, start, SHORTEST)?;
        let scheme = None;
        Some(HeaderValue { scheme, secret })
    })
}

/// A scheme's name and where the secret after it begins. A name has letters and hyphens; digits only
/// behind a hyphen or at its end (`AWS4-HMAC-SHA256`), so that a token with a word after it is none.
fn scheme(text: &[u8], start: usize) -> Option<(Span, usize)> {
    let rest = &text[start..text.len().min(start + LONGEST_SCHEME + 1)];
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(*b, b'-' | b'_');
    let length = rest.iter().position(|b| !part(b)).unwrap_or(rest.len());
    if !(2..=LONGEST_SCHEME).contains(&length) || !rest[0].is_ascii_alphabetic() {
        return None;
    }
    let digits = rest[..length].iter().filter(|b| b.is_ascii_digit()).count();
    if digits > 4 {
        return None;
    }
    let scheme = Span::new(start, start + length);
    let gap = match gap(&text[scheme.end..]) {
        0 if may_fold(&text[scheme.range()]) => fold(&text[scheme.end..]),
        gap => gap,
    };
    (gap > 0).then_some((scheme, scheme.end + gap))
}

/// Schemes whose secret may stand on the next line; behind any other word that is another field.
fn may_fold(scheme: &[u8]) -> bool {
    let folding = ["bearer", "basic", "token"];
    let mut folding = folding.iter().map(|name| name.as_bytes());
    folding.any(|name| scheme.eq_ignore_ascii_case(name))
}

/// The end of a line, a `\` before it or blanks behind it (the folding of
/// <https://www.rfc-editor.org/rfc/rfc9112#section-5.2>).
fn fold(text: &[u8]) -> usize {
    let before = blanks(text);
    let slash = usize::from(text[before..].starts_with(b"\\"));
    let rest = &text[before + slash..];
    let end = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return 0,
    };
    match (slash, blanks(&rest[end..])) {
        (0, 0) => 0,
        (_, behind) => before + slash + end + behind,
    }
}

fn blanks(text: &[u8]) -> usize {
    let blanks = text.iter().take_while(|b| matches!(**b, b' ' | b'\t'));
    blanks.count()
}

/// The colors of a terminal: `ESC [ 33 m`.
fn colors(text: &[u8]) -> usize {
    let Some(rest) = text.strip_prefix(b"\x1b[") else {
        return 0;
    };
    let digits = rest
        .iter()
        .take(16)
        .take_while(|b| b.is_ascii_digit() || **b == b';');
    let digits = digits.count();
    match rest.get(digits) {
        Some(b'm') => 2 + digits + 1,
        _ => 0,
    }
}

/// Blanks between a scheme and its secret, as they are or as URLs and shells have them; some write a
/// colon.
fn gap(text: &[u8]) -> usize {
    if text.starts_with(b"%20") {
        return 3;
    }
    if text.starts_with(b"\\ ") {
        return 2;
    }
    let colon = usize::from(text.starts_with(b":"));
    let blanks = blanks(&text[colon..]);
    match (blanks, text.first()) {
        (0, Some(b'+')) => 1,
        (0, _) => 0,
        (blanks, _) if ends_line(&text[colon + blanks..]) => 0,
        (blanks, _) => colon + blanks + colors(&text[colon + blanks..]),
    }
}

fn ends_line(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\\").unwrap_or(text);
    text.starts_with(b"\n") || text.starts_with(b"\r\n")
}

fn secret(text: &[u8], start: usize, shortest: usize) -> Option<Span> {
    let ends = |b: &u8| {
        b.is_ascii_whitespace() || matches!(*b, b'"' | b'\'' | b'`' | b'\\' | b',' | b';' | b'\x1b')
    };
    let rest = &text[start..text.len().min(start + LONGEST)];
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    // An element of XML ends where its closing tag begins.
    let mut tags = memchr::memchr_iter(b'<', &rest[..length]);
    let closing = tags.find(|at| *at > 0 && rest[at + 1..].starts_with(b"/"));
    let length = closing.unwrap_or(length);
    (shortest..=LONGEST)
        .contains(&length)
        .then(|| Span::new(start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(&str, &str)> {
        let value = at(text.as_bytes(), 0)?;
        let scheme = value.scheme.map_or("", |span| &text[span.range()]);
        Some((scheme, &text[value.secret.range()]))
    }

    #[test]
    fn a_scheme_is_told_from_a_secret() {
        assert_eq!(parts("Bearer abcd' }"), Some(("Bearer", "abcd")));
        assert_eq!(parts("Api-Token: abcd"), Some(("Api-Token", "abcd")));
        assert_eq!(parts("Basic%20YWJj"), Some(("Basic", "YWJj")));
        assert_eq!(
            parts("AWS4-HMAC-SHA256 Credential=x"),
            Some(("AWS4-HMAC-SHA256", "Credential=x"))
        );
        assert_eq!(parts("Token\\ abcd"), Some(("Token", "abcd")));
        assert_eq!(parts("Bearer\r\n  abcd"), Some(("Bearer", "abcd")));
        assert_eq!(parts("Bearer \\\nabcd\" \\"), Some(("Bearer", "abcd")));
        assert_eq!(parts("Bearer\nHost: a"), Some(("", "Bearer")));
        assert_eq!(parts("enabled\n  sha256: a"), Some(("", "enabled")));
        assert_eq!(
            parts("Bearer \x1b[33mabcd\x1b[0m"),
            Some(("Bearer", "abcd"))
        );
        assert_eq!(parts("Bearer abcd</value>"), Some(("Bearer", "abcd")));
        assert_eq!(parts("a1b2c3d4e5f6 next"), Some(("", "a1b2c3d4e5f6")));
        assert_eq!(parts("abcdefgh"), Some(("", "abcdefgh")));
        assert_eq!(parts("abc"), None);
        assert_eq!(parts(""), None);
    }
}
