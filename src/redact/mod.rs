//! Takes credentials out of texts that are to be shown: names of files and branches, messages, errors.
//!
//! A finding keeps its key in a [`Secret`], which cannot be printed. Everything else that is shown is
//! text that strangers wrote, and it may hold a key as well as any file. So it is searched with the
//! rules that search files, for Jourvex keys in every encoding, and a credential gives way to the part of it
//! that a report shows. Text without one stays as it is, byte for byte.

mod bodies;
mod broken;
mod harmless;
mod net;
mod outcome;

pub use outcome::outcome;

use crate::decode;
use crate::model::{Cover, Secret, Span};
use bodies::Bodies;
use memchr::memmem;
use net::{ALL, CREDENTIALS, KEYS, NOTHING, Net, URLS};
use std::borrow::Cow;

/// Keys may lie in one another's encodings; what still holds one after so many rounds is left out.
const ROUNDS: usize = 16;

/// `text` without credentials: a whole message, also one that quotes a name for a shell or escapes it.
pub fn text(text: &str) -> Cow<'_, str> {
    // First as it was: without one piece of a key the others would not be known any more.
    let plain = unquoted(text).unwrap_or_default();
    let shown = match name(plain.as_bytes()) {
        Cow::Owned(plain) => Cow::Owned(String::from_utf8_lossy(&plain).into_owned()),
        Cow::Borrowed(_) => Cow::Borrowed(text),
    };
    let shown = match name(shown.as_bytes()) {
        Cow::Owned(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
        Cow::Borrowed(_) => shown,
    };
    let shown = match KEYS.once_as(&without_rest(&shown), shown.as_bytes()) {
        Some(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
        None => shown,
    };
    let apart = apart(&shown).unwrap_or_default();
    match name(apart.as_bytes()) {
        Cow::Owned(apart) => Cow::Owned(String::from_utf8_lossy(&apart).into_owned()),
        Cow::Borrowed(_) => shown,
    }
}

/// The keys that a command line holds. A message about it may repeat a half of one, which is no key by itself:
/// `--K=jvx_live_` of an option without its value.
#[derive(Debug)]
pub struct CommandLine(Bodies);

impl CommandLine {
    /// The keys in these words.
    pub fn new(words: impl Iterator<Item = String>) -> Self {
        let keys = words.flat_map(|word| {
            let whole = KEYS.found(word.as_bytes()).into_iter().flatten();
            let whole = whole.map(|key| key.secret);
            let broken = broken::keys(word.as_bytes());
            whole.chain(broken).collect::<Vec<_>>()
        });
        let keys: Vec<Secret> = keys.collect();
        Self(Bodies::of(keys.iter()))
    }

    /// As [`text`], and without any part of these keys.
    pub fn text<'t>(&self, message: &'t str) -> Cow<'t, str> {
        let shown = text(message);
        match self.0.without(shown.as_bytes()) {
            Some(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
            None => shown,
        }
    }
}

/// A text of several lines in which what a message says behind a name has a line of its own: lines of
/// base64 are known by nothing else standing in them. `None` when it is one line.
fn apart(text: &str) -> Option<String> {
    let ends = |c| matches!(c, ':' | ',' | '`' | '\'' | '"' | ')' | ' ');
    let wrapped = text.contains('\n') && decode::may_hold_key(text.as_bytes());
    wrapped.then(|| {
        text.split_inclusive('\n')
            .flat_map(|line| {
                let run = line
                    .trim_start()
                    .find(ends)
                    .map(|at| at + line.len() - line.trim_start().len());
                let (name, said) = line.split_at(run.unwrap_or(line.len()));
                [name, if said.is_empty() { "" } else { "\n" }, said]
            })
            .collect()
    })
}

