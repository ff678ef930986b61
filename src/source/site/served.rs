//! What a server gave: what kind of text it is, what it is called, and how its URL is shown.

use super::super::{Consumer, Event};
use crate::model::{Blob, BlobPath, Origin};

/// What kind of text an answer is, as far as it matters to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Media {
    /// HTML.
    Page,
    /// JavaScript.
    Script,
    /// CSS.
    Style,
    /// A source map.
    Map,
    /// JSON, WebAssembly and whatever else scripts read.
    Data,
    /// An image, a font, a sound or a video.
    Picture,
}

/// Ends of names of what is looked at and not read.
const PICTURES: &str = " apng avif bmp eot flac gif heic ico jpeg jpg m4a m4v mov mp3 mp4 oga ogg ogv otf png svg tif tiff ttf \
    wav weba webm webp woff woff2 ";

/// Ends of names of what scripts read.
const DATA: &str = " env json txt wasm webmanifest xml yaml yml ";

/// Parameters of a query that tell versions apart. The value of any other may be a credential.
const VERSIONS: &str = " _b b cb dpl h hash rev v ver version ";

/// Longest query that is shown, in bytes.
const LONGEST_QUERY: usize = 64;

fn is_listed(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|own| own == word)
}

impl Media {
    /// The kind of an answer, by what the server calls it, by its URL's path and by its first bytes.
    pub(super) fn of(content_type: Option<&str>, path: &str, body: &[u8]) -> Self {
        let told = content_type.unwrap_or_default().split(';').next();
        let told = told.unwrap_or_default().trim().to_ascii_lowercase();
        match &*told {
            // Whatever its name: servers answer with a page where a script is not there.
            "text/html" | "application/xhtml+xml" => return Self::Page,
            "image/svg+xml" => return Self::Picture,
            _ => {}
        }
        let pictures = ["image/", "font/", "audio/", "video/"];
        if pictures.iter().any(|begin| told.starts_with(begin)) {
            return Self::Picture;
        }
        if let Some(named) = Self::named(path) {
            return named;
        }
        match &*told {
            "text/css" => Self::Style,
            told if told.contains("javascript") || told.contains("ecmascript") => Self::Script,
            "" if body.trim_ascii_start().starts_with(b"<") => Self::Page,
            _ => Self::Data,
        }
    }

    /// The kind that the end of a name promises.
    pub(super) fn named(path: &str) -> Option<Self> {
        Some(match &*extension(path).to_ascii_lowercase() {
            // A development server gives sources as they are called, and as scripts.
            "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "tsx" => Self::Script,
            "css" => Self::Style,
            "map" => Self::Map,
            "html" | "htm" | "xhtml" => Self::Page,
            other if is_listed(DATA, other) => Self::Data,
            other if is_listed(PICTURES, other) => Self::Picture,
            _ => return None,
        })
    }
}

/// What follows the last dot of the last name in a path.
fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or("", |(_, end)| end)
}

/// `/assets/app.js` of `https://example.com/assets/app.js?v=2`.
pub(super) fn path_of(url: &str) -> &str {
    let path = &url[origin_of(url).len()..];
    path.split(['?', '#']).next().unwrap_or_default()
}

/// `https://example.com` of `https://example.com/assets/app.js`.
pub(super) fn origin_of(url: &str) -> &str {
    let host = url.find("://").map_or(url.len(), |at| at + 3);
    let end = url[host..].find(['/', '?', '#']);
    end.map_or(url, |end| &url[..host + end])
}

/// Names of pages that ask who somebody is.
const LOGINS: &str =
    " auth authorize login log-in logon oauth oauth2 saml signin sign-in sign_in sso ";

/// True for the path of a page that asks who somebody is.
pub(super) fn is_login(path: &str) -> bool {
    let mut parts = path.split(['/', '.']).filter(|part| !part.is_empty());
    parts.any(|part| is_listed(LOGINS, &part.to_ascii_lowercase()))
}

/// `https://example.com` of `HTTPS://user:password@Example.com:443/assets/app.js`: what tells whether two URLs are of one origin.
pub(super) fn origin(url: &str) -> String {
    let origin = origin_of(url).to_ascii_lowercase();
    let Some((scheme, host)) = origin.split_once("://") else {
        return origin;
    };
    let host = host.rsplit('@').next().unwrap_or_default();
    let usual = match scheme {
        "https" => ":443",
        _ => ":80",
    };
    format!("{scheme}://{}", host.strip_suffix(usual).unwrap_or(host))
}

