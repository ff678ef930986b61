//! A place in a text, and what stands around it.

use super::lexer::Lexer;
use super::section;
use crate::detect::context::Form;
use std::collections::BTreeMap;

/// What kind of text a place is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) enum Kind {
    /// Code that runs.
    Code,
    /// A string, the text of a template, or a regular expression.
    Literal,
    /// A string that is run as code: a module of a development build, in `eval`.
    Eval,
    /// A comment.
    Comment,
    /// HTML, or the template of a component.
    Markup,
}

/// An open bracket around a place.
#[derive(Clone, Copy, Debug)]
pub(in crate::detect) struct Bracket<'t> {
    /// The clause it belongs to, up to and with the bracket: `export const load = () => {`.
    pub(in crate::detect) head: &'t [u8],
    /// The first bytes behind it.
    pub(in crate::detect) body: &'t [u8],
}

/// What stands around a place.
#[derive(Clone, Debug)]
pub(in crate::detect) struct Site<'t> {
    /// What kind of text it is in.
    pub(in crate::detect) kind: Kind,
    /// Where the string, comment or run of code begins that it is in.
    pub(in crate::detect) token: usize,
    /// The open brackets around it, innermost first; of very many, the innermost.
    pub(in crate::detect) brackets: Vec<Bracket<'t>>,
    /// The clause up to it: what follows the last `;`, `,` or bracket.
    pub(in crate::detect) clause: &'t [u8],
    /// True in a part of a file that runs on the server: the frontmatter of an Astro page.
    pub(in crate::detect) on_server: bool,
}

/// The sites of some places of one text.
#[derive(Debug, Default)]
pub(in crate::detect) struct Sites<'t> {
    found: BTreeMap<usize, Site<'t>>,
}

impl<'t> Sites<'t> {
    /// The sites of the places `wanted`, in one pass over `text`. Places in files that are neither
    /// scripts nor markup have none.
    pub(in crate::detect) fn new(form: Form, text: &'t [u8], mut wanted: Vec<usize>) -> Self {
        wanted.sort_unstable();
        wanted.dedup();
        let mut sites = Self::default();
        match form {
            Form::Script => Lexer::new(text, 0..text.len(), false).sites(&wanted, &mut sites.found),
            Form::Markup => sites.of_sections(text, &wanted),
            Form::Map | Form::Other => {}
        }
        sites
    }

    /// The site of a place that was asked for.
    pub(in crate::detect) fn at(&self, place: usize) -> Option<&Site<'t>> {
        self.found.get(&place)
    }

    fn of_sections(&mut self, text: &'t [u8], wanted: &[usize]) {
        for place in wanted {
            self.found
                .insert(*place, section::markup_site(text, *place));
        }
        for section in section::scripts(text) {
            let from = wanted.partition_point(|place| *place < section.range.start);
            let to = wanted.partition_point(|place| *place < section.range.end);
            if from < to {
                let lexer = Lexer::new(text, section.range, section.on_server);
                lexer.sites(&wanted[from..to], &mut self.found);
            }
        }
    }
}