/// A text as it was before it was quoted for a shell, or its lines were made one: either comes between the
/// pieces of a key. `None` when it seems to be as it was.
fn unquoted(text: &str) -> Option<String> {
    const QUOTED: [(&str, &str); 5] = [
        (r"\\", r"\"),
        (r"'\''", "'"),
        (r#"\""#, "\""),
        (r"\n", "\n"),
        (r"\r", "\r"),
    ];
    if !text.contains('\\') || !decode::may_hold_key(text.as_bytes()) {
        return None;
    }
    let plain = QUOTED
        .iter()
        .fold(text.to_owned(), |text, (quoted, plain)| {
            text.replace(quoted, plain)
        });
    (plain != text).then_some(plain)
}

/// A line of what is printed, without keys and passwords of URLs; if it is UTF-16 that holds one, as UTF-8.
/// Other credentials are no business of this: beside the words of a report, its ids look like them.
pub fn bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    through(&[&KEYS, &URLS], bytes)
}

/// A name, or another text of strangers, without credentials.
pub fn name(name: &[u8]) -> Cow<'_, [u8]> {
    if harmless::is_known(name) {
        return Cow::Borrowed(name);
    }
    let mut shown = match broken::mended(name) {
        Some(mended) => Cow::Owned(bytes(&mended).into_owned()),
        None => bytes(name),
    };
    if harmless::is_known(&shown) {
        return shown;
    }
    if let Cow::Owned(other) = through(&[&CREDENTIALS], &shown) {
        shown = Cow::Owned(other);
    }
    for (net, seen) in [
        (&CREDENTIALS, in_parts as fn(&[u8]) -> Vec<u8>),
        (&URLS, with_slashes),
    ] {
        if shown.contains(&b'/')
            && let Some(other) = net.once_as(&seen(&shown), &shown)
        {
            shown = Cow::Owned(other);
        }
    }
    harmless::remember(&shown);
    shown
}

/// The parts of a path each by itself: the next folder would go on a token in front of it.
fn in_parts(path: &[u8]) -> Vec<u8> {
    let part = |b: &u8| if *b == b'/' { b'\n' } else { *b };
    path.iter().map(part).collect()
}

/// A message in which what it says of a name stands on a line of its own, so that it is no part of a statement in the
/// name: `k = 'jvx_' + '...':1: expected`.
fn without_rest(message: &str) -> Vec<u8> {
    let mut seen = message.as_bytes().to_vec();
    for at in memchr::memchr_iter(b':', message.as_bytes()) {
        let behind = message.as_bytes()[at + 1..].iter();
        let next = behind.copied().find(|b| !b.is_ascii_digit());
        if matches!(next, Some(b':' | b' ') | None) {
            seen[at] = b'\n';
        }
    }
    seen
}

/// The URL that became a path, which has no empty parts: `htts://a` for `https:/a`, since no place may move.
fn with_slashes(path: &[u8]) -> Vec<u8> {
    let mut seen = path.to_vec();
    for at in memmem::find_iter(path, b":/").filter(|at| *at >= 2) {
        if path.get(at + 2) != Some(&b'/') {
            seen[at - 2] = path[at - 1];
            seen[at - 1..at + 1].copy_from_slice(b":/");
        }
    }
    seen
}

fn through<'t>(nets: &[&Net], bytes: &'t [u8]) -> Cow<'t, [u8]> {
    let mut shown = Cow::Borrowed(bytes);
    for _ in 0..ROUNDS {
        match nets.iter().find_map(|net| net.once(&shown)) {
            Some(next) => shown = Cow::Owned(next),
            None => return shown,
        }
    }
    Cow::Borrowed(NOTHING)
}

