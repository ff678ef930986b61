//! Names as words of a shell's command line: whoever wrote the repository chose them.

/// A name for pasting into a shell. What a terminal would not show as it is becomes an escape of
/// `$'...'`, which bash and zsh read back: `$'a\x0ab'`.
pub fn shell_word(name: &[u8]) -> String {
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

#[cfg(test)]
mod tests {
    use super::shell_word as word;

    #[test]
    fn a_name_cannot_become_a_command() {
        assert_eq!(word(b"src/a-1.ts"), "src/a-1.ts");
        assert_eq!(word(b"a;rm -rf $HOME"), "'a;rm -rf $HOME'");
        assert_eq!(word(b"it's"), r"'it'\''s'");
        assert_eq!(word(b"-f"), "'-f'");
        assert_eq!(word("größe".as_bytes()), "'größe'");
        assert_eq!(word(b"a\n\x1b'\\\xff"), r"$'a\x0a\x1b\'\\\xff'");
        assert_eq!(word(b""), "''");
    }
}
