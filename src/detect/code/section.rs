//! The scripts of pages and component files, and what is left: markup.

use super::{Site, SiteKind};
use crate::rules::LazyRegex;
use memchr::memmem;
use std::ops::Range;

/// How far back a tag or a line is followed.
const REACH: usize = 400;

/// A part of a page that holds a script.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) range: Range<usize>,
    pub(super) on_server: bool,
}

/// The scripts of a page, in order: the frontmatter of Astro
/// (<https://docs.astro.build/en/basics/astro-components/>) and the `<script>` elements.
pub(super) fn scripts(text: &[u8]) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut at = 0;
    if let Some(range) = frontmatter(text) {
        at = range.end;
        sections.push(Section {
            range,
            on_server: true,
        });
    }
    static OPEN: LazyRegex = LazyRegex::fixed(r"(?i-u)<script\b[^>]*>");
    let open = OPEN.get();
    while let Some(tag) = open.and_then(|open| open.find_at(text, at)) {
        let close = close_of(text, tag.end());
        sections.push(Section {
            range: tag.end()..close,
            on_server: false,
        });
        at = close;
    }
    sections
}

/// Where `</script` stands at or behind `at`.
fn close_of(text: &[u8], at: usize) -> usize {
    let mut places = memmem::find_iter(&text[at..], b"</");
    let is_close = |place: &usize| {
        let name = text[at..].get(place + 2..place + 8);
        name.is_some_and(|name| name.eq_ignore_ascii_case(b"script"))
    };
    places.find(is_close).map_or(text.len(), |place| at + place)
}

fn frontmatter(text: &[u8]) -> Option<Range<usize>> {
    let start = text.len() - text.trim_ascii_start().len();
    let rest = text[start..].strip_prefix(b"---")?;
    let end = memmem::find(rest, b"\n---")?;
    Some(start + 3..start + 3 + end)
}

/// The site of a place outside all scripts: the clause is the tag, or the line, up to it.
pub(super) fn markup_site(text: &[u8], place: usize) -> Site<'_> {
    let before = &text[place.saturating_sub(REACH)..place];
    let tag = memchr::memrchr(b'<', before);
    let start = tag.or_else(|| memchr::memrchr(b'\n', before));
    Site {
        kind: SiteKind::Markup,
        token: place,
        brackets: Vec::new(),
        clause: &before[start.unwrap_or_default()..],
        on_server: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<(&str, bool)> {
        let sections = scripts(text.as_bytes()).into_iter();
        sections.map(|s| (&text[s.range], s.on_server)).collect()
    }

    #[test]
    fn frontmatter_and_scripts_are_told_apart() {
        let page =
            "---\nconst a = 1;\n---\n<p>b</p>\n<script is:inline>c('</p>')</script><SCRIPT>d";
        assert_eq!(
            parts(page),
            [("\nconst a = 1;", true), ("c('</p>')", false), ("d", false)]
        );
    }

    #[test]
    fn broken_pages_do_no_harm() {
        for page in [
            "",
            "---",
            "<script",
            "<script>",
            "<script></",
            "---\n<script>",
        ] {
            let _ = parts(page);
        }
    }
}
