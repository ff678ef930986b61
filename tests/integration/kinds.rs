//! What kind of file a file is taken for, by itself and by the files around it.

use crate::workspace::{Workspace, key};

const MANIFEST: &str = r#"{"manifest_version": 3, "background": {"service_worker": "bg.js"}}"#;

/// An extension, a page that loads a script, and a project of which all is for browsers.
fn neighbourhood() -> Workspace {
    let here = Workspace::new();
    here.file("ext/manifest.json", MANIFEST)
        .file("ext/bg.js", format!("const k = '{}';\n", key(1)))
        .file("site/index.html", "<script src=\"js/main.js\"></script>\n")
        .file("site/js/main.js", format!("k = '{}';\n", key(2)))
        .file("web/package.json", r#"{"dependencies": {"next": "15"}}"#)
        .file("web/src/a.jsx", format!("const k = '{}';\n", key(3)))
        .file("vue/package.json", r#"{"dependencies": {"vue": "3"}}"#)
        .file("vue/src/a.js", "const k = env.JOURVEX_API_KEY;\n")
        .file("alone/a.js", "const k = env.JOURVEX_API_KEY;\n");
    here
}

#[test]
fn files_around_a_script_tell_that_it_reaches_browsers() {
    let here = neighbourhood();
    assert_eq!(
        here.places(&["scan"]),
        [
            "browser-bundle-key ext/bg.js:1:12",
            "browser-bundle-key site/js/main.js:1:6",
            "browser-key-reference vue/src/a.js:1:15",
            "browser-bundle-key web/src/a.jsx:1:12",
        ]
    );
    let one = here.places(&["scan", "ext/bg.js"]);
    assert_eq!(one, ["browser-bundle-key ext/bg.js:1:12"]);
}

#[test]
fn advice_is_that_of_the_framework_that_the_package_names() {
    let here = neighbourhood();
    let text = here.run(&["scan", "web"]);
    assert!(
        text.contains("(Next.js)") && text.contains(".next/cache"),
        "{text}"
    );
    let text = here.run(&["scan", "ext"]);
    assert!(!text.contains("(Next.js)"), "{text}");
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let here = neighbourhood();
    let run = |jobs| here.places(&["scan", "--jobs", jobs]);
    assert_eq!(run("1"), run("64"));
}

#[cfg(unix)]
#[test]
fn neighbours_outside_the_scanned_folder_are_not_asked() {
    let here = neighbourhood();
    let path = |name: &str| here.path(name);
    std::fs::rename(path("ext/manifest.json"), path("manifest.json")).unwrap();
    assert_eq!(here.places(&["scan", "ext"]), ["jourvex-key bg.js:1:12"]);
    std::os::unix::fs::symlink("../manifest.json", path("ext/manifest.json")).unwrap();
    assert_eq!(here.places(&["scan", "ext"]), ["jourvex-key bg.js:1:12"]);
}

#[test]
fn neighbours_that_cannot_be_read_are_no_fault() {
    let here = neighbourhood();
    let large = format!("{MANIFEST}{}", " ".repeat(2 << 20));
    here.file("ext/manifest.json", large)
        .file("vue/package.json", "{");
    std::fs::create_dir_all(here.path("alone/package.json")).unwrap();
    assert_eq!(
        here.places(&["scan"]),
        [
            "jourvex-key ext/bg.js:1:12",
            "browser-bundle-key site/js/main.js:1:6",
            "browser-bundle-key web/src/a.jsx:1:12",
        ]
    );
}

#[test]
fn explain_says_what_decided_and_which_rules_apply() {
    let here = neighbourhood();
    here.file("dist/app.js", "document.title = navigator.language;\n")
        .file("app/a.tsx", "'use client';\n")
        .file("build/client/a.js", "x\n")
        .file("a.py", "x\n");
    let explain = |path: &str| here.run(&["explain", path]);
    let paths = [
        "ext/bg.js",
        "site/js/main.js",
        "vue/src/a.js",
        "dist/app.js",
        "app/a.tsx",
        "build/client/a.js",
        "a.py",
    ];
    insta::assert_snapshot!(paths.map(explain).concat(), @"
    exit 0
    --- stdout
    ext/bg.js: client-source: source that is compiled for browsers
      because ext/manifest.json is that of a browser extension and names it
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    site/js/main.js: browser-bundle: built code or data that browsers download
      because site/index.html loads it as a script
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    vue/src/a.js: client-source: source that is compiled for browsers
      because vue/package.json needs packages that draw pages or screens, and none of a server
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    dist/app.js: browser-bundle: built code or data that browsers download
      because it lies among built or served files, and what it uses is for pages: document., navigator.
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    app/a.tsx: client-source: source that is compiled for browsers
      because it begins with the directive 'use client'
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, key-handed-to-browser, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    build/client/a.js: browser-bundle: built code or data that browsers download
      because of its folder: tools write their output to build/client/
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, browser-bundle-key, browser-key-reference, browser-api-request, public-env-key, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    exit 0
    --- stdout
    a.py: source: other source code or configuration
      because neither its path nor its text says more
      rules here: api-key-header, authorization-header, ansible-password, basic-password, auth-argument-password, registry-password, bearer-token, httpie-token, public-env-key, build-inlines-environment, header-constant, jourvex-key, npm-token, url-password, curl-password, httpie-password, command-password, pgpass-password, netrc-password
    --- stderr
    ");
}

#[test]
fn a_map_that_is_broken_or_lies_is_read_as_text_and_is_no_fault() {
    let here = Workspace::new();
    let deep = format!("{}\"{}\"", "{\"sections\":[{\"map\":".repeat(5000), key(1));
    for (name, text) in [
        ("cut", format!("{{\"sourcesContent\":[\"{}", key(1))),
        ("deep", deep),
        (
            "lies",
            format!("{{\"sources\":[],\"sourcesContent\":\"{}\"}}", key(1)),
        ),
        (
            "up",
            format!(
                "{{\"sources\":[\"../../../etc/passwd\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
        (
            "absolute",
            format!(
                "{{\"sources\":[\"/etc/passwd\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
        (
            "itself",
            format!(
                "{{\"sources\":[\"itself.js.map\"],\"sourcesContent\":[\"{}\"]}}",
                key(1)
            ),
        ),
    ] {
        here.file(format!("dist/{name}.js.map"), text);
    }
    let report = here.json(&["scan", "--format", "json"]);
    let findings = report["findings"].as_array().unwrap();
    let origins = findings.iter().map(|f| f["derived_from"]["path"].as_str());
    let known: Vec<_> = origins.collect();
    let outside = ["etc/passwd", "etc/passwd", "dist/itself.js.map"];
    assert_eq!(known.len(), 6, "{report}");
    assert_eq!(
        known,
        [
            Some(outside[0]),
            None,
            None,
            Some(outside[2]),
            None,
            Some(outside[1])
        ]
    );
    assert_eq!(
        report["faults"].as_array().map(Vec::len),
        Some(0),
        "{report}"
    );
}
