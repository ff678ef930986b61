//! A site as a source: pages, what they load, and what that loads.

use super::super::{Consumer, Event, Source, SourceError, is_wanted};
use super::admitted::{Admitted, page};
use super::fetch::{Answer, Fetch};
use super::http::Web;
use super::links::{self, Chunks, Link, Standpoint, Sure};
use super::queue::{Queue, UrlState, WantedUrl};
use super::requests::{Bounds, Led, Requests};
use super::served::{self, Media};
use super::verdict::{self, AnswerUse};
use crate::model::Fault;
use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// How servers are asked. Headers may be credentials, so it is never shown.
pub struct SiteOptions<'a> {
    /// How much is asked for.
    pub bounds: Bounds,
    /// Hosts that are asked beside the pages' own.
    pub also_from: &'a [String],
    /// What goes to the pages' own origin alone, as `Name: value`.
    pub headers: &'a [String],
    /// How long one answer may take.
    pub longest: Duration,
    /// Whether a proxy of the environment counts.
    pub proxied: bool,
    /// Whether `app.js.map` is asked for where `app.js` names no map.
    pub hidden_maps: bool,
}

/// Pages on web servers, and what browsers load with them.
pub struct WebSite {
    pages: Vec<Url>,
    admitted: Admitted,
    bounds: Bounds,
    hidden_maps: bool,
    fetch: Box<dyn Fetch>,
}

impl WebSite {
    /// The site of pages, as they were typed.
    ///
    /// # Errors
    /// When one is no URL, or an option says what it must not say. No value of a header is told.
    pub fn new(typed: &[String], asking: &SiteOptions<'_>) -> Result<Self, String> {
        let page = |typed: &String| page(typed).map_err(|why| format!("{}: {why}", clean(typed)));
        let pages: Vec<Url> = typed.iter().map(page).collect::<Result<_, _>>()?;
        let first = pages.first().map(Url::origin);
        if !asking.headers.is_empty() && pages.iter().any(|page| Some(page.origin()) != first) {
            return Err("--header goes to one site; name its pages alone".to_owned());
        }
        let web = Web::new(asking.headers, asking.longest, asking.proxied);
        let web = web.map_err(|why| format!("--header: {why}"))?;
        let admitted = Admitted::new(&pages, asking.also_from)?;
        let site = Self::by(pages, admitted, asking.bounds, Box::new(web));
        Ok(Self {
            hidden_maps: asking.hidden_maps,
            ..site
        })
    }

    /// The site of pages, asked for in some way.
    pub(super) fn by(
        pages: Vec<Url>,
        admitted: Admitted,
        bounds: Bounds,
        fetch: Box<dyn Fetch>,
    ) -> Self {
        Self {
            pages,
            admitted,
            bounds,
            hidden_maps: false,
            fetch,
        }
    }
}

/// What was typed, without a user and a query, which may hold a credential.
fn clean(typed: &str) -> &str {
    let end = typed.find(['?', '#']).unwrap_or(typed.len());
    let start = typed[..end].rfind('@').map_or(0, |at| at + 1);
    &typed[start..end]
}

impl Source for WebSite {
    fn visit(&self, consumer: &dyn Consumer) -> Result<(), SourceError> {
        let mut visit = SiteVisit {
            consumer,
            admitted: self.admitted.clone(),
            requests: Requests::new(self.fetch.as_ref(), self.bounds),
            queue: Queue::default(),
            chunks: Chunks::default(),
            hidden_maps: self.hidden_maps,
            deepest: self.bounds.depth,
            deeper: HashSet::new(),
        };
        for page in &self.pages {
            visit.queue.add(WantedUrl {
                link: Link::to(page.clone(), Sure::Loads, Media::Page),
                is_typed: true,
                depth: 0,
                document: Rc::new(page.clone()),
            });
        }
        visit.all(&self.pages);
        Ok(())
    }
}

/// One visit of a site.
struct SiteVisit<'s> {
    consumer: &'s dyn Consumer,
    admitted: Admitted,
    requests: Requests<'s>,
    queue: Queue,
    chunks: Chunks,
    hidden_maps: bool,
    deepest: u32,
    /// What lies deeper than that.
    deeper: HashSet<Url>,
}

