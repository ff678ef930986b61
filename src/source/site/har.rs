//! What a browser loaded, as its developer tools save it: <http://www.softwareishard.com/blog/har-12-spec/>.

use super::super::{Consumer, Event, Source, SourceError, is_wanted, too_large};
use super::served::{self, Media};
use super::tags;
use crate::model::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// An answer that a script of the page asked for, as from an API: what was asked is another's to know.
const ASKED: &str = "answer to a script";
/// What the page's own server did not give.
const ELSEWHERE: &str = "file of another origin";
/// What a page names, and the browser did not load while it was watched.
const NOT_SAVED: &str = "named file not there";
/// What is no text.
const PICTURE: &str = "image, font or video";

/// The members that are read of an archive of requests.
#[derive(Deserialize)]
struct HarSyntax<'t> {
    #[serde(borrow)]
    log: LogSyntax<'t>,
}

#[derive(Deserialize)]
struct LogSyntax<'t> {
    #[serde(borrow, default)]
    pages: Option<Vec<PageSyntax<'t>>>,
    #[serde(borrow)]
    entries: Vec<HarEntry<'t>>,
}

#[derive(Deserialize)]
struct PageSyntax<'t> {
    #[serde(borrow, default)]
    id: Option<Cow<'t, str>>,
    /// Browsers write the URL of the page here.
    #[serde(borrow, default)]
    title: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct HarEntry<'t> {
    /// The page that was open, by its `id`.
    #[serde(borrow, default)]
    pageref: Option<Cow<'t, str>>,
    #[serde(borrow)]
    request: RequestSyntax<'t>,
    #[serde(borrow)]
    response: ResponseSyntax<'t>,
    /// What Chromium says that it was for.
    #[serde(borrow, default, rename = "_resourceType")]
    purpose: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct RequestSyntax<'t> {
    #[serde(borrow)]
    method: Cow<'t, str>,
    #[serde(borrow)]
    url: Cow<'t, str>,
}

#[derive(Deserialize)]
struct ResponseSyntax<'t> {
    #[serde(default)]
    status: Value,
    #[serde(borrow, default)]
    content: ContentSyntax<'t>,
    /// Bytes that were sent; -1 where the browser does not know.
    #[serde(default, rename = "bodySize")]
    sent: Value,
    #[serde(borrow, default, rename = "redirectURL")]
    target: Option<Cow<'t, str>>,
}

