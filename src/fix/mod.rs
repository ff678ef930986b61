//! What takes the place of a credential in a program: an expression that reads it from the environment.
//!
//! An edit is made of bytes of the stored file. It is made where the literal is the whole of an expression, or `"Bearer "` and the
//! credential, in a language whose programs read the environment at run time. Everything else is left to the person
//! who knows the program, with the reason.

mod edit;
mod import;
mod language;
mod literal;
mod place;

use crate::model::{BlobPath, Dress, FileContext, KEY_PREFIX, Match, Span};
use crate::syntax::{Name, Style, Tree, lex_program};
pub use edit::{Edit, TextInsertion};
use language::CodeLanguage;
use literal::SecretLiteral;
use std::fmt;

/// The variable of a Jourvex key.
pub const VARIABLE: &str = "JOURVEX_API_KEY";

/// Makes the edits of one file, whose bytes are read as code once.
pub struct Editor<'t> {
    language: Option<&'static CodeLanguage>,
    tree: Tree<'t>,
    import: Result<Option<TextInsertion>, &'static str>,
    /// Where the first text over several lines begins that is not read as a literal: a here-document, or a template.
    open_text: Option<usize>,
}

impl<'t> Editor<'t> {
    /// Of a file, by the bytes that are stored.
    pub fn new(path: &BlobPath, text: &'t [u8]) -> Self {
        let language = CodeLanguage::of(path);
        let read = language.map(|_| lex_program(text, Style::of(path)));
        let (tokens, lost) = read.unwrap_or_default();
        let tree = Tree::new(text, tokens);
        Self {
            language,
            import: language.map_or(Ok(None), |own| own.import(&tree)),
            open_text: language.and_then(|own| own.open_text(text, &lost)),
            tree,
        }
    }

    /// What takes the place of a match, or why nothing does. What is no Jourvex key is read from a variable that is named after
    /// its place.
    ///
    /// # Errors
    /// The reason, in words that follow "not fixed: ".
    pub fn edit(&self, matched: &Match) -> Result<Edit, &'static str> {
        let is_whole = matched.pieces == [matched.span] || matched.pieces.is_empty();
        if matched.dress != Dress::Plain || !is_whole {
            return Err("it is encoded or in pieces");
        }
        let (tree, text) = (&self.tree, self.tree.text);
        if text.get(matched.span.range()) != Some(matched.secret.expose()) {
            return Err("what is stored is not the credential alone");
        }
        check_context(matched.context)?;
        let language = self
            .language
            .ok_or("the file is in no language that edits are made for")?;
        if self.open_text.is_some_and(|at| at < matched.span.start) {
            return Err("a here-document or another text of several lines begins above it");
        }
        let literal = SecretLiteral::around(tree, matched.span);
        let is_jourvex = matched.secret.public() == KEY_PREFIX.as_bytes();
        let variable = match literal.as_ref().and_then(|literal| literal.name(tree)) {
            _ if is_jourvex => VARIABLE.to_owned(),
            Some(name) => variable(name),
            None => "API_TOKEN".to_owned(),
        };
        let change = match &literal {
            Some(literal) => language.replaced(tree, literal, matched.span, &variable)?,
            None => language.replaced_bare(text, matched.span, &variable)?,
        };
        Ok(Edit {
            span: change.span,
            replacement: change.text,
            import: self.import.clone()?,
            variable,
            caution: change.caution,
        })
    }
}

impl fmt::Debug for Editor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Editor").finish_non_exhaustive()
    }
}

/// Programs that run in a browser have no environment, and what is no program has none either.
fn check_context(context: FileContext) -> Result<(), &'static str> {
    match context {
        context if context.reaches_browser() => {
            Err("a browser has no environment; the request belongs on the server")
        }
        FileContext::Test | FileContext::Example | FileContext::Documentation => {
            Err("it is in a test, an example or documentation")
        }
        FileContext::ThirdParty => Err("the code is somebody else's"),
        _ => Ok(()),
    }
}

/// `BILLING_PASSWORD` for `billingPassword`; a name without a word of what it holds gets one.
fn variable(name: &[u8]) -> String {
    let own = name.rsplit(|b| b".>:$@".contains(b)).next().unwrap_or(name);
    let name = Name::new(own);
    let words = name.words().split(|b| !b.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let words: Vec<String> = words
        .map(|word| String::from_utf8_lossy(word).to_ascii_uppercase())
        .collect();
    let says_what = name
        .has("token key secret password pass pwd auth authorization credential credentials bearer");
    match words.first() {
        Some(first) if says_what && !first.as_bytes()[0].is_ascii_digit() => words.join("_"),
        _ => "API_TOKEN".to_owned(),
    }
}

/// The text with edits made, each import once. Edits do not overlap.
pub fn applied(text: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut changes: Vec<(Span, &str)> = Vec::new();
    for edit in edits {
        changes.push((edit.span, &edit.replacement));
        let import = edit.import.as_ref();
        changes
            .extend(import.map(|import| (Span::new(import.at, import.at), import.text.as_str())));
    }
    changes.sort_by_key(|(span, text)| (span.start, span.end, *text));
    changes.dedup();
    let mut applied = Vec::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in changes {
        applied.extend_from_slice(&text[at..span.start]);
        applied.extend_from_slice(new.as_bytes());
        at = span.end;
    }
    applied.extend_from_slice(&text[at..]);
    applied
}
