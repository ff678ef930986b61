//! Which lines of a file begin inside a string: a line that is put before one of them becomes part of it.
//!
//! No parser: strings, comments and here-documents are told by how they begin and end. A file in which this goes
//! wrong loses no more than the advice to write a comment.

use super::allow::language::Language;
use crate::model::Span;
use memchr::{memchr, memmem};
use std::collections::BTreeSet;

/// What is behind so many bytes is not looked at.
const LOOKED_AT: usize = 1 << 20;

/// How a string begins and ends, and whether a backslash hides an end.
type Quote = (&'static [u8], &'static [u8], bool);

const TRIPLE: [Quote; 2] = [(b"\"\"\"", b"\"\"\"", true), (b"'''", b"'''", true)];
const TICKS: Quote = (b"`", b"`", true);
const DOUBLE: Quote = (b"\"", b"\"", true);
const SINGLE: Quote = (b"'", b"'", true);

/// The strings of a language that may go on in the next line, the longest first.
fn quotes(language: Language) -> Vec<Quote> {
    use Language as L;
    match language {
        L::Python
        | L::Java
        | L::Kotlin
        | L::Scala
        | L::Swift
        | L::Dart
        | L::CSharp
        | L::Properties => TRIPLE.to_vec(),
        L::JavaScript => vec![TICKS],
        L::Go => vec![(b"`", b"`", false)],
        L::Rust => vec![(b"r#\"", b"\"#", false), DOUBLE],
        L::Lua => vec![(b"[[", b"]]", false)],
        L::C => vec![(b"R\"(", b")\"", false)],
        L::Sql => vec![(b"'", b"'", false)],
        L::Elixir | L::Clojure => [&TRIPLE[..], &[DOUBLE]].concat(),
        L::Php | L::Perl | L::Ruby | L::Shell | L::R | L::PowerShell | L::Yaml | L::Dockerfile => {
            vec![DOUBLE, SINGLE]
        }
        L::GitHubActions | L::GitLabCi | L::Helm | L::Kubernetes | L::Compose => {
            vec![DOUBLE, SINGLE]
        }
        _ => Vec::new(),
    }
}

/// The beginnings of a comment to the end of the line.
fn comments(language: Language) -> &'static [&'static [u8]] {
    use Language as L;
    match language {
        L::C | L::CSharp | L::Dart | L::Go | L::Java | L::JavaScript | L::Kotlin | L::Rust => {
            &[b"//"]
        }
        L::Scala | L::Swift => &[b"//"],
        L::Php => &[b"//", b"#"],
        L::Sql | L::Lua => &[b"--"],
        L::Clojure => &[b";"],
        _ => &[b"#"],
    }
}

/// The strings of a text that go on over the end of a line.
pub(super) fn strings(language: Language, text: &[u8]) -> Vec<Span> {
    let text = &text[..text.len().min(LOOKED_AT)];
    let (quotes, comments) = (quotes(language), comments(language));
    let mut found = blocks(language, text);
    let mut unclosed: Vec<&[u8]> = Vec::new();
    let mut endless: BTreeSet<&[u8]> = BTreeSet::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let is_word = at > 0 && text[at - 1].is_ascii_alphanumeric();
        if !is_word && comments.iter().any(|opener| rest.starts_with(opener)) {
            at += memchr(b'\n', rest).unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            at += memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(end) = here_document(language, text, at, &mut endless) {
            found.push(Span::new(at, end));
            at = end;
        } else if let Some((open, close, escapes)) = quote(&quotes, rest, is_word, &unclosed) {
            match closed(&rest[open.len()..], close, escapes) {
                Some(end) => {
                    let end = at + open.len() + end;
                    found.push(Span::new(at, end));
                    at = end;
                }
                None => {
                    unclosed.push(open);
                    at += open.len();
                }
            }
        } else if matches!(rest[0], b'"' | b'\'') {
            at += 1 + line_string(rest);
        } else {
            at += 1;
        }
    }
    found.retain(|span| memchr(b'\n', &text[span.range()]).is_some());
    found.sort();
    found
}

/// True when the line that begins at an offset begins inside one of the strings, or behind what was looked at.
pub(super) fn holds(strings: &[Span], line_start: usize) -> bool {
    let mut before = strings.iter().take_while(|span| span.start < line_start);
    line_start > LOOKED_AT || before.any(|span| span.end > line_start)
}

