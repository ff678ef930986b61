//! A request, and what was answered.

use super::super::served::{self, Media};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;

#[derive(Deserialize)]
pub(super) struct HarEntry<'t> {
    /// The page that was open, by its `id`.
    #[serde(borrow, default)]
    pub(super) pageref: Option<Cow<'t, str>>,
    #[serde(borrow)]
    pub(super) request: RequestSyntax<'t>,
    #[serde(borrow)]
    pub(super) response: ResponseSyntax<'t>,
    /// What Chromium says that it was for.
    #[serde(borrow, default, rename = "_resourceType")]
    pub(super) purpose: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
pub(super) struct RequestSyntax<'t> {
    #[serde(borrow)]
    pub(super) method: Cow<'t, str>,
    #[serde(borrow)]
    pub(super) url: Cow<'t, str>,
}

#[derive(Deserialize)]
pub(super) struct ResponseSyntax<'t> {
    #[serde(default)]
    status: Value,
    #[serde(borrow, default)]
    pub(super) content: ContentSyntax<'t>,
    /// Bytes that were sent; -1 where the browser does not know.
    #[serde(default, rename = "bodySize")]
    sent: Value,
    #[serde(borrow, default, rename = "redirectURL")]
    target: Option<Cow<'t, str>>,
}

#[derive(Default, Deserialize)]
pub(super) struct ContentSyntax<'t> {
    #[serde(default)]
    size: Value,
    #[serde(borrow, default, rename = "mimeType")]
    kind: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    pub(super) text: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    encoding: Option<Cow<'t, str>>,
}