/// What the excerpts of `text` must not show, as all built-in rules have it, whatever the user disabled.
pub fn cover(text: &[u8]) -> Cover {
    match ALL.search(text) {
        Ok(detection) => detection.map(|found| found.cover).unwrap_or_default(),
        Err(_) => Cover::new(vec![(Span::new(0, text.len()), 0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    /// A key that nobody issued, made here so that none is in the source.
    fn key(seed: u64) -> String {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(
                b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
                    [(state >> 33) as usize % 56],
            )
        };
        let body: String = (0..32).map(|_| next()).collect();
        format!("jvx_live_{body}")
    }

    fn shown(key: &str) -> String {
        format!("{}...", &key[..13])
    }

    #[test]
    fn a_key_gives_way_to_what_the_dashboard_shows() {
        let (a, b) = (key(1), key(2));
        assert_eq!(
            text(&format!("src/{a}.ts, {b}/x: cannot be read")),
            format!("src/{}.ts, {}/x: cannot be read", shown(&a), shown(&b))
        );
    }

    #[test]
    fn a_key_that_something_follows_or_precedes_is_one_all_the_same() {
        let key = key(3);
        for (before, after) in [
            ("", "..HEAD"),
            ("old_", ""),
            ("", "..."),
            ("", "_backup_of_production_configuration"),
            ("", "${x}"),
        ] {
            let text = text(&format!("{before}{key}{after}")).into_owned();
            assert!(!text.contains(&key[14..]), "{text}");
        }
    }

    #[test]
    fn letters_beside_hexadecimal_digits_hide_none() {
        // Of few digits, for hexadecimal ones.
        let body = ["7211e2dc0a222dc5d", "5d77a8caff87ac82a"].concat();
        let key = format!("jvx_live_{body}");
        let reversed: String = key.chars().rev().collect();
        for name in [format!("s{reversed}"), format!("{key}s"), key.clone()] {
            let text = text(&name).into_owned();
            assert!(
                !text.contains(&key[14..]) && !text.contains(&reversed[..27]),
                "{text}"
            );
        }
    }

    #[test]
    fn placeholders_and_masked_keys_stay() {
        for harmless in [
            "jvx_live_...",
            "jvx_live_9fKq...",
            "jvx_live_C3J2..., jvx_live_rHuA... and jvx_live_9fKq",
            "jvx_live_aBcDeFgHiJkLmNoPqRsTuVwXyZ...",
            "jvx_live_YOUR_KEY_HERE",
            "jvx_live_{alnum:32} jvx_live_${KEY_BODY}",
            "jvx_live_xxxxxxxxxxxxxxxxxxxxxxxx",
            "jvxleaks: jvx",
        ] {
            assert!(matches!(text(harmless), Cow::Borrowed(_)), "{harmless}");
        }
    }

    #[test]
    fn credentials_of_any_vendor_give_way_to_what_a_report_shows() {
        let token = key(10)["jvx_live_".len()..].to_owned();
        let short = &token[..8];
        for said in [
            format!("https://deploy:{token}@git.example.org/x.git: no such folder"),
            format!("https://deploy:{short}@git.example.org..HEAD"),
            format!(r#"{{"url":"https:\/\/deploy:{short}@git.example.org"}}"#),
            "https://deploy:correct-horse@git.example.org".to_owned(),
            format!("'Authorization: Bearer {token}': not read"),
            format!("a/Authorization: Bearer {token}/b.txt: not read"),
            format!("h={{\"Authorization\":\"Token {token}\"}}"),
            format!("curl -u ops:{token} api.example.org"),
            format!("shttps:/deploy:{token}@git.example.org/in.txt"),
        ] {
            let shown = text(&said).into_owned();
            let hidden = [&token[4..12], &short[4..], "horse"];
            assert!(hidden.iter().all(|part| !shown.contains(part)), "{shown}");
            assert_eq!(text(&shown), shown);
        }
        let said = format!("https://deploy:{token}@git.example.org/x.git");
        let expected = format!("https://deploy:{}...@git.example.org/x.git", &token[..4]);
        assert_eq!(bytes(said.as_bytes()), expected.as_bytes());
    }

    #[test]
    fn ids_beside_the_words_of_a_report_stay() {
        let id = ["015846fb", "9577451f", "eed0b9e2", "be0af1a4"].concat();
        for line in [
            format!(r#"{{"kind":"finding","rule":"authorization-header","fingerprint":"{id}"}}"#),
            format!(r#""rule": "api-key-header", "commit": "{id}", "path": "https://a@b""#),
        ] {
            assert_eq!(bytes(line.as_bytes()), line.as_bytes());
        }
        for said in [
            format!(
                ".jvxleaks-baseline:3: {id} authorization-header a.txt: silences nothing; remove it"
            ),
            format!("c.toml:1: fingerprint = \"{id}\" of api-key-header silences nothing"),
            format!("in commit {id} (branch fix/authorization-header)"),
        ] {
            assert_eq!(text(&said), said);
        }
    }

    #[test]
    fn our_own_texts_stay() {
        let mut texts = vec![include_str!("../../README.md").to_owned()];
        for rule in RuleSet::builtin().unwrap().iter() {
            texts.extend([rule.info.advice.clone(), rule.info.description.clone()]);
            let samples = rule.examples.iter().chain(&rule.counterexamples);
            for sample in samples.map(|sample| sample.written.as_bytes()) {
                assert_eq!(bytes(sample), sample);
            }
        }
        for own in texts {
            assert_eq!(text(&own), own);
        }
    }

    #[test]
    fn what_is_shown_holds_no_key_any_more() {
        let (a, b) = (key(4), key(5));
        let reversed: String = a.chars().rev().collect();
        let both = format!(
            "{reversed}{b} 'jvx_' + '{}' {}",
            &a[4..],
            a.replace('_', "%5F")
        );
        let once = text(&both).into_owned();
        assert!(
            !once.contains(&a[14..]) && !once.contains(&b[14..]),
            "{once}"
        );
        assert_eq!(text(&once), once);
    }

    #[test]
    fn quotes_and_escapes_hide_no_pieces() {
        let key = key(8);
        let (head, tail) = key.split_at(9);
        for name in [
            format!("const P = '{head}'; send(`${{P}}{tail}`);"),
            format!("k = '{head}' + '{tail}'"),
            format!("k = (\"jvx_\"\n   \"{}\")", &key[4..]),
            format!("k = ['{}', '{}'].join('')", &key[..27], &key[27..]),
            format!("K=\"{}\\\n{}\"", &key[..20], &key[20..]),
        ] {
            let quoted = format!("git add -- '{}'", name.replace('\'', r"'\''"));
            for said in [name.clone(), format!("{name:?}: not found"), quoted] {
                let shown = text(&said);
                assert!(!shown.contains(&tail[5..14]), "{said}: {shown}");
            }
        }
    }

    #[test]
    fn base64_in_lines_is_taken_out_to_its_end() {
        use base64::Engine as _;
        let key = key(9);
        for before in [18, 27] {
            let text_of = format!("{}{key}", "#".repeat(before));
            let encoded = base64::engine::general_purpose::STANDARD.encode(text_of);
            let (first, second) = encoded.split_at(64);
            for end in ["", ": no such baseline", "` is none", "="] {
                let shown = text(&format!("a {first}\n{second}{end}")).into_owned();
                assert!(!shown.contains(&second[..12]), "{shown}");
            }
        }
    }

    #[test]
    fn utf16_becomes_readable() {
        let key = key(6);
        let wide: Vec<u8> = key.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(bytes(&wide), shown(&key).as_bytes());
    }

    #[test]
    fn a_json_document_stays_one() {
        use base64::Engine as _;
        let key = key(7);
        let base64 = base64::engine::general_purpose::STANDARD.encode(&key);
        let hex: String = key.bytes().map(|b| format!("{b:02x}")).collect();
        for value in [
            format!("\nabc{base64}"),
            format!("\u{b}{hex}"),
            format!("\u{b}ab{hex}"),
            format!("\\{key}\\"),
            format!("\"{key}\""),
            format!("\\u{hex}"),
            format!("\"{}", key.replace('j', "\\u006a")),
            format!("k = 'jvx_' + '{}'", &key[4..]),
        ] {
            let json = serde_json::json!({ "a": value, "b": [value] }).to_string();
            let shown = String::from_utf8_lossy(&bytes(json.as_bytes())).into_owned();
            assert!(
                serde_json::from_str::<serde_json::Value>(&shown).is_ok(),
                "{shown}"
            );
            assert!(
                !shown.contains(&key[14..]) && !shown.contains(&base64[20..]),
                "{shown}"
            );
            assert!(!shown.contains(&hex[40..]), "{shown}");
        }
    }
}