/// What opens here. "don't" opens nothing, and what once had no end has none later either.
fn quote(quotes: &[Quote], rest: &[u8], is_word: bool, unclosed: &[&[u8]]) -> Option<Quote> {
    let opens = |(open, ..): &&Quote| rest.starts_with(open) && !unclosed.contains(open);
    let quote = quotes.iter().find(opens)?;
    let is_apostrophe = is_word && quote.0 == b"'";
    (!is_apostrophe).then_some(*quote)
}

fn closed(rest: &[u8], close: &[u8], escapes: bool) -> Option<usize> {
    let mut at = 0;
    while at < rest.len() {
        if escapes && rest[at] == b'\\' {
            at += 2;
        } else if rest[at..].starts_with(close) {
            return Some(at + close.len());
        } else {
            at += 1;
        }
    }
    None
}

/// The rest of a string that ends on its line, behind its first quote; nothing if it does not.
fn line_string(rest: &[u8]) -> usize {
    // Longer lines are of no file that somebody would write a comment into.
    const LONGEST: usize = 1 << 12;
    let rest = &rest[..rest.len().min(LONGEST)];
    let line = memchr(b'\n', rest).map_or(rest, |end| &rest[..end]);
    closed(&line[1..], &line[..1], true).unwrap_or(0)
}

/// The end of a here-document that is announced at an offset: `<<EOF`, `<<-'EOF'`, `<<~SQL`, `<<<PHP`.
///
/// `endless` holds the names that have no end in the rest of the text; of many nothing is looked for any more.
fn here_document<'t>(
    language: Language,
    text: &'t [u8],
    at: usize,
    endless: &mut BTreeSet<&'t [u8]>,
) -> Option<usize> {
    use Language as L;
    // No name is longer.
    const LONGEST: usize = 64;
    let has_some = matches!(
        language,
        L::Shell | L::Ruby | L::Perl | L::Php | L::Terraform | L::Dockerfile
    );
    let rest = text[at..].strip_prefix(b"<<").filter(|_| has_some)?;
    let rest = rest.strip_prefix(b"<").unwrap_or(rest);
    let rest = rest
        .strip_prefix(b"-")
        .or(rest.strip_prefix(b"~"))
        .unwrap_or(rest);
    let quoted = [b'"', b'\'']
        .into_iter()
        .find(|quote| rest.starts_with(&[*quote]));
    let rest = &rest[usize::from(quoted.is_some())..];
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let length = rest.iter().take(LONGEST).take_while(|b| is_name(b)).count();
    let name = &rest[..length];
    let is_endless = endless.len() > 50 || endless.contains(name);
    if is_endless || name.is_empty() || name[0].is_ascii_digit() {
        return None;
    }
    let mut start = at + memchr(b'\n', &text[at..])? + 1;
    while start < text.len() {
        let end = memchr(b'\n', &text[start..]).map_or(text.len(), |n| start + n);
        let line = text[start..end].trim_ascii();
        if line.strip_suffix(b";").unwrap_or(line) == name {
            return Some(start);
        }
        start = end + 1;
    }
    endless.insert(name);
    None
}

/// The block scalars of YAML: what stands deeper than the line that ends in `|` or `>`.
fn blocks(language: Language, text: &[u8]) -> Vec<Span> {
    use Language as L;
    let is_yaml = matches!(
        language,
        L::Yaml | L::GitHubActions | L::GitLabCi | L::Helm | L::Kubernetes | L::Compose
    );
    let mut blocks = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let mut start = 0;
    while is_yaml && start < text.len() {
        let end = memchr(b'\n', &text[start..]).map_or(text.len(), |n| start + n);
        let line = text[start..end].trim_ascii_end();
        let indent = line.iter().take_while(|b| **b == b' ').count();
        if let Some((from, depth)) = open
            && !line.is_empty()
            && indent <= depth
        {
            blocks.push(Span::new(from, start));
            open = None;
        }
        let marks = |b: &&u8| matches!(b, b'+' | b'-' | b'0'..=b'9');
        let signs = line.iter().rev().take_while(marks).count();
        let head = &line[..line.len() - signs];
        let opens = head.ends_with(b": |") || head.ends_with(b": >") || head.ends_with(b"- |");
        if open.is_none() && opens {
            open = Some((end.saturating_sub(1), indent));
        }
        start = end + 1;
    }
    blocks.extend(open.map(|(from, _)| Span::new(from, text.len())));
    blocks
}
