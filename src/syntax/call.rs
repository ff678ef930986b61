//! What the name of a call says about the literals in its brackets.

use super::name::{is_listed, listed};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// What a call does with its arguments, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Puts them together, or behind something: `concat`, `append`, `push_str`.
    Joins,
    /// Puts them into a text with places for them: `format`, `sprintf`.
    Formats,
    /// Makes a string or a list of them: `str`, `listOf`.
    Makes,
    /// Something else.
    Other,
}

/// Parts of names of calls that join.
const JOINING: &str = "concat join append push paste implode mkstring strcat glue str_c write catenate intercalate delimited";

/// Those parts, in any case of letters; `None` never happens with so few.
static JOINS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA));
    builder.build(listed(JOINING)).ok()
});

/// Names of calls that print what they are given in one go, or put strings together by short names.
const SHORT_JOINING: &str = "cat echo print fold";

/// Names of what makes a string or a list.
const MAKING: &str = "string str string_view from new text bytes to_string to_owned tostring into list listof seq array \
    arrayof aslist vec vector of c tuple slice arraylist byte char strings words reduce return raw \
    getbytes tobytes valueof encodeutf8";

/// True for calls on a list whose argument stands between its members: `.join("_")`.
pub fn takes_separator(name: &[u8]) -> bool {
    let lower = name.to_ascii_lowercase();
    let has = |part: &str| memchr::memmem::find(&lower, part.as_bytes()).is_some();
    listed("join mkstring intercalate implode").any(has)
}

/// So much of the end of a name is looked at, in bytes.
const LONGEST: usize = 32;

/// What the name says.
pub fn call(name: &[u8]) -> CallKind {
    let mut lower = [0; LONGEST];
    // The end of a name tells what it does: `Org\Project\Security\Credentials\concat`.
    let end = &name[name.len().saturating_sub(LONGEST)..];
    let lower = &mut lower[..end.len()];
    lower.copy_from_slice(end);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    let joins = JOINS.as_ref().is_some_and(|parts| parts.is_match(lower));
    if joins || is_listed(SHORT_JOINING, lower) {
        return CallKind::Joins;
    }
    if lower.starts_with(b"format") || lower.ends_with(b"printf") || lower == b"fmt" {
        return CallKind::Formats;
    }
    if is_listed(MAKING, lower) {
        CallKind::Makes
    } else {
        CallKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_name_tells_what_it_does() {
        let path = "com::example::platform::security::credentials::";
        for (name, expected) in [
            ("concat", CallKind::Joins),
            ("Sprintf", CallKind::Formats),
            ("rotate", CallKind::Other),
        ] {
            assert_eq!(call([path, name].concat().as_bytes()), expected, "{name}");
        }
    }
}
