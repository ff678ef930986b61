//! The sites of places of one text, in one pass over it.

use super::super::context::FileForm;
use super::lexer::CodeLexer;
use super::section;
use super::section::Section;
use super::site::Site;

/// Tells the sites of places of one text, which come in order: one pass over the text, and one site at a time
/// in memory.
#[derive(Debug)]
pub(in crate::detect) struct Sites<'t> {
    form: FileForm,
    text: &'t [u8],
    /// The scripts that are still to be read, the next one last; found when a place is first asked for.
    scripts: Option<Vec<Section>>,
    /// The script that is read.
    lexer: Option<CodeLexer<'t>>,
}

impl<'t> Sites<'t> {
    /// The sites of `text`.
    pub(in crate::detect) fn new(form: FileForm, text: &'t [u8]) -> Self {
        Self {
            form,
            text,
            scripts: None,
            lexer: None,
        }
    }

    /// The site of a place that is not before the last one. Places in files that are neither scripts nor
    /// markup have none.
    pub(in crate::detect) fn at(&mut self, place: usize) -> Option<Site<'t>> {
        let is_markup = match self.form {
            FileForm::Script => false,
            FileForm::Markup => true,
            FileForm::Map | FileForm::Other => return None,
        };
        self.go_to(place);
        let lexer = self.lexer.as_mut().filter(|lexer| lexer.has(place));
        match lexer {
            Some(lexer) => lexer.site_of(place),
            None => is_markup.then(|| section::markup_site(self.text, place)),
        }
    }

    /// Opens the script that holds the place, or the next one.
    pub(super) fn go_to(&mut self, place: usize) {
        let scripts = self.scripts.get_or_insert_with(|| {
            let mut scripts = match self.form {
                FileForm::Markup => section::scripts(self.text),
                _ => vec![Section {
                    range: 0..self.text.len(),
                    on_server: false,
                }],
            };
            scripts.reverse();
            scripts
        });
        while self.lexer.as_ref().is_none_or(|lexer| lexer.ends_at(place)) {
            let Some(Section { range, on_server }) = scripts.pop() else {
                return;
            };
            self.lexer = Some(CodeLexer::new(self.text, range, on_server));
        }
    }
}
