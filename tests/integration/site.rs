//! `site` with what a browser saved, and without network code. `tests/e2e/site` asks servers.

use crate::workspace::{Workspace, key};
use serde_json::{Value, json};

fn entry(url: &str, kind: &str, text: &str) -> Value {
    json!({
        "request": { "method": "GET", "url": url },
        "response": { "status": 200, "content": { "size": text.len(), "mimeType": kind, "text": text } },
    })
}

fn har(entries: &[Value]) -> String {
    json!({ "log": { "version": "1.2", "creator": {}, "entries": entries } }).to_string()
}

fn with(mut entry: Value, at: &str, value: Value) -> Value {
    *entry.pointer_mut(at).unwrap() = value;
    entry
}

const PAGE: &str = "<!doctype html><script src=/app.js></script>";

/// A page, its script, the script's map, and what is left out.
fn saved() -> Vec<Value> {
    let map = json!({
        "version": 3,
        "sources": ["webpack://shop/./src/api.ts"],
        "sourcesContent": [format!("// was {}\nfetch('/api')", key(2))],
        "mappings": "",
    });
    vec![
        entry(
            "https://shop.example/?session=hunter2",
            "text/html; charset=utf-8",
            PAGE,
        ),
        entry(
            "https://shop.example/app.js?v=3",
            "application/javascript",
            &format!(
                "fetch('/api',{{headers:{{Authorization:'Bearer {}'}}}})",
                key(1)
            ),
        ),
        entry(
            "https://shop.example/app.js.map",
            "application/json",
            &map.to_string(),
        ),
        entry("https://shop.example/logo.png", "image/png", "x"),
        entry(
            "https://shop.example/api/me",
            "application/json",
            &json!({ "token": key(3) }).to_string(),
        ),
        with(
            entry(
                "https://shop.example/config.json",
                "application/json",
                &json!({ "key": key(4) }).to_string(),
            ),
            "/request/method",
            json!("POST"),
        ),
        entry(
            "https://cdn.example/lib.js",
            "text/javascript",
            &format!("k='{}'", key(5)),
        ),
        entry("data:text/javascript,1", "text/javascript", "1"),
    ]
}

