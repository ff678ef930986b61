//! Literals that look random, whatever they are for: what no rule knows may be a secret all the same.

use super::value::randomness::{self, Prior};
use super::value::{letter_pairs, sequence, words};
use crate::decode::{PREFIX, WHOLE_BODY};
use crate::model::Span;

/// Fewest characters of a random literal.
const SHORTEST: usize = 16;

/// Fewest characters of what is left of one, if a part of it is known.
const SHORTEST_REST: usize = 8;

/// The literals in a part of `text` that look random, in order, without what is known of them. A run of
/// characters is judged with those of base64, and in one piece unless words make a path of it; otherwise part
/// by part. `known` is in order, and its spans do not overlap.
pub(in super::super) fn random_literals(text: &[u8], within: Span, known: &[Span]) -> Vec<Span> {
    let mut random = Vec::new();
    for run in runs(text, within, is_base64) {
        if run.without(known).next().is_none() {
            continue;
        }
        let parts = if is_path(&text[run.range()]) {
            runs(text, run, is_part).collect()
        } else {
            vec![run]
        };
        for part in parts {
            let rest = part.without(known).filter(|rest| {
                let is_known = *rest != part;
                let is_followed = known.iter().any(|known| known.start == rest.end);
                let own = &text[rest.range()];
                let is_telling = || words::check(own).is_ok() && !(is_followed && is_name(own));
                !is_known || (rest.len() >= SHORTEST_REST && is_telling())
            });
            let rest: Vec<Span> = rest.collect();
            if !rest.is_empty() && is_random(&text[part.range()]) {
                random.extend(rest);
            }
        }
    }
    random
}

/// True for the name of what is given the value behind it, if that ends in a word and its other parts may be words of
/// some language: `JOURVEX_API_KEY=`.
fn is_name(text: &[u8]) -> bool {
    let Some(name) = text.strip_suffix(b"=") else {
        return false;
    };
    let parts = name.split(|b| matches!(b, b'_' | b'-'));
    let parts: Vec<&[u8]> = parts.flat_map(words::camel_parts).collect();
    let is_word = |part: &[u8]| words::is_word(&part.to_ascii_lowercase());
    name.iter().all(is_part)
        && !name.iter().any(u8::is_ascii_digit)
        && parts.len() > 1
        && parts.iter().all(|part| part.len() < SHORTEST)
        && parts
            .last()
            .is_some_and(|last| last.len() > 2 && is_word(last))
        && letter_pairs::reads_like_words(name)
}

/// What goes on behind a secret that one byte broke in two, as a bad disk or a bad cable leaves it:
/// `"jvx_live_9fKq...\u{1e}Rt2Wm9Xc"`. A blank or a quote breaks nothing, it ends the secret.
pub(in super::super) fn broken_off(text: &[u8], secret: Span) -> Option<Span> {
    let ends = |b: &u8| b.is_ascii_whitespace() || is_quote(*b);
    text.get(secret.end).filter(|between| !ends(between))?;
    let behind = &text[secret.end + 1..];
    let length = behind.iter().take_while(|b| is_part(b)).count();
    let rest = Span::new(secret.end + 1, secret.end + 1 + length);
    (length >= SHORTEST_REST && words::check(&text[rest.range()]).is_ok()).then_some(rest)
}