/// A whole number, as programs write it: `200`, `200.0`, `"200"`.
fn whole(value: &Value) -> Option<i64> {
    let float = |number: f64| format!("{number:.0}").parse().ok();
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(float)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

impl HarEntry<'_> {
    pub(super) fn origin(&self) -> String {
        served::origin(&self.request.url)
    }

    pub(super) fn status(&self) -> i64 {
        whole(&self.response.status).unwrap_or_default()
    }

    /// What the server called it. Chromium says `x-unknown` where nobody told.
    fn kind(&self) -> Option<&str> {
        let kind = self.response.content.kind.as_deref();
        kind.filter(|kind| !kind.is_empty() && *kind != "x-unknown")
    }

    pub(super) fn media(&self) -> Media {
        let start = self.response.content.text.as_deref().unwrap_or_default();
        let path = served::path_of(&self.request.url);
        // Whatever came: a page that says that it is not there.
        if matches!(self.purpose.as_deref(), Some("image" | "font" | "media")) {
            return Media::Picture;
        }
        match Media::of(self.kind(), path, start.as_bytes()) {
            // What a browser took for nothing else.
            // And what it ran, whatever its server calls it.
            media @ (Media::Data | Media::Picture)
                if media == Media::Picture || Media::named(path).is_none() =>
            {
                match self.purpose.as_deref() {
                    Some("document") => Media::Page,
                    Some("script") => Media::Script,
                    Some("stylesheet") => Media::Style,
                    _ => media,
                }
            }
            media => media,
        }
    }

    /// True for what the page is made of, and false for what its scripts ask of an API. What nobody says anything of may be
    /// either.
    pub(super) fn is_part_of_page(&self, media: Media) -> bool {
        let named = Media::named(served::path_of(&self.request.url));
        // What a page of React or Remix is made of, in the words of these: `?_rsc=`, `/a.data`, `?_data=`.
        let is_payload = self
            .kind()
            .is_some_and(|kind| kind.starts_with("text/x-component"))
            || self.request.url.contains("?_data=")
            || served::path_of(&self.request.url).ends_with(".data");
        let is_unknown = self.kind().is_none() && self.purpose.is_none() && self.status() == 200;
        media != Media::Data
            || named.is_some()
            || is_payload
            || is_unknown && self.response.content.text.is_none()
    }

    /// True for what anybody may ask for, and for a page that was shown as the answer to a form.
    pub(super) fn is_for_all(&self) -> bool {
        self.request.method.eq_ignore_ascii_case("GET")
            || self.purpose.as_deref() == Some("document")
    }

    /// True for a file of the site, or what stands in its place.
    pub(super) fn is_of_site(&self) -> bool {
        let media = self.media();
        let is_asked = !self.is_for_all() || !self.is_part_of_page(media);
        media != Media::Picture && !is_asked && !self.is_redirect()
    }

    /// True for an answer that has what was asked for.
    pub(super) fn is_there(&self) -> bool {
        matches!(self.status(), 200..=299 | 304)
    }

    /// True for a page, or what leads to one.
    pub(super) fn is_document(&self) -> bool {
        match self.purpose.as_deref() {
            Some(purpose) => purpose == "document",
            None => self.is_redirect() || self.media() == Media::Page,
        }
    }

    /// True for a page that was shown.
    pub(super) fn is_page(&self) -> bool {
        self.is_there() && self.is_document()
    }

    pub(super) fn is_redirect(&self) -> bool {
        matches!(self.status(), 300..=303 | 305..=399)
    }

    /// Where it leads to, as a whole URL.
    pub(super) fn target(&self) -> Option<String> {
        let (url, target) = (&*self.request.url, self.response.target.as_deref()?);
        let scheme = url.split_once("//").map_or("", |(scheme, _)| scheme);
        Some(match target {
            target if is_web(target) => target.to_owned(),
            target if target.starts_with("//") => format!("{scheme}{target}"),
            target => format!("{}/{}", self.origin(), target.trim_start_matches('/')),
        })
    }

    /// Where a page led to that is none of the site, or asks who somebody is. `www.` is the site's own.
    pub(super) fn login(&self, hosts: &[String]) -> Option<String> {
        let (url, whole) = (&*self.request.url, self.target()?);
        let (from, to) = (self.origin(), served::origin(&whole));
        let is_same =
            host_of(&from).trim_start_matches("www.") == host_of(&to).trim_start_matches("www.");
        let is_login = |url: &str| served::is_login(served::path_of(url));
        let is_led = !is_same || is_login(&whole) && !is_login(url);
        let is_named = hosts.iter().any(|own| own == host_of(&to));
        (is_led && !is_named).then_some(to)
    }

    /// True where the HAR has what was answered.
    pub(super) fn has_text(&self) -> bool {
        let text = self.response.content.text.as_deref();
        text.is_some_and(|text| !text.is_empty())
    }

    /// True for an answer that had nothing to save: an empty file.
    fn is_empty(&self) -> bool {
        let (size, sent) = (
            whole(&self.response.content.size),
            whole(&self.response.sent),
        );
        match self.response.content.text.as_deref() {
            Some(text) => text.is_empty() && size == Some(0) && sent.is_none_or(|sent| sent <= 0),
            None => size == Some(0) && sent == Some(0) && self.kind().is_some(),
        }
    }

    /// True where the text is shorter than what was answered, as where a browser keeps the first mebibyte. In UTF-8 no
    /// letter is shorter than in the encodings of the web, but for a mark at the beginning, and UTF-16.
    pub(super) fn is_cut(&self) -> bool {
        let content = &self.response.content;
        // A part was asked for.
        if self.status() == 206 {
            return true;
        }
        let (Some(text), None) = (content.text.as_deref(), self.encoding()) else {
            return false;
        };
        const MARK: usize = '\u{feff}'.len_utf8();
        let size = whole(&content.size).and_then(|size| usize::try_from(size).ok());
        let kind = self.kind().unwrap_or_default().to_ascii_lowercase();
        size.is_some_and(|size| {
            let of_utf16 = text.encode_utf16().count() * 2;
            let is_utf16 = (of_utf16..=of_utf16 + 2).contains(&size);
            // That one begins each change of alphabet with three bytes.
            let is_shorter = kind.contains("iso-2022");
            text.len() + MARK < size && !is_utf16 && !is_shorter
        })
    }

    /// In what the text is written, if not as it is.
    fn encoding(&self) -> Option<&str> {
        let encoding = self.response.content.encoding.as_deref();
        encoding.filter(|encoding| !matches!(*encoding, "" | "utf-8" | "utf8" | "UTF-8"))
    }

    pub(super) fn bytes(&self) -> Result<Cow<'_, [u8]>, String> {
        let content = &self.response.content;
        match (content.text.as_deref(), self.encoding()) {
            (Some(text), Some("base64")) if !text.is_empty() => STANDARD
                .decode(text.trim_ascii().as_bytes())
                .map(Cow::Owned)
                .map_err(|_| "its base64 is broken; save the HAR anew".to_owned()),
            (Some(text), Some(_)) if !text.is_empty() => {
                Err("it is written in an encoding that no browser uses; save the HAR anew in a browser".to_owned())
            }
            (Some(text), _) if !text.is_empty() => Ok(Cow::Borrowed(text.as_bytes())),
            _ if self.status() != 304 && self.is_empty() => Ok(Cow::Borrowed(b"")),
            _ => Err("the HAR has no content of it; reload the page with the cache off, and save it \"with content\"".to_owned()),
        }
    }
}

/// `example.com` of `https://example.com`.
pub(super) fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

pub(super) fn is_web(url: &str) -> bool {
    let begins = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(scheme))
    };
    begins("https://") || begins("http://")
}
