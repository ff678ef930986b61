//! A text as tokens, as far as its white space means nothing.

use super::language::Language;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// A string, in its quotes.
    Text,
    Open,
    Close,
    Comma,
    Semicolon,
    /// One or more signs of an operator.
    Sign,
    Space,
    /// The end of a line.
    Line,
    Comment,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    /// How many brackets it stands in; a bracket stands in those around it.
    pub(super) depth: usize,
}

/// The tokens of a text; none when a string or a bracket is left open, so that it is in another language than it
/// seemed, or part of something.
pub(super) fn tokens(text: &str, language: Language) -> Option<Vec<Token<'_>>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        let rest = &text[at..];
        let (kind, length) = token(rest, language)?;
        if kind == Kind::Close {
            depth = depth.checked_sub(1)?;
        }
        tokens.push(Token {
            kind,
            text: &rest[..length],
            depth,
        });
        if kind == Kind::Open {
            depth += 1;
        }
        at += length;
    }
    (depth == 0).then_some(tokens)
}

fn token(rest: &str, language: Language) -> Option<(Kind, usize)> {
    let run = |of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
    if language.blocks && rest.starts_with("/*") {
        return Some((Kind::Comment, rest.find("*/")? + 2));
    }
    if language.comment.is_some_and(|sign| rest.starts_with(sign)) {
        return Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    let first = rest.chars().next()?;
    Some(match first {
        '"' | '\'' | '`' => (Kind::Text, string(rest, first)?),
        '(' | '[' | '{' => (Kind::Open, 1),
        ')' | ']' | '}' => (Kind::Close, 1),
        ',' => (Kind::Comma, 1),
        ';' => (Kind::Semicolon, 1),
        '\n' => (Kind::Line, 1),
        ' ' | '\t' => (Kind::Space, run(|c| matches!(c, ' ' | '\t'))),
        _ if is_word(first) => (Kind::Word, run(is_word)),
        _ => (Kind::Sign, run(is_sign).max(first.len_utf8())),
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '@')
}

fn is_sign(c: char) -> bool {
    c.is_ascii_punctuation() && !is_word(c) && !"\"'`()[]{},;".contains(c)
}

/// The length of a string, quotes included.
fn string(rest: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' if quote != '`' => return None,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