impl SiteVisit<'_> {
    fn all(&mut self, pages: &[Url]) {
        let Some(page) = pages.first() else { return };
        while let Some(wanted) = self.queue.next() {
            if let Some(reason) = self.ask(&wanted) {
                let left = self.queue.len() + 1;
                self.fault(page, format!("{} not asked for; {reason}", files(left)));
                break;
            }
        }
        if self.queue.dropped > 0 {
            let left = files(self.queue.dropped);
            self.fault(page, format!("{left} not asked for; too many are named"));
        }
        let asked = |url: &Url| self.queue.asked(url).is_some();
        let deeper = self.deeper.iter().filter(|url| !asked(url)).count();
        if deeper > 0 {
            let what = format!(
                "{} not asked for, with more than {} others between the page and it; raise --depth",
                files(deeper),
                self.deepest
            );
            self.fault(page, what);
        }
    }

    /// Asks for one thing, wherever it may be; the reason why no more is asked for, if that is so.
    fn ask(&mut self, wanted: &WantedUrl) -> Option<&'static str> {
        let mut absent = None;
        for url in &wanted.link.urls {
            match self.queue.asked(url) {
                Some(UrlState::Settled) => return None,
                Some(UrlState::Absent(status)) => {
                    absent.get_or_insert((url.clone(), status));
                    continue;
                }
                None => {}
            }
            if !self.admitted.admits(url) {
                self.queue.note(url, UrlState::Settled);
                if wanted.link.sure != Sure::Guessed {
                    let path = served::shown(url.as_str());
                    self.consumer
                        .take(Event::PassedOver(path, verdict::ELSEWHERE));
                }
                return None;
            }
            // What is asked for by name is read, whatever is excluded.
            if !wanted.is_typed && !is_wanted(&served::shown(url.as_str()), self.consumer) {
                self.queue.note(url, UrlState::Settled);
                return None;
            }
            match self.once(url, wanted) {
                Ok(UrlState::Settled) => {
                    self.queue.note(url, UrlState::Settled);
                    return None;
                }
                Ok(UrlState::Absent(status)) => {
                    self.queue.note(url, UrlState::Absent(status));
                    absent.get_or_insert((url.clone(), status));
                }
                Err(reason) => return Some(reason),
            }
        }
        if let Some((url, status)) = absent {
            self.absent(&url, status, wanted);
        }
        None
    }

    fn once(&mut self, url: &Url, wanted: &WantedUrl) -> Result<UrlState, &'static str> {
        let is_page = wanted.is_typed;
        match self.requests.get(url, &mut self.admitted, is_page) {
            Led::Spent(reason) => Err(reason),
            Led::Failed(why) => {
                self.fault(url, why);
                Ok(UrlState::Settled)
            }
            // Neither a guess nor a map is missed.
            Led::Elsewhere(_) if wanted.link.sure >= Sure::Map => Ok(UrlState::Absent(302)),
            Led::Elsewhere(origin) => {
                self.fault(url, verdict::elsewhere(&origin, is_page));
                Ok(UrlState::Settled)
            }
            Led::There(at, answer) => Ok(self.answered(url, &at, &answer, wanted)),
        }
    }

    /// Takes an answer, which came from `at` in the end.
    fn answered(&mut self, url: &Url, at: &Url, answer: &Answer, wanted: &WantedUrl) -> UrlState {
        let content_type = answer.content_type.as_deref();
        let media = match Media::of(content_type, at.path(), &answer.body) {
            // `application/octet-stream`, or nothing told.
            Media::Data if wanted.link.expects != Media::Page => wanted.link.expects,
            media => media,
        };
        match verdict::of(answer.status, media, &wanted.link, wanted.is_typed) {
            AnswerUse::Read => {}
            AnswerUse::Absent => return UrlState::Absent(answer.status),
            AnswerUse::PassOver(kind) => {
                let passed_over = Event::PassedOver(served::shown(url.as_str()), kind);
                self.consumer.take(passed_over);
                return UrlState::Settled;
            }
            AnswerUse::Fault(why) => {
                self.fault(url, why);
                return UrlState::Settled;
            }
        }
        if wanted.is_typed && verdict::is_login(at) && !verdict::is_login(url) {
            self.fault(url, verdict::led_to_login(at));
        }
        if at != url && self.queue.asked(at).is_some() {
            return UrlState::Settled;
        }
        self.queue.note(at, UrlState::Settled);
        let body = &answer.body;
        served::hand_on(at.as_str(), media, body, wanted.is_typed, self.consumer);
        self.follow(at, media, answer, wanted);
        UrlState::Settled
    }

    /// Adds what an answer names.
    fn follow(&mut self, at: &Url, media: Media, answer: &Answer, wanted: &WantedUrl) {
        let is_page = media == Media::Page;
        let document = if is_page { at } else { &wanted.document };
        let standpoint = Standpoint {
            own: at.clone(),
            document: document.clone(),
            others: Vec::new(),
        };
        let mut found = links::found(&answer.body, media, &standpoint);
        let by_header = answer
            .source_map
            .as_deref()
            .and_then(|map| at.join(map).ok());
        let maps = by_header.filter(|map| matches!(map.scheme(), "http" | "https"));
        let maps = maps.map(|map| Link::to(map, Sure::Map, Media::Map));
        found.links.extend(maps);
        let names_map = found.links.iter().any(|link| link.sure == Sure::Map);
        if self.hidden_maps && !names_map && matches!(media, Media::Script | Media::Style) {
            let mut map = at.clone();
            map.set_path(&format!("{}.map", at.path()));
            found.links.push(Link::to(map, Sure::Guessed, Media::Map));
        }
        let chunks = self.chunks.learn(found.tables, found.ids);
        found.links.extend(chunks);
        let document = match found.base.filter(|_| is_page) {
            Some(base) => Rc::new(base),
            None => wanted.document.clone(),
        };
        for link in found.links {
            // A map belongs to its script.
            let step = u32::from(link.sure != Sure::Map);
            let wanted = WantedUrl {
                link,
                is_typed: false,
                depth: wanted.depth + step,
                document: document.clone(),
            };
            if wanted.depth <= self.deepest {
                self.queue.add(wanted);
            } else {
                self.deeper.extend(wanted.link.urls.into_iter().take(1));
            }
        }
    }

    /// Tells of what a server does not have.
    fn absent(&mut self, url: &Url, status: u16, wanted: &WantedUrl) {
        let path = served::shown(url.as_str());
        match wanted.link.sure {
            Sure::Loads => self.fault(url, verdict::absent(status)),
            Sure::Named => self
                .consumer
                .take(Event::PassedOver(path, verdict::NO_FILE)),
            Sure::Map => self.consumer.take(Event::PassedOver(path, verdict::NO_MAP)),
            // Nobody said that it is there.
            Sure::Guessed => {}
        }
    }

    fn fault(&self, url: &Url, what: impl Into<String>) {
        let fault = Fault::new(served::shown(url.as_str()), what);
        self.consumer.take(Event::Fault(fault));
    }
}

fn files(count: usize) -> String {
    match count {
        1 => "1 file was".to_owned(),
        _ => format!("{count} files were"),
    }
}
