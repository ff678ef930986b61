//! The word that must stand before some patterns, in the same command: `curl` before ` -u`.

use memchr::memmem;

/// How far back the word may stand, in bytes.
pub(in crate::detect) const REACH: usize = 1024;

/// True when the word stands before, in the command that goes on at the end of `before`; always when a
/// pattern has none.
pub(in crate::detect) fn follows(word: Option<&str>, before: &[u8]) -> bool {
    let Some(word) = word else {
        return true;
    };
    let command = command(&before[before.len().saturating_sub(REACH)..]);
    match word.as_bytes() {
        [byte] => memchr::memchr(*byte, command).is_some(),
        word => memmem::find(&command.to_ascii_lowercase(), word).is_some(),
    }
}

/// The last command of a text: a line break ends the one before unless a `\`, `` ` ``, `^`, a comma or an
/// opening bracket continues the line.
fn command(text: &[u8]) -> &[u8] {
    let mut ends = memchr::memrchr_iter(b'\n', text);
    let is_end = |end: &usize| {
        let line = text[..*end].trim_ascii_end();
        !line.last().is_some_and(|b| b"\\`,^[{(".contains(b))
    };
    let start = ends.find(is_end).map_or(0, |end| end + 1);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn the_word_stands_in_the_same_command() {
        for before in ["curl -s", "x\ncurl -s \\\n  -v", "run: [CURL,\n  '-s',\n"] {
            assert!(follows(Some("curl"), before.as_bytes()), "{before}");
        }
        for before in ["curl -s\nls", "ls -l", ""] {
            assert!(!follows(Some("curl"), before.as_bytes()), "{before}");
        }
        assert!(follows(None, b""));
    }
}
