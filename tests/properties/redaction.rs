//! No report shows a secret, or a piece of one, in any form.

use crate::carriers::FILES;
use crate::draw::{BASE62, Draw};
use crate::dress::{ESCAPES, RUNS, STATEMENTS};
use crate::scanner::{is_refused, reports, scan};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use proptest::prelude::*;

/// Characters of a body that no report may show in a row.
const PIECE: usize = 12;

/// Forms of a secret's body of which no report may show a piece.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let percent: String = secret.bytes().map(|b| format!("%{b:02X}")).collect();
    vec![
        ("raw", secret.to_owned()),
        ("reversed", secret.chars().rev().collect()),
        ("hex", hex),
        ("percent", percent),
        ("base64", STANDARD_NO_PAD.encode(secret)),
        ("base64, shifted", STANDARD_NO_PAD.encode(&secret[1..])),
        (
            "base64, shifted twice",
            STANDARD_NO_PAD.encode(&secret[2..]),
        ),
    ]
}

/// How many characters of each form stand for one of the secret, rounded up.
fn width(form: &str) -> usize {
    match form {
        "hex" | "base64" | "base64, shifted" | "base64, shifted twice" => 2,
        "percent" => 3,
        _ => 1,
    }
}

fn shows_nothing(text: &str, report: &str, body: &str) -> Result<(), TestCaseError> {
    for (form, encoded) in forms(body) {
        let length = (PIECE * width(form)).min(encoded.len());
        let report = if form == "hex" {
            report.to_lowercase()
        } else {
            report.to_owned()
        };
        for start in 0..=encoded.len() - length {
            let piece = &encoded[start..start + length];
            prop_assert!(!report.contains(piece), "{form} {piece}\n{text}\n{report}");
        }
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
