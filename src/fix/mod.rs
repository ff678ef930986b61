//! What takes the place of a credential in a program: an expression that reads it from the environment.
//!
//! An edit is made of bytes of the stored file. It is made where the literal is the whole of an expression, or `"Bearer "` and the
//! credential, in a language whose programs read the environment at run time. Everything else is left to the person
//! who knows the program, with the reason.

mod change;
mod literal;
mod notebook;
mod program;
mod setting;
mod variable;

use crate::model::{
    Blob, Cover, Detection, Edit, FileContext, Finding, KEY_PREFIX, LineIndex, Match, Replacement,
    Secret, Span,
};
use change::TextChange;
use notebook::NotebookText;
use program::Program;
use setting::SettingFormat;
use std::collections::BTreeMap;
use std::fmt;
pub use variable::VARIABLE;
use variable::{SETS_ITSELF, UNNAMED, of_user, plain_user};

/// A piece of a secret that is shorter, in bytes, stands in other texts by chance.
const SHORTEST: usize = 8;

/// Most findings of a file for which an edit is made: each reads what is around it.
const MOST: usize = 256;

/// Gives each finding of a file its edit, or the reason why there is none.
pub(crate) fn attach(
    blob: &Blob<'_>,
    detection: &Detection<'_>,
    lines: &LineIndex,
    findings: &mut [Finding],
) {
    let mut open: BTreeMap<(usize, usize), Vec<&mut Finding>> = BTreeMap::new();
    for finding in findings.iter_mut().filter(|own| !own.secret.is_public()) {
        let place = (finding.place.line, finding.place.column);
        open.entry(place).or_default().push(finding);
    }
    if open.is_empty() {
        return;
    }
    let editor = Editor::new(blob, detection, lines);
    let mut asked = 0;
    for matched in &detection.matches {
        let at = lines.position(matched.span.start);
        let Some(here) = open.get_mut(&(at.line, at.column)) else {
            continue;
        };
        for finding in here.extract_if(.., |own| own.secret == matched.secret) {
            asked += 1;
            finding.edit = Some(if asked > MOST {
                Err("the file holds more than 256; fix those first, then scan again")
            } else {
                editor.edit(matched)
            });
        }
    }
}

