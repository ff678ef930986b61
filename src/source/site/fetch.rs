//! How a URL is asked for, whoever carries the request.

use url::Url;

/// Asks servers, one URL at a time and without following redirects.
pub(super) trait Fetch: Sync {
    /// The answer, of whose body at most so many bytes are read. What belongs to the page's own site, such as its
    /// cookies, goes along only if it `is_own`.
    fn get(&self, url: &Url, is_own: bool, most: u64) -> Result<Answer, NotAnswered>;
}

/// What a server answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    /// The status of HTTP.
    pub(super) status: u16,
    /// `Content-Type`
    pub(super) content_type: Option<String>,
    /// `Location`
    pub(super) location: Option<String>,
    /// `SourceMap`, or as it was called before, `X-SourceMap`.
    pub(super) source_map: Option<String>,
    /// `Retry-After`, in seconds.
    pub(super) retry_after: Option<u64>,
    /// All of it, decompressed; empty where the status says that it is not what was asked for.
    pub(super) body: Vec<u8>,
}

/// Why there is no answer, or no whole one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotAnswered {
    /// More than may be read, of which so many bytes were.
    TooLong(u64),
    /// Nobody answered, or not in time: the cause, and what to do.
    Silent(&'static str),
    /// Something else: the cause, and what to do.
    Broken(String),
}