#[test]
fn what_a_browser_saved_is_read_as_it_was_served() {
    let here = Workspace::new();
    here.file("shop.har", har(&saved()));
    insta::assert_snapshot!(here.run(&["site", "--har", "shop.har"]), @r#"
    exit 1
    --- stdout
    error[browser-bundle-key]: Live Jourvex API key that reaches browsers
     --> https://shop.example/app.js.map:1:84
      |
    1 | ...appings":"","sources":["webpack://shop/./src/api.ts"],"sourcesContent":["// was jvx_live_mDSH...\nfetch('/api')"],"version":3}
      |                                                                                    ^^^^^^^^^^^^^^^^
      |
      = anyone who opens the page can read this
      = in the original source src/api.ts:1:8
      = instead: call the Journey API from your server and let the page call that: a small server beside the page
      =     app.get('/api/journey/:id', async (req, res) =>
      =       res.json(await (await fetch('https://jourvex-api.onrender.com/api/journey/' + req.params.id,
      =         { headers: { Authorization: 'Bearer ' + process.env.JOURVEX_API_KEY } })).json()));
      = delete what was built and the caches that keep the value: .parcel-cache, node_modules/.cache, dist
      = rotate: Settings -> API Access, the key with prefix jvx_live_mDSH...; the old key dies at once, the new one is shown once
      = silence: in .jvxleaks.toml, [[allow]] fingerprint = "31613ce762ea8ec5ce042061e8db176b", reason = "..."

    error[browser-bundle-key]: Live Jourvex API key that reaches browsers
     --> https://shop.example/app.js?v=3:1:46
      |
    1 | fetch('/api',{headers:{Authorization:'Bearer jvx_live_zEGC...'}})
      |                                              ^^^^^^^^^^^^^^^^ anyone who opens the page can read this
      |
      = instead: call the Journey API from your server and let the page call that: a small server beside the page
      =     app.get('/api/journey/:id', async (req, res) =>
      =       res.json(await (await fetch('https://jourvex-api.onrender.com/api/journey/' + req.params.id,
      =         { headers: { Authorization: 'Bearer ' + process.env.JOURVEX_API_KEY } })).json()));
      = delete what was built and the caches that keep the value: .parcel-cache, node_modules/.cache, dist
      = rotate: Settings -> API Access, the key with prefix jvx_live_zEGC...; the old key dies at once, the new one is shown once
      = silence: in .jvxleaks.toml, [[allow]] fingerprint = "649bd9f1fa20768fe9ad1fae7a267d94", reason = "..."

    --- stderr
    2 findings (2 errors). Read 3 files, 288 bytes. Skipped: answer to a script (2), file of another origin (1), image, font or video (1). Took [N] ms.
    "#);
}

#[test]
fn other_hosts_are_read_where_they_are_named() {
    let here = Workspace::new();
    here.file("shop.har", har(&saved()));
    let words = ["site", "--har", "shop.har", "--also-from", "cdn.example"];
    insta::assert_snapshot!(here.places(&words).join("\n"), @"
    browser-bundle-key https://cdn.example/lib.js:1:4
    browser-bundle-key https://shop.example/app.js.map:1:84
    browser-bundle-key https://shop.example/app.js?v=3:1:46
    ");
}

#[test]
fn a_finding_says_in_json_that_a_site_gave_it() {
    let here = Workspace::new();
    here.file("shop.har", har(&saved()));
    let report = here.json(&["site", "--har", "shop.har", "-f", "json"]);
    let finding = &report["findings"][0];
    insta::assert_snapshot!(json!([finding["origin"], finding["context"], finding["path"]]), @r#"[{"kind":"site"},"browser-bundle","https://shop.example/app.js.map"]"#);
}

#[test]
fn what_a_browser_did_not_save_is_a_fault() {
    let here = Workspace::new();
    let page = || entry("https://shop.example/", "text/html", PAGE);
    let script = || entry("https://shop.example/app.js", "text/javascript", "f()");
    let without = with(
        script(),
        "/response/content",
        json!({ "size": 3, "mimeType": "text/javascript" }),
    );
    let broken = with(
        script(),
        "/response/content",
        json!({ "size": 3, "mimeType": "text/javascript", "text": "f()", "encoding": "base64" }),
    );
    let status = |status: i64| with(script(), "/response/status", json!(status));
    for entries in [
        vec![page(), without],
        vec![page(), broken],
        vec![page(), status(404)],
        vec![page(), status(403)],
        vec![page(), status(0)],
    ] {
        here.file("shop.har", har(&entries));
        let run = here.run(&["site", "--har", "shop.har", "-q"]);
        assert!(
            run.starts_with("exit 2") && run.contains("https://shop.example/app.js"),
            "{run}"
        );
    }
    // A redirect, and a map that is not there, are none.
    let redirect = with(script(), "/response/status", json!(302));
    let map = with(
        entry("https://shop.example/app.js.map", "application/json", ""),
        "/response/status",
        json!(404),
    );
    here.file("shop.har", har(&[page(), redirect, map]));
    assert!(
        here.run(&["site", "--har", "shop.har"])
            .starts_with("exit 0")
    );
}

/// What a HAR says of `/app.js` in the place of its content, and the exit code.
const CONTENTS: &[(&str, i64, i32)] = &[
    ("{}", 200, 2),
    (
        r#"{"content": {"size": 900, "mimeType": "text/javascript", "text": "a cut file"}}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"size": 9, "mimeType": "text/javascript", "text": "a mark"}}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 16, "mimeType": "text/javascript", "text": "UTF-16!"}}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 4, "mimeType": "text/javascript", "text": "Zigp", "encoding": "base64"}}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 4, "mimeType": "text/javascript", "text": "66282929", "encoding": "hex"}}"#,
        200,
        2,
    ),
    (r#"{"content": {"mimeType": "text/javascript"}}"#, 200, 2),
    (
        r#"{"content": {"size": 0, "mimeType": "x-unknown"}, "bodySize": 5000}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "x-unknown"}, "bodySize": 0}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "text/javascript"}}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "text/javascript", "text": ""}, "bodySize": 9}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"mimeType": "text/javascript", "text": ""}}"#,
        200,
        2,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "text/javascript"}, "bodySize": 0}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "text/javascript", "text": ""}, "bodySize": -1}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "text/javascript", "text": ""}}"#,
        200,
        0,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "x-unknown"}}"#,
        204,
        0,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "x-unknown"}}"#,
        205,
        0,
    ),
    (
        r#"{"content": {"size": 0, "mimeType": "x-unknown"}}"#,
        304,
        2,
    ),
];

