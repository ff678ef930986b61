//! Names as words of a shell's command line: whoever wrote the repository chose them.

use crate::model::BlobPath;

/// A name for pasting into a shell. What a terminal would not show as it is becomes an escape of
/// `$'...'`, which bash and zsh read back: `$'a\x0ab'`.
pub(super) fn word(name: &[u8]) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"/._-@{}+".contains(b);
    if !name.is_empty() && name.iter().all(plain) && !name.starts_with(b"-") {
        return String::from_utf8_lossy(name).into_owned();
    }
    let shown = |c: char| c.is_alphanumeric() || c == ' ' || c.is_ascii_graphic();
    match std::str::from_utf8(name) {
        Ok(text) if text.chars().all(shown) => format!("'{}'", text.replace('\'', r"'\''")),
        _ => {
            let escaped = name.iter().map(|byte| match byte {
                b'\\' | b'\'' => format!("\\{}", char::from(*byte)),
                b' '..=b'~' => char::from(*byte).to_string(),
                byte => format!("\\x{byte:02x}"),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}

/// Paths as git's commands take them, at the root of the work tree. A leading `:` would be a
/// pattern's.
pub(super) fn paths<'p>(paths: impl IntoIterator<Item = &'p BlobPath>) -> String {
    let words = paths.into_iter().map(|path| match path.as_bytes() {
        [b':', ..] => word(&[b"./", path.as_bytes()].concat()),
        bytes => word(bytes),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_command() {
        assert_eq!(word(b"src/a-1.ts"), "src/a-1.ts");
        assert_eq!(word(b"a;rm -rf $HOME"), "'a;rm -rf $HOME'");
        assert_eq!(word(b"it's"), r"'it'\''s'");
        assert_eq!(word(b"-f"), "'-f'");
        assert_eq!(word("größe".as_bytes()), "'größe'");
        assert_eq!(word(b"a\n\x1b'\\\xff"), r"$'a\x0a\x1b\'\\\xff'");
        assert_eq!(word(b""), "''");
        assert_eq!(paths([&":a".into(), &"b c".into()]), "'./:a' 'b c'");
    }
}
