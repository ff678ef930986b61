//! What stands for a credential and is none is never reported.

use crate::draw::{Draw, HEX};
use crate::scanner::found;
use proptest::prelude::*;
use std::sync::LazyLock;

/// English words of four letters or more: shorter ones are not told from chance.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../rules/words.txt").lines();
    lines
        .filter(|line| !line.starts_with('#') && line.len() >= 4)
        .collect()
});

type Shape = fn(&mut Draw) -> String;

/// Placeholders, as people and programs write them.
const SHAPES: [(&str, Shape); 20] = [
    ("YOUR_..._HERE", |d| {
        format!("YOUR_{}_HERE", words(d, 2).join("_").to_uppercase())
    }),
    ("your-...", |d| format!("your-{}", words(d, 3).join("-"))),
    ("<...>", |d| format!("<{}>", words(d, 2).join(" "))),
    ("<..._...>", |d| format!("<{}>", words(d, 2).join("_"))),
    ("${...}", |d| {
        format!("${{{}}}", words(d, 2).join("_").to_uppercase())
    }),
    ("{{...}}", |d| {
        format!("{{{{ {} }}}}", words(d, 2).join("."))
    }),
    ("%s", |_| "%s".to_owned()),
    ("xxxx", |d| "x".repeat(d.between(4, 64))),
    ("XXXX", |d| "X".repeat(d.between(4, 64))),
    ("0000", |d| "0".repeat(d.between(4, 64))),
    ("sequence", sequence),
    ("masked", |d| {
        format!("{}{}", d.text(HEX, 4), "*".repeat(d.between(3, 30)))
    }),
    ("masked with dots", |d| {
        format!("{}{}", d.text(HEX, 4), "•".repeat(d.between(3, 30)))
    }),
    ("cut", |d| {
        let n = d.between(4, 20);
        format!("{}...", d.text(HEX, n))
    }),
    ("cut with one character", |d| {
        let n = d.between(4, 20);
        format!("{}…", d.text(HEX, n))
    }),
    ("regex", |d| {
        format!("[A-Za-z0-9_-]{{{}}}", d.between(16, 64))
    }),
    ("regex class", |d| {
        format!("[a-f0-9]{{{},}}", d.between(16, 64))
    }),
    ("camelCase", camel),
    ("snake_case", |d| words(d, 3).join("_")),
    ("kebab-case", |d| words(d, 3).join("-")),
];

/// Where a placeholder may stand.
const CARRIERS: [(&str, &str); 12] = [
    ("a.py", "KEY = \"jvx_live_{}\"\n"),
    (".env", "JOURVEX_API_KEY=jvx_live_{}\n"),
    ("README.md", "Set `jvx_live_{}` as the key.\n"),
    ("a.json", "{\"apiKey\": \"jvx_live_{}\"}\n"),
    (
        "a.sh",
        "curl -H \"Authorization: Bearer jvx_live_{}\" https://api.example.org\n",
    ),
    (
        "b.sh",
        "curl -H 'Authorization: Bearer {}' https://api.example.org\n",
    ),
    ("b.py", "headers = {\"Authorization\": \"Bearer {}\"}\n"),
    ("a.yaml", "headers:\n  Authorization: Token {}\n"),
    ("a.http", "GET / HTTP/1.1\nAuthorization: Bearer {}\n"),
    ("b.http", "GET / HTTP/1.1\nX-Api-Key: {}\n"),
    ("a.js", "headers.set('Authorization', 'Bearer {}')\n"),
    (
        "A.cs",
        "new AuthenticationHeaderValue(\"Bearer\", \"{}\");\n",
    ),
];

fn words(draw: &mut Draw, count: usize) -> Vec<String> {
    (0..count)
        .map(|_| (*draw.pick(&WORDS)).to_owned())
        .collect()
}

fn camel(draw: &mut Draw) -> String {
    let words = words(draw, 3);
    let capital = |word: &String| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
    format!("{}{}{}", words[0], capital(&words[1]), capital(&words[2]))
}

/// Letters or digits in their order, from anywhere on.
fn sequence(draw: &mut Draw) -> String {
    let order = *draw.pick(&[
        "0123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "1234567890abcdef",
        "aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    ]);
    let length = draw.between(16, 40);
    let from = draw.below(order.len());
    order.chars().cycle().skip(from).take(length).collect()
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn a_placeholder_is_not_reported(seed: u64) {
        let draw = &mut Draw::new(seed);
        let (name, shape) = *draw.pick(&SHAPES);
        let (path, template) = *draw.pick(&CARRIERS);
        let text = template.replace("{}", &shape(draw));
        let found = found(path, text.as_bytes());
        prop_assert!(found.is_empty(), "{name} in {path}: {text}: {found:?}");
    }
}
