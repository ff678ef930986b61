//! A credential in Terraform: a variable, which is declared and not set.

use super::super::change::TextChange;
use super::super::literal::SecretLiteral;
use super::secret::{COMMENT, NO_SETTING, Replaced, SettingSecret};
use crate::model::{Span, Wording};
use crate::syntax::{Style, Tree, lex_program};

/// Blocks that are read before there are variables.
const EARLY: &[&[u8]] = &[b"terraform", b"backend", b"cloud"];

const DECLARED: &str = "variable \"name\" {\n  type      = string\n  sensitive = true\n}\n";

pub(super) fn replaced(secret: &SettingSecret<'_>, read: &str) -> Replaced {
    let text = secret.text;
    let in_text = Wording::reading(read).between("${", "}");
    if is_in_document(text, secret.span.start) {
        let own = TextChange::new(secret.span, in_text);
        return Ok(declared(secret, secret.variable(b""), own));
    }
    let (tokens, _) = lex_program(text, Style::ANY, None);
    let tree = Tree::new(text, tokens);
    let literal = SecretLiteral::around(&tree, secret.span).ok_or(COMMENT)?;
    let name = literal.name(&tree);
    let blocks = std::iter::successors(tree.parent(literal.at), |open| tree.parent(*open));
    let first = |open| tree.line_start(open);
    let mut blocks = blocks.filter(|open| tree.is(*open, b"{")).map(first);
    let mut words = blocks.clone().map(|first| tree.word(first));
    let is_source = words.clone().any(|word| word == b"module")
        && name.is_some_and(|name| matches!(name, b"source" | b"version"));
    if is_source {
        return Err("no variable is read there; give it to git or to the registry");
    }
    if words.clone().any(|word| word == b"output") {
        return Err("an output shows it to everyone; delete it");
    }
    if words.clone().any(|word| EARLY.contains(&word)) {
        return Err("no variable is read there; give it by -backend-config or the environment");
    }
    if words.any(|word| word == b"variable") {
        let declared = blocks.find(|first| tree.word(*first) == b"variable");
        let declared = declared.map_or(&b""[..], |first| tree.word(first + 1));
        return default(text, secret, (name, declared));
    }
    let variable = secret.variable(name.ok_or(NO_SETTING)?);
    let own = if literal.body == secret.span {
        TextChange::new(literal.whole, Wording::reading(read))
    } else {
        TextChange::new(secret.span, in_text)
    };
    Ok(declared(secret, variable, own))
}

/// The line `default = "..."` of a variable goes, so that it has to be given, as `TF_VAR_` and its name.
fn default(
    text: &[u8],
    secret: &SettingSecret<'_>,
    (name, declared): (Option<&[u8]>, &[u8]),
) -> Replaced {
    let start = memchr::memrchr(b'\n', &text[..secret.span.start]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &text[secret.span.end..]);
    let end = end.map_or(text.len(), |end| secret.span.end + end + 1);
    let is_alone = text[start..secret.span.start]
        .trim_ascii_start()
        .starts_with(b"default")
        && text[secret.span.end..end]
            .strip_prefix(b"\"")
            .is_some_and(|behind| is_comment(behind.trim_ascii()));
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || b"_-".contains(b);
    let is_declared = !declared.is_empty() && declared.iter().all(is_name);
    if name != Some(b"default") || !is_alone || !is_declared {
        return Err(NO_SETTING);
    }
    let whole = TextChange::new(Span::new(start, end), Wording::plain(""));
    let variable = format!("TF_VAR_{}", String::from_utf8_lossy(declared));
    Ok((variable, vec![whole]))
}

/// True for nothing, and for a comment up to the end of a line.
fn is_comment(behind: &[u8]) -> bool {
    let is_closed = behind.starts_with(b"/*")
        && memchr::memmem::find(behind, b"*/") == behind.len().checked_sub(2);
    behind.is_empty() || behind.starts_with(b"#") || behind.starts_with(b"//") || is_closed
}

/// With the declaration at the end of the file, unless it has one with this value. A variable that the file declares otherwise has a
/// value of its own.
fn declared(
    secret: &SettingSecret<'_>,
    variable: String,
    own: TextChange,
) -> (String, Vec<TextChange>) {
    let text = secret.text;
    let block = |name: &str| {
        let declaration = format!("variable \"{}\"", name.to_ascii_lowercase());
        let at = memchr::memmem::find(text, declaration.as_bytes())?;
        let end = memchr::memchr(b'}', &text[at..]);
        Some(&text[at..end.map_or(text.len(), |end| at + end)])
    };
    let mut changes = vec![own];
    let value = &text[secret.span.range()];
    if block(&variable).is_some_and(|block| memchr::memmem::find(block, value).is_some()) {
        return (variable, changes);
    }
    let numbered = (2..).map(|number| format!("{variable}_{number}"));
    let mut names = std::iter::once(variable.clone()).chain(numbered);
    let name = names.find(|name| block(name).is_none()).unwrap_or(variable);
    let between = if text.ends_with(b"\n") { "\n" } else { "\n\n" };
    let end = Span::new(text.len(), text.len());
    let declaration = Wording::reading(DECLARED).between(between, "");
    changes.push(TextChange::new(end, declaration));
    (name, changes)
}

/// True behind `<<EOT` of which the end has not come: a template.
fn is_in_document(text: &[u8], at: usize) -> bool {
    let mut open: Option<&[u8]> = None;
    for line in text[..at].split(|b| *b == b'\n') {
        match open {
            Some(word) if line.trim_ascii() == word => open = None,
            Some(_) => {}
            None => {
                let word = memchr::memmem::rfind(line, b"<<").map(|at| &line[at + 2..]);
                let word = word.map(|own| own.strip_prefix(b"-").unwrap_or(own).trim_ascii());
                open =
                    word.filter(|own| !own.is_empty() && own.iter().all(u8::is_ascii_alphanumeric));
            }
        }
    }
    open.is_some()
}
