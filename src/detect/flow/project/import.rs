//! What a file calls the things that another exports.

use super::super::read::{first, parts};
use super::super::{Fields, NameKind};
use crate::model::{BlobPath, ProjectFile, Span};
use crate::syntax::{is_listed, is_word};
use memchr::memmem;

/// Words that a statement begins with that imports something.
const IMPORTING: &str = "import from use using require require_once require_relative include include_once load mod alias";

/// The same of statements that do so only with one of [`CALLS`] in them.
const DECLARING: &str = "const let var await export pub local my";

/// Calls that import.
const CALLS: [&[u8]; 4] = [b"require", b"import(", b" from ", b"use "];

/// Words of statements that bring in all that a file has.
const OPENING: &str = "require require_once require_relative include include_once load";

/// Names of files that are called by their folder.
const BY_FOLDER: &str = "index __init__ mod main lib";

/// Languages in which the files of a folder need no import among themselves.
const PACKAGES: &str = "go java kt cs scala";

/// Languages in which a module is an object that may be handed on.
const OBJECTS: &str = "js mjs cjs jsx ts mts cts tsx py";

/// Services of Apps Script (<https://developers.google.com/apps-script/reference>).
const SCRIPT: [&[u8]; 3] = [b"SpreadsheetApp.", b"HtmlService.", b"PropertiesService."];

/// Longest path in front of the name of a module, in bytes.
const LONGEST_PATH: usize = 128;

/// Most lines of one import.
const MOST_LINES: usize = 32;

/// Names that a file imports something under: each with the module that has it as a member, if it is asked of that.
pub(super) type Imported<'t> = Vec<(&'t [u8], Option<&'t [u8]>, Fields<'t>, NameKind)>;

/// What one file imports from another.
#[derive(Debug, Default)]
pub(super) struct Import<'t> {
    /// Single names, as the other file has them and as this one has.
    named: Vec<(&'t [u8], &'t [u8])>,
    /// Names of the module itself.
    whole: Vec<&'t [u8]>,
    /// All that it has, under the same names.
    is_open: bool,
    /// Whether a module is an object as any other.
    is_object: bool,
    /// Where the module itself is a value: `{ journey: require("./journey") }`.
    in_place: Vec<Span>,
}

impl<'t> Import<'t> {
    /// What `file` imports from the one at `path`; `None` when it does not say its name where it imports.
    pub(super) fn of(path: &BlobPath, file: &'t ProjectFile) -> Option<Self> {
        let text = &file.text[..];
        let path = path.as_bytes();
        // Files at the root of a module of Go have no name to be imported by, and see each other all the same.
        let module = module(path).unwrap_or(b"/");
        let is_package =
            is_listed(PACKAGES, ending(path)) && ending(path) == ending(file.path.as_bytes());
        // All files of a script of Apps Script have one scope.
        let is_script = is_listed("js gs", ending(path))
            && SCRIPT
                .iter()
                .any(|service| memmem::find(text, service).is_some());
        let mut import = Self {
            is_open: is_script || is_package && folder(path) == folder(file.path.as_bytes()),
            is_object: is_listed(OBJECTS, ending(path)),
            ..Self::default()
        };
        for at in memmem::find_iter(text, module) {
            let end = at + module.len();
            let is_part = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(is_word);
            if is_part(at.checked_sub(1)) || is_part(Some(end)) {
                continue;
            }
            match statement(text, at) {
                Some(span) => import.take(&Statement::new(text, span, Span::new(at, end))),
                // `config::KEY` of Rust, wherever it stands
                None if text[end..].starts_with(b"::") => import.call(&text[at..end]),
                None if is_required(text, at) => import.in_place.push(Span::new(at, end)),
                None => {}
            }
        }
        // `from . import client` of what the folder itself has
        let is_beside = folder(path) == folder(file.path.as_bytes());
        if is_beside && path.ends_with(b"__init__.py") {
            for at in memmem::find_iter(text, b"from . import ") {
                let dot = Span::new(at + 5, at + 6);
                if let Some(span) = statement(text, dot.start) {
                    import.take(&Statement::new(text, span, dot));
                }
            }
        }
        let is_some = import.is_open
            || !import.named.is_empty()
            || !import.whole.is_empty()
            || !import.in_place.is_empty();
        is_some.then_some(import)
    }

