//! A place in a text, and what stands around it.

/// What kind of text a place is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) enum SiteKind {
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
    pub(in crate::detect) kind: SiteKind,
    /// Where the string, comment or run of code begins that it is in.
    pub(in crate::detect) token: usize,
    /// The open brackets around it, innermost first; of very many, the innermost.
    pub(in crate::detect) brackets: Vec<Bracket<'t>>,
    /// The clause up to it: what follows the last `;`, `,` or bracket.
    pub(in crate::detect) clause: &'t [u8],
    /// True in a part of a file that runs on the server: the frontmatter of an Astro page.
    pub(in crate::detect) on_server: bool,
}
