//! Which servers are asked: the page's own, and those that the user names.

use url::{Host, Origin as UrlOrigin, Url};

/// Which servers are asked.
#[derive(Clone, Debug)]
pub(super) struct Admitted {
    own: Vec<UrlOrigin>,
    hosts: Vec<String>,
}

impl Admitted {
    /// Those of the pages, and hosts as they are typed: `cdn.example.com`, `localhost:8080`.
    ///
    /// # Errors
    /// When a host is none.
    pub(super) fn new(pages: &[Url], hosts: &[String]) -> Result<Self, String> {
        for host in hosts {
            let (name, port) = host.rsplit_once(':').unwrap_or((host, "1"));
            let is_host = Host::parse(name).is_ok() && port.parse::<u16>().is_ok();
            if !is_host {
                return Err(format!(
                    "--also-from {host}: it is no host; write it as in cdn.example.com"
                ));
            }
        }
        Ok(Self {
            own: pages.iter().map(Url::origin).collect(),
            hosts: hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        })
    }

    /// True for what is of the same origin as a page.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        self.own.contains(&url.origin())
    }

    /// True for what may be asked for. Over TLS all of it is, unless a page itself comes without.
    pub(super) fn admits(&self, url: &Url) -> bool {
        let is_clear =
            |own: &UrlOrigin| matches!(own, UrlOrigin::Tuple(scheme, ..) if scheme == "http");
        let is_safe = url.scheme() == "https" || self.own.iter().any(is_clear);
        let host = url.host_str().unwrap_or_default();
        let with_port = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        self.is_own(url) || is_safe && self.hosts.contains(&with_port)
    }

    /// Follows a page from `http://example.com` to `https://example.com`, whose origin is the page's then. False for any
    /// other way.
    pub(super) fn is_upgraded(&mut self, from: &Url, to: &Url) -> bool {
        let is_upgrade = from.scheme() == "http"
            && to.scheme() == "https"
            && from.host() == to.host()
            && (from.port(), to.port()) == (None, None);
        if is_upgrade {
            self.own.push(to.origin());
        }
        is_upgrade
    }
}

/// A page as it is typed.
///
/// # Errors
/// When it is no URL of a web server.
pub(super) fn page(typed: &str) -> Result<Url, String> {
    let written = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let mut url: Url = written
        .parse()
        .map_err(|_| "it is no URL; write https://HOST/PATH".to_owned())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it is no URL of a web server; write https://HOST/PATH".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "write it without a user; a login goes into --header 'Authorization: ...'".to_owned(),
        );
    }
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_admitted_by_origin_or_by_name() {
        let pages = [page("https://a.example").unwrap()];
        let admitted = Admitted::new(&pages, &["cdn.example".to_owned()]).unwrap();
        for (url, is_own, admits) in [
            ("https://a.example/x", true, true),
            ("https://a.example:8443/x", false, false),
            ("http://a.example/x", false, false),
            ("https://b.a.example/x", false, false),
            ("https://cdn.example/x", false, true),
            ("http://cdn.example/x", false, false),
        ] {
            let url: Url = url.parse().unwrap();
            assert_eq!(
                (admitted.is_own(&url), admitted.admits(&url)),
                (is_own, admits),
                "{url}"
            );
        }
        assert!(Admitted::new(&pages, &["https://a/".to_owned()]).is_err());
    }

    #[test]
    fn a_page_is_typed_with_or_without_a_scheme() {
        for (typed, url) in [
            ("example.com", Ok("https://example.com/")),
            ("http://localhost:8080/a#b", Ok("http://localhost:8080/a")),
            ("ftp://example.com", Err(())),
            ("https://a:b@example.com", Err(())),
            ("https://", Err(())),
        ] {
            let read = page(typed).map(|url| url.to_string()).map_err(drop);
            assert_eq!(read, url.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn a_page_goes_from_http_to_https_and_never_back() {
        let url = |url: &str| url.parse::<Url>().unwrap();
        let pages = [url("http://a.example/")];
        let mut admitted = Admitted::new(&pages, &[]).unwrap();
        assert!(!admitted.is_upgraded(&pages[0], &url("https://b.example/")));
        assert!(!admitted.is_upgraded(&url("https://a.example/"), &pages[0]));
        assert!(admitted.is_upgraded(&pages[0], &url("https://a.example/x")));
        assert!(admitted.is_own(&url("https://a.example/y")));
    }
}
