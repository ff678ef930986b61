//! From what a text writes to the URLs that it may mean.

use super::super::served::Media;
use url::Url;

/// Where a text is, and where the page is that loads it.
#[derive(Clone, Debug)]
pub(in crate::source::site) struct Standpoint {
    /// Where the text itself is.
    pub(in crate::source::site) own: Url,
    /// From where the page's own links start: its URL, or what its `<base>` says.
    pub(in crate::source::site) document: Url,
    /// What the page is known to load, by whose folders a name without one of its own may be placed.
    pub(in crate::source::site) others: Vec<Url>,
}

impl Standpoint {
    /// What is written, starting from where the text is.
    pub(super) fn beside(&self, written: &str) -> Option<Url> {
        joined(&self.own, written)
    }

    /// What is written, starting from where the page is.
    pub(super) fn of_document(&self, written: &str) -> Option<Url> {
        joined(&self.document, written)
    }

    /// What a literal may mean of which nothing says from where it starts, the most likely first.
    pub(super) fn anywhere(&self, written: &str) -> Vec<Url> {
        let is_absolute = written.starts_with('/') || written.contains("://");
        let is_relative = written.starts_with("./") || written.starts_with("../");
        let mut found = Vec::new();
        if !is_absolute && !is_relative {
            found.extend(self.by_folder(written));
        }
        found.extend(self.beside(written));
        found.extend(self.of_document(written));
        let mut known: Vec<Url> = Vec::new();
        for url in found {
            if !known.contains(&url) {
                known.push(url);
            }
        }
        known
    }

    /// `static/chunks/a.js`, named by `/_next/static/x/manifest.js`, is `/_next/static/chunks/a.js`: a build names its
    /// files from the folder that all of them are in.
    fn by_folder(&self, written: &str) -> Option<Url> {
        let (first, _) = written.split_once('/')?;
        let folder = format!("/{first}/");
        let mut near = std::iter::once(&self.own).chain(&self.others);
        near.find_map(|url| {
            let at = url.path().find(&folder)?;
            joined(url, &format!("{}/{written}", &url.path()[..at]))
        })
    }
}

/// A URL that a server can be asked for, without its fragment.
fn joined(base: &Url, written: &str) -> Option<Url> {
    let mut url = base.join(written.trim()).ok()?;
    url.set_fragment(None);
    let is_asked = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_asked.then_some(url)
}

/// The kind that a name promises; nothing for what is not read at all.
pub(super) fn promised(written: &str, otherwise: Media) -> Option<Media> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let named = Media::named(path).unwrap_or(otherwise);
    (named != Media::Picture).then_some(named)
}
