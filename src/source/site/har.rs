//! What a browser loaded, as its developer tools save it: <http://www.softwareishard.com/blog/har-12-spec/>.

use super::super::{Consumer, Event, Source, SourceError, is_wanted, too_large};
use super::served::{self, Media};
use crate::model::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// An answer that a script of the page asked for, as from an API: what was asked is another's to know.
const ASKED: &str = "answer to a script";
/// What the page's own server did not give.
const ELSEWHERE: &str = "file of another origin";
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
    #[serde(borrow)]
    entries: Vec<HarEntry<'t>>,
}

#[derive(Deserialize)]
struct HarEntry<'t> {
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
    status: i64,
    #[serde(borrow, default)]
    content: ContentSyntax<'t>,
}

#[derive(Default, Deserialize)]
struct ContentSyntax<'t> {
    #[serde(default)]
    size: i64,
    #[serde(borrow, default, rename = "mimeType")]
    kind: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    text: Option<Cow<'t, str>>,
    #[serde(borrow, default)]
    encoding: Option<Cow<'t, str>>,
}

impl HarEntry<'_> {
    fn media(&self) -> Media {
        let content = &self.response.content;
        let start = content.text.as_deref().unwrap_or_default().as_bytes();
        let kind = content.kind.as_deref();
        // So Chromium says that nobody told.
        let kind = kind.filter(|kind| !kind.is_empty() && *kind != "x-unknown");
        Media::of(kind, served::path_of(&self.request.url), start)
    }

    /// True for what the page is made of, and false for what its scripts ask of an API.
    fn is_part_of_page(&self, media: Media) -> bool {
        let named = Media::named(served::path_of(&self.request.url));
        media != Media::Data || named.is_some()
    }

    /// True for an answer that has what was asked for.
    fn is_there(&self) -> bool {
        matches!(self.response.status, 200..=299 | 304)
    }

    fn bytes(&self) -> Result<Cow<'_, [u8]>, String> {
        let content = &self.response.content;
        match (content.text.as_deref(), content.encoding.as_deref()) {
            (Some(text), Some("base64")) => STANDARD
                .decode(text.trim_ascii().as_bytes())
                .map(Cow::Owned)
                .map_err(|_| "its base64 is broken; save the HAR anew".to_owned()),
            (Some(text), _) if !text.is_empty() => Ok(Cow::Borrowed(text.as_bytes())),
            _ if content.size == 0 && self.response.status == 200 => Ok(Cow::Borrowed(b"")),
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
        har.entries()?;
        Ok(har)
    }

    fn entries(&self) -> Result<Vec<HarEntry<'_>>, String> {
        let text = self
            .text
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(&self.text);
        let read = serde_json::from_slice::<HarSyntax<'_>>(text);
        let entries = read.map(|har| har.log.entries).map_err(|e| {
            // What the error quotes may be anything.
            format!(
                "line {}: it is no HAR; save it in the developer tools of a browser",
                e.line()
            )
        })?;
        if entries.is_empty() {
            return Err(
                "it has no requests; open the developer tools, reload the page, and save it then"
                    .to_owned(),
            );
        }
        Ok(entries)
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
            return match entry.response.status {
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
            Ok(bytes) => served::hand_on(url, media, &bytes, false, consumer),
            Err(what) => fault(what),
        }
    }
}

/// The origin of the page: where the first document came from.
fn own<'e>(entries: &'e [HarEntry<'_>]) -> Option<&'e str> {
    let is_web = |entry: &&HarEntry<'_>| is_web(&entry.request.url);
    let is_document = |entry: &HarEntry<'_>| {
        let told = entry
            .purpose
            .as_deref()
            .is_none_or(|purpose| purpose == "document");
        entry.is_there() && told && entry.media() == Media::Page
    };
    let mut entries = entries.iter().filter(is_web);
    let first = entries.clone().find(|entry| is_document(entry));
    let first = first.or_else(|| entries.next());
    first.map(|entry| served::origin_of(&entry.request.url))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

impl Source for Har {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        // Read once already, when it was opened.
        let entries = self.entries().unwrap_or_default();
        let own = own(&entries);
        let mut known = HashSet::new();
        for entry in &entries {
            let url = &*entry.request.url;
            // `data:`, `blob:` and extensions of the browser are in the page, or none of it.
            if !is_web(url) || !known.insert((url, entry.response.content.text.as_deref())) {
                continue;
            }
            let origin = served::origin_of(url);
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            if own == Some(origin) || self.hosts.iter().any(|own| own == host) {
                self.entry(entry, consumer);
            } else {
                consumer.take(Event::PassedOver(served::shown(url), ELSEWHERE));
            }
        }
        Ok(())
    }
}
