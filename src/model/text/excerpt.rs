//! The line a finding stands on, cut to size, with every secret in it kept apart from the text.

use super::super::{Cover, Reveal, Secret, Span};
use std::ops::Range;

/// Bytes of context kept on each side of the finding, so that a minified line stays readable.
const CONTEXT: usize = 80;

/// Longest highlighted part; a longer one is cut, since a report shows it redacted anyway.
const LONGEST_FOCUS: usize = 4096;

/// A run of bytes of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragment {
    /// Text that holds no known secret.
    Text(Vec<u8>),
    /// A secret, or the part of one that stands on this line.
    Secret(Secret),
    /// The rest of a literal of which a secret is only the beginning.
    Rest(Secret),
    /// The secret that the finding is about.
    Focus(Secret),
}

/// One line around a finding. Its secrets can only come out through [`Excerpt::render`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    fragments: Vec<Fragment>,
}

/// An excerpt as text, with the byte range of the finding in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The line; control characters are still in it, formats escape them in their own way.
    pub text: String,
    /// The finding's bytes in `text`.
    pub focus: Range<usize>,
}

impl Excerpt {
    /// The bytes of `line` near `focus`, which has a public prefix of so many bytes. What `cover` has is
    /// redacted as a whole, also where it begins or ends out of sight; from its beginning on, if that is near.
    pub fn new(text: &[u8], line: Span, focus: (Span, usize), cover: &Cover) -> Self {
        let (focus, prefix) = focus;
        let focus_end = focus.end.min(line.end).min(focus.start + LONGEST_FOCUS);
        let focus = Span::new(focus.start, focus_end);
        let near = Span::new(
            line.start.max(focus.start.saturating_sub(CONTEXT)),
            line.end.min(focus.end + CONTEXT).max(focus.end),
        );
        let covered = cover.touching(near);
        let most = Span::new(near.start.saturating_sub(CONTEXT), near.end + 2 * CONTEXT);
        let near_by = |span: &Span| Span::new(span.start.max(most.start), span.end.min(most.end));
        let seen = covered.iter().map(|(span, _)| near_by(span));
        let sight = seen.fold(near, Span::around);
        let start = char_start(text, line.start.max(sight.start));
        let end = char_start(text, line.end.min(sight.end)).max(focus.end);
        let mut parts = vec![(
            focus,
            Fragment::Focus(Secret::new(&text[focus.range()], prefix)),
        )];
        for (span, prefix) in covered {
            let shown = Span::new(span.start.max(start), span.end.min(end));
            parts.extend(shown.without(&[focus]).map(|part| {
                let bytes = &text[part.range()];
                let fragment = if part.start == span.start {
                    Fragment::Secret(Secret::new(bytes, *prefix))
                } else {
                    Fragment::Rest(Secret::new(bytes, 0))
                };
                (part, fragment)
            }));
        }
        parts.sort_by_key(|(part, _)| *part);
        let mut excerpt = Self::default();
        let mut at = start;
        for (part, fragment) in parts {
            excerpt.text(&text[at..part.start]);
            excerpt.fragments.push(fragment);
            at = part.end;
        }
        excerpt.text(&text[at..end]);
        excerpt
    }

    /// The excerpt as text. With [`Reveal::Redacted`] no secret shows more than its prefix and four
    /// characters.
    pub fn render(&self, reveal: Reveal) -> Rendered {
        let mut text = String::new();
        let mut focus = 0..0;
        let mut is_cut = false;
        for fragment in &self.fragments {
            let start = text.len();
            match fragment {
                Fragment::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                Fragment::Secret(secret) => text.push_str(&secret.shown(reveal)),
                Fragment::Rest(rest) if reveal == Reveal::Whole => {
                    text.push_str(&rest.shown(reveal));
                }
                Fragment::Rest(_) if is_cut => {}
                Fragment::Rest(_) => text.push_str("..."),
                Fragment::Focus(secret) => {
                    text.push_str(&secret.shown(reveal));
                    focus = start..text.len();
                }
            }
            is_cut = !matches!(fragment, Fragment::Text(_));
        }
        Rendered { text, focus }
    }

    /// Replaces runs of text for which `change` gives another; secrets stay as they are.
    pub fn replace_text(&mut self, change: impl Fn(&[u8]) -> Option<Vec<u8>>) {
        for fragment in &mut self.fragments {
            if let Fragment::Text(bytes) = fragment
                && let Some(changed) = change(bytes)
            {
                *bytes = changed;
            }
        }
    }

    fn text(&mut self, bytes: &[u8]) {
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if !bytes.is_empty() {
            self.fragments.push(Fragment::Text(bytes.to_vec()));
        }
    }
}

/// The nearest offset at or before `at` that does not cut a UTF-8 character in two.
fn char_start(text: &[u8], at: usize) -> usize {
    let begins = |i: &usize| text.get(*i).is_none_or(|b| b & 0xC0 != 0x80);
    let mut back = (0..4).map_while(|n| at.checked_sub(n));
    back.find(begins).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_of_the_line_is_redacted() {
        let text = b"a=jvx_live_AAAABBBBCCCCDDDD b=jvx_live_EEEEFFFFGGGGHHHH\n";
        let (first, second) = (Span::new(2, 27), Span::new(30, 55));
        let cover = Cover::new(vec![(first, 9), (second, 9)]);
        let excerpt = Excerpt::new(text, Span::new(0, 55), (second, 9), &cover);
        let shown = excerpt.render(Reveal::Redacted);
        assert_eq!(shown.text, "a=jvx_live_AAAA... b=jvx_live_EEEE...");
        assert_eq!(&shown.text[shown.focus], "jvx_live_EEEE...");
    }

    #[test]
    fn a_secret_cut_by_the_edge_stays_redacted() {
        let mut text = vec![b'x'; 300];
        text[100..140].fill(b'S');
        text[200..210].fill(b'F');
        let cover = Cover::new(vec![(Span::new(100, 140), 0), (Span::new(200, 210), 0)]);
        let line = Span::new(0, 300);
        let excerpt = Excerpt::new(&text, line, (Span::new(200, 210), 0), &cover);
        let shown = excerpt.render(Reveal::Redacted).text;
        assert!(shown.starts_with("SSSS...x"), "{shown}");
    }

    #[test]
    fn the_rest_of_a_literal_is_not_shown() {
        let text = b"k=jvx_live_AAAABBBBCCCCDDDD+EEEEFFFFGGGG;";
        let key = (Span::new(2, 27), 9);
        let cover = Cover::new(vec![(Span::new(2, 40), 9)]);
        let excerpt = Excerpt::new(text, Span::new(0, 41), key, &cover);
        assert_eq!(excerpt.render(Reveal::Redacted).text, "k=jvx_live_AAAA...;");
        assert_eq!(excerpt.render(Reveal::Whole).text.as_bytes(), text);
    }

    #[test]
    fn a_secret_too_long_to_show_whole_shows_nothing_of_its_end() {
        let text = [&[b'F'; LONGEST_FOCUS + 500][..], b";"].concat();
        let key = (Span::new(0, LONGEST_FOCUS + 500), 0);
        let cover = Cover::new(vec![key]);
        let excerpt = Excerpt::new(&text, Span::new(0, text.len()), key, &cover);
        assert_eq!(excerpt.render(Reveal::Redacted).text, "FFFF...");
    }
}
