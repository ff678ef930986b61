//! Which parts of a line are comments, in any language at once.
//!
//! No parser: a quoted string ends on its line or is none, and a comment begins with one of the
//! usual openers outside of a string. That is enough to tell `// mark` from `"// mark"`. A line that ends in `\`
//! goes on in the next one, and so does a string in it.

use crate::model::Span;

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommentKind {
    /// Between two quotes.
    Quoted,
    /// From a comment's opener to its closer, or to the end of the line.
    Comment,
}

/// A part of a line that is not code; the span counts from the start of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(in crate::policy) kind: CommentKind,
    pub(in crate::policy) span: Span,
}

/// Openers, and the closers they wait for; the longer ones come first.
const BLOCKS: [(&[u8], &[u8]); 10] = [
    // Of templates: Handlebars, ERB and JSP.
    (b"{{!--", b"--}}"),
    (b"{{!", b"}}"),
    (b"<%--", b"--%>"),
    (b"<%#", b"%>"),
    (b"<!--", b"-->"),
    (b"/*", b"*/"),
    (b"(*", b"*)"),
    (b"{#", b"#}"),
    (b"<#", b"#>"),
    // Of Haskell.
    (b"{- ", b"-}"),
];

/// How far before and behind a line its continuations are looked at, in bytes.
const CONTINUED: usize = 2 << 10;

/// The strings and comments of the line at `span` of a text, in order: `b"` of `"a \` and `b"` is quoted.
pub(super) fn regions_of_line(text: &[u8], span: Span) -> Vec<Region> {
    let whole = continued(text, span);
    if whole == span {
        return regions(&text[span.range()]);
    }
    let before = span.start - whole.start;
    let in_line = |region: Region| {
        let start = region.span.start.max(before);
        let end = region.span.end.min(before + span.len());
        let within = |at: usize| at.saturating_sub(before);
        (start < end).then(|| Region {
            kind: region.kind,
            span: Span::new(within(start), within(end)),
        })
    };
    let all = regions(&text[whole.range()]);
    all.into_iter().filter_map(in_line).collect()
}

/// The line at `span` with those before and behind it that a `\` at the end of each joins to it.
fn continued(text: &[u8], span: Span) -> Span {
    let goes_on = |line_end: usize| {
        let line = &text[..line_end];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let backslashes = line.iter().rev().take_while(|b| **b == b'\\');
        backslashes.take(CONTINUED).count() % 2 == 1
    };
    let (least, most) = (
        span.start.saturating_sub(CONTINUED),
        text.len().min(span.end + CONTINUED),
    );
    let (mut start, mut end) = (span.start, span.end);
    while start > least && text[start - 1] == b'\n' && goes_on(start - 1) {
        let before = memchr::memrchr(b'\n', &text[least..start - 1]);
        start = before.map_or(least, |at| least + at + 1);
    }
    while end < most && text[end] == b'\n' && goes_on(end) {
        let next = memchr::memchr(b'\n', &text[end + 1..most]);
        end = next.map_or(most, |at| end + 1 + at);
    }
    Span::new(start, end)
}

/// The strings and comments of a line, with those that it goes on in.
fn regions(line: &[u8]) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut unclosed = Vec::new();
    let mut at = 0;
    while at < line.len() {
        match region(line, at, &mut unclosed) {
            Some(region) => {
                at = region.span.end.max(at + 1);
                regions.push(region);
            }
            None => at += 1,
        }
    }
    regions
}

/// The region of a sorted list that holds the byte at `offset`.
pub(super) fn region_at(regions: &[Region], offset: usize) -> Option<Region> {
    let after = regions.partition_point(|r| r.span.start <= offset);
    let last = regions.get(after.checked_sub(1)?)?;
    (offset < last.span.end).then_some(*last)
}

/// What begins at `at`. `unclosed` holds the quotes and openers that are known to have no partner
/// in the rest of the line, so that none is looked for twice.
fn region(line: &[u8], at: usize, unclosed: &mut Vec<u8>) -> Option<Region> {
    let before = at.checked_sub(1).map(|i| line[i]);
    let is = |kind, end| {
        let span = Span::new(at, end);
        Some(Region { kind, span })
    };
    let byte = line[at];
    if matches!(byte, b'"' | b'\'' | b'`') {
        // "don't" holds no quote, and once a quote had no partner, no later one of its kind has.
        let apostrophe = byte == b'\'' && before.is_some_and(|b| b.is_ascii_alphanumeric());
        if apostrophe || unclosed.contains(&byte) {
            return None;
        }
        return match closing_quote(line, at) {
            Some(end) => is(CommentKind::Quoted, end + 1),
            None => {
                unclosed.push(byte);
                None
            }
        };
    }
    if begins_line_comment(line, at, before) {
        let end = memchr::memchr(b'\n', &line[at..]).map_or(line.len(), |n| at + n);
        return is(CommentKind::Comment, end);
    }
    let (opener, closer) = BLOCKS.iter().find(|(o, _)| line[at..].starts_with(o))?;
    let body = at + opener.len();
    let end = memchr::memmem::find(&line[body..], closer).map(|n| body + n + closer.len());
    is(CommentKind::Comment, end.unwrap_or(line.len()))
}