    /// Takes what a statement brings in.
    fn take(&mut self, statement: &Statement<'t>) {
        let first = statement.word(0);
        let import = statement.position(b"import");
        let from = statement.position(b"from");
        if let Some((open, close)) = statement.braces() {
            self.named.extend(statement.pairs(open, close));
        }
        match (from, import) {
            // `from app.config import settings as s`, `from app import config`
            (Some(from), Some(import)) if from < import => {
                let place = statement.words[import].0 + 1;
                if statement.module.start < place {
                    self.named
                        .extend(statement.pairs(place, statement.span.end));
                } else {
                    self.call(statement.renamed());
                }
            }
            // `import X, { a } from "config"`, `import * as X from "config"`
            (Some(from), Some(import)) => {
                let names = statement.words[import + 1..from].iter();
                let names = names.filter(|(place, word)| {
                    !statement.is_in_braces(*place) && !is_listed("as type", word)
                });
                if let Some((_, name)) = names.into_iter().next() {
                    self.call(name);
                }
            }
            // `const X = require("config")`, `$config = require 'config.php'`
            _ if is_listed("const let var local my", first) || statement.assigns() => {
                let name = statement.words.get(usize::from(!statement.assigns()));
                let name = name.or(statement.words.first());
                let name = name.filter(|(place, _)| !statement.is_in_braces(*place));
                if let Some((_, name)) = name {
                    self.call(name);
                }
            }
            _ if is_listed(OPENING, first) => self.is_open = true,
            // `use app::config::{A, B as C};`, `use app::config::A;`
            _ if memmem::find(statement.line, b"::").is_some() => {
                if statement.braces().is_none() {
                    let behind = statement.pairs(statement.module.end, statement.span.end);
                    self.named.extend(behind);
                }
                self.call(statement.renamed());
            }
            // `import "a/config"`, `cfg "a/config"`, `"a/config"` of Go
            _ if statement.line.trim_ascii_end().ends_with(b"\"") => self.call(statement.alias()),
            _ => self.call(statement.renamed()),
        }
    }

    /// Takes a name of the module.
    fn call(&mut self, name: &'t [u8]) {
        if !self.whole.contains(&name) {
            self.whole.push(name);
        }
    }