#[test]
fn a_file_without_content_is_a_fault_and_an_empty_one_is_none() {
    let here = Workspace::new();
    let page = || entry("https://shop.example/", "text/html", PAGE);
    let url = "https://shop.example/app.js";
    for (response, status, exit) in CONTENTS {
        let mut response: Value = serde_json::from_str(response).unwrap();
        response["status"] = json!(status);
        let script = json!({ "request": { "method": "GET", "url": url }, "response": response });
        here.file("shop.har", har(&[page(), script.clone()]));
        let run = here.run(&["site", "--har", "shop.har", "-q"]);
        assert!(
            run.starts_with(&format!("exit {exit}\n")),
            "{response}: {run}"
        );
        if *status == 304 {
            // The file itself stands elsewhere.
            let whole = entry(url, "text/javascript", "f()");
            here.file("shop.har", har(&[page(), whole, script]));
            let run = here.run(&["site", "--har", "shop.har", "-q"]);
            assert!(run.starts_with("exit 0\n"), "{run}");
        }
    }
    // Nobody says what it is.
    let unknown = json!({
        "request": { "method": "GET", "url": "https://shop.example/" },
        "response": { "status": 200, "content": { "size": 0, "mimeType": "x-unknown" } },
    });
    here.file("shop.har", har(&[unknown]));
    let run = here.run(&["site", "--har", "shop.har", "-q"]);
    assert!(run.starts_with("exit 2\n"), "{run}");
    let head = with(entry(url, "", ""), "/request/method", json!("HEAD"));
    here.file("shop.har", har(&[page(), head]));
    let run = here.run(&["site", "--har", "shop.har", "-q"]);
    assert!(run.starts_with("exit 0\n"), "{run}");
}

#[test]
fn an_origin_is_one_however_it_is_written() {
    let here = Workspace::new();
    let script = |url: &str| entry(url, "text/javascript", &format!("k='{}'", key(1)));
    for url in [
        "https://u:hunter2@shop.example/app.js",
        "HTTPS://Shop.example:443/app.js",
    ] {
        let page = entry("https://shop.example/", "text/html", PAGE);
        here.file("shop.har", har(&[page, script(url)]));
        let run = here.run(&["site", "--har", "shop.har"]);
        assert!(run.starts_with("exit 1\n"), "{run}");
        assert!(!run.contains("hunter2"), "{run}");
    }
    for status in [json!(200.0), json!("200")] {
        let page = entry("https://shop.example/", "text/html", PAGE);
        let script = with(
            script("https://shop.example/app.js"),
            "/response/status",
            status,
        );
        here.file("shop.har", har(&[page, script]));
        let run = here.run(&["site", "--har", "shop.har", "-q"]);
        assert!(run.starts_with("exit 1\n"), "{run}");
    }
    // A frame came first.
    let saved = json!({ "log": {
        "pages": [{ "title": "https://shop.example/" }],
        "entries": [
            entry("https://ads.example/", "text/html", ""),
            entry("https://shop.example/", "text/html", PAGE),
            script("https://shop.example/app.js"),
        ],
    }});
    here.file("shop.har", saved.to_string());
    insta::assert_snapshot!(here.places(&["site", "--har", "shop.har"]).join("\n"), @"browser-bundle-key https://shop.example/app.js:1:4");
}

#[test]
fn a_page_that_leads_to_a_login_is_a_fault() {
    let here = Workspace::new();
    let led = |to: &str| {
        json!({
            "request": { "method": "GET", "url": "http://shop.example/" },
            "response": { "status": 302, "redirectURL": to, "content": { "size": 0, "mimeType": "" } },
        })
    };
    for (to, also, exit) in [
        ("https://id.example/?next=a", "", 2),
        ("//id.example/", "", 2),
        ("https://id.example/", "id.example", 0),
        ("/account/login", "", 2),
        ("https://www.shop.example/", "", 0),
        ("https://shop.example/", "", 0),
        ("/home", "", 0),
    ] {
        let page = match to.strip_prefix("/").filter(|to| !to.starts_with('/')) {
            Some(path) => format!("http://shop.example/{path}"),
            None => to.replace("https:", "").replace("//", "https://"),
        };
        here.file(
            "shop.har",
            har(&[led(to), entry(&page, "text/html", "<p>")]),
        );
        let words = ["site", "--har", "shop.har", "-q", "--also-from", also];
        let words = &words[..if also.is_empty() { 4 } else { 6 }];
        let run = here.run(words);
        assert!(run.starts_with(&format!("exit {exit}\n")), "{to}: {run}");
        assert_eq!(run.contains("as to a login"), exit == 2, "{to}: {run}");
    }
}

