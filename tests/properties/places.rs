//! Whatever a file holds, every place in a report is a place in the file.

use crate::carriers::FILES;
use crate::draw::Draw;
use crate::dress::utf16;
use crate::keys::accepted_key;
use crate::scanner::{Found, found, reports, scan};
use jvxleaks::decode;
use proptest::prelude::*;

/// What decoders, patterns and comments start from.
const TRIGGERS: [&str; 64] = [
    "anZ4X2xp",
    "bGl2ZV",
    "YW5aNFgyeHBkbVZm",
    "'j','v','x',",
    "\"jvx_\", ",
    "\"live_\"; ",
    "\"jvx\"",
    " + ",
    "%w[jvx ",
    "qw(jvx_ ",
    "- jvx_\n",
    "\"%s_live_%s\" % (",
    "{0}",
    "concat(",
    ".append(",
    "P=jvx_live_\n",
    "${P}",
    "P+=",
    " // ",
    "\"\"\"",
    "jvx_live_",
    "jvx",
    "x_live_",
    "_evil_xvj",
    "anZ4X2xpdmVf",
    "dnhfbGl2ZV",
    "p2eF9saXZlX",
    "dXRob3JpemF0aW9u",
    "6a76785f6c6976655f",
    "106,118,120,95",
    "106, 118, 120",
    "0x6a,0x76",
    "0x6a, 0x76",
    "\\u006a",
    "\\u{6a}",
    "\\x6a",
    "\\152",
    "%6a%76",
    "%6avx",
    "&#106;",
    "&#x6a;",
    "jvx%5f",
    "jvx\\",
    "jvx&",
    "j\0v\0x\0_\0",
    "Authorization: Basic ",
    "authorization",
    "Bearer ",
    "curl -u ",
    "https://a:",
    "@b",
    "jourvex",
    "JOURVEX_API_KEY",
    "process.env.",
    "X-Api-Key: ",
    "[\"jvx\",",
    "].join(\"_\")",
    ".concat(",
    "${\"",
    "sourceMappingURL=data:application/json;base64,",
    "{\"sourcesContent\":[\"",
    "# jvxleaks:allow ",
    "eyJhbGciOi",
    "const P = \"jvx_live_\";",
];

/// Bytes that every stage starts from somewhere.
fn soup(draw: &mut Draw) -> Vec<u8> {
    let bytes = plain_soup(draw);
    match draw.below(8) {
        0 => utf16(draw, &String::from_utf8_lossy(&bytes)),
        1 => [b"\xEF\xBB\xBF", &bytes[..]].concat(),
        _ => bytes,
    }
}

fn plain_soup(draw: &mut Draw) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..draw.below(60) {
        match draw.below(6) {
            0 => bytes.extend((0..draw.below(12)).map(|_| draw.number() as u8)),
            1 => bytes.extend(draw.key().bytes()),
            2 => bytes.extend(
                draw.pick(&[
                    "\n",
                    "\r\n",
                    "\"",
                    "'",
                    "\\",
                    "é",
                    "\u{1F511}",
                    "`",
                    "}",
                    ")",
                    "\0",
                ])
                .bytes(),
            ),
            _ => bytes.extend(draw.pick(&TRIGGERS).bytes()),
        }
    }
    bytes
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn every_place_is_in_the_text(seed: u64) {
        let draw = &mut Draw::new(seed);
        let bytes = soup(draw);
        let (path, _) = *draw.pick(&FILES);
        let outcome = scan(path, &bytes);
        let text = decode::text(&bytes);
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
        for finding in &outcome.findings {
            let place = &finding.place;
            prop_assert!((1..=lines.len()).contains(&place.line), "{place:?}");
            prop_assert!((place.line..=lines.len()).contains(&place.end_line), "{place:?}");
            prop_assert!((1..=lines[place.line - 1].len() + 1).contains(&place.column), "{place:?}");
            prop_assert!(place.end_column <= lines[place.end_line - 1].len() + 1, "{place:?}");
            prop_assert!((place.line, place.column) < (place.end_line, place.end_column), "{place:?}");
        }
        // Pieces of a key may stand around another secret, but the same is told once.
        for (number, finding) in outcome.findings.iter().enumerate() {
            let ends = (finding.place.end_line, finding.place.end_column);
            for later in &outcome.findings[number + 1..] {
                let overlaps = (later.place.line, later.place.column) < ends;
                let is_same = later.secret == finding.secret;
                prop_assert!(!(overlaps && is_same), "{finding:?} and {later:?}");
            }
        }
        for drop in &outcome.dropped {
            prop_assert!((1..=lines.len()).contains(&drop.line));
            prop_assert!(drop.column <= lines[drop.line - 1].len() + 1);
        }
        prop_assert!(!reports(&outcome).is_empty());
    }

    #[test]
    fn a_key_is_found_whatever_stands_above_and_behind_it(seed: u64) {
        let draw = &mut Draw::new(seed);
        let Some(key) = accepted_key(draw) else { return Ok(()) };
        let (above, behind) = (plain_soup(draw), plain_soup(draw));
        let gap = *draw.pick(&["\n\n", " # ", ", "]);
        let line = 3 + above.iter().filter(|b| **b == b'\n').count();
        let text = [&above[..], b"\n\nk = '", key.as_bytes(), b"'", gap.as_bytes(), &behind].concat();
        let (path, _) = *draw.pick(&FILES);
        let found = found(path, &text);
        let is_it = |f: &Found| f.secret.starts_with(&key) && f.line <= line;
        prop_assert!(found.iter().any(is_it), "{key} in {path}: {}: {found:?}", text.escape_ascii());
    }
}
