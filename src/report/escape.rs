//! Makes text that strangers wrote inert: nothing hidden, nothing that steers a terminal or a runner.
//!
//! Reports show names, lines and messages that came out of scanned files. Here every character that
//! a reader cannot see, or that changes what is seen around it, becomes an escape that can be seen.

use std::borrow::Cow;
use std::fmt::Write;

/// True for control characters, for what changes the direction of text, and for what takes no room.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{fffe}'..='\u{ffff}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` on one line, every hidden character as `\n`, `\x1b`, `\u202e` or `\U000e0041`.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// A text that begins a line, where a runner takes `::` for a command; a name of a file may do so.
pub(super) fn line_start(text: String) -> String {
    if text.trim_start().starts_with("::") {
        text.replacen(':', "\\x3a", 1)
    } else {
        text
    }
}

/// Like [`visible`], but tabs stay: for source lines, where they are indentation.
pub(super) fn source_line(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c != '\t' && is_hidden(c))
}

/// Like [`visible`], and the characters of `marks` are escaped the same way.
pub(super) fn without<'a>(text: &'a str, marks: &[char]) -> Cow<'a, str> {
    escaped(text, |c| is_hidden(c) || marks.contains(&c))
}

/// A JSON document with the hidden characters that JSON lets through as `\u` escapes. They can only
/// stand in its strings, so its meaning stays the same.
pub(crate) fn json(document: &str) -> Cow<'_, str> {
    let hidden = |c: char| c >= '\x7f' && is_hidden(c);
    replaced(document, hidden, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            push(out, format_args!("\\u{unit:04x}"));
        }
    })
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    replaced(text, hidden, |out, c| match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{ff}' => push(out, format_args!("\\x{:02x}", u32::from(c))),
        '\u{100}'..='\u{ffff}' => push(out, format_args!("\\u{:04x}", u32::from(c))),
        _ => push(out, format_args!("\\U{:08x}", u32::from(c))),
    })
}

/// Replaces each character that is `hidden` by what `escape` appends for it, and breaks up `##[` and
/// `##vso[`, which build runners take for a command wherever in a line they stand.
fn replaced(
    text: &str,
    hidden: impl Fn(char) -> bool,
    escape: impl Fn(&mut String, char),
) -> Cow<'_, str> {
    let starts_command = |at: usize| {
        let (before, rest) = text.split_at(at);
        before.ends_with('#') && (rest.starts_with("#[") || rest.starts_with("#vso["))
    };
    let touched = |(at, c): (usize, char)| hidden(c) || (c == '#' && starts_command(at));
    if !text.char_indices().any(touched) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '#' if starts_command(at) => out.push_str("\\u0023"),
            c if hidden(c) => escape(&mut out, c),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Appends to a string, which cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_become_visible() {
        let text = "a\x1b[2J\u{9b}31m\r\n\tb\u{202e}c\u{e0041}é日";
        insta::assert_snapshot!(visible(text), @r"a\x1b[2J\x9b31m\r\n\tb\u202ec\U000e0041é日");
        assert_eq!(source_line("\tx\x0b"), "\tx\\x0b");
        assert_eq!(without("a|`b", &['|', '`']), r"a\x7c\x60b");
    }

    #[test]
    fn harmless_text_is_borrowed() {
        assert!(matches!(visible("## src/größe.rs [1]"), Cow::Borrowed(_)));
    }

    #[test]
    fn runner_commands_are_broken_up() {
        assert_eq!(visible("x ##[error]y"), r"x #\u0023[error]y");
        assert_eq!(visible("##vso[task]###[x"), r"#\u0023vso[task]##\u0023[x");
    }

    #[test]
    fn escaped_json_means_the_same() {
        let value = serde_json::json!({"a": "x\u{7f}\u{202e}\u{e0041}\x1b ##[e]"});
        let document = serde_json::to_string_pretty(&value).unwrap();
        let inert = json(&document);
        insta::assert_snapshot!(inert, @r##"
        {
          "a": "x\u007f\u202e\udb40\udc41\u001b #\u0023[e]"
        }
        "##);
        let again: serde_json::Value = serde_json::from_str(&inert).unwrap();
        assert_eq!(again, value);
    }
}