    /// The names of what the other file calls `name`.
    pub(super) fn names(&self, name: &'t [u8], fields: Fields<'t>, kind: NameKind) -> Imported<'t> {
        let named = self.named.iter().filter(|(own, _)| *own == name);
        let named = named.map(|(_, here)| (*here, None, fields, kind));
        let whole = self
            .whole
            .iter()
            .map(|module| (name, Some(*module), fields, kind));
        // `f(settings)` with all that the module has
        let is_object = kind == NameKind::Name && self.is_object;
        let object = self.whole.iter().filter(|_| is_object);
        let object = object.map(|module| (*module, None, fields.within(name), kind));
        let open = self.is_open.then_some((name, None, fields, kind));
        named.chain(whole).chain(object).chain(open).collect()
    }

    /// Where the module itself is a value.
    pub(super) fn in_place(self) -> Vec<Span> {
        self.in_place
    }

    /// What the other file calls what this one calls `here`.
    pub(super) fn name_of(&self, here: &'t [u8]) -> &'t [u8] {
        let named = self.named.iter().find(|(_, own)| *own == here);
        named.map_or(here, |(own, _)| own)
    }

    /// True for a function that this file calls and the other one has: `make(`, `module.make(`.
    pub(super) fn gives(&self, function: &[u8]) -> bool {
        let named = self.named.iter().map(|(_, here)| *here);
        let mut names = named.chain(self.whole.iter().copied());
        let is_alone = parts(function).count() == 1;
        self.is_open && is_alone || names.any(|name| name == first(function))
    }

    /// The names of what the other file exports as a whole.
    pub(super) fn module(&self, fields: Fields<'t>, kind: NameKind) -> Imported<'t> {
        let whole = self.whole.iter().map(|name| (*name, None, fields, kind));
        let taken = self
            .named
            .iter()
            .filter(|(own, _)| fields.outer() == Some(own));
        let taken = taken.map(|(_, here)| (*here, None, fields.taken(), kind));
        whole.chain(taken).collect()
    }
}

/// A statement that imports.
struct Statement<'t> {
    span: Span,
    line: &'t [u8],
    /// Where it says the name of the module.
    module: Span,
    /// Its words, with where they stand.
    words: Vec<(usize, &'t [u8])>,
}

impl<'t> Statement<'t> {
    fn new(text: &'t [u8], span: Span, module: Span) -> Self {
        let line = &text[span.range()];
        let mut words = Vec::new();
        let mut at = 0;
        while at < line.len() {
            let length = line[at..]
                .iter()
                .take_while(|b| is_word(b) || **b == b'$')
                .count();
            if length > 0 {
                words.push((span.start + at, &line[at..at + length]));
            }
            at += length.max(1);
        }
        Self {
            span,
            line,
            module,
            words,
        }
    }

    fn word(&self, number: usize) -> &'t [u8] {
        self.words.get(number).map_or(b"", |(_, word)| word)
    }

    fn position(&self, word: &[u8]) -> Option<usize> {
        self.words.iter().position(|(_, own)| *own == word)
    }

    fn braces(&self) -> Option<(usize, usize)> {
        let open = memchr::memchr(b'{', self.line)?;
        let close = memchr::memrchr(b'}', self.line)?;
        Some((self.span.start + open, self.span.start + close))
    }

    fn is_in_braces(&self, place: usize) -> bool {
        self.braces()
            .is_some_and(|(open, close)| open < place && place < close)
    }

    /// `$config = require ...`, in which the name is the first word.
    fn assigns(&self) -> bool {
        let sign = memchr::memchr(b'=', self.line).map(|sign| self.span.start + sign);
        let second = self.words.get(1).map_or(self.span.end, |(place, _)| *place);
        sign.is_some_and(|sign| sign < second)
    }

    /// The names between two places: `a, b as c, d: e`.
    fn pairs(&self, start: usize, end: usize) -> Vec<(&'t [u8], &'t [u8])> {
        let own = self
            .words
            .iter()
            .filter(|(place, _)| (start..end).contains(place));
        let own: Vec<_> = own.copied().collect();
        let mut pairs = Vec::new();
        let mut at = 0;
        while let Some((place, name)) = own.get(at) {
            let behind = &self.line[place + name.len() - self.span.start..];
            let (renamed, length) = match &own[at + 1..] {
                [(_, b"as"), (_, new), ..] => (*new, 3),
                [(_, new), ..]
                    if behind.trim_ascii_start().starts_with(b":")
                        && !behind.starts_with(b"::") =>
                {
                    (*new, 2)
                }
                _ => (*name, 1),
            };
            pairs.push((*name, renamed));
            at += length;
        }
        pairs
    }

    /// The module, by its name or by the one that stands behind it: `config as c`.
    fn renamed(&self) -> &'t [u8] {
        let own = self
            .words
            .iter()
            .position(|(place, _)| *place == self.module.start);
        match own.map(|own| &self.words[own + 1..]) {
            Some([(_, b"as"), (_, name), ..]) => name,
            _ => &self.line[self.module.start - self.span.start..self.module.end - self.span.start],
        }
    }

    /// The same of Go, in which the name stands in front.
    fn alias(&self) -> &'t [u8] {
        let quote = memchr::memchr(b'"', self.line).map_or(0, |quote| self.span.start + quote);
        let before = self.words.iter().take_while(|(place, _)| *place < quote);
        let mut before = before
            .map(|(_, word)| *word)
            .filter(|word| *word != b"import");
        before.next().unwrap_or_else(|| self.renamed())
    }
}

/// What a file is called where it is imported: `config` of `src/config.ts` and of `config/index.ts`, and the first word of
/// `jourvex.config.ts`.
fn module(path: &[u8]) -> Option<&[u8]> {
    let mut parts = path.rsplit(|b| *b == b'/');
    let name = parts.next()?;
    let stem = name.split(|b| *b == b'.').next()?;
    let is_by_folder = ending(path) == b"go" || is_listed(BY_FOLDER, stem);
    let own = if is_by_folder { parts.next()? } else { stem };
    (!own.is_empty()).then_some(own)
}

fn folder(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'/', path).map_or(&[], |slash| &path[..slash])
}

fn ending(path: &[u8]) -> &[u8] {
    memchr::memrchr(b'.', path).map_or(&[], |dot| &path[dot + 1..])
}

/// True for the name of a module that a call requires: `require("./journey")`.
fn is_required(text: &[u8], at: usize) -> bool {
    let before = &text[at.saturating_sub(LONGEST_PATH)..at];
    let call = memmem::rfind(before, b"require(").map(|call| &before[call..]);
    call.is_some_and(|call| !call.contains(&b')') && !call.contains(&b'\n'))
}

