//! Whether a text may hold a key at all, in any dress: a quick answer for what is printed.

use super::forms::holds_form;
use super::table::{AUTOMATON, trigger};
use crate::decode::map::inline_map;
use crate::decode::text::url::SLASHES;
use crate::model::Span;
use memchr::memmem::{self, Finder};
use std::sync::LazyLock;

/// What every short sign of a key has one of, in the case of letters that counts. Each is searched for by itself: a
/// text without them, as nearly all that is printed, needs no automaton to be built.
const MARKS: &[&[u8]] = &[
    b"x_live_",
    b"_evil_",
    b"anZ4",
    b"X2xp",
    b"dnhf",
    b"bGl2",
    b"p2eF",
    b"eF9s",
    b"H4sI",
    b"SDRzS",
    b"eJ",
    b"eN",
    b"j\0v",
    b"%6a",
    b"%6A",
    b"'j'",
    b"\"j\"",
    b"`j`",
    b"'jv'",
    b"\"jv\"",
    b"`jv`",
    b"sourceMappingURL",
];

/// A search for each mark: to make one takes longer than to search a line with it.
static FINDERS: LazyLock<Vec<Finder<'static>>> =
    LazyLock::new(|| MARKS.iter().map(|mark| Finder::new(*mark)).collect());

static MAPS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    inline_map::NEEDLES
        .iter()
        .map(|n| Finder::new(*n))
        .collect()
});

/// True when a text holds a mark, or `jvx` that is not this program's name.
fn has_mark(text: &[u8]) -> bool {
    let mut names = memmem::find_iter(text, b"jvx");
    names.any(|at| !text[at + 3..].starts_with(b"leaks"))
        || FINDERS.iter().any(|mark| mark.find(text).is_some())
}

/// True when a text holds the sign of a Jourvex key, as it is or in some encoding. False for this
/// program's own name, and for a key of which only the four characters are left that may be shown.
pub fn may_hold_key(text: &[u8]) -> bool {
    if holds_form(text) {
        return true;
    }
    if !has_mark(text) {
        return false;
    }
    let Some(automaton) = AUTOMATON.as_ref() else {
        return true;
    };
    let hits = automaton.find_overlapping_iter(text);
    let mut triggers =
        hits.filter_map(|hit| trigger(hit.pattern().as_usize(), Span::from(hit.range()), text));
    triggers.any(|trigger| trigger.tells_key(text))
        || MAPS.iter().any(|map| map.find(text).is_some())
}

/// A search for the part that tells of each way to escape the slashes of a URL.
static ESCAPED_SLASHES: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let part = |(slashes, at): &(&'static [u8], usize)| Finder::new(&slashes[*at..at + 4]);
    SLASHES.iter().map(part).collect()
});

/// True when a text may hold a URL whose slashes are escaped.
pub fn may_hold_url(text: &[u8]) -> bool {
    let mut parts = ESCAPED_SLASHES.iter();
    parts.any(|part| part.find(text).is_some())
}

#[cfg(test)]
mod tests {
    use super::super::signs::find;
    use super::super::table::SIGNS;
    use super::*;

    #[test]
    fn every_sign_of_a_key_has_a_mark() {
        for (literal, _, exact) in SIGNS.iter().copied() {
            let mut spellings = vec![literal.to_vec()];
            // `JVX` is no part of a key, whatever is escaped behind it.
            if !exact && !literal.starts_with(b"jvx") {
                spellings.push(literal.to_ascii_uppercase());
            }
            for spelling in spellings {
                let triggers = find(&spelling).triggers;
                let tells = triggers.iter().any(|trigger| trigger.tells_key(&spelling));
                let shown = String::from_utf8_lossy(&spelling);
                assert!(!tells || has_mark(&spelling), "{shown}");
            }
        }
        let mut maps = inline_map::NEEDLES.iter();
        assert!(maps.all(|needle| has_mark(needle)));
        assert!(!has_mark(
            b"No findings. Read 2 files, 51 bytes. jvxleaks: error"
        ));
    }
}