#[test]
fn a_script_that_the_page_names_and_the_har_lacks_is_counted() {
    let here = Workspace::new();
    let page = entry(
        "https://shop.example/",
        "text/html",
        "<script src=/a.js></script><script src=/b.js?v=1></script><script src=https://cdn.example/c.js></script>",
    );
    let script = entry("https://shop.example/b.js", "text/javascript", "f()");
    here.file("shop.har", har(&[page, script]));
    let run = here.run(&["site", "--har", "shop.har"]);
    assert!(run.starts_with("exit 0\n"), "{run}");
    assert!(run.contains("Skipped: named file not there (1)."), "{run}");
}

#[test]
fn what_a_page_has_for_a_script_is_one_whatever_its_server_says() {
    let here = Workspace::new();
    let page = entry(
        "https://shop.example/",
        "text/html",
        "<script src=/thing></script>",
    );
    let payload = "https://shop.example/?_rsc=1";
    let entries = [
        page,
        entry(
            "https://shop.example/thing",
            "text/plain",
            &format!("k='{}'", key(1)),
        ),
        entry(payload, "text/x-component", &format!("1:\"{}\"", key(2))),
        // A session in the path, which is not shown, and what is no answer.
        entry(
            "https://shop.example/a.js;jsessionid=9f92aabb",
            "text/javascript",
            "f()",
        ),
        json!({ "request": { "method": "GET", "url": "https://shop.example/b" }, "response": null }),
    ];
    here.file("shop.har", har(&entries));
    insta::assert_snapshot!(here.run(&["site", "--har", "shop.har", "-f", "concise"]), @"
    exit 2
    --- stdout
    https://shop.example/?...:1:4: critical[browser-bundle-key] Live Jourvex API key that reaches browsers 31613ce762ea8ec5ce042061e8db176b
    https://shop.example/thing:1:4: critical[browser-bundle-key] Live Jourvex API key that reaches browsers 649bd9f1fa20768fe9ad1fae7a267d94
    not read: entry 5 of the HAR: it is no request with its answer; save the HAR anew
    --- stderr
    2 findings (2 errors). Read 4 files, 121 bytes. Not read: 1 input (entry 5 of the HAR: it is no request with its answer; save the HAR anew). Took [N] ms.
    ");
}

#[test]
fn a_picture_or_an_answer_that_is_not_there_is_none_of_the_site() {
    let here = Workspace::new();
    let page = entry("https://shop.example/", "text/html", "<p>");
    let absent = |url: &str, status: u16| {
        let url = format!("https://shop.example/{url}");
        with(
            entry(&url, "text/html", "<html>no"),
            "/response/status",
            json!(status),
        )
    };
    let asked = |mut entry: Value, purpose: &str| {
        entry["_resourceType"] = json!(purpose);
        entry
    };
    let entries = [
        page,
        asked(absent("x", 404), "image"),
        absent("favicon.ico", 404),
        asked(absent("api/me", 403), "fetch"),
        absent("a.js.map", 404),
    ];
    here.file("shop.har", har(&entries));
    insta::assert_snapshot!(here.run(&["site", "--har", "shop.har"]), @"
    exit 0
    --- stdout
    --- stderr
    No findings. Read 1 file, 3 bytes. Skipped: answer to a script (1), image, font or video (2). Took [N] ms.
    ");
}

#[test]
fn base64_is_what_it_stands_for() {
    use base64::Engine as _;
    let here = Workspace::new();
    let text = format!("k={{jourvexKey:'{}'}}", key(1));
    let packed = base64::engine::general_purpose::STANDARD.encode(text);
    let mut script = entry("https://shop.example/app.js", "text/javascript", &packed);
    script["response"]["content"]["encoding"] = json!("base64");
    here.file(
        "shop.har",
        har(&[entry("https://shop.example/", "text/html", PAGE), script]),
    );
    insta::assert_snapshot!(here.places(&["site", "--har", "shop.har"]).join("\n"), @"browser-bundle-key https://shop.example/app.js:1:16");
}

#[test]
fn what_is_no_har_says_how_one_is_made() {
    let here = Workspace::new();
    here.file("a.har", "{\"log\": {\"entries\": [\n{\"hunter2\": }]}}");
    here.file("b.har", har(&[]));
    insta::assert_snapshot!(here.run(&["site", "--har", "a.har"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: a.har: line 2: it is no HAR; save it in the developer tools of a browser
    ");
    insta::assert_snapshot!(here.run(&["site", "--har", "b.har"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: b.har: it has no requests; open the developer tools, reload the page, and save it then
    ");
    insta::assert_snapshot!(here.run(&["site", "--har", "nowhere.har"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: nowhere.har: cannot be read: No such file or directory (os error 2); name another file
    ");
    here.file("c.har", har(&saved()));
    insta::assert_snapshot!(here.run(&["site", "--har", "c.har", "--max-bytes", "1K"]), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: c.har: it is longer than --max-bytes; raise that
    ");
    insta::assert_snapshot!(here.run(&["site"]), @"
    exit 2
    --- stdout
    --- stderr
    error: the following required arguments were not provided:
      <URL>...

    Usage: jvxleaks site [OPTIONS] <URL>...
           jvxleaks site [OPTIONS] --har <FILE>

    For more information, try '--help'.
    ");
}

#[test]
fn a_configuration_speaks_of_urls_too() {
    let here = Workspace::new();
    here.file("shop.har", har(&saved()));
    here.file(".jvxleaks.toml", "[paths]\nexclude = [\"*.map\"]\n");
    insta::assert_snapshot!(here.places(&["site", "--har", "shop.har"]).join("\n"), @"browser-bundle-key https://shop.example/app.js?v=3:1:46");
}

/// The usual program asks nobody, and says so.
#[test]
#[cfg(not(feature = "net"))]
fn the_usual_program_asks_nobody() {
    let here = Workspace::new();
    let words = [
        "site",
        "https://shop.example",
        "--header",
        "Cookie: hunter2",
    ];
    insta::assert_snapshot!(here.run(&words), @"
    exit 2
    --- stdout
    --- stderr
    jvxleaks: error: this program was built without network code, and nothing was asked for; build it with `cargo install --path . --features net`, or save the page as HAR in a browser and give --har FILE
    ");
}

#[test]
fn every_page_that_was_open_is_read() {
    let here = Workspace::new();
    let of = |page: &str, mut entry: Value| {
        entry["pageref"] = json!(page);
        entry
    };
    let script = format!("k='{}'", key(1));
    let entries = [
        of("1", entry("https://login.example/", "text/html", "<p>")),
        of("2", entry("https://shop.example/", "text/html", PAGE)),
        of(
            "2",
            entry("https://shop.example/app.js", "text/javascript", &script),
        ),
    ];
    // Chrome writes the URL of a page where Firefox writes what the page calls itself.
    for titles in [
        ["https://login.example/", "https://shop.example/"],
        ["Log in", "Shop"],
    ] {
        let saved = json!({ "log": {
            "pages": [{ "id": "1", "title": titles[0] }, { "id": "2", "title": titles[1] }],
            "entries": entries,
        }});
        here.file("shop.har", saved.to_string());
        assert_eq!(
            here.places(&["site", "--har", "shop.har"]),
            ["browser-bundle-key https://shop.example/app.js:1:4"]
        );
    }
}

#[test]
fn a_har_of_which_nothing_is_read_is_an_error() {
    let here = Workspace::new();
    let mut led = entry("https://shop.example/", "text/html", "");
    led["response"]["status"] = json!(302);
    led["response"]["redirectURL"] = json!("/home");
    let asked = entry("https://shop.example/api/me", "application/json", "{}");
    for entries in [vec![led], vec![asked]] {
        here.file("shop.har", har(&entries));
        let run = here.run(&["site", "--har", "shop.har", "-q"]);
        assert!(run.contains("the HAR has no file of the page"), "{run}");
    }
    // A part of a script.
    let mut part = entry("https://shop.example/app.js", "text/javascript", "f()");
    part["response"]["status"] = json!(206);
    here.file("shop.har", har(&[part]));
    let run = here.run(&["site", "--har", "shop.har", "-q"]);
    assert!(run.contains("the HAR has a part of it"), "{run}");
}
