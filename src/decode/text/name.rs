//! Names that archives and source maps give. Reports show them cleaned, and nothing is ever opened by one.
//!
//! What is cleaned away may stand inside a credential, and one of which something is gone is known for none: `a\\u006ab` would
//! become `a/u006ab`. So a credential is looked for before.

use crate::decode::may_hold_key;
use std::borrow::Cow;

/// True when a name may hold a key, and is another one cleaned: then it is not to be shown.
pub(in crate::decode) fn hides_key(written: &[u8], cleaned: &[u8]) -> bool {
    let start = written.len().checked_sub(cleaned.len());
    let leads_in = |at: usize| written[..at].iter().all(|b| matches!(b, b'.' | b'/'));
    let is_same = start.is_some_and(|at| leads_in(at) && written[at..] == *cleaned);
    !is_same && may_hold_key(written)
}

/// The name without the `user:password@` of URLs in it, which are none any more without their slashes.
pub(in crate::decode) fn without_userinfo(name: &[u8]) -> Cow<'_, [u8]> {
    let is_slash = |b: &u8| matches!(b, b'/' | b'\\');
    let mut kept = Vec::new();
    let mut rest = name;
    loop {
        let mut triples = rest.windows(3);
        let scheme = triples.position(|w| w[0] == b':' && w[1..].iter().all(is_slash));
        let Some(scheme) = scheme else { break };
        let (before, host) = rest.split_at(scheme + 3);
        let part = host.iter().position(is_slash).unwrap_or(host.len());
        let user = host[..part].iter().rposition(|b| *b == b'@');
        kept.extend_from_slice(before);
        rest = &host[user.map_or(0, |at| at + 1)..];
    }
    if kept.is_empty() {
        Cow::Borrowed(name)
    } else {
        Cow::Owned([&kept, rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_of_a_url_is_taken_out() {
        for (name, expected) in [
            ("a/https://u:p@h/b", "a/https://h/b"),
            (r"ftp:\\u:p@x@h\b", r"ftp:\\h\b"),
            ("http://h/a@b http://u:p@h", "http://h/a@b http://h"),
            ("a/b@c:/d", "a/b@c:/d"),
        ] {
            let shown = without_userinfo(name.as_bytes());
            assert_eq!(String::from_utf8_lossy(&shown), expected);
        }
    }

    #[test]
    fn a_key_is_hidden_where_cleaning_takes_something_of_it() {
        let prefix = ["jvx_", "live_"].concat();
        let is_hidden =
            |written: &str, cleaned: &str| hides_key(written.as_bytes(), cleaned.as_bytes());
        assert!(is_hidden(&format!("a/{prefix}/../b"), "a/b"));
        assert!(!is_hidden(
            &format!("./a/{prefix}b"),
            &format!("a/{prefix}b")
        ));
        assert!(!is_hidden("a/../b", "b"));
    }
}
