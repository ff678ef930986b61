//! A credential in a Jupyter notebook: the cell is read as a program of its own, and its outputs go.

use super::change::{TextChange, TextChanges};
use super::program::Program;
use crate::model::{BlobPath, Span, Wording};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What a person should look at where a cell had outputs.
const CLEARED: &str = "the outputs of the cell are cleared";

/// Why nothing is changed in a file that has the name of a notebook.
pub(super) const UNREADABLE: &str = "it is no notebook that can be read";

/// A notebook, which is read once.
pub(super) struct NotebookText<'t> {
    text: &'t str,
    json: NotebookJson<'t>,
}

#[derive(Deserialize)]
struct NotebookJson<'a> {
    #[serde(borrow)]
    cells: Vec<NotebookCell<'a>>,
    #[serde(default)]
    metadata: NotebookMetadata<'a>,
}

#[derive(Default, Deserialize)]
struct NotebookMetadata<'a> {
    #[serde(borrow, default)]
    kernelspec: KernelSpec<'a>,
}

#[derive(Default, Deserialize)]
struct KernelSpec<'a> {
    #[serde(borrow, default)]
    language: Cow<'a, str>,
}

#[derive(Deserialize)]
struct NotebookCell<'a> {
    #[serde(borrow)]
    cell_type: Cow<'a, str>,
    #[serde(borrow)]
    source: &'a RawValue,
    #[serde(borrow)]
    outputs: Option<&'a RawValue>,
    #[serde(borrow)]
    execution_count: Option<&'a RawValue>,
}

/// The bytes of a part of a text.
fn span_of(text: &str, part: &str) -> Span {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    Span::new(start, start + part.len())
}

impl<'t> NotebookText<'t> {
    /// The notebook of a file, if it is one.
    pub(super) fn of(text: &'t [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let json = serde_json::from_str(text).ok()?;
        Some(Self { text, json })
    }

    /// The variable that is read instead, the bytes that go and what comes there.
    pub(super) fn replaced(
        &self,
        secret: Span,
        is_jourvex: bool,
    ) -> Result<(String, TextChanges), &'static str> {
        let (text, notebook) = (self.text, &self.json);
        let holds = |part: &&RawValue| span_of(text, part.get()).contains(secret);
        let holding = notebook.cells.iter().find(|cell| {
            let outputs = cell.outputs.as_ref().is_some_and(holds);
            holds(&cell.source) || outputs
        });
        let cell = holding.ok_or("it is in what a notebook says of itself")?;
        let cleared = cleared(text, cell);
        if !holds(&cell.source) {
            return Ok((String::new(), cleared));
        }
        if cell.cell_type != "code" {
            return Err("it is in a text; delete it there");
        }
        let language = &notebook.metadata.kernelspec.language;
        if !language.is_empty() && !language.eq_ignore_ascii_case("python") {
            return Err("the notebook is in no language that edits are made for");
        }
        let source = CellSource::new(text, cell.source).ok_or(UNREADABLE)?;
        let (variable, changes) = source.replaced(text, secret, is_jourvex)?;
        Ok((
            variable,
            TextChanges {
                own: changes.own.into_iter().chain(cleared.own).collect(),
                caution: changes.caution.or(cleared.caution),
            },
        ))
    }
}

/// What a cell printed goes, since it may say what the credential was.
fn cleared(text: &str, cell: &NotebookCell<'_>) -> TextChanges {
    let mut changes = TextChanges {
        own: Vec::new(),
        caution: None,
    };
    let mut clear = |part: Option<&RawValue>, empty: &str| {
        let part = part.map(RawValue::get).filter(|part| *part != empty);
        let change = part.map(|part| TextChange::new(span_of(text, part), Wording::plain(empty)));
        changes.own.extend(change.clone());
        change.is_some()
    };
    clear(cell.execution_count, "null");
    if clear(cell.outputs, "[]") {
        changes.caution = Some(CLEARED);
    }
    changes
}

/// The program of a cell, and where each of its bytes is stored.
struct CellSource {
    code: Vec<u8>,
    /// Where a byte of the code is stored, and in which string.
    stored: Vec<(usize, usize)>,
    /// The strings, without their quotes.
    strings: Vec<Span>,
    is_list: bool,
}

impl CellSource {
    /// The code of a `source`, which is a string or a list of them.
    fn new(text: &str, source: &RawValue) -> Option<Self> {
        let is_list = source.get().starts_with('[');
        let strings: Vec<&RawValue> = if is_list {
            serde_json::from_str(source.get()).ok()?
        } else {
            vec![source]
        };
        let mut cell = Self {
            code: Vec::new(),
            stored: Vec::new(),
            strings: Vec::new(),
            is_list,
        };
        for string in strings {
            let whole = span_of(text, string.get());
            let body = Span::new(whole.start + 1, whole.end.checked_sub(1)?);
            cell.read(text.get(body.range())?, body.start)?;
            cell.strings.push(body);
        }
        Some(cell)
    }

