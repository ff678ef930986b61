//! A program, which is read as code once for all that is replaced in it.

mod expression;
mod import;
mod language;
mod place;
mod runtime;
mod shell;
mod wording;

use super::change::{TextChange, TextChanges};
use super::literal::SecretLiteral;
use super::variable::{VARIABLE, variable};
use crate::model::{BlobPath, Span, Wording};
use crate::syntax::{HereDocument, Tree, lex_program, without};
use language::CodeLanguage;

/// A text in a language in which edits are made, or in none.
pub(super) struct Program<'t> {
    language: Option<&'static CodeLanguage>,
    tree: Tree<'t>,
    import: Result<Option<TextChange>, &'static str>,
    documents: Vec<HereDocument>,
    /// The text without them.
    code: Vec<u8>,
    /// Where the first text over several lines begins of which the end is not known.
    open_text: Option<usize>,
}

impl<'t> Program<'t> {
    /// The program at a path.
    pub(super) fn new(path: &BlobPath, text: &'t [u8]) -> Self {
        let language = CodeLanguage::of(path, text);
        let kind = language.and_then(CodeLanguage::documents);
        let (documents, unended) = kind.map(|own| own.of(text)).unwrap_or_default();
        let code = without(text, &documents);
        let read = language.map(|own| lex_program(&code, own.style(), own.backticks()));
        let (tokens, lost) = read.unwrap_or_default();
        let tree = Tree::new(text, tokens);
        let open_text = language.and_then(|own| own.open_text(&code, &lost));
        Self {
            language,
            import: language.map_or(Ok(None), |own| own.import(&tree)),
            open_text: open_text.into_iter().chain(unended).min(),
            documents,
            code,
            tree,
        }
    }

    /// The variable that is read instead of a credential, the bytes that go and what comes there. What is no Jourvex key
    /// is read from a variable that is named after its place.
    pub(super) fn replaced(
        &self,
        secret: Span,
        is_jourvex: bool,
    ) -> Result<(String, TextChanges), &'static str> {
        let (tree, text) = (&self.tree, self.tree.text);
        let language = self
            .language
            .ok_or("the file is in no language that edits are made for")?;
        if self.open_text.is_some_and(|at| at < secret.start) {
            return Err("a text of several lines begins above it of which the end is not known");
        }
        let document = self.documents.iter().find(|own| own.span.contains(secret));
        if let Some(document) = document {
            return Self::in_document(language, text, secret, *document, is_jourvex);
        }
        let literal = SecretLiteral::around(tree, secret);
        let variable = match literal.as_ref().and_then(|literal| literal.name(tree)) {
            _ if is_jourvex => VARIABLE.to_owned(),
            name => variable(name),
        };
        let mut changes = match (language.replaced_in_script(&self.code, secret), &literal) {
            (Some(changes), _) => changes?,
            (None, Some(literal)) => language.replaced(tree, literal, secret, &variable)?,
            (None, None) => return Err("it stands in a comment, or in no literal"),
        };
        changes.own.extend(self.import.clone()?);
        Ok((language.free_name(text, variable, secret.start), changes))
    }

    /// A credential in a text of several lines, in which variables are read where it stands.
    fn in_document(
        language: &CodeLanguage,
        text: &[u8],
        secret: Span,
        document: HereDocument,
        is_jourvex: bool,
    ) -> Result<(String, TextChanges), &'static str> {
        let before = &text[document.span.start..secret.start];
        let open = memchr::memmem::rfind(before, b"$(").or_else(|| memchr::memchr(b'`', before));
        let is_nested = open.is_some_and(|at| !before[at..].contains(&b')'));
        if is_nested || before.ends_with(b"\\") {
            return Err("it stands in a command within a text of several lines");
        }
        let read = language.read_in_document().filter(|_| document.expands);
        let read =
            read.ok_or("it stands in a text of several lines in which no variable is read")?;
        let name = if is_jourvex {
            VARIABLE.to_owned()
        } else {
            variable(None)
        };
        let changes = TextChanges::safe(secret, Wording::reading(read));
        Ok((language.free_name(text, name, secret.start), changes))
    }
}
