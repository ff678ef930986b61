//! The line a finding stands on, cut to size, with every secret in it kept apart from the text.

use super::{Reveal, Secret, Span};
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
    /// The bytes of `line` near `focus`. `secrets` are all secrets of the text, with the length of
    /// their public prefix, in order of position; those that reach into the excerpt are redacted
    /// whole, whether they are reported or not.
    pub fn new(text: &[u8], line: Span, focus: (Span, usize), secrets: &[(Span, usize)]) -> Self {
        let (focus, prefix) = focus;
        let focus_end = focus.end.min(line.end).min(focus.start + LONGEST_FOCUS);
        let focus = Span::new(focus.start, focus_end);
        let start = char_start(text, line.start.max(focus.start.saturating_sub(CONTEXT)));
        let end = char_start(text, line.end.min(focus.end + CONTEXT)).max(focus.end);
        let mut excerpt = Self::default();
        let mut at = start;
        let mut cover: Vec<(Span, usize, bool)> = vec![(focus, prefix, true)];
        let others = secrets.iter().filter(|(s, _)| !s.overlaps(focus));
        cover.extend(others.map(|(span, prefix)| (*span, *prefix, false)));
        cover.sort();
        for (span, prefix, is_focus) in cover {
            let (from, to) = (span.start.max(at), span.end.min(end));
            if from >= to {
                continue;
            }
            excerpt.text(&text[at..from]);
            let prefix = if from == span.start { prefix } else { 0 };
            let secret = Secret::new(&text[from..to], prefix);
            excerpt.fragments.push(match is_focus {
                true => Fragment::Focus(secret),
                false => Fragment::Secret(secret),
            });
            at = to;
        }
        excerpt.text(&text[at.min(end)..end]);
        excerpt
    }

    /// The excerpt as text. With [`Reveal::Redacted`] no secret shows more than its prefix and four
    /// characters.
    pub fn render(&self, reveal: Reveal) -> Rendered {
        let mut text = String::new();
        let mut focus = 0..0;
        for fragment in &self.fragments {
            let start = text.len();
            match fragment {
                Fragment::Text(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                Fragment::Secret(secret) => text.push_str(&secret.shown(reveal)),
                Fragment::Focus(secret) => {
                    text.push_str(&secret.shown(reveal));
                    focus = start..text.len();
                }
            }
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
        let secrets = [(first, 9), (second, 9)];
        let excerpt = Excerpt::new(text, Span::new(0, 55), (second, 9), &secrets);
        let shown = excerpt.render(Reveal::Redacted);
        assert_eq!(shown.text, "a=jvx_live_AAAA... b=jvx_live_EEEE...");
        assert_eq!(&shown.text[shown.focus], "jvx_live_EEEE...");
    }

    #[test]
    fn a_secret_cut_by_the_edge_stays_redacted() {
        let mut text = vec![b'x'; 300];
        text[100..140].fill(b'S');
        text[200..210].fill(b'F');
        let secrets = [(Span::new(100, 140), 0), (Span::new(200, 210), 0)];
        let line = Span::new(0, 300);
        let excerpt = Excerpt::new(&text, line, (Span::new(200, 210), 0), &secrets);
        let shown = excerpt.render(Reveal::Redacted).text;
        assert!(!shown.contains("SSSSS"), "{shown}");
    }
}