#[derive(Default, Deserialize)]
struct ContentSyntax<'t> {
    #[serde(default)]
    size: Value,
    #[serde(borrow, default, rename = "mimeType")]
    kind: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    text: Option<Cow<'t, str>>,
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
    fn origin(&self) -> String {
        served::origin(&self.request.url)
    }

    fn status(&self) -> i64 {
        whole(&self.response.status).unwrap_or_default()
    }

    /// What the server called it. Chromium says `x-unknown` where nobody told.
    fn kind(&self) -> Option<&str> {
        let kind = self.response.content.kind.as_deref();
        kind.filter(|kind| !kind.is_empty() && *kind != "x-unknown")
    }

    fn media(&self) -> Media {
        let start = self.response.content.text.as_deref().unwrap_or_default();
        let path = served::path_of(&self.request.url);
        match Media::of(self.kind(), path, start.as_bytes()) {
            // What a browser took for nothing else.
            Media::Data if Media::named(path).is_none() => match self.purpose.as_deref() {
                Some("document") => Media::Page,
                Some("script") => Media::Script,
                Some("stylesheet") => Media::Style,
                _ => Media::Data,
            },
            media => media,
        }
    }

    /// True for what the page is made of, and false for what its scripts ask of an API. What nobody says anything of may be
    /// either.
    fn is_part_of_page(&self, media: Media) -> bool {
        let named = Media::named(served::path_of(&self.request.url));
        let is_unknown = self.kind().is_none() && self.purpose.is_none() && self.status() == 200;
        media != Media::Data
            || named.is_some()
            || is_unknown && self.response.content.text.is_none()
    }

    /// True for a file of the site, or what stands in its place.
    fn is_of_site(&self) -> bool {
        let media = self.media();
        let is_asked = self.request.method != "GET" || !self.is_part_of_page(media);
        media != Media::Picture && !is_asked && !self.is_redirect()
    }

    /// True for an answer that has what was asked for.
    fn is_there(&self) -> bool {
        matches!(self.status(), 200..=299 | 304)
    }

    /// True for a page, or what leads to one.
    fn is_document(&self) -> bool {
        match self.purpose.as_deref() {
            Some(purpose) => purpose == "document",
            None => self.is_redirect() || self.media() == Media::Page,
        }
    }

    /// True for a page that was shown.
    fn is_page(&self) -> bool {
        self.is_there() && self.is_document()
    }

    fn is_redirect(&self) -> bool {
        matches!(self.status(), 300..=303 | 305..=399)
    }

    /// Where a page led to that is none of the site, or asks who somebody is. `www.` is the site's own.
    fn login(&self, hosts: &[String]) -> Option<String> {
        let (url, target) = (&*self.request.url, self.response.target.as_deref()?);
        let scheme = url.split_once("//").map_or("", |(scheme, _)| scheme);
        let whole = match target {
            target if is_web(target) => target.to_owned(),
            target if target.starts_with("//") => format!("{scheme}{target}"),
            target => format!("{}/{}", self.origin(), target.trim_start_matches('/')),
        };
        let (from, to) = (self.origin(), served::origin(&whole));
        let is_same =
            host_of(&from).trim_start_matches("www.") == host_of(&to).trim_start_matches("www.");
        let is_login = |url: &str| served::is_login(served::path_of(url));
        let is_led = !is_same || is_login(&whole) && !is_login(url);
        let is_named = hosts.iter().any(|own| own == host_of(&to));
        (is_led && !is_named).then_some(to)
    }

    /// True where the HAR has what was answered.
    fn has_text(&self) -> bool {
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
    fn is_cut(&self) -> bool {
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

    fn bytes(&self) -> Result<Cow<'_, [u8]>, String> {
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

/// A file of requests and answers that a browser saved.
#[derive(Debug)]
pub struct Har {
    text: Vec<u8>,
    hosts: Vec<String>,
    longest: u64,
}

impl Har {
    /// Reads a file of at most `most` bytes. What is longer than `longest` in it is a fault; what other origins gave than
    /// the page's own counts if they are among `hosts`.
    ///
    /// # Errors
    /// When it cannot be read, or is no HAR: the cause, and what to do.
    pub fn read(path: &Path, most: u64, longest: u64, hosts: &[String]) -> Result<Self, String> {
        let mut text = Vec::new();
        let file = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut text));
        let length = file.map_err(|e| format!("cannot be read: {e}; name another file"))?;
        if length as u64 > most {
            return Err("it is longer than --max-bytes; raise that".to_owned());
        }
        let har = Self {
            text,
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
            longest,
        };
        har.log()?;
        Ok(har)
    }

    fn log(&self) -> Result<LogSyntax<'_>, String> {
        let text = self
            .text
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.text);
        let read = serde_json::from_slice::<HarSyntax<'_>>(text);
        let log = read.map(|har| har.log).map_err(|e| {
            // What the error quotes may be anything.
            format!(
                "line {}: it is no HAR; save it in the developer tools of a browser",
                e.line()
            )
        })?;
        if log.entries.is_empty() {
            return Err(
                "it has no requests; open the developer tools, reload the page, and save it then"
                    .to_owned(),
            );
        }
        Ok(log)
    }

    fn entry(&self, entry: &HarEntry<'_>, consumer: &dyn Consumer) {
        let url = &*entry.request.url;
        let media = entry.media();
        let path = served::shown(url);
        let fault = |what: String| consumer.take(Event::Fault(Fault::new(path.clone(), what)));
        if media == Media::Picture {
            return consumer.take(Event::PassedOver(path, PICTURE));
        }
        if entry.request.method != "GET" || !entry.is_part_of_page(media) {
            return consumer.take(Event::PassedOver(path, ASKED));
        }
        if !is_wanted(&path, consumer) {
            return;
        }
        if !entry.is_there() {
            return match entry.status() {
                300..=399 => {}
                404 | 410 if media == Media::Map => {}
                0 => fault(
                    "the browser got no answer; reload the page, and save the HAR anew".to_owned(),
                ),
                status @ (401 | 403) => fault(format!(
                    "the server answered {status}: it is behind a login; log in, reload the page, and save the HAR anew"
                )),
                status => fault(format!(
                    "the server answered {status}; reload the page, and save the HAR anew"
                )),
            };
        }
        match entry.bytes() {
            Ok(bytes) if bytes.len() as u64 > self.longest => {
                fault(too_large(Some(bytes.len() as u64), self.longest));
            }
            Ok(bytes) => {
                served::hand_on(url, media, &bytes, false, consumer);
                if entry.is_cut() {
                    fault("the HAR has a part of it; raise the limit of the developer tools, or save it in another browser".to_owned());
                }
            }
            Err(what) => fault(what),
        }
    }
}