    /// Adds a string, whose first byte is stored at `start`.
    fn read(&mut self, string: &str, start: usize) -> Option<()> {
        let number = self.strings.len();
        let mut at = 0;
        while at < string.len() {
            let plain = memchr::memchr(b'\\', &string.as_bytes()[at..]);
            let end = plain.map_or(string.len(), |escape| at + escape);
            self.stored.extend((at..end).map(|at| (start + at, number)));
            self.code.extend_from_slice(&string.as_bytes()[at..end]);
            at = end;
            if plain.is_none() {
                break;
            }
            let length = match string.as_bytes().get(at + 1) {
                Some(b'u') if is_high(string.get(at + 2..at + 6)?) => 12,
                Some(b'u') => 6,
                _ => 2,
            };
            let written = string.get(at..at + length)?;
            let read: String = serde_json::from_str(&format!("\"{written}\"")).ok()?;
            self.stored
                .extend(read.bytes().map(|_| (start + at, number)));
            self.code.extend_from_slice(read.as_bytes());
            at += length;
        }
        Some(())
    }

    /// What the program gets, in the notebook.
    fn replaced(
        &self,
        text: &str,
        secret: Span,
        is_jourvex: bool,
    ) -> Result<(String, TextChanges), &'static str> {
        let start = self.stored.iter().position(|(at, _)| *at == secret.start);
        let start = start.ok_or("it is encoded or in pieces")?;
        let inner = Span::new(start, start + secret.len());
        let line = memchr::memrchr(b'\n', &self.code[..start]).map_or(0, |end| end + 1);
        let is_command = self.code[line..].trim_ascii_start().starts_with(b"!")
            || self.code[line..].trim_ascii_start().starts_with(b"%")
            || cell_magics(&self.code).any(|(_, name)| !PYTHON_MAGICS.contains(&name));
        if is_command {
            return Err("it is in a command of the notebook");
        }
        let mut code = self.code.clone();
        // As a comment, behind which the program begins.
        for (at, _) in cell_magics(&self.code) {
            code[at] = b'#';
            code[at + 1] = b' ';
        }
        let program = Program::new(&BlobPath::from("cell.py"), &code);
        let (variable, changes) = program.replaced(inner, is_jourvex)?;
        let own = changes.own.into_iter().map(|own| self.stored(text, own));
        let changes = TextChanges {
            own: own
                .collect::<Option<_>>()
                .ok_or("it goes over several lines")?,
            caution: changes.caution,
        };
        Ok((variable, changes))
    }

    /// A change of the code as one of the notebook.
    fn stored(&self, text: &str, change: TextChange) -> Option<TextChange> {
        let (start, number) = *self.stored.get(change.span.start)?;
        let string = self.strings[number];
        let wording = change.wording.encoded(escaped);
        if !change.span.is_empty() {
            let last = self.stored.get(change.span.end);
            let end = match last {
                Some((at, own)) if *own == number => *at,
                _ => string.end,
            };
            let (_, own) = *self.stored.get(change.span.end - 1)?;
            let span = Span::new(start, end);
            return (own == number).then(|| TextChange::new(span, wording));
        }
        let span = Span::new(start, start);
        if !self.is_list || start != string.start {
            return Some(TextChange::new(span, wording));
        }
        // A line of its own, as far from the next as that is from what stands before it.
        let before = text.as_bytes()[..string.start - 1].iter();
        let blank = before.rev().take_while(|b| b.is_ascii_whitespace()).count();
        let between = &text[string.start - 1 - blank..string.start - 1];
        let wording = wording.between("", &format!("\",{between}\""));
        Some(TextChange::new(span, wording))
    }
}

/// Commands in front of a cell after which the rest of it is run as Python
/// (<https://ipython.readthedocs.io/en/stable/interactive/magics.html#cell-magics>).
const PYTHON_MAGICS: [&[u8]; 6] = [b"time", b"timeit", b"capture", b"prun", b"memit", b"debug"];

/// The commands that a cell begins with, by where they stand and their names: `%%capture out`, and `%%time` on the next line.
fn cell_magics(code: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut behind = 0;
    std::iter::from_fn(move || {
        let rest = code[behind..].trim_ascii_start();
        let at = code.len() - rest.len();
        let name = rest.strip_prefix(b"%%")?;
        let end = name.iter().position(|b| !b.is_ascii_alphanumeric());
        behind = memchr::memchr(b'\n', rest).map_or(code.len(), |end| at + end + 1);
        Some((at, &name[..end.unwrap_or(name.len())]))
    })
}

/// The first half of a character of two: `\ud83d\ude00`.
fn is_high(hex: &str) -> bool {
    u16::from_str_radix(hex, 16).is_ok_and(|unit| (0xd800..0xdc00).contains(&unit))
}

/// A text in a string of JSON.
fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted[1..quoted.len().max(2) - 1].to_owned()
}