/// The last literal of a text that ends in the middle of it, as a full disk leaves it: `['jvx_live_9fKq...', 'Rt2Wm9Xc`.
/// Nobody can tell what it was joined to.
pub(in super::super) fn cut_off(text: &[u8]) -> Option<Span> {
    let length = text.iter().rev().take_while(|b| is_base64(b)).count();
    let rest = Span::new(text.len() - length, text.len());
    let opener = rest.start.checked_sub(1).map(|at| text[at]);
    let is_telling = || words::check(&text[rest.range()]).is_ok();
    (opener.is_some_and(is_quote) && length >= SHORTEST_REST && is_telling()).then_some(rest)
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// True when a literal in `text` looks random.
pub(in super::super) fn holds_random(text: &[u8]) -> bool {
    !random_literals(text, Span::new(0, text.len()), &[]).is_empty()
}

/// The runs of such characters in a part of `text` that are long enough.
fn runs(text: &[u8], within: Span, belongs: fn(&u8) -> bool) -> impl Iterator<Item = Span> {
    let mut at = within.start;
    let next = move || {
        let start = at + text[at..within.end].iter().position(belongs)?;
        let length = text[start..within.end].iter().take_while(|b| belongs(b));
        at = start + length.count();
        Some(Span::new(start, at))
    };
    std::iter::from_fn(next).filter(|run| run.len() >= SHORTEST)
}

fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_base64(byte: &u8) -> bool {
    is_part(byte) || matches!(byte, b'+' | b'/' | b'=')
}

/// True when a part between slashes or signs is made of words: `assets/9fKq...`, `TOKEN=9fKq...`.
fn is_path(run: &[u8]) -> bool {
    let mut parts = run.split(|b| !is_part(b));
    parts.any(|part| part.len() > 3 && words::check(part).is_err())
}

/// True for so many random characters that they are all of a credential, whatever stands around them. The
/// vendor's prefix is no part of them: 15 more make a key that was cut off (`jvx_live_8d0e...`).
pub(super) fn is_whole(value: &[u8]) -> bool {
    let body = value.strip_prefix(PREFIX).unwrap_or(value);
    body.len() >= WHOLE_BODY && is_random(body)
}

/// True when a value goes on by no rule, is not made of words, and is as random as a key.
pub(super) fn is_random(value: &[u8]) -> bool {
    let body = value.iter().filter(|b| b.is_ascii_alphanumeric()).count();
    body >= SHORTEST
        && sequence::check(value).is_ok()
        && words::check(value).is_ok()
        && randomness::check(value, Prior::Prefixed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(text: &str) -> Vec<&str> {
        let runs = random_literals(text.as_bytes(), Span::new(0, text.len()), &[]);
        runs.into_iter().map(|run| &text[run.range()]).collect()
    }

    #[test]
    fn identifiers_words_and_paths_are_not_random() {
        for text in [
            "const dashboardWidgetContainer = document.getElementsByClassName('badge--is-active')",
            "src/components/navigation/sidebar-container.test.ts:1204",
            "https://registry.example.org/packages/left-pad/-/left-pad-1.3.0.tgz",
            "SRVLVL_AUTHORIZATION_CONFIGURATION=abcdefghijklmnopqrstuvwxyz",
            "if (Math.abs(previousTemperature - currentTemperature) > 0.25) return",
        ] {
            assert_eq!(random(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_random_literal_is_told_from_what_it_stands_in() {
        let hex = ["7edc1ea8", "222287ef", "0b91c4d3"].concat();
        let base62 = ["9KciY2Tku", "L3PGsIyqm", "bDYh9VxR4"].concat();
        let base64 = format!("{}/{}+Zq8", &base62[..13], &base62[13..]);
        assert_eq!(
            random(&format!("a('{hex}', {{b: \"{base62}\"}})")),
            [&hex, &base62]
        );
        assert_eq!(random(&format!("assets/{hex}/index.js")), [&hex]);
        assert_eq!(random(&format!("TOKEN={base62};")), [&base62]);
        assert_eq!(random(&format!("k=\"{base64}\"")), [&base64]);
    }

    #[test]
    fn what_is_known_of_a_literal_leaves_its_rest() {
        let text = ["prod_jvx_live_9KciY2Tku", "L3PGsIyqm", "bDYh9VxR4"].concat();
        let rest =
            |known: Span| random_literals(text.as_bytes(), Span::new(0, text.len()), &[known]);
        assert_eq!(rest(Span::new(5, text.len())), []);
        assert_eq!(rest(Span::new(5, 30)), [Span::new(30, text.len())]);
    }

    #[test]
    fn the_name_of_a_variable_is_no_rest_of_its_value() {
        let key = ["jvx_live_9KciY2Tku", "L3PGsIyqm", "bDYh9VxR4"].concat();
        let left = |name: &str| {
            let text = format!("{name}{key}");
            let known = [Span::new(name.len(), text.len())];
            let rest = random_literals(text.as_bytes(), Span::new(0, text.len()), &known);
            rest.first().map(|rest| text[rest.range()].to_owned())
        };
        for name in [
            "JOURVEX_API_KEY=",
            "jourvex-api-key=",
            "jourvexApiKey=",
            "VITE_JOURVEX_API_KEY=",
        ] {
            assert_eq!(left(name), None, "{name}");
        }
        let digits = ["a7Qz9Kx2", "Wv4Rt6Pm"].concat();
        for name in [
            format!("{digits}="),
            format!("{digits}_KEY="),
            "XKQZVWPLMTRB_KEY=".to_owned(),
        ] {
            assert_eq!(left(&name), Some(name));
        }
        assert_eq!(
            left("JOURVEX_API_KEY_").as_deref(),
            Some("JOURVEX_API_KEY_")
        );
    }

    #[test]
    fn a_byte_that_no_key_has_breaks_one_in_two() {
        let (head, tail) = (["jvx_live_9KciY2Tku", "L3PGsIyqm"].concat(), "bDYh9VxR4");
        for between in ["\u{1e}", "\u{7f}", "$", "(", "%"] {
            let text = format!("{head}{between}{tail}\"");
            let rest = broken_off(text.as_bytes(), Span::new(0, head.len()));
            assert_eq!(rest.map(|rest| &text[rest.range()]), Some(tail));
        }
        for behind in [
            "",
            " bDYh9VxR4",
            "\"bDYh9VxR4",
            "/customers",
            "&v=bDYh9VxR4",
        ] {
            let text = format!("{head}{behind}");
            let rest = broken_off(text.as_bytes(), Span::new(0, head.len()));
            assert_eq!(rest, None, "{behind}");
        }
    }

    #[test]
    fn the_end_of_a_text_cuts_off_a_literal() {
        let of = |text: &str| cut_off(text.as_bytes()).map(|rest| text[rest.range()].to_owned());
        let cut = "bDYh9VxR4Lq";
        assert_eq!(of(&format!("['a', '{cut}")).as_deref(), Some(cut));
        for whole in [
            format!("'{cut}'"),
            format!("a {cut}"),
            cut.to_owned(),
            "['customers".to_owned(),
        ] {
            assert_eq!(of(&whole), None, "{whole}");
        }
    }
}