/// Numbers variables that edits of several credentials would share: `API_TOKEN`, `API_TOKEN_2`. A place that sets the
/// variable itself has its name first: `ENV JOURVEX_API_KEY=...`.
pub(crate) fn number(findings: &mut [Finding]) {
    let mut named: BTreeMap<String, Secret> = BTreeMap::new();
    for finding in &*findings {
        let variable = match &finding.edit {
            Some(Err(SETS_ITSELF)) => VARIABLE,
            Some(Ok(edit)) if edit.keeps_name() => &edit.variable,
            _ => continue,
        };
        // Terraform reads `TF_VAR_key` as `var.key`.
        let given = variable.strip_prefix("TF_VAR_");
        let read = given.map_or_else(|| variable.to_owned(), str::to_ascii_uppercase);
        named.insert(read, finding.secret.clone());
    }
    for finding in findings {
        let Some(Ok(edit)) = &mut finding.edit else {
            continue;
        };
        if edit.keeps_name() {
            continue;
        }
        // `API_TOKEN_3`, which a program leaves free, goes on with `API_TOKEN_4`.
        let (base, first) = match edit.variable.rsplit_once('_') {
            Some((base, number)) => (base, number.parse().unwrap_or(1_usize)),
            None => (edit.variable.as_str(), 1),
        };
        let base = if first > 1 { base } else { &edit.variable };
        let numbered = (first + 1..).map(|number| format!("{base}_{number}"));
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
    text: &'t [u8],
    kind: EditedText<'t>,
    lines: &'t LineIndex,
    /// What is not shown of the file.
    cover: &'t Cover,
    /// Where the text begins in the stored bytes; none where those are no UTF-8.
    stored: Option<usize>,
}

/// What tells that a file is UTF-8, in front of its text.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What a file is read as.
enum EditedText<'t> {
    Program(Program<'t>),
    Notebook(Option<NotebookText<'t>>),
    Setting(&'static SettingFormat),
}

impl<'t> Editor<'t> {
    /// Of a file, by the bytes that are stored and what was found in them.
    pub fn new(blob: &Blob<'_>, detection: &'t Detection<'_>, lines: &'t LineIndex) -> Self {
        let text = &*detection.text;
        let is_notebook = blob.path.extension() == Some(b"ipynb");
        let kind = match SettingFormat::of(&detection.seen) {
            Some(format) => EditedText::Setting(format),
            None if is_notebook => EditedText::Notebook(NotebookText::of(text)),
            None => EditedText::Program(Program::new(blob.path, text)),
        };
        Self {
            text,
            kind,
            lines,
            cover: &detection.cover,
            stored: match blob.bytes.strip_prefix(MARK) {
                Some(rest) if rest == text => Some(MARK.len()),
                _ => (text == blob.bytes).then_some(0),
            },
        }
    }

    /// Where a part of the text is stored.
    pub fn stored(&self, span: Span) -> Span {
        let offset = self.stored.unwrap_or_default();
        Span::new(span.start + offset, span.end + offset)
    }

    /// What takes the place of a match, or why nothing does. What is no Jourvex key is read from a variable that is named after
    /// its place.
    ///
    /// # Errors
    /// The reason, in words that follow "not fixed: ".
    pub fn edit(&self, matched: &Match) -> Result<Edit, &'static str> {
        if self.stored.is_none() {
            return Err("the file is in an encoding that an edit cannot keep");
        }
        if self.text.get(matched.span.range()) != Some(matched.secret.expose()) {
            return Err("it is encoded or in pieces");
        }
        check_context(matched.context)?;
        let is_jourvex = is_jourvex(matched);
        let user = plain_user(matched.secret.expose()).filter(|_| !is_jourvex);
        let secret = Span::new(
            matched.span.start + user.map_or(0, |user| user.len() + 1),
            matched.span.end,
        );
        let (variable, mut changes) = match &self.kind {
            EditedText::Setting(format) => format.replaced(self.text, secret, is_jourvex)?,
            EditedText::Notebook(notebook) => {
                let notebook = notebook.as_ref().ok_or(notebook::UNREADABLE)?;
                notebook.replaced(secret, is_jourvex)?
            }
            EditedText::Program(program) => program.replaced(secret, is_jourvex)?,
        };
        let variable = match user.filter(|_| variable == UNNAMED) {
            Some(user) => of_user(user),
            None => variable,
        };
        changes.own.sort_by_key(|own| own.span);
        let mut edit = Edit {
            replacements: changes
                .own
                .into_iter()
                .map(|own| self.located(own))
                .collect(),
            variable,
            caution: changes.caution,
        };
        if self.touches_other(matched.span, &edit) {
            return Err("another secret stands in the same literal");
        }
        let replacements = edit.replacements.iter_mut();
        replacements.for_each(|own| own.span = self.stored(own.span));
        Ok(edit)
    }

    /// True for an edit that would write a secret, or take the place of one that is not its own:
    /// `'X-Key: KEY, Authorization: Bearer KEY'`, `{KEY: 'KEY'}`. The outputs of a cell go with all that is in them.
    fn touches_other(&self, own: Span, edit: &Edit) -> bool {
        let written = edit.changes().map(|(_, text)| text);
        let written: String = written.chain([edit.variable.clone()]).collect();
        let written = written.to_ascii_uppercase();
        let takes = |secret: Span| {
            let is_cleared = |own: &Replacement| {
                matches!(self.kind, EditedText::Notebook(_)) && own.wording.is_plain()
            };
            let mut replacements = edit.replacements.iter().filter(|own| !is_cleared(own));
            replacements.any(|own| own.span.overlaps(secret))
        };
        self.cover.spans().chain([own]).any(|secret| {
            let text = self.text[secret.range()].to_ascii_uppercase();
            // The name of the variable is no secret, and was not copied.
            if text == VARIABLE.as_bytes() {
                return false;
            }
            let is_written =
                text.len() >= SHORTEST && memchr::memmem::find(written.as_bytes(), &text).is_some();
            is_written || !secret.overlaps(own) && takes(secret)
        })
    }

    /// A change, with its place for reports.
    fn located(&self, change: TextChange) -> Replacement {
        let TextChange { span, wording } = change;
        let place = |at| self.lines.position(at);
        let utf16 = |at| {
            let start = self.lines.line(place(at).line).start;
            let before = std::str::from_utf8(&self.text[start..at]).ok()?;
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
