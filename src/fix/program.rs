//! A program, which is read as code once for all that is replaced in it.

use super::change::{TextChange, TextChanges};
use super::language::CodeLanguage;
use super::literal::SecretLiteral;
use super::variable::{VARIABLE, unread, variable};
use crate::model::{BlobPath, Span};
use crate::syntax::{Tree, lex_program};

/// A text in a language in which edits are made, or in none.
pub(super) struct Program<'t> {
    language: Option<&'static CodeLanguage>,
    tree: Tree<'t>,
    import: Result<Option<TextChange>, &'static str>,
    /// Where the first text over several lines begins that is not read as a literal: a here-document, or a template.
    open_text: Option<usize>,
}

impl<'t> Program<'t> {
    /// The program at a path.
    pub(super) fn new(path: &BlobPath, text: &'t [u8]) -> Self {
        let language = CodeLanguage::of(path, text);
        let read = language.map(|own| lex_program(text, own.style(), own.backticks()));
        let (tokens, lost) = read.unwrap_or_default();
        let tree = Tree::new(text, tokens);
        Self {
            language,
            import: language.map_or(Ok(None), |own| own.import(&tree)),
            open_text: language.and_then(|own| own.open_text(text, &lost)),
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
            return Err("a here-document or another text of several lines begins above it");
        }
        let literal = SecretLiteral::around(tree, secret);
        let variable = match literal.as_ref().and_then(|literal| literal.name(tree)) {
            _ if is_jourvex => VARIABLE.to_owned(),
            name => variable(name),
        };

        let mut changes = match &literal {
            Some(literal) => language.replaced(tree, literal, secret, &variable)?,
            None => language.replaced_bare(text, secret, &variable)?,
        };
        changes.own.extend(self.import.clone()?);
        Ok((unread(text, variable), changes))
    }
}
