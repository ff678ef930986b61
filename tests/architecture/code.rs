//! The source as text: files, their code without tests, comments and strings, and the words of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A file without its tests.
pub(crate) fn own(text: &str) -> &str {
    let mut parts = text.split("\n#[cfg(test)]\nmod tests");
    parts.next().unwrap_or_default()
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of `src/` by its path in it.
pub(crate) fn sources() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(&root().join("src"), &root().join("src"), &mut found);
    assert!(found.len() > 20, "the sources are not where they should be");
    found
}

fn collect(folder: &Path, base: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, base, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path
                .strip_prefix(base)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The words and signs of a program; comments are left out, and a string or character is one empty string.
pub(crate) fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if first.is_whitespace() => first.len_utf8(),
            _ => {
                let (token, length) = token(rest, first);
                found.push(token);
                length
            }
        };
        rest = &rest[length..];
    }
    found
}

/// The token that `rest` begins with, and its length.
fn token(rest: &str, first: char) -> (&str, usize) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    if let Some(length) = literal(rest, first) {
        return ("", length);
    }
    let length = match first {
        _ if is_part(first) => rest.find(|c| !is_part(c)).unwrap_or(rest.len()),
        ':' if rest.starts_with("::") => 2,
        _ => first.len_utf8(),
    };
    (&rest[..length], length)
}

/// How long the string or character is that `rest` begins with: `"a\""`, `br#"a"#`, `b'\n'`. A lifetime is none.
fn literal(rest: &str, first: char) -> Option<usize> {
    let body = match first {
        'b' => &rest[1..],
        _ => rest,
    };
    let prefix = rest.len() - body.len();
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = inner.find(&close)? + close.len();
        return Some(prefix + 1 + hashes + 1 + end);
    }
    let quote = body.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let mut characters = body.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => _ = characters.next(),
            _ if c == quote => return Some(prefix + at + 1),
            // `'a` is a lifetime unless a quote follows; `'\u{1f}'` begins with a backslash.
            _ if quote == '\'' && !body[1..].starts_with('\\') => {
                let end = at + c.len_utf8();
                return body[end..].starts_with('\'').then_some(prefix + end + 1);
            }
            _ => {}
        }
    }
    None
}
