//! Long lines: broken between words, and what has no words cut in its middle.

use super::super::escape;
use std::borrow::Cow;
use std::mem::take;

/// Longest line of a report for people, in bytes. A command is one line up to here: it is there to
/// be copied, and a terminal breaks a line without an end of line.
pub(crate) const LONGEST: usize = 400;

/// What is left of it when something stands before the text.
const LONGEST_TEXT: usize = LONGEST - 40;

/// Fewest columns that a text is broken for.
const NARROWEST: usize = 30;

/// `text` in lines of at most `width` columns where it can be broken. What stands in backticks stays
/// together, and where a command is named the text is broken only behind `,`, `;` and `:`.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(NARROWEST);
    let fits = |text: &str| text.len() <= LONGEST_TEXT && text.chars().count() <= width;
    if fits(text) {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for part in parts(text) {
        match lines.last_mut() {
            Some(line) if fits(&format!("{line} {part}")) => {
                line.push(' ');
                line.push_str(&part);
            }
            _ => {
                let part = shortened(&part, LONGEST_TEXT - 3).into_owned();
                lines.push(escape::line_start(part));
            }
        }
    }
    lines
}

/// What a text may be broken into.
fn parts(text: &str) -> Vec<String> {
    let names_command = text.contains("git ") || text.contains("jvxleaks ");
    let mut parts = Vec::new();
    let mut open = String::new();
    for word in text.split(' ') {
        if open.len() + word.len() >= LONGEST_TEXT {
            parts.extend(Some(take(&mut open)).filter(|part| !part.is_empty()));
        }
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(word);
        let is_quoted = open.matches('`').count() % 2 == 1;
        if !is_quoted && (!names_command || word.ends_with([',', ';', ':'])) {
            parts.push(take(&mut open));
        }
    }
    parts.extend(Some(open).filter(|part| !part.is_empty()));
    parts
}

/// `text` with `...` for its middle if it has more than `most` bytes.
pub(in crate::report) fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return Cow::Borrowed(text);
    }
    let half = most.saturating_sub(3) / 2;
    let start = (0..=half).rev().find(|at| text.is_char_boundary(*at));
    let end = (text.len() - half..=text.len()).find(|at| text.is_char_boundary(*at));
    let (start, end) = (start.unwrap_or(0), end.unwrap_or(text.len()));
    Cow::Owned(format!("{}...{}", &text[..start], &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_broken_at_the_width_and_quotes_are_kept() {
        let text = "put `# a comment of many words` above the line, or accept what is found here";
        insta::assert_snapshot!(wrapped(text, 34).join("\n"), @"
        put `# a comment of many words`
        above the line, or accept what is
        found here
        ");
    }

    #[test]
    fn a_command_stays_in_one_line() {
        let text =
            "take the key out of a.txt, then git add -- a.txt && git commit --amend --no-edit";
        insta::assert_snapshot!(wrapped(text, 30).join("\n"), @"
        take the key out of a.txt,
        then git add -- a.txt && git commit --amend --no-edit
        ");
        let files = "file.txt ".repeat(200);
        let lines = wrapped(&format!("git add -- {files}"), 80);
        assert!(lines.iter().all(|line| line.len() <= LONGEST_TEXT));
    }

    #[test]
    fn no_line_begins_with_a_command_for_a_runner() {
        let text = format!("{} ::error::owned and more", "a".repeat(40));
        assert_eq!(wrapped(&text, 40)[1], r"\x3a:error::owned and more");
    }

    #[test]
    fn a_long_word_loses_its_middle() {
        assert_eq!(shortened("abcdefghijkl", 9), "abc...jkl");
        assert_eq!(shortened("äöüäöüäöü", 9), "ä...ü");
        assert!(wrapped(&"x".repeat(1000), 80)[0].len() <= LONGEST_TEXT);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_longer_than_a_report_may_be(text in "(?s)[ -~äб`]{0,900}", width in 0_usize..200) {
            let lines = wrapped(&text, width);
            proptest::prop_assert!(lines.iter().all(|line| line.len() <= LONGEST_TEXT));
        }
    }
}