impl LogSyntax<'_> {
    fn of_web(&self) -> impl Iterator<Item = &HarEntry<'_>> {
        self.entries
            .iter()
            .filter(|entry| is_web(&entry.request.url))
    }

    /// Scripts that a page names and the log does not have, of servers that are read.
    fn unsaved(&self, is_read: impl Fn(&str) -> bool) -> Vec<String> {
        let place = |url: &str| format!("{}{}", served::origin(url), served::path_of(url));
        let mut known: HashSet<String> = self.of_web().map(|e| place(&e.request.url)).collect();
        let mut unsaved = Vec::new();
        let pages = self.of_web().filter(|entry| {
            entry.is_there() && entry.media() == Media::Page && is_read(&entry.origin())
        });
        for page in pages {
            let Ok(bytes) = page.bytes() else { continue };
            let scripts = tags::scripts(&String::from_utf8_lossy(&bytes), &page.request.url);
            unsaved.extend(
                scripts.into_iter().filter(|script| {
                    is_read(&served::origin(script)) && known.insert(place(script))
                }),
            );
        }
        unsaved
    }

    /// The origins of the pages that were open, as of a login and what is behind it.
    fn own(&self) -> HashSet<String> {
        let pages = self.pages.as_deref().unwrap_or_default().iter();
        let own: HashSet<String> = pages.filter_map(|page| self.origin_of(page)).collect();
        if !own.is_empty() {
            return own;
        }
        let document = self.of_web().find(|entry| entry.is_page());
        let first = document.or_else(|| self.of_web().next());
        first.map(HarEntry::origin).into_iter().collect()
    }

    /// By its URL, if something of there was answered, or else where its first page came from.
    fn origin_of(&self, page: &PageSyntax<'_>) -> Option<String> {
        let title = page.title.as_deref().filter(|title| is_web(title));
        let titled = title.map(served::origin);
        let mut there = self.of_web().filter(|entry| entry.is_there());
        let titled = titled.filter(|own| there.any(|entry| entry.origin() == *own));
        let first = || {
            let mut entries = self.of_web();
            let is_first = |entry: &&HarEntry<'_>| entry.pageref == page.id && entry.is_page();
            entries.find(is_first).map(HarEntry::origin)
        };
        titled.or_else(first)
    }
}

/// `example.com` of `https://example.com`.
fn host_of(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

fn is_web(url: &str) -> bool {
    let begins = |scheme: &str| {
        url.get(..scheme.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(scheme))
    };
    begins("https://") || begins("http://")
}

impl Source for Har {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        // Read once already, when it was opened.
        let Ok(log) = self.log() else { return Ok(()) };
        let own = log.own();
        let is_read = |origin: &str| {
            own.contains(origin) || self.hosts.iter().any(|own| own == host_of(origin))
        };
        for script in log.unsaved(is_read) {
            let path = served::shown(&script);
            if is_wanted(&path, consumer) {
                consumer.take(Event::PassedOver(path, NOT_SAVED));
            }
        }
        let pages = log.of_web().filter(|entry| entry.is_document());
        for page in pages.take_while(|page| page.is_redirect()) {
            if let Some(to) = page.login(&self.hosts) {
                let what = format!(
                    "it redirects to {to}, as to a login; log in, reload the page, and save the HAR anew, or give --also-from {}",
                    host_of(&to)
                );
                let path = served::shown(&page.request.url);
                consumer.take(Event::Fault(Fault::new(path, what)));
            }
        }
        let (mut known, mut is_empty) = (HashSet::new(), true);
        // A browser that has a file already is told so, and nothing else.
        let saved: HashSet<&str> = (log.of_web().filter(|entry| entry.has_text()))
            .map(|entry| &*entry.request.url)
            .collect();
        // `data:`, `blob:` and extensions of the browser are in the page, or none of it.
        for entry in log.of_web() {
            let url = &*entry.request.url;
            let has_none = match entry.status() {
                204 | 205 => true,
                304 => !entry.has_text() && saved.contains(url),
                _ => false,
            };
            if has_none || !known.insert((url, entry.response.content.text.as_deref())) {
                continue;
            }
            let origin = entry.origin();
            if is_read(&origin) {
                is_empty &= !entry.is_of_site();
                self.entry(entry, consumer);
            } else {
                consumer.take(Event::PassedOver(served::shown(url), ELSEWHERE));
            }
        }
        if let Some(first) = log.of_web().next().filter(|_| is_empty) {
            let what = "the HAR has no file of the page; open the developer tools, reload the page, and save it then";
            consumer.take(Event::Fault(Fault::new(
                served::shown(&first.request.url),
                what,
            )));
        }
        Ok(())
    }
}
