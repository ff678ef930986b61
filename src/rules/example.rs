//! Examples that are no findings where they are written: placeholders such as `{alnum:32}` become the same
//! random-looking characters every time, and `{|}` cuts a name in two that a rule finds.

/// A text to try a rule on, placeholders expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The path the text is said to stand in.
    pub path: String,
    /// The text as written, which is safe to print.
    pub written: String,
    /// The text to scan.
    pub text: String,
}

/// `(name, alphabet)` of each placeholder.
const ALPHABETS: [(&str, &str); 7] = [
    (
        "alnum",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    ),
    (
        "base64",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
    ),
    (
        "base64url",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
    ),
    ("hex", "0123456789abcdef"),
    ("lower", "abcdefghijklmnopqrstuvwxyz0123456789"),
    ("upper", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    (
        "letter",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ),
];

/// Where an example is put together: nothing, when it is expanded.
const SEAM: &str = "{|}";

/// Replaces every `{alphabet:length}` of a known alphabet; other braces stay as they are.
///
/// `{b64(text)}` around a text gives that text in base64, after its own placeholders. `{|}` becomes nothing:
/// `VITE_{|}KEY` is `VITE_KEY`.
pub fn expand(written: &str) -> String {
    let mut out = String::new();
    let mut rest = written;
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let (text, used) = placeholder(rest, &mut seed).unwrap_or_else(|| ("{".to_owned(), 1));
        out.push_str(&text);
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

/// The names of the placeholders that have a length.
pub(super) fn placeholders() -> impl Iterator<Item = &'static str> {
    ALPHABETS.iter().map(|(name, _)| *name)
}

/// What looks like a placeholder and is none: `{lowr:20}`. `${PORT:80}` is of a shell, and `{a: 1}` of a script.
pub(super) fn unknown_placeholder(written: &str) -> Option<&str> {
    let mut opened = written
        .match_indices('{')
        .map(|(at, _)| written.split_at(at));
    opened.find_map(|(before, rest)| {
        let inner = rest.get(1..rest.find('}')?)?;
        let (name, length) = inner.split_once(':')?;
        let is_name =
            (1..=16).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_length = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit());
        let is_meant = is_name && is_length && !before.ends_with('$');
        let is_known = placeholders().any(|known| known == name);
        (is_meant && !is_known).then(|| &rest[..inner.len() + 2])
    })
}

fn placeholder(rest: &str, seed: &mut u64) -> Option<(String, usize)> {
    if rest.starts_with(SEAM) {
        return Some((String::new(), SEAM.len()));
    }
    if let Some(inner) = rest.strip_prefix("{b64(") {
        let end = inner.find(")}")?;
        let text = expand(&inner[..end]);
        return Some((base64(&text), "{b64()}".len() + end));
    }
    let end = rest.find('}')?;
    let (name, length) = rest[1..end].split_once(':')?;
    let (_, alphabet) = ALPHABETS.iter().find(|(n, _)| *n == name)?;
    let length: usize = length.parse().ok().filter(|n| *n <= 4096)?;
    let alphabet: Vec<char> = alphabet.chars().collect();
    let text = (0..length).map(|_| alphabet[next(seed) % alphabet.len()]);
    Some((text.collect(), end + 1))
}

/// One step of splitmix64 (<https://prng.di.unimi.it/splitmix64.c>): short, and the same on every
/// machine and in every release.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 16) as usize
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use super::{expand, unknown_placeholder};

    #[test]
    fn placeholders_expand_the_same_every_time() {
        let key = expand("k={alnum:12}");
        assert_eq!(key, expand("k={alnum:12}"));
        assert_eq!(key.len(), 14);
        assert_ne!(expand("{hex:8}{hex:8}")[..8], expand("{hex:8}{hex:8}")[8..]);
    }

    #[test]
    fn other_braces_stay() {
        let text = "{a: 1} ${KEY} {{ x }} {alnum} {foo:3} {";
        assert_eq!(expand(text), text);
    }

    #[test]
    fn a_misspelt_placeholder_is_told_from_other_braces() {
        assert_eq!(
            unknown_placeholder("k={lower:2}{lowr:20}"),
            Some("{lowr:20}")
        );
        assert_eq!(unknown_placeholder("{b64(u:{hexx:4})}"), Some("{hexx:4}"));
        let text = "{hex:4} {b64(u:{hex:4})} {|} ${PORT:80} {a: 1} {a:b} {:3} {x:} {";
        assert_eq!(unknown_placeholder(text), None);
    }

    #[test]
    fn base64_wraps_what_is_inside() {
        assert_eq!(expand("{b64(hi)}"), "aGk=");
    }

    #[test]
    fn a_seam_becomes_nothing() {
        assert_eq!(expand("VITE_{|}KEY={|}{b64(h{|}i)}"), "VITE_KEY=aGk=");
    }
}
