//! What a browser loaded, as its developer tools save it: <http://www.softwareishard.com/blog/har-12-spec/>.

mod entry;

use super::super::{Consumer, Event, Source, SourceError, is_wanted, too_large};
use super::served::{self, Media};
use super::tags;
use crate::model::{BlobPath, Fault};
use entry::{HarEntry, host_of, is_web};
use serde::Deserialize;
use serde_json::value::RawValue;
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
    entries: Vec<&'t RawValue>,
}

/// What is read of a log.
struct HarLog<'t> {
    pages: Vec<PageSyntax<'t>>,
    entries: Vec<HarEntry<'t>>,
    /// Numbers, from 1 on, of entries that are none.
    broken: Vec<usize>,
}

#[derive(Deserialize)]
struct PageSyntax<'t> {
    #[serde(borrow, default)]
    id: Option<Cow<'t, str>>,
    /// Browsers write the URL of the page here.
    #[serde(borrow, default)]
    title: Option<Cow<'t, str>>,
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
            hosts: hosts
                .iter()
                .map(|host| host_of(host).trim_end_matches('/').to_ascii_lowercase())
                .collect(),
            longest,
        };
        har.log()?;
        Ok(har)
    }

    fn log(&self) -> Result<HarLog<'_>, String> {
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
        let mut read = HarLog {
            pages: log.pages.unwrap_or_default(),
            entries: Vec::new(),
            broken: Vec::new(),
        };
        for (number, entry) in (1..).zip(log.entries) {
            match serde_json::from_str(entry.get()) {
                Ok(entry) => read.entries.push(entry),
                Err(_) => read.broken.push(number),
            }
        }
        Ok(read)
    }

    /// Tells of pages that led to a login, before one was shown.
    fn tell_logins(&self, log: &HarLog<'_>, consumer: &dyn Consumer) {
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
    }

    /// `is_script` says that a page has it for one.
    fn entry(&self, entry: &HarEntry<'_>, is_script: bool, consumer: &dyn Consumer) {
        let url = &*entry.request.url;
        let media = match entry.media() {
            Media::Data if is_script => Media::Script,
            media => media,
        };
        let path = served::shown(url);
        let fault = |what: String| consumer.take(Event::Fault(Fault::new(path.clone(), what)));
        if media == Media::Picture {
            return consumer.take(Event::PassedOver(path, PICTURE));
        }
        if !entry.is_for_all() || !entry.is_part_of_page(media) {
            return consumer.take(Event::PassedOver(path, ASKED));
        }
        if !is_wanted(&path, consumer) {
            return;
        }
        if !entry.is_there() {
            let named = Media::named(served::path_of(url));
            let is_asked = matches!(entry.purpose.as_deref(), Some("fetch" | "xhr"));
            return match entry.status() {
                300..=399 => {}
                404 | 410 if media == Media::Map || named == Some(Media::Map) => {}
                400..=599 if named == Some(Media::Picture) => {
                    consumer.take(Event::PassedOver(path, PICTURE))
                }
                400..=599 if is_asked => consumer.take(Event::PassedOver(path, ASKED)),
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

impl HarLog<'_> {
    fn of_web(&self) -> impl Iterator<Item = &HarEntry<'_>> {
        self.entries
            .iter()
            .filter(|entry| is_web(&entry.request.url))
    }

    /// Scripts that pages of servers that are read name, if they are of such servers themselves.
    fn scripts(&self, is_read: impl Fn(&str) -> bool) -> Vec<String> {
        let mut named = Vec::new();
        let pages = self.of_web().filter(|entry| {
            entry.is_there() && entry.media() == Media::Page && is_read(&entry.origin())
        });
        for page in pages {
            let Ok(bytes) = page.bytes() else { continue };
            let scripts = tags::scripts(&String::from_utf8_lossy(&bytes), &page.request.url);
            let scripts = scripts.into_iter();
            named.extend(scripts.filter(|script| is_read(&served::origin(script))));
        }
        named
    }

    /// The origins of the pages that were open, as of a login and what is behind it.
    fn own(&self) -> HashSet<String> {
        let pages = self.pages.iter();
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

impl Source for Har {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        // Read once already, when it was opened.
        let Ok(log) = self.log() else { return Ok(()) };
        let own = log.own();
        let is_read = |origin: &str| {
            own.contains(origin) || self.hosts.iter().any(|own| own == host_of(origin))
        };
        for number in &log.broken {
            let what = "it is no request with its answer; save the HAR anew";
            let path = BlobPath::from(format!("entry {number} of the HAR").as_str());
            consumer.take(Event::Fault(Fault::new(path, what)));
        }
        self.tell_logins(&log, consumer);
        let scripts = scripts(&log, is_read, consumer);
        let saved_places: HashSet<String> = log.of_web().map(|e| place(&e.request.url)).collect();
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
            if entry.is_redirect()
                && scripts.contains(&place(url))
                && entry
                    .target()
                    .is_none_or(|to| !saved_places.contains(&place(&to)))
            {
                consumer.take(Event::PassedOver(served::shown(url), NOT_SAVED));
            }
            let origin = entry.origin();
            if is_read(&origin) {
                is_empty &= !entry.is_of_site();
                self.entry(entry, scripts.contains(&place(url)), consumer);
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

/// The places of the scripts that pages name. Those that the log does not have are told.
fn scripts(
    log: &HarLog<'_>,
    is_read: impl Fn(&str) -> bool,
    consumer: &dyn Consumer,
) -> HashSet<String> {
    let scripts = log.scripts(is_read);
    let mut saved: HashSet<String> = log.of_web().map(|e| place(&e.request.url)).collect();
    for script in scripts.iter().filter(|script| saved.insert(place(script))) {
        let path = served::shown(script);
        if is_wanted(&path, consumer) {
            consumer.take(Event::PassedOver(path, NOT_SAVED));
        }
    }
    scripts.iter().map(|script| place(script)).collect()
}

/// A URL without its query.
fn place(url: &str) -> String {
    format!("{}{}", served::origin(url), served::path_of(url))
}
