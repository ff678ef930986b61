//! Words: what people write where a credential belongs, and what identifiers are made of.
//!
//! The list is SCOWL's small English list (`rules/words.txt`, its source in the file's head) plus
//! [`JARGON`], the vocabulary of credentials that no dictionary has.

use super::Refusal;

const ENGLISH: &str = include_str!("../../../rules/words.txt");

/// Abbreviations and names that stand in for credentials, lower case, sorted.
const JARGON: [&str; 103] = [
    "abc",
    "acme",
    "admin",
    "api",
    "apikey",
    "app",
    "args",
    "async",
    "auth",
    "aws",
    "azure",
    "backend",
    "bcrypt",
    "blog",
    "bool",
    "cfg",
    "changeme",
    "ci",
    "cli",
    "cmd",
    "conf",
    "config",
    "creds",
    "css",
    "ctx",
    "curl",
    "db",
    "demo",
    "dev",
    "dns",
    "docker",
    "dummy",
    "env",
    "eyj",
    "eyjhb",
    "fixme",
    "foo",
    "foobar",
    "frontend",
    "func",
    "ghp",
    "github",
    "gitlab",
    "google",
    "grafana",
    "hmac",
    "href",
    "html",
    "http",
    "https",
    "id",
    "init",
    "int",
    "ios",
    "ip",
    "json",
    "jwks",
    "jwt",
    "kube",
    "lib",
    "localhost",
    "login",
    "lorem",
    "md",
    "metadata",
    "msg",
    "oauth",
    "obj",
    "oidc",
    "openai",
    "param",
    "params",
    "pass",
    "passwd",
    "pat",
    "postman",
    "prod",
    "pwd",
    "qux",
    "redacted",
    "regex",
    "repo",
    "sdk",
    "sha",
    "sql",
    "src",
    "sso",
    "str",
    "stripe",
    "stub",
    "svc",
    "test",
    "tld",
    "tmp",
    "tok",
    "ui",
    "url",
    "username",
    "utils",
    "uuid",
    "webhook",
    "xxx",
    "xyz",
];

/// How many bytes of a value are looked at.
const LONGEST: usize = 256;

/// Shortest word that counts when the value itself marks its ends.
const SHORTEST: usize = 3;

/// Shortest word that counts inside a run of letters.
const SHORTEST_INSIDE: usize = 4;

/// Refuses a value at least half of whose letters are words.
pub(super) fn check(value: &[u8]) -> Result<(), Refusal> {
    let value = &value[..value.len().min(LONGEST)];
    let letters = value.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    // Hexadecimal spells `cab`, `dead` and `feed` by chance.
    let hex = |b: &u8| b.is_ascii_hexdigit() || !b.is_ascii_alphanumeric();
    if digits >= letters / 2 && value.iter().all(hex) {
        return Ok(());
    }
    if letters >= SHORTEST && covered(value) * 2 >= letters && letters * 3 >= value.len() {
        return Err("made of words");
    }
    Ok(())
}

/// How many letters of `value` stand in words.
pub(super) fn covered(value: &[u8]) -> usize {
    let mut covered = 0;
    for run in letter_runs(value) {
        let parts: usize = camel_parts(run).map(part_covered).sum();
        let lower = run.to_ascii_lowercase();
        covered += parts.max(segmented(&lower));
    }
    covered
}

/// True when `word`, in lower case, is on a list.
pub(super) fn is_word(word: &[u8]) -> bool {
    let jargon = JARGON.binary_search_by(|known| known.as_bytes().cmp(word));
    jargon.is_ok() || is_english(word)
}

fn part_covered(part: &[u8]) -> usize {
    let lower = part.to_ascii_lowercase();
    if lower.len() >= SHORTEST && (is_word(&lower) || plural_of_word(&lower)) {
        return lower.len();
    }
    segmented(&lower)
}

fn plural_of_word(word: &[u8]) -> bool {
    word.len() > SHORTEST && word.strip_suffix(b"s").is_some_and(is_word)
}

fn letter_runs(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value
        .split(|b| !b.is_ascii_alphabetic())
        .filter(|run| !run.is_empty())
}

/// Splits `apiKeyHTTPServer` into `api`, `Key`, `HTTP`, `Server`.
fn camel_parts(run: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let boundary = (1..rest.len()).find(|&i| {
            let (before, here) = (rest[i - 1], rest[i]);
            let next_is_lower = rest.get(i + 1).is_some_and(u8::is_ascii_lowercase);
            here.is_ascii_uppercase() && (before.is_ascii_lowercase() || next_is_lower)
        });
        let (part, tail) = rest.split_at(boundary.unwrap_or(rest.len()));
        rest = tail;
        Some(part)
    })
}

/// The most letters of a lower-case run that words of four letters or more can cover.
fn segmented(run: &[u8]) -> usize {
    const LONGEST: usize = 12;
    let mut best = vec![0; run.len() + 1];
    for end in 1..=run.len() {
        best[end] = best[end - 1];
        let first = end.saturating_sub(LONGEST);
        for start in first..=end.saturating_sub(SHORTEST_INSIDE) {
            let length = end - start;
            if best[start] + length > best[end] && is_word(&run[start..end]) {
                best[end] = best[start] + length;
            }
        }
    }
    best[run.len()]
}

/// Binary search over the lines of the list: nothing to build, nothing to allocate.
fn is_english(word: &[u8]) -> bool {
    let list = ENGLISH.as_bytes();
    let (mut low, mut high) = (0, list.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = memchr::memrchr(b'\n', &list[..middle]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &list[middle..]).map_or(list.len(), |at| middle + at);
        let line = &list[start..end];
        // The head's comment lines begin with `#`, which sorts before every letter.
        match line.cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found() {
        let words = ENGLISH.lines().filter(|line| !line.starts_with('#'));
        let lost: Vec<_> = words.filter(|w| !is_english(w.as_bytes())).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(JARGON.is_sorted());
        assert!(!is_word(b"qzx") && !is_word(b"") && !is_word(b"zzzzz"));
    }

    #[test]
    fn values_made_of_words_are_refused() {
        for value in [
            "journeyUpdateReceived",
            "YOUR_KEY_HERE",
            "badge--is-active",
            "rate_limit_per_minute",
            "my-secret-api-key",
            "YourApiKeyGoesHere",
            "test-token",
            "oauth2_access_token_123",
            "dashboard-widget-container-01",
            "yourapikeygoeshere",
        ] {
            assert!(check(value.as_bytes()).is_err(), "{value}");
        }
    }
}
