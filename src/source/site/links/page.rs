//! What a page loads: by its tags, and by the scripts and styles in it.

use super::place::{Standpoint, promised};
use super::{Found, Sure, named, payload, script, style};
use crate::source::site::served::Media;
use html5gum::emitters::default::{DefaultEmitter, StartTag, Token};
use html5gum::{HtmlString, Spanned, Tokenizer};
use std::collections::BTreeMap;
use url::Url;

/// How deep pages may stand in attributes of one another: `<iframe srcdoc>`.
const DEEPEST: usize = 3;

/// What the page at `at` names. The text of `<noscript>` is one that a browser which runs scripts does not read.
pub(super) fn found(text: &[u8], at: &Standpoint) -> Found {
    let mut found = read(text, at, 0);
    payload::add(text, at, &mut found);
    found
}

/// A text between tags that is no markup.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Script,
    Data,
    Style,
}

struct PageRead {
    at: Standpoint,
    found: Found,
    has_base: bool,
    inside: Option<Inside>,
    /// The texts between tags, read when all that the tags load is known.
    texts: Vec<(Inside, Vec<u8>)>,
    depth: usize,
}

fn read(text: &[u8], at: &Standpoint, depth: usize) -> Found {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = PageRead {
        at: at.clone(),
        found: Found::default(),
        has_base: false,
        inside: None,
        texts: Vec::new(),
        depth,
    };
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.open(&tag),
            Token::EndTag(tag) => page.close(&tag.name),
            Token::String(text) => page.text(&text),
            _ => {}
        }
    }
    page.finish()
}

impl PageRead {
    fn open(&mut self, tag: &StartTag<()>) {
        let attributes = Attributes(&tag.attributes);
        match tag.name.as_slice() {
            b"base" if !self.has_base => self.base(&attributes),
            b"script" => self.script(&attributes),
            b"style" => self.begin(Inside::Style),
            b"link" => self.link(&attributes),
            b"iframe" | b"frame" | b"embed" => {
                self.loads(attributes.get("src"), Media::Page);
                if let Some(inner) = attributes.get("srcdoc").filter(|_| self.depth < DEEPEST) {
                    let inner = read(inner.as_bytes(), &self.at, self.depth + 1);
                    self.found.append(inner);
                }
            }
            b"object" => self.loads(attributes.get("data"), Media::Page),
            b"meta" => self.refresh(&attributes),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        if matches!(name, b"script" | b"style") {
            self.inside = None;
        }
    }

    fn text(&mut self, text: &[u8]) {
        if self.inside.is_some()
            && let Some((_, known)) = self.texts.last_mut()
        {
            known.extend_from_slice(text);
        }
    }

    fn begin(&mut self, inside: Inside) {
        self.inside = Some(inside);
        self.texts.push((inside, Vec::new()));
    }

    fn base(&mut self, attributes: &Attributes<'_>) {
        if let Some(base) = attributes
            .get("href")
            .and_then(|href| self.at.own.join(href).ok())
        {
            self.has_base = true;
            self.at.document = base;
        }
    }

    /// What a tag names, from where the page's links start.
    fn url(&self, written: Option<&str>) -> Option<Url> {
        let written = written.filter(|written| !written.trim().is_empty())?;
        self.at.of_document(written)
    }

    fn loads(&mut self, written: Option<&str>, otherwise: Media) {
        let expects = written.and_then(|written| promised(written, otherwise));
        let url = self.url(written);
        self.found.add(url, Sure::Loads, expects);
    }

    fn script(&mut self, attributes: &Attributes<'_>) {
        let kind = attributes.get("type").unwrap_or_default().trim();
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_code = matches!(&*kind, "" | "module")
            || kind.contains("javascript")
            || kind.contains("ecmascript");
        // <https://nuxt.com/docs/api/nuxt-config>: the payload of a page that was made before.
        let (payload, sure) = (self.url(attributes.get("data-src")), Sure::Named);
        self.found.add(payload, sure, Some(Media::Data));
        match attributes.get("src") {
            Some(src) if is_code => {
                let url = self.url(Some(src));
                self.found.add(url, Sure::Loads, Some(Media::Script));
                // What stands between its tags is not run.
                self.inside = None;
            }
            _ if is_code => self.begin(Inside::Script),
            _ => self.begin(Inside::Data),
        }
    }

    fn link(&mut self, attributes: &Attributes<'_>) {
        let rel = attributes
            .get("rel")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let has = |word: &str| rel.split_ascii_whitespace().any(|own| own == word);
        let purpose = attributes
            .get("as")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let (url, sure) = (self.url(attributes.get("href")), Sure::Loads);
        let expects = match &*purpose {
            "script" | "worker" | "serviceworker" | "sharedworker" => Some(Media::Script),
            "style" => Some(Media::Style),
            "document" | "iframe" => Some(Media::Page),
            "fetch" | "" => attributes
                .get("href")
                .and_then(|href| promised(href, Media::Data)),
            // Images, fonts, sounds.
            _ => None,
        };
        if has("stylesheet") {
            let sure = if has("alternate") { Sure::Named } else { sure };
            self.found.add(url, sure, Some(Media::Style));
        } else if has("modulepreload") {
            self.found.add(url, sure, Some(Media::Script));
        } else if has("preload") {
            self.found.add(url, sure, expects);
        } else if has("prefetch") {
            self.found.add(url, Sure::Named, expects);
        } else if has("manifest") {
            self.found.add(url, sure, Some(Media::Data));
        }
    }

    /// `<meta http-equiv="refresh" content="0; url=/app/">`
    fn refresh(&mut self, attributes: &Attributes<'_>) {
        let kind = attributes.get("http-equiv").unwrap_or_default();
        let content = attributes.get("content").unwrap_or_default();
        let lower = content.to_ascii_lowercase();
        if let Some(at) = lower
            .find("url=")
            .filter(|_| kind.eq_ignore_ascii_case("refresh"))
        {
            let written = content[at + "url=".len()..].trim_matches(['"', '\'', ' ']);
            self.loads(Some(written), Media::Page);
        }
    }

    fn finish(mut self) -> Found {
        let at = Standpoint {
            own: self.at.document.clone(),
            document: self.at.document.clone(),
            others: self
                .found
                .links
                .iter()
                .flat_map(|link| link.urls.clone())
                .collect(),
        };
        for (inside, text) in std::mem::take(&mut self.texts) {
            let found = match inside {
                Inside::Script => script::found(&text, &at),
                Inside::Style => style::found(&text, &at),
                Inside::Data => named::found(&text, &at),
            };
            self.found.append(found);
        }
        self.found.base = Some(self.at.document);
        self.found
    }
}

struct Attributes<'t>(&'t BTreeMap<HtmlString, Spanned<HtmlString, ()>>);

impl<'t> Attributes<'t> {
    fn get(&self, name: &str) -> Option<&'t str> {
        let value = self.0.get(name.as_bytes())?;
        std::str::from_utf8(&value.value).ok()
    }
}
