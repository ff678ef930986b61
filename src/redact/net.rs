//! Rules that are made ready for the first text in which they may find something.

use crate::decode;
use crate::detect::Detector;
use crate::model::{Blob, BlobPath, Detection, Dress, Failure, Match, Origin, Span};
use crate::rules::RuleSet;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What stands for a text that cannot be shown at all.
pub(super) const NOTHING: &[u8] = b"...";

/// Some rules, and how a text looks in which they may find something. They are made ready for the first such text.
pub(super) struct Net {
    detector: LazyLock<Option<Detector>>,
    may_hold: fn(&[u8]) -> bool,
}

/// Jourvex keys, whatever dress they are in.
pub(super) static KEYS: Net = Net {
    detector: LazyLock::new(|| {
        let rules = RuleSet::key_rule().ok()?;
        Some(Detector::new(rules).looking_twice())
    }),
    may_hold: decode::may_hold_key,
};

/// Passwords in URLs, also weak ones.
pub(super) static URLS: Net = Net {
    detector: LazyLock::new(|| {
        let rules = RuleSet::url_rule().ok()?;
        Some(Detector::new(rules).looking_twice())
    }),
    may_hold: may_hold_userinfo,
};

/// Whatever credential of another vendor the rules would report in a file.
pub(super) static CREDENTIALS: Net = Net {
    detector: LazyLock::new(|| Some(Detector::new(RuleSet::credential_rules().ok()?))),
    may_hold: |text| text.len() >= SHORTEST,
};

/// Fewest bytes of a text with a credential in it and what tells it.
const SHORTEST: usize = 16;

/// A search for the end of a scheme: to make one takes longer than to search a line.
static SCHEME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("://"));

/// `://` with an `@` behind it, or slashes that are escaped.
fn may_hold_userinfo(text: &[u8]) -> bool {
    let scheme = SCHEME.find(text);
    scheme.is_some_and(|at| memchr::memchr(b'@', &text[at..]).is_some())
        || decode::may_hold_url(text)
}

/// All rules. Built when an excerpt is shown of a run that does without some.
pub(super) static ALL: Net = Net {
    detector: LazyLock::new(|| Some(Detector::new(RuleSet::builtin().ok()?).looking_twice())),
    may_hold: |_| true,
};

/// The path of a text that is in no file.
static NOWHERE: LazyLock<BlobPath> = LazyLock::new(BlobPath::default);

impl Net {
    /// The text with what one search finds taken out; `None` when there is nothing.
    pub(super) fn once(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !(self.may_hold)(bytes) {
            return None;
        }
        if self.detector.is_none() {
            return Some(NOTHING.to_vec());
        }
        let Ok(found) = self.search(bytes) else {
            return Some(NOTHING.to_vec());
        };
        let found = found?;
        (!found.matches.is_empty()).then(|| Self::without(&found, &found.text))
    }

    /// As [`Net::once`], of a text that is searched as it looks otherwise, each byte at its place.
    pub(super) fn once_as(&self, seen: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        if !(self.may_hold)(seen) {
            return None;
        }
        let Ok(found) = self.search(seen) else {
            return Some(NOTHING.to_vec());
        };
        let found = found?;
        let is_same = found.text.len() == text.len() && !found.matches.is_empty();
        is_same.then(|| Self::without(&found, text))
    }

    /// `text`, in which what was found stands where it stands in the text that was searched, without it.
    fn without(found: &Detection<'_>, text: &[u8]) -> Vec<u8> {
        let mut shown = Vec::with_capacity(text.len());
        let mut at = 0;
        for matched in &found.matches {
            let start = after_escape(text, matched.span).max(at);
            shown.extend_from_slice(&text[at..start]);
            shown.extend_from_slice(matched.secret.to_string().as_bytes());
            at = end_of_lines(text, matched).max(start);
        }
        shown.extend_from_slice(&text[at..]);
        shown
    }

    /// What is found in a text.
    pub(super) fn found(&self, bytes: &[u8]) -> Option<Vec<Match>> {
        let found = (self.may_hold)(bytes).then(|| self.search(bytes))?;
        Some(found.ok()??.matches)
    }

    pub(super) fn search<'t>(&self, bytes: &'t [u8]) -> Result<Option<Detection<'t>>, Failure> {
        let blob = Blob {
            path: &NOWHERE,
            origin: &Origin::File,
            bytes,
        };
        Failure::caught(|| self.detector.as_ref()?.detect(&blob))
    }
}

/// Where a stored key ends. Lines of base64 count in a file only if nothing else stands in them; in a
/// message the last one is followed by what the message goes on to say.
fn end_of_lines(text: &[u8], matched: &Match) -> usize {
    let mut end = matched.span.end;
    let part = |b: &&u8| b.is_ascii_alphanumeric() || b"+/-_=".contains(b);
    if matched.dress != Dress::Base64 {
        return end;
    }
    loop {
        let rest = &text[end..];
        let gap = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let line = rest[gap..].iter().take_while(part).count();
        if line == 0 || !rest[..gap].contains(&b'\n') {
            return end;
        }
        end += gap + line;
    }
}

/// Where a stored key begins. Base64 and hexadecimal reach back over all that could be theirs, also
/// over the end of an escape in front of them, `\n` or `\u000a`: without it a JSON document would be
/// none. Nothing of a key is in it, for the escape stands for another character.
fn after_escape(text: &[u8], span: Span) -> usize {
    let start = span.start;
    let ends_in_backslash = |before: &[u8]| {
        let backslashes = before.iter().rev().take_while(|b| **b == b'\\');
        backslashes.count() % 2 == 1
    };
    let escape = (0..5).filter_map(|back| {
        let mark = start.checked_sub(back + 1)?;
        let length = match (text[mark], back) {
            (b'\\', 0) => match text.get(start) {
                Some(b'u') => 5,
                _ => 1,
            },
            (b'u', _) if mark > 0 && text[mark - 1] == b'\\' => 4 - back,
            _ => return None,
        };
        let backslash = if text[mark] == b'\\' { mark } else { mark - 1 };
        ends_in_backslash(&text[..=backslash]).then_some(start + length)
    });
    escape.max().map_or(start, |end| end.min(span.end))
}
