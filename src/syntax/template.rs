//! Literals between backticks: templates of JavaScript, with code and other templates in them, and raw texts of Go.

/// Longest literal between backticks, in bytes.
const LONGEST: usize = 256 << 10;

/// Most templates in one another.
const DEEPEST: usize = 32;

/// What stands between two backticks of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backticks {
    /// A template of JavaScript: `` `a ${b ? `c` : "d"}` ``
    Template,
    /// A text of Go, in which nothing has another meaning.
    Raw,
}

impl Backticks {
    /// Where the literal ends whose text begins at `open`: the place of the backtick that closes it.
    pub(super) fn end(self, text: &[u8], open: usize) -> Option<usize> {
        let near = &text[..text.len().min(open.saturating_add(LONGEST))];
        // In front of the backtick of a pattern: /`/
        let before = open.checked_sub(2).map(|at| text[at]);
        match self {
            Self::Raw => memchr::memchr(b'`', &near[open..]).map(|length| open + length),
            Self::Template if before.is_some_and(|b| b"/\\^|".contains(&b)) => None,
            Self::Template => template_end(near, open),
        }
    }
}

fn template_end(text: &[u8], open: usize) -> Option<usize> {
    // Of each template how many braces are open in what is put in; in its text none is.
    let mut templates = vec![0_usize];
    let mut at = open;
    while let Some(byte) = text.get(at) {
        let next = text.get(at + 1);
        let braces = templates.last_mut()?;
        match (*braces, byte) {
            (0, b'\\') => at += 1,
            (0, b'`') => {
                templates.pop();
                if templates.is_empty() {
                    return Some(at);
                }
            }
            (0, b'$') if next == Some(&b'{') => {
                *braces = 1;
                at += 1;
            }
            (0, _) => {}
            (_, b'{') => *braces += 1,
            (_, b'}') => *braces -= 1,
            (_, b'`') if templates.len() == DEEPEST => return None,
            (_, b'`') => templates.push(0),
            (_, b'"' | b'\'') => at = string_end(text, at)?,
            (_, b'/') if next == Some(&b'/') => {
                at += memchr::memchr(b'\n', &text[at..])?;
            }
            (_, b'/') if next == Some(&b'*') => {
                at += memchr::memmem::find(&text[at..], b"*/")?;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The quote that closes the one at `at`, on the same line.
fn string_end(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at + 1;
    loop {
        match text.get(end)? {
            b'\n' => return None,
            b'\\' => end += 1,
            byte if *byte == text[at] => return Some(end),
            _ => {}
        }
        end += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_ends_behind_all_that_is_put_into_it() {
        for (text, rest) in [
            ("`\n<p>'</p>\n`;", ";"),
            (r"`a\`b`c", "c"),
            (r#"`${a ? `b${"`"}` : { c: '}' }}`d"#, "d"),
            ("`${a /* ` */}` b", " b"),
            ("`$` b", " b"),
        ] {
            let end = Backticks::Template.end(text.as_bytes(), 1);
            assert_eq!(end.map(|end| &text[end + 1..]), Some(rest), "{text}");
        }
        for text in ["`a", "`${a`", "`${'a\n'}`"] {
            assert_eq!(Backticks::Template.end(text.as_bytes(), 1), None, "{text}");
        }
        assert_eq!(Backticks::Template.end(b"/`/g `", 2), None);
        assert_eq!(Backticks::Raw.end(b"`\n\\`", 1), Some(3));
    }
}
