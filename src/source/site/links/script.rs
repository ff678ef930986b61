//! What a script loads: modules, chunks, workers, and what it names as files.

use super::chunks::{self, ChunkNames};
use super::literal::{behind_gap, behind_words, literal_at};
use super::place::{Standpoint, promised};
use super::{Found, Sure, clause, named};
use crate::source::site::served::Media;
use url::Url;

/// How far before `register(` its object may be called a service worker, in bytes.
const NEAR: usize = 40;

/// What the script at `at` names.
pub(super) fn found(text: &[u8], at: &Standpoint) -> Found {
    let mut found = Found::default();
    modules(text, at, &mut found);
    workers(text, at, &mut found);
    found.tables = ChunkNames::of(text, at);
    found.ids = chunks::ids(text);
    found.append(named::found(text, at));
    found
}

/// `import "./a.js"`, `export * from "./a.js"`, `import("./a.js")`, `new URL("a.js", import.meta.url)`.
fn modules(text: &[u8], at: &Standpoint, found: &mut Found) {
    for end in behind_words(text, b"from") {
        if let Some((written, _)) = literal_at(text, end)
            && clause::is_import(text, end)
        {
            found.add(module(&written, at), Sure::Loads, Some(Media::Script));
        }
    }
    for end in behind_words(text, b"import") {
        if let Some((written, _)) = literal_at(text, end)
            && clause::begins_statement(text, end - b"import".len())
        {
            found.add(module(&written, at), Sure::Loads, Some(Media::Script));
        }
        if let Some((written, behind)) = argument(text, end)
            && is_whole(text, behind)
        {
            let expects = promised(&written, Media::Script);
            found.add(module(&written, at), Sure::Named, expects);
        }
    }
    for end in behind_words(text, b"URL") {
        if let Some((written, behind)) = argument(text, end) {
            let url = match base(text, behind) {
                Some(UrlBase::Module) => at.beside(&written),
                Some(UrlBase::Page) => at.of_document(&written),
                None => None,
            };
            found.add(url, Sure::Named, promised(&written, Media::Data));
        }
    }
}

/// A module by its path; a bare name is for an import map or a bundler to resolve.
fn module(written: &str, at: &Standpoint) -> Option<Url> {
    let is_path = ["/", "./", "../", "https://", "http://"];
    let is_path = is_path.iter().any(|begin| written.starts_with(begin));
    is_path.then(|| at.beside(written)).flatten()
}

/// `new Worker("a.js")`, `importScripts("a.js", "b.js")`, `navigator.serviceWorker.register("/sw.js")`.
fn workers(text: &[u8], at: &Standpoint, found: &mut Found) {
    let words: [&[u8]; 3] = [b"Worker", b"SharedWorker", b"register"];
    for word in words {
        for end in behind_words(text, word) {
            let before = &text[end.saturating_sub(NEAR + word.len())..end];
            let is_service = memchr::memmem::find(before, b"serviceWorker").is_some();
            let counts = word != b"register" || is_service;
            if let Some((written, behind)) = argument(text, end)
                && counts
                && is_whole(text, behind)
            {
                let url = at.of_document(&written);
                found.add(url, Sure::Named, Some(Media::Script));
            }
        }
    }
    for end in behind_words(text, b"importScripts") {
        let mut next = argument(text, end);
        while let Some((written, behind)) = next {
            found.add(at.beside(&written), Sure::Named, Some(Media::Script));
            let comma = behind_gap(text, behind);
            let goes_on = text.get(comma) == Some(&b',');
            next = goes_on.then(|| literal_at(text, comma + 1)).flatten();
        }
    }
}

/// The literal that is the first argument of a call: its text, and the place behind it.
fn argument(text: &[u8], at: usize) -> Option<(String, usize)> {
    let open = behind_gap(text, at);
    (text.get(open) == Some(&b'('))
        .then(|| literal_at(text, open + 1))
        .flatten()
}

/// True when an argument ends here: nothing is added to the literal.
fn is_whole(text: &[u8], behind: usize) -> bool {
    matches!(text.get(behind_gap(text, behind)), Some(b')' | b','))
}

/// From where a `new URL(_, base)` starts.
enum UrlBase {
    /// `import.meta.url`, and what bundlers put in its place in a script that is none: `document.currentScript.src`.
    Module,
    /// `document.baseURI`, `location`.
    Page,
}

fn base(text: &[u8], behind: usize) -> Option<UrlBase> {
    let comma = behind_gap(text, behind);
    if text.get(comma) != Some(&b',') {
        return None;
    }
    let second = behind_gap(text, comma + 1);
    let second = &text[second..text.len().min(second + 32)];
    let pages: [&[u8]; 5] = [
        b"document.baseURI",
        b"location",
        b"window.location",
        b"self.location",
        b"document.location",
    ];
    if second.starts_with(b"import.meta.url") || second.starts_with(b"document.currentScript") {
        return Some(UrlBase::Module);
    }
    let is_page = pages.iter().any(|page| second.starts_with(page));
    is_page.then_some(UrlBase::Page)
}
