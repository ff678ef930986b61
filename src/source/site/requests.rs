//! Requests as they may be made: within bounds, at a rate, and after redirects that lead to where requests may go.

use super::admitted::Admitted;
use super::fetch::{Answer, Fetch, NotAnswered};
use super::served;
use std::collections::HashMap;
use std::thread;
use std::time::{Duration, Instant};
use url::Url;

/// Most redirects of one URL, as browsers have it: <https://fetch.spec.whatwg.org/#http-redirect-fetch> allows 20.
const MOST_REDIRECTS: usize = 10;

/// After so many requests in a row that nobody answered, no more are made.
const MOST_SILENT: u32 = 5;

/// Longest that a server is waited for which says that it is busy, in seconds.
const LONGEST_WAIT: u64 = 30;

/// How much is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most requests.
    pub requests: u32,
    /// Longest answer, in bytes.
    pub file: u64,
    /// Most bytes of all answers.
    pub bytes: u64,
    /// How many files may lie between a page and what is loaded: 1 is what the page itself names.
    pub depth: u32,
    /// Most requests to one host in a second.
    pub rate: u32,
}

/// What became of a URL.
pub(super) enum Led {
    /// The server answered, perhaps at another URL.
    There(Url, Answer),
    /// It leads to a server that is not asked: its origin.
    Elsewhere(String),
    /// There is no answer to read: the cause, and what to do.
    Failed(String),
    /// No more requests are made: the reason.
    Spent(&'static str),
}

/// Makes requests.
pub(super) struct Requests<'f> {
    fetch: &'f dyn Fetch,
    bounds: Bounds,
    made: u32,
    bytes: u64,
    /// True when the last answer might not be as long as a file may be, since too little was left of all bytes.
    is_short: bool,
    silent: u32,
    last: HashMap<String, Instant>,
}

impl<'f> Requests<'f> {
    pub(super) fn new(fetch: &'f dyn Fetch, bounds: Bounds) -> Self {
        Self {
            fetch,
            bounds,
            made: 0,
            bytes: 0,
            is_short: false,
            silent: 0,
            last: HashMap::new(),
        }
    }

    /// Why no more requests may be made, if none may.
    fn spent(&self) -> Option<&'static str> {
        if self.made >= self.bounds.requests {
            return Some("raise --max-requests");
        }
        if self.bytes >= self.bounds.bytes {
            return Some("raise --max-bytes");
        }
        (self.silent >= MOST_SILENT).then_some("the server has stopped answering; try again later")
    }

    /// Asks for a URL, and follows where it leads.
    pub(super) fn get(&mut self, url: &Url, admitted: &mut Admitted, is_page: bool) -> Led {
        let mut at = url.clone();
        let mut passed = vec![url.clone()];
        loop {
            if let Some(reason) = self.spent() {
                return Led::Spent(reason);
            }
            let answer = match self.ask(&at, admitted.is_own(&at)) {
                Ok(answer) => answer,
                Err(why) => return Led::Failed(self.words(why)),
            };
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Led::There(at, answer);
            }
            let next = answer.location.as_deref().and_then(|to| at.join(to).ok());
            let Some(mut next) = next else {
                return Led::Failed("it redirects to nowhere; mend the server".to_owned());
            };
            next.set_fragment(None);
            if at.scheme() == "https" && next.scheme() == "http" {
                let what = "it redirects from https to http, which is not followed; name that URL";
                return Led::Failed(what.to_owned());
            }
            let may_follow = admitted.admits(&next) || is_page && admitted.is_upgraded(&at, &next);
            if !may_follow {
                return Led::Elsewhere(served::origin_of(next.as_str()).to_owned());
            }
            if passed.contains(&next) {
                return Led::Failed("it redirects in a circle; mend the server".to_owned());
            }
            if passed.len() > MOST_REDIRECTS {
                let what = format!("more than {MOST_REDIRECTS} redirects; mend the server");
                return Led::Failed(what);
            }
            passed.push(next.clone());
            at = next;
        }
    }

    /// One request, and another one if the server is busy.
    fn ask(&mut self, url: &Url, is_own: bool) -> Result<Answer, NotAnswered> {
        let answer = self.once(url, is_own)?;
        let wait = answer.retry_after.unwrap_or(1);
        if !matches!(answer.status, 429 | 503) || wait > LONGEST_WAIT || self.spent().is_some() {
            return Ok(answer);
        }
        thread::sleep(Duration::from_secs(wait));
        self.once(url, is_own)
    }

    fn once(&mut self, url: &Url, is_own: bool) -> Result<Answer, NotAnswered> {
        self.wait(url);
        self.made += 1;
        let left = self.bounds.bytes.saturating_sub(self.bytes);
        let most = self.bounds.file.min(left);
        self.is_short = left < self.bounds.file;
        let answer = self.fetch.get(url, is_own, most);
        match &answer {
            Ok(answer) => {
                self.bytes += answer.body.len() as u64;
                self.silent = 0;
            }
            Err(NotAnswered::Silent(_)) => self.silent += 1,
            Err(NotAnswered::TooLong(read)) => {
                self.bytes += read;
                self.silent = 0;
            }
            Err(NotAnswered::Broken(_)) => self.silent = 0,
        }
        answer
    }

    fn wait(&mut self, url: &Url) {
        let host = url.host_str().unwrap_or_default().to_owned();
        let pause = Duration::from_secs(1) / self.bounds.rate.max(1);
        if let Some(last) = self.last.get(&host) {
            thread::sleep(pause.saturating_sub(last.elapsed()));
        }
        self.last.insert(host, Instant::now());
    }

    fn words(&self, why: NotAnswered) -> String {
        match why {
            NotAnswered::TooLong(_) if self.is_short => {
                "what is left of --max-bytes is too little for it; raise that".to_owned()
            }
            NotAnswered::TooLong(_) => super::super::too_large(None, self.bounds.file),
            NotAnswered::Silent(why) => why.to_owned(),
            NotAnswered::Broken(why) => why,
        }
    }
}
