//! What a program has to say in front of all before it can read its environment.

use super::super::change::TextChange;
use crate::model::Span;
use crate::syntax::{TokenKind, Tree, whole_places};

/// How a language imports.
#[derive(Clone, Copy, Debug)]
pub(super) enum ImportForm {
    /// `import os` of Python.
    Python,
    /// `import "os"` of Go.
    Go,
    /// `import Foundation` of Swift.
    Swift,
}

impl ImportForm {
    /// What is to be put in; none where it is there.
    ///
    /// # Errors
    /// Where the program is not written as others are.
    pub(super) fn missing(self, tree: &Tree<'_>) -> Result<Option<TextChange>, &'static str> {
        let first = memchr::memchr(b'\n', tree.text);
        let has_return = first.is_some_and(|end| tree.text[..end].ends_with(b"\r"));
        let end = if has_return { "\r\n" } else { "\n" };
        match self {
            Self::Python => Ok(python(tree, end)),
            Self::Go => go(tree, end),
            Self::Swift => Ok(swift(tree, end)),
        }
    }
}

/// The first tokens of statements that stand in no bracket, in order.
fn statements<'p>(tree: &'p Tree<'_>) -> impl Iterator<Item = usize> + 'p {
    (0..tree.tokens.len()).filter(|at| {
        let is_first =
            *at == 0 || tree.kind(at - 1) == Some(TokenKind::Newline) || tree.is(at - 1, b";");
        is_first && tree.parent(*at).is_none() && tree.kind(*at) != Some(TokenKind::Newline)
    })
}

/// Where the line of a token begins, in bytes.
fn line_of(tree: &Tree<'_>, at: usize) -> usize {
    let start = tree
        .tokens
        .get(at)
        .map_or(tree.text.len(), |own| own.span.start);
    memchr::memrchr(b'\n', &tree.text[..start]).map_or(0, |end| end + 1)
}

/// Behind the text about the module and what is taken from the future, in front of the first other statement. `import os` further
/// down may come too late, and does no harm a second time.
fn python(tree: &Tree<'_>, end: &str) -> Option<TextChange> {
    let is_head = |at: &usize| {
        tree.kind(*at) == Some(TokenKind::Str)
            || tree.word(*at) == b"from" && tree.word(at + 1) == b"__future__"
            || tree.is(*at, b";")
    };
    let floor = behind_comments(tree.text);
    let first = statements(tree)
        .filter(|at| line_of(tree, *at) >= floor)
        .find(|at| !is_head(at))
        .unwrap_or(tree.tokens.len());
    let mut at = line_of(tree, first);
    let is_os = |at: usize| {
        let ends = matches!(tree.kind(at + 2), None | Some(TokenKind::Newline))
            || tree.is_any(at + 2, &[b",", b";"]);
        tree.word(at) == b"import" && tree.word(at + 1) == b"os" && ends
    };
    // Imports that come one after the other, from the first statement on.
    let mut imports = statements(tree).skip_while(|at| *at < first);
    let is_import = |at: &usize| matches!(tree.word(*at), b"import" | b"from");
    let is_there = imports.by_ref().take_while(is_import).any(is_os);
    // A comment that is about the statement stays above it.
    let above = memchr::memrchr(b'\n', &tree.text[..at.saturating_sub(1)]).map_or(0, |end| end + 1);
    if at > 0 && memchr::memmem::find(&tree.text[above..at], b"allow").is_some() {
        at = above;
    }
    let text = format!("import os{end}");
    (!is_there).then(|| TextChange::insertion(at, text))
}

/// Behind the comments that a program begins with, in bytes: `#!/usr/bin/env python3`.
fn behind_comments(text: &[u8]) -> usize {
    let lines = text.split_inclusive(|b| *b == b'\n');
    let head = lines.take_while(|line| {
        line.starts_with(b"#") && memchr::memmem::find(line, b"allow").is_none()
    });
    head.map(<[u8]>::len).sum()
}

fn go(tree: &Tree<'_>, end: &str) -> Result<Option<TextChange>, &'static str> {
    const OTHER: &str = "its imports are not written as gofmt does";
    let package = statements(tree)
        .find(|at| tree.word(*at) == b"package")
        .ok_or(OTHER)?;
    let behind = package + 2;
    if tree.kind(behind) != Some(TokenKind::Newline) {
        return Err(OTHER);
    }
    let imports = statements(tree).filter(|at| tree.word(*at) == b"import");
    for import in imports {
        let open = import + 1;
        // `import os "example.com/os"`
        let last = tree.mate(open).unwrap_or(open + 1);
        let mut names = (open..=last).filter(|at| tree.kind(*at) == Some(TokenKind::Name));
        if names.any(|at| tree.word(at) == b"os") {
            return Err("what the variable is read with has another meaning in this file");
        }
        if tree.word(open) == b"os" && tree.kind(open) == Some(TokenKind::Str) {
            return Ok(None);
        }
        let Some(close) = tree.mate(open).filter(|_| tree.is(open, b"(")) else {
            continue;
        };
        let mut own = (open + 1..close).filter(|at| tree.kind(*at) == Some(TokenKind::Str));
        if own.clone().any(|at| tree.word(at) == b"os") {
            return Ok(None);
        }
        if tree.kind(open + 1) != Some(TokenKind::Newline) {
            return Err(OTHER);
        }
        // In the order of the first group, or at its end.
        let next = own.find(|at| {
            tree.word(*at) > b"os".as_slice()
                && tree.tokens[*at].span.start == first_of_line(tree, *at)
        });
        let at = line_of(tree, next.unwrap_or(close));
        let text = format!("\t\"os\"{end}");
        return Ok(Some(TextChange::insertion(at, text)));
    }
    let newline = tree.tokens[behind].span.end;
    let text = format!("{end}import \"os\"{end}");
    Ok(Some(TextChange::insertion(newline, text)))
}

/// Where the first token of a line begins, in bytes.
fn first_of_line(tree: &Tree<'_>, at: usize) -> usize {
    tree.tokens[tree.line_start(at)].span.start
}

fn swift(tree: &Tree<'_>, end: &str) -> Option<TextChange> {
    let is_import = |at: &usize| tree.word(*at) == b"import";
    let is_there = statements(tree).any(|at| is_import(&at) && tree.word(at + 1) == b"Foundation");
    let first = statements(tree)
        .find(is_import)
        .or_else(|| statements(tree).next());
    let at = first.map_or(0, |first| line_of(tree, first));
    (!is_there).then(|| TextChange::insertion(at, format!("import Foundation{end}")))
}

/// Where the word that a reading begins with stands for something else: `os = "linux"`.
pub(super) fn takings(text: &[u8], word: &[u8]) -> Vec<usize> {
    let whole = Span::new(0, text.len());
    let takes = |at: &usize| {
        let at = *at;
        let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        let before = text[line..at].trim_ascii();
        let behind = text[at + word.len()..].iter().find(|b| !b" \t".contains(b));
        let is_import = before.ends_with(b"import")
            // `using System;`
            || before.ends_with(b"using")
            || before.ends_with(b",")
            || before.is_empty() && behind.is_none();
        let is_quoted = text[..at].ends_with(b"\"") || text[..at].ends_with(b"'");
        // `import x as os`, `with open(a) as os:`, `class os:`, `case os:`
        let is_bound = [&b" as"[..], b"class", b"case"]
            .iter()
            .any(|own| before.ends_with(own));
        let is_typed = word == b"os" && behind == Some(&b':');
        let is_from = before.starts_with(b"from ");
        if is_bound || is_typed || is_from && is_import {
            return true;
        }
        let is_used = behind.is_some_and(|b| b".[:\"'".contains(b));
        let is_named_in_import = is_import && behind.is_none_or(|b| b"\r\n,;".contains(b));
        !is_used && !is_named_in_import && !is_quoted
    };
    whole_places(text, whole, word).filter(takes).collect()
}
