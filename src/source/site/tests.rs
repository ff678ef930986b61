//! Whole visits, with servers that are tables.

use super::super::{Consumer, Event, Source as _};
use super::admitted::{Admitted, page};
use super::crawl::WebSite;
use super::fetch::{Answer, Fetch, NotAnswered};
use super::requests::Bounds;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// Answers by URL; what is not there is a 404. Notes what was asked, and whether with what is the page's own.
#[derive(Default)]
struct Servers {
    answers: BTreeMap<String, Answer>,
    silent: Vec<String>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Servers {
    fn with(mut self, url: &str, content_type: &str, body: &str) -> Self {
        let answer = Answer {
            status: 200,
            content_type: Some(content_type.to_owned()),
            body: body.as_bytes().to_vec(),
            ..Answer::default()
        };
        self.answers.insert(url.to_owned(), answer);
        self
    }

    fn page(self, url: &str, body: &str) -> Self {
        self.with(url, "text/html", body)
    }

    fn script(self, url: &str, body: &str) -> Self {
        self.with(url, "text/javascript", body)
    }

    fn status(mut self, url: &str, status: u16, location: &str) -> Self {
        let answer = Answer {
            status,
            location: Some(location.to_owned()).filter(|to| !to.is_empty()),
            ..Answer::default()
        };
        self.answers.insert(url.to_owned(), answer);
        self
    }
}

impl Fetch for Servers {
    fn get(&self, url: &Url, is_own: bool, most: u64) -> Result<Answer, NotAnswered> {
        let mark = if is_own { "" } else { " (other)" };
        self.asked.lock().unwrap().push(format!("{url}{mark}"));
        if self.silent.iter().any(|own| url.as_str().contains(own)) {
            return Err(NotAnswered::Silent("it took too long"));
        }
        let absent = Answer {
            status: 404,
            ..Answer::default()
        };
        let answer = self.answers.get(url.as_str()).cloned().unwrap_or(absent);
        if answer.body.len() as u64 > most {
            return Err(NotAnswered::TooLong(most));
        }
        Ok(answer)
    }
}

const BOUNDS: Bounds = Bounds {
    requests: 50,
    file: 1000,
    bytes: 10_000,
    depth: 5,
    rate: 1000,
};

/// All that a visit tells, and what was asked for.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Consumer for Told {
    fn take(&self, event: Event<'_>) {
        let line = match event {
            Event::Blob(blob) | Event::Named(blob) => format!("read {}", blob.path),
            Event::Fault(fault) => format!("FAULT {}: {}", fault.path, fault.what),
            Event::PassedOver(path, kind) => format!("{kind}: {path}"),
            other => format!("{other:?}"),
        };
        self.0.lock().unwrap().push(line);
    }
}

fn visit(servers: Servers, bounds: Bounds, typed: &str, also: &[&str]) -> String {
    let also: Vec<String> = also.iter().map(|host| (*host).to_owned()).collect();
    let pages = vec![page(typed).unwrap()];
    let asked = servers.asked.clone();
    let site = WebSite::by(
        pages.clone(),
        Admitted::new(&pages, &also).unwrap(),
        bounds,
        Box::new(servers),
    );
    let told = Told::default();
    site.visit(&told).unwrap();
    let asked = asked.lock().unwrap().join(" ");
    let told = told.0.into_inner().unwrap().join("\n");
    format!("{told}\nasked {asked}")
}

