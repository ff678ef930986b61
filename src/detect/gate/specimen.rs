//! Specimens: a `#[test]` of Rust puts a key together of pieces, so that none stands in the source, and has no use
//! for one. Only there the language says where a test ends and that nothing else calls it.

use super::Refusal;
use memchr::memmem;
use regex::bytes::Regex;
use std::sync::LazyLock;

/// A key is of use to who sends it, or reads it where senders look. Each of these has one of the words.
static USE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "token|http|client|request|env|connect|session|auth|header|fetch|api|url|server|bearer|curl|password\
                 |axios|socket|host|remote|login|export";
    Regex::new(&format!("(?i-u){words}")).ok()
});

/// Most bytes of a function that is read by itself; in a longer one a key counts.
const LONGEST: usize = 16 << 10;

/// Refuses a key that was put together in a test whose `text` names nothing that a key could be used with:
/// `assert!(mask("jvx_" + "live_...") ...)`. A test that calls anything names a client, a header, a host.
pub(in crate::detect) fn has_use(text: &[u8]) -> Result<(), Refusal> {
    match USE.as_ref().is_none_or(|words| words.is_match(text)) {
        true => Ok(()),
        false => Err("put together in a test that has no use for a key"),
    }
}

/// The `#[test]` function around `at`, which nothing else calls: what it does not do with a key, nothing does.
/// `None` in a function that others call, such as one that makes keys.
pub(in crate::detect) fn function_of_test(text: &[u8], at: usize) -> Option<&[u8]> {
    let near = &text[at.saturating_sub(LONGEST)..at];
    let start = at - near.len() + memmem::rfind(near, b"#[test]")?;
    let is_own = memmem::find_iter(&text[start..at], b"fn ").count() == 1;
    let rest = &text[at..text.len().min(at + LONGEST)];
    let end = memmem::find(rest, b"fn ").unwrap_or(rest.len());
    let is_whole = end < rest.len() || at + end == text.len();
    (is_own && is_whole).then(|| &text[start..at + end])
}

/// Where in a file of Rust its module of tests begins, which by custom is its last item.
pub(in crate::detect) fn tests_of_rust(text: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"#[cfg(test)]";
    let begins_module = |at: &usize| {
        let item = text[at + MARK.len()..].trim_ascii_start();
        item.starts_with(b"mod ") || item.starts_with(b"pub mod ")
    };
    memmem::find_iter(text, MARK).find(begins_module)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_calls_anything_has_a_use_for_a_key() {
        for text in [
            "client = Journey(KEY)",
            "process.env.KEY = key",
            "headers: { Authorization: k }",
            "await fetch(u, k)",
            "export const KEY = k",
        ] {
            assert_eq!(has_use(text.as_bytes()), Ok(()), "{text}");
        }
        assert!(has_use(b"assert_eq!(mask(&key), shown);").is_err());
    }

    #[test]
    fn only_a_test_itself_is_read_without_its_file() {
        let text = b"#[test]\nfn a() { f(1) }\n#[test]\nfn b() { f(2) }\nfn f(n: u8) { 3 }";
        let around = |number: u8| {
            let at = memchr::memchr(number, text).unwrap();
            function_of_test(text, at).map(String::from_utf8_lossy)
        };
        assert_eq!(around(b'1').unwrap(), "#[test]\nfn a() { f(1) }\n#[test]\n");
        assert_eq!(around(b'2').unwrap(), "#[test]\nfn b() { f(2) }\n");
        assert_eq!(around(b'3'), None);
    }

    #[test]
    fn the_module_of_tests_is_found() {
        let at = |text: &str| tests_of_rust(text.as_bytes());
        assert_eq!(
            at("#[cfg(test)]\nuse a;\n#[cfg(test)]\nmod tests {}"),
            Some(20)
        );
        assert_eq!(at("#[cfg(test)]\nfn a() {}\nmod b {}"), None);
    }
}
