//! No report shows a secret, or a piece of one, in any form.

use crate::carriers::FILES;
use crate::draw::{BASE62, Draw};
use crate::dress::{ESCAPES, RUNS, STATEMENTS};
use crate::scanner::{is_refused, reports, scan};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proptest::prelude::*;

/// Characters of a body that nothing printed may show in a row.
const PIECE: usize = 9;

/// How a form writes one character of a body.
pub(crate) type Unit = fn(u8) -> String;

/// Forms that write each character for itself.
pub(crate) const UNITS: [(&str, Unit); 13] = [
    ("as it is", |b| char::from(b).to_string()),
    ("hex", |b| format!("{b:02x}")),
    ("hex in capitals", |b| format!("{b:02X}")),
    ("percent", |b| format!("%{b:02X}")),
    ("percent, lower case", |b| format!("%{b:02x}")),
    ("\\x", |b| format!("\\x{b:02x}")),
    ("\\u", |b| format!("\\u{b:04x}")),
    ("\\u{}", |b| format!("\\u{{{b:x}}}")),
    ("octal", |b| format!("\\{b:03o}")),
    ("&#;", |b| format!("&#{b};")),
    ("&#x;", |b| format!("&#x{b:x};")),
    ("codes", |b| format!("{b}, ")),
    ("UTF-16", |b| format!("{}\0", char::from(b))),
];

/// All pieces of a body that nothing printed may show, in any form.
fn pieces(body: &str) -> Vec<(&'static str, String)> {
    let reversed: String = body.chars().rev().collect();
    let mut pieces = Vec::new();
    for (form, unit) in UNITS {
        let windows = body.as_bytes().windows(PIECE);
        pieces.extend(windows.map(|w| (form, w.iter().map(|b| unit(*b)).collect())));
    }
    for window in reversed.as_bytes().windows(PIECE) {
        pieces.push(("reversed", String::from_utf8_lossy(window).into_owned()));
    }
    for shift in 0..3 {
        let long = STANDARD_NO_PAD.encode(&body[shift..]);
        for encoded in [long.replace('+', "-").replace('/', "_"), long] {
            let windows = encoded.as_bytes().windows(PIECE.div_ceil(3) * 4);
            let text = windows.map(|w| String::from_utf8_lossy(w).into_owned());
            pieces.extend(text.map(|piece| ("base64", piece)));
        }
    }
    pieces
}

/// Fails when `printed`, which is about `text`, shows a piece of a body.
pub(crate) fn shows_nothing(text: &str, printed: &str, body: &str) -> Result<(), TestCaseError> {
    for (form, piece) in pieces(body) {
        prop_assert!(
            !printed.contains(&piece),
            "{form} {piece}\n{text}\n{printed}"
        );
    }
    Ok(())
}

/// A key and a token in random dresses, on lines of their own or of one.
fn planted(draw: &mut Draw, key: &str, token: &str) -> (String, String) {
    let (path, template) = *draw.pick(&FILES);
    let dressed = match draw.below(4) {
        0 => key.to_owned(),
        1 => draw.pick(&ESCAPES).1(draw, key),
        2 => draw.pick(&RUNS).1(draw, key),
        _ => draw.pick(&STATEMENTS).2(draw, key),
    };
    let between = *draw.pick(&[" ", "\n", "; ", "\", \""]);
    let again = if draw.one_in(2) { key } else { "" };
    let value = format!("{dressed}{between}\"Authorization: Bearer {token}\"{between}{again}");
    (path.to_owned(), template.replace("{}", &value))
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn no_report_shows_a_planted_secret(seed: u64) {
        let draw = &mut Draw::new(seed);
        let key = draw.key();
        let length = draw.between(24, 64);
        let token = draw.text(BASE62, length);
        if is_refused(&format!("k = '{key}'")) || is_refused(&format!("Authorization: Bearer {token}")) {
            return Ok(());
        }
        let (path, text) = planted(draw, &key, &token);
        let outcome = scan(&path, text.as_bytes());
        for (_, report) in reports(&outcome) {
            shows_nothing(&text, &report, &key["jvx_live_".len()..])?;
            shows_nothing(&text, &report, &token)?;
        }
    }
}
