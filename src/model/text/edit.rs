//! An edit of a file: what comes in the place of one credential.

use super::super::{Position, Span};

/// A text in which the name of a variable may be left open: `os.environ["` and `"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What stands between the names.
    parts: Vec<String>,
    is_small: bool,
}

impl Wording {
    /// A text without a variable.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            parts: vec![text.into()],
            is_small: false,
        }
    }

    /// One with the variable in the place of each `NAME`, or of each `name` for small letters.
    pub fn reading(template: &str) -> Self {
        let is_small = !template.contains("NAME") && template.contains("name");
        let name = if is_small { "name" } else { "NAME" };
        Self {
            parts: template.split(name).map(str::to_owned).collect(),
            is_small,
        }
    }

    /// True for a text without a variable.
    pub fn is_plain(&self) -> bool {
        self.parts.len() == 1
    }

    /// The same between two texts.
    #[must_use]
    pub fn between(mut self, before: &str, after: &str) -> Self {
        if let Some(first) = self.parts.first_mut() {
            first.insert_str(0, before);
        }
        if let Some(last) = self.parts.last_mut() {
            last.push_str(after);
        }
        self
    }

    /// The same, with what is written changed, as an encoding wants it.
    #[must_use]
    pub fn encoded(mut self, encode: impl Fn(&str) -> String) -> Self {
        let parts = self.parts.iter_mut();
        parts.for_each(|part| *part = encode(part));
        self
    }

    /// The text for this variable.
    pub fn text(&self, variable: &str) -> String {
        if self.is_small {
            self.parts.join(&variable.to_ascii_lowercase())
        } else {
            self.parts.join(variable)
        }
    }
}

/// Bytes of a file that go, and what comes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes, in the stored file; none where a text is only put in.
    pub span: Span,
    /// What comes there.
    pub wording: Wording,
    /// Where the bytes begin and end.
    pub lines: (Position, Position),
    /// The same two columns, 1-based, in UTF-16 code units; none in lines that are not UTF-8.
    pub utf16: Option<(usize, usize)>,
}

/// What a file gets in the place of one credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// In the order of the file; none overlaps another.
    pub replacements: Vec<Replacement>,
    /// The variable that is read; empty where the credential only goes.
    pub variable: String,
    /// Why a person should look at it; none where the program does the same as before.
    pub caution: Option<&'static str>,
}

impl Edit {
    /// True for an edit that reads no variable: the name is what it was, or there is none.
    pub fn keeps_name(&self) -> bool {
        let mut replacements = self.replacements.iter();
        replacements.all(|own| own.wording.is_plain())
    }

    /// The variable of the environment that has to be set: of Terraform `TF_VAR_jourvex_api_key`.
    pub fn environment(&self) -> String {
        let mut replacements = self.replacements.iter();
        if replacements.any(|own| own.wording.is_small) {
            format!("TF_VAR_{}", self.variable.to_ascii_lowercase())
        } else {
            self.variable.clone()
        }
    }

    /// Each change, for the variable that is read.
    pub fn changes(&self) -> impl Iterator<Item = (Span, String)> + '_ {
        let changes = self.replacements.iter();
        changes.map(|own| (own.span, own.wording.text(&self.variable)))
    }

    /// A text with edits made. A change that two of them make is made once; others do not overlap.
    pub fn applied<'e>(text: &[u8], edits: impl IntoIterator<Item = &'e Self>) -> Vec<u8> {
        let edits = edits.into_iter();
        changed(text, edits.flat_map(Self::changes).collect())
    }
}

/// A text with changes made, each once. They do not overlap.
pub fn changed(text: &[u8], mut changes: Vec<(Span, String)>) -> Vec<u8> {
    changes.sort();
    changes.dedup();
    let mut changed = Vec::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in changes {
        changed.extend_from_slice(&text[at..span.start]);
        changed.extend_from_slice(new.as_bytes());
        at = span.end;
    }
    changed.extend_from_slice(&text[at..]);
    changed
}
