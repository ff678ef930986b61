//! Asks the Journey API whether a key is alive. Beside `source/site/http` the only code that opens a connection: it
//! is built with the feature `net` alone, and no scan comes here.
//!
//! The API has no request for that. One journey that nobody has is asked for, with the key in the header that every request
//! has: <https://jourvex-api.onrender.com>.

use crate::model::{Liveness, LivenessState, Secret};
use crate::source::agent;
use std::hash::{BuildHasher as _, RandomState};
use std::thread;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Uri;

/// Where the vendor's API is.
pub const API: &str = "https://jourvex-api.onrender.com";

/// Most tries for one key, where the server is busy or fails.
const TRIES: u32 = 3;

/// How long the second one waits; each further one waits twice as long.
const PAUSE: Duration = Duration::from_millis(500);

/// Asks about keys.
#[derive(Debug)]
pub struct Verifier {
    agent: Agent,
    api: String,
    host: String,
}

impl Verifier {
    /// Asks the server at `api`, each time for at most so long. A proxy of the environment counts only if it is `proxied`.
    ///
    /// # Errors
    /// When the address is none, or one to which a key would go in the clear.
    pub fn new(api: &str, longest: Duration, proxied: bool) -> Result<Self, String> {
        let address: Uri = api
            .parse()
            .map_err(|_| "it is no address; write https://HOST".to_owned())?;
        let host = address
            .host()
            .ok_or("it names no host; write https://HOST")?;
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        if !matches!(address.scheme_str(), Some("http" | "https")) {
            return Err("it is no address of a web server; write https://HOST".to_owned());
        }
        if address.scheme_str() != Some("https") && !is_here {
            return Err("a key would be sent in the clear; write https://HOST".to_owned());
        }
        let has_user = address
            .authority()
            .is_some_and(|own| own.as_str().contains('@'));
        if address.query().is_some() || has_user {
            return Err("write https://HOST, without a user or a query".to_owned());
        }
        Ok(Self {
            agent: agent(longest, proxied),
            api: api.trim_end_matches('/').to_owned(),
            host: host.to_owned(),
        })
    }

    /// The host that is asked.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Sends a key, at most three times, and tells what the server says of it at `now`.
    pub fn ask(&self, key: &Secret, now: &str) -> Liveness {
        let told = |state, reason: String| Liveness {
            state,
            reason,
            at: now.to_owned(),
        };
        let mut last = String::new();
        for attempt in 0..TRIES {
            if attempt > 0 {
                thread::sleep(PAUSE * 2_u32.pow(attempt - 1));
            }
            match self.status(key) {
                Ok(status) => match LivenessState::of_status(status) {
                    Some((state, reason)) => return told(state, format!("{status}: {reason}")),
                    None => {
                        last = format!("{status}: the server is busy or fails; ask again later")
                    }
                },
                Err((why, is_final)) => {
                    last = why.to_owned();
                    if is_final {
                        break;
                    }
                }
            }
        }
        told(LivenessState::Unknown, last)
    }

    /// The status of the answer, or why there is none and whether there will be none either next time.
    fn status(&self, key: &Secret) -> Result<u16, (&'static str, bool)> {
        // What the error itself says could quote what was sent.
        let text = std::str::from_utf8(key.expose()).map_err(|_| ("it is no text", true))?;
        let request = self
            .agent
            .get(format!("{}/api/journey/{}", self.api, nobody()));
        let answer = request
            .header("Authorization", format!("Bearer {text}"))
            .call();
        match answer {
            Ok(answer) => Ok(answer.status().as_u16()),
            Err(ureq::Error::Timeout(_)) => Err(("no answer in time; see --timeout", false)),
            Err(ureq::Error::HostNotFound) => Err(("there is no such host; see --api-url", true)),
            Err(ureq::Error::Tls(_) | ureq::Error::Rustls(_)) => {
                Err(("its certificate is not trusted, and nothing was sent", true))
            }
            Err(ureq::Error::Io(e)) if is_of_tls(&e) => {
                Err(("its certificate is not trusted, and nothing was sent", true))
            }
            Err(ureq::Error::Io(_) | ureq::Error::ConnectionFailed) => {
                Err(("no connection, or it was cut", false))
            }
            Err(_) => Err(("the answer is no HTTP", true)),
        }
    }
}

/// True for an error of a handshake, which comes as one of reading.
fn is_of_tls(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::InvalidData
}

/// The id of a journey that nobody has.
fn nobody() -> String {
    let number = || RandomState::new().hash_one(0);
    format!("{:016x}{:016x}", number(), number())
}