#[test]
fn a_site_is_read_to_its_end() {
    let servers = Servers::default()
        .page(
            "https://a.b/",
            "<script type=module src=/m.js></script><script src=https://cdn.c/x.js></script>",
        )
        .script(
            "https://a.b/m.js",
            "import('./n.js');fetch('/env.json');f('/no.json')\n//# sourceMappingURL=m.js.map",
        )
        .script("https://a.b/n.js", "1\n//# sourceMappingURL=n.js.map")
        .with("https://a.b/env.json", "application/json", "{}")
        .with("https://a.b/m.js.map", "application/json", "{}");
    insta::assert_snapshot!(visit(servers, BOUNDS, "https://a.b/", &[]), @"
    read https://a.b/
    read https://a.b/m.js
    file of another origin: https://cdn.c/x.js
    read https://a.b/m.js.map
    read https://a.b/n.js
    source map not there: https://a.b/n.js.map
    read https://a.b/env.json
    asked https://a.b/ https://a.b/m.js https://a.b/m.js.map https://a.b/n.js https://a.b/n.js.map https://a.b/env.json https://a.b/no.json
    ");
}

#[test]
fn another_host_is_asked_where_it_is_named_and_gets_nothing_of_the_page() {
    let servers = || {
        Servers::default()
            .page(
                "https://a.b/",
                "<script src=https://cdn.c/x.js></script><script src=http://cdn.c/y.js></script>",
            )
            .script("https://cdn.c/x.js", "")
    };
    insta::assert_snapshot!(visit(servers(), BOUNDS, "https://a.b/", &["cdn.c"]), @"
    read https://a.b/
    read https://cdn.c/x.js
    file of another origin: http://cdn.c/y.js
    asked https://a.b/ https://cdn.c/x.js (other)
    ");
}

#[test]
fn redirects_are_followed_to_where_requests_may_go() {
    for (status, to, said) in [
        (302, "/home", "read https://a.b/home"),
        (
            301,
            "https://login.c/?next=a",
            "FAULT https://a.b/: it redirects to https://login.c, as to a login",
        ),
        (302, "/", "in a circle"),
        (308, "http://a.b/home", "from https to http"),
        (302, "", "to nowhere"),
        (
            302,
            "/login?next=%2F",
            "FAULT https://a.b/: it leads to a login, /login",
        ),
    ] {
        let servers = Servers::default()
            .status("https://a.b/", status, to)
            .page("https://a.b/home", "")
            .page("https://a.b/login?next=%2F", "");
        let told = visit(servers, BOUNDS, "https://a.b/", &[]);
        assert!(told.contains(said), "{to}: {told}");
    }
    let upgraded = Servers::default()
        .status("http://a.b/", 301, "https://a.b/")
        .page("https://a.b/", "<script src=/x.js></script>")
        .script("https://a.b/x.js", "");
    insta::assert_snapshot!(visit(upgraded, BOUNDS, "http://a.b/", &[]), @"
    read https://a.b/
    read https://a.b/x.js
    asked http://a.b/ https://a.b/ https://a.b/x.js
    ");
    let endless = (0..20).fold(Servers::default(), |servers, at| {
        servers.status(&format!("https://a.b/{at}"), 302, &format!("/{}", at + 1))
    });
    insta::assert_snapshot!(visit(endless, BOUNDS, "https://a.b/0", &[]), @"
    FAULT https://a.b/0: more than 10 redirects; mend the server
    asked https://a.b/0 https://a.b/1 https://a.b/2 https://a.b/3 https://a.b/4 https://a.b/5 https://a.b/6 https://a.b/7 https://a.b/8 https://a.b/9 https://a.b/10
    ");
}

#[test]
fn what_a_page_needs_and_what_was_guessed_differ_in_what_a_refusal_means() {
    let servers = |status| {
        Servers::default()
        .page("https://a.b/", "<script src=/needed.js></script><script>import('/named.js');f('/guessed.js')</script>")
        .status("https://a.b/needed.js", status, "")
        .status("https://a.b/named.js", status, "")
        .status("https://a.b/guessed.js", status, "")
    };
    let told =
        [404, 403, 401, 500].map(|status| visit(servers(status), BOUNDS, "https://a.b/", &[]));
    insta::assert_snapshot!(told.join("\n\n"), @"
    read https://a.b/
    FAULT https://a.b/needed.js: the server answered 404: the page loads what is not there; check the deployment
    named file not there: https://a.b/named.js
    asked https://a.b/ https://a.b/needed.js https://a.b/named.js https://a.b/guessed.js

    read https://a.b/
    FAULT https://a.b/needed.js: the server answered 403: it is behind a login; give what a browser sends, as in --header 'Cookie: NAME=VALUE', or save a HAR and give --har
    named file not there: https://a.b/named.js
    asked https://a.b/ https://a.b/needed.js https://a.b/named.js https://a.b/guessed.js

    read https://a.b/
    FAULT https://a.b/needed.js: the server answered 401: it is behind a login; give what a browser sends, as in --header 'Cookie: NAME=VALUE', or save a HAR and give --har
    FAULT https://a.b/named.js: the server answered 401: it is behind a login; give what a browser sends, as in --header 'Cookie: NAME=VALUE', or save a HAR and give --har
    asked https://a.b/ https://a.b/needed.js https://a.b/named.js https://a.b/guessed.js

    read https://a.b/
    FAULT https://a.b/needed.js: the server answered 500; try again later
    FAULT https://a.b/named.js: the server answered 500; try again later
    FAULT https://a.b/guessed.js: the server answered 500; try again later
    asked https://a.b/ https://a.b/needed.js https://a.b/named.js https://a.b/guessed.js
    ");
}

#[test]
fn a_page_in_place_of_a_script_is_no_script() {
    let servers = Servers::default()
        .page("https://a.b/", "<script src=/needed.js></script><script>import('/named.js');f('/guessed.json')</script>")
        .page("https://a.b/needed.js", "<p>")
        .page("https://a.b/named.js", "<p>")
        .page("https://a.b/guessed.json", "<p>");
    insta::assert_snapshot!(visit(servers, BOUNDS, "https://a.b/", &[]), @"
    read https://a.b/
    FAULT https://a.b/needed.js: a page came in place of a script: it is not there, or behind a login
    named file not there: https://a.b/named.js
    asked https://a.b/ https://a.b/needed.js https://a.b/named.js https://a.b/guessed.json
    ");
}

#[test]
fn what_is_past_a_bound_is_a_fault() {
    let chain = || {
        let servers =
            Servers::default().page("https://a.b/", "<script type=module src=0.js></script>");
        (0..9).fold(servers, |servers, at| {
            servers.script(
                &format!("https://a.b/{at}.js"),
                &format!("import './{}.js';{}", at + 1, "x".repeat(100)),
            )
        })
    };
    let told = [
        Bounds { depth: 2, ..BOUNDS },
        Bounds {
            requests: 3,
            ..BOUNDS
        },
        Bounds {
            bytes: 300,
            ..BOUNDS
        },
        Bounds {
            file: 100,
            ..BOUNDS
        },
    ];
    let told = told.map(|bounds| visit(chain(), bounds, "https://a.b/", &[]));
    insta::assert_snapshot!(told.join("\n\n"), @"
    read https://a.b/
    read https://a.b/0.js
    read https://a.b/1.js
    FAULT https://a.b/: 1 file was not asked for, with more than 2 others between the page and it; raise --depth
    asked https://a.b/ https://a.b/0.js https://a.b/1.js

    read https://a.b/
    read https://a.b/0.js
    read https://a.b/1.js
    FAULT https://a.b/: 1 file was not asked for; raise --max-requests
    asked https://a.b/ https://a.b/0.js https://a.b/1.js

    read https://a.b/
    read https://a.b/0.js
    read https://a.b/1.js
    FAULT https://a.b/2.js: what is left of --max-bytes is too little for it; raise that
    asked https://a.b/ https://a.b/0.js https://a.b/1.js https://a.b/2.js

    read https://a.b/
    FAULT https://a.b/0.js: larger than 100 bytes; raise --max-file-size to read it
    asked https://a.b/ https://a.b/0.js
    ");
}

#[test]
fn a_server_that_stopped_answering_is_left_alone() {
    let scripts: String = (0..9)
        .map(|at| format!("<script src=/{at}.js></script>"))
        .collect();
    let mut servers = Servers::default().page("https://a.b/", &scripts);
    servers.silent.push(".js".to_owned());
    insta::assert_snapshot!(visit(servers, BOUNDS, "https://a.b/", &[]), @"
    read https://a.b/
    FAULT https://a.b/0.js: it took too long
    FAULT https://a.b/1.js: it took too long
    FAULT https://a.b/2.js: it took too long
    FAULT https://a.b/3.js: it took too long
    FAULT https://a.b/4.js: it took too long
    FAULT https://a.b/: 4 files were not asked for; the server has stopped answering; try again later
    asked https://a.b/ https://a.b/0.js https://a.b/1.js https://a.b/2.js https://a.b/3.js https://a.b/4.js
    ");
}

#[test]
fn a_page_behind_a_login_is_a_fault() {
    for status in [401, 403] {
        let servers = Servers::default().status("https://a.b/", status, "");
        let told = visit(servers, BOUNDS, "https://a.b/", &[]);
        assert!(
            told.contains("behind a login") && told.contains("--header"),
            "{told}"
        );
    }
}

#[test]
fn chunks_are_found_whichever_script_has_the_ids() {
    let servers = Servers::default()
        .page(
            "https://a.b/",
            "<script src=/static/js/main.js></script><script src=/static/js/runtime.js></script>",
        )
        .script("https://a.b/static/js/main.js", "r.e(5)")
        .script(
            "https://a.b/static/js/runtime.js",
            "r.u=e=>'static/js/'+e+'.js'",
        )
        .script("https://a.b/static/js/5.js", "r.e(6)")
        .script("https://a.b/static/js/6.js", "");
    insta::assert_snapshot!(visit(servers, BOUNDS, "https://a.b/", &[]), @"
    read https://a.b/
    read https://a.b/static/js/main.js
    read https://a.b/static/js/runtime.js
    read https://a.b/static/js/5.js
    read https://a.b/static/js/6.js
    asked https://a.b/ https://a.b/static/js/main.js https://a.b/static/js/runtime.js https://a.b/static/js/5.js https://a.b/static/js/6.js
    ");
}
