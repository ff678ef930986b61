//! Specimens: a test puts a key together of pieces, so that none stands in the source, and has no use for one.

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

/// Refuses a key that was put together in a test whose `text` names nothing that a key could be used with:
/// `assert!(mask("jvx_" + "live_...") ...)`. A test that calls anything names a client, a header, a host.
pub(in crate::detect) fn has_use(text: &[u8]) -> Result<(), Refusal> {
    match USE.as_ref().is_none_or(|words| words.is_match(text)) {
        true => Ok(()),
        false => Err("put together in a test that has no use for a key"),
    }
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
    fn the_module_of_tests_is_found() {
        let at = |text: &str| tests_of_rust(text.as_bytes());
        assert_eq!(
            at("#[cfg(test)]\nuse a;\n#[cfg(test)]\nmod tests {}"),
            Some(20)
        );
        assert_eq!(at("#[cfg(test)]\nfn a() {}\nmod b {}"), None);
    }
}
