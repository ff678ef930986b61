//! What does a text load? From HTML, JavaScript, CSS and JSON to URLs; nothing here asks a server.

mod chunks;
mod clause;
mod literal;
mod named;
mod page;
mod payload;
mod place;
mod runtime;
mod script;
mod style;
#[cfg(test)]
mod tests;

pub(super) use chunks::{ChunkNames, Chunks};
pub(super) use place::Standpoint;

use super::served::Media;
use std::collections::HashSet;
use url::Url;

/// Most URLs that one text is taken to name.
const MOST: usize = 10_000;

/// How sure it is that a browser loads what a text names, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Sure {
    /// The page cannot do without it: `<script src>`, `import "./a.js"`.
    Loads,
    /// A script loads it when it is needed: `import()`, a chunk, a worker.
    Named,
    /// A comment or a header says that it is the source map.
    Map,
    /// A literal that looks like the path of a file.
    Guessed,
}

/// Something that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Where it may be, the likeliest first.
    pub(super) urls: Vec<Url>,
    /// How sure it is.
    pub(super) sure: Sure,
    /// What kind of text it is to be.
    pub(super) expects: Media,
}

impl Link {
    /// A link to one place.
    pub(super) fn to(url: Url, sure: Sure, expects: Media) -> Self {
        Self {
            urls: vec![url],
            sure,
            expects,
        }
    }
}

/// All that one text names.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What is to be asked for.
    pub(super) links: Vec<Link>,
    /// How the runtime of a bundler names chunks.
    pub(super) tables: Vec<ChunkNames>,
    /// Chunks by the ids that code asks the runtime for.
    pub(super) ids: Vec<String>,
    /// From where the links of a page start, if that is not the page itself.
    pub(super) base: Option<Url>,
    met: HashSet<(Url, Sure)>,
}

impl Found {
    fn add(&mut self, url: Option<Url>, sure: Sure, expects: Option<Media>) {
        if let (Some(url), Some(expects)) = (url, expects) {
            self.push(Link::to(url, sure, expects));
        }
    }

    fn push(&mut self, link: Link) {
        let Some(first) = link.urls.first() else {
            return;
        };
        if self.links.len() < MOST && self.met.insert((first.clone(), link.sure)) {
            self.links.push(link);
        }
    }

    fn append(&mut self, other: Self) {
        other.links.into_iter().for_each(|link| self.push(link));
        self.tables.extend(other.tables);
        self.ids.extend(other.ids);
    }
}

/// What a text of this kind names.
pub(super) fn found(text: &[u8], media: Media, at: &Standpoint) -> Found {
    let mut found = match media {
        Media::Page => page::found(text, at),
        Media::Script => script::found(text, at),
        Media::Style => style::found(text, at),
        Media::Data => named::found(text, at),
        Media::Map | Media::Picture => Found::default(),
    };
    if matches!(media, Media::Script | Media::Style) {
        let map = named::source_map(text).and_then(|written| at.beside(&written));
        found.add(map, Sure::Map, Some(Media::Map));
    }
    found
}
