//! What takes the place of a credential in a program: an expression that reads it from the environment.
//!
//! An edit is made of bytes of the stored file. It is made where the literal is the whole of an expression, or `"Bearer "` and the
//! credential, in a language whose programs read the environment at run time. Everything else is left to the person
//! who knows the program, with the reason.

mod change;
mod import;
mod language;
mod literal;
mod place;
mod setting;
mod variable;

use crate::model::{
    Blob, Cover, Detection, Dress, Edit, FileContext, Finding, KEY_PREFIX, LineIndex, Match,
    Replacement, Secret, Span,
};
use crate::syntax::{Style, Tree, lex_program};
use change::{TextChange, TextChanges};
use language::CodeLanguage;
use literal::SecretLiteral;
use setting::SettingFormat;
use std::collections::BTreeMap;
use std::fmt;
pub use variable::VARIABLE;
use variable::variable;

/// Gives each finding of a file its edit, or the reason why there is none.
pub(crate) fn attach(
    blob: &Blob<'_>,
    detection: &Detection<'_>,
    lines: &LineIndex,
    findings: &mut [Finding],
) {
    let open = findings.iter_mut();
    let mut open: Vec<_> = open.filter(|own| !own.secret.is_public()).collect();
    if open.is_empty() {
        return;
    }
    let editor = Editor::new(blob, detection, lines);
    for matched in &detection.matches {
        let at = lines.position(matched.span.start);
        let is_own = |finding: &&mut Finding| {
            let place = (finding.place.line, finding.place.column);
            place == (at.line, at.column) && finding.secret == matched.secret
        };
        for finding in open.extract_if(.., |finding| is_own(finding)) {
            finding.edit = Some(editor.edit(matched));
        }
    }
}

/// Numbers variables that edits of several credentials would share: `API_TOKEN`, `API_TOKEN_2`.
pub(crate) fn number(findings: &mut [Finding]) {
    let mut named: BTreeMap<String, Secret> = BTreeMap::new();
    for finding in findings {
        let Some(Ok(edit)) = &mut finding.edit else {
            continue;
        };
        let mut replacements = edit.replacements.iter();
        if replacements.all(|own| own.wording.is_plain()) {
            continue;
        }
        let numbered = (2..).map(|number| format!("{}_{number}", edit.variable));
        let mut names = std::iter::once(edit.variable.clone()).chain(numbered);
        let free = |name: &String| named.get(name).is_none_or(|own| *own == finding.secret);
        if let Some(name) = names.find(free) {
            edit.variable.clone_from(&name);
            named.insert(name, finding.secret.clone());
        }
    }
}

/// Makes the edits of one file, whose bytes are read as code once.
pub struct Editor<'t> {
    language: Option<&'static CodeLanguage>,
    setting: Option<&'static SettingFormat>,
    tree: Tree<'t>,
    lines: &'t LineIndex,
    /// What is not shown of the file.
    cover: &'t Cover,
    is_stored: bool,
    import: Result<Option<TextChange>, &'static str>,
    /// Where the first text over several lines begins that is not read as a literal: a here-document, or a template.
    open_text: Option<usize>,
}

impl<'t> Editor<'t> {
    /// Of a file, by the bytes that are stored and what was found in them.
    pub fn new(blob: &Blob<'_>, detection: &'t Detection<'_>, lines: &'t LineIndex) -> Self {
        let text = &*detection.text;
        let path = blob.path;
        let language = CodeLanguage::of(path);
        let read = language.map(|_| lex_program(text, Style::of(path)));
        let (tokens, lost) = read.unwrap_or_default();
        let tree = Tree::new(text, tokens);
        Self {
            language,
            setting: SettingFormat::of(path),
            lines,
            cover: &detection.cover,
            is_stored: text == blob.bytes,
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
        if !self.is_stored {
            return Err("the file is in an encoding that an edit cannot keep");
        }
        let is_whole = matched.pieces == [matched.span] || matched.pieces.is_empty();
        if matched.dress != Dress::Plain || !is_whole {
            return Err("it is encoded or in pieces");
        }
        if self.tree.text.get(matched.span.range()) != Some(matched.secret.expose()) {
            return Err("what is stored is not the credential alone");
        }
        check_context(matched.context)?;
        let (variable, changes) = match self.setting {
            Some(format) => format.replaced(self.tree.text, matched.span, is_jourvex(matched))?,
            None => self.in_program(matched)?,
        };
        let edit = Edit {
            replacements: changes
                .own
                .into_iter()
                .map(|own| self.located(own))
                .collect(),
            variable,
            caution: changes.caution,
        };
        if self.keeps_secret(matched.span, &edit) {
            return Err("another secret stands in the same literal");
        }
        Ok(edit)
    }

    /// True for an edit that would copy a secret, or show one that it keeps: `'X-Key: KEY, Authorization: Bearer KEY'`,
    /// `{KEY: 'KEY'}`.
    fn keeps_secret(&self, own: Span, edit: &Edit) -> bool {
        let written = edit.changes().map(|(_, text)| text);
        let written: String = written.chain([edit.variable.clone()]).collect();
        let written = written.to_ascii_uppercase();
        self.cover.spans().chain([own]).any(|secret| {
            let secret_text = self.tree.text[secret.range()].to_ascii_uppercase();
            let is_kept = !secret.overlaps(own)
                && edit
                    .replacements
                    .iter()
                    .any(|own| own.span.overlaps(secret));
            is_kept || memchr::memmem::find(written.as_bytes(), &secret_text).is_some()
        })
    }

    /// What a program gets.
    fn in_program(&self, matched: &Match) -> Result<(String, TextChanges), &'static str> {
        let (tree, text) = (&self.tree, self.tree.text);
        let language = self
            .language
            .ok_or("the file is in no language that edits are made for")?;
        if self.open_text.is_some_and(|at| at < matched.span.start) {
            return Err("a here-document or another text of several lines begins above it");
        }
        let literal = SecretLiteral::around(tree, matched.span);
        let variable = match literal.as_ref().and_then(|literal| literal.name(tree)) {
            _ if is_jourvex(matched) => VARIABLE.to_owned(),
            name => variable(name),
        };
        let mut changes = match &literal {
            Some(literal) => language.replaced(tree, literal, matched.span, &variable)?,
            None => language.replaced_bare(text, matched.span, &variable)?,
        };
        changes.own.extend(self.import.clone()?);
        Ok((variable, changes))
    }

    /// A change, with its place for reports.
    fn located(&self, change: TextChange) -> Replacement {
        let TextChange { span, wording } = change;
        let place = |at| self.lines.position(at);
        let utf16 = |at| {
            let start = self.lines.line(place(at).line).start;
            let before = std::str::from_utf8(&self.tree.text[start..at]).ok()?;
            Some(before.encode_utf16().count() + 1)
        };
        Replacement {
            lines: (place(span.start), place(span.end)),
            utf16: utf16(span.start).zip(utf16(span.end)),
            span,
            wording,
        }
    }
}

fn is_jourvex(matched: &Match) -> bool {
    matched.secret.public() == KEY_PREFIX.as_bytes()
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