fn closing_quote(line: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while at < line.len() {
        match line[at] {
            b'\\' => at += 2,
            byte if byte == line[open] => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn begins_line_comment(line: &[u8], at: usize, before: Option<u8>) -> bool {
    let apart = before.is_none_or(|b| b.is_ascii_whitespace() || b";,)}]".contains(&b));
    match line[at] {
        b'#' => apart,
        // Not the slashes of a URL.
        b'/' => line[at..].starts_with(b"//") && before != Some(b':'),
        // Not an option such as `--header`.
        b'-' => apart && (line[at..].starts_with(b"-- ") || line[at..] == *b"--"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(line: &str) -> Option<&str> {
        let regions = regions(line.as_bytes());
        let found = regions.iter().find(|r| r.kind == CommentKind::Comment)?;
        Some(&line[found.span.range()])
    }

    #[test]
    fn comments_of_many_languages_are_seen() {
        for (line, expected) in [
            ("x = 1  # why", "# why"),
            ("x = 1; // it's why", "// it's why"),
            ("a /* b */ c", "/* b */"),
            ("<p> <!-- b --> c", "<!-- b -->"),
            ("select 1 -- why", "-- why"),
            ("{# b #} c", "{# b #}"),
        ] {
            assert_eq!(comment(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn strings_urls_and_options_hold_no_comment() {
        for line in [
            r#"x = "a // b""#,
            r#"x = 'a \' # b'"#,
            "x = `/* a */`",
            "see https://example.org/a",
            "curl --header a",
            "a#b",
        ] {
            assert_eq!(comment(line), None, "{line}");
        }
    }

    #[test]
    fn a_quote_without_partner_hides_nothing() {
        assert_eq!(comment("don't # why"), Some("# why"));
        assert_eq!(comment("x = /\"/; // why"), Some("// why"));
    }

    #[test]
    fn a_string_goes_on_in_the_next_line_behind_a_backslash() {
        let kind_of_mark = |text: &str| {
            let mark = text.find('@').unwrap();
            let start = text[..mark].rfind('\n').map_or(0, |at| at + 1);
            let end = text[mark..].find('\n').map_or(text.len(), |n| mark + n);
            let regions = regions_of_line(text.as_bytes(), Span::new(start, end));
            region_at(&regions, mark - start).map(|region| region.kind)
        };
        for (text, expected) in [
            ("s = \"a # @\\\nb\";", Some(CommentKind::Quoted)),
            ("s = \"a\\\r\n# @\";", Some(CommentKind::Quoted)),
            (
                "s = \"a\\\nb\\\n  # @ c\\\nd\"; // e",
                Some(CommentKind::Quoted),
            ),
            ("curl \\\n  a # @", Some(CommentKind::Comment)),
            ("a // b \\\n \"# @\"", Some(CommentKind::Quoted)),
            ("s = \"C:\\\\\"\n# @", Some(CommentKind::Comment)),
            ("s = \"a\n# @ \"", Some(CommentKind::Comment)),
        ] {
            assert_eq!(kind_of_mark(text), expected, "{text}");
        }
    }

    #[test]
    fn the_region_at_a_byte_is_found() {
        let regions = regions(b"'a' /* b */ c");
        let kind = |at| region_at(&regions, at).map(|r| r.kind);
        assert_eq!(
            [kind(1), kind(3), kind(5), kind(12)],
            [
                Some(CommentKind::Quoted),
                None,
                Some(CommentKind::Comment),
                None
            ]
        );
    }

    #[test]
    fn many_unclosed_quotes_cost_one_look_each() {
        let line = [b"\\'\"`".as_slice()].concat().repeat(200_000);
        let started = std::time::Instant::now();
        let _ = regions(&line);
        assert!(started.elapsed().as_secs() < 5);
    }
}
