//! Which dresses may lie in which: every dress in every other, and those in every third, in a file that holds
//! nothing else.

use crate::scanner::found;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

type Dress = fn(&[u8]) -> Vec<u8>;

/// Each with a name for the table.
const DRESSES: [(&str, Dress); 14] = [
    ("UTF-16", |text| {
        text.iter().flat_map(|byte| [*byte, 0]).collect()
    }),
    ("base64", |text| STANDARD.encode(text).into_bytes()),
    ("hex", |text| each(text, |byte| format!("{byte:02x}"))),
    ("percent", |text| each(text, |byte| format!("%{byte:02X}"))),
    (r"\x", |text| each(text, |byte| format!("\\x{byte:02x}"))),
    (r"\u", |text| each(text, |byte| format!("\\u{byte:04x}"))),
    ("octal", |text| each(text, |byte| format!("\\{byte:03o}"))),
    ("&#", |text| each(text, |byte| format!("&#{byte};"))),
    ("codes", |text| each(text, |byte| format!("{byte},"))),
    ("reversed", |text| text.iter().rev().copied().collect()),
    ("gzip", |text| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text).unwrap();
        STANDARD.encode(gzip.finish().unwrap()).into_bytes()
    }),
    ("pieces", |text| {
        let (first, rest) = text.split_at(4);
        let (second, third) = rest.split_at(7);
        let pieces = [first, second, third].map(quoted);
        format!("({})", pieces.join(" + ")).into_bytes()
    }),
    ("names", |text| {
        let (first, rest) = text.split_at(9);
        let (first, rest) = (quoted(first), quoted(rest));
        format!("P = {first}; B = {rest}; k = P + B").into_bytes()
    }),
    ("soft breaks", |text| {
        let mut lines = Vec::new();
        for line in text.chunks(7) {
            lines.extend_from_slice(line);
            lines.extend_from_slice(b"=\n");
        }
        lines
    }),
];

fn each(text: &[u8], write: fn(u8) -> String) -> Vec<u8> {
    let written: String = text.iter().map(|byte| write(*byte)).collect();
    written.into_bytes()
}

fn quoted(text: &[u8]) -> String {
    let text: String = text.iter().map(|byte| char::from(*byte)).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// True when the key is found, whole, in a file with this value.
fn is_found(key: &str, value: &[u8]) -> bool {
    // A file whose first bytes are UTF-16 is UTF-16.
    let text = [&[b'-'; 512], &b"\nv = '"[..], value, b"'\n"].concat();
    found("a.txt", &text)
        .iter()
        .any(|found| found.secret == key)
}

/// A row for each inner dress, a column for each outer one.
fn table(cell: impl Fn(Dress, Dress) -> String) -> String {
    let row = |(name, inner): &(&str, Dress)| {
        let cells = DRESSES.iter().map(|(_, outer)| cell(*inner, *outer));
        let cells = cells.map(|cell| format!("{cell:>3}"));
        format!("{name:<11}{}\n", cells.collect::<String>())
    };
    DRESSES.iter().map(row).collect()
}

fn mark(is_found: bool) -> String {
    if is_found { "x" } else { "." }.to_owned()
}

/// The columns are the rows, from left to right.
#[test]
fn dresses_lie_in_one_another() {
    let key = format!("jvx_live_{}", ["h7RzK2mQwX9d", "Lp4TvB8nYc3Js"].concat());
    let alone = DRESSES
        .iter()
        .map(|(_, dress)| mark(is_found(&key, &dress(key.as_bytes()))));
    insta::assert_snapshot!(alone.collect::<String>(), @"xxxxxxxxxxxxxx");
    let two = table(|inner, outer| mark(is_found(&key, &outer(&inner(key.as_bytes())))));
    insta::assert_snapshot!(two, @r#"
    UTF-16       .  x  x  x  x  x  x  x  x  x  x  .  .  .
    base64       x  x  x  x  x  x  x  x  x  x  x  .  .  .
    hex          x  x  x  x  x  x  x  x  x  x  x  .  .  .
    percent      x  x  x  x  x  x  x  x  x  x  x  .  x  .
    \x           x  x  x  x  x  x  x  x  x  x  x  .  .  .
    \u           x  x  x  x  x  x  x  x  x  x  x  .  .  .
    octal        x  x  x  x  x  x  x  x  x  x  x  .  .  .
    &#           x  x  x  x  x  x  x  x  x  x  x  .  .  .
    codes        x  x  x  x  x  x  x  x  x  x  x  .  .  .
    reversed     x  x  x  x  x  x  x  x  x  x  x  .  .  .
    gzip         .  x  .  .  .  .  .  .  .  .  x  .  .  .
    pieces       x  x  .  x  x  x  x  x  x  .  x  .  x  .
    names        x  x  x  x  x  x  x  x  x  .  x  x  .  .
    soft breaks  x  x  x  x  x  x  x  x  x  .  x  .  .  .
    "#);
    // How many of the 14 may be the third.
    let three = table(|inner, middle| {
        let twice = middle(&inner(key.as_bytes()));
        let thrice = DRESSES
            .iter()
            .filter(|(_, outer)| is_found(&key, &outer(&twice)));
        thrice.count().to_string()
    });
    insta::assert_snapshot!(three, @r#"
    UTF-16       0  1  1  7  9 10  7  9  7  2  2  0  0  0
    base64       1  1  1  1  5  7  5  7  1  2  2  0  0  0
    hex          1  1  1  1  5  7  1  7  1  2  2  0  0  0
    percent      1  1  1  1  1  7  5  1  1  2  2  0 10  0
    \x           1  1  1  1  5  7  1  7  1  6  2  0  0  0
    \u           1  1  1  1  5  7  1  7  1  6  2  0  0  0
    octal        1  1  1  1  1  7  1  1  1  6  2  0  0  0
    &#           1  1  1  1  1  7  1  1  1  2  2  0  0  0
    codes        1  1  1  1  1  7  1  1  1  2  2  0  0  0
    reversed     2  1  1  5  7  9  7  9  7 14  2  1  0  0
    gzip         0  1  0  0  0  0  0  0  0  1  2  0  0  0
    pieces       8  7  0 11 11 13 11 12 11  1  2  0  0  0
    names        9 10 10 11 10 10 10 10 10  1  2 10  0  0
    soft breaks  0 10 11 11 11 11 11 11 11  1  2  0  0  0
    "#);
}
