//! The files that a tool for rewriting reads.

use jvxleaks::model::{RefKind, RefName};
use jvxleaks::purge::StoredForms;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The texts to be replaced, one a line, in the form that git-filter-repo and the BFG share
/// (<https://htmlpreview.github.io/?https://github.com/newren/git-filter-repo/blob/docs/html/git-filter-repo.html>).
///
/// A longer text comes before those that it may hold.
pub(super) fn replacements(texts: &BTreeSet<Vec<u8>>, replacement: &str) -> Vec<u8> {
    let mut texts: Vec<&Vec<u8>> = texts.iter().collect();
    texts.sort_by_key(|text| Reverse(text.len()));
    lines(texts, replacement, |text| {
        if is_one_line(text) {
            [b"literal:", text].concat()
        } else {
            regex(text)
        }
    })
}

/// The same of parts of paths, which a rename reads as the beginnings of whole ones.
///
/// Each gets a name of its own: two files of one folder must not become one.
pub(super) fn renames(names: &BTreeSet<Vec<u8>>, replacement: &str) -> Vec<u8> {
    let numbered = names
        .iter()
        .zip(1..)
        .flat_map(|(name, number)| match names.len() {
            1 => lines([name], replacement, regex),
            _ => lines([name], &format!("{replacement}-{number}"), regex),
        });
    numbered.collect()
}

/// Names of refs as they end at any server, one a line.
pub(super) fn refs(refs: &BTreeSet<RefName>) -> Vec<u8> {
    let own = refs.iter().map(|name| match name.kind() {
        RefKind::Branch(name) | RefKind::Tag(name) => name,
        // `origin/main`; of a name of a remote with a `/` too much stays, and nothing is lost with it.
        RefKind::Remote(name) | RefKind::FormerRemote(name) => {
            name.split_once('/').map_or(name, |(_, name)| name)
        }
        _ => name.as_str(),
    });
    let own: BTreeSet<&str> = own.collect();
    own.into_iter()
        .map(|name| format!("{name}\n"))
        .collect::<String>()
        .into_bytes()
}

/// Blobs to be left out, one id a line.
pub(super) fn blobs(forms: &StoredForms) -> Vec<u8> {
    let ids = forms.blobs.keys().map(|id| format!("{id}\n"));
    ids.collect::<String>().into_bytes()
}

/// A mailmap that gives people another name (<https://git-scm.com/docs/gitmailmap>).
pub(super) fn mailmap(people: &BTreeSet<Vec<u8>>, replacement: &str) -> Vec<u8> {
    let new = format!("{replacement} <{replacement}@localhost> ");
    let lines = people.iter();
    lines
        .flat_map(|old| [new.as_bytes(), old, b"\n"].concat())
        .collect()
}

fn lines<'t>(
    texts: impl IntoIterator<Item = &'t Vec<u8>>,
    replacement: &str,
    written: impl Fn(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let texts = texts.into_iter();
    texts
        .flat_map(|text| [&written(text), &b"==>"[..], replacement.as_bytes(), b"\n"].concat())
        .collect()
}

/// True for a text that a line of such a file can hold as it is.
fn is_one_line(text: &[u8]) -> bool {
    let is_split = memchr::memmem::find(text, b"==>").is_some();
    let ends_whole = |b: Option<&u8>| b.is_some_and(|b| !b.is_ascii_whitespace());
    !is_split
        && !text.iter().any(|b| b"\n\r".contains(b))
        && ends_whole(text.first())
        && ends_whole(text.last())
}

/// The text as an expression of Python and of Java.
fn regex(text: &[u8]) -> Vec<u8> {
    let escaped = text.iter().map(|byte| match byte {
        b if b.is_ascii_alphanumeric() => char::from(*b).to_string(),
        b => format!("\\x{b:02x}"),
    });
    format!("regex:{}", escaped.collect::<String>()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_literal_unless_a_line_cannot_hold_it() {
        let texts = [&b"abcdefgh"[..], b"a+b\nc", b"x==>y", b" z"];
        let texts = texts.into_iter().map(<[u8]>::to_vec).collect();
        let written = String::from_utf8(replacements(&texts, "GONE")).unwrap();
        insta::assert_snapshot!(written, @r"
        literal:abcdefgh==>GONE
        regex:a\x2bb\x0ac==>GONE
        regex:x\x3d\x3d\x3ey==>GONE
        regex:\x20z==>GONE
        ");
    }
}
