//! Requests over HTTP and TLS. Beside `verify.rs` the only code that opens a connection.

use super::fetch::{Answer, Fetch, NotAnswered};
use std::io::{ErrorKind, Read as _};
use std::time::Duration;
use ureq::http::{HeaderMap, HeaderName, HeaderValue};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};
use url::Url;

/// Asks web servers.
pub(super) struct Web {
    agent: Agent,
    /// What goes to the page's own origin alone. A value may be a credential and is never shown.
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Web {
    /// Asks each time for at most so long, with these headers, `Name: value`. A proxy of the environment counts only if
    /// it is `proxied`.
    ///
    /// # Errors
    /// When a header is none. Its value is not told.
    pub(super) fn new(
        headers: &[String],
        longest: Duration,
        proxied: bool,
    ) -> Result<Self, String> {
        Ok(Self {
            agent: agent(longest, proxied),
            headers: headers
                .iter()
                .map(|written| header(written))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// What makes requests: each takes at most so long, follows no redirect by itself, and trusts what the system trusts. A
/// proxy of the environment counts only if it is `proxied`.
pub(crate) fn agent(longest: Duration, proxied: bool) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(longest))
        .user_agent(concat!("jvxleaks/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls);
    let config = if proxied { config } else { config.proxy(None) };
    config.build().into()
}

fn header(written: &str) -> Result<(HeaderName, HeaderValue), String> {
    const WRITE: &str = "write it as 'Name: value'";
    let (name, value) = written.split_once(':').ok_or(WRITE)?;
    let name: HeaderName = name.trim().parse().map_err(|_| WRITE)?;
    let value = HeaderValue::from_str(value.trim())
        .map_err(|_| format!("{name}: its value has signs that no header may have"))?;
    let is_own = ["host", "content-length", "transfer-encoding", "connection"];
    if is_own.contains(&name.as_str()) {
        return Err(format!("{name}: each request has its own"));
    }
    Ok((name, value))
}

impl Fetch for Web {
    fn get(&self, url: &Url, is_own: bool, most: u64) -> Result<Answer, NotAnswered> {
        let mut request = self.agent.get(url.as_str());
        for (name, value) in self.headers.iter().filter(|_| is_own) {
            request = request.header(name, value);
        }
        let answer = request.call().map_err(|error| why(&error))?;
        let (parts, body) = answer.into_parts();
        let text = |name: &str| text(&parts.headers, name);
        let status = parts.status.as_u16();
        let mut answer = Answer {
            status,
            content_type: text("content-type"),
            location: text("location"),
            source_map: text("sourcemap").or_else(|| text("x-sourcemap")),
            retry_after: text("retry-after").and_then(|wait| wait.trim().parse().ok()),
            body: Vec::new(),
        };
        if parts.status.is_success() {
            // What is decompressed has this header no more.
            if let Some(encoding) = text("content-encoding").filter(|name| name != "identity") {
                return Err(NotAnswered::Broken(format!(
                    "it came compressed as nobody asked for ({encoding}); the server must heed Accept-Encoding"
                )));
            }
            answer.body = read(body, most)?;
        }
        Ok(answer)
    }
}

/// The body, of which no more is taken than may be there: not even of one that has no end.
fn read(body: Body, most: u64) -> Result<Vec<u8>, NotAnswered> {
    if body.content_length().is_some_and(|length| length > most) {
        return Err(NotAnswered::TooLong(0));
    }
    let mut bytes = Vec::new();
    let body = body.into_with_config().limit(u64::MAX).reader();
    match body.take(most.saturating_add(1)).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > most => Err(NotAnswered::TooLong(most)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(why(&ureq::Error::from(error))),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// What went wrong. What the error itself says could quote the URL, and with it a credential.
fn why(error: &ureq::Error) -> NotAnswered {
    const TLS: &str = "its certificate is not trusted; name the host that the certificate is for";
    const CUT: &str = "the connection failed or was cut; try again";
    let broken = |what: &str| NotAnswered::Broken(what.to_owned());
    match error {
        ureq::Error::Timeout(_) => {
            NotAnswered::Silent("it took too long; try again, or raise --timeout")
        }
        ureq::Error::HostNotFound => NotAnswered::Silent("there is no such host; check the URL"),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => broken(TLS),
        ureq::Error::Decompress(..) => broken("its compression is broken; try again"),
        ureq::Error::Io(io) => match io
            .get_ref()
            .and_then(|own| own.downcast_ref::<ureq::Error>())
        {
            Some(inner) => why(inner),
            None if io.kind() == ErrorKind::InvalidData => broken(TLS),
            None => NotAnswered::Silent(CUT),
        },
        ureq::Error::ConnectionFailed => NotAnswered::Silent(CUT),
        _ => broken("the answer is no HTTP, or was cut; try again"),
    }
}