/// The statement around a place, if it imports something.
fn statement(text: &[u8], at: usize) -> Option<Span> {
    let line_start = |at: usize| memchr::memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
    let mut start = line_start(at);
    let mut end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |end| at + end);
    let own = text[start..end].trim_ascii();
    // `} from "./config"` ends what began some lines above; `from a import (` goes on below.
    if own.starts_with(b"}") {
        for _ in 0..MOST_LINES {
            start = line_start(start.checked_sub(1)?);
            let line = &text[start..];
            let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
            if memchr::memchr(b'{', line).is_some() {
                break;
            }
        }
    } else if own.ends_with(b"(") || own.ends_with(b"{") {
        let close = memchr::memchr2(b')', b'}', &text[end..]);
        end = close.map_or(end, |close| end + close + 1);
    }
    imports(text[start..end].trim_ascii()).then(|| Span::new(start, end))
}

/// True for a statement that imports something.
fn imports(line: &[u8]) -> bool {
    let is_name = |b: &u8| is_word(b) || *b == b'$';
    let first = line.iter().position(|b| !is_name(b)).unwrap_or(line.len());
    let (first, rest) = line.split_at(first);
    let calls = || CALLS.iter().any(|call| memmem::find(rest, call).is_some());
    // `"a/config"` and `cfg "a/config"` of Go
    let quoted = rest.trim_ascii();
    let is_go = || quoted.starts_with(b"\"") && quoted.ends_with(b"\"") && quoted.contains(&b'/');
    let is_given = || rest.trim_ascii_start().starts_with(b"=") && calls();
    is_listed(IMPORTING, first) || is_listed(DECLARING, first) && calls() || is_given() || is_go()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_each_language_are_told() {
        for (path, other, text, expected) in [
            (
                "src/config.ts",
                "a.ts",
                "import { key as k, other } from './config';",
                "key>k other>other",
            ),
            (
                "src/config.ts",
                "a.ts",
                "import cfg, { key } from '../config'",
                "key>key =cfg",
            ),
            (
                "src/config.ts",
                "a.ts",
                "import * as cfg from './config.js'",
                "=cfg",
            ),
            (
                "config/index.js",
                "a.js",
                "const { key: k } = require('../config');",
                "key>k",
            ),
            (
                "config/index.js",
                "a.js",
                "const cfg = require('../config');",
                "=cfg",
            ),
            (
                "src/config.ts",
                "a.ts",
                "import {\n  key,\n} from './config';",
                "key>key",
            ),
            (
                "src/config.ts",
                "a.ts",
                "const config = load();\nsend(config.key);",
                "",
            ),
            (
                "app/config.py",
                "a.py",
                "from app.config import settings as s, other",
                "settings>s other>other",
            ),
            (
                "app/config.py",
                "a.py",
                "from app.config import (\n    settings,\n)",
                "settings>settings",
            ),
            ("app/config.py", "a.py", "from app import config", "=config"),
            ("app/config.py", "a.py", "import app.config as c", "=c"),
            (
                "internal/config/load.go",
                "web/a.go",
                "import (\n\t\"a.b/internal/config\"\n)",
                "=config",
            ),
            (
                "internal/config/load.go",
                "web/a.go",
                "\tcfg \"a.b/internal/config\"",
                "=cfg",
            ),
            ("web/load.go", "web/a.go", "package web", "*"),
            (
                "src/config.rs",
                "a.rs",
                "use app::config::{KEY, URL as U};",
                "KEY>KEY URL>U =config",
            ),
            (
                "src/config.rs",
                "a.rs",
                "fn f() { g(config::KEY) }",
                "=config",
            ),
            (
                "config.php",
                "a.php",
                "<?php\n$config = require __DIR__ . '/config.php';",
                "=$config",
            ),
            (
                "config.php",
                "a.php",
                "<?php\nrequire_once 'config.php';",
                "*",
            ),
            ("lib/keys.rb", "a.rb", "require_relative \"keys\"", "*"),
        ] {
            let file = ProjectFile {
                path: BlobPath::from(other),
                text: text.as_bytes().to_vec(),
            };
            let import = Import::of(&BlobPath::from(path), &file).unwrap_or_default();
            let word = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
            let named = import
                .named
                .iter()
                .map(|(own, here)| format!("{}>{}", word(own), word(here)));
            let whole = import.whole.iter().map(|name| format!("={}", word(name)));
            let open = import.is_open.then(|| "*".to_owned());
            let shown: Vec<_> = named.chain(whole).chain(open).collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
    }
}
