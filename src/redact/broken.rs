//! Keys that a blank, a line break or bytes that are no text break: `jvx_live_1tc6 zbn3...`. No file holds a key so, but
//! a name or an argument may, and whoever reads it in a message puts the pieces together.

use super::net::KEYS;
use crate::decode::PREFIX;
use crate::model::{Secret, Span};

/// Most bytes that stand between two pieces, as the sign for what is no text does.
const GAP: usize = 4;

/// Pieces that are looked at.
const PIECES: usize = 64;

/// Fewest bytes of a piece that is known for one by itself.
const PIECE: usize = 4;

/// The text with each broken key as it may be shown; `None` when there is none.
pub(super) fn mended(text: &[u8]) -> Option<Vec<u8>> {
    let (mut shown, mut done) = (Vec::new(), 0);
    for start in starts(text) {
        if start < done {
            continue;
        }
        if let Some((end, key)) = broken(text, start) {
            shown.extend_from_slice(&text[done..start]);
            shown.extend_from_slice(key.to_string().as_bytes());
            done = end;
        }
    }
    (done > 0).then(|| [&shown, &text[done..]].concat())
}

/// The broken keys in a text.
pub(super) fn keys(text: &[u8]) -> impl Iterator<Item = Secret> + '_ {
    starts(text).filter_map(|start| Some(broken(text, start)?.1))
}

/// Where a prefix begins, which a break may cut as well: `jvx_li ve_1tc6...`.
fn starts(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let is_start = |start: &usize| {
        let mut at = *start;
        PREFIX.iter().all(|letter| {
            if text.get(at) != Some(letter) {
                at += gap(text, at).unwrap_or(0);
            }
            at += 1;
            text.get(at - 1) == Some(letter)
        })
    };
    memchr::memchr_iter(PREFIX[0], text).filter(is_start)
}

/// Where a broken key that begins at `start` ends, and the key.
fn broken(text: &[u8], start: usize) -> Option<(usize, Secret)> {
    let mut pieces = vec![run(text, start)];
    while pieces.len() < PIECES
        && let Some(next) = next(text, pieces[pieces.len() - 1].end)
    {
        pieces.push(next);
    }
    // Words go on behind a key as well: its last piece is none, unless the prefix ends in it.
    let mut before = 0;
    let in_prefix = pieces.iter().position(|piece| {
        before += piece.len();
        before > PREFIX.len()
    });
    let mixed = pieces
        .iter()
        .rposition(|piece| is_mixed(&text[piece.range()]));
    let pieces = &pieces[..=mixed.max(in_prefix).filter(|last| *last > 0)?];
    let joined: Vec<&[u8]> = pieces.iter().map(|piece| &text[piece.range()]).collect();
    let found = KEYS.found(&joined.concat())?;
    let key = found.into_iter().next()?.secret;
    Some((pieces.last()?.end, key))
}

/// The bytes of keys from a place on.
fn run(text: &[u8], start: usize) -> Span {
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let length = text[start..].iter().take_while(is_part).count();
    Span::new(start, start + length)
}

/// The piece behind the gap that begins at a place.
fn next(text: &[u8], end: usize) -> Option<Span> {
    let piece = run(text, end + gap(text, end)?);
    Some(piece).filter(|piece| !piece.is_empty())
}

/// How long the gap is that begins at a place, if it is short enough to stand within a key.
fn gap(text: &[u8], at: usize) -> Option<usize> {
    let is_gap = |b: &&u8| b.is_ascii_whitespace() || b.is_ascii_control() || !b.is_ascii();
    let rest = text.get(at..).unwrap_or_default();
    let length = rest.iter().take(GAP + 1).take_while(is_gap).count();
    (1..=GAP).contains(&length).then_some(length)
}

/// True for what is no word: with digits, or with capital letters inside.
fn is_mixed(piece: &[u8]) -> bool {
    let letters = piece.iter().any(u8::is_ascii_alphabetic);
    let digits = piece.iter().any(u8::is_ascii_digit);
    let small = piece.iter().any(u8::is_ascii_lowercase);
    let inside = piece.iter().skip(1).any(u8::is_ascii_uppercase);
    piece.len() >= PIECE && letters && (digits || small && inside)
}

#[cfg(test)]
mod tests {
    use crate::redact::{CommandLine, name, text};

    const BODY: [&str; 4] = ["9fKqT2mX", "w7bZ4Lp8", "Hd3VnR6y", "Jc5GsA1e"];

    fn masked(said: &str) -> String {
        text(said).into_owned()
    }

    #[test]
    fn a_broken_key_is_masked_as_a_whole() {
        let [a, b, c, d] = BODY;
        for gap in [" ", "\n", "\t", "\u{fffd}", "\r\n"] {
            for body in [
                format!("{}{gap}{}{b}{c}{d}", &a[..2], &a[2..]),
                format!("{a}{gap}{b}{gap}{c}{gap}{d}"),
                format!("{a}{b}{c}{gap}{d}"),
            ] {
                let said = masked(&format!("a/jvx_live_{body}: no such file or folder"));
                assert_eq!(said, "a/jvx_live_9fKq...: no such file or folder");
                let line = CommandLine::new([format!("jvx_live_{body}")].into_iter());
                assert_eq!(line.text(&format!("`{c}{d}`")), "`...`");
            }
        }
        let bytes = [
            b"jvx_live_",
            a.as_bytes(),
            b"\xff",
            b.as_bytes(),
            c.as_bytes(),
        ]
        .concat();
        assert_eq!(&*name(&bytes), b"jvx_live_9fKq...");
    }

    #[test]
    fn a_key_that_is_broken_inside_its_prefix_is_masked() {
        let mixed = BODY.concat();
        // Of small letters alone, and of several breaks.
        let small = ["wgmjalnfeickj", "tsatvwkcjlj"].concat();
        let gaps = [" ", "\n", "\t", "\u{fffd}", "\u{ad}", "\u{200b}", "\r\n"];
        for (gap, cut) in gaps
            .into_iter()
            .flat_map(|gap| (1..9).map(move |cut| (gap, cut)))
        {
            for body in [
                mixed.clone(),
                small.clone(),
                format!("{}{gap}{}", &mixed[..2], &mixed[2..]),
            ] {
                let (first, second) = "jvx_live_".split_at(cut);
                let second = second.replacen('e', &format!("e{gap}"), cut % 2);
                let said = masked(&format!("a/{first}{gap}{second}{body}: cannot be read"));
                let start = &body.replace(gap, "")[..4];
                assert_eq!(
                    said,
                    format!("a/jvx_live_{start}...: cannot be read"),
                    "{gap:?} {cut}"
                );
            }
        }
        let said = "jvx_li ve is what no key begins with, nor live_ notes";
        assert_eq!(masked(said), said);
    }

    #[test]
    fn words_behind_a_key_and_behind_its_prefix_stay() {
        let key = format!("jvx_live_{}", BODY.concat());
        for after in ["cannot be read", "and no other", "Not read"] {
            let said = masked(&format!("{key} {after}"));
            assert_eq!(said, format!("jvx_live_9fKq... {after}"));
        }
        for said in [
            "jvx_live_ is what all keys begin with, see README.md",
            "jvx_live_9fKq... 649bd9f1fa20768fe9ad1fae7a267d94 in a.py",
            "jvx_live_notes of the meeting.txt",
        ] {
            assert_eq!(masked(said), said);
        }
    }
}