/// A URL as reports show it: without a fragment, a user and a password, and without a query that may hold a credential.
pub(super) fn shown(url: &str) -> BlobPath {
    let url = url.split('#').next().unwrap_or_default();
    let user = origin_of(url).rfind('@').map(|at| at + 1);
    let named = user.zip(url.split_once("://"));
    let named = named.map(|(host, (scheme, _))| format!("{scheme}://{}", &url[host..]));
    let url = named.as_deref().unwrap_or(url);
    // `/app.js;jsessionid=9F92`
    let parameter = url
        .find(';')
        .filter(|at| url.find('?').is_none_or(|query| *at < query));
    if let Some(at) = parameter {
        return BlobPath::from(&*format!("{};...", &url[..at]));
    }
    let Some((path, query)) = url.split_once('?') else {
        return BlobPath::from(url);
    };
    let is_version = |pair: &str| match pair.split_once('=') {
        Some((name, _)) => is_listed(VERSIONS, name),
        None => pair.len() <= 16,
    };
    if query.len() <= LONGEST_QUERY && query.split('&').all(is_version) {
        return BlobPath::from(url);
    }
    BlobPath::from(&*format!("{path}?..."))
}

/// What an answer would be called in a folder that is served: `index.html` for `/`, `about.html` for the page `/about`.
pub(super) fn file(path: &str, media: Media) -> BlobPath {
    let path = path.trim_start_matches('/');
    let path = match path.rsplit('/').next() {
        Some("") | None => format!("{path}index"),
        _ => path.to_owned(),
    };
    let named = Media::named(&path);
    let is_unknown = named.is_none() && !extension(&path).is_empty();
    if named == Some(media) || media == Media::Data && is_unknown {
        return BlobPath::from(&*path);
    }
    let end = match media {
        Media::Page => ".html",
        Media::Script => ".js",
        Media::Style => ".css",
        Media::Map => ".map",
        Media::Data => ".json",
        Media::Picture => "",
    };
    BlobPath::from(&*format!("{path}{end}"))
}

/// Hands on what is at a URL, which was asked for by name if it `is_typed`.
pub(super) fn hand_on(
    url: &str,
    media: Media,
    bytes: &[u8],
    is_typed: bool,
    consumer: &dyn Consumer,
) {
    let blob = Blob {
        path: &shown(url),
        origin: &Origin::Site {
            file: file(path_of(url), media),
        },
        bytes,
    };
    consumer.take(if is_typed {
        Event::Named(blob)
    } else {
        Event::Blob(blob)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_the_server_then_by_the_name() {
        for (told, path, body, media) in [
            ("text/html; charset=utf-8", "/a.js", "<p>", Media::Page),
            ("text/plain", "/a.js", "x", Media::Script),
            ("application/javascript", "/script", "x", Media::Script),
            ("application/json", "/a.js.map", "{}", Media::Map),
            ("application/json", "/config", "{}", Media::Data),
            ("image/png", "/a", "x", Media::Picture),
            ("", "/", " <!doctype html>", Media::Page),
            ("", "/a", "x", Media::Data),
        ] {
            let told = Some(told).filter(|told| !told.is_empty());
            assert_eq!(Media::of(told, path, body.as_bytes()), media, "{path}");
        }
    }

    #[test]
    fn queries_are_shown_where_they_tell_versions_apart() {
        for (url, text) in [
            ("https://a.b/c.js?v=3f2a#x", "https://a.b/c.js?v=3f2a"),
            ("https://a.b/c.js?9a8b7c", "https://a.b/c.js?9a8b7c"),
            ("https://a.b/c.js?token=hunter2", "https://a.b/c.js?..."),
            ("https://a.b/c.js?v=1&key=x", "https://a.b/c.js?..."),
            ("https://u:hunter2@a.b/c.js?v=1", "https://a.b/c.js?v=1"),
            ("https://a.b/@c/d.js", "https://a.b/@c/d.js"),
        ] {
            assert_eq!(shown(url).to_string(), text);
        }
    }

    #[test]
    fn a_name_ends_as_its_kind_does() {
        for (path, media, name) in [
            ("/", Media::Page, "index.html"),
            ("/a/", Media::Page, "a/index.html"),
            ("/about", Media::Page, "about.html"),
            ("/a.js", Media::Script, "a.js"),
            ("/a.php", Media::Page, "a.php.html"),
            ("/config", Media::Data, "config.json"),
            ("/a.wasm", Media::Data, "a.wasm"),
            ("/a.pdf", Media::Data, "a.pdf"),
            ("/a.tsx", Media::Script, "a.tsx"),
        ] {
            assert_eq!(file(path, media).to_string(), name);
        }
        assert_eq!(path_of("https://a.b"), "");
        assert_eq!(origin_of("https://a.b?c"), "https://a.b");
        assert_eq!(origin("HTTPS://u:p@A.b:443/c"), "https://a.b");
        assert_eq!(origin("http://a.b:8080/c@d"), "http://a.b:8080");
    }
}
