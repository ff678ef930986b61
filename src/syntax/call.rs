//! What the name of a call says about the literals in its brackets.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// What a call does with its arguments, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
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
const JOINING: [&[u8]; 14] = [
    b"concat",
    b"join",
    b"append",
    b"push",
    b"paste",
    b"implode",
    b"mkstring",
    b"strcat",
    b"glue",
    b"str_c",
    b"write",
    b"catenate",
    b"intercalate",
    b"delimited",
];

/// Those parts, in any case of letters; `None` never happens with so few.
static JOINS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let mut builder = AhoCorasick::builder();
    builder
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA));
    builder.build(JOINING).ok()
});

/// Names of calls that print what they are given in one go, or put strings together by short names.
const SHORT_JOINING: [&[u8]; 4] = [b"cat", b"echo", b"print", b"fold"];

/// Names of what makes a string or a list.
const MAKING: [&[u8]; 31] = [
    b"string",
    b"str",
    b"string_view",
    b"from",
    b"new",
    b"text",
    b"bytes",
    b"to_string",
    b"to_owned",
    b"tostring",
    b"into",
    b"list",
    b"listof",
    b"seq",
    b"array",
    b"arrayof",
    b"aslist",
    b"vec",
    b"vector",
    b"of",
    b"c",
    b"tuple",
    b"slice",
    b"arraylist",
    b"byte",
    b"char",
    b"strings",
    b"words",
    b"reduce",
    b"return",
    b"raw",
];

/// True for calls on a list whose argument stands between its members: `.join("_")`.
pub fn takes_separator(name: &[u8]) -> bool {
    const PARTS: [&[u8]; 4] = [b"join", b"mkstring", b"intercalate", b"implode"];
    let lower = name.to_ascii_lowercase();
    let has = |part: &&[u8]| memchr::memmem::find(&lower, part).is_some();
    PARTS.iter().any(has)
}

/// What the name says.
pub fn call(name: &[u8]) -> Call {
    let mut lower = [0; 32];
    let Some(lower) = lower.get_mut(..name.len()) else {
        return Call::Other;
    };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let lower = &*lower;
    let joins = JOINS.as_ref().is_some_and(|parts| parts.is_match(lower));
    if joins || SHORT_JOINING.contains(&lower) {
        return Call::Joins;
    }
    if lower.starts_with(b"format") || lower.ends_with(b"printf") || lower == b"fmt" {
        return Call::Formats;
    }
    match MAKING.contains(&lower) {
        true => Call::Makes,
        false => Call::Other,
    }
}
